"""Dollars of different years, made comparable: one base for every chart that shows constant dollars.

The aid files come in three constant-dollar bases (2020, 2023 and 2024), and budgets and training reports in nominal
dollars. The name of a column says which: `obligations_usd` is nominal, `obligations_usd2020` is in dollars of 2020.
`rebase` is the only place that converts, and `one_base` refuses tables whose bases differ.
"""

from __future__ import annotations

import re
from functools import cache

import pandas as pd

from essay import tables

# Base of the whole book: that of its largest source, the Greenbook, whose numbers can so be checked as printed.
BASE = 2020


class DollarsError(Exception):
    """Amounts of different bases were mixed, or cannot be brought to one."""


def base(column: str) -> int | None:
    """Return the base year that a column's name states, None for nominal dollars.

    Raises DollarsError when the name does not end in `_usd` or `_usd` and a year.
    """
    found = re.search(r"_usd(\d{4})?$", column)
    if found is None:
        raise DollarsError(f"{column}: the name must end in _usd (nominal) or _usd and the base year, as obligations_usd2020")
    return int(found[1]) if found[1] else None


def rebase(frame: pd.DataFrame, column: str, to: int = BASE, year: str = "fiscal_year") -> pd.Series:
    """Return one dollar column of `frame` in constant dollars of `to`, named accordingly.

    A constant column is multiplied by price(to) / price(its base), a nominal one by price(to) / price(fiscal year);
    prices are those behind the FY2024 dollars of ForeignAssistance.gov, for every step, so that vintages of
    deflators do not mix. The Greenbook's own deflator differs from them by less than one per cent.

    Raises DollarsError when the column's base cannot be read from its name, the table has no column `year` for
    nominal amounts, or no price is known for a year.
    """
    stated = base(column)
    name = re.sub(r"_usd(\d{4})?$", f"_usd{to}", column)
    if stated == to:
        return frame[column].rename(name)
    if stated is not None:
        return (frame[column].astype(float) * (_price(to) / _price(stated))).rename(name)
    if year not in frame:
        raise DollarsError(f"{column}: nominal dollars need the column {year!r} to be rebased")
    return (frame[column].astype(float) * frame[year].map(lambda when: _price(to) / _price(when))).rename(name)


def one_base(*frames: pd.DataFrame) -> int | None:
    """Return the one base of all dollar columns of the tables, None when they are nominal.

    Raises DollarsError when there is no dollar column, or more than one base.
    """
    bases = {column: base(column) for frame in frames for column in frame.columns if re.search(r"_usd(\d{4})?$", str(column))}
    if not bases:
        raise DollarsError("no column of dollars: names must end in _usd (nominal) or _usd and the base year")
    if len(set(bases.values())) > 1:
        listed = ", ".join(f"{column} ({stated or 'nominal'})" for column, stated in sorted(bases.items()))
        raise DollarsError(f"dollars of different bases must not be mixed: {listed}; bring them to one with dollars.rebase")
    return next(iter(bases.values()))


@cache
def _prices() -> pd.Series:
    """Return the price level of each fiscal year, FY2024 = 1."""
    rates = tables.load("us_dollar_deflator").set_index("fiscal_year")["usd2024_per_usd"]
    return 1 / rates


def _price(year: int) -> float:
    """Return the price level of one fiscal year.

    Raises DollarsError when it is not known.
    """
    try:
        return float(_prices().loc[int(year)])
    except KeyError:
        known = _prices().index
        raise DollarsError(f"no price level for fiscal year {year}; known: {known.min()} to {known.max()}") from None
