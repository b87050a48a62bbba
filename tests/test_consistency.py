"""One quantity is one fact wherever it is shown, two facts with one meaning do not differ, and each is rounded once."""

from __future__ import annotations

import ast
import json
import math
import re

import pytest

from essay_site.cache.inputs import code_of
from tests.book import notebooks, read, recorded


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


# --- each number is rounded once

# What a number is shown in: as it is, in thousands, in millions, in billions, in per cent, without its sign.
UNITS = (1, 1e3, 1e6, 1e9, 1e-2, -1)
NUMBER = re.compile(r"\D*?(-?\d[\d,]*)(?:\.(\d+))?\D*")
# True halves, which nothing has rounded before.
HALVES = {
    "esp-linked-lag": "the median of an even number of years",
    "esp-median-lag": "the median of an even number of years",
}


def wrongly_rounded(fact: dict) -> str:
    """Return what is wrong with the number that a receipt shows: not its value's rounding, or on the border of two.

    A value on the border has most likely been rounded before: 35.46 becomes 35.5, and that 36. Empty for words and dates,
    and for a number that ends with zeros as the rounding of a larger one does.
    """
    value, match = fact["value"], NUMBER.fullmatch(fact["shown"])
    if isinstance(value, str) or not match:
        return ""
    digits, decimals = match[1].replace(",", ""), match[2] or ""
    zeros = 0 if decimals or not int(digits) else len(digits) - len(digits.rstrip("0"))
    shown = float(f"{digits}.{decimals or 0}")
    off = min((abs(value / unit - shown) for unit in UNITS), default=0)
    if off > 10.0 ** (zeros - len(decimals)) / 2 * (1 + 1e-9):
        return f"{fact['id']}: {fact['shown']} is not {value} rounded"
    if math.isclose(off, 10.0 ** -len(decimals) / 2, rel_tol=1e-9):
        return f"{fact['id']}: {value} lies between two numbers, of which {fact['shown']} is one; show a digit more"
    return ""


def rounded_before(code: str) -> list[str]:
    """Return the values of facts that code rounds to some digits before their format rounds them again."""
    calls = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)]
    values = [call.args[1] for call in calls if getattr(call.func, "id", "") == "fact" and len(call.args) > 2]
    parts = [part for value in values for part in ast.walk(value) if isinstance(part, ast.Call)]
    return [
        ast.unparse(part)
        for part in parts
        if (getattr(part.func, "id", "") == "round" and len(part.args) == 2)
        or (getattr(part.func, "attr", "") == "round" and part.args)
    ]


def test_each_receipt_shows_its_value_rounded_once():
    found = {fact["id"]: says for fact in FACTS if (says := wrongly_rounded(fact))}
    assert {id: says for id, says in found.items() if id not in HALVES} == {}
    assert set(HALVES) <= set(found), "an exception that is needed no more"


@pytest.mark.parametrize("path", notebooks(), ids=lambda path: path.stem)
def test_no_value_of_a_fact_is_rounded_before_its_format(path):
    assert rounded_before(code_of(read(path))) == []


@pytest.mark.parametrize(
    ("value", "shown", "wrong"),
    [
        (35.46, "35", False),
        (35.5, "36", True),
        (426.5, "426", True),
        (12.34, "12.3", False),
        (12.34, "12.4", True),
        (12.35, "12.4", True),
        (4_760_000, "4.76 million", False),
        (4_760_000, "4.77 million", True),
        (0.3633, "36 per cent", False),
        (10_795.03, "11,000", False),
        (10_795.03, "12,000", True),
        (300, "300", False),
        (0, "0", False),
        ("2026-01-31", "31 January 2026", False),
        (3, "three", False),
    ],
)
def test_the_check_for_rounding_bites(value, shown, wrong):
    assert bool(wrongly_rounded({"id": "a-fact", "value": value, "shown": shown})) == wrong


def test_the_check_for_values_rounded_before_bites():
    code = """
fact("a", round(x, 1), "{:.0f}", "how", t)
fact("b", shares.round(1).max(), "{:.0f}", "how", t)
fact("c", round(x), text.words, "how", t)
"""
    assert rounded_before(code) == ["round(x, 1)", "shares.round(1)"]
