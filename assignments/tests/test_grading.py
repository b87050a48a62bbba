"""Grading is right: right answers keep their points however they are written, wrong ones lose them."""

from __future__ import annotations

import copy
import functools
import json
import os
import zipfile
from pathlib import Path

import nbformat
import pandas as pd
import pytest
import yaml
from conftest import NAMES
from otter.test_files import create_test_file

import build
import isolate


def variants(name: str) -> dict:
    return yaml.safe_load((build.HERE / name / "answers.yml").read_text(encoding="utf-8"))


def graded_questions(name: str) -> dict[str, dict]:
    """Return the configuration of each question of a master that tests grade."""
    cells = nbformat.read(build.HERE / name / f"{name}.ipynb", 4).cells
    found = (yaml.safe_load(c.source) for c in cells if c.cell_type == "raw" and c.source.startswith("# BEGIN QUESTION"))
    return {question["name"]: question for question in found if not question.get("manual")}


@functools.cache
def solved(folder: Path, name: str) -> tuple[Path, dict[str, dict]]:
    """Run the solution; return a folder with tests and tables, and the variables as they stand before each question."""
    work = folder / f"{name}-check"
    with zipfile.ZipFile(folder / f"{name}-autograder.zip") as archive:
        archive.extractall(work)
    (work / "tests").rename(work / "files" / "tests")
    question, state, before = None, {"__name__": "__main__"}, {}
    with chdir(work / "files"):
        tests = False
        for cell in nbformat.read(build.HERE / name / f"{name}.ipynb", 4).cells:
            if cell.cell_type == "raw":
                if cell.source.startswith("# BEGIN QUESTION"):
                    question = yaml.safe_load(cell.source)["name"]
                    before[question] = snapshot(state)
                tests = cell.source.startswith("# BEGIN TESTS") or (tests and not cell.source.startswith("# END TESTS"))
            elif cell.cell_type == "code" and not tests:
                exec(compile(cell.source, f"{name}-{question}", "exec"), state)
    return work / "files", before


def snapshot(state: dict) -> dict:
    """Copy variables so that an answer which changes a table harms no other; modules and functions are shared."""
    data = (pd.DataFrame, pd.Series, list, dict, set)
    return {k: copy.deepcopy(v) if isinstance(v, data) and not k.startswith("__") else v for k, v in state.items()}


class chdir:
    """Change the current folder for a while; tests read tables/ from there."""

    def __init__(self, path: Path):
        self.path = path

    def __enter__(self):
        self.back = Path.cwd()
        os.chdir(self.path)

    def __exit__(self, *_):
        os.chdir(self.back)


def points(folder: Path, name: str, question: str, code: str) -> float:
    """Return the points, from 0 to 1, of code in place of the solution, as the grader counts them."""
    files, before = solved(folder, name)
    state = snapshot(before[question])
    with chdir(files):
        exec(compile(code, "answer", "exec"), state)
        wanted = isolate.asked_for(Path("tests"))
        # The way an answer takes from the student's process to the tests.
        answers = json.loads(json.dumps({n: isolate.encode(state.get(n)) for n in wanted}))
        test = create_test_file(f"tests/{question}.py", None)
        test.run({n: isolate.decode(v) for n, v in answers.items()})
    return test.score / test.possible


CASES = [
    pytest.param(name, question, kind, code, id=f"{name}-{question}-{kind}-{number}")
    for name in NAMES
    for question, kinds in variants(name).items()
    for kind, codes in kinds.items()
    for number, code in enumerate(codes)
]


@pytest.mark.parametrize(("name", "question", "kind", "code"), CASES)
def test_an_answer_gets_what_it_deserves(built, name, question, kind, code):
    score = points(built, name, question, code)
    assert score == (1 if kind == "right" else 0)


@pytest.mark.parametrize("name", NAMES)
def test_every_graded_question_has_its_right_and_wrong_answers(name):
    answers, questions = variants(name), graded_questions(name)
    assert set(answers) == set(questions)
    assert 8 <= len(questions) <= 12
    for question, kinds in answers.items():
        assert set(kinds) == {"right", "wrong"}, question
        assert len(set(kinds["right"])) >= 2, question
        assert len(set(kinds["wrong"])) >= 2, question
