"""Headline numbers of the Eastern State chapter, computed a second time with plain Python."""

from __future__ import annotations

import csv
import math
from statistics import median

import pytest

from tests.book import PROJECT, facts


def rows(name: str) -> list[dict[str, str]]:
    with (PROJECT / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


PRISONS = rows("radial_prisons")
COPIES = [
    prison
    for prison in PRISONS
    if ("radial" in prison["plan"] or "cruciform" in prison["plan"])
    and prison["evidence"] not in ("origin", "antecedent_predates_esp", "panopticon_not_esp")
]
LINKED = ("documented_esp_influence", "documented_indirect")
ABROAD = [prison for prison in COPIES if prison["iso3"] != "USA"]
BOOKS = [row for row in rows("esp_prisoners") if row["book"] in "BD"]
BLACK = [row for row in BOOKS if row["race_as_recorded"] in ("Black", "Mulatto")]
REST = [row for row in BOOKS if row["race_as_recorded"] not in ("Black", "Mulatto")]
PRINTED = {row["group_as_printed"]: row for row in rows("esp_race_outcomes")}


def share(people: list[dict], outcome: str, offence: str = "") -> float:
    chosen = [row for row in people if not offence or row["offence"] == offence]
    return 100 * sum(row["outcome"] == outcome for row in chosen) / len(chosen)


def known(people: list[dict]) -> list[dict]:
    return [row for row in people if not row["outcome"].endswith("not stated")]


def printed(group: str, column: str) -> float:
    return int(PRINTED[group][column]) / int(PRINTED[group]["prisoners_received"])


SECOND = {
    "esp-copies": len(COPIES),
    "esp-copies-countries": len({prison["iso3"] for prison in COPIES}),
    "esp-true-panopticons": sum(prison["plan"] == "panopticon" for prison in PRISONS),
    "esp-abroad": len(ABROAD),
    "esp-abroad-linked": sum(p["evidence"] in LINKED for p in ABROAD),
    "esp-abroad-direct": sum(p["evidence"] == "documented_esp_influence" for p in ABROAD),
    "esp-abroad-japan": sum(p["evidence"] == "documented_esp_influence" and p["iso3"] == "JPN" for p in ABROAD),
    "esp-by-london": sum(p["evidence"] in LINKED and p["pathway"] == "via_pentonville" for p in ABROAD),
    "esp-linked-after": sum(p["evidence"] in LINKED and int(p["opened_year"] or 0) > 1901 for p in ABROAD),
    "esp-linked-lag": median(int(p["opened_year"]) - 1829 for p in ABROAD if p["opened_year"] and p["evidence"] in LINKED),
    "esp-forerunners": sum(p["evidence"] == "antecedent_predates_esp" for p in PRISONS),
    "esp-median-lag": median(int(p["opened_year"]) - 1829 for p in ABROAD if p["opened_year"]),
    "esp-first-lag": min(int(p["opened_year"]) for p in COPIES if p["opened_year"] and p["iso3"] != "USA") - 1829,
    "esp-deaths-black": 100 * printed("colored", "deaths"),
    "esp-deaths-white": 100 * printed("white", "deaths"),
    "esp-death-ratio": printed("colored", "deaths") / printed("white", "deaths"),
    "esp-larceny-death-ratio": share(BLACK, "died", "larceny/receiving") / share(REST, "died", "larceny/receiving"),
    "esp-bd-death-ratio-known": share(known(BLACK), "died") / share(known(REST), "died"),
    "esp-bd": len(BOOKS),
    "esp-larceny": 100 * sum(row["offence"] == "larceny/receiving" for row in BOOKS) / len(BOOKS),
    "esp-age": median(int(row["age"]) for row in BOOKS if row["age"]),
    "esp-visits-documented": sum(v["visit"] == "documented" and v["iso3"] != "USA" for v in rows("penal_visitors")),
}


@pytest.mark.parametrize("id", SECOND)
def test_second_route(id):
    assert math.isclose(facts()[id]["value"], SECOND[id], rel_tol=1e-12)
