"""Every figure keeps the contract: computed words, text and data beside it, house colours, the same bytes each time."""

from __future__ import annotations

import ast
import base64
import re

import matplotlib
import pandas as pd
import pytest
from bs4 import BeautifulSoup

from essay import figures, text
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
