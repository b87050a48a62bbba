"""Mistakes that the sources of the supermax chapter invite, and that it must not make."""

from __future__ import annotations

import base64
import csv
import io
import json
import re

import pytest

from tests import book

DATA = book.PROJECT / "data"
FACTS = book.facts()
NOTEBOOK = book.PROJECT / "book" / "supermax.ipynb"
LISTS = ["2017-07", "2018-09", "2021", "2024-02", "2024-05"]
ALL, WITHOUT = "all jurisdictions", "without dependent territories"


def rows(table: str) -> list[dict[str, str]]:
    """Return the rows of one table as text."""
    with (DATA / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def source(figure: str) -> str:
    """Return the code of the cell that shows a figure."""
    cells = ["".join(cell["source"]) for cell in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]]
    (found,) = [cell for cell in cells if re.search(rf'figures\.show\(\s*"{figure}"', cell)]
    return found


def page_tables() -> list[dict]:
    """Return what is recorded of the tables that stand on the page: caption, number of rows, columns."""
    return [table for name, table in book.recorded("table") if name == NOTEBOOK.name]


def plotted(figure: str) -> list[dict[str, str]]:
    """Return the data that a figure offers for download."""
    text = NOTEBOOK.read_text(encoding="utf-8")
    (encoded,) = set(re.findall(rf'download=\\"{figure}\.csv\\" href=\\"data:text/csv;base64,([^\\"]+)', text))
    return list(csv.DictReader(io.StringIO(base64.b64decode(encoded).decode())))


def ranks(measure: str, scope: str) -> dict[str, int]:
    """Return Brazil's rank by list."""
    return {
        row["list"]: int(row["rank"])
        for row in rows("prison_ranks")
        if (row["iso3"], row["measure"], row["scope"]) == ("BRA", measure, scope)
    }


def test_the_change_of_1977_separates_two_series():
    """The change of 1977 separates two series."""
    series = {int(row["year"]): row["series"] for row in rows("us_prisoners")}
    assert {series[year] for year in range(1925, 1977)} == {"sentenced prisoners in custody"}
    assert {series[year] for year in range(1978, max(series) + 1)} == {"prisoners under jurisdiction"}
    assert [year for year, what in series.items() if what == "year of the change"] == [1977]


def test_no_line_of_the_chart_crosses_1977_or_the_change_of_denominator():
    """No line of the chart crosses 1977 or the change of denominator."""
    assert 'charts.line(ax, prisoners, "year", "rate"' in source("supermax-prisoners")
    pieces = {}
    for row in plotted("supermax-prisoners"):
        pieces.setdefault((row["series"], row["population_source"]), []).append(int(row["year"]))
    spans = sorted((min(years), max(years)) for years in pieces.values())
    assert [last for _, last in spans[:-1]] == [1959, 1976, 1977]


def test_every_family_of_solitary_counts_has_one_definition_and_coverage():
    """Every family of solitary counts has one definition and coverage."""
    families = {}
    for row in rows("solitary_counts"):
        if row["unit"] == "people" and row["family"] != "BJS facility census":
            families.setdefault(row["family"], set()).add(row["definition"])
    assert all(len(definitions) == 1 for definitions in families.values()), families


def test_every_count_of_people_in_solitary_stands_beside_its_definition():
    """The table of the page has a row for each count of people, and no chart joins two of them."""
    (shown,) = [table for table in page_tables() if "in solitary confinement or restrictive housing" in table["caption"]]
    assert shown["rows"] == sum(row["unit"] == "people" for row in rows("solitary_counts"))
    assert {"What is counted", "Where", "People"} <= set(shown["columns"])
    assert 'download=\\"supermax-solitary' not in NOTEBOOK.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("scope", "expected"),
    [(ALL, [30, 25, 15, 14, 15]), (WITHOUT, [20, 19, 13, 12, 13])],
)
def test_brazils_rank_by_rate_in_every_list_with_and_without_territories(scope, expected):
    """Brazil's rank by rate in every list with and without territories."""
    assert [ranks("rate", scope)[listed] for listed in LISTS] == expected


@pytest.mark.parametrize("scope", [ALL, WITHOUT])
def test_brazil_is_third_by_total_in_every_list_that_has_totals(scope):
    """Brazil is third by total in every list that has totals."""
    assert ranks("total", scope) == {"2017-07": 3, "2021": 3, "2024-05": 3}


def test_leaving_territories_out_never_worsens_a_rank():
    """Leaving territories out never worsens a rank."""
    by_scope = {}
    for row in rows("prison_ranks"):
        by_scope.setdefault((row["iso3"], row["list"], row["measure"]), {})[row["scope"]] = int(row["rank"])
    assert all(pair[WITHOUT] <= pair[ALL] for pair in by_scope.values())


def test_the_ranks_agree_with_those_found_when_the_lists_were_read():
    """The ranks agree with a second computation: by rate among all, by rate without territories, by total among all."""
    counted = {
        ("BRA", "2017-07"): ("30", "20", "3"),
        ("USA", "2017-07"): ("2", "2", "1"),
        ("SLV", "2017-07"): ("3", "3", "47"),
        ("BRA", "2018-09"): ("25", "19", None),
        ("USA", "2018-09"): ("1", "1", None),
        ("SLV", "2018-09"): ("2", "2", None),
        ("BRA", "2021"): ("15", "13", "3"),
        ("USA", "2021"): ("1", "1", "1"),
        ("SLV", "2021"): ("4", "4", "47"),
        ("BRA", "2024-02"): ("14", "12", None),
        ("USA", "2024-02"): ("6", "5", None),
        ("SLV", "2024-02"): ("1", "1", None),
    }
    ours = {(row["iso3"], row["list"], row["measure"], row["scope"]): row["rank"] for row in rows("prison_ranks")}
    for (iso3, listed), expected in counted.items():
        there = [ours.get((iso3, listed, *kind)) for kind in (("rate", ALL), ("rate", WITHOUT), ("total", ALL))]
        assert tuple(there) == expected, (iso3, listed)


def test_the_rates_that_are_compared_count_sentenced_prisoners_both():
    """The ratio of 2023 to 1983 takes sentenced prisoners in both years; the computed rate counts all from 1978."""
    year = {row["year"]: row for row in rows("us_prisoners")}
    assert FACTS["supermax-last-ratio"]["value"] == pytest.approx(float(year["2023"]["bjs_sentenced_rate"]) / 178)
    assert float(year["1983"]["rate"]) > 178


def test_the_lowest_rate_is_shared_by_two_years():
    """As it is written, 93, the lowest rate belongs to 1968 and to 1972."""
    assert FACTS["supermax-low-rate"]["how"].endswith(": 1968 and 1972")


def test_counts_and_rates_of_segregation_move_in_opposite_directions():
    """Counts and rates of segregation move in opposite directions, under one rule of reporting too."""
    month = {row["month"][:7]: row for row in rows("ice_segregation_monthly") if row["people_in_segregation"]}
    for early, late in (("2024-04", "2026-03"), ("2025-01", "2025-08"), ("2025-01", "2025-06")):
        before, after = (int(month[m]["people_in_segregation"]) for m in (early, late))
        base, now = (float(month[m]["average_daily_population"]) for m in (early, late))
        assert after > before
        assert after / now < before / base


def test_no_month_under_the_old_rule_of_reporting_is_compared_with_one_under_the_new():
    """The policy of 6 December 2024 has every placement entered: lines are cut there, and changes begin in January 2025."""
    changes = [fact for id, fact in FACTS.items() if id.startswith("supermax-seg-")]
    assert len(changes) == 2
    assert all("January 2025 to March 2026" in fact["how"] for fact in changes)
    (shown,) = [table for table in page_tables() if "a day or more in segregation" in table["caption"]]
    assert "Rule of reporting" in shown["columns"]


def test_monthly_segregation_starts_after_the_break_and_keeps_its_gap():
    """Monthly segregation starts after the break and keeps its gap."""
    months = {row["month"][:7]: row["people_in_segregation"] for row in rows("ice_segregation_monthly")}
    assert min(months) == "2024-04"
    assert [month for month, people in months.items() if not people] == ["2025-09"]
    methods = {row["quarter_start"]: row["method"] for row in rows("ice_segregation_vulnerable")}
    assert max(day for day, method in methods.items() if method == "before the break") == "2023-10-01"
    assert min(day for day, method in methods.items() if method == "after the break") == "2024-01-01"


def test_the_prose_states_no_yearly_trend_in_placements():
    """The prose states no yearly trend in placements."""
    assert not any("placement_year" in source(figure) for figure in ("supermax-ice-lengths", "supermax-ice-reasons"))
