"""Pieces of charts that several chapters draw: clean axes, labelled bars, intervals, stacked dots."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from essay import drawn, meaning
from essay.figures import BLUE, INK, MUTED, ON_BRIGHT, PAPER, PLUM, RED, RULE, TEAL

# Colours of bars on which the words are pale.
_DARK = (BLUE, RED, PLUM, TEAL, INK, MUTED)


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


def note(ax: Axes, words: str, x, y, dx: float = 0, dy: float = 0, **style) -> None:
    """Write words beside the point (x, y), `dx` and `dy` points away from it and running away from it.

    `style` goes to matplotlib's `annotate`; `colour` of the words is the ink unless `color` says otherwise.
    """
    across = "left" if dx > 0 else "right" if dx < 0 else "center"
    up = "bottom" if dy > 0 else "top" if dy < 0 else "center"
    ax.annotate(words, (x, y), (dx, dy), textcoords="offset points", **{"ha": across, "va": up, "color": INK, **style})


def moment(ax: Axes, at, words: str, y: float, *, side: str = "left", colour: str = MUTED) -> None:
    """Draw a dashed vertical line at x = `at`, with words whose top is at height `y` on its left or right side."""
    ax.axvline(at, color=colour, linewidth=0.9, dashes=(4, 3), zorder=0)
    note(ax, words, at, y, dx=-5 if side == "left" else 5, color=colour, va="top")


def stack(ax: Axes, table: pd.DataFrame, colours: Sequence[str], *, shares: bool = False, least: float = 0.05) -> None:
    """Draw one horizontal bar for each row of `table`, from the top down, made of one part for each column.

    table: counts; its index labels the bars. colours: one for each column. A part is labelled with its count where it
    takes at least `least` of the longest bar. With `shares` all bars are equally long and the axis is in per cent.
    """
    totals = table.sum(axis=1).astype(float)
    lengths = table.astype(float).mul(100 / totals, axis=0) if shares else table.astype(float)
    reach, rows, left = float(lengths.sum(axis=1).max()), np.arange(len(table))[::-1], np.zeros(len(table))
    for column, colour in zip(table.columns, colours, strict=True):
        bars = ax.barh(rows, lengths[column], left=left, color=colour, height=0.68, edgecolor=PAPER, linewidth=0.8)
        if shares:
            drawn.tell(bars, (f"{count:,.0f} of {total:,.0f}" for count, total in zip(table[column], totals, strict=True)))
        for row, start, length, number in zip(rows, left, lengths[column], table[column], strict=True):
            if length >= least * reach:
                shade = PAPER if colour in _DARK else ON_BRIGHT
                ax.text(start + length / 2, row, f"{number:,.0f}", ha="center", va="center", color=shade)
        left = left + lengths[column].to_numpy()
    ax.set_yticks(rows, table.index, color=INK)
    ax.set_xlim(0, reach)
    ax.xaxis.set_major_formatter("{x:.0f}%")
    ax.xaxis.set_visible(shares)
    clean(ax, keep="")


def dots(
    ax: Axes,
    labels: Sequence[str],
    values: Sequence[float],
    texts: Sequence[str],
    colours: Sequence[str] | str,
    marker: str = "o",
) -> None:
    """Draw one dot for each value on a stem from nought, from the top down, each with its text beside it."""
    rows = np.arange(len(labels))[::-1]
    each = [colours] * len(rows) if isinstance(colours, str) else colours
    for row, value, text, colour in zip(rows, values, texts, each, strict=True):
        ax.plot([0, value], [row, row], color=colour, linewidth=2.2, alpha=0.45, label=drawn.ASIDE)
        ax.plot(value, row, marker, color=colour, markersize=7)
        note(ax, text, value, row, dx=8)
    ax.set_yticks(rows, labels, color=INK)
    ax.set_xticks([])
    ax.set_ylim(-0.6, len(rows) - 0.4)
    clean(ax, keep="")


def lanes(
    ax: Axes, frame: pd.DataFrame, lane: str, at: str, colours: Sequence[str] | str = INK, marker: str = "o"
) -> dict[str, int]:
    """Draw dated events as marks in one lane for each value of column `lane`, in the order of the rows, from the top down.

    frame: one row an event, dated in column `at`. colours: one for each row, or one for all. Returns the height of each lane.
    """
    names = list(dict.fromkeys(frame[lane]))
    height = {name: len(names) - 1 - row for row, name in enumerate(names)}
    each = [colours] * len(frame) if isinstance(colours, str) else colours
    rules(ax, height.values())
    for name, when, colour in zip(frame[lane], frame[at], each, strict=True):
        ax.plot(when, height[name], marker, color=colour, markersize=6)
    ax.set_yticks(list(height.values()), names, color=INK)
    ax.set_ylim(-0.6, len(names) - 0.4)
    clean(ax, grid="x")
    return height


def slopes(
    ax: Axes, frame: pd.DataFrame, colours: Sequence[str], *, show: str = "{:.0f}", gap: float = 0.07, base: float = 0
) -> None:
    """Draw each row of `frame` as a line from its value in the first column to that in the second, with both written.

    frame: two columns, named for what they are; the index labels the lines, on the right. show: how a value is written.
    gap: the least distance of two labels, as a part of the height; nearer ones are moved apart. base: the value at which the
    axis begins; one that does not begin at nought is drawn with its values, and no line below that would pass for nought.
    """
    first, last = frame.columns
    reach = float(frame.max().max()) - base
    for column, x, dx in ((first, 0, -6), (last, 1, 6)):
        at = apart(frame[column].astype(float), gap * reach)
        for (name, row), colour, y in zip(frame.iterrows(), colours, at, strict=True):
            words = show.format(row[column]) + (f" {name}" if x else "")
            note(ax, words, x, y, dx=dx, color=colour)
    for (name, row), colour in zip(frame.iterrows(), colours, strict=True):
        ax.plot([0, 1], [row[first], row[last]], "o-", color=colour, markersize=5.5, linewidth=1.8, label=name)
    ax.set_xticks([0, 1], [first, last], color=INK)
    ax.set_xlim(-0.25, 1.25)
    ax.set_ylim(base, base + reach * 1.08)
    if base:
        ax.yaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 5, 10]))
        ax.yaxis.set_major_formatter(lambda value, _: show.format(value))
        clean(ax, grid="y", keep="")
    else:
        ax.set_yticks([])
        clean(ax)


def apart(values: Sequence[float], least: float) -> np.ndarray:
    """Return heights for labels at `values`, in the order given, none nearer than `least` to another."""
    order = np.argsort(np.asarray(values, dtype=float), kind="stable")
    heights = np.asarray(values, dtype=float).copy()
    for _ in range(50):
        for below, above in pairwise(order):
            if (short := least - (heights[above] - heights[below])) > 0:
                heights[below] -= short / 2
                heights[above] += short / 2
    return heights
