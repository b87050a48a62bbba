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
import matching
import mutants
import questions


def variants(name: str) -> dict:
    return yaml.safe_load((build.HERE / name / "answers.yml").read_text(encoding="utf-8"))


@functools.cache
def graded_questions(name: str) -> dict[str, questions.Question]:
    """Return the questions of a master that tests grade."""
    return questions.read(build.HERE / name / f"{name}.ipynb")


@functools.cache
def solved(folder: Path, name: str) -> tuple[Path, dict[str, dict]]:
    """Run the solution; return a folder with tests and tables, and the variables as they stand before each question."""
    # Workers share the folder.
    work = folder.with_name(f"{folder.name}-{os.getpid()}") / name
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
    before["end"] = state
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


def travelled(value: object) -> object:
    """Return a value as it comes out of the student's process, in which no test is."""
    return isolate.decode(json.loads(json.dumps(isolate.encode(value))))


def answered(folder: Path, name: str, question: str, code: str | None) -> list:
    """Return the values of a question's variables after code in place of the solution, or after the solution itself."""
    files, before = solved(folder, name)
    asked = graded_questions(name)[question]
    state = snapshot(before["end" if code is None else question])
    with chdir(files):
        if code is not None:
            exec(compile(code, "answer", "exec"), state)
    return [state.get(variable) for variable in asked.variables()]


def points(folder: Path, name: str, question: str, answers: list) -> float:
    """Return the points, from 0 to 1, of an answer as the grader counts them."""
    files, _ = solved(folder, name)
    variables = graded_questions(name)[question].variables()
    with chdir(files):
        test = create_test_file(f"tests/{question}.py", None)
        test.run(dict(zip(variables, map(travelled, answers), strict=True)))
    return test.score / test.possible


def seen(folder: Path, name: str, question: str, answers: list) -> str:
    """Return what the visible check says of an answer, nothing when it passes."""
    with chdir(solved(folder, name)[0]):
        try:
            matching.check(graded_questions(name)[question].form, *answers)
        except AssertionError as words:
            return str(words)
    return ""


def deserved(kind: str) -> float:
    """Return the points of a kind of answers in answers.yml: right, wrong, or a part of the points as "1 of 2"."""
    if kind in ("right", "wrong"):
        return float(kind == "right")
    earned, parts = map(int, kind.split(" of "))
    assert 0 < earned < parts
    return earned / parts


CASES = [
    pytest.param(name, question, kind, code, id=f"{name}-{question}-{kind}-{number}")
    for name in NAMES
    for question, kinds in variants(name).items()
    for kind, codes in kinds.items()
    for number, code in enumerate(codes)
]


@pytest.mark.parametrize(("name", "question", "kind", "code"), CASES)
def test_an_answer_gets_what_it_deserves(built, name, question, kind, code):
    answers = answered(built, name, question, code)
    assert points(built, name, question, answers) == pytest.approx(deserved(kind), abs=0.002)
    if kind == "right":
        assert not seen(built, name, question, answers)


@pytest.mark.parametrize("name", NAMES)
def test_every_graded_question_has_its_right_and_wrong_answers(name):
    answers, asked = variants(name), graded_questions(name)
    assert set(answers) == set(asked)
    assert 8 <= len(asked) <= 12
    for question, kinds in answers.items():
        assert len(set(kinds["right"])) >= 2, question
        assert len({code for kind, codes in kinds.items() if kind != "right" for code in codes}) >= 2, question


QUESTIONS = [pytest.param(name, question, id=f"{name}-{question}") for name in NAMES for question in graded_questions(name)]


@pytest.mark.parametrize(("name", "question"), QUESTIONS)
def test_what_has_the_wrong_form_is_told_or_earns_its_points(built, name, question):
    """No mistake in the form alone passes the visible check and earns nothing."""
    asked = graded_questions(name)[question]
    right = answered(built, name, question, None)
    assert points(built, name, question, right) == 1 and not seen(built, name, question, right)
    forms = matching.forms(asked.form)
    tried = 0
    with chdir(solved(built, name)[0]):
        for number, form in enumerate(forms):
            for what, mutant in mutants.of(form, form.read(right[number])):
                answers = [*right[:number], mutant, *right[number + 1 :]]
                said = seen(built, name, question, answers)
                tried += 1
                if said:
                    assert form.name in said and said.endswith((".", "?")), (what, said)
                else:
                    earned = points(built, name, question, answers)
                    assert earned == 1, f"{what}: passes the visible check and earns {earned}"
    assert tried >= 15


@pytest.mark.parametrize(("answer", "places"), [((0.0, 56.1), "1 decimal"), ((0, 56), "0 decimals")])
def test_rounding_is_told_without_blaming_a_number_that_may_be_right(answer, places):
    form = matching.each("interval", matching.PERCENT, ["low", "high"], in_order=True, rising=True)
    with pytest.raises(AssertionError) as told:
        matching.check(form, answer)
    assert str(told.value) == f"interval looks rounded to {places}. Leave all the decimals that you computed."
    matching.check(form, (0, 56.15))


@pytest.mark.parametrize(("name", "question"), QUESTIONS)
def test_each_part_of_an_answer_earns_its_share(built, name, question):
    asked = graded_questions(name)[question]
    with chdir(solved(built, name)[0]):
        right = asked.answer()
        shares = matching.parts(asked.form, right)
        found = matching.read(asked.form, right)
    forms = matching.forms(asked.form)
    for number, keys in shares:
        if any(forms[number].quantity(key) is None for key in keys):
            continue
        spoilt = [dict(one) for one in found]
        spoilt[number] |= {key: spoilt[number][key] * 1.7 + 1 for key in keys}
        answers = [mutants.written(form, values) for form, values in zip(forms, spoilt, strict=True)]
        assert points(built, name, question, answers) == pytest.approx(1 - 1 / len(shares), abs=0.002), keys


def test_a_right_answer_is_computed_once_in_each_folder(tmp_path, monkeypatch):
    form, computed = matching.one("share", matching.PERCENT), []

    def answer() -> float:
        computed.append(Path.cwd().name)
        return float(computed[-1])

    for place in ("40", "50"):
        (tmp_path / place).mkdir()
        monkeypatch.chdir(tmp_path / place)
        matching.compare(form, answer, 0, float(place), once="share")
        with pytest.raises(AssertionError):
            matching.compare(form, answer, 0, 45.0, once="share")
    assert computed == ["40", "50"]
