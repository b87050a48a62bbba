"""Traps in the tables on CECOT: each test fails when a chapter or recipe walks into one."""

from __future__ import annotations

import hashlib
import html
import json
import re

import pandas as pd
import pytest

from essay import tables, text
from tests import book

NOTEBOOK = book.PROJECT / "book" / "cecot.ipynb"
FACTS = {id: fact for id, fact in book.facts().items() if id.startswith("cecot-")}
PROSE = "\n\n".join(cell.text for cell in book.prose() if cell.where.startswith(NOTEBOOK.name))
CODE = "\n".join("".join(cell["source"]) for cell in book.read(NOTEBOOK)["cells"] if cell["cell_type"] == "code")
TABLES = [
    *("cecot_capacity", "cecot_chronology", "cecot_layout", "cecot_models", "cecot_record_tallies", "cecot_transfers"),
    *("facts_cecot", "facts_third_country", "slv_arrests", "slv_deaths_in_custody", "slv_homicides", "slv_prison_rates"),
    *("third_countries", "third_country_costs", "ice_detention_monthly"),
]


# The arithmetic of the prison.


def test_cells_are_blocks_times_cells():
    """The number of cells follows from what the authorities said at the opening."""
    said = tables.load("cecot_capacity").set_index("measure")["value"]
    assert said["cell blocks"] * said["cells per block"] == FACTS["cecot-cells"]["value"] == 256


def test_capacity_cannot_be_squared_with_any_claimed_cell():
    """No stated load of a cell yields the claimed capacity; the article's range yields less than a half of it."""
    said = tables.load("cecot_capacity")
    loads = said.loc[said["measure"].str.startswith(("people per cell", "bunks per cell")), "value"]
    assert len(loads) == 5
    assert (loads * 256 < 40_000).all()
    assert 256 * 70 < 40_000 / 2
    assert FACTS["cecot-per-cell-claimed"]["value"] == 156.25
    assert FACTS["cecot-space-claimed"]["value"] == pytest.approx(0.64)


def test_every_claim_is_below_the_standard():
    """At every claimed load a person has less floor than the Red Cross standard asks for."""
    said = tables.load("cecot_capacity")
    loads = said.loc[said["measure"].str.startswith("people per cell"), "value"]
    assert (100 / loads < FACTS["cecot-standard"]["value"]).all()


# Tallies stand side by side.


def test_tallies_are_lists_with_their_own_denominators():
    """Six tallies, three lists of men: averaging them would mean nothing."""
    tallies = tables.load("cecot_record_tallies")
    assert tallies["tally"].nunique() == 6
    assert sorted(tallies["denominator"].unique()) == ["238", "252", "about 240"]


def test_tallies_are_never_averaged():
    """No code of the chapter takes a mean, and no fact has the value of a mean of the tallies."""
    assert not re.search(r"\.mean\(|\.median\(|average\(", CODE)
    means = [(6 + 8 + 9) / 3, (75 + 54.6 + 48.8) / 3, (22 + 32 / 238 * 100 + 16) / 3, (2.5 + 3.1 + 4) / 3]
    for fact in FACTS.values():
        if isinstance(fact["value"], float):
            assert all(abs(fact["value"] - mean) > 0.005 for mean in means), fact["id"]


def test_published_breakdown_adds_up():
    """ProPublica's groups, with the nine left over, are the 238 men of its list."""
    tallies = tables.load("cecot_record_tallies")
    assert tallies.loc[tallies["tally"].str.startswith("ProPublica"), "count"].sum() == 238


def test_deaths_in_custody_are_kept_by_organisation():
    """The later organisation's series never continues the earlier one's: they overlap and differ."""
    deaths = tables.load("slv_deaths_in_custody")
    last = deaths.loc[deaths["counted_by"] == "Cristosal", "date"].max()
    first = deaths.loc[deaths["counted_by"] == "Socorro Juridico Humanitario", "date"].min()
    assert first < last


def test_recount_of_2022_in_its_steps():
    """Police 495; with clashes 578, graves 608, half of the deaths in prison 659, of the disappeared 812; all of both 1,016."""
    homicides = tables.load("slv_homicides")
    found = homicides[(homicides["year"] == 2022) & homicides["series"].str.startswith("UCA")]
    graves = 495 + 83 + 30
    halves = [graves + 102 // 2, graves + 102 // 2 + 306 // 2]
    assert sorted(found["homicides"]) == [495 + 83, graves, *halves, graves + 102 + 306]


def test_the_recount_is_told_whole():
    """The figure that the observatory settles on is its fourth of six: the text has the last beside it."""
    assert PROSE.index("fact:cecot-recount-2022") < PROSE.index("fact:cecot-recount-whole")
    assert "this sum is ours" in PROSE


def test_the_wrong_rate_of_2017_is_out():
    """The official 83.0 of 2017 fits no count and must not come back."""
    homicides = tables.load("slv_homicides")
    assert not (homicides.loc[homicides["year"] == 2017, "rate"] > 70).any()


# Dates.


def test_dates_are_as_long_as_their_precision():
    """A day has ten characters, a month seven, a year four, an interval two days."""
    length = {"day": 10, "month": 7, "year": 4, "interval": 21}
    chronology = tables.load("cecot_chronology")
    assert (chronology["date"].str.len() == chronology["date_precision"].map(length)).all()


def shown_rulings() -> pd.DataFrame:
    """Return the table of rulings as the page shows it: date, case, court, event, what undid it, how it was read."""
    for cell in book.read(NOTEBOOK)["cells"]:
        for output in cell.get("outputs", []):
            page = "".join(output.get("data", {}).get("text/html", ""))
            if "What each court said" in page:
                body = re.search(r"<tbody>(.*)</tbody>", page, re.DOTALL)[1]
                cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in body.split("</tr>") if row]
                return pd.DataFrame(cells, columns=["when", "case", "court", "event", "undone", "read_as"])
    raise AssertionError("the table of rulings is not there")


def test_rulings_are_shown_whole_and_no_sharper_than_the_source():
    """Every ruling is in the table; one without a known day is shown without one, and a date of a report says so."""
    rulings = tables.load("cecot_chronology").dropna(subset=["court"])
    shown = shown_rulings()
    shown["event"] = shown["event"].map(html.unescape)
    rulings["event"] = rulings["event"].map(text.typeset)
    both = rulings.merge(shown[["when", "event", "read_as"]], on="event", validate="one_to_one", suffixes=("", "_shown"))
    assert len(both) == len(rulings) == len(shown) > 25
    for one in both.to_dict("records"):
        if one["date_precision"] in ("month", "year"):
            assert not re.search(r"\b\d{1,2}\b", one["when"]), one["when"]
        assert one["when"].startswith("reported ") == (one["date_is"] == "report"), one["when"]
        assert one["read_as"] == one["read_as_shown"]


def test_the_ruling_for_the_government_is_there():
    """Of the district courts that ruled on the Act one held for the government, and the text says so."""
    events = tables.load("cecot_chronology").set_index("id")["event"]
    assert "satisfies the Act" in events["pennsylvania-act"]
    assert "one, from western Pennsylvania, that it does" in PROSE


def test_second_transfer_is_dated_once():
    """The night of 30 March stands in the chronology, in the table of transfers and in the text alike."""
    chronology = tables.load("cecot_chronology")
    second = chronology[chronology["event"].str.startswith("A second transfer")].iloc[0]
    assert second["date"] == tables.load("cecot_transfers")["date"].iloc[1] == "2025-03-30"
    assert "Of the [17](fact:cecot-second) sent on 30 March" in PROSE


def test_written_order_is_not_said_to_turn_planes_back():
    """The judge spoke of planes from the bench; his written order bars removals."""
    chronology = tables.load("cecot_chronology")
    order = chronology.loc[chronology["event"].str.startswith("The judge says from the bench"), "event"].iloc[0]
    assert "his written order of about 7:25 p.m. bars removals and says nothing of planes" in order
    assert "his written order barred removals and did not mention planes" in PROSE


def test_land_returns_and_transit_are_told_apart():
    """Mexico's returns by land and the transit through Honduras are no flights to a third country, and the figure says so."""
    third = tables.load("third_countries").set_index("iso3")
    assert third.loc["MEX", "way"] == "land"
    assert third.loc["HND", "way"] == "transit"
    assert "Mexico’s came by land without an agreement; those in Honduras were on the way to their own country" in CODE


def test_detention_at_home_is_told_for_everybody():
    """Who was held without a conviction or charge is told for all; arrests by ICE alone stand in the table beside it."""
    part = PROSE[PROSE.index("## At home") : PROSE.index("## What travelled")]
    assert part.index("fact:cecot-ice-total-2026") < part.index("fact:cecot-ice-part-2026")
    assert not [id for id in FACTS if id in ("cecot-ice-2024", "cecot-ice-2026")]


def test_a_share_of_the_fall_is_a_range():
    """How much of the fall in homicide came before the arrests depends on its end; the lower share leads."""
    assert FACTS["cecot-fall-low"]["value"] < FACTS["cecot-fall-before"]["value"]
    assert "[84](fact:cecot-fall-low) to [91](fact:cecot-fall-before) per cent" in PROSE


# Law.


def test_stays_are_called_interim():
    """The stay of June 2025 is called interim, and nothing says that the Court found the policy lawful."""
    part = PROSE[PROSE.index("**Third countries.**") :]
    assert "A stay is interim" in part
    assert "did not hold the policy lawful" in part
    assert not re.search(r"Supreme Court (ruled|held|decided) (that )?the policy", PROSE)


def test_probable_cause_is_no_finding_of_contempt():
    """The order of April 2025 found probable cause; nobody was held in contempt."""
    assert "probable cause of criminal contempt" in PROSE
    assert not re.search(r"contempt finding|held in contempt|found in contempt", PROSE)


def test_class_of_the_ruling_is_those_under_the_act():
    """The ruling of December 2025 is about the class removed under the Act, not all who were sent."""
    assert "class of [137](fact:cecot-aea) removed under the Act" in PROSE
    assert "removed under Title 8 are not in that class" in PROSE


def test_unknown_events_are_named():
    """What could not be confirmed by 30 November 2026 is said to be unknown."""
    unknown = PROSE[PROSE.index("## What we cannot know") : PROSE.index("## Exercises")]
    for words in ("Fifth Circuit", "D.V.D.", "order of 2026", "contempt"):
        assert words in unknown


# People.

# SHA-256 of lower-case words that occur in names of detained people in the press; the words themselves are not kept here.
NAMES = {
    "2a65f78d3de8e3a1d7aa6f1ca6bf7449d4cb965a6a5e1238976e790bcb9715da",
    "4f5309ba37e6894d438a6063856cb0dbc2fe8546c5a8c8cf6c332181771d3b15",
    "6852bc7aaa041383b69c0a6298d93127bfc6c4532ffdb31eadab273f2b3227c1",
    "6d2ff12a730514956c67fea2d2adc7d2a5a0f8f5e2488d3febed28d289555cdb",
    "820aaf629107e301ad3b6f77253ba0b6222cffa8af622f14e03890864ad2a6aa",
    "9bb7e84aab519fa73ff59114a052984b15bdcf881525aca49c3167caadd70988",
    "d653c0d6c55ec5e854c5be4294b584ca2f6d12ff691a89b8d4f111b32f14f84f",
    "e00ecb51b5c6945428a38216c35ee07ca809a3f4ac99cd92e603bb92920d5e0e",
    "ed1a85861e50492c7d09560f05bc27046f375f583f4fd8ba6563a5ade36a201f",
    "ee17f227a54648c7895345733649e9497e61ba4060ab40a4704d4f4481a598ce",
    "f2eba0104db032699118a27a9c995c2beed452d52ad47ff946a2b84d33ada156",
    "f68426269de4c18eb906ccd7abc9dc6fca4037944fe7b5ac76815102ff413a47",
}


def words_of(text: str) -> set[str]:
    """Return the hashes of all words of a text."""
    return {hashlib.sha256(word.encode()).hexdigest() for word in re.findall(r"[^\W\d_]{4,}", text.lower())}


@pytest.mark.parametrize("table", TABLES)
def test_no_detained_person_is_named_in_the_tables(table):
    """None of the known names of detained people occurs in a table, addresses included."""
    path = book.PROJECT / "data" / tables.resource(table)["path"]
    assert not words_of(path.read_text(encoding="utf-8")) & NAMES


def test_no_detained_person_is_named_on_the_page():
    """Nor in prose, code or outputs of the chapter."""
    assert not words_of(json.dumps(book.read(NOTEBOOK), ensure_ascii=False)) & NAMES


# Detention at home.


def test_older_and_newer_groups_are_not_mixed():
    """'Non-Criminal' ends where 'Other Immigration Violator' begins: no month has both."""
    monthly = tables.load("ice_detention_monthly")
    older = set(monthly.loc[monthly["criminality"] == "Non-Criminal", "month"])
    newer = set(monthly.loc[monthly["criminality"] == "Other Immigration Violator", "month"])
    assert older and newer
    assert not older & newer
    assert max(older) < min(newer)
