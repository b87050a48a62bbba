"""The book off the screen: as an EPUB, as one PDF, and a chapter as a reader's browser prints it."""

from __future__ import annotations

import io
import zipfile
from posixpath import dirname, join, normpath
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
import yaml
from bs4 import BeautifulSoup
from PIL import Image

from essay_site.published import epub
from tests.book import ADDRESSES, PROJECT
from tools import pdf

NAMES = {
    "opf": "http://www.idpf.org/2007/opf",
    "dc": "http://purl.org/dc/elements/1.1/",
    "ncx": "http://www.daisy.org/z3986/2005/ncx/",
    "html": "http://www.w3.org/1999/xhtml",
}
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
    assert len(contents) == 16 and len(expected) > 100
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
    for name in linear(book):
        found = BeautifulSoup(book[name], "html.parser")
        assert found.html["lang"] == found.html["xml:lang"] == "en"
        assert [sheet["href"].rpartition("/")[2] for sheet in found.find_all("link", rel="stylesheet")] == ["epub.css"], name
        needing = found.select(
            "script, button, form, input, select, [hidden], .figure-steps, .step-bar, [data-values], details.code"
        )
        assert needing == [], f"{name}: {needing[:1]}"
        # What a reader can take from a figure lies on the site.
        for link in found.select(".figure-tools a"):
            assert link["href"].startswith(ADDRESSES["BOOK_URL"]), name
    pages = "".join(page(site, name).get_text() for name in ("index", "eastern_state"))
    words = "".join(BeautifulSoup(book[name], "html.parser").get_text() for name in linear(book))
    for sentence in epub.OF_THE_SITE:
        assert sentence in pages and sentence not in words, sentence
    assert "code is folded" not in words
