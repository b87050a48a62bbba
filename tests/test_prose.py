"""Every number in the prose has a receipt, and the check finds one that has not."""

from __future__ import annotations

import calendar
import re

import pytest

from essay import tables, text
from tests import article
from tests.book import PROJECT, Prose, allowed, facts, notebooks, prose, recorded
from tests.prose_check import problems

CASES = {
    "loose number": ("The wall is 30 feet high.", "'30' has no receipt"),
    "number in words": ("It held three hundred people.", "'three' has no receipt"),
    "share in words": ("Half of them died.", "'Half' has no receipt"),
    "year without source": ("It opened in 1829.", "'1829' has no receipt"),
    "words differ from the receipt": ("It held [301](fact:x) people.", "reads '301', its receipt '300'"),
    "unknown fact": ("It held [300](fact:y) people.", "unknown fact 'y'"),
    "number in another link": ("See [the 300 copies](https://example.org).", "'300' has no receipt"),
    "number in a glossary": ("```{glossary}\nWall\n  It is 30 feet high.\n```", "'30' has no receipt"),
    "number in a list": ("- 12 prisons", "'12' has no receipt"),
    "number beside a receipt": ("Of [300](fact:x) people 40 died.", "'40' has no receipt"),
}
FINE = {
    "receipt": "It held [300](fact:x) people.",
    "year with a receipt": "In 1829 it held [300](fact:x) people.",
    "date with a citation": "It opened on 25 October 1829 {cite:p}`key`.",
    "decade with a citation": "In the 1820s {cite:p}`key`, a pump.",
    "code": "The column `age_10` holds ages.",
    "heading": "## The 300 copies",
    "exercise": "## Exercises\n\n1. Count the 84 rows.",
    "allowed": "Licensed CC BY 4.0.",
}
FACT = {"x": {"id": "x", "shown": "300"}}


def test_every_number_has_its_receipt():
    assert problems(prose(), facts(), allowed()) == []


@pytest.mark.parametrize("case", CASES)
def test_the_check_finds(case):
    text, says = CASES[case]
    found = problems([Prose("page", text)], FACT, allowed())
    assert any(says in line for line in found), found


@pytest.mark.parametrize("case", FINE)
def test_the_check_lets_pass(case):
    assert problems([Prose("page", FINE[case])], FACT, allowed()) == []


def test_a_changed_digit_anywhere_in_a_receipt_link_is_found():
    known, phrases = facts(), allowed()
    link = re.compile(r"\[([^\]]+)\]\(fact:([\w-]+)\)")
    tried = 0
    for piece in prose():
        for match in link.finditer(piece.text):
            words = match[1]
            other = re.sub(r"\d", lambda d: str((int(d[0]) + 1) % 10), words) if re.search(r"\d", words) else words + "teen"
            changed = piece.text[: match.start(1)] + other + piece.text[match.end(1) :]
            assert problems([Prose(piece.where, changed)], known, phrases), f"{piece.where}: {words} as {other}"
            tried += 1
    assert tried > 50


def test_fact_ids_are_unique_and_used():
    recorded_ids = [fact["id"] for _, fact in recorded("facts")]
    assert len(recorded_ids) == len(set(recorded_ids))
    linked = {id for piece in prose() for id in re.findall(r"\(fact:([\w-]+)\)", piece.text)}
    settled = (PROJECT / "data" / "claim_evidence.csv").read_text(encoding="utf-8")
    assert {id for id in recorded_ids if id not in linked and f",{id}," not in settled} == set()


def test_allowed_phrases_have_reasons_and_are_used():
    everything = "\n".join(piece.text for piece in prose())
    for entry in allowed():
        assert entry["reason"].strip()
        assert re.search(entry["phrase"], everything), f"{entry['phrase']!r} stands nowhere: remove it"


MONTHS = "|".join(calendar.month_name[1:])
TOLD = re.compile(rf"(?:(?:\d{{1,2}} )?(?:{MONTHS}) )?\d+")


def disagreements(entries: list[dict], texts: list[str]) -> list[str]:
    """Return the rows whose number or date the allowed phrases that are said to tell it do not have."""
    found = []
    for entry in entries:
        for name, id, column in entry.get("rows", ()):
            value = str(tables.one(tables.load(name).astype("string"), column, id=id))
            is_date = re.fullmatch(r"\d{4}(-\d\d){0,2}", value)
            forms = {text.when(value[:length]) for length in (4, 7, 10) if length <= len(value)} if is_date else {value}
            for words in (match[0] for page in texts for match in re.finditer(entry["phrase"], page)):
                if not forms & set(TOLD.findall(words)):
                    found.append(f"{words!r}, but {column} of {id} in {name} is {value}")
    return found


def test_what_the_glossary_tells_of_a_row_is_what_the_row_says():
    assert disagreements(allowed(), [piece.text for piece in prose()]) == []
    assert sum(len(entry.get("rows", ())) for entry in allowed()) >= 5


@pytest.mark.parametrize("told", ["in 2023", "in January 2023", "on 31 January 2023"])
def test_the_date_of_a_row_is_told_as_precisely_as_one_likes(told):
    assert disagreements([{"phrase": "opened .*", "rows": [["facts_cecot", "cecot-opened", "value"]]}], [f"opened {told}"]) == []


@pytest.mark.parametrize("told", ["in 2022", "in February 2023", "on 30 January 2023", "in 20231", "early"])
def test_another_date_than_that_of_the_row_is_found(told):
    rows = [["facts_cecot", "cecot-opened", "value"]]
    (says,) = disagreements([{"phrase": "opened .*", "rows": rows}], [f"opened {told}"])
    assert says == f"'opened {told}', but value of cecot-opened in facts_cecot is 2023-01-31"


CHAPTERS = ["eastern_state", "supermax", "police", "companies", "cecot"]


@pytest.mark.parametrize("path", [path for path in notebooks() if path.stem in CHAPTERS], ids=lambda path: path.stem)
def test_chapter_has_its_length(path):
    words = sum(len(piece.text.split()) for piece in prose() if piece.where.startswith(f"{path.name},"))
    assert 2_000 <= words <= 3_500
    assert 5 <= sum(name == path.name for name, _ in recorded("figure")) <= 8


def test_the_front_page_asks_what_the_chapters_ask():
    texts = {piece.where.split(".")[0]: [] for piece in prose()}
    for piece in prose():
        texts[piece.where.split(".")[0]].append(piece.text)
    asked = {name: re.search(r":class: finding\n\*\*(.+?)\*\*", "\n".join(texts[name]))[1] for name in CHAPTERS}
    front = "\n".join(texts["index"])
    assert {name: question for name, question in asked.items() if question not in front} == {}


def test_the_article_is_not_copied():
    texts = {piece.where: piece.text for piece in prose()}
    for path in [*(PROJECT / "data").glob("*.csv"), *PROJECT.glob("*.md"), *(PROJECT / "data" / "recipes").glob("*.yml")]:
        texts[path.name] = path.read_text(encoding="utf-8")
    assert {where: article.shared(text) for where, text in texts.items() if article.shared(text)} == {}


def test_the_copy_check_bites(monkeypatch, tmp_path):
    stored = tmp_path / "runs.txt"
    sentence = "eight words of a text that is protected"
    stored.write_text("\n".join(article.digests(sentence)), encoding="utf-8")
    monkeypatch.setattr(article, "STORED", stored)
    assert article.shared("He wrote: Eight words of a text, that is protected! And more.") == [sentence]
    assert article.shared("Nothing of the kind stands in this sentence at all.") == []
