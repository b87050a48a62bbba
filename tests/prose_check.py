"""Find numbers in the prose that have no receipt, or not the one their link names."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.token import Token

from tests.book import Prose

MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
YEAR = r"(?:1[5-9]|20)\d\d"
DATE = re.compile(
    rf"\b\d{{1,2}}(?:[–-]\d{{1,2}})? (?:{MONTH})(?: {YEAR})?\b|\b(?:{MONTH}) {YEAR}\b|\b{YEAR}(?:s\b|[–-]\d{{2,4}}\b|\b)"
)
NUMERAL = re.compile(r"\d[\d,.]*\d|\d")
WORDS = re.compile(
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|"
    r"eighteen|nineteen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty(?:-\w+)?|dozens?|hundreds?|thousands?|"
    r"(?:m|b|tr)illions?|half|halves|thirds|quarters?|fifths|tenths|twice|doubled?|doubling|tripled?|trebled?)\b|"
    # Ranks; first to third are mostly steps of an argument.
    r"\b(?:four|fif|six|seven|eigh|nin|ten|eleven|twelf|(?:thir|four|fif|six|seven|eigh|nine)teen|twentie)th\b"
    r"(?![ -]century| Circuit)",
    re.IGNORECASE,
)
FENCE = re.compile(r"^(:{3,}.*|:[\w-]+:.*)$", re.MULTILINE)
# A directive that holds prose, whose text would otherwise pass for code.
PROSE_FENCE = re.compile(r"^```\{(?:glossary|note|admonition|tip|warning)\}.*?$(.*?)^```$", re.MULTILINE | re.DOTALL)
CITATION = re.compile(r"\{cite(?::\w+)?\}$")


def problems(prose: list[Prose], facts: dict[str, dict], allowed: list[dict]) -> list[str]:
    """Return one line for every number that has no receipt or differs from it.

    Years and dates may stand where the same block has a citation or a receipt. Headings and the exercises at the
    end of a chapter are exempt; `allowed` lists further phrases, each with its reason.
    """
    found: list[str] = []
    phrases = [re.compile(entry["phrase"]) for entry in allowed]
    exercises: dict[str, bool] = {}
    for piece in prose:
        page = piece.where.split(",")[0]
        heading = False
        for token in MarkdownIt().parse(FENCE.sub("", PROSE_FENCE.sub(r"\1", piece.text))):
            if token.type == "heading_open":
                heading = True
            elif token.type == "inline" and heading:
                exercises[page] = token.content.strip().lower().startswith("exercises")
                heading = False
            elif token.type == "inline":
                found += _block(piece.where, token, facts, phrases, exercises.get(page, False))
    return found


def _block(where: str, token: Token, facts: dict[str, dict], phrases: list[re.Pattern], exercise: bool) -> list[str]:
    """Return the problems of one paragraph, list item or cell."""
    found: list[str] = []
    outside: list[str] = []
    supported = False
    link: str | None = None
    linked = ""
    for child in token.children or []:
        if child.type == "link_open":
            link, linked = str(child.attrs["href"]), ""
        elif child.type == "link_close":
            if link and link.startswith("fact:"):
                supported = True
                found += _link(where, link.removeprefix("fact:"), linked, facts)
                outside.append(" ")
            else:
                outside.append(linked)
            link = None
        elif child.type == "code_inline":
            supported |= bool(outside and CITATION.search(outside[-1]))
        elif child.type in ("text", "softbreak", "hardbreak"):
            words = child.content if child.type == "text" else "\n"
            if link is None:
                outside.append(words)
            else:
                linked += words
    if exercise:
        return found
    text = "".join(outside)
    for phrase in phrases:
        text = phrase.sub(" ", text)
    if supported:
        text = DATE.sub(" ", text)
    for number in [*NUMERAL.findall(text), *WORDS.findall(text)]:
        found.append(f"{where}: {number!r} has no receipt: record it as a fact and link it, or see tests/allowed_numbers.yml")
    return found


def _link(where: str, id: str, words: str, facts: dict[str, dict]) -> list[str]:
    """Return the problem of one fact link, if it has one."""
    if id not in facts:
        return [f"{where}: unknown fact {id!r}; no cell records it"]
    if words != facts[id]["shown"]:
        return [f"{where}: fact {id!r} reads {words!r}, its receipt {facts[id]['shown']!r}"]
    return []
