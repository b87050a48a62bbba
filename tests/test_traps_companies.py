"""Traps of the chapter on companies and certificates: what must not be joined, averaged or counted twice."""

from __future__ import annotations

import csv
import json
import re

from tests import book

DATA = book.PROJECT / "data"
FACTS = {id: fact for id, fact in book.facts().items() if id.startswith(("companies-", "aca-"))}
FIGURES = {figure["id"]: figure for name, figure in book.recorded("figure") if name == "companies.ipynb"}
PROSE = "\n".join(piece.text for piece in book.prose() if piece.where.startswith("companies.ipynb"))
CODE = "\n".join(
    "".join(cell["source"])
    for cell in book.read(book.PROJECT / "book" / "companies.ipynb")["cells"]
    if cell["cell_type"] == "code"
)


def rows(table: str) -> list[dict[str, str]]:
    """Return the rows of one table as text."""
    with (DATA / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def caveats(table: str) -> str:
    """Return the caveats of one table."""
    package = json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))
    return " ".join(next(resource for resource in package["resources"] if resource["name"] == table)["caveats"])


def plain() -> str:
    """Return the prose without link targets and citations."""
    return re.sub(r"\{cite:p\}`[^`]*`", "", re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", PROSE))


def test_1999_is_marked_as_a_lower_bound() -> None:
    """The first year is flagged in the table, the caption and the text, and no fall or rise starts from it."""
    flagged = [row["year"] for row in rows("private_prisoners") if row["lower_bound"] == "True"]
    assert flagged == ["1999"]
    assert "1999, a lower bound" in FIGURES["companies-private"]["caption"]
    assert re.search(r"for 1999, is a lower bound", plain())


def test_1999_is_not_joined_to_the_series() -> None:
    """The figure draws the lines from the rows that are not lower bounds."""
    assert re.search(r'known = series\[~series\["lower_bound"\]\]', CODE)


def test_2012_keeps_both_totals() -> None:
    """Two editions give two totals for 2012; both stand in the table, the figure and the text."""
    totals = {int(row["total"]) for row in rows("private_prisoners") if row["year"] == "2012"}
    assert totals == {FACTS["companies-peak-a"]["value"], FACTS["companies-peak-b"]["value"]}
    for total in totals:
        assert f"{total:,}" in FIGURES["companies-private"]["alt"]
        assert f"{total:,}" in plain()


def test_2012_is_never_averaged() -> None:
    """The mean of the two totals appears nowhere: no table, fact, figure or sentence."""
    totals = [int(row["total"]) for row in rows("private_prisoners") if row["year"] == "2012"]
    mean = sum(totals) // len(totals)
    assert all(int(row["total"]) != mean for row in rows("private_prisoners"))
    assert all(fact["value"] != mean for fact in FACTS.values())
    assert f"{mean:,}" not in plain() + json.dumps(FIGURES)


def test_falls_since_2012_are_given_from_both_totals() -> None:
    """A fall from the peak is stated once from each total."""
    last = next(int(row["total"]) for row in rows("private_prisoners") if row["year"] == "2022")
    for short in ("a", "b"):
        peak = FACTS[f"companies-peak-{short}"]["value"]
        assert FACTS[f"companies-fall-{short}"]["shown"] == f"{100 * (1 - last / peak):.0f}"


def test_editions_are_not_joined() -> None:
    """Lines join only years of one edition: the figure groups the series by runs of the edition."""
    assert "groupby(runs)" in CODE
    assert 'series["edition"]' in CODE
    assert "same edition" in FIGURES["companies-private"]["caption"]


def test_operators_are_those_of_2017_applied_backwards() -> None:
    """The table warns, the caption says so, and the text says what it does to the earlier years."""
    assert "Applied to earlier years they misplace a facility that changed hands" in caveats("ice_facilities_2017")
    assert "operators as of November 2017 applied to all years" in FIGURES["companies-ice"]["caption"]
    assert "applied backwards" in plain()


def test_entry_and_exit_do_not_pass_for_growth() -> None:
    """Wherever the private share of detention is given for both years, the facilities in use all along stand beside it."""
    for piece in book.prose():
        if "(fact:companies-ice-2009)" in piece.text and "(fact:companies-ice-2017)" in piece.text:
            assert "(fact:companies-stay-2009)" in piece.text and "(fact:companies-stay-2017)" in piece.text, piece.where
    assert "in use all along" in FIGURES["companies-ice"]["title"]


def test_no_mark_of_2026_claims_to_be_a_floor_that_it_is_not() -> None:
    """The figure names the part that is certain for 2026 and calls no mixed share a minimum."""
    drawn = CODE[CODE.index("def draw_ice") : CODE.index('"companies-ice",')]
    assert "at least" not in drawn and "certain" in drawn


def test_the_five_weeks_of_fiscal_2018_are_no_year() -> None:
    """The population of October and November 2017 is not drawn or named as a year."""
    assert "range(2009, 2018)" in CODE
    assert not [id for id in FACTS if id.startswith("companies-") and id.endswith("-2018")]


def test_refugee_office_shelters_are_left_out() -> None:
    """Shares of detention rest on facilities that are not refugee-office shelters."""
    assert 'ice = sites[sites["type"] != "ORR"]' in CODE
    everyone = sum(float(row["adp_2017"]) for row in rows("ice_facilities_2017") if row["type"] != "ORR")
    with_shelters = sum(float(row["adp_2017"]) for row in rows("ice_facilities_2017"))
    assert with_shelters > everyone


def test_only_operators_known_for_2026_make_a_floor() -> None:
    """People without a known operator stay in the denominator; what rests on operators of 2017 is said to, and is no floor."""
    found = {row["operator_group"]: row for row in rows("ice_operators_2026")}
    everyone = sum(float(row["adp"]) for row in found.values())
    assert float(found["operator not found"]["adp"]) > 0
    assert abs(FACTS["companies-2026-geo"]["value"] - 100 * float(found["GEO Group"]["adp"]) / everyone) < 1e-9
    private = [found[name] for name in ("GEO Group", "CoreCivic", "other private operator")]
    known = sum(float(row["adp"]) - float(row["adp_operator_2017"]) for row in private)
    assert abs(FACTS["companies-2026-private-sure"]["value"] - 100 * known / everyone) < 1e-9
    for words in (FIGURES["companies-ice"]["caption"], FIGURES["companies-ice"]["alt"]):
        assert "operators of 2017" in words and "floor" not in words
    assert "at least" in plain()


def test_mexican_counts_are_cumulative() -> None:
    """The counts never fall, two dates share one number, and no sentence calls them accredited at one time."""
    counts = [int(row["institutions"]) for row in rows("aca_mexico_counts") if row["institutions"]]
    assert counts == sorted(counts)
    assert counts.count(FACTS["aca-mexico-top"]["value"]) == 2
    assert "not the number accredited at a time" in caveats("aca_mexico_counts")
    assert "ever accredited" in FIGURES["aca-mexico"]["caption"]
    assert "had ever won" in FIGURES["aca-mexico"]["title"]
    assert "says nothing about how many were valid" in plain()


def test_mexican_counts_are_not_joined() -> None:
    """Scopes differ between the counts, so the figure draws points one by one, without a line."""
    drawn = CODE[CODE.index("def draw_mexico") : CODE.index('"aca-mexico",')]
    assert re.search(r"curve\.plot\(\s*one\.plot_date,\s*one\.institutions", drawn)
    assert "linewidth=1" not in drawn
    assert "not joined" in FIGURES["aca-mexico"]["caption"]


def test_dubai_is_part_of_the_emirates() -> None:
    """Dubai has the code of the United Arab Emirates and adds no country of its own."""
    dubai = [row for row in rows("aca_abroad") if row["place"] == "Dubai"]
    assert dubai and {row["iso3"] for row in dubai} == {"ARE"}
    assert "Dubai" not in {row["country"] for row in rows("aca_abroad")}
    accredited = {row["iso3"] for row in rows("aca_abroad") if row["status"] == "accredited"}
    assert FACTS["aca-countries"]["value"] == len(accredited)
    assert "Dubai is part of the United Arab Emirates" in plain()


def test_candidates_and_the_army_are_not_accredited_abroad() -> None:
    """Guatemala under way and U.S. Army sites stay out of the count of countries."""
    accredited = {row["iso3"] for row in rows("aca_abroad") if row["status"] == "accredited"}
    assert accredited.isdisjoint({"GTM", "DEU", "KOR"})


def test_estimates_for_england_are_kept_apart() -> None:
    """The sources that disagree on England and Wales each keep their row and their number."""
    shares = sorted(
        float(row["share_pct"])
        for row in rows("private_prison_shares")
        if row["place"] == "England and Wales" and row["share_pct"]
    )
    assert len(shares) == len(set(shares)) == 4
    for id in ("companies-eaw-2011", "companies-eaw-2017", "companies-eaw-2020"):
        assert FACTS[id]["value"] in shares
    mean = sum(shares) / len(shares)
    assert all(fact["value"] != mean for fact in FACTS.values())


def test_the_two_contracts_are_not_mixed_up() -> None:
    """The Bureau of Prisons contract is never given as the State Department's."""
    assert "belongs to another customer, the Bureau of Prisons" in plain()


def test_no_imprisoned_person_is_named() -> None:
    """The man who escaped from Altiplano is described and not named, in data, prose and outputs."""
    name = bytes.fromhex("67757a6d").decode()
    tables = ["aca_mexico_counts", "aca_abroad", "aca_money", "facts_aca", "facts_privatization", "claims"]
    shown = json.dumps(FIGURES) + json.dumps(FACTS) + PROSE + CODE
    for text in [shown, *((DATA / f"{table}.csv").read_text(encoding="utf-8") for table in tables)]:
        assert name not in text.lower().replace("á", "a")
