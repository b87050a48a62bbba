"""Every key resolves, every entry is used and complete, and the bibliography is what the table of sources says."""

from __future__ import annotations

import csv
import re

from tests.book import PROJECT, prose

CITE = re.compile(r"\{cite(?::\w+)?\}`([^`]+)`")


def rows(name: str) -> list[dict[str, str]]:
    with (PROJECT / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


SOURCES = {row["key"]: row for row in rows("sources")}
CITED = {key.strip() for piece in prose() for keys in CITE.findall(piece.text) for key in keys.split(",")}
LEDGER = {row["source_key"] for row in rows("claim_citations")}


def unknown() -> set[str]:
    """Return the keys that are cited and stand for no work."""
    return (CITED | LEDGER) - set(SOURCES)


def orphans() -> set[str]:
    """Return the works that neither prose nor a table names."""
    left = set(SOURCES) - CITED - LEDGER
    for path in (PROJECT / "data").glob("*.csv"):
        if path.stem not in ("sources", "claim_citations"):
            text = path.read_text(encoding="utf-8")
            left -= {key for key in left if re.search(rf"\b{key}\b", text)}
    return left


def test_every_key_resolves():
    assert unknown() == set()


def test_no_entry_is_an_orphan():
    assert orphans() == set()


def test_every_entry_is_complete():
    for key, row in SOURCES.items():
        for column in ("authors", "year", "title", "publisher", "url", "accessed", "source_type"):
            assert row[column].strip(), f"{key}: {column}"


def test_every_entry_stands_in_the_bibliography():
    entries = re.findall(r"^@misc\{(\w+),", (PROJECT / "book" / "references.bib").read_text(encoding="utf-8"), re.MULTILINE)
    assert entries == list(SOURCES)
