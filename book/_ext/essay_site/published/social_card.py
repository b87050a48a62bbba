"""The picture that social networks show for a page."""

from __future__ import annotations

import math
import sys
import textwrap
from pathlib import Path

import matplotlib
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from essay_site.paths import BOOK

sys.path.insert(0, str(BOOK))
from essay import figures

WINGS = 7


def draw(path: Path, size: tuple[int, int], book: str, title: str, words: str) -> None:
    """Draw the picture that social networks show for a page: book, title and question beside the wheel; `size` in pixels."""
    across, up = size
    with matplotlib.rc_context({**matplotlib.rcParamsDefault, **figures.STYLE}):
        figure = Figure(figsize=(across / 100, up / 100), dpi=100, facecolor=figures.PAPER)
        FigureCanvasAgg(figure)
        page = figure.add_axes((0, 0, 1, 1))
        page.set(xlim=(0, across), ylim=(0, up))
        page.axis("off")
        wheel(page, 970, 315, 150)
        page.text(72, 552, book.upper(), size=14, weight=600, color=figures.MUTED, va="center")
        heading = page.text(72, 500, textwrap.fill(title, 27), size=34, weight=600, color=figures.INK, va="top", linespacing=0.95)
        below = heading.get_window_extent().y0
        page.text(72, below - 36, textwrap.fill(words, 52), size=19, color=figures.INK, va="top", linespacing=1.1)
        figure.savefig(path, dpi=100, transparent=False, metadata={"Software": None})


def wheel(page: Axes, x: float, y: float, size: float) -> None:
    """Draw the book's mark: the wings of Eastern State at their hub, inside the wall."""
    left, right, low, high = x - 1.2 * size, x + 1.2 * size, y - 1.2 * size, y + 1.2 * size
    page.plot([left, right, right, left, left], [low, low, high, high, low], color=figures.BLUE, lw=9)
    for wing in range(WINGS):
        angle = math.pi / 2 + 2 * math.pi * wing / WINGS
        across, up = math.cos(angle), math.sin(angle)
        page.plot(
            [x + 0.25 * size * across, x + size * across],
            [y + 0.25 * size * up, y + size * up],
            color=figures.BLUE,
            lw=14,
        )
    page.plot([x], [y], "o", color=figures.RED, ms=44)
