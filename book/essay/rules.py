"""Check what a schema cannot say: rules within a row, from row to row, and between tables.

A rule is a sentence and a query (SQLite's SQL) that returns the rows that break it, as in the tests of a
database; a second column of the query, if it has one, says what the row should have. The descriptor of a table
declares its rules, `data/datapackage.json` carries them. In the query `this` is the table itself, any other table
stands under its own name, and `row_nr` counts as a spreadsheet does. Besides SQLite's functions it may use
`near_country(lon, lat, iso3)`, `last_date(text)` and `today()`.
"""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
from datetime import datetime, timedelta, timezone
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

# Few tables have places: what measures on a map is imported where one is asked for.
if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

_AFFINITY = {"integer": "INTEGER", "number": "REAL", "year": "INTEGER"}
# Outlines are drawn for a map of the world: a place on a coast or an island may lie this far outside, in degrees.
_NEAR = 1.0


def broken(name: str, package: dict[str, dict], data: Path) -> list[tuple[str, list[int], str]]:
    """Return each rule that table `name` breaks as (table whose rule it is, rows, sentence); no rows where it cannot be asked.

    A rule that another table has about this one counts as well, and so do the foreign keys of both: whichever of
    the two was changed, loading it finds that they no longer agree.
    """
    concerned = [
        (owner, says, query, tables)
        for owner, resource in package.items()
        for says, query in _rules(resource)
        if name in (tables := {owner, *_named(query, package)})
    ]
    found = []
    database, filled = _database(data)
    for table in set().union(*(tables for *_, tables in concerned)):
        _fill(database, filled, package[table], data / package[table]["path"])
    for owner, says, query, _ in concerned:
        database.execute("DROP VIEW IF EXISTS this")
        database.execute(f'CREATE TEMP VIEW this AS SELECT * FROM "{owner}"')
        try:
            rows = database.execute(query).fetchall()
        except sqlite3.OperationalError as error:  # it reads a column or a table that is not there
            found.append((owner, [], f"{says!r} cannot be asked ({error})"))
            continue
        if rows:
            found.append((owner, [number for number, *_ in rows], ": ".join([says, *(told for told in rows[0][1:] if told)])))
    return found


@cache
def _database(data: Path) -> tuple[sqlite3.Connection, dict[str, bytes]]:
    """Return the database of a folder, and of which content each of its tables is: many rules ask for the same ones."""
    database = sqlite3.connect(":memory:", check_same_thread=False)
    database.create_function("near_country", 3, lambda lon, lat, iso3: _near(data, lon, lat, iso3), deterministic=True)
    database.create_function("last_date", 1, last_date, deterministic=True)
    # Looked up at each question, as what stands for it in a test ends before this database does.
    database.create_function("today", 0, lambda: today())
    return database, {}


def _rules(resource: dict) -> list[tuple[str, str]]:
    """Return the rules of a table, its foreign keys among them, as (sentence, query)."""
    keys = [
        (
            f"{key['fields'][0]} is not in table {key['reference']['resource']}",
            f"SELECT row_nr, '' || {key['fields'][0]} FROM this WHERE {key['fields'][0]} NOT NULL AND {key['fields'][0]} NOT IN "
            f"(SELECT {key['reference']['fields'][0]} FROM {key['reference']['resource']})",
        )
        for key in resource["schema"].get("foreignKeys", [])
    ]
    return keys + [(rule["says"], rule["failing"]) for rule in resource.get("rules", [])]


def _named(query: str, package: dict[str, dict]) -> set[str]:
    """Return the tables that a query reads."""
    return {name for name in re.findall(r"(?:FROM|JOIN) (\w+)", query) if name in package}


def _fill(database: sqlite3.Connection, filled: dict[str, bytes], resource: dict, path: Path) -> None:
    """Put a table into the database, blank cells as NULL, with the number of its row, unless it stands there as it is."""
    name, fields = resource["name"], resource["schema"]["fields"]
    columns = ", ".join(f'"{field["name"]}" {_AFFINITY.get(field["type"], "TEXT")}' for field in fields)
    content = path.read_bytes()
    if filled.get(name) == (of := sha256(columns.encode() + content).digest()):
        return
    filled.pop(name, None)
    database.execute(f'DROP TABLE IF EXISTS "{name}"')
    database.execute(f'CREATE TABLE "{name}" (row_nr INTEGER PRIMARY KEY, {columns})')
    names = [field["name"] for field in fields]
    if path.suffix == ".geojson":
        rows = [[feature["properties"].get(name) for name in names] for feature in json.loads(content)["features"]]
    else:
        rows = [[cell or None for cell in row] for row in csv.reader(io.StringIO(content.decode(), newline=""))][1:]
    places = ", ".join("?" * (len(names) + 1))
    with database:
        database.executemany(
            f'INSERT INTO "{name}" VALUES ({places})', ([number, *row] for number, row in enumerate(rows, start=2))
        )
    filled[name] = of


def today() -> str:
    """Return the date where it is latest on Earth, so that nobody's today lies in the future."""
    return datetime.now(timezone(timedelta(hours=14))).date().isoformat()


def last_date(text: str | int | None) -> str | None:
    """Return the last year, month or day in ISO form that a text names, or None: they compare with a day as text does."""
    return max(re.findall(r"(?<!\d)\d{4}(?:-\d\d(?:-\d\d)?)?(?!\d)", str(text)), default=None)


@cache
def _outlines(path: Path, changed: int) -> dict[str | None, BaseGeometry]:
    """Return the outline of each country by code; `changed` is the file's time, so that a new file is read again."""
    import shapely

    text = path.read_text(encoding="utf-8")
    codes = [feature["properties"]["iso3"] for feature in json.loads(text)["features"]]
    return dict(zip(codes, shapely.get_parts(shapely.from_geojson(text)), strict=True))


def _near(data: Path, lon: float | None, lat: float | None, iso3: str) -> bool:
    """True when a place lies in a country or near its coast, or is not known; also for a country that the map does not have."""
    from shapely.geometry import Point

    if lon is None or lat is None:
        return True
    path = data / "countries.geojson"
    outlines = _outlines(path, path.stat().st_mtime_ns)
    return iso3 not in outlines or outlines[iso3].distance(Point(lon, lat)) <= _NEAR
