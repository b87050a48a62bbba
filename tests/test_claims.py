"""The ledger is complete, each claim stands on a card beside its evidence, and computed claims hold."""

from __future__ import annotations

import csv
import math
import re
from collections import Counter

import pytest

from essay.claims import PARTS
from tests.book import PROJECT, facts, recorded

# The conclusion and the introduction settle their claims in the next edition.
SETTLED_IN = {part: f"{page}.ipynb" for part, (_, page) in PARTS.items() if (PROJECT / "book" / f"{page}.ipynb").exists()}
NEEDS_NO_SOURCE = {"opinion", "not-checkable-here"}


def table(name: str) -> list[dict[str, str]]:
    with (PROJECT / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


LEDGER = {claim["id"]: claim for claim in table("claims")}
CITATIONS = table("claim_citations")
EVIDENCE = table("claim_evidence")


def unsettled(ledger: dict[str, dict], citations: list[dict]) -> list[str]:
    """Return the claims that lack a verdict, or a source where the verdict needs one."""
    sourced = {row["claim_id"] for row in citations if row["role"] == "settles"}
    return [
        id for id, claim in ledger.items() if not claim["verdict"] or not (id in sourced or claim["verdict"] in NEEDS_NO_SOURCE)
    ]


def uncarded(ledger: dict[str, dict], records: list[tuple[str, dict]]) -> list[tuple[str, str]]:
    """Return the claims that have no card, or more than one, in the notebook that settles them, as (claim, notebook) pairs."""
    shown = Counter((notebook, card["id"]) for notebook, card in records)
    pages = [(id, SETTLED_IN[claim["chapter"]]) for id, claim in ledger.items() if claim["chapter"] in SETTLED_IN]
    return [(id, page) for id, page in pages if shown[page, id] != 1]


def disproved(evidence: list[dict], ledger: dict[str, dict], known: dict[str, dict]) -> list[str]:
    """Return the links of claims to facts that do not hold: fact unknown, words gone, or another number."""
    found = []
    for row in evidence:
        claim, fact = ledger[row["claim_id"]], known.get(row["fact_id"])
        label = f"{row['claim_id']} and {row['fact_id']}"
        if fact is None:
            found.append(f"{label}: no chapter records the fact")
        elif row["states"] not in f"{claim['claim']} {claim['finding']} {claim['correction']}":
            found.append(f"{label}: the ledger no longer says {row['states']!r}")
        elif not math.isclose(float(fact["value"]), float(row["value"]), rel_tol=0.005):
            found.append(f"{label}: the ledger says {row['value']}, the chapter computes {fact['value']}")
    return found


def test_all_claims_are_there_in_the_order_of_the_article():
    assert [int(claim["position"]) for claim in LEDGER.values()] == list(range(1, len(LEDGER) + 1))


def test_every_claim_has_verdict_and_source():
    assert unsettled(LEDGER, CITATIONS) == []


def test_computed_claims_hold():
    assert disproved(EVIDENCE, LEDGER, facts()) == []


def test_each_claim_has_one_card_in_its_chapter():
    assert uncarded(LEDGER, recorded("claims")) == []


# A later year in the finding that brings no later evidence.
TOLD_AGAIN = {"aca-08": "senators repeated the share in 2024 without newer figures"}


def ended_too_early(ledger: dict[str, dict]) -> list[str]:
    """Return the claims whose finding tells of a year after the day on which their evidence is said to end."""
    found = []
    for id, claim in ledger.items():
        years = [int(year) for year in re.findall(r"\b(?:19|20)\d\d\b", f"{claim['finding']} {claim['correction']}")]
        if claim["evidence_ends"] and max(years, default=0) > int(claim["evidence_ends"][:4]):
            found.append(id)
    return found


def test_no_finding_is_later_than_its_evidence():
    assert ended_too_early(LEDGER) == list(TOLD_AGAIN)


def test_cards_show_what_the_ledger_says():
    for _, card in recorded("claims"):
        assert card["verdict"] == LEDGER[card["id"]]["verdict"], card["id"]
        keys = [r["source_key"] for r in CITATIONS if r["claim_id"] == card["id"] and r["role"] == "settles"]
        assert card["sources"] == keys, card["id"]


def test_every_chapter_that_exists_is_tested():
    written = {notebook for notebook, _ in recorded("claims")}
    assert written == set(SETTLED_IN.values())


# The checks bite.


def test_a_claim_with_no_card_or_two_is_found():
    cards = [("eastern_state.ipynb", {"id": id}) for id, claim in LEDGER.items() if claim["chapter"] == "esp"]
    part = {id: claim for id, claim in LEDGER.items() if claim["chapter"] == "esp"}
    assert uncarded(part, cards) == []
    assert uncarded(part, cards[1:]) == uncarded(part, [*cards, cards[0]]) == [(cards[0][1]["id"], "eastern_state.ipynb")]


def test_a_claim_without_verdict_is_found():
    changed = {**LEDGER, "esp-05": {**LEDGER["esp-05"], "verdict": ""}}
    assert unsettled(changed, CITATIONS) == ["esp-05"]


def test_a_claim_without_source_is_found():
    assert unsettled(LEDGER, [row for row in CITATIONS if row["claim_id"] != "esp-05"]) == ["esp-05"]


@pytest.mark.parametrize("row", EVIDENCE, ids=lambda row: f"{row['claim_id']}-{row['fact_id']}")
def test_another_number_behind_a_claim_is_found(row):
    known = facts()
    other = {**known[row["fact_id"]], "value": float(known[row["fact_id"]]["value"]) * 1.1 + 1}
    assert disproved([row], LEDGER, {**known, row["fact_id"]: other})


def test_another_wording_of_a_claim_is_found():
    row = EVIDENCE[0]
    claim = LEDGER[row["claim_id"]]
    reworded = {k: re.sub(re.escape(row["states"]), "something else", v) for k, v in claim.items()}
    assert disproved([row], {**LEDGER, row["claim_id"]: reworded}, facts())


def test_evidence_that_is_said_to_end_too_early_is_found():
    claim = {**LEDGER["privatization-03"], "evidence_ends": "2023"}
    assert ended_too_early({"privatization-03": claim}) == ["privatization-03"]
