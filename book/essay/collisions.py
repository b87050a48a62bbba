"""Words of a figure that cannot be read where they stand: on other words, under a key, on a line or mark, cut by an edge."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from itertools import combinations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.text import Text
from matplotlib.transforms import Bbox

# Boxes of letters hold room above and below them: what overlaps by less than this, in points, does not touch.
ROOM = 1.5


@contextmanager
def watched() -> Iterator[list[Text]]:
    """Remember, for `found`, which words are drawn while a figure is saved."""
    words: list[Text] = []
    draw = RendererSVG.draw_text

    def remembered(self, gc, x, y, s, prop, angle, ismath=False, mtext=None) -> None:
        if mtext is not None and mtext not in words:
            words.append(mtext)
        draw(self, gc, x, y, s, prop, angle, ismath, mtext)

    RendererSVG.draw_text = remembered
    try:
        yield words
    finally:
        RendererSVG.draw_text = draw


def found(figure: Figure, words: list[Text]) -> list[str]:
    """Return one sentence for each word of a figure that something covers, crosses or cuts; none where all is well.

    Words with a ground of their own may stand on lines and marks, and words in a bar on the bar. The figure must have
    been saved, with these words: its layout is taken as it is.
    """
    figure.dpi = 72  # as it was saved
    renderer = RendererSVG(*(figure.get_size_inches() * figure.dpi), StringIO())
    boxes = [(text, _box(text, renderer)) for text in words]
    problems = [f"{_name(a)} lies on {_name(b)}" for (a, box), (b, other) in combinations(boxes, 2) if _meet(box, other)]
    whole = Bbox.from_bounds(0, 0, *(figure.get_size_inches() * figure.dpi))
    for text, box in boxes:
        if box.x0 < whole.x0 - 1 or box.x1 > whole.x1 + 1 or box.y0 < whole.y0 - 1 or box.y1 > whole.y1 + 1:
            problems.append(f"{_name(text)} is cut by the edge of the figure")
    for key in (key for key in figure.findobj(Legend) if key.get_frame_on()):
        own = set(map(id, key.findobj(Text)))
        frame = key.get_window_extent(renderer)
        problems += [f"{_name(text)} lies under a key" for text, box in boxes if id(text) not in own and _meet(box, frame)]
    for ax in figure.axes:
        own_ground = [text for text in ax.texts if text.get_bbox_patch() is not None or text.get_path_effects()]
        inside = [(text, box) for text, box in boxes if text in ax.texts and text not in own_ground]
        problems += [f"{_name(text)} {says}" for text, box in inside for says in _crossed(ax, box)]
    return list(dict.fromkeys(problems))


def _box(text: Text, renderer: RendererBase) -> Bbox:
    """Return the box of some words in points, without the room around their letters."""
    box = Text.get_window_extent(text, renderer)
    return Bbox.from_extents(box.x0 + ROOM / 2, box.y0 + ROOM, box.x1 - ROOM / 2, box.y1 - ROOM)


def _meet(a: Bbox, b: Bbox) -> bool:
    """True when two boxes share more than an edge."""
    return min(a.x1, b.x1) > max(a.x0, b.x0) and min(a.y1, b.y1) > max(a.y0, b.y0)


def _crossed(ax: Axes, box: Bbox) -> list[str]:
    """Return what a line, a mark or the frame of the axes does to a box."""
    says = []
    for line in ax.get_lines():
        path = line.get_path().transformed(line.get_transform())
        if line.get_linestyle() != "None" and len(path) and path.intersects_bbox(box, filled=False):
            says.append("lies on a line")
        elif line.get_marker() != "None" and _inside(path.vertices, box):
            says.append("lies on a mark")
    for marks in ax.collections:
        dots = marks.get_visible() and len(marks.get_paths()) == 1 and marks.get_offset_transform().transform(marks.get_offsets())
        if dots is not False and _inside(dots, box):
            says.append("lies on a mark")
    frame = ax.get_window_extent()
    for side, (low, high, across) in {
        "left": (box.x0, box.x1, frame.x0),
        "right": (box.x0, box.x1, frame.x1),
        "bottom": (box.y0, box.y1, frame.y0),
        "top": (box.y0, box.y1, frame.y1),
    }.items():
        if ax.spines[side].get_visible() and ax.axison and low < across < high:
            says.append(f"lies on the {side} axis")
    return says


def _inside(points: np.ndarray, box: Bbox) -> bool:
    """True when one of the points, in points, is in a box."""
    points = np.asarray(points, dtype=float)
    return bool(((points > [box.x0, box.y0]) & (points < [box.x1, box.y1])).all(axis=1).any())


def _name(text: Text) -> str:
    """Return some words as a sentence names them."""
    return repr(" ".join(text.get_text().split()))
