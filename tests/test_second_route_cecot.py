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


def unodc(iso3: str, year: str) -> float:
    """Return people held per 100,000 as computed from a UNODC count."""
    return only("slv_prison_rates", "rate", iso3=iso3, series="UNODC", year=year)


def listed(iso3: str) -> float:
    """Return the rate of a country in the World Prison Brief's list of 2024."""
    (row,) = (row for row in rows("slv_prison_rates", iso3=iso3) if "listed" in row["reference_date"])
    return float(row["rate"])


def estimates() -> list[float]:
    """Return the estimated Salvadoran rates of 2024."""
    return [
        float(row["rate"])
        for row in rows("slv_prison_rates", iso3="SLV", series="civil-society and press estimates", year="2024")
    ]


def world(year: str) -> float:
    """Return the international homicide rate of a year."""
    return only("slv_homicides", "rate", series="UNODC, via Our World in Data", year=year)


def police(year: str) -> float:
    """Return the police count of homicides of a year."""
    return only("slv_homicides", "homicides", series="National Civil Police", year=year)


def recount() -> float:
    """Return the highest count of homicides of 2022."""
    return max(float(row["homicides"]) for row in rows("slv_homicides", year="2022") if row["homicides"])


def sent() -> list[int]:
    """Return the people of each transfer, in order."""
    return [int(row["total"]) for row in rows("cecot_transfers")]


def released() -> dict[str, str]:
    """Return the release in the chronology."""
    (row,) = rows("cecot_chronology", category="release")
    return row


def cost(country: str) -> float:
    """Return the lump sum over people received."""
    return only("third_country_costs", "payment_usd", country=country) / only("third_country_costs", "people", country=country)


def detained(month: str, agency: str = "ICE", group: str = "Other Immigration Violator") -> float:
    """Return an average daily population of ICE detention."""
    return only("ice_detention_monthly", "people", month=f"{month}-01", arresting_agency=agency, criminality=group)


def together(month: str, group: str = "Other Immigration Violator") -> float:
    """Return an average daily population whichever agency made the arrest."""
    return detained(month, "ICE", group) + detained(month, "CBP", group)


def ranked(iso3: str) -> float:
    """Return a country's rate in the World Prison Brief's list of 2021, from the table of ranks."""
    return only("prison_ranks", "value", iso3=iso3, list="2021", measure="rate", scope="all jurisdictions")


def deaths(who: str) -> float:
    """Return the last count of deaths by one organisation."""
    return float(max(rows("slv_deaths_in_custody", counted_by=who), key=lambda row: row["date"])["deaths"])


GRANT = "grant-476"

ROUTES: dict[str, Callable[[], float]] = {
    "cecot-per-cell-claimed": lambda: layout("capacity_official") / layout("cells"),
    "cecot-space-claimed": lambda: floor() / layout("capacity_official"),
    "cecot-space-2024": lambda: floor() / layout("population_2024_06_11"),
    "cecot-per-cell-2024": lambda: layout("population_2024_06_11") / layout("cells"),
    "cecot-hold-65": lambda: 65 * layout("cells"),
    "cecot-hold-70": lambda: 70 * layout("cells"),
    "cecot-hold-standard": lambda: allowed() // 1,
    "cecot-over-standard": lambda: layout("population_2024_06_11") / allowed(),
    "cecot-first": lambda: sent()[0],
    "cecot-all": lambda: sum(sent()),
    "cecot-later": lambda: sum(sent()[1:]),
    "cecot-later-ven": lambda: int(released()["persons"]) - 238,
    "cecot-days": lambda: (date.fromisoformat(released()["date"]) - date(2025, 3, 16)).days,
    "cecot-per-head": lambda: only("facts_cecot", "value", id=GRANT) / 238,
    "cecot-grant-share": lambda: 100 * only("facts_cecot", "value", id=GRANT) / 200e6,
    "cecot-lump": lambda: sum(int(row["payment_usd"]) for row in rows("third_country_costs")),
    "cecot-cost-slv": lambda: cost("El Salvador"),
    "cecot-cost-rwa": lambda: cost("Rwanda"),
    "cecot-slv-2019": lambda: unodc("SLV", "2019"),
    "cecot-usa-2019": lambda: unodc("USA", "2019"),
    "cecot-slv-printed": lambda: only("slv_prison_rates", "rate", iso3="SLV", series="UNODC, its own rate"),
    "cecot-usa-printed": lambda: only("slv_prison_rates", "rate", iso3="USA", series="UNODC, its own rate"),
    "cecot-slv-brief": lambda: ranked("SLV"),
    "cecot-usa-brief": lambda: ranked("USA"),
    "cecot-census-rate": lambda: only("slv_prison_rates", "held", series="population census") / 6_029_976 * 100_000 // 1 + 1,
    "cecot-slv-growth": lambda: unodc("SLV", "2019") / unodc("SLV", "2004"),
    "cecot-ratio-low": lambda: listed("SLV") / listed("USA"),
    "cecot-ratio-high": lambda: max(estimates()) / listed("USA"),
    "cecot-fall-before": lambda: 100 * (world("2015") - world("2021")) / (world("2015") - world("2022")),
    "cecot-drop-before": lambda: 100 - 100 * world("2021") / world("2015"),
    "cecot-fall-low": lambda: 100 * (world("2015") - world("2021")) / (world("2015") - 1.8),
    "cecot-recount-drop": lambda: 100 - 100 * 1211 / 6656,
    "cecot-yearly-before": lambda: 100 - 100 * (world("2021") / world("2015")) ** (1 / 6),
    "cecot-yearly-after": lambda: 100 - 100 * (police("2024") / police("2021")) ** (1 / 3),
    "cecot-recount-2022": recount,
    "cecot-deaths-cristosal": lambda: deaths("Cristosal"),
    "cecot-deaths-sjh": lambda: deaths("Socorro Juridico Humanitario"),
    "cecot-received": lambda: sum(1 for _ in rows("third_countries", status="received")),
    "cecot-ice-2024": lambda: detained("2024-12"),
    "cecot-ice-2026": lambda: detained("2026-01"),
    "cecot-ice-total-2024": lambda: together("2024-12"),
    "cecot-ice-total-2026": lambda: together("2026-01"),
    "cecot-ice-total-last": lambda: together("2026-03"),
    "cecot-ice-part-2024": lambda: 100 * together("2024-12") / together("2024-12", "All"),
    "cecot-ice-part-2026": lambda: 100 * together("2026-01") / together("2026-01", "All"),
    "cecot-compare": lambda: 100 * sum(sent()) / together("2026-01"),
    "cecot-ice-share-2026": lambda: 100 * detained("2026-01") / detained("2026-01", group="All"),
    "cecot-cbp-2026": lambda: detained("2026-01", agency="CBP"),
    "cecot-pro-convicted": lambda: 238 - 130 - 67 - 9,
    "cecot-hrw-convicted": lambda: 252 - 123 - 70 - 26,
    "cecot-model-countries": lambda: len({row["country"] for row in rows("cecot_models")} - {"United States"}),
    "cecot-no-place": lambda: sum(row["held"] in ("", "not stated") for row in rows("third_countries", status="received")),
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
