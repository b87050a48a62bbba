"""The tables as they stand in files, and what their descriptors say, in words for pages."""

from __future__ import annotations

import csv
import json
from datetime import date
from functools import cache

from essay_site.paths import DATA


@cache
def _package(changed: int) -> dict:
    """Return the description of the data package; `changed` is the time of its file, so that a new one is read again."""
    return json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))


def package() -> dict:
    """Return the description of the data package, the same object each time."""
    return _package((DATA / "datapackage.json").stat().st_mtime_ns)


def resources() -> list[dict]:
    """Return the descriptors of all tables."""
    return package()["resources"]


def rows(table: str) -> list[dict[str, str | None]]:
    """Return the rows of a table as text, with None for a blank cell."""
    with (DATA / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return [{column: value or None for column, value in row.items()} for row in csv.DictReader(file)]


def written(day: date) -> str:
    """Return a date as prose writes it."""
    return f"{day.day} {day:%B %Y}"


def followed(resource: dict) -> tuple[date, str] | None:
    """Return how far the evidence of a table goes, as a day and in words; None where the table does not declare it."""
    for part, words in (("record_ends", "record ends on"), ("sources_read", "sources read to")):
        if part in resource:
            day = date.fromisoformat(resource[part])
            return day, f"{words} {written(day)}"
    return None


def warnings(resource: dict) -> list[str]:
    """Return what to know of a table before its numbers are used: its caveats, then its breaks and unknowns in words."""
    breaks = [
        f"{each['column']} does not compare across {field} {value}: {each['why']}"
        for each in resource.get("breaks", [])
        for field, value in each["where"].items()
    ]
    unknowns = [
        f"{column}: {' or '.join(value or 'blank' for value in values)} means not stated"
        for column, values in resource.get("unknowns", {}).items()
    ]
    return [*resource["caveats"], *(f"{said.rstrip('.')}." for said in breaks + unknowns)]
