"""What a master says of its questions, and the notebook that Otter gets of it.

In a master the tests of a graded question are two cells: `form = matching...`, and `# HIDDEN` with a function `answer()`
that computes the answer again. Otter gets a visible check and one hidden test for each part that earns points.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from textwrap import indent

import nbformat
import numpy as np
import pandas as pd
import yaml
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

import matching

HERE = Path(__file__).resolve().parent
# {{ ... }} in the text of a master: a value of the solution, so that no number of the tables is typed.
PLACE = re.compile(r"\{\{(.+?)\}\}")
GRADED = """**How answers are graded** Each question asks for a variable. Write your code in the cell below it and leave the \
answer under the name asked for. The check below the cell looks at the *form*: labels, columns, type, unit and size. It says \
in words what is off; that it passes does not say that the number is right. The points come from tests that you do not see, \
and where an answer has several parts, each earns its share. A number may be an `int` or a `float`, rows may stand in any \
order, percentages run from 0 to 100. Half a per cent of a number is forgiven, and so is rounding to two decimals; counts are \
exact. Best do not round.

Answers are read once the whole notebook has run. So do not use the name of an answer again for anything else, and before you \
hand in, restart the kernel and run all cells."""


@dataclass(frozen=True)
class Question:
    """One graded question of a master: its settings, its form, the code of both test cells."""

    name: str
    settings: dict
    form: matching.Form | tuple[matching.Form, ...]
    form_code: str
    answer_code: str

    def variables(self) -> list[str]:
        """Return the names of the variables that hold the answer."""
        return [form.name for form in matching.forms(self.form)]

    def answer(self) -> object:
        """Compute the right answer from the tables/ of the current folder."""
        names = {"pd": pd, "np": np, "matching": matching}
        exec(compile(self.answer_code, f"answer {self.name}", "exec"), names)
        return names["answer"]()

    def tests(self) -> list[NotebookNode]:
        """Return the cells of Otter's tests; tables/ stands in the current folder."""
        variables = ", ".join(self.variables())
        form = indent(f"import matching\n\n{self.form_code}", "    ")
        config = '""" # BEGIN TEST CONFIG\n{}points: {}\n"""  # END TEST CONFIG\n'
        cells = [f"{config.format('', 0)}def test_form({variables}):\n{form}\n    matching.check(form, {variables})"]
        hidden = "hidden: true\n"
        answer = indent(self.answer_code.removeprefix("# HIDDEN\n"), "    ")
        once = hashlib.sha256(f"{self.form_code}\0{self.answer_code}".encode()).hexdigest()[:16]
        for part, points in enumerate(_shares(len(matching.parts(self.form, self.answer())))):
            cells.append(
                f"{config.format(hidden, points)}def test_answer_{part + 1}({variables}):\n"
                f"    import numpy as np\n    import pandas as pd\n{form}\n\n"
                f"{answer}\n\n    matching.compare(form, answer, {part}, {variables}, once={once!r})"
            )
        return [new_code_cell(cell) for cell in cells]


def _shares(parts: int) -> list[float]:
    """Return one point in parts that are equal to a thousandth and that add up to 1.0 exactly: powers of two below the line."""
    ends = [round(1024 * part / parts) for part in range(parts + 1)]
    return [(end - start) / 1024 for start, end in pairwise(ends)]


def names() -> list[str]:
    """Return the names of all assignments with a master."""
    return sorted(master.stem for master in HERE.glob("*/*.ipynb") if master.stem == master.parent.name)


def asked(master: Path) -> list[dict]:
    """Return all questions of a master in order: name, points, whether people grade it, and the part where it stands."""
    found, part = [], ""
    for cell in nbformat.read(master, 4).cells:
        if cell.cell_type == "markdown":
            for heading in re.findall(r"^## (.+)$", cell.source, re.M):
                part = heading.split(":")[0].lower()
        elif settings := _settings(cell):
            manual = bool(settings.get("manual"))
            found.append({"name": settings["name"], "points": settings["points"], "manual": manual, "part": part})
    return found


def _settings(cell: NotebookNode) -> dict:
    """Return what a cell that begins a question says of it; nothing where it begins none."""
    begins = cell.cell_type == "raw" and cell.source.startswith("# BEGIN QUESTION")
    return yaml.safe_load(cell.source) if begins else {}


def read(master: Path) -> dict[str, Question]:
    """Return the graded questions of a master by their names, in their order.

    Raises SystemExit when a question has not its two test cells, or one of them is not what it should be.
    """
    return {question.name: question for _, question in _walk(nbformat.read(master, 4).cells) if isinstance(question, Question)}


def _walk(cells: list[NotebookNode]):
    """Yield (cell, None) for each cell, and (last cell of its tests, question) in place of the test cells of a question."""
    settings, tests = {}, None
    for cell in cells:
        marks = cell.source if cell.cell_type == "raw" else ""
        settings = _settings(cell) or settings
        if marks.startswith("# END TESTS"):
            if len(tests) != 2 or not tests[1].startswith("# HIDDEN\n") or "def answer():" not in tests[1]:
                raise SystemExit(f"{settings['name']}: tests are one cell with form = ... and one with # HIDDEN and def answer()")
            names = {"matching": matching}
            exec(compile(tests[0], f"form {settings['name']}", "exec"), names)
            yield cell, Question(settings["name"], settings, names["form"], *tests)
            tests = None
        if tests is None:
            yield cell, None
        elif cell.cell_type == "code":
            tests.append(cell.source)
        if marks.startswith("# BEGIN TESTS"):
            tests = []


def expanded(master: Path, folder: Path) -> NotebookNode:
    """Return the notebook that Otter gets: tests written out, values of the solution in the places of the text.

    Raises whatever the solution raises. The folder holds tables/.
    """
    notebook = nbformat.read(master, 4)
    cells = []
    with contextlib.chdir(folder):
        values = solution(notebook) | {"graded": GRADED, "words": words}
        for cell, question in _walk(notebook.cells):
            if question is not None:
                cells.extend(question.tests())
                continue
            if cell.cell_type == "markdown":
                cell.source = filled(cell.source, values)
            cells.append(cell)
    notebook.cells = cells
    return notebook


def filled(text: str, values: dict) -> str:
    """Return a text with a value in each of its places."""
    return PLACE.sub(lambda found: str(eval(found[1], values)), text)


def words(number: int) -> str:
    """Return a small whole number in words, for a {{ ... }} of a text."""
    return ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")[number]


def solution(notebook: NotebookNode) -> dict:
    """Run the cells of a master that are no tests; return its variables."""
    values: dict = {"__name__": "__main__"}
    for cell, question in _walk(notebook.cells):
        if question is None and cell.cell_type == "code":
            exec(compile(cell.source, "solution", "exec"), values)
    return values
