"""What a drawn figure shows, value by value: where each stands in the picture, and how it reads.

Places come from Matplotlib's own transforms once a figure has been saved, words from what explains the picture to the eye:
names at the ticks, key, words in the colour of a mark, title of the axes. The site's script (book/_static/values.js) tells
readers these words where they point.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.category import StrCategoryConverter
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.colors import to_hex
from matplotlib.container import BarContainer
from matplotlib.dates import num2date
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedFormatter, FixedLocator, FuncFormatter
from matplotlib.transforms import Bbox

from essay.colours import WORDS
from essay.lines import SCALES
from essay.text import typeset, when

# A mark with this label only helps to see another, as the stem of a dot does.
ASIDE = "_aside"
# The size of a picture in the numbers that travel with it.
UNITS = 1000


@dataclass(frozen=True)
class Value:
    """One value of a picture: its box in thousandths of width and height, from the upper left corner, and its words.

    series: what the mark is one of. place: what it is of. told: the value. amount: the number behind `told`; a day or a
    name on the axis has none. at: the number behind `place`, likewise.
    """

    box: tuple[float, float, float, float]
    series: str
    place: str
    told: str
    amount: float | None = None
    at: float | None = None

    def words(self) -> str:
        """Return the value as a sentence tells it: 'All under jurisdiction, 1983: 275'."""
        about = ", ".join(part for part in (self.series, self.place) if part)
        return ": ".join(part for part in (about, self.told) if part)


def tell(artist: Artist, words: Iterable[str]) -> Artist:
    """Give the marks of a line, scatter or bars, in their order, words of their own; returns the artist."""
    artist.essay_words = [str(each) for each in words]
    return artist


def values(figure: Figure, data: pd.DataFrame) -> list[Value]:
    """Return the values of a figure that has been saved, in the order in which they are read.

    data: the figure's; where a mark stands for an event, its name is looked up there by day (or number) and name of the row.
    Of axes without ticks, such as maps, only marks with a label or with words (`tell`) are values.
    """
    whole = Bbox.from_bounds(0, 0, *(figure.get_size_inches() * figure.dpi))
    found: list[Value] = []
    for ax in _all_axes(figure):
        read = [one for one in _of_axes(ax, data, whole) if _inside(one.box)]
        # The title tells panels apart.
        panel = _short(ax.get_title(loc="left") or ax.get_title()) if len(figure.axes) > 1 and ax.axison else ""
        if panel:
            read = [replace(one, series=", ".join(dict.fromkeys(filter(None, (panel, one.series))))) for one in read]
        found += read
    return found


def unit(figure: Figure) -> str:
    """Return what the numbers of a figure are: the label of their axis, or the title where there is one panel; else nothing."""
    for ax in (ax for ax in figure.axes if ax.axison):
        told = _plain((ax.xaxis if _Scale(ax.yaxis).names else ax.yaxis).get_label_text())
        if not told and len(figure.axes) == 1:
            told = _plain(ax.get_title(loc="left") or ax.get_title())
        if told and "(" not in told:
            return told[0].lower() + told[1:] if told[1:2].islower() else told
    return ""


def missing(found: list[Value], frame: pd.DataFrame) -> list[Value]:
    """Return those values that no row of a frame holds.

    A row holds a value where one of its cells is the number (in one of SCALES, to half a per cent) or the day or name, and
    another the year or number that it stands at; a column may be named for that instead.
    """
    numbers = {column: pd.to_numeric(frame[column], errors="coerce").to_numpy(dtype=float) for column in frame}
    texts = {column: [_cell(cell) for cell in frame[column]] for column in frame}
    return [value for value in found if not _held(value, numbers, texts)]


def _held(value: Value, numbers: dict[str, np.ndarray], texts: dict[str, list[str]]) -> bool:
    """True where a row holds a value (see `missing`)."""
    if value.amount is None:
        said = f"{value.place}: {value.told}".casefold()
        return any(len(cell) > 2 and cell in said for cells in texts.values() for cell in cells)
    # A part of a stacked bar of shares is told with the count behind it.
    count = re.search(r", ([\d,]+) of ", value.told)
    amounts = [value.amount, *([float(count[1].replace(",", ""))] if count else [])]
    for column, cells in numbers.items():
        with np.errstate(invalid="ignore"):
            there = np.any(
                [np.isclose(cells * scale, amount, rtol=5e-3, atol=1e-9) for amount in amounts for scale in SCALES], axis=0
            )
        if value.at is not None and f"{value.at:g}" not in str(column):
            at = [np.isclose(other, value.at) for name, other in numbers.items() if name != column]
            at += [np.array([f"{value.at:g}" in cell for cell in other]) for name, other in texts.items() if name != column]
            there = there & np.any(at, axis=0) if at else there & False
        if there.any():
            return True
    return False


def _cell(cell) -> str:
    """Return a cell as the words of a value would have it; a number has none but its digits."""
    if isinstance(cell, str):
        return (_day(cell) or typeset(cell)).casefold()
    return _day(cell).casefold() or ("" if pd.isna(cell) else f"{cell:g}" if isinstance(cell, float) else str(cell))


def frame(found: list[Value]) -> pd.DataFrame:
    """Return values as a table for readers: a row for each place and a column for each series, or all in one column."""
    rows = pd.DataFrame(
        {
            "At": [one.place or one.told for one in found],
            "Series": [one.series or "Value" for one in found],
            "Value": [one.told for one in found],
        }
    )
    if rows.duplicated(["At", "Series"]).any():
        return rows[["Series", "At", "Value"]]
    order = list(dict.fromkeys(rows["At"])), list(dict.fromkeys(rows["Series"]))
    wide = rows.pivot(index="At", columns="Series", values="Value").reindex(index=order[0], columns=order[1])
    return wide.rename_axis(None, axis=1).reset_index()


def packed(wide: list[Value], narrow: list[Value]) -> str:
    """Return the words of a figure's values and their boxes in both pictures, as JSON for values.js.

    A list of series: name, places and values joined by '|' (or first place and step, where they are counted off), and for
    the wide and the narrow picture left, top, right and bottom edges: one number where all agree, or the first and then the
    steps; nought instead of right or bottom where it is left or top. Pictures whose words differ are given one by one.
    """
    if [one.words() for one in wide] == [one.words() for one in narrow]:
        shapes = [list(zip(wide, narrow, strict=True))]
    else:
        shapes = [[(one,) for one in wide], [(one,) for one in narrow]]
    told = [[_series([*group]) for _, group in groupby(pairs, key=lambda pair: pair[0].series)] for pairs in shapes]
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def _series(pairs: list[tuple[Value, ...]]) -> list:
    """Return one series as `packed` has it."""
    own = [pair[0] for pair in pairs]
    edges = [_edges([pair[which].box for pair in pairs]) for which in range(len(pairs[0]))]
    places = [one.place for one in own]
    if len(own) > 2 and all(re.fullmatch(r"\d{1,4}", place) for place in places):
        steps = {int(b) - int(a) for a, b in pairwise(places)}
        if len(steps) == 1:
            return [own[0].series, [int(places[0]), *steps], _joined(one.told for one in own), *edges]
    return [own[0].series, _joined(places), _joined(one.told for one in own), *edges]


def _joined(words: Iterable[str]) -> str:
    """Return words as one text that the script takes apart at its bars."""
    return "|".join(each.replace("|", "¦") for each in words)


def _edges(boxes: list[tuple[float, float, float, float]]) -> list:
    """Return the four edges of some boxes as `packed` has them."""
    # The layout's last digits differ between runs; a hair added keeps what lies between two numbers on one side.
    left, top, right, bottom = np.floor(np.array(boxes) + 0.503).astype(int).T
    right, bottom = (0 if (low == high).all() else high for low, high in ((left, right), (top, bottom)))
    return [_steps(edge) for edge in (left, top, right, bottom)]


def _steps(numbers: np.ndarray | int) -> int | list[int]:
    """Return one number where all agree, or the first and how far each is from the one before."""
    numbers = np.atleast_1d(numbers)
    return int(numbers[0]) if (numbers == numbers[0]).all() else [int(numbers[0]), *map(int, np.diff(numbers))]


def _all_axes(figure: Figure) -> Iterator[Axes]:
    """Yield the axes of a figure and those inside them."""
    for ax in figure.axes:
        yield ax
        yield from ax.child_axes


def _inside(box: tuple[float, float, float, float]) -> bool:
    """True where a box lies in the picture."""
    return all(-1 <= edge <= UNITS + 1 for edge in box)


def _of_axes(ax: Axes, data: pd.DataFrame, whole: Bbox) -> list[Value]:
    """Return the values of one axes."""
    across, up = _Scale(ax.xaxis), _Scale(ax.yaxis)
    key = _key(ax)
    plain = ax.axison and (across.told or up.told)
    found: list[Value] = []
    spans: list[tuple[float, float, float, str]] = []

    def point(x: float, y: float, series: str, words: str, box: Bbox | None = None) -> None:
        if not (np.isfinite(x) and np.isfinite(y)):
            return
        dot = box is None
        if dot:
            at = ax.transData.transform((x, y))
            box = Bbox([at, at])
        centre = (box.p0 + box.p1) / 2
        if not ax.bbox.padded(3).contains(*centre):
            return  # a map draws what lies beyond its edge, and nobody sees it
        edges = (
            (box.x0 / whole.width) * UNITS,
            (1 - box.y1 / whole.height) * UNITS,
            (box.x1 / whole.width) * UNITS,
            (1 - box.y0 / whole.height) * UNITS,
        )
        if words and not plain:
            found.append(Value(edges, series, "", typeset(words)))
        elif words or plain:
            # Names head a row or a column; of two scales the upright one has the values.
            head, body, at, amount = (up, across, y, x) if up.names else (across, up, x, y)
            value = Value(edges, series, head.words(at), body.words(amount), body.number(amount), head.number(at))
            event = dot and not words and (up.names or across.names)
            found.append(_event(value, data) if event else replace(value, told=", ".join(filter(None, (value.told, words)))))

    for bars in (each for each in ax.containers if isinstance(each, BarContainer) and plain):
        flat = bars.orientation == "horizontal"
        own = getattr(bars, "essay_words", [""] * len(bars.patches))
        for bar, words in zip(bars.patches, own, strict=True):
            x, y, width, height = *bar.get_xy(), bar.get_width(), bar.get_height()
            if width and height and np.isfinite(width * height):
                place = (width, y + height / 2) if flat else (x + width / 2, height)
                box = ax.transData.transform_bbox(Bbox.from_bounds(x, y, width, height))
                point(*place, _named(bars, key, bar.get_facecolor()), words, Bbox([box.min, box.max]))
    for line in ax.lines:
        if line.get_transform() != ax.transData or not line.get_visible() or line.get_label() == ASIDE:
            continue
        points = _points(line)
        marked = line.get_marker() not in ("None", "", " ", None)
        if not marked and line.get_linestyle() in ("None", " "):
            continue
        if not marked and len(points) == 2 and (np.ptp(points[:, 0]) == 0 or np.ptp(points[:, 1]) == 0):
            # A range of what a mark on it stands for.
            spans.append((*sorted(points[:, 0]), *sorted(points[:, 1])))
            continue
        if not marked and (len(points) < 2 or not plain):
            continue
        # On a map a label names the one place, elsewhere the series.
        named = "" if plain or len(points) > 1 or line.get_label().startswith("_") else line.get_label()
        own = getattr(line, "essay_words", [named] * len(points))
        series = "" if named else _named(line, key, line.get_color(), line.get_marker())
        for (x, y), words in zip(points, own, strict=True):
            point(x, y, series, words)
    for marks in ax.collections:
        if isinstance(marks, PathCollection) and (plain or hasattr(marks, "essay_words")):
            offsets = np.asarray(marks.get_offsets(), dtype=float)
            own = getattr(marks, "essay_words", [""] * len(offsets))
            for (x, y), words in zip(offsets, own, strict=True):
                point(x, y, _named(marks, key, marks.get_facecolor()[0]), words)
        elif isinstance(marks, LineCollection) and plain:
            for (x0, y0), (x1, y1) in (path.vertices[[0, -1]] for path in marks.get_paths()):
                if y0 == y1 and not up.names:
                    before = len(found)
                    reach = ax.transData.transform_bbox(Bbox([[x0, y0], [x1, y1]]))
                    point((x0 + x1) / 2, y0, _named(marks, key, marks.get_color()[0]), "", reach)
                    ends = " to ".join(dict.fromkeys((across.words(np.ceil(x0)), across.words(np.floor(x1)))))
                    found[before:] = [replace(one, place=ends, at=None) for one in found[before:]]
    found = [_ranged(one, spans, ax, whole, across, up) for one in found]
    return _in_order(found)


def _in_order(found: list[Value]) -> list[Value]:
    """Return values series by series, without those that stand where one stood already and say the same."""
    series = {name: at for at, name in enumerate(dict.fromkeys(one.series for one in found))}
    places = {both: at for at, both in enumerate(dict.fromkeys((one.series, one.place) for one in found))}
    unique = {(one.words(), *(round(edge) for edge in one.box)): one for one in found}
    # Marks that share their place, as those piled up in a row, go by what they say: their heights differ with the width.
    return sorted(unique.values(), key=lambda one: (series[one.series], places[one.series, one.place], one.amount or 0, one.told))


def _ranged(value: Value, spans: list, ax: Axes, whole: Bbox, across: _Scale, up: _Scale) -> Value:
    """Return a value with the ends of the range in which its mark stands."""
    x, y = ax.transData.inverted().transform(
        ((value.box[0] + value.box[2]) / 2 / UNITS * whole.width, (1 - (value.box[1] + value.box[3]) / 2 / UNITS) * whole.height)
    )
    for left, right, low, high in spans:
        flat = low == high
        (start, end), (here, there, level), scale = (
            ((left, right), (x, y, low), across) if flat else ((low, high), (y, x, left), up)
        )
        near = 0.02 * (end - start) if scale.told else 0
        if scale.told and abs(there - level) < 0.02 and start + near < here < end - near and start != 0:
            return replace(value, told=f"{value.told} ({scale.words(start)} to {scale.words(end)})")
    return value


def _event(value: Value, data: pd.DataFrame) -> Value:
    """Return a mark in a row with what `data` calls it, where one name alone fits."""
    texts = data.select_dtypes(exclude="number")
    amount = value.told if value.amount is None else value.amount
    fits = pd.Series(False, index=data.index)
    for column in data:
        cells = data[column]
        if pd.api.types.is_numeric_dtype(cells) and value.amount is not None:
            fits |= np.isclose(cells.astype(float).to_numpy(), amount, rtol=1e-9)
        elif value.amount is None:
            fits |= cells.map(_day) == amount
    rows = texts[fits.to_numpy()]
    row = (value.place or value.series).casefold()
    own = [any(isinstance(cell, str) and cell.casefold() == row for cell in cells) for cells in rows.to_numpy()]
    if any(own):
        rows = rows[own]
    elif len(rows) > 1:
        return value
    names = list(dict.fromkeys(filter(None, (_name_of(cells, value) for cells in rows.to_dict("records")))))
    return replace(value, told=f"{value.told}, {'; '.join(names)}") if 0 < len(names) <= 3 else value


def _name_of(cells: dict, value: Value) -> str:
    """Return the first text of a row that the words of its mark do not hold: no day, address or code."""
    said = value.words().casefold()
    for cell in cells.values():
        if (
            isinstance(cell, str)
            and cell.casefold() not in said
            and not re.match(r"(by )?\d{4}\b|https?:|[a-z_]+$|[A-Z]{3}$", cell)
        ):
            return typeset(cell)
    return ""


def _day(cell) -> str:
    """Return a day as `_Scale` words it."""
    if isinstance(cell, pd.Timestamp):
        return when(f"{cell:%Y-%m-%d}")
    return when(cell) if isinstance(cell, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", cell) else ""


class _Scale:
    """How the numbers of one axis are told: as names at its ticks, as days, as years or as numbers with a unit."""

    def __init__(self, axis: Axis) -> None:
        shown = axis.get_visible() and axis.axes.axison
        form, places = axis.get_major_formatter(), axis.get_majorticklocs()
        labels = [_plain(words) for words in form.format_ticks(places)]
        # A log scale or a scale of days can have words at its ticks too, and stays a scale.
        self.day = not isinstance(axis.get_converter(), StrCategoryConverter | None)
        written = isinstance(axis.get_major_locator(), FixedLocator) and isinstance(form, FixedFormatter | FuncFormatter)
        written = written and axis.get_scale() == "linear" and not self.day
        self.names = {place: words for place, words in zip(places, labels, strict=True) if words} if written and shown else {}
        told = {re.sub(r"[\d.,−-]+( million| billion)?$|[\d.,−-]+", "#", words) for words in labels if re.search(r"\d", words)}
        before, _, after = (
            told.pop().partition("#") if len(told) == 1 and shown and not self.names and not self.day else ("", "", "")
        )
        self.before, self.after = (before.strip(), after) if len(before) + len(after) <= 3 else ("", "")
        low, high = axis.get_data_interval()
        self.year = not self.names and not self.day and 1500 <= low <= high <= 2100
        self.told = shown and any(labels)

    def words(self, number: float) -> str:
        """Return how a place on the axis is told."""
        if self.names:
            near = min(self.names, key=lambda place: abs(place - number))
            return self.names[near] if abs(near - number) <= 0.5 else ""
        if self.day:
            return when(f"{num2date(number):%Y-%m-%d}")
        if self.year:
            return f"{np.floor(number + 0.21):.0f}"
        return f"{self.before}{_short_number(number)}{self.after}"

    def number(self, number: float) -> float | None:
        """Return the number itself; None where the axis has names or days."""
        return None if self.names or self.day else float(np.floor(number + 0.21)) if self.year else float(number)


def _short_number(number: float) -> str:
    """Return a number as a reader expects it, with three digits that count."""
    size = abs(number)
    decimals = 0 if size >= 1000 or float(number).is_integer() else 1 if size >= 10 else 2 if size >= 0.1 else 3
    words = f"{number:,.{decimals}f}"
    return (words.rstrip("0").rstrip(".") if "." in words else words).replace("-", "−")


def _plain(words: str) -> str:
    """Return words of a picture in one line."""
    return " ".join(typeset(words).replace("\\$", "$").split())


def _short(words: str) -> str:
    """Return words of a key or title without the sum that follows them."""
    return re.split(r":\s|\s\(\d", _plain(words))[0]


def _key(ax: Axes) -> dict[tuple[str, str], str]:
    """Return what explains the marks: words by colour and marker, and by colour alone where no other has it."""
    entries: list[tuple[str, str, str]] = []
    axes = [ax, *(other for other in ax.figure.axes if other is not ax)]
    for legend in (other.get_legend() for other in axes):
        if legend is not None and not entries:
            for handle, text in zip(legend.legend_handles, legend.get_texts(), strict=True):
                if isinstance(handle, Line2D):
                    entries.append((to_hex(handle.get_color()), str(handle.get_marker()), _short(text.get_text())))
    colours = [colour for colour, _, _ in entries]
    found = {(colour, ""): words for colour, _, words in entries if colours.count(colour) == 1}
    found |= {(colour, marker): words for colour, marker, words in entries}
    beside: dict[str, list[str]] = {}
    for text in ax.texts:
        if (words := _plain(text.get_text())) and not re.search(r"\d", words):
            beside.setdefault(to_hex(text.get_color()), []).append(words)
    for colour, words in beside.items():
        if len(words) == 1:
            found.setdefault((colour, ""), words[0])
    return found


def _named(artist: Artist | BarContainer, key: dict[tuple[str, str], str], colour, marker: str = "") -> str:
    """Return the name of a series: its label, or what the key says of its colour."""
    label = str(artist.get_label())
    if label and not label.startswith("_"):
        return _plain(label)
    shade = to_hex(colour)
    for tone in (shade, WORDS.get(shade, shade)):
        for which in ((tone, str(marker)), (tone, "")):
            if which in key:
                return key[which]
    return ""


def _points(line: Line2D) -> np.ndarray:
    """Return the points of a line as numbers."""
    return np.atleast_2d(np.asarray(line.get_xydata(), dtype=float)).reshape(-1, 2)
