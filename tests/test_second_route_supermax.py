"""Headline numbers of the supermax chapter by a second route: plain Python over the CSV files."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from statistics import median

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


def lengths(*flags: str) -> list[int]:
    """Return the length of every placement with one of these flags, or of all."""
    return [
        int(each["days"])
        for each in rows("ice_segregation_lengths")
        for _ in range(int(each["placements"]))
        if not flags or each["mental_illness"] in flags
    ]


def longer_by_year() -> list[float]:
    """Return for each year from 2019 the share of its placements that were longer than 15 days, per cent."""
    shares = []
    for year in range(2019, 2024):
        here = [each for each in rows("ice_segregation_lengths") if each["placement_year"] == str(year)]
        over = sum(int(each["placements"]) for each in here if int(each["days"]) > 15)
        shares.append(100 * over / sum(int(each["placements"]) for each in here))
    return shares


def placed_for(value: str) -> int:
    """Return placements by their reason, or by who asked."""
    return int(row("ice_segregation_reasons", value=value)["placements"])


def sentenced(year: int) -> float:
    """Return the Bureau's rate of sentenced prisoners."""
    return float(row("us_prisoners", year=str(year))["bjs_sentenced_rate"])


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
    "supermax-peak-year": lambda: max(range(2000, 2024), key=sentenced),
    "supermax-peak-rate": lambda: max(map(sentenced, range(2000, 2024))),
    "supermax-rate-last": lambda: sentenced(2023),
    "supermax-last-ratio": lambda: sentenced(2023) / int(row("facts_supermax", id="sentenced-1983")["value"]),
    "supermax-low-again": lambda: max(year for year in range(1946, 1977) if round(per_100k(year)) == round(per_100k(1968))),
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
    "supermax-ice-over16": lambda: 100 * placements(16) / placements(),
    "supermax-ice-median": lambda: median(lengths()),
    "supermax-ice-noflag-median": lambda: median(lengths("none recorded")),
    "supermax-ice-serious-median": lambda: median(lengths("Serious Mental Illness")),
    "supermax-ice-year-low": lambda: min(longer_by_year()),
    "supermax-ice-year-high": lambda: max(longer_by_year()),
    "supermax-ice-discipline": lambda: placed_for("disciplinary"),
    "supermax-ice-hunger": lambda: placed_for("hunger strike"),
    "supermax-ice-asked": lambda: placed_for("Detainee Request"),
    "supermax-ice-flagged": lambda: 100 * placements(flagged=True) / placements(),
    "supermax-ice-flag-over15": lambda: 100 * placements(15, flagged=True) / placements(flagged=True),
    "supermax-ice-noflag-over15": lambda: 100 * placements(15, flagged=False) / placements(flagged=False),
    "supermax-seg-first": lambda: segregated("2025-01"),
    "supermax-seg-fall": lambda: 100 * (1 - segregated("2026-03") / segregated("2025-01")),
    "supermax-seg-aug-rise": lambda: 100 * (segregated("2025-08") / segregated("2025-01") - 1),
    "supermax-seg-aug-fall": lambda: 100 * (1 - per_100_detained("2025-08") / per_100_detained("2025-01")),
    "supermax-seg-rate-first": lambda: per_100_detained("2025-01"),
    "supermax-seg-rate-last": lambda: per_100_detained("2026-03"),
    "supermax-vul-first": lambda: float(
        row("ice_segregation_vulnerable", quarter_start="2025-01-01")["average_consecutive_days"]
    ),
    "supermax-states-2005-npr": lambda: int(row("supermax_counts", id="count-2005-states-40")["value_low"]),
    "supermax-box-prisons": lambda: int(float(row("solitary_counts", id="box-2019-prison")["value_high"])),
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
