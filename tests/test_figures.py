"""Every figure keeps the contract: computed words, text and data beside it, house colours, the same bytes each time."""

from __future__ import annotations

import ast
import base64
import io
import re
from collections.abc import Iterator
from xml.etree import ElementTree

import matplotlib
import pandas as pd
import pytest
import shapely
from bs4 import BeautifulSoup
from matplotlib.figure import Figure

from essay import colours, figures, maps, text
from essay_site.cache.inputs import code_of
from tests.book import MEDIA_TYPE, contrast, notebooks, read, recorded

FIGURES = [figure for _, figure in recorded("figure")]
HOUSE = {*figures.DARK, figures.ON_BRIGHT, "#000000", "#ffffff"}
# Years, dates and the names of units and rates are words, not results.
YEARS = re.compile(
    r"\b(?:\d{1,2} and )?\d{1,2} (?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
    r"|\bper 100,000\b|\bTitle 8\b|\b(?:FY)?(?:1[5-9]|20)\d\d(?:[–-]\d\d(?:\d\d)?)?\b"
)


def pages() -> dict[str, BeautifulSoup]:
    """Return the HTML of each figure as its notebook stores it."""
    found = {}
    for path in notebooks():
        for cell in read(path)["cells"]:
            for output in cell.get("outputs", []):
                record = output.get("data", {}).get(MEDIA_TYPE, {})
                if "figure" in record:
                    found[record["figure"]["id"]] = BeautifulSoup("".join(output["data"]["text/html"]), "html.parser")
    return found


PAGES = pages()


def pictures(page: BeautifulSoup) -> list[str]:
    """Return the SVG texts of a figure, wide and narrow."""
    addresses = [page.img["src"], page.source["srcset"]]
    return [base64.b64decode(address.split(",", 1)[1]).decode() for address in addresses]


def test_there_are_figures():
    assert len(FIGURES) >= 9 and len(PAGES) == len(FIGURES)


def test_words_are_unique():
    for part in ("id", "alt", "title"):
        values = [figure[part] for figure in FIGURES]
        assert len(values) == len(set(values)), part


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure["id"])
def test_figure_has_all_its_parts(figure):
    page = PAGES[figure["id"]]
    assert page.img["alt"] == figure["alt"] and len(figure["alt"]) >= 60
    assert not re.search(r"\.(svg|png)|_images|<|\bnan\b|\bNone\b", figure["alt"])
    for picture in (page.img, page.source):
        assert int(picture["width"]) > 300 and int(picture["height"]) > 200
    assert page.img["loading"] == "lazy"
    assert page.select_one(".figure-note").find("a", href=re.compile("^(http|\\.\\./data)"))
    assert re.search(r"read \d+ \w+ 20\d\d", page.select_one(".figure-note").get_text())
    download = page.find("a", download=True)
    content = base64.b64decode(download["href"].split(",", 1)[1]).decode()
    assert len(content.splitlines()) == figure["rows"] + 1
    table = page.table
    assert table["aria-label"] and table.thead.find_all("th", scope="col") and table.tbody.find_all("th", scope="row")


@pytest.mark.parametrize("id", PAGES)
def test_picture_has_house_colours_only(id):
    for svg in pictures(PAGES[id]):
        assert set(re.findall(r"#[0-9a-f]{6}\b", svg)) - HOUSE == set()
        assert set(re.findall(r"#[0-9a-f]{6}\b", colours.darkened(svg))) <= {*colours.DARK.values(), colours.ON_BRIGHT}
        assert len(svg) < 300_000
        assert "<metadata" not in svg and "<dc:date" not in svg


def texts(node: ast.AST) -> list[str]:
    """Return the literal texts of an expression, but not those that only pick a value or format it."""
    if isinstance(node, ast.Constant):
        return [node.value] if isinstance(node.value, str) else []
    if isinstance(node, ast.Subscript):
        return texts(node.value)
    if isinstance(node, ast.FormattedValue):
        return texts(node.value)
    return [text for child in ast.iter_child_nodes(node) for text in texts(child)]


def typed_numbers(code: str) -> list[str]:
    """Return the numbers typed into words that a reader sees: figure titles, captions, alt texts, and how facts were made."""
    found = []
    for call in ast.walk(ast.parse(code)):
        if not isinstance(call, ast.Call):
            continue
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        shown = [k.value for k in call.keywords if name == "show" and k.arg in ("title", "caption", "alt")]
        if name == "fact" and len(call.args) > 3:
            shown.append(call.args[3])
        for words in shown:
            found += [number for text in texts(words) for number in re.findall(r"\d[\d.,]*", YEARS.sub("", text))]
    return found


@pytest.mark.parametrize("path", notebooks(), ids=lambda path: path.stem)
def test_words_of_figures_and_facts_have_no_typed_number(path):
    assert typed_numbers(code_of(read(path))) == []


def test_the_check_for_typed_numbers_bites():
    assert typed_numbers('figures.show("x", d, title="By 1901 it held 1,115 people")') == ["1,115"]
    assert typed_numbers('fact("x", n, "{}", "141 of 790", t)') == ["141", "790"]
    assert typed_numbers('figures.show("x", d, title=f"By 1901 it held {n:,.2f} people")') == []


def draw(figure, narrow):
    ax = figure.subplots()
    ax.plot([1, 2, 3], [3, 1, 2], color=figures.RED)
    ax.set_title("Three points")


WORDS = {
    "title": "Three points fall and rise again",
    "caption": "A line through three points, in no unit at all.",
    "alt": "A line that falls from three to one and rises to two again, over three points.",
    "data": pd.DataFrame({"x": [1, 2, 3], "y": [3, 1, 2]}),
    "sources": ["claims"],
    "height": (3, 3),
}


def shown(capsys, monkeypatch, draw=draw, **changes) -> str:
    seen = []
    monkeypatch.setattr(figures._shown, "show", lambda html, text, data: seen.append(html))
    figures.show("test-figure", draw, **{**WORDS, **changes})
    return seen[0]


def test_words_in_the_colour_of_a_mark_can_be_read(monkeypatch, capsys):
    def written(figure, narrow):
        ax = figure.subplots()
        ax.plot([1, 2], [1, 2], color=figures.RED)
        for place, colour in enumerate(figures.WORDS):
            ax.text(1.1, 2 - place / 10, "words", color=colour, fontsize=6)
        ax.legend(["line"], labelcolor=[figures.OCHRE], loc="lower right")

    page = BeautifulSoup(shown(capsys, monkeypatch, draw=written), "html.parser")
    for svg in pictures(page):
        assert not set(figures.WORDS) & set(re.findall(r"#[0-9a-f]{6}\b", svg))
    for colour in (figures.INK, figures.MUTED, figures.RED, figures.BLUE, figures.PLUM, *figures.WORDS.values()):
        assert contrast(colour, figures.PAPER) >= 4.5, colour
        assert contrast(figures.DARK[colour], figures.DARK[figures.PAPER]) >= 4.5, colour


def places(path: str) -> list[tuple[float, float]]:
    """Return where a path whose commands tell the way from the place before leads, in its order."""
    count = {"M": 2, "l": 2, "h": 1, "v": 1, "q": 4, "c": 6, "z": 0}
    here, start, found = (0.0, 0.0), (0.0, 0.0), []
    for command, numbers in re.findall(r"([A-Za-z])([^A-Za-z]*)", path):
        values = [float(number) for number in re.findall(r"-?(?:\d+(?:\.\d+)?|\.\d+)", numbers)]
        assert command == "z" or (values and len(values) % count[command] == 0), path
        for at in range(0, len(values), count[command] or 1):
            ways = values[at : at + count[command]]
            ways = {"h": [*ways, 0.0], "v": [0.0, *ways]}.get(command, ways)
            before = (0.0, 0.0) if command == "M" else here
            found += [(before[0] + x, before[1] + y) for x, y in zip(ways[::2], ways[1::2], strict=True)]
            here = found[-1]
        start = here if command == "M" else start
        here = start if command == "z" else here
    return found


def test_paths_lead_where_they_were_drawn(capsys, monkeypatch):
    """Told as ways from place to place, every place of every line, letter and curve is still the drawn one, to a tenth."""
    drawn = []
    short = figures._path
    monkeypatch.setattr(figures, "_path", lambda path: drawn.append(path) or short(path))
    shown(capsys, monkeypatch)
    assert sum(path.count("Q") for path in drawn) > 100
    far = "M 0.02 -0.55 \nL 0.02 7 \nM 3 3 \nM 1234.5678 -9.99 \nC 1 2 3 4 0.5 -0.5 \nL 0.5 -0.5 \nz \nL 20 7.26 \nz"
    for path in [*drawn, far]:
        numbers = [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", path)]
        expected = [(round(x + 0.0003, 1), round(y + 0.0003, 1)) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]
        assert places(short(path)) == [pytest.approx(place) for place in expected]
    assert short(far) == "M0-.5v7.5M3 3M1234.6-10c-1233.6 12-1231.6 14-1234.1 9.5h0zl-1214.6 17.3z"


def uses(svg: str) -> list[tuple[float, float, str]]:
    """Return where each letter and mark of a picture stands, and its style, in their order."""

    def within(node: ElementTree.Element, moved: tuple[float, float], style: str) -> Iterator[tuple[float, float, str]]:
        style = node.get("style", style)
        if way := re.match(r"translate\((\S+) (\S+)\)", node.get("transform", "")):
            moved = (moved[0] + float(way[1]), moved[1] + float(way[2]))
        if node.tag.endswith("}use"):
            yield moved[0] + float(node.get("x", 0)), moved[1] + float(node.get("y", 0)), style
        for child in node:
            yield from within(child, moved, style)

    return list(within(ElementTree.fromstring(svg), (0.0, 0.0), ""))


def test_letters_and_marks_stand_where_they_were_drawn_in_their_colour():
    """A style said once for marks that look alike, and places said in fewer signs, change neither."""
    whole = io.StringIO()
    with matplotlib.rc_context({**matplotlib.rcParamsDefault, **figures.STYLE}):
        figure = Figure(figsize=(4, 3))
        ax = figure.subplots()
        ax.scatter([1, 2, 3], [3, 1, 2], color=figures.RED)
        ax.scatter([1, 2, 3], [1, 2, 3], color=figures.BLUE, alpha=0.5)
        ax.scatter([1, 2], [2, 3], color=[figures.RED, figures.BLUE])
        ax.set_title("Points", rotation=20)
        figure.savefig(whole, format="svg")
        short = figures._svg(figure, 4, 3)
    expected, found = uses(whole.getvalue()), uses(short)
    assert [style for *_, style in found] == [style for *_, style in expected]
    for (x, y, _), (as_drawn, up, _) in zip(found, expected, strict=True):
        assert (x, y) == pytest.approx((as_drawn, up), abs=0.11)
    once = f'style="fill: {figures.RED}; stroke: {figures.RED}"'
    assert whole.getvalue().count(once) - short.count(once) == 2
    assert short.count("opacity") == whole.getvalue().count("opacity") > 2


def test_pictures_of_the_book_are_well_formed():
    """An attribute that stands twice, say, would keep a browser from showing the picture."""
    checked = 0
    for page in PAGES.values():
        for image in page.select(".figure-plot img, .figure-plot source, .figure-steps img, .figure-steps source"):
            address = image.get("srcset") or image["src"]
            assert uses(base64.b64decode(address.split(",", 1)[1]).decode())
            checked += 1
    assert checked >= 96


def test_the_median_that_a_title_tells_is_drawn_amid_the_dots():
    for svg in pictures(PAGES["esp-lag"]):
        median = float(re.search(r'd="M([\d.]+) [\d.]+v-[\d.]+"[^>]* stroke-dasharray', svg)[1])
        dots = [across for across, _, style in uses(svg) if figures.BLUE in style]
        assert sum(x < median for x in dots) == sum(x > median for x in dots) == len(dots) / 2 > 20


def test_a_map_has_no_land_that_nobody_sees():
    """What lies outside its window would weigh as much as what lies inside, in every step again."""
    figure = Figure(figsize=(figures.WIDE, 3))
    ax = figure.subplots()
    maps.world(ax, (-11, 35, 30, 60))
    (west, east), (south, north) = ax.get_xlim(), ax.get_ylim()
    rings = [ring for marks in ax.collections for path in marks.get_paths() for ring in path.to_polygons()]
    land = shapely.union_all([shapely.make_valid(shapely.Polygon(ring)) for ring in rings])
    seen = shapely.box(west, south, east, north)
    assert land.within(seen.buffer((east - west) / 100, join_style="mitre"))
    whole = shapely.union_all(maps.countries().geometry.to_numpy()).intersection(seen).area
    assert land.intersection(seen).area == pytest.approx(whole, rel=0.01)


def test_same_bytes_on_every_run(capsys, monkeypatch):
    first = shown(capsys, monkeypatch)
    matplotlib.rcParams["font.size"] = 20  # what a cell may have changed
    assert shown(capsys, monkeypatch) == first


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "Line"},
        {"caption": ""},
        {"alt": "figure.png"},
        {"alt": "book/_images/3f2a9c.svg" + "x" * 60},
        {"alt": "The share rose to nan per cent in a year that is not known to anyone at all."},
        {"data": pd.DataFrame()},
    ],
)
def test_contract_is_enforced(capsys, monkeypatch, changes):
    with pytest.raises(figures.FigureError):
        shown(capsys, monkeypatch, **changes)


def test_markup_in_words_and_data_is_escaped(capsys, monkeypatch):
    hostile = "<script>alert('x')</script> & \"quotes\""
    page = shown(
        capsys,
        monkeypatch,
        title=f"A hostile title {hostile}",
        data=pd.DataFrame({hostile: [hostile]}),
        alt=WORDS["alt"] + hostile,
    )
    assert "<script" not in page
    assert BeautifulSoup(page, "html.parser").img["alt"].endswith(text.typeset(hostile))


# --- words that can be read where they stand


def in_the_way(ax):
    ax.axhline(1, color=figures.RED)


@pytest.mark.parametrize(
    ("put", "says"),
    [
        (lambda ax: (ax.text(1, 1, "one"), ax.text(1.01, 1, "another")), "'one' lies on 'another'"),
        (
            lambda ax: ax.annotate("far out", (1, 1), (3, 1), annotation_clip=False).set_in_layout(False),
            "'far out' is cut by the edge",
        ),
        (
            lambda ax: (in_the_way(ax), ax.text(1, 1.1, "hidden"), ax.legend(["key"], loc="center", frameon=True)),
            "'hidden' lies under a key",
        ),
        (lambda ax: (in_the_way(ax), ax.text(1, 1, "crossed", va="center")), "'crossed' lies on a line"),
        (lambda ax: (ax.plot([1], [1], "o"), ax.text(1, 1, "dotted", va="center", ha="center")), "'dotted' lies on a mark"),
        (lambda ax: (ax.scatter([1], [1]), ax.text(1, 1, "dotted", va="center", ha="center")), "'dotted' lies on a mark"),
        (lambda ax: ax.text(1, 0, "on the frame", va="center"), "'on the frame' lies on the bottom axis"),
    ],
)
def test_words_that_cannot_be_read_are_refused(monkeypatch, capsys, put, says):
    def drawn(figure, narrow):
        ax = figure.subplots()
        ax.set(xlim=(0, 2), ylim=(0, 2.5))
        put(ax)

    with pytest.raises(figures.FigureError, match=re.escape(says)):
        shown(capsys, monkeypatch, drawn)


def test_words_with_a_ground_of_their_own_may_stand_on_a_line(monkeypatch, capsys):
    def drawn(figure, narrow):
        ax = figure.subplots()
        ax.set(xlim=(0, 2), ylim=(0, 2.5))
        in_the_way(ax)
        ax.text(1, 1, "readable", va="center", bbox={"facecolor": figures.PAPER})

    assert "readable" not in shown(capsys, monkeypatch, drawn)


# --- steps to the whole


def test_steps_are_drawn_beside_the_whole_and_described(monkeypatch, capsys):
    steps = [("One point of the three stands alone.", draw), ("Two points of the three are there.", draw)]
    page = BeautifulSoup(shown(capsys, monkeypatch, steps=steps), "html.parser")
    box = page.select_one(".figure-steps")
    assert box.has_attr("hidden") and page.img["alt"] == WORDS["alt"]
    assert [image["alt"] for image in box.find_all("img")] == [words for words, _ in steps]
    assert not BeautifulSoup(shown(capsys, monkeypatch), "html.parser").select(".figure-steps")


def test_words_of_a_step_are_checked_as_those_of_the_whole(monkeypatch, capsys):
    def crossed(figure, narrow):
        ax = figure.subplots()
        in_the_way(ax)
        ax.text(0.5, 1, "crossed", va="center")

    with pytest.raises(figures.FigureError, match="'crossed' lies on a line"):
        shown(capsys, monkeypatch, steps=[("A point.", crossed)])
