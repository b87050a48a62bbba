"""Words of quantity in titles, captions and alternative texts follow from the data: most, all, none, first, only.

A number there is computed (test_figures.py); "most" says as much as a number and outlives a change of the table as easily.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from essay import text
from tests.book import PROJECT, notebooks, read
from tests.test_values import bindings, is_literal

QUANTITY = re.compile(
    r"\b(?:most|all|none|every|no|only|half|nobody|majority|each|always|never|first|largest|highest|lowest)\b", re.IGNORECASE
)
# Said of a number: "19 at its highest", "never above 19". "Most of" is a share.
OF_A_NUMBER = re.compile(r"(?:most(?!\s+of\b)|first|largest|highest|lowest|never)\b", re.IGNORECASE)
EXTREMES = {"max", "min", "idxmax", "idxmin", "nlargest", "nsmallest"}
WAIVED = yaml.safe_load((PROJECT / "tests" / "waived_words.yml").read_text(encoding="utf-8"))

PARTS = ("title", "caption", "alt")

Bound = dict[str, list[ast.expr | None]]


class Piece(NamedTuple):
    """A typed piece of a text, the expressions on its two sides in the same f-string, and what the names in them are."""

    text: str
    sides: tuple[ast.expr | None, ast.expr | None]
    bound: Bound


def is_text(node: ast.expr | None) -> bool:
    """True for an expression that makes a text: a string, an f-string, a sum or join of them, a choice between them."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str)
    if isinstance(node, ast.BinOp):
        return is_text(node.left) or is_text(node.right)
    if isinstance(node, ast.Call):
        return getattr(node.func, "attr", "") in ("join", "listed")
    return isinstance(node, ast.JoinedStr | ast.IfExp)


def is_proof(node: ast.Call, bound: Bound) -> bool:
    """True for `text.proved(words, holds)` whose condition depends on something that can change."""
    return getattr(node.func, "attr", "") == "proved" and len(node.args) == 2 and not is_literal(node.args[1], bound)


def pieces(node: ast.AST | None, bound: Bound) -> Iterator[Piece]:
    """Yield what is typed in a text that a reader sees, without what an expression chooses, picks or has proved."""
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str):
            yield Piece(node.value, (None, None), bound)
    elif isinstance(node, ast.JoinedStr):
        parts = [None, *node.values, None]
        for before, part, after in zip(parts, parts[1:], parts[2:], strict=False):
            yield from [Piece(part.value, (before, after), bound)] if isinstance(part, ast.Constant) else pieces(part, bound)
    elif isinstance(node, ast.FormattedValue):
        yield from pieces(node.value, bound)
    elif isinstance(node, ast.IfExp):
        chosen = not is_literal(node.test, bound)
        yield from () if chosen else [piece for side in (node.body, node.orelse) for piece in pieces(side, bound)]
    elif isinstance(node, ast.Name):
        if all(is_text(value) for value in bound.get(node.id, [None])):
            for value in bound[node.id]:
                yield from pieces(value, {**bound, node.id: [None]})
    elif isinstance(node, ast.GeneratorExp | ast.ListComp):
        inner = {**bound}
        for part in node.generators:
            inner |= {name.id: [part.iter] for name in ast.walk(part.target) if isinstance(name, ast.Name)}
        yield from pieces(node.elt, inner)
    elif isinstance(node, ast.Call):
        if is_proof(node, bound):
            return
        yield from pieces(node.func, bound)
        for argument in node.args:
            # A single word that a function is given picks a column or a value.
            if not (isinstance(argument, ast.Constant) and " " not in str(argument.value)):
                yield from pieces(argument, bound)
    elif isinstance(node, ast.Attribute):
        yield from pieces(node.value, bound)
    elif isinstance(node, ast.BinOp):
        for side in (node.left, node.right):
            yield from pieces(side, bound)


def takes_an_extreme(node: ast.AST | None, bound: Bound) -> bool:
    """True for an expression that looks for the largest or smallest, itself or in what its names are bound to."""
    if node is None:
        return False
    for part in ast.walk(node):
        if isinstance(part, ast.Call) and {getattr(part.func, "attr", ""), getattr(part.func, "id", "")} & EXTREMES:
            return True
        if isinstance(part, ast.Name) and part.id in bound:
            without = {**bound, part.id: [None]}
            if any(takes_an_extreme(value, without) for value in bound[part.id]):
                return True
    return False


def guards(tree: ast.AST, bound: Bound) -> str:
    """Return the messages of a cell's `if ...: raise`, those whose condition can come true."""
    raised = [
        node.body[-1]
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and isinstance(node.body[-1], ast.Raise) and not is_literal(node.test, bound)
    ]
    texts = [part.value for each in raised for part in ast.walk(each) if isinstance(part, ast.Constant)]
    return "\n".join(text for text in texts if isinstance(text, str))


def is_said_of_an_extreme(piece: Piece, word: re.Match) -> bool:
    """True where a superlative has, at most two words away, a number that is looked for as the largest or smallest."""
    between = (piece.text[: word.start()], piece.text[word.end() :])
    return bool(OF_A_NUMBER.match(piece.text, word.start())) and any(
        len(words.split()) <= 2 and not re.search(r"[;.]\s", words) and takes_an_extreme(side, piece.bound)
        for words, side in zip(between, piece.sides, strict=True)
    )


class Word(NamedTuple):
    """A typed word of quantity: figure and part, the word with its neighbours, the text it stands in and where."""

    figure: str
    part: str
    says: str
    text: str
    place: int

    def is_waived(self, waived: list[dict]) -> bool:
        """True where a waiver of the figure quotes words of the text that hold this one."""
        quotes = [quote for each in waived for quote in each["words"].get(self.figure, [])]
        return any(self.place in range(*match.span()) for quote in quotes for match in re.finditer(re.escape(quote), self.text))


def typed_words(code: str, elsewhere: Bound) -> list[Word]:
    """Return the words of quantity typed into figures of a cell that nothing in the cell proves.

    A word is proved by `text.proved`, by an `if ...: raise` whose message repeats it with its neighbours, or, where it is
    a superlative, by a number beside it that is looked for as one. `elsewhere` is what other cells bind names to.
    """
    tree = ast.parse(code)
    bound = {**elsewhere, **bindings(tree)}
    guarded = guards(tree, bound)
    found = []
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "show" and call.args:
            parts = [(part.arg, piece) for part in call.keywords if part.arg in PARTS for piece in pieces(part.value, bound)]
            for part, piece in parts:
                for word in QUANTITY.finditer(piece.text):
                    before = re.search(r"(?:\S+\s+)?\S*$", piece.text[: word.start()])[0]
                    says = before + word[0] + re.match(r"\S*(?:\s+\S+)?", piece.text[word.end() :])[0]
                    if says not in guarded and not is_said_of_an_extreme(piece, word):
                        found.append(Word(getattr(call.args[0], "value", ""), part, says, piece.text, word.start()))
    return found


@cache
def in_notebook(path: Path) -> list[Word]:
    """Return the typed words of all figures of a notebook."""
    cells = ["".join(cell["source"]) for cell in read(path)["cells"] if cell["cell_type"] == "code"]
    elsewhere = bindings(ast.parse("\n".join(cells)))
    return [word for cell in cells if "figures.show(" in cell for word in typed_words(cell, elsewhere)]


@pytest.mark.parametrize("path", notebooks(), ids=lambda path: path.stem)
def test_words_of_quantity_follow_from_the_data(path):
    left = [f"{word.figure}, {word.part}: {word.says!r}" for word in in_notebook(path) if not word.is_waived(WAIVED)]
    assert left == [], "prove the words with text.proved(words, holds), or say in tests/waived_words.yml why they are no result"


def test_each_waiver_is_needed_and_gives_a_reason():
    words = [word for path in notebooks() for word in in_notebook(path)]
    idle = [
        f"{figure}: {quote!r}"
        for each in WAIVED
        for figure, quotes in each["words"].items()
        for quote in quotes
        if not any(word.is_waived([{"words": {figure: [quote]}}]) for word in words)
    ]
    assert idle == []
    assert all(len(each["why"].split()) >= 5 for each in WAIVED)


def test_words_are_proved_or_refused():
    assert text.proved("most of them", 3 > 2) == "most of them"
    with pytest.raises(ValueError, match="no longer true of the data: 'most of them'"):
        text.proved("most of them", 1 > 2)


@pytest.mark.parametrize(
    ("title", "typed"),
    [
        ('"Most prisons closed"', ["Most prisons"]),
        ('"Prisons closed: " + "none in Ohio"', ["none in"]),
        ('f"{n} prisons, no other"', ["prisons, no other"]),
        ("SAYS", ["on every settled"]),
        ('"; ".join(f"{row.place}, all of it" for row in frame.itertuples())', [", all of"]),
        ('f"{frame.people.max()} held, a number that is written here; the highest"', ["the highest"]),
        ('f"{n} at its highest"', ["its highest"]),
        ('"no" if True else "some"', ["no"]),
        ('text.proved("most closed", True)', ["most closed"]),
        ('text.proved("most closed", n > 3)', []),
        ('f"{frame.people.max()} at its highest"', []),
        ('f"{top.place} had the most"', []),
        ('f"{top.place} had most of them"', ["had most of"]),
        ('f"it never passed {frame.people.max()}"', []),
        ('f"{n or SOME} prisons"', []),
        ('"none closed" if n == 0 else "some closed"', []),
        ('str(tables.one(frame, "people", kind="all")) + " people"', []),
        ('"Nothing is typed here"', []),
        ('"A guard says that each has a roof"', []),
    ],
)
def test_the_check_for_typed_words_bites(title, typed):
    code = f"""
n, SOME = len(frame), "no"
SAYS = "Prisons on every settled continent"
top = frame.loc[frame.people.idxmax()]
if frame.roof.sum() < n:
    raise ValueError("prisons: the title says 'that each has a roof'")
figures.show("prisons", draw, title={title}, data=frame)
"""
    assert [word.says for word in typed_words(code, {})] == typed
