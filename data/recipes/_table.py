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


SOURCE_TYPES = ["primary", "journalism", "scholarship", "reference", "advocacy", "data"]


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
    rules: list[dict] = dataclass_field(default_factory=list)
    caveats: list[str] = dataclass_field(default_factory=list)
    file: str = ""


def refers_to(column: str, table: str, other: str) -> dict:
    """Foreign key: every value of `column` stands in column `other` of `table`."""
    return {"fields": [column], "reference": {"resource": table, "fields": [other]}}


def rule(says: str, failing: str) -> dict:
    """A rule of the table: what is wrong when it does not hold, and the SQL query that returns the rows that break it.

    In the query `this` is the table itself; see `essay.rules`, which runs it whenever the table is loaded.
    """
    return {"says": says, "failing": failing}


def holds(says: str, condition: str) -> dict:
    """Rule: `condition` is true in every row. A row where it cannot be told, because a cell is blank, passes."""
    return rule(says, f"SELECT row_nr FROM this WHERE NOT ({condition})")


def covers(column: str, first: int | str, last: int | str) -> dict:
    """Rule: the years or dates of `column` run from `first` to `last`."""
    return rule(
        f"{column} does not run from {first} to {last}",
        f"SELECT 2 FROM this GROUP BY NULL HAVING MIN({column}) <> {first!r} OR MAX({column}) <> {last!r}",
    )


def every_year(column: str, *by: str) -> dict:
    """Rule: no year is left out between the first and the last, within each group of `by`."""
    partition = f"PARTITION BY {', '.join(by)} " if by else ""
    return rule(
        f"a year is missing before {column}",
        f"SELECT row_nr FROM (SELECT row_nr, {column} - LAG({column}) OVER ({partition}ORDER BY {column}) AS step FROM this) "
        "WHERE step > 1",
    )


def never_falls(column: str, along: str, *by: str) -> dict:
    """Rule: a cumulative count does not fall as time goes on, within each group of `by`."""
    partition = f"PARTITION BY {', '.join(by)} " if by else ""
    return rule(
        f"{column} falls, and a cumulative count cannot",
        f"SELECT row_nr FROM (SELECT row_nr, {column} - LAG({column}) OVER ({partition}ORDER BY {along}) AS step FROM this) "
        "WHERE step < 0",
    )


def never_repeats(column: str, along: str, *by: str) -> dict:
    """Rule: a count differs from that of the period before; the same to the last unit means a row that was copied."""
    partition = f"PARTITION BY {', '.join(by)} " if by else ""
    return rule(
        f"{column} is to the last unit what it was in the period before",
        f"SELECT row_nr FROM (SELECT row_nr, {column} - LAG({column}) OVER ({partition}ORDER BY {along}) AS step FROM this) "
        "WHERE step = 0",
    )


def in_per_cent(column: str) -> dict:
    """Rule: shares are per cent; where none is above 1, they are fractions."""
    return rule(f"{column} is a fraction, not per cent", f"SELECT 2 FROM this GROUP BY NULL HAVING MAX({column}) <= 1")


def country_of_code(column: str = "country", **also: str) -> dict:
    """Rule: `column` is the country that `iso3` stands for on the map, or one of the spellings in `also` (code = names)."""
    pairs = [(code, name) for code, names in also.items() for name in names.split("|")]
    listed = ", ".join(f"('{code}', '{name.replace(chr(39), chr(39) * 2)}')" for code, name in pairs) or "('', '')"
    return rule(
        f"iso3 and {column} are not the same country",
        f"SELECT row_nr FROM this WHERE iso3 NOT NULL AND (iso3, {column}) NOT IN (VALUES {listed}) "
        f"AND (iso3, {column}) NOT IN (SELECT iso3, name FROM countries WHERE iso3 NOT NULL)",
    )


def in_its_country() -> dict:
    """Rule: latitude and longitude lie in the country, or near its coast."""
    return holds("lat and lon lie outside the country of iso3", "near_country(lon, lat, iso3)")


def in_constant_dollars(nominal: str, constant: str, deflator: str) -> dict:
    """Rule: constant dollars are nominal dollars times the deflator of their year.

    Fiscal 1976 has a quarter of the next year in it, so its lines have deflators of their own.
    """
    return rule(
        f"{constant} is not {nominal} times {deflator} of table us_dollar_deflator",
        "SELECT t.row_nr FROM this AS t JOIN us_dollar_deflator AS d ON t.fiscal_year = d.fiscal_year "
        f"WHERE ABS(t.{constant} - t.{nominal} * d.{deflator}) > "
        f"CASE t.fiscal_year WHEN 1976 THEN 0.04 ELSE 0.00001 END * ABS(t.{constant}) + 6",
    )
