"""The figure contract: one function that draws, describes and offers for download.

Every figure of the book goes through `show`, which asks for a title that states the finding, a caption,
alternative text and the plotted data, draws the figure once for wide and once for narrow screens in the
house style, and gives the same bytes run after run.
"""

from __future__ import annotations

import base64
import html
import io
import re
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import matplotlib
import pandas as pd
from matplotlib import font_manager
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.text import Text

from essay import collisions, drawn, lines, meaning, tables
from essay import shown as _shown

# Chapters name colours as `figures.BLUE`, beside the function that draws with them.
from essay.colours import (  # noqa: F401
    BLUE,
    DARK,
    GREY,
    INK,
    LAND,
    MINT,
    MUTED,
    NARROW,
    OCHRE,
    ON_BRIGHT,
    PALE,
    PAPER,
    PIXELS,
    PLUM,
    RED,
    RULE,
    TEAL,
    WIDE,
    WORDS,
)
from essay.text import typeset

for _font in sorted((Path(__file__).parent / "fonts").glob("*.ttf")):
    font_manager.fontManager.addfont(str(_font))

STYLE = {
    "font.family": "Essay Sans",
    "font.size": 9.5,
    "text.color": INK,
    "axes.labelcolor": MUTED,
    "axes.edgecolor": MUTED,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 10,
    "axes.titleweight": 600,
    "axes.titlelocation": "left",
    "axes.axisbelow": True,
    "axes.facecolor": "none",
    "figure.facecolor": "none",
    "grid.color": RULE,
    "grid.linewidth": 0.6,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 3,
    "ytick.major.size": 3,
    "lines.solid_capstyle": "round",
    "legend.frameon": False,
    "svg.fonttype": "path",
    "svg.hashsalt": "essay",
    "path.simplify": True,
    # A viewer of notebooks may be dark; on the site this is the ground of the page, in both modes.
    "savefig.facecolor": PAPER,
}


# Called as draw(figure, narrow) with an empty figure.
Draw = Callable[[Figure, bool], None]


class FigureError(Exception):
    """A figure breaks the contract: something is missing, too short or not computed."""


def show(
    id: str,
    draw: Draw,
    *,
    title: str,
    caption: str,
    alt: str,
    data: pd.DataFrame,
    sources: list[str],
    height: tuple[float, float],
    table: pd.DataFrame | None = None,
    steps: Sequence[tuple[str, Draw]] = (),
) -> None:
    """Draw a figure twice and show it with title, caption, alternative text, data and table.

    id: key, unique in the book; the figure's anchor is `fig-<id>`.
    draw: called as draw(figure, narrow) with an empty figure in house style, 7.2 or 3.6 inches wide.
    title: the finding, computed. caption: what is shown, with unit; sources and access date are added.
    alt: what the figure shows, computed from `data`. data: what is plotted, offered as CSV.
    sources: names of the tables behind it. height: in inches, for wide and narrow.
    table: what readers see as text instead of `data`, where that is long. What is drawn and not in them comes beside them.
    steps: pictures on the way to the whole, as (what it shows, draw) each: with scripts a reader can step through them.

    Raises FigureError when a part is missing or no description, when words of the picture cannot be read where they stand,
    or when a line runs across a break that a source declares.
    """
    title, caption, alt = map(typeset, (title, caption, alt))
    _check(id, title, caption, alt, data)
    draws = [(alt, draw), *steps]
    (whole, values, told), *rest = (_picture(id, one, words, height, sources, data) for words, one in draws)
    stepped = "".join(f'<div class="figure-step">{stage}</div>' for stage, *_ in rest)
    stepped = f'<div class="figure-steps" hidden>{stepped}</div>' if steps else ""
    # Where the chapter's data or table are other than what is drawn, as rows that a bar counts, what is drawn comes beside them.
    files = _csv(id, data, "Data", title)
    if drawn.missing(values, data):
        files += " " + _csv(f"{id}-drawn", drawn.frame(values), "Values drawn", title)
    read = _shown.html_table(data if table is None else table, title)
    if drawn.missing(values, data if table is None else table):
        named = drawn.frame(values).rename(columns=lambda name: f"{name[:1].upper()}{name[1:]}")
        read += _shown.html_table(named, f"All values drawn: {title}")
    page = (
        f'<figure class="essay-figure" id="fig-{id}">'
        f'<figcaption class="figure-title"><strong>{html.escape(title)}</strong></figcaption>'
        f'<div class="figure-plot"{told}>{whole}</div>{stepped}'
        f'<p class="figure-note">{html.escape(caption)} {_credit(sources)}</p><p class="figure-tools">{files}</p>'
        f'<details class="figure-data"><summary aria-label="Read this figure as a table: {html.escape(title)}">'
        f"Read this figure as a table</summary>{read}</details></figure>"
    )
    record = {"figure": {"id": id, "title": title, "caption": caption, "alt": alt, "rows": len(data), "sources": sources}}
    _shown.show(page, f"{title}\n{alt}", record)


def _csv(name: str, data: pd.DataFrame, words: str, title: str) -> str:
    """Return a link that carries a table as CSV."""
    _refuse_formulas(name, data)
    address = _uri("text/csv", data.to_csv(index=False, lineterminator="\n"))
    label = f"{words} (CSV) of this figure: {html.escape(title)}"
    return f'<a class="figure-csv" aria-label="{label}" download="{name}.csv" href="{address}">{words} (CSV)</a>'


def _picture(
    id: str, draw: Draw, alt: str, height: tuple[float, float], sources: list[str], data: pd.DataFrame
) -> tuple[str, list[drawn.Value], str]:
    """Draw a picture, wide and narrow, and return it as HTML, its values, and those as attributes for the site's script.

    Raises FigureError as `show` does.
    """
    pictures, values = {}, {}
    with matplotlib.rc_context({**matplotlib.rcParamsDefault, **STYLE}):
        for name, width, tall in (("wide", WIDE, height[0]), ("narrow", NARROW, height[1])):
            figure = Figure(figsize=(width, tall), layout="constrained")
            draw(figure, name == "narrow")
            if crossed := next(lines.crossings(figure, sources, data), None):
                raise FigureError(f"figure {id}: a line joins {crossed}; draw it with charts.line, which stops there")
            _make_readable(figure)
            with collisions.watched() as words:
                pictures[name] = _uri("image/svg+xml", _svg(figure, width, tall))
            if problems := collisions.found(figure, words):
                raise FigureError(f"figure {id}, {name}: {'; '.join(problems)}; move the words, or give them a ground (bbox)")
            values[name] = drawn.values(figure, data)
    page = (
        f'<picture><source media="(max-width: 600px)" srcset="{pictures["narrow"]}" '
        f'width="{_px(NARROW)}" height="{_px(height[1])}">'
        f'<img class="figure-image dark-light" src="{pictures["wide"]}" alt="{html.escape(alt, quote=True)}" '
        f'width="{_px(WIDE)}" height="{_px(height[0])}" loading="lazy" decoding="async"></picture>'
    )
    if not values["wide"]:
        return page, [], ""
    # JSON has many double quotes, so single ones hold it.
    packed = html.escape(drawn.packed(values["wide"], values["narrow"])).replace("&quot;", '"')
    return page, values["wide"], f" data-unit=\"{html.escape(drawn.unit(figure))}\" data-values='{packed}'"


def _check(id: str, title: str, caption: str, alt: str, data: pd.DataFrame) -> None:
    """Raise FigureError for a part that is missing or says nothing."""
    for part, text, least in (("title", title, 20), ("caption", caption, 30), ("alt", alt, 60)):
        if len(text.strip()) < least:
            raise FigureError(f"figure {id}: {part} has {len(text.strip())} characters, fewer than {least}")
    if re.search(r"\S+[/\\]\S+[/\\]\S|\.(svg|png|jpe?g)\b|\bnan\b|<NA>", alt, re.IGNORECASE):
        raise FigureError(f"figure {id}: alt text looks like a path or holds a missing value: {alt[:80]!r}")
    if not re.fullmatch(r"[a-z0-9-]+", id):
        raise FigureError(f"figure {id!r}: the id is part of an address; use small letters, digits and hyphens")
    if data.empty:
        raise FigureError(f"figure {id}: no data to offer for download")


def _refuse_formulas(id: str, data: pd.DataFrame) -> None:
    """Raise FigureError for a cell that a spreadsheet would run."""
    # Refused rather than rewritten: with a mark put before the cell the download would no longer be the data.
    for cell in [*data.columns, *data.select_dtypes(exclude="number").to_numpy().ravel()]:
        if isinstance(cell, str) and tables.FORMULA.match(cell):
            raise FigureError(f"figure {id}: {cell[:40]!r} in the data would run as a formula in a spreadsheet")


def _make_readable(figure: Figure) -> None:
    """Typeset the words of a figure, and give those in the colour of a pale mark the darker tone of that colour."""
    for words in figure.findobj(Text):
        words.set_text(typeset(words.get_text()))
        colour = to_hex(words.get_color())
        words.set_color(WORDS.get(colour, colour))


def _svg(figure: Figure, width: float, tall: float) -> str:
    """Return the figure as SVG text that is the same on every run, sized in CSS pixels."""
    # Laid out here, in the size of points that SVG has. With any engine left, one called "none" too, Matplotlib would draw all
    # of it once more before it saves, kept by nobody.
    FigureCanvasSVG(figure)
    resolution, figure.dpi = figure.dpi, 72
    if figure.axes and (engine := figure.get_layout_engine()):
        engine.execute(figure)
        figure.set_layout_engine(None)
    figure.dpi = resolution
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    text = buffer.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>\s*", "", text, flags=re.DOTALL)
    head = (
        f'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="{_px(width)}" height="{_px(tall)}"'
    )
    text = re.sub(r"<svg[^>]*?(viewBox=\"[^\"]+\")[^>]*>", lambda m: f"<svg {head} {m[1]}>", text, count=1)
    # A tenth of a point is a seventh of a pixel; more digits only weigh.
    text = re.sub(r' d="([^"]+)"', lambda m: f' d="{_path(m[1])}"', text)
    text = re.sub(r' (x|y|width|height)="([^"]+)"', lambda m: f' {m[1]}="{_rounded(m[2])}"', text)
    text = re.sub(r"translate\(([^)]+)\)", lambda m: f"translate({_rounded(m[1])})", text)
    # So most letters stand within their line.
    text = re.sub(r'(<use [^>]*) transform="translate\((\S+) 0\)"', r'\1 x="\2"', text)
    text = re.sub(r">\s+<", "><", text)
    # Marks that look alike say so once, unless they let others shine through.
    alike = r'(<g(?![^>]*style)[^>]*)>((?:<use [^>]*?)( style="(?![^"]*opacity)[^"]*")/>(?:<use [^>]*?\3/>)+)(?=</g>)'
    text = re.sub(alike, lambda m: f"{m[1]}{m[3]}>{m[2].replace(m[3], '')}", text)
    # A space has no outline; its empty glyph is not valid in every version of SVG.
    for glyph in re.findall(r'<path id="([^"]+)"(?: transform="[^"]*")?/>', text):
        text = re.sub(rf'<path id="{glyph}"[^>]*/>|<use xlink:href="#{glyph}"[^>]*/>', "", text)
    # Clips and markers are named by a hash of their exact place, in which the layout's last digits may differ.
    for number, name in enumerate(dict.fromkeys(re.findall(r'id="([mp][0-9a-f]{10})"', text))):
        text = text.replace(name, f"{name[0]}{number}")
    # Every letter names its glyph, so short names matter.
    for long, short in (("EssaySans-Regular-", "r"), ("EssaySans-SemiBold-", "s")):
        text = text.replace(f'id="{long}', f'id="{short}').replace(f'href="#{long}', f'href="#{short}')
    return text


def _path(drawn: str) -> str:
    """Return a path whose places are told as the way from the one before, to a tenth of a point: the same in fewer signs."""
    said: list[str] = []
    here = start = [0, 0]
    before = ""
    for command, numbers in re.findall(r"([A-Za-z])([^A-Za-z]*)", drawn):
        places = _tenths(numbers)
        if command == "M":
            here = start = ways = places
        elif command == "z":
            here, ways = start, []
        else:
            command, ways = command.lower(), [place - here[at % 2] for at, place in enumerate(places)]
            here = places[-2:]
            if command == "l" and 0 in ways:
                command, ways = ("h", ways[:1]) if ways[1] == 0 else ("v", ways[1:])
        # A letter goes on to stand for what follows; after an M that would be lines.
        said += [command] * (command != before or command == "M") + [*map(_number, ways)]
        before = command
    return re.sub(r"(?<=[A-Za-z]) | (?=[A-Za-z-])", "", " ".join(said))


def _rounded(numbers: str) -> str:
    """Round the numbers of a coordinate to a tenth of a point."""
    return " ".join(map(_number, _tenths(numbers)))


def _tenths(numbers: str) -> list[int]:
    """Return the numbers of a text in tenths."""
    # The layout's last digits differ between runs; a hair added keeps what lies exactly between two tenths on one side.
    return [round(10 * (float(number) + 0.0003)) for number in numbers.split()]


def _number(tenths: int) -> str:
    """Return a number given in tenths, without signs that say nothing: '-.5' for -5, '3' for 30."""
    number = f"{tenths / 10:.1f}".removesuffix(".0")
    return number.replace("0.", ".") if abs(tenths) < 10 else number


def _uri(kind: str, text: str) -> str:
    """Return text as a data URI, so that a notebook carries its figures with it."""
    return f"data:{kind};base64,{base64.b64encode(text.encode()).decode()}"


def _px(inches: float) -> int:
    """Return inches as CSS pixels."""
    return round(inches * PIXELS)


def _credit(names: list[str]) -> str:
    """Return the source line of the tables behind a figure: who, where, when read, on which day the evidence ends."""
    published: dict[str, str] = {}
    compiled: list[str] = []
    days: set[date] = set()
    for name in names:
        resource = tables.resource(name)
        days |= meaning.sources_read(name)
        if any(licence["name"] == "facts-compiled" for licence in resource["licenses"]):
            compiled.append(_shown.link(f"../data/{resource['path']}", name))
        else:
            for source in resource["sources"]:
                published[source["credit"]] = _shown.link(source["path"], source["credit"])
    parts = list(published.values())
    if compiled:
        parts.append(f"compiled for this book, each row with its own source: {', '.join(compiled)}")
    label = "Source" if len(parts) == 1 else "Sources"
    read = " and ".join(f"{day.day} {day:%B %Y}" for day in sorted(days))
    ends = meaning.ends_told(names)
    until = f"; the record ends on {ends}" if ends else ""
    return f'<span class="figure-credit">{label}: {"; ".join(parts)} (read {read}{until}).</span>'
