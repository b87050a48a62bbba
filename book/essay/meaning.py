"""What a table declares of its own meaning, in a form that figures and shares cannot overlook.

A descriptor (`data/recipes/<table>.yml`) may name breaks, where a definition, a coverage or a denominator changes;
unknowns, the cells of a column that mean "not stated"; and the day on which its evidence ends. A list whose rows have no
last date names the day to which its sources were read instead: nothing says that what it lists has an end.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

import pandas as pd

from essay import tables, text


@dataclass(frozen=True)
class Break:
    """A place in a table across which values of `column` do not compare: the first `value` of `field` after it, and why."""

    column: str
    field: str
    value: object
    why: str


def breaks(frame: pd.DataFrame, column: str) -> list[Break]:
    """Return the breaks that the table of `frame` declares for a column, in the order of the table."""
    return declared_breaks(_table(frame), column)


def declared_breaks(name: str, column: str) -> list[Break]:
    """Return the breaks that table `name` declares for a column, in the order of the table."""
    declared = tables.resource(name).get("breaks", [])
    return [
        Break(column, field, value, each["why"])
        for each in declared
        if each["column"] == column
        for field, value in each["where"].items()
    ]


def pieces(frame: pd.DataFrame, column: str) -> list[pd.DataFrame]:
    """Return `frame` cut at the breaks that its table declares for `column`, each piece in its rows' order.

    Raises tables.TableError when the frame has lost the field that says where a break is.
    """
    place = pd.Series(0, index=frame.index)
    for each in breaks(frame, column):
        if each.field not in frame:
            raise tables.TableError(
                f"{_table(frame)}: {column} has a break at {each.field} {each.value} ({each.why}); keep {each.field} in the frame"
            )
        place += (frame[each.field] >= _like(frame[each.field], each.value)).fillna(False).astype(int)
    return [piece for _, piece in frame.groupby(place)]


@dataclass(frozen=True)
class Share:
    """A share with its unknown part: `part` of the `known`, beside `unknown` of which nobody says.

    The three are counts of rows, or sums of a weight in its unit. As a number it is the share of the known, and only
    where nothing is unknown; otherwise use `of_known` and tell of the unknown, or `low` and `high`.
    """

    part: float
    known: float
    unknown: float

    @property
    def of_known(self) -> float:
        """The share of what is known, between 0 and 1."""
        return self.part / self.known

    @property
    def low(self) -> float:
        """The share of all if none of the unknown belongs to the part."""
        return self.part / (self.known + self.unknown)

    @property
    def high(self) -> float:
        """The share of all if everything unknown belongs to the part."""
        return (self.part + self.unknown) / (self.known + self.unknown)

    def __float__(self) -> float:
        """Return the share. Raises tables.TableError while something is unknown."""
        if self.unknown:
            raise tables.TableError(f"{self.told}; use of_known and say so, or low and high")
        return self.of_known

    @property
    def told(self) -> str:
        """The unknown part in words, for receipts and captions."""
        return f"not stated for {self.unknown:,.10g} of {self.known + self.unknown:,.10g}"


def share(frame: pd.DataFrame, column: str, values: Collection[object], weight: str | None = None) -> Share:
    """Return the share of rows (or of the column `weight`) that have one of `values` in `column`.

    Unknown are the rows that the table of `frame` declares so. Raises tables.TableError for a value that cannot stand in
    the column and for a blank that is not declared to mean "not stated".
    """
    name = _table(frame)
    declared = [str(value) for value in tables.resource(name).get("unknowns", {}).get(column, [])]
    cells = frame[column].astype("string").fillna("")
    if "" not in declared and (cells == "").any():
        raise tables.TableError(
            f"{name}: {column} has blank cells; say in data/recipes/{name}.yml, under unknowns, whether they mean 'not stated'"
        )
    wanted = [str(value) for value in values]
    (field,) = [each for each in tables.resource(name)["schema"]["fields"] if each["name"] == column]
    listed = field.get("constraints", {}).get("enum", cells)
    if strange := [value for value in wanted if value not in {str(each) for each in listed}]:
        raise tables.TableError(f"{name}: {column} is never {strange[0]!r}; see data/recipes/{name}.yml")
    amount = frame[weight].astype(float) if weight else pd.Series(1, index=frame.index)
    unknown = cells.isin(declared)
    return Share(amount[cells.isin(wanted)].sum().item(), amount[~unknown].sum().item(), amount[unknown].sum().item())


def sources_read(name: str) -> set[date]:
    """Return the days on which the sources of a table were read, the day to which it declares that they were among them."""
    described = tables.resource(name)
    days = [source["accessed"] for source in described["sources"]] + [described.get("sources_read")]
    return {date.fromisoformat(day) for day in days if day}


def ends_told(names: Iterable[str]) -> str:
    """Return on which days the evidence of some tables ends, in words; empty where none declares it."""
    declared = {tables.resource(name).get("record_ends") for name in names} - {None}
    return text.listed([text.when(day) for day in sorted(declared)]) if declared else ""


def _table(frame: pd.DataFrame) -> str:
    """Return the name of the table that a frame was loaded from. Raises tables.TableError when it has lost it."""
    if "table" not in frame.attrs:
        raise tables.TableError('this frame names no table; load it with tables.load, or set frame.attrs["table"]')
    return frame.attrs["table"]


def _like(column: pd.Series, value: object) -> object:
    """Return a declared value as the column holds it: a number, or text as dates are."""
    return type(column.dropna().iloc[0])(value) if len(column.dropna()) else value
