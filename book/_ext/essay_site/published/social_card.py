"""The picture that social networks show for a page, and the cover of the e-book."""

from __future__ import annotations

import math
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import matplotlib
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from essay_site.paths import BOOK
from essay_site.published.page_meta import About

sys.path.insert(0, str(BOOK))
from essay import figures

WINGS = 7
# Pixels.
MARGIN = 72


def draw(path: Path, size: tuple[int, int], book: str, title: str, told: About) -> list[Text]:
    """Draw the picture that social networks show for a page, and return its words as they were drawn; `size` in pixels.

    It has the book, the title, and the page's number with the sentence around it; a page without a number has its
    question or description beside the wheel.
    """
    across, up = size
    drawn: list[Text] = []
    with paper(path, size) as page:
        width = across - 2 * MARGIN if told.number else across // 2

        def write(words: str, gap: float, size: float, **style) -> None:
            """Write below what was written last, in lines as wide as there is room, smaller where a word is too long."""
            top = drawn[-1].get_window_extent().y0 - gap if drawn else up - MARGIN
            # A letter is about 0.42 times as wide as it is high; 100 pixels are 72 points.
            filled = textwrap.fill(words, int(width / (size * 0.42 / 0.72)), break_long_words=False, break_on_hyphens=False)
            text = page.text(MARGIN, top, filled, size=size, va="top", linespacing=1.05, **style)
            text.set_size(size * min(1, width / text.get_window_extent().width))
            drawn.append(text)

        write(book.upper(), 0, 14, weight=600, color=figures.MUTED)
        write(title, 30, 30, weight=600, color=figures.INK)
        if told.number:
            number = told.number[0].upper() + told.number[1:]
            write(number.replace(" ", "\N{NO-BREAK SPACE}"), 30, 92, weight=600, color=figures.RED)
            write(told.sentence, 26, 24, color=figures.INK)
            wheel(page, across - MARGIN - 42, up - 58, 35)
        else:
            write(told.question or told.description, 36, 19, color=figures.INK)
            wheel(page, 970, up / 2, 150)
    return drawn


def cover(path: Path, size: tuple[int, int], book: str, author: str) -> None:
    """Draw the cover of the e-book: the wheel above title and authors; `size` in pixels."""
    across, up = size
    edge = across / 10
    with paper(path, size) as page:
        wheel(page, across / 2, 0.655 * up, 0.325 * across)
        heading = page.text(edge, 0.36 * up, textwrap.fill(book, 24), size=88, weight=600, color=figures.INK, va="top")
        below = heading.get_window_extent().y0
        page.text(edge, below - edge / 3, textwrap.fill(author, 54), size=36, color=figures.MUTED, va="top", linespacing=1.1)


@contextmanager
def paper(path: Path, size: tuple[int, int]) -> Iterator[Axes]:
    """Give a blank picture in house style, measured in pixels from its lower left corner, and write what was drawn on it."""
    across, up = size
    with matplotlib.rc_context({**matplotlib.rcParamsDefault, **figures.STYLE}):
        figure = Figure(figsize=(across / 100, up / 100), dpi=100)
        FigureCanvasAgg(figure)
        page = figure.add_axes((0, 0, 1, 1))
        page.set(xlim=(0, across), ylim=(0, up))
        page.axis("off")
        yield page
        figure.savefig(path, dpi=100, metadata={"Software": None})


def wheel(page: Axes, x: float, y: float, size: float) -> None:
    """Draw the book's mark: the wings of Eastern State at their hub, inside the wall; `size` is a wing's length in pixels."""
    left, right, low, high = x - 1.2 * size, x + 1.2 * size, y - 1.2 * size, y + 1.2 * size
    page.plot([left, right, right, left, left], [low, low, high, high, low], color=figures.BLUE, lw=0.06 * size)
    for wing in range(WINGS):
        angle = math.pi / 2 + 2 * math.pi * wing / WINGS
        across, up = math.cos(angle), math.sin(angle)
        page.plot(
            [x + 0.25 * size * across, x + size * across],
            [y + 0.25 * size * up, y + size * up],
            color=figures.BLUE,
            lw=size * 14 / 150,
        )
    page.plot([x], [y], "o", color=figures.RED, ms=size * 44 / 150)
