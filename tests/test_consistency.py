"""The same quantity is one fact wherever it is shown, and two facts with one meaning do not differ."""

from __future__ import annotations

import json

from tests.book import recorded


def clashes(facts: list[dict]) -> list[str]:
    """Return pairs of facts that say they are the same computation on the same source."""
    seen: dict[str, dict] = {}
    found = []
    for fact in facts:
        meaning = json.dumps([fact["how"].strip().lower(), fact["sources"]])
        other = seen.setdefault(meaning, fact)
        if other is not fact:
            kind = "differ" if other["value"] != fact["value"] else "are one quantity recorded twice"
            found.append(f"{other['id']} ({other['value']}) and {fact['id']} ({fact['value']}) {kind}: {fact['how']!r}")
    return found


FACTS = [fact for _, fact in recorded("facts")]


def test_no_quantity_is_recorded_twice():
    assert clashes(FACTS) == []


def test_the_check_bites():
    twin = {**FACTS[0], "id": "twin"}
    assert "twice" in clashes([FACTS[0], twin])[0]
    assert "differ" in clashes([FACTS[0], {**twin, "value": "other"}])[0]
