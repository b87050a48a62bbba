"""Headline numbers of the CECOT chapter by a second route: plain Python over the CSV files."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from datetime import date

import pytest

from tests import book

DATA = book.PROJECT / "data"
FACTS = book.facts()


def rows(table: str, **where: str) -> Iterator[dict[str, str]]:
    """Yield the rows of one table as text, those whose columns have the given values."""
    with (DATA / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if all(row[column] == value for column, value in where.items()):
                yield row


def only(table: str, column: str, **where: str) -> float:
    """Return the number in one column of the only row that fits."""
    (row,) = rows(table, **where)
    return float(row[column])


def layout(quantity: str) -> float:
    """Return a published dimension of the prison."""
    return only("cecot_layout", "value", quantity=quantity)


def allowed() -> float:
    """Return how many people the standard allows on the floor of all cells."""
    return floor() / layout("red_cross_benchmark")


def floor() -> float:
    """Return the floor of all cells, square metres."""
    return layout("cells") * layout("cell_area")


def listed(iso3: str) -> float:
    """Return the rate of a country in the World Prison Brief's list of 2024."""
    (row,) = (row for row in rows("slv_prison_rates", iso3=iso3) if "listed" in row["reference_date"])
    return float(row["rate"])


def world(year: str) -> float:
    """Return the international homicide rate of a year."""
    return only("slv_homicides", "rate", series="UNODC, via Our World in Data", year=year)


def police(year: str, column: str = "homicides") -> float:
    """Return the police count of homicides of a year, or its rate."""
    return only("slv_homicides", column, series="National Civil Police", year=year)


def sent() -> list[int]:
    """Return the people of each transfer, in order."""
    return [int(row["total"]) for row in rows("cecot_transfers")]


def released() -> dict[str, str]:
    """Return the release in the chronology."""
    (row,) = rows("cecot_chronology", category="release")
    return row


def cost(country: str, table: str = "third_country_costs", column: str = "people") -> float:
    """Return the lump sum over people received, or over another number of people."""
    return only("third_country_costs", "payment_usd", country=country) / only(table, column, country=country)


def detained(month: str, agency: str = "ICE", group: str = "Other Immigration Violator") -> float:
    """Return an average daily population of ICE detention."""
    return only("ice_detention_monthly", "people", month=f"{month}-01", arresting_agency=agency, criminality=group)


def together(month: str, group: str = "Other Immigration Violator") -> float:
    """Return an average daily population whichever agency made the arrest."""
    return detained(month, "ICE", group) + detained(month, "CBP", group)


def deaths(who: str) -> float:
    """Return the last count of deaths by one organisation."""
    return float(max(rows("slv_deaths_in_custody", counted_by=who), key=lambda row: row["date"])["deaths"])


def merits() -> list[dict[str, str]]:
    """Return the rulings of other district courts on the Alien Enemies Act."""
    return list(rows("cecot_chronology", case="other districts", court="district court"))


GRANT = "grant-476"

ROUTES: dict[str, Callable[[], float]] = {
    "cecot-per-cell-claimed": lambda: layout("capacity_official") / layout("cells"),
    "cecot-space-claimed": lambda: floor() / layout("capacity_official"),
    "cecot-per-cell-2024": lambda: layout("population_2024_06_11") / layout("cells"),
    "cecot-hold-65": lambda: 65 * layout("cells"),
    "cecot-hold-70": lambda: 70 * layout("cells"),
    "cecot-over-standard": lambda: layout("population_2024_06_11") / allowed(),
    "cecot-first": lambda: sent()[0],
    "cecot-all": lambda: sum(sent()),
    "cecot-days": lambda: (date.fromisoformat(released()["date"]) - date(2025, 3, 16)).days,
    "cecot-per-head": lambda: only("facts_cecot", "value", id=GRANT) / 238,
    "cecot-lump": lambda: sum(int(row["payment_usd"]) for row in rows("third_country_costs")),
    "cecot-cost-rwa": lambda: cost("Rwanda"),
    "cecot-agreed-rwa": lambda: cost("Rwanda", "third_countries", "cap_people"),
    "cecot-ratio-low": lambda: listed("SLV") / listed("USA"),
    "cecot-ratio-high": lambda: only("slv_prison_rates", "rate", series="population census") / listed("USA"),
    "cecot-fall-before": lambda: 100 * (world("2015") - world("2021")) / (world("2015") - world("2022")),
    "cecot-fall-low": lambda: 100 * (world("2015") - police("2021", "rate")) / (world("2015") - police("2024", "rate")),
    "cecot-fall-half": lambda: 100 * (world("2015") - police("2018", "rate")) / (world("2015") - police("2024", "rate")),
    "cecot-ratio-brief": lambda: 1659 / listed("USA"),
    "cecot-ice-total-last": lambda: together("2026-03"),
    "cecot-recount-2022": lambda: 495 + 83 + 30 + 102 / 2,
    "cecot-recount-whole": lambda: 495 + 83 + 30 + 102 + 306,
    "cecot-homicides-day": lambda: only("slv_homicides", "homicides", year="2015", counted_by="Forensic institute") / 365,
    "cecot-deaths-cristosal": lambda: deaths("Cristosal"),
    "cecot-deaths-sjh": lambda: deaths("Socorro Juridico Humanitario"),
    "cecot-received": lambda: sum(1 for _ in rows("third_countries", status="received")),
    "cecot-ice-total-2024": lambda: together("2024-12"),
    "cecot-ice-total-2026": lambda: together("2026-01"),
    "cecot-ice-part-2024": lambda: 100 * together("2024-12") / together("2024-12", "All"),
    "cecot-ice-part-2026": lambda: 100 * together("2026-01") / together("2026-01", "All"),
    "cecot-compare": lambda: 100 * sum(sent()) / together("2026-01"),
    "cecot-model-countries": lambda: len({row["country"] for row in rows("cecot_models")} - {"United States"}),
    "cecot-no-place": lambda: sum(
        row["held"] in ("", "not stated") or "custody" in row["held"] for row in rows("third_countries", status="received")
    ),
    "cecot-convicted-low": lambda: 100 * (252 - 123 - 70 - 26) / 252,
    "cecot-all-elsewhere": lambda: sum(int(row["total_elsewhere"] or row["total"]) for row in rows("cecot_transfers")),
    "cecot-aea": lambda: sum(int(row["alien_enemies_act"] or 0) for row in rows("cecot_transfers")),
    "cecot-merits-no": lambda: sum(row["act_applies"] == "False" for row in merits()),
}


@pytest.mark.parametrize("fact", ROUTES)
def test_second_route(fact):
    """Each number comes out the same without pandas and without the essay's own library."""
    assert ROUTES[fact]() == pytest.approx(FACTS[fact]["value"], rel=1e-9)


def test_groups_add_up_to_all():
    """The groups of a month add up to the total that ICE prints, within rounding."""
    groups = ("Convicted Criminal", "Pending Criminal Charges", "Other Immigration Violator")
    for month in ("2024-12", "2026-01", "2026-03"):
        for agency in ("ICE", "CBP"):
            parts = sum(detained(month, agency, group) for group in groups)
            assert parts == pytest.approx(detained(month, agency, "All"), abs=0.05)
