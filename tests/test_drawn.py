"""The values of a drawn figure stand where they are drawn and say what they are, and the data and table beside it hold them."""

from __future__ import annotations

import base64
import csv
import io
import json
import re
from itertools import accumulate

import matplotlib
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from essay import charts, drawn, figures, text
from essay.lines import SCALES
from tests.test_figures import PAGES

NOTHING = pd.DataFrame({"none": [0]})


def read(draw, data: pd.DataFrame = NOTHING) -> tuple[Figure, list[drawn.Value]]:
    """Draw into an empty figure in house style, save it, and return it with its values."""
    with matplotlib.rc_context({**matplotlib.rcParamsDefault, **figures.STYLE}):
        figure = Figure(figsize=(4, 3), layout="constrained")
        draw(figure.subplots())
        figures._svg(figure, 4, 3)
        figure.set_layout_engine("none")
        figure.dpi = 72
        return figure, drawn.values(figure, data)


def place(figure: Figure, x: float, y: float) -> tuple[float, float]:
    """Return where a point of the data lies, in thousandths of the picture from its upper left corner."""
    across, up = figure.transFigure.inverted().transform(figure.axes[0].transData.transform((x, y)))
    return 1000 * across, 1000 * (1 - up)


def words(found: list[drawn.Value]) -> list[str]:
    return [value.words() for value in found]


def test_points_of_a_line_stand_at_their_values_and_give_year_and_height():
    figure, found = read(lambda ax: ax.plot([1990, 1991, 1993], [4, 2.25, 1200], color=figures.RED, label="held"))
    assert words(found) == ["held, 1990: 4", "held, 1991: 2.25", "held, 1993: 1,200"]
    for value, (x, y) in zip(found, [(1990, 4), (1991, 2.25), (1993, 1200)], strict=True):
        assert value.box == pytest.approx([*place(figure, x, y)] * 2)


def test_scattered_points_stand_at_their_values():
    figure, found = read(lambda ax: ax.scatter([1, 30], [0.5, 12.5], color=figures.BLUE))
    assert words(found) == ["1: 0.5", "30: 12.5"]
    assert found[1].box[:2] == pytest.approx(place(figure, 30, 12.5))


def test_marks_of_a_series_are_named_by_the_key_or_by_words_in_their_colour():
    def draw(ax):
        ax.plot([1, 2], [1, 2], "s", color=figures.RED)
        ax.plot([1, 2], [3, 2], "o", color=figures.BLUE)
        ax.text(1, 2.5, "beside the mark", color=figures.BLUE)
        charts.key(ax, [("in the key: 12", figures.RED, "s")])

    _, found = read(draw)
    assert [value.series for value in found] == ["in the key"] * 2 + ["beside the mark"] * 2


@pytest.mark.parametrize("flat", [True, False])
def test_a_bar_is_its_box_and_gives_its_length(flat):
    def draw(ax):
        if flat:
            ax.barh([0, 1], [5, 20], height=0.5)
            ax.set_yticks([0, 1], ["one\nthing", "another"])
        else:
            ax.bar([0, 1], [5, 20], width=0.5)
            ax.set_xticks([0, 1], ["one\nthing", "another"])

    figure, found = read(draw)
    assert words(found) == ["one thing: 5", "another: 20"]
    low, high = (place(figure, 0, 1.25), place(figure, 20, 0.75)) if flat else (place(figure, 0.75, 20), place(figure, 1.25, 0))
    assert found[1].box == pytest.approx([*low, *high])


@pytest.mark.parametrize("shares", [True, False])
def test_parts_of_a_stacked_bar_give_series_row_and_count(shares):
    counts = pd.DataFrame({"passed": [30, 5], "failed": [10, 0]}, index=["with", "without"])

    def draw(ax):
        charts.stack(ax, counts, [figures.BLUE, figures.RED], shares=shares)
        charts.key(ax, [("passed", figures.BLUE, "s"), ("failed", figures.RED, "s")])

    _, found = read(draw)
    told = ["75%, 30 of 40", "100%, 5 of 5", "25%, 10 of 40"] if shares else ["30", "5", "10"]
    assert words(found) == [
        f"{about}: {value}" for about, value in zip(["passed, with", "passed, without", "failed, with"], told, strict=True)
    ]


def test_stems_and_guides_are_no_values_and_a_range_belongs_to_its_mark():
    def draw(ax):
        charts.dots(ax, ["one", "two"], [3, 8], ["three", "eight"], figures.RED)
        ax.axvline(5)
        charts.rules(ax, [0, 1])
        # Without line and mark: what gives an axis its range.
        ax.plot([0, 10], [0, 1], linestyle="none")

    assert words(read(draw)[1]) == ["one: 3", "two: 8"]

    def ranged(ax):
        charts.interval(ax, 0, 2.5, 1.25, 4, figures.RED)
        ax.set_yticks([0], ["times"])

    assert words(read(ranged)[1]) == ["times: 2.5 (1.25 to 4)"]


def test_events_in_a_lane_give_day_and_name():
    events = pd.DataFrame(
        {
            "what": ["a ruling", "an appeal", "a ruling"],
            "who": ["court", "people", "court"],
            "day": pd.to_datetime(["2025-03-15", "2025-04-01", "2025-07-18"]),
        }
    )
    _, found = read(lambda ax: charts.lanes(ax, events, "who", "day"), events)
    assert words(found) == ["court: 15 March 2025, a ruling", "court: 18 July 2025, a ruling", "people: 1 April 2025, an appeal"]


def test_two_events_that_could_be_meant_are_not_named():
    events = pd.DataFrame({"what": ["first", "second"], "year": [1990, 1990], "kind": ["a", "b"]})

    def draw(ax):
        ax.plot([1990], [0], "o")
        ax.set_yticks([0], ["some row"])

    assert words(read(draw, events)[1]) == ["some row: 1990"]


def test_of_a_map_only_what_has_a_name_is_a_value():
    def draw(ax):
        ax.set_axis_off()
        ax.plot([0, 1], [0, 1])
        ax.plot(1, 1, "o", label="Pentonville, 1842")
        drawn.tell(ax.scatter([2, 3], [2, 90]), ["Mountjoy", "Nara"])
        ax.set(xlim=(0, 5), ylim=(0, 5))

    # By the alphabet; one lies beyond the edge, where nobody sees it.
    assert words(read(draw)[1]) == ["Mountjoy", "Pentonville, 1842"]


def test_the_unit_is_the_label_of_the_axis_of_values_or_the_only_title():
    def titled(ax):
        ax.bar([1, 2], [3, 4])
        ax.set_title("Billion dollars of 2020")

    def labelled(ax):
        ax.barh([0], [4])
        ax.set_yticks([0], ["one"])
        ax.set(xlabel="People held", ylabel="groups")

    assert [drawn.unit(read(draw)[0]) for draw in (titled, labelled)] == ["billion dollars of 2020", "people held"]


def unpacked(packed: str) -> list[list[tuple[str, list[tuple[int, ...]]]]]:
    """Return the words and boxes of each list of values, read as values.js reads them."""

    def run(steps, count):
        return list(accumulate(steps)) if isinstance(steps, list) else [steps] * count

    lists = []
    for series in json.loads(packed):
        found = []
        for name, places, told, *shapes in series:
            values = told.split("|")
            heads = places.split("|") if isinstance(places, str) else [str(places[0] + n * places[1]) for n in range(len(values))]
            edges = [[run(steps, len(values)) for steps in shape] for shape in shapes]
            for n, (head, value) in enumerate(zip(heads, values, strict=True)):
                about = ", ".join(filter(None, (name, head)))
                boxes = [(a[n], b[n], c[n] or a[n], d[n] or b[n]) for a, b, c, d in edges]
                found.append((": ".join(filter(None, (about, value))), boxes))
        lists.append(found)
    return lists


def test_packed_values_come_out_as_they_went_in():
    def draw(ax):
        ax.bar([1990, 1991, 1992], [1, 3, 2], color=figures.RED)
        ax.plot([1990, 1992], [2, 1], "o-", color=figures.BLUE, label="a line")

    _, found = read(draw)
    (back,) = unpacked(drawn.packed(found, found))
    assert [told for told, _ in back] == words(found)
    for (_, boxes), value in zip(back, found, strict=True):
        assert np.abs(np.array(boxes) - np.array(value.box)).max() <= 0.51
    assert len(unpacked(drawn.packed(found, found[:2]))) == 2


# --- data and table hold what is drawn

FIGURES = {id: page for id, page in PAGES.items() if page.select_one(".figure-plot[data-values]")}


def numbers(text: str) -> list[float]:
    """Return the numbers of a cell, whatever stands around them."""
    return [float(found.replace(",", "").replace("−", "-")) for found in re.findall(r"(?<![\d.])[−-]?\d[\d,]*(?:\.\d+)?", text)]


def tables_of(page) -> list[list[str]]:
    """Return the cells of each row of a figure's tables, with the heads of their columns, as text."""
    rows = []
    for table in page.select(".figure-data table"):
        heads = " ".join(cell.get_text() for cell in table.thead.find_all("th"))
        rows += [[heads, *(cell.get_text() for cell in row.find_all(["th", "td"]))] for row in table.tbody.find_all("tr")]
    return rows


def files_of(page) -> list[list[str]]:
    """Return the cells of each row of a figure's files, with the heads of their columns, as text."""
    rows = []
    for link in page.select("a.figure-csv"):
        heads, *body = csv.reader(io.StringIO(base64.b64decode(link["href"].split(",", 1)[1]).decode()))
        rows += [[" ".join(heads), *row] for row in body]
    return rows


def holds(row: list[str], head: str, told: str) -> bool:
    """True where a row has the number that some words begin with, as exactly as they tell it, in a unit of its own.

    Of a day, a name or a mark in a column it has the words.
    """
    if re.match(r"\$?[−-]?\d", told) and not re.match(r"\d+ [A-Z]", told):
        first = re.search(r"[−-]?[\d,]*\.?\d+", told)[0]
        value, places = numbers(first)[0], len(first.partition(".")[2])
        scaled = [(number * scale, scale) for cell in row[1:] for number in numbers(cell) for scale in SCALES]
        # Tables round to a tenth of their own unit.
        return any(abs(number - value) <= 0.5001 * 10**-places + 0.0501 * scale for number, scale in scaled)
    cells = [(drawn._day(cell) or text.typeset(cell)) for cell in row[1:]]
    return any(len(cell) > 2 and cell in told for cell in cells) or (told in text.typeset(row[0]) and head in cells)


@pytest.mark.parametrize("rows_of", [tables_of, files_of])
@pytest.mark.parametrize("id", FIGURES)
def test_everything_drawn_is_in_the_table_and_in_the_files(id, rows_of):
    rows = rows_of(FIGURES[id])
    plot = FIGURES[id].select_one(".figure-plot")
    for name, places, told, *_ in json.loads(plot["data-values"])[0]:
        values = told.split("|")
        heads = places.split("|") if isinstance(places, str) else [str(places[0] + n * places[1]) for n in range(len(values))]
        for head, value in zip(heads, values, strict=True):
            there = [row for row in rows if not re.fullmatch(r"[\d.]+", head) or any(head in cell for cell in row)]
            # The count behind a share is as good as the share.
            said = [value, *re.findall(r"(?<=, )[\d,]+(?= of )", value)]
            assert any(holds(row, head, one) for row in there for one in said), f"{name}, {head}: {value}"


def test_the_check_of_table_and_files_bites():
    row = ["year held", "1990", "12,345.6", "Pentonville"]
    assert holds(row, "1990", "12,346") and not holds(row, "1990", "12,400")
    assert holds(row, "", "Pentonville, 1842") and not holds(row, "", "Mountjoy, 1850")
    assert holds(row, "Pentonville", "held") and not holds(row, "Mountjoy", "held")


def test_values_that_data_and_table_lack_come_beside_them():
    found = [
        drawn.Value((0, 0, 0, 0), name, year, told, float(told), float(year))
        for name, year, told in [("a", "1990", "3"), ("b", "1990", "4"), ("a", "1991", "5")]
    ]
    rows = pd.DataFrame({"year": [1990, 1991, 1991], "count": [3, 5, 4]})
    assert words(drawn.missing(found, rows)) == ["b, 1990: 4"]
    whole = drawn.frame(found)
    assert whole.columns.to_list() == ["At", "a", "b"] and whole.loc[0].to_list() == ["1990", "3", "4"]
