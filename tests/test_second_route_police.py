"""Headline numbers of the police chapter by a second route: plain Python over the CSV files."""

from __future__ import annotations

import csv
import gzip
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


def countries_a_year(first: int, last: int) -> float:
    """Return how many countries had obligations above zero in the average year of a span."""
    paid = [
        row
        for row in rows("narcotics_obligations")
        if row["regional"] == "False" and int(row["obligations_usd2020"]) > 0 and first <= year(row) <= last
    ]
    return len(paid) / (last - first + 1)


def share(columns: list[str], first: int, last: int, peacekeeping: bool) -> float:
    """Return the places of some groups over the places with a stated unit in a span of years."""

    def spanned(row):
        return first <= year(row) <= last and (peacekeeping or row["programme"] != "Peacekeeping")

    table = "fmtrpt_country_year"
    part = sum(total(table, column, spanned) for column in columns)
    return part / (total(table, "places", spanned) - total(table, "unstated_places", spanned))


def peacekeeping(first: int, last: int) -> float:
    """Return the places on peacekeeping courses over all places in a span of years, per cent."""

    def spanned(row):
        return first <= year(row) <= last

    table = "fmtrpt_country_year"
    part = total(table, "places", lambda row: spanned(row) and row["programme"] == "Peacekeeping")
    return 100 * part / total(table, "places", spanned)


def regions(first: int, last: int) -> float:
    """Return the share of narcotics obligations on lines of regions, that of the world apart, in a span of years, per cent."""

    def spanned(row):
        return first <= year(row) <= last

    def region(row):
        return spanned(row) and row["regional"] == "True" and row["country"] != "World (not specified)"

    table, money = "narcotics_obligations", "obligations_usd2020"
    return 100 * total(table, money, region) / total(table, money, spanned)


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
CENTRAL_AMERICA = {"Belize", "Costa Rica", "El Salvador", "Guatemala", "Honduras", "Nicaragua", "Panama"}

ROUTES = {
    "police-count-left": lambda: counted("1973"),
    "police-count-1990": lambda: counted("FY1990"),
    "police-count-2009": lambda: counted("FY2009"),
    "police-narcotics-early": lambda: narcotics_mean(1974, 1984),
    "police-narcotics-late": lambda: narcotics_mean(2001, 2010),
    "police-narcotics-ratio": lambda: narcotics_mean(2001, 2010) / narcotics_mean(1974, 1984),
    "police-narcotics-named-early": lambda: countries_a_year(1974, 1984),
    "police-narcotics-named-late": lambda: countries_a_year(2001, 2010),
    "police-narcotics-regions-middle": lambda: regions(1985, 2000),
    "police-narcotics-regions-last": lambda: regions(2011, 2020),
    "police-authority-2016": lambda: (
        total("incle_budget", "incle_usd", lambda row: year(row) == 2016) * price(2020) / price(2016)
    ),
    "police-training-places": lambda: total("fmtrpt_country_year", "places"),
    "police-training-recipients": lambda: len({row["iso3"] for row in rows("fmtrpt_country_year")} - {"ZZZ"}),
    "police-peace-share": lambda: peacekeeping(2006, 2020),
    "police-share-early": lambda: share(["police_places"], 2001, 2006, False),
    "police-share-late": lambda: share(["police_places"], 2007, 2020, False),
    "police-share-early-all": lambda: share(["police_places"], 2001, 2006, True),
    "police-share-late-all": lambda: share(["police_places"], 2007, 2020, True),
    "police-share-wide-early": lambda: share(["police_places", "other_law_places"], 2001, 2006, False),
    "police-share-wide-late": lambda: share(["police_places", "other_law_places"], 2007, 2020, False),
    "police-slv-places": lambda: total("fmtrpt_el_salvador", "places"),
    "police-slv-unstated": lambda: total("fmtrpt_el_salvador", "places", lambda row: row["police"] == "" and year(row) >= 2001),
    "police-slv-police": lambda: police_courses("places"),
    "aid-slv-war": lambda: war_aid(),
    "aid-slv-war-economic": lambda: 100 * war_aid("economic") / war_aid(),
    "aid-slv-narcotics-late": lambda: narcotics_line("El Salvador"),
    "aid-regional-narcotics": lambda: narcotics_line(CENTRAL),
    "aid-countries-narcotics": lambda: total(
        "narcotics_obligations",
        "obligations_usd2020",
        lambda row: row["country"] in CENTRAL_AMERICA and year(row) >= 2008,
    ),
    "aid-sectors-late": lambda: purposes(lambda row: 2008 <= year(row) <= 2020, "amount_usd2023") * price(2020) / price(2023),
    "aid-sectors-1617": lambda: purposes(lambda row: year(row) in (2016, 2017), "amount_usd"),
}


@pytest.mark.parametrize("fact", ROUTES)
def test_second_route(fact):
    """Each number comes out the same without pandas and without the essay's own library."""
    assert ROUTES[fact]() == pytest.approx(FACTS[fact]["value"], rel=1e-9)


def test_pentagon_money_against_drugs():
    """The row of facts is the sum of the publisher's rows for El Salvador, to the nearest hundred thousand dollars."""
    with gzip.open(DATA / "raw/us-foreign-assistance/greenbook-1946-2020.csv.gz", "rt", encoding="utf-8", newline="") as file:
        paid = sum(
            int(row["obligations_constant2020_usd"])
            for row in csv.DictReader(file)
            if row["country"] == "El Salvador"
            and row["publication_row"] == "Drug Interdiction and Counter-Drug"
            and 2008 <= int(row["fiscal_year"][:4]) <= 2020
        )
    assert round(paid, -5) == FACTS["aid-slv-pentagon"]["value"]
