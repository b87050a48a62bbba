"""The questions of the course kit are not answered by the book, and what assignments name exists.

Runs in the book's environment: a graded answer is computed as the hidden test computes it, and looked for in the
pages as they stand, in what their receipts hold and in what their code computes.
"""

from __future__ import annotations

import builtins
import contextlib
import functools
import html
import math
import re
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from tests import rerun
from tests.book import MEDIA_TYPE, PROJECT, read

sys.path.insert(0, str(PROJECT / "assignments"))
import matching
import questions
import worksheet

MASTERS = {path.stem: path for path in sorted((PROJECT / "assignments").glob("*/*.ipynb")) if path.stem == path.parent.name}
NAMES = [*MASTERS, worksheet.NAME]
# Pages on which an answer could stand besides those that a question is about.
EVERYWHERE = ("index", "introduction", "conclusion", "ledger", "solutions")
OF_ALL = tuple(path.stem for path in sorted((PROJECT / "book").glob("*.ipynb")))
CHAPTERS = {name: (name,) if name in OF_ALL else OF_ALL for name in NAMES}
# Words of three letters or more, and years, mean something.
MEANING = re.compile(r"[^\W\d_]{3,}|(?<!\d)\d{4}(?!\d)")
NUMBER = re.compile(r"(?<![\d.,])-?\d[\d,]*(?:\.\d+)?(?![\d]|[.,]\d)")
# Four times what an answer is forgiven.
NEAR = 4 * matching.RELATIVE
SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n")
WORDS = ["none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]


@dataclass(frozen=True)
class Graded:
    """One graded number: the question, the pages that it is about, the label it stands at, the words that give it a meaning."""

    question: str
    pages: tuple[str, ...]
    label: str
    value: float
    whole: bool
    meaning: frozenset[str]


@functools.cache
def graded(name: str) -> list[Graded]:
    """Return every number that earns points in an assignment."""
    found = []
    with tables():
        for question in asked(name).values():
            forms = question.form if isinstance(question.form, tuple) else (question.form,)
            for form, answers in zip(forms, matching.read(question.form, question.answer()), strict=True):
                for label, value in answers.items():
                    quantity = form.quantity(label)
                    if quantity is None or quantity is matching.YEAR:
                        continue
                    text = " ".join(map(str, label)) if isinstance(label, tuple) else str(label)
                    # Labels such as (low, high) say nothing of what is counted; the name of the variable does.
                    words = MEANING.findall(form.name if not text or getattr(form, "in_order", False) else text)
                    found.append(
                        Graded(
                            f"{name} {question.name}",
                            CHAPTERS[name],
                            text,
                            value,
                            quantity.whole,
                            frozenset(map(str.casefold, words)),
                        )
                    )
    return found


def asked(name: str) -> dict[str, questions.Question]:
    """Return the graded questions of an assignment."""
    return worksheet.questions() if name == worksheet.NAME else questions.read(MASTERS[name])


@contextlib.contextmanager
def tables():
    """Let answers read the tables of the project as tables/."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "tables").symlink_to(PROJECT / "data")
        with contextlib.chdir(folder):
            yield


@functools.cache
def units(page: str) -> list[str]:
    """Return what a page shows in pieces that belong together: sentences, rows and cells of tables, receipts, alt texts."""
    found = []
    for cell in read(PROJECT / "book" / f"{page}.ipynb")["cells"]:
        if cell["cell_type"] == "markdown":
            found += SENTENCE.split(re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", "".join(cell["source"])))
        for output in cell.get("outputs", []):
            for fact in output.get("data", {}).get(MEDIA_TYPE, {}).get("facts", []):
                found.append(f"{fact['shown']} {fact['how']} {fact['id'].replace('-', ' ')}")
            shown = "".join(output.get("data", {}).get("text/html", ""))
            # Alt texts and values told by pointer are attributes; they are read with the words.
            told = [*re.findall(r'alt="([^"]*)"', shown), *re.findall(r"data-values='([^']*)'", shown)]
            words = re.sub(r"<(?:/?(?:tr|p|li|h\d|div|figcaption|dt|dd|caption|table)\b|br)[^>]*>", "\n", shown)
            for piece in [*told, re.sub(r"<[^>]+>", " ", words)]:
                found += SENTENCE.split(html.unescape(piece))
            found += cells_of_tables(shown)
    return [piece for piece in (" ".join(one.replace("−", "-").split()) for one in found) if piece]


def cells_of_tables(page: str) -> list[str]:
    """Return each cell of the tables of a page with the head of its column and the first cell of its row."""
    found = []
    for body in re.findall(r"<table.*?</table>", page, re.DOTALL):
        rows = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in re.findall(r"<tr.*?</tr>", body, re.DOTALL)]
        plain = [[html.unescape(re.sub(r"<[^>]+>", " ", one)) for one in row] for row in rows if row]
        found += [f"{row[0]} {head} {one}" for row in plain[1:] for head, one in zip(plain[0][1:], row[1:], strict=False)]
    return found


@functools.cache
def computed(page: str) -> np.ndarray:
    """Return every number that is no whole one among what the code of a page computes and what its receipts hold."""
    path = PROJECT / "book" / f"{page}.ipynb"
    cells = read(path)["cells"]
    last = max(number for number, cell in enumerate(cells) if cell["cell_type"] == "code")
    builtins.left_names = {}
    try:
        rerun.outputs(path, lambda number, code: [f"{code}\nleft_names.update(globals())"] if number == last else [])
        found = list(numbers_in(builtins.left_names.values(), 0))
    finally:
        del builtins.left_names
    for cell in cells:
        for output in cell.get("outputs", []):
            for fact in output.get("data", {}).get(MEDIA_TYPE, {}).get("facts", []):
                found += numbers_in([fact["value"]], 0)
    return np.array(sorted({round(one, 9) for one in found if not float(one).is_integer()}))


def numbers_in(values, depth: int):
    """Yield the finite numbers in values, and in what they hold down to a depth."""
    for value in values:
        if isinstance(value, (float, int, np.number)) and not isinstance(value, bool):
            if math.isfinite(value):
                yield float(value)
        elif isinstance(value, pd.DataFrame):
            for _, column in value.select_dtypes("number").items():
                yield from column[np.isfinite(column)].astype(float)
        elif isinstance(value, (pd.Series, np.ndarray)) and np.asarray(value).dtype.kind in "fiu":
            flat = np.asarray(value, dtype=float).ravel()
            yield from flat[np.isfinite(flat)]
        elif isinstance(value, (list, tuple, set)) and depth < 3:
            yield from numbers_in(value, depth + 1)
        elif isinstance(value, dict) and depth < 3:
            yield from numbers_in(value.values(), depth + 1)


def written(number: Graded, near: float) -> set[str]:
    """Return how a page would write a number, in roundings that lie near enough to tell it."""
    if number.whole:
        return {f"{number.value:.0f}", f"{number.value:,.0f}"} | set(WORDS[int(number.value) :][:1])
    size = abs(number.value)
    return {f"{size:,.{decimals}f}" for decimals in range(4) if abs(round(size, decimals) - size) <= near * size}


def telling(text: str) -> bool:
    """Return whether a number is so particular that it means the same wherever it stands: four digits or more."""
    return len(re.sub(r"\D", "", text).lstrip("0")) >= 4


def answers_on(page: str, number: Graded) -> list[str]:
    """Return the pieces of a page that show a graded number.

    A telling number is one wherever it stands on a page that the question is about. Any other, and any on another page,
    has to stand beside a word of its label; a small whole number beside all of them.
    """
    found = []
    enough = all if number.whole and number.value < len(WORDS) else any
    near = NEAR if page in number.pages else matching.RELATIVE
    for piece in units(page):
        here = {one.lstrip("-") for one in NUMBER.findall(piece)} | set(re.findall(r"[a-z]+", piece.casefold()))
        for text in written(number, near) & here:
            words = set(re.findall(r"\w+", piece.casefold())) - {text}
            beside = enough(word in words for word in number.meaning)
            if beside if page not in number.pages else telling(text) or beside:
                found.append(f"{text}: {piece[:300]}")
    if not number.whole and not float(number.value).is_integer():
        for scale in (1, 0.01):
            same = computed(page)[np.isclose(computed(page), number.value * scale, rtol=1e-8, atol=0)]
            found += [f"code or receipt computes {one:g}" for one in same]
    return found


def coincidences() -> list[dict]:
    """Return the numbers that mean another thing on the page than in the question, each with its reason."""
    return yaml.safe_load((PROJECT / "assignments" / "coincidences.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", NAMES)
def test_no_page_shows_or_computes_a_graded_answer(name):
    waived = {
        (one["question"], str(one["label"]), one["page"]) for one in coincidences() if one["question"].startswith(name + " ")
    }
    pages = dict.fromkeys((*CHAPTERS[name], *EVERYWHERE))
    found = {}
    for number in graded(name):
        for page in pages:
            if shown := answers_on(page, number):
                found[number.question, number.label, page] = shown
    answered = {key: shown[:3] for key, shown in found.items() if key not in waived}
    assert not answered, "\n".join(f"{key}: {shown}" for key, shown in answered.items())
    assert not waived - set(found), "a coincidence that is none any more"
