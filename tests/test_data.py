"""The data package is valid, complete, and what its recipes make of the raw sources."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import honest_cache
import pytest
from frictionless import Package

from book import PROJECT, notebooks, read

DATA = PROJECT / "data"
RESOURCES = {r["name"]: r for r in json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))["resources"]}


def test_package_is_valid_with_its_hashes_and_foreign_keys():
    report = Package(str(DATA / "datapackage.json")).validate()
    assert report.valid, report.flatten(["name", "rowNumber", "fieldName", "message"])[:5]


def test_every_file_is_declared_and_every_table_has_a_recipe():
    files = {path.name for path in DATA.iterdir() if path.is_file()} - {"datapackage.json", "README.md"}
    assert files == {resource["path"] for resource in RESOURCES.values()}
    recipes = {path.stem for path in (DATA / "recipes").glob("[a-z]*.py")}
    assert recipes == set(RESOURCES)


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


def test_every_table_is_used_by_a_chapter():
    used = set()
    for path in notebooks():
        used |= {label.removeprefix("table ") for label in honest_cache.inputs(read(path)) if label.startswith("table ")}
    # The evidence table is what the tests of the ledger read.
    assert set(RESOURCES) - used <= {"claim_evidence"}


def test_tables_are_rebuilt_byte_for_byte(tmp_path):
    """What recipes make of data/raw is what is committed."""
    (tmp_path / "data").mkdir()
    derived = [
        *("countries", "esp_prisoners", "fmtrpt_country_year", "fmtrpt_el_salvador", "ice_detention_monthly"),
        *("ice_facilities_2017", "ice_segregation_lengths", "ice_segregation_monthly", "ice_segregation_vulnerable"),
        *("incle_budget", "narcotics_obligations", "private_prisoners_states", "us_aid_el_salvador"),
        *("us_aid_sectors_el_salvador", "us_aid_totals", "us_dollar_deflator", "us_prisoners"),
    ]
    done = subprocess.run(
        [sys.executable, str(DATA / "recipes"), *derived],
        env={**os.environ, "ESSAY_DATA_OUT": str(tmp_path / "data")},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    for name in derived:
        path = RESOURCES[name]["path"]
        assert (tmp_path / "data" / path).read_bytes() == (DATA / path).read_bytes(), name


def test_no_large_file_is_committed():
    """Files of other publishers stand in data/raw and nowhere else; no file is large."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("not a git checkout: which files are committed cannot be told")
    for name in filter(None, listed.stdout.split("\0")):
        path = Path(PROJECT / name)
        assert name.startswith("data/raw/") or not name.endswith((".xlsx", ".parquet", ".gz", ".zip")), name
        assert not path.exists() or path.stat().st_size < 3_000_000, name
