"""The register of changes, `data/changes.csv`: what it does to derived tables, and what it must agree with in compiled ones."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Container
from functools import cache
from pathlib import Path

import pandas as pd

import _descriptor
from _descriptor import RecipeError

REGISTER = "data/changes.csv"


def lines(content: str) -> list[dict]:
    """Return the register's lines, each with the number of its row as `row_nr`."""
    return [{**line, "row_nr": number} for number, line in enumerate(_rows(content), start=2)]


def _rows(content: str) -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    return list(csv.DictReader(io.StringIO(content, newline="")))


def correct(name: str, table: pd.DataFrame, register: list[dict]) -> pd.DataFrame:
    """Apply to a derived table the changes that the register has for it.

    Raises RecipeError when the row is gone or does not hold the value that was corrected: the source has moved, and the
    correction has to be looked at again; and when the column cannot hold the new value.
    """
    table = table.copy()
    for line in register:
        if line["table"] != name:
            continue
        words = table.astype("string").fillna("")
        where = pd.Series(True, index=table.index)
        for column, value in _row(name, table.columns, line):
            where &= words[column] == value
        found = table.loc[where, line["column"]].astype("string").fillna("")
        if not where.any() or not (found == line["before"]).all():
            says = f"says {found.iloc[0]!r}" if where.any() else "has no such row"
            raise RecipeError(
                f"changes: row {line['row_nr']} ({line['id']}): the source of {name} {says}, where {line['column']} was "
                f"{line['before']!r} when it was corrected; look at the source, then correct or remove the line in {REGISTER}"
            )
        kind = table[line["column"]].dtype
        try:
            after = pd.Series([line["after"] or None], dtype="string").astype(kind)
        except (TypeError, ValueError):
            raise RecipeError(
                f"changes: row {line['row_nr']} ({line['id']}): {line['column']} of {name} cannot be {line['after']!r} ({kind}); "
                f"correct the line in {REGISTER}"
            ) from None
        table.loc[where, line["column"]] = after.iloc[0]
    return table


def check(register: list[dict], folder: Path) -> list[str]:
    """Return one sentence for each line of the register that the compiled table in `folder` does not bear out.

    The last line about a cell says what stands there. A line without a column says that a row came or went.
    """
    found = []
    known, read = _descriptor.names(), cache(lambda name: _rows((folder / f"{name}.csv").read_text(encoding="utf-8")))
    latest = {(line["table"], line["row"], line["column"]): line for line in register}
    for line in latest.values():
        gone = (line["table"], line["row"], "") in latest
        try:
            problem = _denied(line, known, read, gone)
        except RecipeError as error:
            problem = str(error)
        if problem:
            found.append(problem)
    return found


def _denied(line: dict, known: list[str], read: Callable[[str], list[dict]], gone: bool) -> str:
    """Return what the compiled tables have against a line of the register; `gone` says that its row need not be there."""
    name, where = line["table"], f"changes: row {line['row_nr']} ({line['id']})"
    if name not in known:
        return f"{where}: there is no table {name}; correct the line in {REGISTER}"
    if _descriptor.is_derived(name) or not line["column"]:
        return ""
    rows = read(name)
    wanted = _row(name, rows[0].keys() if rows else (), line)
    now = [row[line["column"]] for row in rows if all(row[column] == value for column, value in wanted)]
    if not now and not gone:
        return (
            f"{where}: {name} has no row with {line['row']}; correct the line in {REGISTER}, or add one without a column that "
            "says why the row went"
        )
    if others := [value for value in now if value != line["after"]]:
        return (
            f"{where}: {name}, {line['row']}: {line['column']} is now {_short(others[0])}, and the "
            f"register's last line about it says {_short(line['after'])}; add a line to {REGISTER} that says why, or undo the "
            f"edit in data/{name}.csv"
        )
    return ""


def _row(name: str, columns: Container[str], line: dict) -> list[tuple[str, str]]:
    """Return which row of a table a line is about, as (column, value): `row` is `column = value`, several joined by commas."""
    parts = [part.partition(" = ") for part in re.split(r", (?=\w+ = )", line["row"])]
    for column, equals, _ in parts:
        for used in (column, line["column"] or column):
            if not equals or used not in columns:
                raise RecipeError(
                    f"changes: row {line['row_nr']} ({line['id']}): {used!r} is no column of {name}; row is written as "
                    f"`column = value`, column as the name of one; correct the line in {REGISTER}"
                )
    return [(column, value) for column, _, value in parts]


def _short(text: str) -> str:
    """Return a text for a message, its middle left out where it is long."""
    return repr(text if len(text) <= 80 else f"{text[:50]} … {text[-25:]}")
