"""A receipt, a verdict, a number or the words of a figure that were changed by hand are found, wherever they stand.

Some hundreds of changes are drawn from the book by a fixed seed, each made to a copy in memory. Changes of the text are
for the check of the prose; changes of stored outputs and of code are compared with one fresh run of the notebook.
`pytest tests/test_prose_faults.py -rA -k report` prints how many of each kind were found.
"""

from __future__ import annotations

import ast
import copy
import html
import random
import re
from collections import Counter
from functools import cache

import pytest
import yaml

from essay.claims import VERDICTS
from essay_site.cache.inputs import code_of
from tests.book import MEDIA_TYPE, PROJECT, Prose, allowed, facts, notebooks, prose, read
from tests.prose_check import problems
from tests.rerun import outputs, stored
from tests.test_claims import LEDGER
from tests.test_figures import typed_numbers

pytestmark = pytest.mark.faults
EXPLAINED = yaml.safe_load((PROJECT / "tests" / "prose_survivors.yml").read_text(encoding="utf-8"))
LINK = re.compile(r"\[([^\]]+)\]\(fact:([\w-]+)\)")
PATHS = {path.name: path for path in notebooks()}

tried: Counter[str] = Counter()
found: Counter[str] = Counter()
survivors: dict[str, str] = {}


def note(kind: str, label: str, caught: bool) -> None:
    """Count a change, and keep it when no check found it."""
    tried[kind] += 1
    found[kind] += caught
    if not caught:
        survivors[f"{kind}: {label}"] = label


def unexplained() -> list[str]:
    """Return the survivors for which no reason is given."""
    return [name for name in survivors if not any(re.search(pattern, name) for pattern in EXPLAINED)]


def digits(text: str, at: random.Random) -> str:
    """Return a text with one of its digits changed; a text without any with its letters in another order."""
    places = [i for i, letter in enumerate(text) if letter.isdecimal()]
    if not places:
        return text[1:] + text[0]
    i = at.choice(places)
    return text[:i] + str((int(text[i]) + at.randrange(1, 10)) % 10) + text[i + 1 :]


def sample(kind: str, things: list, size: int) -> list:
    """Draw `size` of the things, the same each time."""
    return random.Random(kind).sample(things, min(size, len(things)))


# The prose


def mismatched_verdicts(piece: Prose) -> list[str]:
    """Return rows of Markdown tables that give a claim another verdict than the ledger, or a verdict other words."""
    wrong = []
    names = {name: (verdict, meaning) for verdict, (name, meaning) in VERDICTS.items()}
    for line in piece.text.splitlines():
        ids = re.findall(r"#ledger-([a-z]+-\d\d)\"[^>]*>([a-z]+-\d\d)<", line)
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        for anchor, id in ids:
            verdict, meaning = names.get(cells[0], ("", ""))
            if anchor != id or LEDGER.get(id, {}).get("verdict") != verdict or cells[1] != meaning:
                wrong.append(f"{piece.where}: {line}")
    return wrong


def wrong(piece: Prose) -> list[str]:
    """Return what the checks of the prose find in one piece."""
    return problems([piece], facts_of_the_book(), phrases()) + mismatched_verdicts(piece)


@cache
def facts_of_the_book() -> dict[str, dict]:
    return facts()


@cache
def phrases() -> list[dict]:
    return allowed()


def changed(piece: Prose, span: tuple[int, int], words: str) -> Prose:
    """Return a piece of prose with other words in one place."""
    return Prose(piece.where, piece.text[: span[0]] + words + piece.text[span[1] :])


def test_prose_as_it_is_has_no_mistake():
    assert [line for piece in prose() for line in mismatched_verdicts(piece)] == []


def test_changed_receipt_links_are_found():
    links = [(piece, match) for piece in prose() for match in LINK.finditer(piece.text)]
    ids = sorted({match[2] for _, match in links})
    for piece, match in sample("words", links, 80):
        at = random.Random(match[0])
        note("words of a receipt", match[0], bool(wrong(changed(piece, match.span(1), digits(match[1], at)))))
    for piece, match in sample("ids", links, 60):
        other = random.Random(match[0]).choice([id for id in ids if facts_of_the_book()[id]["shown"] != match[1]])
        note("id of a receipt", f"{match[0]} as {other}", bool(wrong(changed(piece, match.span(2), other))))
    for piece, match in sample("lost", links, 60):
        note("receipt taken off", match[0], bool(wrong(changed(piece, match.span(), match[1]))))
    assert unexplained() == []


def test_changed_numbers_without_a_receipt_are_found():
    """A number that may stand without a receipt, changed: the phrase that allowed it no longer fits."""
    places = [
        (piece, re.compile(r"\d").search(piece.text, match.start(), match.end()))
        for piece in prose()
        for entry in allowed()
        for match in re.finditer(entry["phrase"], piece.text)
        if re.search(r"\d", match[0])
    ]
    for piece, match in sample("allowed", places, 30):
        line = piece.text[piece.text.rfind("\n", 0, match.start()) + 1 : match.end() + 20]
        other = changed(piece, match.span(), str((int(match[0]) + 1) % 10))
        note("number without a receipt", f"{piece.where}: {line[-60:]}", bool(wrong(other)))
    assert unexplained() == []


def test_changed_years_are_reported():
    """Years stand on the citation of their paragraph: what no receipt carries, no check can compare."""
    years = [
        (piece, match)
        for piece in prose()
        for match in re.finditer(r"(?<![\w-])(?:1[5-9]|20)\d\d(?![\w-])", LINK.sub(lambda m: "x" * len(m[0]), piece.text))
    ]
    for piece, match in sample("years", years, 30):
        note("year in the prose", f"{piece.where}: {match[0]}", bool(wrong(changed(piece, match.span(), str(int(match[0]) + 1)))))
    assert unexplained() == []


def test_changed_verdicts_of_the_method_are_found():
    for piece in prose():
        for match in re.finditer(r"^\| ([A-Z][^|]+) \| [^|]+ \| .*?#ledger-([a-z]+-\d\d)", piece.text, re.MULTILINE):
            other = random.Random(match[0]).choice([name for name, _ in VERDICTS.values() if name != match[1]])
            note("verdict in a Markdown table", f"{match[2]} as {other}", bool(wrong(changed(piece, match.span(1), other))))
            id = random.Random(match[2]).choice([id for id in LEDGER if LEDGER[id]["verdict"] != LEDGER[match[2]]["verdict"]])
            note("claim in a Markdown table", f"{match[2]} as {id}", bool(wrong(changed(piece, match.span(2), id))))
    assert tried["verdict in a Markdown table"] == len(VERDICTS)
    assert unexplained() == []


# Stored outputs and code


def literals(code: str) -> list[tuple[int, int]]:
    """Return where the texts of titles, captions and alternative texts stand in the code of a cell."""
    lines = [0]
    for line in code.splitlines(keepends=True):
        lines.append(lines[-1] + len(line))
    spans = []
    for call in ast.walk(ast.parse(code)):
        if isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "show":
            for keyword in call.keywords:
                if keyword.arg in ("title", "caption", "alt"):
                    for node in ast.walk(keyword.value):
                        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.lineno == node.end_lineno:
                            spans.append((lines[node.lineno - 1] + node.col_offset, lines[node.lineno - 1] + node.end_col_offset))
    return spans


def with_a_number(code: str, at: random.Random) -> list[str]:
    """Return copies of a cell in which a title, caption or alternative text has a number that nobody computed."""
    made = []
    for start, end in literals(code):
        words = [m for m in re.finditer(r" (?=[a-z]{3,} )", code[start:end]) if "{" not in code[start:end]]
        if words:
            place = start + at.choice(words).start()
            made.append(f"{code[:place]} {at.randrange(2, 99)}{code[place:]}")
    return made[:2]


def parts(bundle: dict) -> list[tuple[str, str, str]]:
    """Return the words of an output that a hand could change, as (kind of change, form of output, words)."""
    record = bundle.get(MEDIA_TYPE, {})
    listed = []
    for fact in record.get("facts", []):
        listed += [("receipt in an output", form, fact["shown"]) for form in ("text/html", "text/plain", MEDIA_TYPE)]
    for claim in [*record.get("claims", []), *record.get("ledger", [])]:
        listed += [("verdict in an output", "text/html", VERDICTS[claim["verdict"]][0])]
        listed += [("verdict in an output", MEDIA_TYPE, claim["verdict"])]
    if "figure" in record:
        for part in ("title", "caption", "alt"):
            listed += [(f"{part} of a figure", form, record["figure"][part]) for form in ("text/html", MEDIA_TYPE)]
        cells = re.findall(r"<td>([\d,.]+)</td>", bundle["text/html"])
        listed += [("cell of a figure's table", "text/html", f"<td>{cell}</td>") for cell in cells[:5]]
    return listed


def replaced(value: object, words: str, other: str) -> object:
    """Return an output, or what is in it, with one text in place of another."""
    if isinstance(value, str):
        return value.replace(words, other, 1)
    if isinstance(value, list):
        return [replaced(each, words, other) for each in value]
    if isinstance(value, dict):
        return {key: replaced(each, words, other) for key, each in value.items()}
    return value


@pytest.mark.parametrize("name", PATHS)
def test_changed_outputs_and_figure_words_are_found(name):
    cells = read(PATHS[name])["cells"]
    at = random.Random(name)
    tries: dict[int, list[str]] = {}

    def variants(number: int, code: str) -> list[str]:
        tries[number] = with_a_number(code, at)
        # The cell itself goes first: run a second time it must show the same, or its variants would say nothing.
        return [code, *tries[number]] if tries[number] else []

    fresh = outputs(PATHS[name], variants)
    for made in fresh:
        kept = stored(cells[made["cell"]])
        assert kept == made["shows"], f"cell {made['cell']} stores something else than it shows"
        if made["variants"]:
            assert made["variants"][0] == kept
        for code, shows in zip(tries[made["cell"]], made["variants"][1:], strict=True):
            note("number typed into a figure's words", f"{name}: {code[:60]!r}", shows != kept or bool(typed_numbers(code)))
        by_kind: dict[str, list] = {}
        for position, bundle in enumerate(kept):
            for kind, form, words in parts(bundle):
                by_kind.setdefault(kind, []).append((position, form, words))
        for kind, places in by_kind.items():
            for position, form, words in sample(f"{name} {made['cell']} {kind}", places, 3):
                other = copy.deepcopy(kept)
                new = digits(words, random.Random(words))
                if form == "text/html" and not words.startswith("<"):
                    words, new = html.escape(words), html.escape(new)
                other[position][form] = replaced(other[position][form], words, new)
                assert other != kept
                note(kind, f"{name}: {words[:60]}", other != made["shows"])
    assert unexplained() == []


def test_report():
    """Over 200 changes were made; every survivor is explained, and every explanation needed."""
    if len(tried) < 12:
        pytest.skip("the changes of all kinds have to be made first")
    for kind in sorted(tried):
        print(f"{kind:36} {found[kind]:5} of {tried[kind]:5}")
    print(f"{'all':36} {found.total():5} of {tried.total():5}")
    print(*sorted(survivors), sep="\n")
    assert tried.total() >= 200
    assert unexplained() == []
    assert [pattern for pattern in EXPLAINED if not any(re.search(pattern, name) for name in survivors)] == [], "no longer needed"


def test_no_figure_has_a_typed_number_to_begin_with():
    assert [number for path in PATHS.values() for number in typed_numbers(code_of(read(path)))] == []
