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


CELLS = book.read(book.PROJECT / "book" / "companies.ipynb")["cells"]
OUTPUTS = [output["data"] for cell in CELLS for output in cell.get("outputs", [])]
TABLES = ["".join(data["text/plain"]) for data in OUTPUTS if "table" in data.get(book.MEDIA_TYPE, {})]


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


def totals_shown() -> list[str]:
    """Return the lines of the table of private prisoners that the page shows."""
    return next(table for table in TABLES if "All private" in table).splitlines()


def test_1999_is_marked_as_a_lower_bound() -> None:
    """The first year is flagged in the table, on the page and in the text, and no fall or rise starts from it."""
    flagged = [row["year"] for row in rows("private_prisoners") if row["lower_bound"] == "True"]
    assert flagged == ["1999"]
    assert [line.split()[0] for line in totals_shown() if line.endswith("a lower bound")] == flagged
    assert re.search(r"of 1999, is a lower bound", plain())
    assert not [id for id in FACTS if id.startswith("companies-") and id.endswith("-1999")]


def test_2012_keeps_both_totals() -> None:
    """Two editions give two totals for 2012; both stand in the table, on the page and in the text."""
    totals = {int(row["total"]) for row in rows("private_prisoners") if row["year"] == "2012"}
    assert totals == {FACTS["companies-peak-a"]["value"], FACTS["companies-peak-b"]["value"]}
    for total in totals:
        assert sum(f"{total:,}" in line for line in totals_shown()) == 1
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
    """Every total on the page stands beside its edition, and no figure draws a series over editions."""
    editions = {row["edition"] for row in rows("private_prisoners")}
    assert all(any(edition in line for edition in editions) for line in totals_shown()[1:])
    assert all("private_prisoners" not in figure["sources"] for figure in FIGURES.values())


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


def test_no_number_of_2026_claims_to_be_a_floor_that_it_is_not() -> None:
    """The page calls one share of 2026 a minimum, that of operators known for 2026, and shows the rest beside it."""
    floors = re.findall(r"[Aa]t least \[[^\]]*\]\(fact:(companies-2026[\w-]*)\)", PROSE)
    assert floors == ["companies-2026-private-sure"]
    assert any("operator not found" in table and "Of whom by the list of 2017" in table for table in TABLES)


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
    private = [found[name] for name in ("GEO Group", "CoreCivic", "other private operator")]
    known = sum(float(row["adp"]) - float(row["adp_operator_2017"]) for row in private)
    assert abs(FACTS["companies-2026-private-sure"]["value"] - 100 * known / everyone) < 1e-9
    old = sum(float(row["adp_operator_2017"]) for row in private)
    assert FACTS["companies-old-operator"]["value"] == round(100 * old / everyone)
    assert "known only from the list of 2017" in plain()
    assert "At least" in plain()


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
    """Scopes differ between the counts, so the figure draws dots one by one, each with who says it, and no line."""
    drawn = CODE[CODE.index("def draw_mexico") : CODE.index('"aca-mexico",')]
    assert "charts.dots(" in drawn and ".plot(" not in drawn and "charts.line" not in drawn
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
    shown = next(table for table in TABLES if "% of prisoners" in table and "Confidence" in table)
    lines = [line for line in shown.splitlines() if "England and Wales" in line]
    assert sorted(float(re.search(r"\b\d{4} +([\d.]+)", line)[1]) for line in lines) == shares
    mean = sum(shares) / len(shares)
    assert all(fact["value"] != mean for fact in FACTS.values())


def test_the_two_contracts_are_not_mixed_up() -> None:
    """The Bureau of Prisons contract is never given as the State Department's."""
    assert "belongs to another payer, the Bureau of Prisons" in plain()


def test_no_imprisoned_person_is_named() -> None:
    """The man who escaped from Altiplano is described and not named, in data, prose and outputs."""
    name = bytes.fromhex("67757a6d").decode()
    tables = ["aca_mexico_counts", "aca_abroad", "aca_money", "facts_aca", "facts_privatization", "claims"]
    shown = json.dumps(FIGURES) + json.dumps(FACTS) + PROSE + CODE
    for text in [shown, *((DATA / f"{table}.csv").read_text(encoding="utf-8") for table in tables)]:
        assert name not in text.lower().replace("á", "a")
