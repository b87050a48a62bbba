"""Headline numbers of the supermax chapter by a second route: plain Python over the CSV files."""

from __future__ import annotations

import csv
from collections.abc import Iterator

import pytest

from tests import book

DATA = book.PROJECT / "data"
FACTS = book.facts()


def rows(table: str) -> Iterator[dict[str, str]]:
    """Yield the rows of one table as text."""
    with (DATA / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def row(table: str, **key: str) -> dict[str, str]:
    """Return the single row of a table that has these values."""
    (found,) = [each for each in rows(table) if all(each[column] == value for column, value in key.items())]
    return found


def per_100k(year: int) -> float:
    """Return prisoners per 100,000 residents from the two counts."""
    found = row("us_prisoners", year=str(year))
    return 100_000 * int(found["prisoners"]) / int(found["population"])


def placements(least: int = 0, flagged: bool | None = None) -> int:
    """Count segregation placements longer than `least` days, with or without a mental-illness flag."""
    return sum(
        int(each["placements"])
        for each in rows("ice_segregation_lengths")
        if int(each["days"]) > least and flagged in (None, each["mental_illness"] != "none recorded")
    )


def segregated(month: str) -> int:
    """Return people segregated in a month."""
    return int(row("ice_segregation_monthly", month=f"{month}-01")["people_in_segregation"])


def per_100_detained(month: str) -> float:
    """Return people segregated in a month per 100 detained."""
    return 100 * segregated(month) / float(row("ice_segregation_monthly", month=f"{month}-01")["average_daily_population"])


def rank(listed: str, measure: str, scope: str = "all jurisdictions") -> int:
    """Return Brazil's rank in one list."""
    return int(row("prison_ranks", iso3="BRA", list=listed, measure=measure, scope=scope)["rank"])


def abroad(*links: str) -> int:
    """Count prisons abroad by what a source shows of a U.S. link."""
    return sum(each["us_link"] in links for each in rows("supermax_abroad"))


def lockdown() -> int:
    """Return the year in which Marion was locked down."""
    return int(row("facts_supermax", id="marion-lockdown")["value"].split("-")[0])


ROUTES = {
    "supermax-gap": lambda: lockdown() - int(row("supermax_us", id="usp-marion")["opened_year"]),
    "supermax-rate-1963": lambda: per_100k(1963),
    "supermax-rate-1983": lambda: per_100k(1983),
    "supermax-peak-year": lambda: max((int(each["year"]) for each in rows("us_prisoners")), key=per_100k),
    "supermax-low-year": lambda: min(range(1946, 1977), key=per_100k),
    "supermax-abroad-documented": lambda: abroad("documented"),
    "supermax-abroad-none": lambda: abroad("none"),
    "supermax-abroad-hands": lambda: sum(
        each["us_link"] == "documented" and each["us_link_kind"] not in ("model", "design") for each in rows("supermax_abroad")
    ),
    "supermax-abroad-before": lambda: sum(
        bool(each["opened_year"]) and int(each["opened_year"]) < lockdown() for each in rows("supermax_abroad")
    ),
    "supermax-ice-placements": placements,
    "supermax-ice-over15": lambda: 100 * placements(15) / placements(),
    "supermax-ice-over90": lambda: placements(90),
    "supermax-ice-flagged": lambda: 100 * placements(flagged=True) / placements(),
    "supermax-ice-flag-over15": lambda: 100 * placements(15, flagged=True) / placements(flagged=True),
    "supermax-ice-noflag-over15": lambda: 100 * placements(15, flagged=False) / placements(flagged=False),
    "supermax-seg-run-growth": lambda: 100 * (segregated("2026-03") / segregated("2024-12") - 1),
    "supermax-seg-rate-step": lambda: per_100_detained("2024-12"),
    "supermax-seg-rate-last": lambda: per_100_detained("2026-03"),
    "supermax-brazil-rate-rank": lambda: rank("2024-05", "rate"),
    "supermax-brazil-rank-2017": lambda: rank("2017-07", "rate"),
    "supermax-brazil-rank-may-without": lambda: rank("2024-05", "rate", "without dependent territories"),
    "supermax-brazil-total-rank": lambda: rank("2024-05", "total"),
}


@pytest.mark.parametrize("id", ROUTES)
def test_a_headline_number_comes_out_the_same_by_a_second_route(id):
    """A headline number comes out the same by a second route."""
    # Computed rates are printed with one decimal in the table.
    assert ROUTES[id]() == pytest.approx(FACTS[id]["value"], abs=0.051 if "-rate-19" in id else 1e-6)
