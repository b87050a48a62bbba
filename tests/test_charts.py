"""Drawing forms show what they are given, from the top down, with words where they say."""

from __future__ import annotations

import matplotlib
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from essay import charts, figures

COUNTS = pd.DataFrame({"passed": [30, 5], "failed": [10, 0]}, index=["with", "without"])


@pytest.fixture
def ax():
    with matplotlib.rc_context({**matplotlib.rcParamsDefault, **figures.STYLE}):
        yield Figure().subplots()


def words(ax) -> list[str]:
    """Return the words written in the axes."""
    return [text.get_text() for text in ax.texts]


@pytest.mark.parametrize(("shares", "lengths"), [(False, [30, 5, 10, 0]), (True, [75, 100, 25, 0])])
def test_stacked_bars_are_as_long_as_their_counts_or_shares(ax, shares, lengths):
    charts.stack(ax, COUNTS, [figures.BLUE, figures.RED], shares=shares)
    assert [bar.get_width() for bar in ax.patches] == pytest.approx(lengths)
    assert words(ax) == ["30", "5", "10"]  # a part without anybody is not labelled
    assert [label.get_text() for label in ax.get_yticklabels()] == ["with", "without"]
    assert ax.get_yticks()[0] > ax.get_yticks()[1]


def test_a_part_too_short_for_its_number_has_none(ax):
    charts.stack(ax, COUNTS, [figures.BLUE, figures.RED], least=0.2)
    assert words(ax) == ["30", "10"]


def test_dots_stand_at_their_values(ax):
    charts.dots(ax, ["one", "two"], [3, 8], ["3 of 9", "8 of 9"], figures.RED)
    assert [line.get_xdata()[-1] for line in ax.lines if len(line.get_xdata()) == 2] == [3, 8]
    assert words(ax) == ["3 of 9", "8 of 9"]


def test_lanes_keep_the_order_of_the_rows(ax):
    events = pd.DataFrame(
        {"who": ["court", "people", "court"], "day": pd.to_datetime(["2025-03-15", "2025-04-01", "2025-07-18"])}
    )
    assert charts.lanes(ax, events, "who", "day") == {"court": 1, "people": 0}
    marks = [line for line in ax.lines if line.get_marker() == "o"]
    assert [float(mark.get_ydata()[0]) for mark in marks] == [1, 0, 1]


def test_slopes_write_both_ends(ax):
    shares = pd.DataFrame({"2009": [49, 19], "2017": [65, 23]}, index=["all", "one"])
    charts.slopes(ax, shares, [figures.INK, figures.RED], show="{:.0f}%")
    assert words(ax) == ["49%", "19%", "65% all", "23% one"]
    assert [list(line.get_ydata()) for line in ax.lines] == [[49, 65], [19, 23]]
    assert ax.get_ylim()[0] == 0 and len(ax.get_yticks()) == 0


def test_slopes_that_do_not_begin_at_nought_say_so(ax):
    shares = pd.DataFrame({"2009": [49, 55], "2017": [65, 58]}, index=["all", "some"])
    charts.slopes(ax, shares, [figures.INK, figures.RED], show="{:.0f}%", base=40)
    ax.get_figure().canvas.draw()
    assert ax.get_ylim()[0] == 40 and ax.get_yticklabels()[0].get_text() == "40%"
    assert not ax.spines["bottom"].get_visible(), "a line there would pass for nought"


@pytest.mark.parametrize("values", [[1, 1, 1], [5, 1, 1.1], [0, 10]])
def test_labels_are_moved_apart_and_keep_their_order(values):
    moved = charts.apart(values, 1)
    assert (np.diff(np.sort(moved)) > 0.99).all()
    assert list(np.argsort(moved, kind="stable")) == list(np.argsort(values, kind="stable"))


def test_words_run_away_from_their_point(ax):
    charts.note(ax, "right", 0, 0, dx=6)
    charts.note(ax, "above", 0, 0, dy=6)
    assert [(text.get_ha(), text.get_va()) for text in ax.texts] == [("left", "center"), ("center", "bottom")]


def test_a_moment_is_a_line_with_words(ax):
    charts.moment(ax, 1983, "lockdown", 5, side="right")
    assert ax.lines[0].get_xdata()[0] == 1983
    assert words(ax) == ["lockdown"]
