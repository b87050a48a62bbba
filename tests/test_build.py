"""The book builds strictly from what is committed, and its links hold."""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
from collections import Counter
from urllib.parse import unquote, urlsplit

import pytest

from tests.book import ADDRESSES, PROJECT, facts, notebooks, pages_of, parsed, read, soup
from tools.browser import chromium

ESSAY = ["introduction", "eastern_state", "supermax", "police", "companies", "cecot", "conclusion"]


@pytest.fixture(scope="module")
def pages(site):
    """All pages of the built book: path -> parsed HTML."""
    return {path: soup(path) for path in site.glob("book/*.html")}


@pytest.fixture(scope="module")
def places(pages):
    """What has an id on each page: path -> id -> element."""
    return {path: {node["id"]: node for node in page.find_all(id=True)} for path, page in pages.items()}


def test_a_build_with_nothing_to_do_waits_for_no_library_of_the_chapters():
    command = "import sys, tools, essay_site.hooks; print({'matplotlib', 'pandas'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", command], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_the_build_made_what_is_committed_to_the_letter(built):
    """Notebooks are committed as run: each output that the build's own run shows, pictures among them, is the stored one."""
    for path in notebooks():
        run = read(built / "_build" / "jupyter_execute" / "book" / path.name)
        made = [cell["outputs"] for cell in run["cells"] if cell["cell_type"] == "code"]
        assert made == [cell["outputs"] for cell in read(path)["cells"] if cell["cell_type"] == "code"], path.name


def test_every_term_of_the_glossary_is_linked_from_a_page_of_the_essay(pages):
    by_name = {path.stem: page for path, page in pages.items()}
    terms = {term["id"] for term in by_name["glossary"].select("dt[id^=term-]")}
    linked = {urlsplit(link["href"]).fragment for name in ESSAY for link in by_name[name].select("a.term")}
    assert len(terms) > 20
    assert terms == linked


def test_every_receipt_is_on_the_page_its_link_names(pages, places):
    recorded, followed = facts(), 0
    for path, page in pages.items():
        for link in page.select("a.fact"):
            address = urlsplit(link["href"])
            row = places[path.parent / address.path if address.path else path].get(address.fragment)
            assert row is not None, f"{path.name}: {link['href']}"
            assert row.th.get_text() == link.get_text() == recorded[address.fragment.removeprefix("fact-")]["shown"]
            followed += 1
    assert followed > 60


def test_every_local_link_and_picture_is_there(site, request):
    """Pages of the theme and of the search among them; a link to a place on a page finds that place."""
    places = {str(path): {*parsed(path).xpath("//@id")} for path in pages_of(site)}
    there = {str(path) for path in site.rglob("*")}
    checked = 0
    for path in pages_of(site):
        for link in parsed(path).xpath("//a/@href | //img/@src | //source/@srcset | //link/@href | //script/@src"):
            address = urlsplit(link)
            if address.scheme or address.netloc:
                continue
            # The page for lost readers gives addresses from the root of the host.
            local = unquote(address.path).replace(f"{urlsplit(ADDRESSES['BOOK_URL']).path}/", f"{site}/", 1)
            target = os.path.normpath(path.parent / local) if local else str(path)
            if target == str(site / "book.pdf"):
                if chromium() is None:
                    continue
                target = str(request.getfixturevalue("printed"))
                there.add(target)
            assert target in there, f"{path.name}: {link}"
            assert not address.fragment or target not in places or unquote(address.fragment) in places[target], (
                f"{path.name}: {link}"
            )
            checked += 1
    assert checked > 1000


def test_figures_are_files_in_light_and_dark(pages):
    figures = [figure for page in pages.values() for figure in page.select("figure.essay-figure")]
    assert len(figures) >= 9
    for figure in figures:
        assert {c for picture in figure.find_all("picture") for c in picture["class"]} == {"figure-light", "figure-dark"}
        for image in figure.find_all("img"):
            assert image["alt"] and image["width"] and image["height"] and image["loading"] == "lazy"
        assert "data:" not in str(figure)


def test_every_receipt_leads_back_to_the_sentences_that_use_it(pages, places):
    back = 0
    for path, page in pages.items():
        for row in page.select("tr[id^=fact-]"):
            for link in row.select(".back a"):
                address = urlsplit(link["href"])
                use = places[path.parent / address.path if address.path else path].get(address.fragment)
                assert use is not None and "fact" in use["class"], f"{path.name}: {link['href']}"
                assert use["href"].endswith(f"#{row['id']}")
                back += 1
    assert back == sum(len(page.select("a.fact")) for page in pages.values())


def test_code_stands_after_what_a_cell_shows_and_in_no_box(pages):
    folds = 0
    for path, page in pages.items():
        assert not page.select("details.hide"), path.name
        if path.name == "solutions.html":  # there the code is what a reader came for
            assert page.select("div.cell_input") and not page.select("details.code")
            continue
        for cell in page.select("div.cell"):
            assert cell.find_all(recursive=False)[-1].name == "details", path.name
            folds += len(cell.select(":scope > details.code > summary"))
    assert folds > 100


@pytest.mark.parametrize("name", ["eastern_state", "supermax", "police", "companies", "cecot"])
def test_a_chapter_opens_with_number_title_question_and_finding(pages, site, name):
    page = pages[site / "book" / f"{name}.html"]
    section = page.select_one("article.bd-article > section")
    names = [" ".join(node.get("class", [])) or node.name for node in section.find_all(recursive=False)][:6]
    assert names == ["kicker", "h1", "deck", "byline", "page-top", "found docutils container"]
    assert re.fullmatch(r"Chapter [1-5]", section.p.get_text())
    assert re.match(r"\d+ minutes to read", section.select_one(".byline").get_text())
    assert section.select_one(".deck").get_text().endswith("?")
    assert len(section.select(".found a.fact")) >= 3
    assert not page.select(".admonition.finding")


def test_citations_read_on_pages_as_in_notebooks(pages, site):
    link = re.compile(r'\[([^\]]+, (?:\d{4}|n\.d\.))\]\(https?://[^\s()]+ "[\w-]+"\)')
    cited = Counter()
    for path in notebooks():
        text = "\n".join("".join(cell["source"]) for cell in read(path)["cells"] if cell["cell_type"] == "markdown")
        stored = Counter(link.findall(text))
        links = pages[site / "book" / f"{path.stem}.html"].select(".bd-article a[href^='bibliography.html#']")
        assert stored <= Counter(a.get_text().replace("\u00a0", " ") for a in links), path.stem
        cited += stored
    assert cited.total() > 300


def test_chapters_are_numbered_in_order(pages, site):
    numbers = [pages[site / "book" / f"{name}.html"].select_one(".kicker").get_text() for name in ESSAY]
    assert numbers == ["The essay", *(f"Chapter {n}" for n in range(1, len(ESSAY) - 1)), "The essay"]


def test_the_front_page_shows_every_claim_once(pages, site):
    page = pages[site / "book" / "index.html"]
    marks = page.select(".claim-strip a.claim-mark")
    ledger = pages[site / "book" / "ledger.html"]
    assert [mark["href"] for mark in marks] == [
        f"ledger.html?verdict={claim['verdict']}#ledger-{claim['id']}" for claim in claims()
    ]
    for mark in marks:
        card = ledger.find(id=urlsplit(mark["href"]).fragment)
        assert set(mark["class"]) - {"claim-mark"} == set(card["class"]) - {"claim"}
    assert sum(int(count.get_text()) for count in page.select(".claim-strip .key b")) == len(marks)


def test_ids_are_unique_on_each_page(pages):
    for path, page in pages.items():
        ids = Counter(node["id"] for node in page.find_all(id=True))
        assert {id for id, count in ids.items() if count > 1} == set(), path.name


def test_tables_are_shipped_with_the_site(site):
    for path in [*(PROJECT / "data").glob("*.csv"), PROJECT / "data" / "datapackage.json"]:
        assert (site / "data" / path.name).read_bytes() == path.read_bytes()


def claims() -> list[dict]:
    """The claims in the order of the article, straight from the table."""
    with (PROJECT / "data" / "claims.csv").open(encoding="utf-8", newline="") as file:
        return sorted(csv.DictReader(file), key=lambda claim: int(claim["position"]))
