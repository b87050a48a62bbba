"""The questions of the course kit are not answered by the book, and what assignments name exists.

Runs in the book's environment: a graded answer is computed as the hidden test computes it, and looked for in the
pages as they stand, in what their receipts hold and in what their code computes.
"""

from __future__ import annotations

import builtins
import collections
import contextlib
import functools
import html
import json
import math
import re
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
import pytest
import yaml

from essay import figures
from tests import rerun
from tests.book import MEDIA_TYPE, PROJECT, read, recorded

sys.path.insert(0, str(PROJECT / "assignments"))
import matching
import questions
import worksheet

MASTERS = {path.stem: path for path in sorted((PROJECT / "assignments").glob("*/*.ipynb")) if path.stem == path.parent.name}
NAMES = [*MASTERS, worksheet.NAME]
# Pages on which an answer could stand besides those that a question is about.
EVERYWHERE = ("index", "introduction", "conclusion", "ledger", "solutions", "../assignments/exercises")
OF_ALL = tuple(path.stem for path in sorted((PROJECT / "book").glob("*.ipynb")))
CHAPTERS = {name: (name,) if name in OF_ALL else ("ledger", "index", "introduction", "conclusion") for name in NAMES}
CHAPTERS[worksheet.NAME] = ("companies", "supermax")
# Words of four letters or more, and years, mean something; some words do not.
MEANING = re.compile(r"(?!(?:list|down|with|without|note|other|part|lost)\b)\b[^\W\d_]{4,}|(?<!\d)\d{4}(?!\d)")
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
            for form, answers in zip(matching.forms(question.form), matching.read(question.form, question.answer()), strict=True):
                for label, value in answers.items():
                    quantity = form.quantity(label)
                    if quantity is None or quantity is matching.YEAR:
                        continue
                    text = " ".join(map(str, label)) if isinstance(label, tuple) else str(label)
                    # Labels such as (low, high) say nothing of what is counted; the name of the variable does.
                    words = MEANING.findall(("" if getattr(form, "in_order", False) else text).replace("_", " "))
                    words = words or MEANING.findall(form.name.replace("_", " "))
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
            told = [*re.findall(r'alt="([^"]*)"', shown), *told_values(shown)]
            words = re.sub(r"<(?:/?(?:tr|p|li|h\d|div|figcaption|dt|dd|caption|table)\b|br)[^>]*>", "\n", shown)
            for piece in [*told, re.sub(r"<[^>]+>", " ", words)]:
                found += SENTENCE.split(html.unescape(piece))
            found += cells_of_tables(shown)
    return [piece for piece in (" ".join(one.replace("−", "-").split()) for one in found) if piece]


def told_values(page: str) -> list[str]:
    """Return each value that a figure tells by pointer, with the name of its line and its place on it."""
    found = []
    for told in re.findall(r"data-values='([^']*)'", page):
        for name, places, values, *_ in json.loads(html.unescape(told))[0]:
            shown = values.split("|")
            # Even steps are written as their start and their length.
            where = places.split("|") if isinstance(places, str) else [places[0] + i * places[1] for i in range(len(shown))]
            found += [f"{name} {place} {value}" for place, value in zip(where, shown, strict=True)]
    return found


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
        with pytest.MonkeyPatch.context() as patch:
            # What a figure draws leaves no names.
            patch.setattr(figures, "show", lambda *args, **kwargs: None)
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


@functools.cache
def pieces(page: str) -> dict[str, list[tuple[str, set[str]]]]:
    """Return, by each number on a page, in figures or in letters, the pieces of what it shows that have it, with their words."""
    found = collections.defaultdict(list)
    for piece in units(page):
        small = piece.casefold()
        words = set(re.findall(r"\w+", small))
        for here in {one.lstrip("-") for one in NUMBER.findall(piece)} | set(re.findall(r"[a-z]+", small)):
            found[here].append((piece, words))
    return dict(found)


def answers_on(page: str, number: Graded) -> list[str]:
    """Return the pieces of a page that show a graded number.

    A telling number is one wherever it stands on a page that the question is about. Any other, and any on another page,
    has to stand beside a word of its label; a small whole number beside all of them.
    """
    found = []
    enough = all if number.whole and number.value < len(WORDS) else any
    near = NEAR if page in number.pages else matching.RELATIVE
    as_written = written(number, near)
    for text in as_written:
        for piece, words in pieces(page).get(text, ()):
            beside = enough(word in words - {text} for word in number.meaning)
            if beside if page not in number.pages else telling(text) or beside:
                found.append(f"{text}: {piece[:300]}")
    if page in number.pages and not number.whole and not float(number.value).is_integer():
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


def text(name: str) -> list[str]:
    """Return the Markdown of an assignment, cell by cell."""
    if name == worksheet.NAME:
        return [path.read_text(encoding="utf-8") for path in sorted(worksheet.FOLDER.glob("*.md"))]
    return [cell.source for cell in nbformat.read(MASTERS[name], 4).cells if cell.cell_type == "markdown"]


def shipped(name: str) -> dict[str, pd.DataFrame]:
    """Return the tables that students get, every cell as text."""
    if name == worksheet.NAME:
        found = worksheet.TABLES
    else:
        found = sorted(set(re.findall(r"tables/(\w+)\.csv", MASTERS[name].read_text(encoding="utf-8"))))
    return {table: pd.read_csv(PROJECT / "data" / f"{table}.csv", dtype=str, keep_default_na=False) for table in found}


@pytest.mark.parametrize("name", MASTERS)
def test_sections_to_read_are_headings_of_the_book(name):
    """What an assignment sends students to read has the heading that it names."""
    pages = ["".join(cell["source"]) for page in OF_ALL for cell in read(PROJECT / "book" / f"{page}.ipynb")["cells"]]
    pages += [path.read_text(encoding="utf-8") for path in (PROJECT / "book").glob("*.md")]
    headings = set(re.findall(r"^#+ (.+?)(?: *\{#.*)?$", "\n".join(pages), re.MULTILINE))
    named = []
    for paragraph in "\n\n".join(text(name)).split("\n\n"):
        if paragraph.startswith(("Assignment for", "**Before you start**")):
            named += re.findall(r"(?<!\*)\*([^*]+)\*(?!\*)", paragraph)
    assert len(named) >= 2
    assert not [one for one in named if one.replace("'", "’") not in headings]


@pytest.mark.parametrize("name", NAMES)
def test_every_name_in_code_letters_is_one_of_the_tables_or_the_code(name):
    """Tables, columns, labels and variables that the text names exist."""
    known = {*dir(pd.DataFrame), *dir(pd), *dir(builtins)} | {"int", "float", "for", "answers.csv", "key.csv"}
    for table, rows in shipped(name).items():
        known |= {table, f"tables/{table}.csv", *rows.columns}
        known |= {value for column in rows for value in rows[column].unique()}
    if name != worksheet.NAME:
        code = "\n".join(cell.source for cell in nbformat.read(MASTERS[name], 4).cells if cell.cell_type == "code")
        known |= set(re.findall(r"\w+", code)) | {a or b for a, b in re.findall(r"""\"([^\"\n]+)\"|'([^'\n]+)'""", code)}
    with tables():
        for question in asked(name).values():
            for form, answers in zip(matching.forms(question.form), matching.read(question.form, question.answer()), strict=True):
                known |= {form.name} | {
                    str(one) for label in answers for one in (label if isinstance(label, tuple) else (label,))
                }
    spans = {span for cell in text(name) for span in re.findall(r"`([^`]+)`", questions.PLACE.sub("", cell))}
    # A line of code is made of names and of what is between them.
    unknown = {
        span for span in spans - known if not set(re.findall(r"[A-Za-z_]\w*", span)) <= known or not re.search(r"[(=/]", span)
    }
    assert not unknown


@pytest.mark.parametrize("name", NAMES)
def test_every_number_in_a_text_is_one_of_the_tables_or_the_code(name):
    """A typed number is a parameter of the code, a cell of a table, or a year; results stand in {{ ... }}.

    What is written for graders may type no cell of a table either, unless the question that they grade does.
    """
    parameters = {"4", "95", "100", "120", "150", "200"}  # points, per cent, words to write
    if name == worksheet.NAME:
        parameters |= {"31", "0"}  # the day of the count; a nought
    else:
        code = "\n".join(cell.source for cell in nbformat.read(MASTERS[name], 4).cells if cell.cell_type == "code")
        parameters |= set(re.findall(r"\d+(?:\.\d+)?", code))
        # What a question sets in bold, as the threshold of a rule.
        parameters |= {number for cell in text(name) for number in re.findall(r"\*\*[^*]*?(\d+)[^*]*?\*\*", cell)}
    cells = {number for table in shipped(name).values() for column in table for number in table[column].unique()}
    asked_of_students = {number for cell in text(name) if "For graders" not in cell for number in typed(cell)}
    wrong = asked_of_students - parameters - cells
    wrong |= {number for cell in text(name) if "For graders" in cell for number in typed(cell)} - parameters - asked_of_students
    assert not wrong


def typed(cell: str) -> set[str]:
    """Return the numbers typed in a text, years, dates, formulas, rubrics and the numbers of questions left out."""
    plain = re.sub(r"`[^`]*`|\$[^$]*\$|^#.*$|^\|.*\|$|^\d\. |100,000", "", questions.PLACE.sub("", cell), flags=re.MULTILINE)
    plain = re.sub(r"[Qq]uestions? \d+(?:(?:,| and| to) \d+)*|Parts? \d(?: and \d)?|step \d", "", plain)
    months = "January February March April May June July August September October November December"
    plain = re.sub(rf"\d{{1,2}} (?:{months.replace(' ', '|')})\b", "", plain)
    found = {number.strip(",").replace(",", "") for number in NUMBER.findall(plain)}
    return {number for number in found if not re.fullmatch(r"(1[789]|20)\d\d", number)}


@pytest.mark.parametrize("name", [name for name in MASTERS if name in OF_ALL])
def test_a_number_of_the_page_would_be_found(name):
    """The search finds what is there: each number that a receipt of the chapter holds, as if it were graded."""
    held = [fact for page, fact in recorded("facts") if page == f"{name}.ipynb" and isinstance(fact["value"], float)]
    held = [fact for fact in held if not fact["value"].is_integer()]
    assert len(held) >= 5
    for fact in held:
        words = frozenset(map(str.casefold, MEANING.findall(fact["how"])))
        number = Graded("receipt", (name,), fact["id"], fact["value"], False, words)
        assert answers_on(name, number), fact["id"]
        shown = [text for text in written(number, NEAR) if text in fact["shown"]]
        assert not shown or any(one.startswith(tuple(shown)) for one in answers_on(name, number)), fact["id"]
