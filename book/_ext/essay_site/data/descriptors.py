"""What the descriptors of the tables say, in words for pages."""

from __future__ import annotations

import json
from datetime import date

from essay_site.paths import DATA


def resources() -> list[dict]:
    """Return the descriptors of all tables."""
    return json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))["resources"]


def anchor(name: str) -> str:
    """Return the anchor of a table's entry in the catalogue."""
    return f"table-{name.replace('_', '-')}"


def written(day: date) -> str:
    """Return a date as prose writes it."""
    return f"{day.day} {day:%B %Y}"


def ends(resource: dict) -> str:
    """Return the day on which the evidence of a table ends, as prose writes it; empty where it declares none."""
    return written(date.fromisoformat(resource["record_ends"])) if "record_ends" in resource else ""


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
