"""Every table in data/ and every file in data/raw may be shipped: its licence is known and allows it."""

from __future__ import annotations

import hashlib
import json
import re

import pytest
import yaml

from tests import book

DATA = book.PROJECT / "data"
PACKAGE = json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))
RESOURCES = {resource["name"]: resource for resource in PACKAGE["resources"]}
REGISTRY = yaml.safe_load((DATA / "recipes" / "raw.yml").read_text(encoding="utf-8"))

# Licences under which a table may be shipped, each with the reason. A new name needs a reading of its terms first.
ALLOWED = {
    "CC-BY-4.0": "allows copies and changes with attribution; datapackage.json carries the citation",
    "CC0-1.0": "dedicated to the public domain by its makers",
    "public-domain": "works of the U.S. government, expired rights, or dedicated by the publisher",
    "ODC-PDDL-1.0": "dedicates a database to the public domain",
    "facts-compiled": "single facts and sums compiled for this book, with their sources; no publisher's table as a whole",
}
# Open in name and yet not for shipping here, so that nobody adds them to the list without a thought.
FORBIDDING = re.compile(r"\b(?:NC|ND|non-?commercial|no derivatives|all rights reserved|not stated|unknown|proprietary)\b", re.I)


@pytest.mark.parametrize("name", RESOURCES)
def test_every_licence_is_allowed(name: str) -> None:
    """A table names at least one licence, and each is one that allows shipping."""
    licences = RESOURCES[name]["licenses"]
    assert licences, f"{name}: no licence in datapackage.json; state it in data/recipes/raw.yml"
    for licence in licences:
        assert licence["name"] in ALLOWED, (
            f"{name}: licence {licence['name']!r} is not on the allow-list of tests/test_licences.py; "
            "read its terms, then add it with a reason or leave the table out of data/"
        )


@pytest.mark.parametrize("name", RESOURCES)
def test_no_licence_forbids_shipping(name: str) -> None:
    """Neither name nor title of a licence says that copies are forbidden or that the terms are unknown."""
    for licence in RESOURCES[name]["licenses"]:
        if licence["name"] == "facts-compiled":
            continue  # whoever publishes a fact, the fact is free; the sources keep their terms
        for part in (licence["name"], licence.get("title", "")):
            assert not FORBIDDING.search(part), f"{name}: licence {part!r} does not allow shipping; take the table out of data/"


@pytest.mark.parametrize("name", RESOURCES)
def test_the_package_says_what_the_register_says(name: str) -> None:
    """The licences of a table are those of its sources in raw.yml, all of them."""
    resource = RESOURCES[name]
    registered = {source["url"] + source["title"]: source["licence"]["name"] for source in REGISTRY.values()}
    expected = {registered[source["path"] + source["title"]] for source in resource["sources"]}
    assert {licence["name"] for licence in resource["licenses"]} == expected


def test_nothing_lies_in_data_without_a_licence() -> None:
    """Every data file is a resource of the package, so that no table ships outside these tests."""
    files = {path.name for path in DATA.iterdir() if path.is_file() and path.suffix in {".csv", ".geojson", ".parquet", ".gz"}}
    assert files == {resource["path"] for resource in RESOURCES.values()}


@pytest.mark.parametrize("name", RESOURCES)
def test_every_table_names_its_sources(name: str) -> None:
    """A table says whose work it rests on, where that stands, when it was read and how to cite it."""
    sources = RESOURCES[name]["sources"]
    assert sources, f"{name}: no source in datapackage.json"
    for source in sources:
        assert source["publisher"] and source["citation"] and source["accessed"]
        assert re.match("https?://", source["path"]), f"{name}: {source['title']}: no public address"


@pytest.mark.parametrize("slug", REGISTRY)
def test_only_files_that_may_be_copied_are_in_data_raw(slug: str) -> None:
    """A publisher's file stands here under a licence that allows copies; of other sources there are single facts only."""
    source = REGISTRY[slug]
    if source["licence"]["name"] == "facts-compiled":
        assert not (DATA / "raw" / slug).exists(), f"{slug}: its licence allows no copy; withhold it in data/recipes/raw.yml"
        assert "withheld" in source or not source.get("files"), f"{slug}: say in data/recipes/raw.yml that its files are withheld"
    else:
        assert source["licence"]["name"] in ALLOWED and "withheld" not in source


def test_the_list_of_fiscal_2026_ships_as_sums_only() -> None:
    """The facility list without stated licence appears as sums by operator, never facility by facility."""
    resource = RESOURCES["ice_operators_2026"]
    assert resource["rows"] < 10
    assert {field["name"] for field in resource["schema"]["fields"]}.isdisjoint({"name", "canonical_name", "city", "lat", "lon"})


def test_no_coordinates_of_the_2017_list_ship() -> None:
    """The coordinates that were added to ICE's list have terms of their own and stay out."""
    columns = {field["name"] for field in RESOURCES["ice_facilities_2017"]["schema"]["fields"]}
    assert columns.isdisjoint({"lat", "lon", "latitude", "longitude"})


def test_the_library_of_the_search_is_the_published_one_with_its_licence() -> None:
    """Both files as they come in the npm package (`npm pack minisearch@7.2.0`): dist/umd/index.js and LICENSE.txt."""
    folder = book.PROJECT / "book" / "_static" / "search"
    published = {
        "minisearch.js": "03c27931eb603af1d3358579e9885eafdb6a2f5fa9929557b3e77d7e99d06d03",
        "MINISEARCH-LICENSE.txt": "70d37354d6395629fb99edb28cb37a5d356ffa24a48cd02a5def5b83a300a899",
    }
    assert {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in published} == published
    assert "Permission is hereby granted, free of charge" in (folder / "MINISEARCH-LICENSE.txt").read_text(encoding="utf-8")
