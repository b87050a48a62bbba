"""The README shows the book as it is: its picture, what it found, and commands that exist."""

from __future__ import annotations

import re

from tests.book import PROJECT, facts

README = (PROJECT / "README.md").read_text(encoding="utf-8")


def test_what_it_found_is_what_the_receipts_say():
    shown = {id: fact["shown"] for id, fact in facts().items()}
    total, settled, sound = shown["claims-total"], shown["conclusion-settled"], shown["conclusion-sound"]
    partly, wrong = shown["claims-partly"], shown["conclusion-wrong"]
    sentence = f"Of the article’s {total} claims {settled} could be settled: {sound} hold at least in substance"
    assert f"{sentence}, {partly} in part, {wrong} not." in README


def test_its_picture_is_there_and_light():
    name = re.search(r"!\[[^\]]{60,}\]\(([^)]+)\)", README)[1]
    assert 10_000 < (PROJECT / name).stat().st_size < 300_000


def test_every_command_of_make_exists():
    targets = set(re.findall(r"^([a-z-]+):", (PROJECT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"(?:`|^)make ([a-z-]+)", README, re.MULTILINE))
    assert len(named) >= 6 and named <= targets
