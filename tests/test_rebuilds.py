"""Built again after a change, the book runs and writes what the change concerns, no more and no less."""

from __future__ import annotations

import csv
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from tests.book import NBVAL, PROJECT, STRICT, build, facts, ran

CHAPTER = "eastern_state"
OTHER = "introduction"
# A title of letters alone: others are set with quotation marks and dashes of their own.
TITLE = re.compile(r"^  title = \{\{([A-Za-z ]+)\}\},$", re.MULTILINE)
# The tests below change one copy after the other and put it back.


@pytest.fixture(scope="module")
def project(built, tmp_path_factory) -> Path:
    """A copy of the built project, its cache of runs warm, for the tests of this file alone."""
    return Path(shutil.copytree(built, tmp_path_factory.mktemp("rebuilt") / "project"))


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


def printed_deaths() -> int:
    """Deaths of the group printed as white, straight from the table."""
    with (PROJECT / "data" / "esp_race_outcomes.csv").open(encoding="utf-8", newline="") as file:
        return next(int(row["deaths"]) for row in csv.DictReader(file) if row["group_as_printed"] == "white")


def test_nothing_runs_again_when_nothing_changed(project):
    done = build(project, *STRICT)
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
    assert "with 90% intervals" in page_of(project, CHAPTER).find(id="fig-esp-fates").get_text()


def test_a_table_behind_a_module_counts_too(project, changed):
    """Dollars are rebased inside `essay`; the page of solutions itself does not load the table of their worth."""
    changed(project / "data" / "us_dollar_deflator.csv", "2023,1.024492,", "2023,1.0245,")
    done = build(project)
    assert ran(done) == {"police", "solutions"}
    assert facts(project / "_build" / "jupyter_execute")["solution-aid-more"]["value"] == pytest.approx(2.45)


def test_a_changed_work_reaches_the_bibliography_and_no_chapter_runs(project, changed):
    title = TITLE.search((project / "book" / "references.bib").read_text(encoding="utf-8"))[1]
    assert title in page_of(project, "bibliography").get_text()
    changed(project / "book" / "references.bib", title, f"{title}, corrected")
    done = build(project, *STRICT)
    assert done.returncode == 0, done.stderr[-2000:]
    assert ran(done) == set()
    assert f"{title}, corrected" in page_of(project, "bibliography").get_text()


def test_a_work_that_cannot_be_set_fails_every_strict_build(project, changed):
    changed(project / "book" / "references.bib", "  year = ", "  yearly = ")
    for _ in range(2):
        done = build(project, *STRICT)
        assert done.returncode != 0
        assert "missing year" in done.stdout + done.stderr


def test_a_changed_row_reaches_the_page_of_its_country(project, changed):
    countries = project / "_build" / "html" / "book" / "country"
    before = {path.name: path.stat().st_mtime_ns for path in countries.glob("*.html")}
    changed(project / "data" / "supermax_abroad.csv", ",Valledupar,Colombia,", ",Cesar,Colombia,")
    assert build(project, *STRICT).returncode == 0
    assert "Cesar" in (countries / "col.html").read_text(encoding="utf-8")
    assert all(path.stat().st_mtime_ns > before[path.name] for path in countries.glob("*.html"))


def test_a_change_elsewhere_leaves_the_pages_of_countries_alone(project, changed):
    build(project)
    countries = project / "_build" / "html" / "book" / "country"
    before = {path.name: path.stat().st_mtime_ns for path in countries.glob("*.html")}
    changed(project / "book" / "method.md", "# Method\n", "# Method\n\nOnce more.\n")
    assert build(project).returncode == 0
    assert "Once more." in page_of(project, "method").get_text()
    assert {path.name: path.stat().st_mtime_ns for path in countries.glob("*.html")} == before


def test_a_doi_reaches_every_page_and_no_chapter_runs(project, changed):
    changed(project / "CITATION.cff", "license: MIT", "license: MIT\ndoi: 10.5281/zenodo.1")
    done = build(project, *STRICT)
    assert done.returncode == 0 and ran(done) == set()
    for name in (CHAPTER, "method", "country/col"):
        assert "https://doi.org/10.5281/zenodo.1" in page_of(project, name).find(id="cite").get_text(), name


def test_a_failing_cell_fails_the_build(project, changed):
    changed(project / "data" / "penal_visitors.csv", ",1831,", ",3831,")
    done = build(project)
    assert done.returncode != 0
    assert "penal_visitors: row" in done.stdout + done.stderr


def test_what_a_kernel_warns_of_stops_the_strict_build_with_page_and_cell_and_stands_on_no_page(project, changed):
    """Of both pages, which are read side by side; readers see nothing of it."""
    for name in (CHAPTER, OTHER):
        changed(
            project / "book" / f"{name}.ipynb",
            '"from essay import',
            "\"import sys; print('said' + '-aside', file=sys.stderr)\\n\", \"from essay import",
        )
    done = build(project, *STRICT)
    assert done.returncode != 0
    for name in (CHAPTER, OTHER):
        assert re.search(
            rf"{name}\.ipynb:\d+: WARNING: stderr was found in the cell outputs of cell \d+", done.stdout + done.stderr
        )
        assert "said-aside" not in str(page_of(project, name))


def test_a_changed_number_in_prose_fails_the_strict_build(project, changed):
    changed(project / "book" / f"{CHAPTER}.ipynb", "[141](#fact-esp-black-died)", "[142](#fact-esp-black-died)")
    done = build(project, *STRICT)
    assert done.returncode != 0
    assert "esp-black-died" in done.stdout + done.stderr


def nbval(project: Path, name: str) -> subprocess.CompletedProcess:
    """Re-run one notebook of the copy and compare its outputs."""
    command = [sys.executable, "-m", "pytest", "-q", *NBVAL, f"book/{name}.ipynb"]
    return subprocess.run(command, cwd=project, capture_output=True, text=True)


def test_nbval_passes_on_what_is_committed_and_fails_on_a_changed_table(project, changed):
    assert nbval(project, OTHER).returncode == 0
    changed(project / "data" / "claims.csv", ",partly,", ",contradicted,")
    done = nbval(project, OTHER)
    assert done.returncode == 1 and "Cell execution caused an exception" not in done.stdout


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
