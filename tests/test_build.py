"""The book builds strictly, its links hold, and its cache is honest."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup

from tests.book import ADDRESSES, PROJECT, build, facts, ran
from tools import pdf

CHAPTER = "eastern_state"
OTHER = "introduction"
ESSAY = ["introduction", "eastern_state", "supermax", "police", "companies", "cecot", "conclusion"]


@pytest.fixture(scope="module")
def pages(site):
    """All pages of the built book: path -> parsed HTML."""
    return {path: BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser") for path in site.glob("book/*.html")}


def test_every_term_of_the_glossary_is_linked_from_a_page_of_the_essay(pages):
    by_name = {path.stem: page for path, page in pages.items()}
    terms = {term["id"] for term in by_name["glossary"].select("dt[id^=term-]")}
    linked = {urlsplit(link["href"]).fragment for name in ESSAY for link in by_name[name].select("a.term")}
    assert len(terms) > 20
    assert terms == linked


def test_every_receipt_is_on_the_page_its_link_names(pages):
    followed = 0
    for path, page in pages.items():
        for link in page.select("a.fact"):
            address = urlsplit(link["href"])
            target = (path.parent / address.path).resolve() if address.path else path
            row = pages[target].find(id=address.fragment)
            assert row is not None, f"{path.name}: {link['href']}"
            assert row.th.get_text() == link.get_text() == facts()[address.fragment.removeprefix("fact-")]["shown"]
            followed += 1
    assert followed > 60


def pages_of(site: Path) -> list[Path]:
    """Return all pages; the theme leaves templates of its own among the static files."""
    return [path for path in site.rglob("*.html") if "_static" not in path.relative_to(site).parts]


def test_every_local_link_and_picture_is_there(site):
    """Pages of the theme and of the search among them; a link to a place on a page finds that place."""
    parsed = {path: BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser") for path in pages_of(site)}
    places = {path: {node["id"] for node in page.find_all(id=True)} for path, page in parsed.items()}
    checked = 0
    for path, page in parsed.items():
        for tag, attribute in (("a", "href"), ("img", "src"), ("source", "srcset"), ("link", "href"), ("script", "src")):
            for node in page.find_all(tag, attrs={attribute: True}):
                address = urlsplit(node[attribute])
                if address.scheme or address.netloc:
                    continue
                # The page for lost readers gives addresses from the root of the host.
                local = unquote(address.path).replace(f"{urlsplit(ADDRESSES['BOOK_URL']).path}/", f"{site}/", 1)
                target = (path.parent / local).resolve() if local else path
                if target.name == "book.pdf" and pdf.chromium() is None:
                    continue
                assert target.exists(), f"{path.name}: {node[attribute]}"
                if target in places and address.fragment:
                    assert unquote(address.fragment) in places[target], f"{path.name}: {node[attribute]}"
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


def test_every_receipt_leads_back_to_the_sentences_that_use_it(pages):
    back = 0
    for path, page in pages.items():
        for row in page.select("tr[id^=fact-]"):
            for link in row.select(".back a"):
                address = urlsplit(link["href"])
                use = pages[(path.parent / address.path).resolve() if address.path else path].find(id=address.fragment)
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
    names = [" ".join(node.get("class", [])) or node.name for node in section.find_all(recursive=False)][:5]
    assert names == ["kicker", "h1", "deck", "byline", "found docutils container"]
    assert re.fullmatch(r"Chapter [1-5]", section.p.get_text())
    assert re.match(r"\d+ minutes to read", section.select_one(".byline").get_text())
    assert section.select_one(".deck").get_text().endswith("?")
    assert len(section.select(".found a.fact")) >= 3
    assert not page.select(".admonition.finding")


def test_chapters_are_numbered_in_order(pages, site):
    numbers = [pages[site / "book" / f"{name}.html"].select_one(".kicker").get_text() for name in ESSAY]
    assert numbers == ["The essay", *(f"Chapter {n}" for n in range(1, len(ESSAY) - 1)), "The essay"]


def test_the_front_page_shows_every_claim_once(pages, site):
    page = pages[site / "book" / "index.html"]
    marks = page.select(".claim-strip a.claim-mark")
    ledger = pages[site / "book" / "ledger.html"]
    assert [mark["href"] for mark in marks] == [f"ledger.html#ledger-{claim['id']}" for claim in claims()]
    for mark in marks:
        card = ledger.find(id=urlsplit(mark["href"]).fragment)
        assert set(mark["class"]) - {"claim-mark"} == set(card["class"]) - {"claim"}
    assert sum(int(count.get_text()) for count in page.select(".claim-strip .key b")) == len(marks)


def test_ids_are_unique_on_each_page(pages):
    for path, page in pages.items():
        ids = [node["id"] for node in page.find_all(id=True)]
        assert {id for id in ids if ids.count(id) > 1} == set(), path.name


def test_tables_are_shipped_with_the_site(site):
    for path in [*(PROJECT / "data").glob("*.csv"), PROJECT / "data" / "datapackage.json"]:
        assert (site / "data" / path.name).read_bytes() == path.read_bytes()


# The tests below change the copy one after the other and put it back.


@pytest.fixture
def changed(project):
    """Change files of the copy for one test: changed(path, before, after)."""
    originals: dict[Path, str] = {}

    def change(path: Path, before: str, after: str) -> None:
        text = path.read_text(encoding="utf-8")
        assert before in text, f"{before!r} not in {path}"
        originals.setdefault(path, text)
        path.write_text(text.replace(before, after, 1), encoding="utf-8")

    yield change
    for path, text in originals.items():
        path.write_text(text, encoding="utf-8")


def page_of(project: Path, name: str) -> BeautifulSoup:
    return BeautifulSoup((project / "_build" / "html" / "book" / f"{name}.html").read_text(encoding="utf-8"), "html.parser")


def claims() -> list[dict]:
    """The claims in the order of the article, straight from the table."""
    with (PROJECT / "data" / "claims.csv").open(encoding="utf-8", newline="") as file:
        return sorted(csv.DictReader(file), key=lambda claim: int(claim["position"]))


def printed_deaths() -> int:
    """Deaths of the group printed as white, straight from the table."""
    with (PROJECT / "data" / "esp_race_outcomes.csv").open(encoding="utf-8", newline="") as file:
        return next(int(row["deaths"]) for row in csv.DictReader(file) if row["group_as_printed"] == "white")


def test_nothing_runs_again_when_nothing_changed(project):
    done = build(project, "-W", "-n", "--keep-going")
    assert done.returncode == 0
    assert ran(done) == set()


def test_a_changed_value_reaches_the_page_and_only_its_chapter_runs(project, changed):
    changed(project / "data" / "esp_race_outcomes.csv", ",32.1,", ",33.1,")
    done = build(project)
    assert done.returncode == 0, done.stderr[-2000:]
    assert ran(done) == {CHAPTER}
    assert page_of(project, CHAPTER).find(id="fact-esp-sentence-white").th.get_text() == "33.1"
    assert "esp-sentence-white" in done.stdout + done.stderr, "prose that no longer agrees must be warned of"


def test_the_old_value_comes_back_from_the_cache(project):
    done = build(project)
    assert ran(done) == set()
    assert page_of(project, CHAPTER).find(id="fact-esp-white-died").th.get_text() == str(printed_deaths())


def test_a_changed_module_runs_only_the_chapters_that_import_it(project, changed):
    changed(project / "book" / "essay" / "stats.py", "LEVEL = 0.95", "LEVEL = 0.9")
    done = build(project)
    assert CHAPTER in ran(done) and OTHER not in ran(done)
    assert "90% interval" in page_of(project, CHAPTER).find(id="fact-esp-death-ratio").get_text()


def test_a_table_behind_a_module_counts_too(project, changed):
    """The claim cards load the ledger inside `essay`; the chapter itself does not name the sources."""
    changed(project / "data" / "sources.csv", "The White House Gets Running Water", "The House Gets Running Water")
    done = build(project)
    assert CHAPTER in ran(done)
    assert "The House Gets Running Water" in page_of(project, CHAPTER).find(id="claim-esp-01").get_text()


def test_a_failing_cell_fails_the_build(project, changed):
    changed(project / "data" / "penal_visitors.csv", ",1831,", ",3831,")
    done = build(project)
    assert done.returncode != 0
    assert "penal_visitors: row" in done.stdout + done.stderr


def test_a_changed_number_in_prose_fails_the_strict_build(project, changed):
    changed(project / "book" / f"{CHAPTER}.ipynb", "[141](fact:esp-black-died)", "[142](fact:esp-black-died)")
    done = build(project, "-W", "-n", "--keep-going")
    assert done.returncode != 0
    assert "esp-black-died" in done.stdout + done.stderr


def nbval(project: Path, name: str) -> subprocess.CompletedProcess:
    """Re-run one notebook of the copy and compare its outputs."""
    command = [sys.executable, "-m", "pytest", "-q", "--nbval", "--nbval-current-env", f"book/{name}.ipynb"]
    return subprocess.run(command, cwd=project, capture_output=True, text=True, timeout=600)


def test_nbval_passes_on_what_is_committed_and_fails_on_a_changed_table(project, changed):
    assert nbval(project, OTHER).returncode == 0
    changed(project / "data" / "claims.csv", ",partly,", ",contradicted,")
    done = nbval(project, OTHER)
    assert done.returncode == 1 and "Cell execution caused an exception" not in done.stdout
