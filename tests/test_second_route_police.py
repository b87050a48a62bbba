"""Headline numbers of the police chapter by a second route: plain Python over the CSV files."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator

import pytest

from tests import book

DATA = book.PROJECT / "data"
FACTS = book.facts()


def rows(table: str) -> Iterator[dict[str, str]]:
    """Yield the rows of one table as text."""
    with (DATA / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def total(table: str, column: str, keep: Callable[[dict[str, str]], bool] = lambda row: True) -> float:
    """Sum a column over the rows to keep; blanks count nothing."""
    return sum(float(row[column]) for row in rows(table) if row[column] and keep(row))


def year(row: dict[str, str]) -> int:
    """Return the fiscal year of a row."""
    return int(row["fiscal_year"])


def price(of: int) -> float:
    """Return the price level of a fiscal year, FY2024 = 1."""
    return 1 / next(float(row["usd2024_per_usd"]) for row in rows("us_dollar_deflator") if year(row) == of)


def narcotics_mean(first: int, last: int) -> float:
    """Return mean yearly narcotics obligations of a span of years."""
    return total("narcotics_obligations", "obligations_usd2020", lambda row: first <= year(row) <= last) / (last - first + 1)


def narcotics_countries(first: int, last: int) -> int:
    """Return how many countries had obligations above zero in any year of a span."""
    return len(
        {
            row["country"]
            for row in rows("narcotics_obligations")
            if row["regional"] == "False" and int(row["obligations_usd2020"]) > 0 and first <= year(row) <= last
        }
    )


def share(column: str, first: int, last: int) -> float:
    """Return police or mixed places over the places with a stated unit in a span of years, per cent."""

    def spanned(row):
        return first <= year(row) <= last

    table = "fmtrpt_country_year"
    return 100 * total(table, column, spanned) / (total(table, "places", spanned) - total(table, "unstated_places", spanned))


def unstated(first: int, last: int) -> float:
    """Return the places without a recipient's unit over all places in a span of years, per cent."""

    def spanned(row):
        return first <= year(row) <= last

    return 100 * total("fmtrpt_country_year", "unstated_places", spanned) / total("fmtrpt_country_year", "places", spanned)


def regional(first: int, last: int) -> float:
    """Return the share of narcotics obligations on lines of regions or the world in a span of years, per cent."""

    def spanned(row):
        return first <= year(row) <= last

    table, money = "narcotics_obligations", "obligations_usd2020"
    return 100 * total(table, money, lambda r: spanned(r) and r["regional"] == "True") / total(table, money, spanned)


def narcotics_line(line: str, column: str = "obligations_usd2020") -> float:
    """Return the narcotics obligations of a line since FY2008."""
    return total(
        "us_aid_el_salvador", column, lambda row: row["line"] == line and row["kind"] == "narcotics" and year(row) >= 2008
    )


def war_aid(kind: str | None = None) -> float:
    """Return obligations to El Salvador in FY1980 to FY1992."""
    return total(
        "us_aid_el_salvador",
        "obligations_usd2020",
        lambda row: row["line"] == "El Salvador" and 1980 <= year(row) <= 1992 and kind in (None, row["kind"]),
    )


def obliged(line: str) -> float:
    """Return all obligations of a line in FY2022."""
    return total(
        "us_aid_totals",
        "amount_usd",
        lambda row: row["line"] == line and row["transaction"] == "Obligations" and year(row) == 2022,
    )


def purposes(keep: Callable[[dict[str, str]], bool], column: str) -> float:
    """Return obligations under the security purposes."""
    return total("us_aid_sectors_el_salvador", column, lambda row: row["transaction"] == "Obligations" and keep(row))


def counted(period: str) -> int:
    """Return the countries of one count."""
    return next(int(row["countries"]) for row in rows("police_assistance_counts") if row["period"] == period)


def police_courses(column: str) -> float:
    """Return the places of Salvadoran groups that name police."""
    return sum(int(row[column]) for row in rows("fmtrpt_el_salvador") if row["police"] == "True")


CENTRAL = "Central America (not specified)"

ROUTES = {
    "police-count-left": lambda: counted("1973"),
    "police-count-1990": lambda: counted("FY1990"),
    "police-count-2009": lambda: counted("FY2009"),
    "police-narcotics-early": lambda: narcotics_mean(1974, 1984),
    "police-narcotics-late": lambda: narcotics_mean(2001, 2010),
    "police-narcotics-last": lambda: narcotics_mean(2011, 2020),
    "police-narcotics-ratio": lambda: narcotics_mean(2001, 2010) / narcotics_mean(1974, 1984),
    "police-narcotics-countries-early": lambda: narcotics_countries(1974, 1984),
    "police-narcotics-countries-middle": lambda: narcotics_countries(1985, 2000),
    "police-narcotics-regional-early": lambda: regional(1974, 1984),
    "police-narcotics-regional-middle": lambda: regional(1985, 2000),
    "police-narcotics-regional-last": lambda: regional(2011, 2020),
    "police-narcotics-countries-late": lambda: narcotics_countries(2001, 2010),
    "police-authority-2016": lambda: (
        total("incle_budget", "incle_usd", lambda row: year(row) == 2016) * price(2020) / price(2016)
    ),
    "police-training-rows": lambda: total("fmtrpt_country_year", "courses"),
    "police-training-places": lambda: total("fmtrpt_country_year", "places"),
    "police-training-cost": lambda: total("fmtrpt_country_year", "cost_usd"),
    "police-training-recipients": lambda: len({row["iso3"] for row in rows("fmtrpt_country_year")} - {"ZZZ"}),
    "police-share-early": lambda: share("police_places", 2001, 2006),
    "police-mixed-early": lambda: share("mixed_places", 2001, 2006),
    "police-share-late": lambda: share("police_places", 2007, 2020),
    "police-mixed-late": lambda: share("mixed_places", 2007, 2020),
    "police-unstated-early": lambda: unstated(2001, 2006),
    "police-unstated-late": lambda: unstated(2007, 2020),
    "police-unstated-2006": lambda: unstated(2006, 2006),
    "police-unstated-2007": lambda: unstated(2007, 2007),
    "police-unstated": lambda: total("fmtrpt_country_year", "unstated_places", lambda row: year(row) >= 2001),
    "police-slv-rows": lambda: sum(1 for _ in rows("fmtrpt_el_salvador")),
    "police-slv-places": lambda: total("fmtrpt_el_salvador", "places"),
    "police-slv-unstated": lambda: total("fmtrpt_el_salvador", "places", lambda row: row["police"] == "" and year(row) >= 2001),
    "police-slv-police": lambda: police_courses("places"),
    "aid-slv-war": lambda: war_aid(),
    "aid-slv-war-economic": lambda: 100 * war_aid("economic") / war_aid(),
    "aid-slv-narcotics-late": lambda: narcotics_line("El Salvador"),
    "aid-regional-narcotics": lambda: narcotics_line(CENTRAL),
    "aid-regional-nominal": lambda: narcotics_line(CENTRAL, "obligations_usd"),
    "aid-regional-ratio": lambda: narcotics_line(CENTRAL) / narcotics_line("El Salvador"),
    "aid-sectors": lambda: purposes(lambda row: year(row) >= 2008, "amount_usd2023") * price(2020) / price(2023),
    "aid-2022-sectors": lambda: purposes(lambda row: year(row) == 2022, "amount_usd"),
    "aid-2022-incle": lambda: total("incle_budget", "incle_usd", lambda row: year(row) == 2022),
    "aid-2022-slv": lambda: obliged("El Salvador"),
    "aid-2022-world": lambda: obliged("World"),
}


@pytest.mark.parametrize("fact", ROUTES)
def test_second_route(fact):
    """Each number comes out the same without pandas and without the essay's own library."""
    assert ROUTES[fact]() == pytest.approx(FACTS[fact]["value"], rel=1e-9)
