"""The data package is valid, complete, and what descriptors, recipes and raw files make of it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from frictionless import Package

import _descriptor
import _raw
from essay_site.cache import inputs
from tests.book import PROJECT, notebooks, read

DATA = PROJECT / "data"
RESOURCES = {r["name"]: r for r in json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))["resources"]}


def test_package_is_valid_with_its_hashes_and_foreign_keys():
    report = Package(str(DATA / "datapackage.json")).validate()
    assert report.valid, report.flatten(["name", "rowNumber", "fieldName", "message"])[:5]


def test_every_file_is_declared_and_every_table_has_a_descriptor():
    files = {path.name for path in DATA.iterdir() if path.is_file()} - {"datapackage.json", "README.md"}
    assert files == {resource["path"] for resource in RESOURCES.values()}
    assert set(_descriptor.names()) == set(RESOURCES)
    recipes = {path.stem for path in (DATA / "recipes").glob("[a-z]*.py")}
    assert recipes == {name for name, resource in RESOURCES.items() if "recipe" in resource}


@pytest.mark.parametrize("name", sorted(RESOURCES))
def test_resource_says_what_a_reader_needs(name):
    resource = RESOURCES[name]
    for part in ("title", "description", "row"):
        assert resource[part].strip(), part
    assert resource["licenses"] and all(licence["title"] for licence in resource["licenses"])
    for source in resource["sources"]:
        assert source["path"].startswith("http") and source["accessed"] and source["citation"] and source["publisher"]
    for field in resource["schema"]["fields"]:
        assert field["description"].strip(), field["name"]


def unused() -> set[str]:
    """Return the tables that no notebook uses; that of the evidence is for the tests of the ledger."""
    used = {name for path in notebooks() for name in inputs.loaded(inputs.inputs(read(path)))}
    return set(RESOURCES) - used - {"claim_evidence"}


def test_every_table_is_used_by_a_chapter():
    assert unused() == set()


def test_a_chapter_with_claim_cards_depends_on_what_the_cards_load():
    chapter = read(PROJECT / "book" / "eastern_state.ipynb")
    _, named = inputs.uses(inputs.code_of(chapter))
    for table in ("sources", "claim_citations"):
        assert table not in named and f"table {table}" in inputs.inputs(chapter)


def copied(folder: Path) -> Path:
    """Copy to a folder what `make data` needs, and return the folder of the tables."""
    ignored = shutil.ignore_patterns("__pycache__", ".building-*")
    shutil.copytree(PROJECT / "book" / "essay", folder / "book" / "essay", ignore=ignored)
    return Path(shutil.copytree(DATA, folder / "data", ignore=ignored))


def test_every_table_that_a_recipe_makes_is_rebuilt_byte_for_byte(tmp_path):
    """From the clone alone: without the tables, their description and the bibliography, which all come back as they were."""
    copy = copied(tmp_path)
    (copy / "datapackage.json").unlink()
    withheld = _raw.withheld_tables()
    derived = [resource["path"] for name, resource in RESOURCES.items() if "recipe" in resource and name not in withheld]
    for path in derived:
        (copy / path).unlink()
    done = subprocess.run([sys.executable, str(copy / "recipes")], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert len(derived) > 15 and {f"written data/{path}" for path in derived} == {
        line.partition(" (")[0] for line in done.stdout.splitlines() if line.startswith("written")
    }
    for path in [*DATA.glob("*.csv"), *DATA.glob("*.geojson"), DATA / "datapackage.json"]:
        assert (copy / path.name).read_bytes() == path.read_bytes(), path.name
    bibliography = PROJECT / "book" / "references.bib"
    assert (tmp_path / "book" / "references.bib").read_bytes() == bibliography.read_bytes()
    for name, why in withheld.items():
        assert f"{name} was left alone, proven by checksum only: {why}." in done.stdout


def test_no_large_file_is_committed():
    """Files of other publishers stand in data/raw and nowhere else; no file is large."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("not a git checkout: which files are committed cannot be told")
    for name in filter(None, listed.stdout.split("\0")):
        path = Path(PROJECT / name)
        assert name.startswith("data/raw/") or not name.endswith((".xlsx", ".parquet", ".gz", ".zip")), name
        assert not path.exists() or path.stat().st_size < 3_000_000, name
