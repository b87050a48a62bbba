"""Pieces of charts that several chapters draw: clean axes, labelled bars, intervals, stacked dots."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from essay import meaning
from essay.figures import INK, MUTED, RULE


def clean(ax: Axes, grid: str = "", keep: str = "bottom") -> None:
    """Leave only what helps to read: the named spines ('bottom left', say) and one direction of grid ('x' or 'y')."""
    for side, spine in ax.spines.items():
        spine.set_visible(side in keep.split())
    if "left" not in keep:
        ax.tick_params(axis="y", length=0)
    if grid:
        ax.grid(axis=grid)


def bars(ax: Axes, labels: Sequence[str], values: Sequence[float], texts: Sequence[str], colours: Sequence[str] | str) -> None:
    """Draw horizontal bars from the top down, each with its text at the end."""
    rows = np.arange(len(labels))[::-1]
    ax.barh(rows, values, color=colours, height=0.62)
    ax.set_yticks(rows, labels, color=INK)
    reach = max(values)
    for row, value, text in zip(rows, values, texts, strict=True):
        ax.text(value + reach * 0.015, row, text, va="center", color=INK)
    ax.set_xlim(0, reach * 1.12)
    clean(ax, keep="")
    ax.set_xticks([])


def line(ax: Axes, frame: pd.DataFrame, x: str, y: str, **style) -> list[Line2D]:
    """Draw column `y` over column `x` as a line that stops at the breaks which the table of `frame` declares for `y`.

    Returns one line a piece. Raises tables.TableError as `meaning.pieces` does.
    """
    return [ax.plot(piece[x], piece[y], **style)[0] for piece in meaning.pieces(frame, y)]


def interval(ax: Axes, row: float, share: float, low: float, high: float, colour: str, marker: str = "o") -> None:
    """Draw one estimate with its interval at height `row`."""
    ax.plot([low, high], [row, row], color=colour, linewidth=2.2, alpha=0.45, solid_capstyle="round")
    ax.plot(share, row, marker, color=colour, markersize=6.5)


def level(ax: Axes, value: float, text: str, *, at: float, colour: str = MUTED, align: str = "left", dashes=(4, 3)) -> None:
    """Draw a dashed horizontal line with a label standing on it at x = `at`."""
    ax.axhline(value, color=colour, linewidth=0.9, dashes=dashes)
    ax.text(at, value, text, va="bottom", ha=align, color=colour)


def stacked(values: Sequence[float], width: float) -> np.ndarray:
    """Return heights 0, 1, -1, 2, -2 ... for dots that would overlap within `width` of each other."""
    order = np.argsort(values, kind="stable")
    heights = np.zeros(len(values))
    placed: list[tuple[float, float]] = []
    for index in order:
        value = float(values[index])
        taken = {height for at, height in placed if abs(at - value) < width}
        step = 0
        while (height := (step + 1) // 2 * (1 if step % 2 else -1)) in taken:
            step += 1
        heights[index] = height
        placed.append((value, height))
    return heights


def rules(ax: Axes, rows: Sequence[float]) -> None:
    """Draw faint horizontal rules behind rows of dots."""
    for row in rows:
        ax.axhline(row, color=RULE, linewidth=0.6, zorder=0)


def key(ax: Axes, entries: Sequence[tuple[str, str, str]], *, columns: int = 1, **place) -> None:
    """Explain marks where they stand: (words, colour, marker) each, words in the colour of the mark.

    Above the axes unless `place` gives matplotlib's `loc` and `bbox_to_anchor`.
    """
    marks = [Line2D([], [], color=colour, marker=marker, linestyle="none", markersize=5.5) for _, colour, marker in entries]
    where = {"loc": "lower left", "bbox_to_anchor": (-0.02, 1.0), **place}
    ax.legend(
        marks,
        [words for words, _, _ in entries],
        labelcolor=[colour for _, colour, _ in entries],
        ncols=columns,
        handletextpad=0.1,
        columnspacing=1.2,
        borderpad=0.2,
        labelspacing=0.35,
        **where,
    )


def ramp(ax: Axes, labels: Sequence[str], colours: Sequence[str], *, title: str) -> None:
    """Explain a map's steps of colour, from the lowest up: in its lower left corner, below it on narrow figures."""
    narrow = ax.get_figure(root=True).get_size_inches()[0] < 5
    marks = [
        Line2D([], [], color=colour, marker="s", linestyle="none", markersize=8)
        for colour, _ in zip(colours, labels, strict=False)
    ]
    key = ax.legend(
        marks,
        labels,
        title=title,
        ncols=len(labels),
        loc="upper left" if narrow else "lower left",
        bbox_to_anchor=(-0.02, 0.02 if narrow else -0.02),
        labelcolor=INK,
        handletextpad=0.0,
        columnspacing=0.7,
        borderpad=0.2,
    )
    key.get_title().set_color(MUTED)
    key.get_title().set_fontsize(8.5)
