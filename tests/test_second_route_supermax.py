"""Headline numbers of the supermax chapter by a second route: plain Python over the CSV files."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from statistics import median

import pytest
from bs4 import BeautifulSoup

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


def summary(*, flags: tuple[str, ...] = (), since: int = 0, until: int = 9999, limit: int = 15) -> list[float]:
    """Return for some placements: how many, how many longer than `limit` days, per cent, median, per cent over 90 days."""
    days = [
        int(each["days"])
        for each in rows("ice_segregation_lengths")
        for _ in range(int(each["placements"]))
        if (not flags or each["mental_illness"] in flags) and since <= int(each["placement_year"]) <= until
    ]
    longer = sum(day > limit for day in days)
    return [len(days), longer, 100 * longer / len(days), median(days), 100 * sum(day > 90 for day in days) / len(days)]


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


def in_2019(end: str) -> list[int]:
    """Return one end of each count of people in solitary in 2019."""
    counts = [each for each in rows("solitary_counts") if each["year"] == "2019" and each["unit"] == "people"]
    return [int(float(each[end])) for each in counts if each[end]]


def table_rows(figure: str) -> list[list[str]]:
    """Return the rows of the table that a figure offers to readers."""
    for cell in book.read(book.PROJECT / "book" / "supermax.ipynb")["cells"]:
        for output in cell.get("outputs", []):
            page = BeautifulSoup("".join(output.get("data", {}).get("text/html", "")), "html.parser")
            if page.find(id=f"fig-{figure}"):
                return [[cell.get_text() for cell in line.find_all(["th", "td"])] for line in page.tbody.find_all("tr")]
    raise LookupError(figure)


ROUTES = {
    "supermax-gap": lambda: lockdown() - int(row("supermax_us", id="usp-marion")["opened_year"]),
    "supermax-auckland-lag": lambda: lockdown() - int(row("supermax_abroad", id="nz-paremoremo")["opened_year"]),
    "supermax-rate-1963": lambda: per_100k(1963),
    "supermax-low-rate": lambda: round(min(map(per_100k, range(1946, 1977)))),
    "supermax-last-ratio": lambda: sentenced(2023) / int(row("facts_supermax", id="sentenced-1983")["value"]),
    "supermax-abroad-documented": lambda: abroad("documented"),
    "supermax-abroad-claimed": lambda: abroad("claimed"),
    "supermax-abroad-none": lambda: abroad("none"),
    "supermax-abroad-before": lambda: sum(
        bool(each["opened_year"]) and int(each["opened_year"]) < lockdown() for each in rows("supermax_abroad")
    ),
    "supermax-2019-low": lambda: min(in_2019("value_low")),
    "supermax-2019-high": lambda: max(in_2019("value_high")),
    "supermax-ice-placements": lambda: summary()[0],
    "supermax-ice-over15-count": lambda: summary()[1],
    "supermax-ice-asked": lambda: placed_for("Detainee Request"),
    "supermax-seg-fall": lambda: 100 * (1 - segregated("2026-03") / segregated("2025-01")),
    "supermax-seg-rate-fall": lambda: 100 * (1 - per_100_detained("2026-03") / per_100_detained("2025-01")),
    "supermax-vul-last": lambda: float(row("ice_segregation_vulnerable", quarter_start="2026-01-01")["average_consecutive_days"]),
    "supermax-states-2005": lambda: int(row("supermax_counts", id="count-2005-states-44")["value_low"]),
    "supermax-brazil-rate-rank": lambda: rank("2024-05", "rate"),
    "supermax-brazil-rank-2017": lambda: rank("2017-07", "rate"),
    "supermax-brazil-total-rank": lambda: rank("2024-05", "total"),
}


@pytest.mark.parametrize("id", ROUTES)
def test_a_headline_number_comes_out_the_same_by_a_second_route(id):
    """A headline number comes out the same by a second route."""
    # Computed rates are printed with one decimal in the table.
    assert ROUTES[id]() == pytest.approx(FACTS[id]["value"], abs=0.051 if "-rate-19" in id else 1e-6)


def test_the_table_of_segregation_comes_out_the_same_by_a_second_route():
    """Each row of the table of placements, counted in plain Python over the days of all placements."""
    expected = {
        "all recorded": summary(),
        "no mental illness flagged": summary(flags=("none recorded",)),
        "mental illness flagged": summary(flags=("Mental Illness", "Serious Mental Illness")),
        "of these, serious": summary(flags=("Serious Mental Illness",)),
        "begun in 2019 or later": summary(since=2019),
        "all, if the first and the last day both count": summary(limit=16),
    } | {f"begun in {year}": summary(since=year, until=year) for year in range(2019, 2024)}
    assert {name: [f"{value:.1f}" for value in values] for name, values in expected.items()} == {
        name: [f"{float(cell.replace(',', '')):.1f}" for cell in cells] for name, *cells in table_rows("supermax-ice-lengths")
    }
