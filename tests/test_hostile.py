"""What a hostile table says is shown as text: nothing of it runs, breaks out of an attribute or calls a formula."""

from __future__ import annotations

import base64
import csv
import io
import re
import shutil

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from docutils.core import publish_parts
from myst_parser.docutils_ import Parser

from essay import claims, facts, figures, shown, tables
from essay_site.data import catalogue, figure_files
from tests.book import PROJECT, still

CELLS = [
    "<script>alert('cell')</script>",
    "<img src=x onerror=alert('cell')>",
    '" onmouseover="alert(\'cell\')" data-broken="',
    "' onfocus='alert(1)' autofocus data-broken='",
    "</td></table></details></figure><svg onload=alert('cell')>",
    "x --><script>alert('cell')</script><!--",
    "a & b &lt;script&gt; < c > d",
    "[words](javascript:alert('cell')) ![x](x) `{raw}` | pipe | $x$ {cite:p}`x`",
    'href="data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg=="',
    "data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+",
]
ADDRESSES = ["javascript:alert(1)", " JavaScript:alert(1)", "data:text/html,<script>alert(1)</script>", "vbscript:x", "//x"]
# The position of each piece among those that `show_everything` shows.
LEDGER, FIGURE = 2, 3
EXPECTED = {"https", "http", "", "data:image/svg+xml", "data:text/csv"}


def dangers(page: str) -> list[str]:
    """Return what would run in a page, or broke out of the place where it was put."""
    found = []
    for tag in BeautifulSoup(page, "html.parser").find_all(True):
        if tag.name in ("script", "iframe", "object", "embed", "svg", "base", "form", "meta", "style"):
            found.append(f"element {tag.name}")
        for name, value in tag.attrs.items():
            if name.startswith("on") or name in ("data-broken", "autofocus", "style"):
                found.append(f"attribute {name}")
            if name in ("href", "src", "srcset", "action"):
                scheme = re.match(r"\s*(data:[\w/+]*|[\w.+-]+(?=:))?", str(value))[1] or ""
                if scheme.lower() not in EXPECTED or str(value).startswith("//"):
                    found.append(f"address {value}")
    return found


@pytest.fixture
def pages(monkeypatch) -> list[str]:
    """The pieces of HTML that the library shows, in the order in which it does."""
    kept: list[str] = []
    monkeypatch.setattr(shown, "show", lambda page, text, data: kept.append(page))
    return kept


def hostile_table() -> pd.DataFrame:
    """A table of facts with something hostile in every column that is shown."""
    rows = [(f"id-{number}", cell, ADDRESSES[number % len(ADDRESSES)]) for number, cell in enumerate(CELLS)]
    table = pd.DataFrame(
        [(id, cell, cell, cell, address, cell) for id, cell, address in rows],
        columns=["id", "statement", "value", "source_title", "source_url", "read_at"],
        dtype="string",
    )
    table.attrs["table"] = "facts_esp"
    return table


def show_everything(monkeypatch) -> None:
    """Show receipts, claim cards, a figure and a table of hostile data."""
    table = hostile_table()
    facts.receipts(*(facts.sourced(id, table, "{}") for id in table["id"]))
    ledger = claims._ledger().head(len(CELLS)).copy()
    for column in ("claim", "finding", "correction", "lost_text", "copy_drift"):
        ledger[column] = pd.array(CELLS, dtype="string")
    citations = claims._citations().head(len(CELLS)).copy()
    citations["claim_id"] = ledger["id"].to_numpy()
    for column in ("title", "publisher", "year"):
        citations[column] = pd.array(CELLS, dtype="string")
    citations["url"] = pd.array((ADDRESSES * 2)[: len(CELLS)], dtype="string")
    monkeypatch.setattr(claims, "_ledger", lambda: ledger)
    monkeypatch.setattr(claims, "_citations", lambda: citations)
    claims.cards(*ledger["id"])
    claims.ledger(ledger["chapter"].iloc[0])
    data = pd.DataFrame(dict.fromkeys(CELLS, CELLS))
    everything = " ".join(CELLS)

    def draw(figure, narrow):
        ax = figure.subplots()
        # A dollar sign starts a formula of matplotlib's own, which is no matter of safety.
        ax.barh([cell.replace("$", "")[:20] for cell in CELLS], range(len(CELLS)))

    figures.show(
        "hostile",
        draw,
        title=everything,
        caption=everything,
        alt="A picture of words that mean no good: " + everything.replace("/", " "),
        data=data,
        sources=["claims"],
        height=(3, 3),
    )
    shown.table(data, everything)


def test_what_is_shown_of_a_hostile_table_is_text(pages, monkeypatch):
    show_everything(monkeypatch)
    assert len(pages) == 5
    for position, page in enumerate(pages):
        assert dangers(page) == []
        if position == LEDGER:  # one part of the ledger, with some of the claims
            continue
        read = BeautifulSoup(page, "html.parser").get_text()
        assert all(cell in read for cell in CELLS)


@pytest.mark.parametrize("page", [*CELLS[:6], *(f'<a href="{address}">x</a>' for address in ADDRESSES)])
def test_the_check_for_dangers_bites(page):
    attribute = f'<p title="{page}">x</p>' if page.startswith('"') else f"<p title='{page}'>x</p>" if page[0] == "'" else page
    assert dangers(attribute)


def test_pictures_carry_no_words_that_run(pages, monkeypatch):
    show_everything(monkeypatch)
    figure = BeautifulSoup(pages[FIGURE], "html.parser")
    for address in (figure.img["src"], figure.source["srcset"]):
        svg = BeautifulSoup(base64.b64decode(address.split(",", 1)[1]).decode(), "html.parser")
        assert not svg.find_all(["script", "foreignobject", "image", "a"])
        assert not [name for tag in svg.find_all(True) for name in tag.attrs if name.startswith("on")]


def test_no_cell_passes_for_a_file_of_the_site(pages, monkeypatch):
    """The site's figures are taken out of the page and written as files: a cell must not add one or replace one."""
    show_everything(monkeypatch)
    assert len(figure_files.EMBEDDED.findall(pages[FIGURE])) == 2
    assert [name for name, _ in figure_files.CSV.findall(pages[FIGURE])] == ["hostile.csv", "hostile-drawn.csv"]


def test_the_download_is_the_data(pages, monkeypatch):
    show_everything(monkeypatch)
    link = BeautifulSoup(pages[FIGURE], "html.parser").find("a", download=True)
    rows = list(csv.reader(io.StringIO(base64.b64decode(link["href"].split(",", 1)[1]).decode(), newline="")))
    assert rows == [CELLS, *([cell] * len(CELLS) for cell in CELLS)]


FORMULAS = ["=HYPERLINK(A1)", "+1+cmd|'/c calc'!A0", "@SUM(A1)", "-2+3+cmd", "\t=1", "\r=1"]
FORMULAS[3] = "-cmd|'/c calc'!A0"


@pytest.mark.parametrize("cell", FORMULAS)
def test_a_formula_is_not_offered_for_download(pages, monkeypatch, cell):
    words = {"title": "A title that is long enough", "caption": "A caption that is long enough to pass.", "alt": "x" * 60}
    for data in (pd.DataFrame({"x": [cell]}), pd.DataFrame({cell: [1]})):
        with pytest.raises(figures.FigureError, match="formula"):
            figures.show("f", lambda f, n: None, **words, data=data, sources=["claims"], height=(3, 3))
    numbers = pd.DataFrame({"x": ["-3", "-0.5"], "y": [-1, -2]})
    figures.show("f", lambda f, n: None, **words, data=numbers, sources=["claims"], height=(3, 3))


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        *((formula, "formula") for formula in FORMULAS if formula[0] not in "\t\r"),
        ("abc\u202edcba", "hidden"),
        ("abc\u200fdef", "hidden"),
        ("abc\u2066def", "hidden"),
        ("abc\x07def", "hidden"),
    ],
)
def test_a_formula_or_a_hidden_mark_in_a_table_is_refused(tmp_path, monkeypatch, cell, says):
    copied = tmp_path / "data"
    shutil.copytree(PROJECT / "data", copied, ignore=shutil.ignore_patterns("raw", "recipes"))
    path = copied / "facts_esp.csv"
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
    rows[4][rows[0].index("source_publisher")] = cell
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    monkeypatch.setattr(tables, "DATA", copied)
    with pytest.raises(tables.TableError, match=f"facts_esp: row 5: source_publisher = .*{says}"):
        tables.load("facts_esp")


def hostile_resource(cell: str) -> dict:
    """The description of a table with one hostile text everywhere."""
    return {
        "name": "hostile",
        "path": "hostile.csv",
        "rows": 1,
        "bytes": 1,
        "licenses": [{"title": cell, "path": "https://example.org/a_b(c)?q=<x>"}, {"title": cell}],
        "sources": [{"title": cell, "path": "https://example.org/)<x", "publisher": cell, "accessed": cell, "citation": cell}],
        "caveats": [cell],
        "schema": {
            "fields": [{"name": "a", "type": "string", "unit": cell, "description": cell, "constraints": {"enum": [cell]}}]
        },
        **dict.fromkeys(("title", "row", "description"), cell),
    }


def rendered(markdown: list[str]) -> str:
    """Return Markdown as the HTML that the book's parser makes of it."""
    settings = {"myst_enable_extensions": ["colon_fence"], "report_level": 5, "file_insertion_enabled": False}
    return publish_parts("\n".join(markdown), parser=Parser(), writer_name="html5", settings_overrides=settings)["body"]


@pytest.mark.parametrize("cell", CELLS)
def test_catalogue_entry_is_text(cell):
    page = rendered(catalogue.entry(hostile_resource(cell), []))
    assert dangers(page) == []
    words = " ".join(BeautifulSoup(page, "html.parser").get_text().split())
    assert words.count(" ".join(cell.split())) >= 8


@pytest.mark.parametrize("address", ADDRESSES)
def test_catalogue_refuses_an_address_that_runs(address):
    resource = hostile_resource("x")
    resource["sources"][0]["path"] = address
    with pytest.raises(ValueError, match="no address of the web"):
        catalogue.entry(resource, [])


def test_nothing_runs_in_a_browser(pages, monkeypatch, new_page, tmp_path):
    show_everything(monkeypatch)
    pieces = [*pages, *(rendered(catalogue.entry(hostile_resource(cell), [])) for cell in CELLS)]
    path = tmp_path / "hostile.html"
    path.write_text(f"<!doctype html><meta charset=utf-8><title>x</title><main>{''.join(pieces)}</main>", encoding="utf-8")
    page = new_page()
    said: list[str] = []
    page.on("dialog", lambda dialog: (said.append(f"dialog {dialog.message}"), dialog.dismiss()))
    page.on("console", lambda message: said.append(f"console {message.text}"))
    page.on("pageerror", lambda error: said.append(f"error {error}"))
    page.goto(path.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    for link in page.locator("main a").all()[:40]:
        link.hover()
    still(page)
    assert said == []
    assert page.locator("main").inner_text().count("alert('cell')") > 10
    # The listener hears what runs.
    other = new_page()
    other.on("dialog", lambda dialog: (said.append(f"dialog {dialog.message}"), dialog.dismiss()))
    path.write_text(f"<!doctype html><main>{CELLS[0]}</main>", encoding="utf-8")
    other.goto(path.as_uri())
    assert said == ["dialog cell"]
