"""What a recipe declares about its table: fields, licence, sources, caveats."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Any


def field(name: str, type: str, description: str, unit: str = "", **constraints: Any) -> dict:
    """Describe one column as a Frictionless Table Schema field.

    `unit` is kept beside the description (a house extension of the standard);
    `constraints` are the standard ones: required, unique, minimum, maximum, enum, pattern.
    """
    described = {"name": name, "type": type, "description": description}
    if unit:
        described["unit"] = unit
    if constraints:
        described["constraints"] = constraints
    return described


@dataclass(frozen=True)
class Table:
    """The descriptor of a table, all but the numbers that follow from its content."""

    title: str
    description: str
    row: str
    sources: list[str]
    fields: list[dict] = dataclass_field(default_factory=list)
    primary_key: list[str] = dataclass_field(default_factory=list)
    foreign_keys: list[dict] = dataclass_field(default_factory=list)
    caveats: list[str] = dataclass_field(default_factory=list)
    file: str = ""


def refers_to(column: str, table: str, other: str) -> dict:
    """Foreign key: every value of `column` stands in column `other` of `table`."""
    return {"fields": [column], "reference": {"resource": table, "fields": [other]}}
