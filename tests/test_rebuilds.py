"""Built again after a change, the book runs and writes what the change concerns, no more and no less."""

from __future__ import annotations

import json
import re
import shutil
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


@pytest.fixture(scope="module")
def whole(built, tmp_path_factory) -> Path:
    """A copy of the built project, built once more where the tests have theirs, as what Sphinx keeps is good in one place only.

    It has to read all pages again there, and still no notebook runs.
    """
    place = Path(shutil.copytree(built, tmp_path_factory.mktemp("rebuilt") / "project"))
    done = build(place, *STRICT)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert ran(done) == set()
    return place.rename(place.with_name("whole"))


@pytest.fixture
def project(whole) -> Path:
    """The copy as it was built, in its place: a test pays for its own change alone."""
    place = whole.with_name("project")
    shutil.rmtree(place, ignore_errors=True)
    return Path(shutil.copytree(whole, place))


def change(path: Path, before: str, after: str) -> None:
    """Put other words in a file."""
    text = path.read_text(encoding="utf-8")
    assert before in text, f"{before!r} not in {path}"
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


def page_of(project: Path, name: str) -> BeautifulSoup:
    return BeautifulSoup((project / "_build" / "html" / "book" / f"{name}.html").read_text(encoding="utf-8"), "html.parser")


def test_nothing_runs_again_when_nothing_changed(project):
    done = build(project, *STRICT)
    assert done.returncode == 0
    assert ran(done) == set()


def test_a_changed_value_reaches_the_page_only_its_chapter_runs_and_the_old_value_comes_back_from_the_cache(project):
    table = project / "data" / "facts_aca.csv"
    values = ['about 15,000 dollars.",15000,', 'about 16,000 dollars.",16000,']
    change(table, *values)
    done = build(project)
    assert done.returncode == 0, done.stderr[-2000:]
    assert ran(done) == {CHAPTER}
    assert page_of(project, CHAPTER).find(id="fact-aca-price").th.get_text() == "16,000"
    assert "aca-price" in done.stdout + done.stderr, "prose that no longer agrees must be warned of"
    change(table, *reversed(values))
    done = build(project)
    assert ran(done) == set()
    assert page_of(project, CHAPTER).find(id="fact-aca-price").th.get_text() == "15,000"


def test_a_changed_module_runs_only_the_chapters_that_import_it(project):
    change(project / "book" / "essay" / "changes.py", '<p class="changes-day">', '<p class="changes-day">On ')
    done = build(project)
    assert ran(done) == {"changes"}
    assert page_of(project, "changes").find(class_="changes-day").get_text().startswith("On ")


def test_a_changed_work_reaches_the_bibliography_and_no_chapter_runs(project):
    title = TITLE.search((project / "book" / "references.bib").read_text(encoding="utf-8"))[1]
    assert title in page_of(project, "bibliography").get_text()
    change(project / "book" / "references.bib", title, f"{title}, corrected")
    done = build(project, *STRICT)
    assert done.returncode == 0, done.stderr[-2000:]
    assert ran(done) == set()
    assert f"{title}, corrected" in page_of(project, "bibliography").get_text()


def test_a_work_that_cannot_be_set_fails_every_strict_build(project):
    change(project / "book" / "references.bib", "  year = ", "  yearly = ")
    for _ in range(2):
        done = build(project, *STRICT)
        assert done.returncode != 0
        assert "missing year" in done.stdout + done.stderr


def test_a_changed_row_reaches_the_page_of_its_country(project):
    """The page of countries itself does not load the table: a table behind a module counts too."""
    countries = project / "_build" / "html" / "book" / "country"
    before = {path.name: path.stat().st_mtime_ns for path in countries.glob("*.html")}
    change(project / "data" / "private_prison_reversals.csv", ",HMP Buckley Hall,", ",HMP Mill Hall,")
    done = build(project, *STRICT)
    assert done.returncode == 0, done.stderr[-2000:]
    assert ran(done) == {CHAPTER, "countries"}
    assert "Mill Hall" in (countries / "gbr.html").read_text(encoding="utf-8")
    assert all(path.stat().st_mtime_ns > before[path.name] for path in countries.glob("*.html"))


def test_a_change_elsewhere_leaves_the_pages_of_countries_alone(project):
    """The search knows them all the same."""
    site = project / "_build" / "html"
    before = {path.name: path.stat().st_mtime_ns for path in (site / "book" / "country").glob("*.html")}
    change(project / "book" / "method.md", "# Method\n", "# Method\n\nOnce more.\n")
    assert build(project).returncode == 0
    assert "Once more." in page_of(project, "method").get_text()
    assert {path.name: path.stat().st_mtime_ns for path in (site / "book" / "country").glob("*.html")} == before
    known = (site / "_static" / "search" / "places.js").read_text(encoding="utf-8")
    assert "Once more." in known and [name for name in before if f'"book/country/{name}"' not in known] == []


def test_a_doi_reaches_every_page_and_no_chapter_runs(project):
    change(project / "CITATION.cff", "license: MIT", "license: MIT\ndoi: 10.5281/zenodo.1")
    done = build(project, *STRICT)
    assert done.returncode == 0 and ran(done) == set()
    for name in (CHAPTER, "method", "country/col"):
        assert "https://doi.org/10.5281/zenodo.1" in page_of(project, name).find(id="cite").get_text(), name


def test_a_failing_cell_fails_the_build(project):
    change(project / "data" / "penal_visitors.csv", ",1831,", ",3831,")
    done = build(project)
    assert done.returncode != 0
    assert "penal_visitors: row" in done.stdout + done.stderr


def test_what_a_kernel_warns_of_stops_the_strict_build_with_page_and_cell_and_stands_on_no_page(project):
    """Of both pages, which are read side by side; readers see nothing of it."""
    for name in QUICK:
        change(
            project / "book" / f"{name}.ipynb",
            '"from essay import',
            "\"import sys; print('said' + '-aside', file=sys.stderr)\\n\", \"from essay import",
        )
    done = build(project, *STRICT)
    assert done.returncode != 0
    for name in QUICK:
        assert re.search(
            rf"{name}\.ipynb:\d+: WARNING: stderr was found in the cell outputs of cell \d+", done.stdout + done.stderr
        )
        assert "said-aside" not in str(page_of(project, name))


def test_a_changed_number_in_prose_fails_the_strict_build(project):
    change(project / "book" / f"{CHAPTER}.ipynb", "[15,000](#fact-aca-price)", "[16,000](#fact-aca-price)")
    done = build(project, *STRICT)
    assert done.returncode != 0
    assert "aca-price" in done.stdout + done.stderr


def test_nbval_fails_on_a_changed_table(project):
    """And passes on what is committed, as the run of all notebooks shows."""
    change(project / "data" / "claims.csv", ",partly,", ",contradicted,")
    command = [sys.executable, "-m", "pytest", "-q", *NBVAL, "book/ledger.ipynb"]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True)
    assert done.returncode == 1 and "Cell execution caused an exception" not in done.stdout
    assert "Cell outputs differ" in done.stdout and " passed" in done.stdout


def test_a_reader_needs_no_addresses(project):
    """Built without them, the book leaves out what would need them and says how to report an error."""
    done = build(project, *STRICT, addresses={"BOOK_URL": "", "BOOK_REPOSITORY": ""})
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
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
