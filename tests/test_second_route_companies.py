"""Headline numbers of the chapter on companies and certificates by a second route: plain Python over the CSV files."""

from __future__ import annotations

import csv
from collections.abc import Callable
from functools import cache
from statistics import NormalDist

import pytest

from tests import book

DATA = book.PROJECT / "data"
FACTS = book.facts()
Row = dict[str, str]


@cache
def rows(table: str) -> list[Row]:
    """Return the rows of one table as text."""
    with (DATA / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def only(table: str, **cells: str) -> Row:
    """Return the one row whose cells have the given text."""
    found = [row for row in rows(table) if all(row[column] == cell for column, cell in cells.items())]
    assert len(found) == 1, f"{table}: {len(found)} rows with {cells}"
    return found[0]


def count(table: str, keep: Callable[[Row], bool]) -> int:
    """Count the rows to keep."""
    return sum(1 for row in rows(table) if keep(row))


def ice_share(year: int, keep: Callable[[Row], bool]) -> float:
    """Return the share of ICE's population held at facilities to keep, shelters left out, per cent."""
    held = [(row, float(row[f"adp_{year}"])) for row in rows("ice_facilities_2017") if row["type"] != "ORR"]
    return 100 * sum(people for row, people in held if keep(row)) / sum(people for _, people in held)


def private(row: Row) -> bool:
    """Tell whether a company operates the facility."""
    return row["operator_class"] == "private-operator"


def always_in_use(row: Row) -> bool:
    """Tell whether the facility held people in every fiscal year from 2009 to 2017."""
    return all(float(row[f"adp_{year}"]) > 0 for year in range(2009, 2018))


def lasting_share(year: int, keep: Callable[[Row], bool]) -> float:
    """Return the share of facilities to keep among those always in use, per cent."""
    return 100 * ice_share(year, lambda r: always_in_use(r) and keep(r)) / ice_share(year, always_in_use)


def for_adults() -> list[Row]:
    """Return the private prisons for adults abroad, without Mexico's and Brazil's hybrids and the one that never opened."""
    young = ("HMP Ashfield", "Rainsbrook")
    return [
        row
        for row in rows("private_prisons_abroad")
        if row["iso3"] not in {"MEX", "BRA", "ISR"} and not row["facility"].startswith(young)
    ]


def linked(until: int = 9999) -> list[Row]:
    """Return the prisons for adults abroad with a U.S. company that opened up to a year."""
    return [row for row in for_adults() if row["us_company"] and row["opened_year"] and float(row["opened_year"]) <= until]


def reversals() -> list[Row]:
    """Return the events that have taken place by the day after which only announcements are listed."""
    return [row for row in rows("private_prison_reversals") if row["date"] < "2025-04"]


def none_among(drawn: int, all_of_them: int, marked: int) -> float:
    """Return in how many draws without putting back one would be without any marked ones, step by step."""
    odds = 1.0
    for step in range(drawn):
        odds *= (all_of_them - step) / (all_of_them - marked - step)
    return odds


def in_use(row: Row) -> bool:
    """Tell whether the facility held anyone for ICE in the weeks before the list, shelters left out."""
    return row["type"] != "ORR" and float(row["adp_2018"]) > 0


def rated(row: Row) -> bool:
    """Tell whether the last inspection ended with a final rating."""
    return row["rating"] in {"Superior", "Good", "Acceptable", "Meets Standard", "At-Risk", "Deficient"}


COMPANIES = ("GEO Group", "CoreCivic", "other private operator")


def share_of_2026(*groups: str, column: str = "adp") -> float:
    """Return the share of people held in fiscal 2026 by the named groups, or of a part of them, per cent."""
    found = {row["operator_group"]: row for row in rows("ice_operators_2026")}
    return 100 * sum(float(found[group][column]) for group in groups) / sum(float(row["adp"]) for row in found.values())


def usd(item: str) -> int:
    """Return one sum of ACA's money."""
    return int(only("aca_money", item=item)["usd"])


def accredited_people() -> float:
    """Return the share of people at accredited facilities in use, per cent."""
    used = [row for row in rows("ice_facilities_2017") if in_use(row)]
    return 100 * sum(float(r["adp_2018"]) for r in used if r["aca"] == "YES") / sum(float(r["adp_2018"]) for r in used)


def split_2022() -> Row:
    """Return the federal breakdown of 2022."""
    return only("private_prisoners_federal", year="2022")


CHECKS: dict[str, Callable[[], float]] = {
    "companies-peak-a": lambda: int(only("private_prisoners", year="2012", series="True")["total"]),
    "companies-peak-b": lambda: int(only("private_prisoners", year="2012", series="False")["total"]),
    "companies-federal-2022": lambda: int(split_2022()["halfway"]) + int(split_2022()["home"]) + int(split_2022()["secure"]),
    "companies-secure-2022": lambda: int(split_2022()["federal"]) - int(split_2022()["halfway"]) - int(split_2022()["home"]),
    "companies-montana": lambda: float(only("private_prisoners_states", year="2022", code="MT")["share_pct"]),
    "companies-states-any": lambda: count(
        "private_prisoners_states",
        lambda r: r["year"] == "2022" and r["code"] not in {"US", "ST", "FE"} and r["private_prisoners"] not in {"", "0"},
    ),
    "companies-ice-2009": lambda: ice_share(2009, private),
    "companies-ice-2017": lambda: ice_share(2017, private),
    "companies-stay": lambda: count("ice_facilities_2017", lambda r: r["type"] != "ORR" and always_in_use(r)),
    "companies-stay-2009": lambda: lasting_share(2009, private),
    "companies-stay-2017": lambda: lasting_share(2017, private),
    "companies-early-linked": lambda: len(linked(until=2002)),
    "companies-cxw-share-2025": lambda: (
        100
        * float(only("prison_companies", company="CoreCivic", fiscal_year="2025")["ice_revenue_usd_m"])
        / float(only("prison_companies", company="CoreCivic", fiscal_year="2025")["revenue_usd_m"])
    ),
    "companies-proper": lambda: len(for_adults()),
    "companies-abroad-linked": lambda: len(linked()),
    "companies-abroad-unknown": lambda: sum(row["us_link"] not in {"yes", "no"} for row in for_adults()),
    "companies-2026-private-sure": lambda: share_of_2026(*COMPANIES) - share_of_2026(*COMPANIES, column="adp_operator_2017"),
    "companies-2026-unknown": lambda: share_of_2026("operator not found"),
    "companies-old-operator": lambda: round(share_of_2026(*COMPANIES, column="adp_operator_2017")),
    "companies-reversals": lambda: len(reversals()),
    "companies-reversed": lambda: len({row["iso3"] for row in reversals()}),
    "aca-fee-share": lambda: 100 * usd("accreditation revenue 2014-2018") / usd("total revenue 2014-2018"),
    "aca-ice-blank": lambda: count("ice_facilities_2017", lambda r: in_use(r) and r["aca"] not in {"YES", "NO"}),
    "aca-odds-worst": lambda: none_among(64, 184, 50),
    "aca-federal-2015": lambda: int(only("aca_mexico_counts", date="2015-07")["federal"]),
    "aca-mexico-top": lambda: max(
        int(r["institutions"]) for r in rows("aca_mexico_counts") if r["date"] < "2020" and r["institutions"]
    ),
    "aca-mexico-first": lambda: min(int(r["institutions"]) for r in rows("aca_mexico_counts") if r["institutions"]),
    "aca-mexico-us": lambda: count("aca_abroad", lambda r: r["iso3"] == "MEX" and r["us_funding"].startswith("yes")),
    "aca-countries": lambda: len({r["iso3"] for r in rows("aca_abroad") if r["status"] == "accredited"}),
    "aca-ice-sites": lambda: count("ice_facilities_2017", in_use),
    "aca-ice-people": accredited_people,
    "aca-private-without": lambda: count("ice_facilities_2017", lambda r: in_use(r) and private(r) and r["aca"] == "NO"),
    "aca-final-with": lambda: count("ice_facilities_2017", lambda r: in_use(r) and rated(r) and r["aca"] == "YES"),
    "aca-final-without": lambda: count("ice_facilities_2017", lambda r: in_use(r) and rated(r) and r["aca"] != "YES"),
    "aca-bound-with": lambda: 100 * NormalDist().inv_cdf(0.975) ** 2 / (53 + NormalDist().inv_cdf(0.975) ** 2),
    "aca-bound-without": lambda: 100 * NormalDist().inv_cdf(0.975) ** 2 / (141 + NormalDist().inv_cdf(0.975) ** 2),
    "aca-failed": lambda: count("ice_facilities_2017", lambda r: in_use(r) and r["rating"] in {"At-Risk", "Deficient"}),
}


@pytest.mark.parametrize("id", CHECKS)
def test_plain_python_gives_the_recorded_number(id: str) -> None:
    """The number counted straight from the CSV file is the one the chapter recorded."""
    assert FACTS[id]["value"] == pytest.approx(CHECKS[id](), rel=1e-9)


@pytest.mark.parametrize("year", [2009, 2017])
def test_people_for_whom_the_list_names_nobody_are_told(year: int) -> None:
    """Receipts of the private share and the figure name those whose operator is not stated, as the raw rows have them."""
    held = [(row["operator_class"], float(row[f"adp_{year}"])) for row in rows("ice_facilities_2017") if row["type"] != "ORR"]
    nobody = sum(people for who, people in held if who == "not stated")
    everybody = sum(people for _, people in held)
    assert nobody > 0
    assert f"not stated for {nobody:,.10g} of {everybody:,.10g}" in FACTS[f"companies-ice-{year}"]["how"]
    caption = next(figure["caption"] for _, figure in book.recorded("figure") if figure["id"] == "companies-ice")
    assert f"{100 * nobody / everybody:.1f}% " in caption


def test_every_claim_number_of_the_register_is_the_computed_one() -> None:
    """What claim_evidence.csv says of this chapter is what its cells computed, and stands in the ledger's words."""
    ledger = {row["id"]: row for row in rows("claims")}
    links = [row for row in rows("claim_evidence") if row["fact_id"].startswith(("companies-", "aca-"))]
    assert links
    for link in links:
        claim = ledger[link["claim_id"]]
        assert link["states"] in claim["finding"] + " " + claim["correction"], link
        digits = len(link["value"].partition(".")[2])
        assert round(FACTS[link["fact_id"]]["value"], digits) == pytest.approx(float(link["value"])), link
