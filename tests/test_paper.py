"""The book off the screen: as an EPUB, as one PDF, and a chapter as a reader's browser prints it."""

from __future__ import annotations

import functools
import io
import re
import zipfile
from itertools import pairwise
from pathlib import Path
from posixpath import dirname, join, normpath
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
import yaml
from bs4 import BeautifulSoup
from PIL import Image
from pypdf import PdfReader
from pypdfium2 import PdfDocument

from essay_site.published import epub
from tests.book import ADDRESSES, PROJECT, recorded, settled
from tools import pdf

NAMES = {
    "opf": "http://www.idpf.org/2007/opf",
    "dc": "http://purl.org/dc/elements/1.1/",
    "ncx": "http://www.daisy.org/z3986/2005/ncx/",
    "html": "http://www.w3.org/1999/xhtml",
}
# The width of what is printed on a page of A4 (house.css), in CSS pixels.
A4 = {"width": 597, "height": 960}
TO_PRESS = ", ".join(
    (
        *("nav", "button:not(thead button)", "input", "select", "form", ".bd-sidebar", ".bd-header-article", ".prev-next-area"),
        *(".headerlink", ".copybtn", ".figure-tools", ".figure-layer", ".step-bar", ".table-tools", ".receipt"),
        *("details.code", "details.figure-data", ".site-only"),
    )
)
SEEN = """(what) => [...document.querySelectorAll(what)]
  .filter((node) => node.checkVisibility() && node.getClientRects().length).map((node) => node.outerHTML.slice(0, 90))"""
# What is wider than the page, or than a box that hides or scrolls it, loses its end on paper.
CUT = """() => [...document.querySelectorAll(".bd-article *")].filter((node) => {
  if (!node.checkVisibility({ opacityProperty: true }) || node.closest(".visually-hidden, .title-colon, svg")) return false;
  const style = getComputedStyle(node);
  const clipped = style.overflowX !== "visible" && node.scrollWidth > node.clientWidth + 1 && style.display !== "inline";
  const lower = style.overflowY !== "visible" && node.scrollHeight > node.clientHeight + 1 && style.display !== "inline";
  return clipped || lower || node.getBoundingClientRect().right > innerWidth + 1;
}).map((node) => node.outerHTML.slice(0, 90))"""
CHAPTERS = ("eastern_state", "supermax", "police", "companies", "cecot")
CITATION = yaml.safe_load((PROJECT / "CITATION.cff").read_text(encoding="utf-8"))


def page(site, name: str) -> BeautifulSoup:
    """Return a page of the site, without the signs that lead to its headings."""
    found = BeautifulSoup((site / "book" / f"{name}.html").read_text(encoding="utf-8"), "html.parser")
    for sign in found.select(".headerlink"):
        sign.decompose()
    return found


@pytest.fixture(scope="module")
def contents(site) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """What the contents of the book are, from the pages: (page, title, sections), a section as (anchor, title)."""
    found = []
    for name in pdf.page_names():
        article = page(site, name).select_one("article.bd-article")
        # A section keeps the place of every name it has had; the first is its own.
        sections = [(heading.parent["id"], pdf.words(heading)) for heading in article.select("section > section > h2")]
        found.append((name, pdf.words(article.h1), sections))
    return found


@pytest.fixture(scope="module")
def book(site) -> dict[str, bytes]:
    """The files of the EPUB."""
    with zipfile.ZipFile(site / "book.epub") as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def linear(files: dict[str, bytes]) -> list[str]:
    """Return the pages of an EPUB in reading order."""
    root = ElementTree.fromstring(files["content.opf"])
    files_of = {item.get("id"): item.get("href") for item in root.iter(f"{{{NAMES['opf']}}}item")}
    spine = list(root.iter(f"{{{NAMES['opf']}}}itemref"))
    assert all(item.get("linear") is None for item in spine), "everything is read through"
    return [files_of[item.get("idref")] for item in spine]


def test_the_epub_lists_every_chapter_and_section_in_reading_order(contents, book):
    expected = [
        entry
        for name, title, sections in contents
        for entry in [(f"book/{name}.xhtml", title), *((f"book/{name}.xhtml#{anchor}", words) for anchor, words in sections)]
    ]
    assert len(contents) == len(pdf.page_names()) and len(expected) > 100
    navigation = ElementTree.fromstring(book["nav.xhtml"])
    listed = [(link.get("href"), "".join(link.itertext())) for link in navigation.findall(".//html:nav//html:a", NAMES)]
    assert listed == expected
    points = ElementTree.fromstring(book["toc.ncx"]).findall(".//ncx:navPoint", NAMES)
    old = [(point.find("ncx:content", NAMES).get("src"), point.find("ncx:navLabel/ncx:text", NAMES).text) for point in points]
    assert old == expected
    # Sections stand under their chapter.
    chapters = navigation.findall(".//html:nav/html:ol/html:li", NAMES)
    under = [len(chapter.findall("html:ol/html:li", NAMES)) for chapter in chapters]
    assert under == [len(sections) for _, _, sections in contents]
    assert linear(book) == ["epub-cover.xhtml", *(f"book/{name}.xhtml" for name, _, _ in contents)]


def test_every_link_inside_the_epub_arrives(book):
    pages = {name: ElementTree.fromstring(book[name]) for name in linear(book)}
    ids = {name: {node.get("id") for node in root.iter()} for name, root in pages.items()}
    checked = 0
    for name, root in pages.items():
        for link in root.findall(".//html:a[@href]", NAMES):
            file, _, anchor = link.get("href").partition("#")
            if ":" in file:
                continue
            target = normpath(join(dirname(name), unquote(file))) if file else name
            assert target in book and (not anchor or unquote(anchor) in ids[target]), f"{name}: {link.get('href')}"
            checked += 1
    assert checked > 2000


def test_each_page_of_the_epub_leads_on(contents, book):
    names = [name for name, _, _ in contents]
    for before, name, after in zip([None, *names], names, [*names[1:], None], strict=False):
        links = ElementTree.fromstring(book[f"book/{name}.xhtml"]).findall(".//*[@class='way-on']//html:a", NAMES)
        assert [link.get("href") for link in links] == [f"{other}.xhtml" for other in (before, after) if other]


def test_the_epub_tells_who_made_it_and_has_a_cover(book):
    root = ElementTree.fromstring(book["content.opf"])
    told = {tag: [one.text for one in root.findall(f".//dc:{tag}", NAMES)] for tag in ("title", "creator", "contributor")}
    assert told == {
        "title": [CITATION["title"].partition(":")[0]],
        "creator": [author["name"] for author in CITATION["authors"]],
        "contributor": [],
    }
    (cover,) = root.findall(".//opf:item[@properties='cover-image']", NAMES)
    assert root.find(".//opf:meta[@name='cover']", NAMES).get("content") == cover.get("id"), "as older readers ask"
    with Image.open(io.BytesIO(book[cover.get("href")])) as picture:
        assert picture.size == epub.COVER_SIZE
        # The margins stay paper: no word runs over the edge.
        paper, (across, up) = picture.getpixel((2, 2)), picture.size
        for box in ((0, 0, across // 20, up), (across - across // 20, 0, across, up), (0, up - up // 20, across, up)):
            assert picture.crop(box).getcolors() == [((box[2] - box[0]) * (box[3] - box[1]), paper)], box


def test_the_epub_has_nothing_that_needs_a_script_or_the_site(site, book):
    pages = {name: BeautifulSoup(book[name], "html.parser") for name in linear(book)}
    for name, found in pages.items():
        assert found.html["lang"] == found.html["xml:lang"] == "en"
        assert [sheet["href"].rpartition("/")[2] for sheet in found.find_all("link", rel="stylesheet")] == ["epub.css"], name
        needing = found.select(
            "script, button, form, input, select, [hidden], .figure-steps, .step-bar, [data-values], details.code"
        )
        assert needing == [], f"{name}: {needing[:1]}"
        # What a reader can take from a figure lies on the site.
        for link in found.select(".figure-tools a"):
            assert link["href"].startswith(ADDRESSES["BOOK_URL"]), name
    words = "".join(found.get_text() for found in pages.values())
    marked = [said.get_text() for name in ("index", *CHAPTERS) for said in page(site, name).select(f".{epub.SITE_ONLY}")]
    assert len(marked) == 3 and not any(said in words for said in marked)


def outlined(outline: list, depth: int = 0) -> list[tuple[int, str]]:
    """Return the entries of a PDF's outline as (depth, title)."""
    found = []
    for entry in outline:
        found += outlined(entry, depth + 1) if isinstance(entry, list) else [(depth, entry.title)]
    return found


def words_of(book: Path | bytes) -> list[str]:
    """Return the words of each page of a PDF."""
    return [" ".join(page.get_textpage().get_text_range().split()) for page in PdfDocument(book)]


@pytest.fixture(scope="module")
def sheets(printed) -> list[str]:
    """The words of each page of the PDF."""
    return words_of(printed)


@pytest.fixture(scope="module")
def begins(printed) -> list[int]:
    """On which page of the PDF, counted from 0, each page of the site begins, and the end of the book."""
    book = PdfReader(printed)
    return [book.get_destination_page_number(each) for each in book.outline if not isinstance(each, list)] + [len(book.pages)]


def test_the_outline_of_the_pdf_has_the_titles_as_they_read(site, printed, contents):
    assert {name for name, _, _ in contents} == {path.stem for path in site.glob("book/*.html")}, "every page is in the book"
    expected = [entry for _, title, sections in contents for entry in [(0, title), *((1, words) for _, words in sections)]]
    # The outline goes deeper than sections, and names the receipts that are gathered at the end of a page.
    listed = [(depth, title) for depth, title in outlined(PdfReader(printed).outline) if depth < 2]
    assert [entry for entry in listed if entry != (1, "Receipts")] == expected
    assert listed.count((1, "Receipts")) >= len(CHAPTERS)


def test_the_contents_of_the_pdf_name_the_pages_and_these_have_heads(sheets, begins, contents):
    assert len(begins) == len(contents) + 1
    for (_, title, _), begin in zip(contents[1:], begins[1:], strict=False):
        assert f"{title} {begin + 1} " in f"{sheets[0]} ", title
    for (_, title, _), begin, after in zip(contents, begins, begins[1:], strict=False):
        head = title.partition(":")[0]
        for number in {begin, after - 1}:
            assert sheets[number].startswith(head), number + 1
            assert re.search(rf"\b{number + 1}\b", sheets[number][len(head) :]), f"page {number + 1} has no number"
    assert not sheets[0].endswith(" 1"), "the cover has no number"


def test_the_pdf_holds_every_figure_in_its_chapter(sheets, begins, contents):
    letters = re.compile(r"\W+")
    places = {name: slice(*pages) for (name, _, _), pages in zip(contents, pairwise(begins), strict=True)}
    for notebook in {name for name, _ in recorded("figure")}:
        titles = {letters.sub("", figure["title"]) for name, figure in recorded("figure") if name == notebook}
        words = letters.sub("", "".join(sheets[places[notebook.removesuffix(".ipynb")]]))
        assert [title for title in titles if title not in words] == [], notebook


def test_the_pdf_is_long_and_tagged_and_its_links_lead_into_it_or_to_the_net(printed):
    book = PdfReader(printed)
    assert len(book.pages) > 100
    assert "/StructTreeRoot" in book.trailer["/Root"], "tagged for screen readers"
    links = [annotation.get_object().get("/A", {}).get("/URI") for page in book.pages for annotation in page.get("/Annots", [])]
    assert [address for address in links if (address or "").startswith("file:")] == []
    assert links.count(None) > 500 and len(links) - links.count(None) > 300


def test_the_pdf_tells_who_made_it(printed):
    book = PdfReader(printed)
    told = book.metadata
    assert told.title == CITATION["title"].partition(":")[0] and told.author == CITATION["authors"][0]["name"]
    assert told.subject.split() == CITATION["abstract"].split() and told["/Keywords"].split(", ") == CITATION["keywords"]
    root = book.trailer["/Root"]
    assert root["/Lang"] == "en" and root["/ViewerPreferences"]["/DisplayDocTitle"], "for screen readers and the window's title"


def test_an_outline_of_other_headings_is_refused(new_page):
    page = new_page()
    page.set_content("<h1>First<br>line</h1><h2>Second</h2>")
    printed = page.pdf(**pdf.PRINT)
    described = PdfReader(io.BytesIO(pdf.described(printed, ["First line", "Second"], "Title")))
    assert outlined(described.outline) == [(0, "First line"), (1, "Second")]
    with pytest.raises(SystemExit, match="does not have the headings"):
        pdf.described(printed, ["First line", "Another"], "Title")


def test_no_work_of_the_printed_bibliography_is_torn(site, sheets, begins):
    letters = re.compile(r"\W+")
    plain = [letters.sub("", sheet) for sheet in sheets[slice(*begins[-2:])]]
    works = [letters.sub("", work.get_text()) for work in page(site, "bibliography").select(".citation")]
    assert len(works) > 200
    for work in works:
        assert any(work in words for words in plain), work[:80]


# What a reader would print: name of the page, and whether scripts run.
PRINTED = [("cecot", True), ("cecot", False), ("companies", False)]


@pytest.fixture(scope="module")
def paper(browser, address):
    """paper(name, scripts) returns the words of a page of the site as a browser prints it, and that page, set for paper."""
    contexts = []

    def made(name: str, scripts: bool):
        context = browser.new_context(java_script_enabled=scripts, viewport=A4)
        contexts.append(context)
        sheet = context.new_page()
        sheet.goto(f"{address}book/{name}.html", wait_until="load")
        if scripts:
            settled(sheet)
        words = words_of(sheet.pdf(prefer_css_page_size=True))
        sheet.emulate_media(media="print")
        return words, sheet

    yield functools.cache(made)
    for context in contexts:
        context.close()


@pytest.mark.parametrize(("name", "scripts"), PRINTED)
def test_a_printed_chapter_has_its_claims_and_receipts_open(site, paper, name, scripts):
    letters = re.compile(r"\W+")
    sheets, _ = paper(name, scripts)
    words = letters.sub("", "".join(sheets))
    # The number of a page stands wherever one ends.
    numbers = {str(number + 1) for number in range(len(sheets))}
    article = page(site, name).select_one("article.bd-article")
    for back in article.select(".receipts .back"):
        back.decompose()
    parts = article.select("article.claim dd > ul > li, article.claim dt, .receipts tbody :is(th, td)")
    assert len(article.select("article.claim")) > 4 and len(parts) > 200
    for part in parts:
        said = letters.sub("", part.get_text())
        assert said in words or any(said in words.replace(number, "") for number in numbers), part.get_text()
    assert "The code is folded" not in " ".join(sheets)


@pytest.mark.parametrize(("name", "scripts"), PRINTED)
def test_a_printed_chapter_has_nothing_to_press_and_nothing_cut_off(paper, name, scripts):
    _, sheet = paper(name, scripts)
    assert sheet.evaluate(SEEN, TO_PRESS) == []
    assert sheet.evaluate(CUT) == []
    for heading in sheet.locator("thead button").all():
        assert heading.evaluate("node => getComputedStyle(node).textDecorationLine") == "none", "a word like any other"
    figures = sheet.locator("figure.essay-figure")
    assert figures.count() > 5
    for figure in figures.all():
        assert figure.locator(".figure-plot img >> visible=true").count() == 1


def test_an_older_browser_unfolds_for_paper_and_folds_again(new_page, address):
    sheet = new_page()
    sheet.add_init_script("CSS.supports = () => false")
    sheet.goto(f"{address}book/cecot.html", wait_until="load")
    closed = settled(sheet).locator("details:not([open])")
    before = closed.count()
    assert before > 20
    sheet.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert closed.count() == 0
    sheet.evaluate("dispatchEvent(new Event('afterprint'))")
    assert closed.count() == before
