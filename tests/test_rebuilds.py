"""Built again after a change, the book runs and writes what the change concerns, no more and no less."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from tests.book import NBVAL, STRICT, build, ran

CHAPTER = "companies"
# Two chapters that run quickly.
QUICK = ("changes", "conclusion")
# A title of letters alone: others are set with quotation marks and dashes of their own.
TITLE = re.compile(r"^  title = \{\{([A-Za-z ]+)\}\},$", re.MULTILINE)


@pytest.fixture
def project(workshop) -> Path:
    """The book as it was built: a test pays for its own change alone."""
    return workshop


def change(path: Path, before: str, after: str) -> None:
    """Put other words in a file."""
    text = path.read_text(encoding="utf-8")
    assert before in text, f"{before!r} not in {path}"
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


def page_of(project: Path, name: str) -> BeautifulSoup:
    return BeautifulSoup((project / "_build" / "html" / "book" / f"{name}.html").read_text(encoding="utf-8"), "html.parser")


def pages_of_countries(project: Path) -> dict[str, int]:
    """Return when each page of a country was written."""
    return {path.name: path.stat().st_mtime_ns for path in (project / "_build" / "html" / "book" / "country").glob("*.html")}


def test_nothing_runs_again_when_nothing_changed(project):
    done = build(project, *STRICT)
    assert done.returncode == 0
    assert ran(done) == set()


def test_a_changed_value_reaches_the_page_and_the_old_one_comes_back_from_the_cache_while_a_doi_reaches_every_page(project):
    """Its chapter alone runs, once; for the DOI none does, and pages are written without being read."""
    table = project / "data" / "facts_aca.csv"
    values = ['about 15,000 dollars.",15000,', 'about 16,000 dollars.",16000,']
    change(table, *values)
    done = build(project)
    assert done.returncode == 0, done.stderr[-2000:]
    assert ran(done) == {CHAPTER}
    assert page_of(project, CHAPTER).find(id="fact-aca-price").th.get_text() == "16,000"
    assert "aca-price" in done.stdout + done.stderr, "prose that no longer agrees must be warned of"
    change(table, *reversed(values))
    change(project / "CITATION.cff", "license: MIT", "license: MIT\ndoi: 10.5281/zenodo.1")
    done = build(project, *STRICT)
    assert done.returncode == 0 and ran(done) == set(), done.stderr[-2000:]
    assert page_of(project, CHAPTER).find(id="fact-aca-price").th.get_text() == "15,000"
    for name in (CHAPTER, "method", "country/col"):
        assert "https://doi.org/10.5281/zenodo.1" in page_of(project, name).find(id="cite").get_text(), name


def test_changed_works_and_words_reach_their_pages_and_leave_those_of_countries_alone(project):
    """No chapter runs; the search knows the pages of countries all the same. Cards and styles are kept while they hold."""
    before = pages_of_countries(project)
    site = project / "_build" / "html"
    cards = {path.name: path.read_bytes() for path in (site / "_images").glob("card-*.png")}
    styles = site / "_static" / "styles" / "site.css"
    assert ".fst-italic" not in styles.read_text(encoding="utf-8")
    title = TITLE.search((project / "book" / "references.bib").read_text(encoding="utf-8"))[1]
    assert title in page_of(project, "bibliography").get_text()
    change(project / "book" / "references.bib", title, f"{title}, corrected")
    change(project / "book" / "method.md", "# Method\n", "# Method\n\n[Once more.]{.fst-italic}\n")
    done = build(project, *STRICT)
    assert done.returncode == 0, done.stderr[-2000:]
    assert ran(done) == set()
    assert f"{title}, corrected" in page_of(project, "bibliography").get_text()
    assert "Once more." in page_of(project, "method").get_text()
    assert {name for name in cards if (site / "_images" / name).read_bytes() != cards[name]} == {"card-method.png"}
    assert ".fst-italic" in styles.read_text(encoding="utf-8")
    assert pages_of_countries(project) == before
    known = (site / "_static" / "search" / "places.js").read_text(encoding="utf-8")
    assert "Once more." in known and [name for name in before if f'"book/country/{name}"' not in known] == []


def test_a_changed_row_reaches_the_page_of_its_country(project):
    """The page of countries itself does not load the table: a table behind a module counts too."""
    before = pages_of_countries(project)
    change(project / "data" / "private_prison_reversals.csv", ",HMP Buckley Hall,", ",HMP Mill Hall,")
    done = build(project, *STRICT)
    assert done.returncode == 0, done.stderr[-2000:]
    assert ran(done) == {CHAPTER, "countries"}
    assert "Mill Hall" in page_of(project, "country/gbr").get_text()
    after = pages_of_countries(project)
    assert after.keys() == before.keys() and all(after[name] > before[name] for name in after)


def test_a_failing_cell_fails_the_build(project):
    change(project / "data" / "penal_visitors.csv", ",1831,", ",3831,")
    done = build(project)
    assert done.returncode != 0
    assert "penal_visitors: row" in done.stdout + done.stderr


def test_a_strict_build_stops_at_each_warning_and_tells_all_of_them(project):
    """What kernels of two pages warn of, which are read side by side: with page and cell, and readers see nothing of it. A
    number in prose that is another than its cell's. And a work that cannot be set, each time and alone too."""
    book = project / "book"
    mended = {path: path.read_bytes() for path in (book / f"{name}.ipynb" for name in (*QUICK, CHAPTER))}
    for name in QUICK:
        change(
            book / f"{name}.ipynb",
            '"from essay import',
            "\"import sys; print('said' + '-aside', file=sys.stderr)\\n\", \"from essay import",
        )
    change(book / f"{CHAPTER}.ipynb", "[15,000](#fact-aca-price)", "[16,000](#fact-aca-price)")
    change(book / "references.bib", "  year = ", "  yearly = ")
    done = build(project, *STRICT)
    assert done.returncode != 0
    said = done.stdout + done.stderr
    for name in QUICK:
        assert re.search(rf"{name}\.ipynb:\d+: WARNING: stderr was found in the cell outputs of cell \d+", said)
        assert "said-aside" not in str(page_of(project, name))
    assert re.search(rf"{CHAPTER}\.ipynb:\d+: WARNING: .*aca-price", said)
    assert re.search(r"WARNING: .*missing year", said)
    for path, content in mended.items():
        path.write_bytes(content)
    done = build(project, *STRICT)
    assert done.returncode != 0
    told = [line for line in (done.stdout + done.stderr).splitlines() if "WARNING" in line]
    assert told and all("missing year" in line for line in told), told


def test_nbval_fails_on_a_changed_table(project):
    """And passes on what is committed, as the run of all notebooks shows."""
    change(project / "data" / "claims.csv", ",partly,", ",contradicted,")
    command = [sys.executable, "-m", "pytest", "-q", *NBVAL, "book/ledger.ipynb"]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True)
    assert done.returncode == 1 and "Cell execution caused an exception" not in done.stdout
    assert "Cell outputs differ" in done.stdout and " passed" in done.stdout


def test_a_reader_needs_no_addresses_and_a_changed_module_runs_only_the_chapters_that_import_it(project):
    """Built without them, the book leaves out what would need them and says how to report an error; all pages are written."""
    change(project / "book" / "essay" / "changes.py", '<p class="changes-day">', '<p class="changes-day">On ')
    done = build(project, *STRICT, addresses={"BOOK_URL": "", "BOOK_REPOSITORY": ""})
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert ran(done) == {"changes"}
    assert page_of(project, "changes").find(class_="changes-day").get_text().startswith("On ")
    built = project / "_build" / "html"
    page = BeautifulSoup((built / "book" / "method.html").read_text(encoding="utf-8"), "html.parser")
    assert page.find("link", rel="canonical") is None and page.find("meta", property="og:image") is None
    links = {link.get_text(): link["href"] for link in page.select(".page-top a")}
    report = links["Report an error"]
    assert set(links) == {"Record ends", "How to run it", "What changed", "Report an error"}
    changes = BeautifulSoup((built / "book" / "changes.html").read_text(encoding="utf-8"), "html.parser")
    assert report.startswith("changes.html#")
    assert changes.find(id=report.partition("#")[2]) is not None
    assert (built / "book" / links["How to run it"].partition("#")[0]).is_file()
    for path in (built / "book").glob("*.html"):
        page = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        assert page.find("script", type="application/ld+json") is None, path.name
        assert {tag["name"] for tag in page.find_all("meta", attrs={"name": re.compile("^citation_")})} <= {
            *("citation_title", "citation_author", "citation_publication_date", "citation_language", "citation_inbook_title")
        }, path.name
    for path in [built / "claims.json", *(built / "claims").iterdir()]:
        assert '"address"' not in path.read_text(encoding="utf-8"), path.name
    described = json.loads((built / "data" / "croissant.json").read_text(encoding="utf-8"))
    assert "url" not in described and "url" not in described["citeAs"]
    assert all((built / "data" / file["contentUrl"]).is_file() for file in described["distribution"])
