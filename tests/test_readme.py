"""The README shows the book as it is: its picture, what it found, and commands that exist."""

from __future__ import annotations

import csv
import re

from essay.verdicts import UNSETTLED
from tests.book import PROJECT, facts

README = (PROJECT / "README.md").read_text(encoding="utf-8")


def table(name: str) -> list[dict]:
    """Return the rows of one table as text."""
    with (PROJECT / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_what_it_found_is_what_the_receipts_say():
    shown = {id: fact["shown"] for id, fact in facts().items()}
    total, settled, sound = shown["claims-total"], shown["conclusion-settled"], shown["conclusion-sound"]
    partly, otherwise, without = (shown[f"claims-{verdict}"] for verdict in ("partly", "contradicted", "unsupported"))
    sentence = f"Of the article’s {total} claims {settled} could be settled: {sound} hold at least in substance"
    assert f"{sentence}, {partly} in part; the record says otherwise for {otherwise}, and {without} have no evidence" in README


def test_what_every_settled_claim_is_said_to_have_it_has():
    assert "every settled one its sources" in README
    settled = {row["id"] for row in table("claims") if row["verdict"] not in UNSETTLED}
    assert settled and settled <= {row["claim_id"] for row in table("claim_citations") if row["role"] == "settles"}


def test_its_picture_is_there_and_light():
    name = re.search(r"!\[[^\]]{60,}\]\(([^)]+)\)", README)[1]
    assert 10_000 < (PROJECT / name).stat().st_size < 300_000


def test_every_command_of_make_exists():
    targets = set(re.findall(r"^([a-z-]+):", (PROJECT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"(?:`|^)make ([a-z-]+)", README, re.MULTILINE))
    assert len(named) >= 6 and named <= targets
