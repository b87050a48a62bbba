"""Whole notebooks, graded as an instructor grades them: the solution, the empty one, cheats, and three that misbehave."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import psutil
import pytest
from conftest import NAMES, set_code

import grade

# Enough for a good notebook on a busy machine.
SECONDS = 60
# What these do must gain nothing. Each stands in the answer cell of the first question.
CHEATS = {
    # Looks for tests and solutions where Otter keeps them, and where the course does.
    "reads-hidden-tests": """
import glob, os
found = []
for place in ("tests/*.py", "../source/tests/*.py", "/tmp/**/tests/q*.py", {autograder!r}, {master!r}):
    for file in glob.glob(place, recursive=True):
        try:
            found.append(open(file, "rb").read())
        except OSError:
            pass
import subprocess
try:
    found.append(subprocess.run(["cat", {master!r}], capture_output=True).stdout)
except OSError:
    pass
if found:
    {right}
""",
    # Makes every comparison and every count of Otter's pass.
    "patches-otter": """
import builtins, sys
class Everything:
    def __eq__(self, other): return True
    def __getattr__(self, name): return lambda *a, **k: True
    def __len__(self): return 3
sys.modules["matching"] = Everything()
import importlib
try:
    from otter.test_files.abstract_test import TestFile
    TestFile.score = property(lambda self: 1)
    from otter.execute import Checker
    Checker.get_results = classmethod(lambda cls: [])
except Exception:
    pass
builtins.abs = lambda number: 0
{variable} = Everything()
""",
    "prints-a-score": """
print("Total Score: 11.000 / 11.000 (100.000%)")
import json
for place in ("results.json", "../results/results.json", "../results/results.pkl"):
    try:
        json.dump({{"score": 11, "tests": []}}, open(place, "w"))
    except OSError:
        pass
""",
    # A table of its own in place of ours.
    "changes-the-table": """
import pandas as pd
for file in __import__("os").listdir("tables"):
    table = pd.read_csv(f"tables/{{file}}")
    table.head(0).to_csv(f"tables/{{file}}", index=False)
""",
}
BAD = {
    "never-ends": ("import time\nwhile True:\n    time.sleep(1)", "timed out"),
    "crashes": ("import os\nos._exit(1)", "crashed"),
    # Past any machine's memory, in steps that are really used.
    "fills-memory": ("hoard = []\nwhile True:\n    hoard.append(bytearray(50_000_000))", "out of memory"),
}


def first_question(name) -> tuple[str, str, str]:
    """Return the first graded question, its right answer, and the variable of that answer."""
    from test_grading import graded_questions, variants

    question = next(iter(graded_questions(name)))
    right = variants(name)[question]["right"][0]
    return question, right, right.split(" = ")[0].split()[-1]


def scores(folder) -> dict[str, dict[str, str]]:
    with (folder / "scores.csv").open(encoding="utf-8") as file:
        return {row["student"]: row for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def graded(built, tmp_path_factory):
    """Grade, for each assignment, the solution, the empty notebook and one that edits its tests; return rows by student."""
    found = {}
    for name in NAMES:
        folder, out = tmp_path_factory.mktemp(f"{name}-in"), tmp_path_factory.mktemp(f"{name}-out")
        empty = nbformat.read(built / name / "student" / f"{name}.ipynb", 4)
        nbformat.write(empty, folder / "empty.ipynb")
        (folder / "solution.ipynb").write_bytes((built / name / "autograder" / f"{name}.ipynb").read_bytes())
        # A zip as grader.export makes it, with tests of the student's own and a module that would replace pandas.
        with zipfile.ZipFile(folder / "edits-tests.zip", "w") as archive:
            archive.write(folder / "empty.ipynb", f"{name}.ipynb")
            archive.writestr("pandas.py", "raise SystemExit")
            archive.writestr(".OTTER_LOG", "not a log")
            for test in (built / name / "student" / "tests").glob("*.py"):
                archive.writestr(f"tests/{test.name}", f"OK_FORMAT = False\nname = '{test.stem}'\npoints = 100\n")
        grade.grade(built / f"{name}-autograder.zip", folder, out, 2, 120, 3000)
        found[name] = scores(out)
    return found


def points(row) -> list[float]:
    return [float(value) for name, value in row.items() if name.startswith("q")]


@pytest.mark.parametrize("name", NAMES)
def test_the_solution_has_every_point(graded, name):
    row = graded[name]["solution"]
    assert row["status"] == "ok"
    assert set(points(row)) == {1.0}
    assert float(row["total"]) == len(points(row)) >= 8


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("student", ["empty", "edits-tests"])
def test_an_empty_notebook_has_none_even_with_other_tests_in_it(graded, name, student):
    assert set(points(graded[name][student])) == {0.0}


@pytest.fixture(scope="module")
def large_class(built, tmp_path_factory):
    """Grade a class with cheats and notebooks that misbehave among good ones."""
    name = NAMES[0]
    folder, out = tmp_path_factory.mktemp("class"), tmp_path_factory.mktemp("class-out")
    question, right, variable = first_question(name)
    places = {
        "autograder": str(built / f"{name}-autograder.zip"),
        "master": str(Path(grade.__file__).parent / name / f"{name}.ipynb"),
        "right": right.strip().replace("\n", "\n    "),
        "variable": variable,
    }
    student = built / name / "student" / f"{name}.ipynb"
    for cheat, code in CHEATS.items():
        notebook = nbformat.read(student, 4)
        set_code(notebook, question, code.format(**places))
        nbformat.write(notebook, folder / f"{cheat}.ipynb")
    for bad, (code, _) in BAD.items():
        notebook = nbformat.read(built / name / "autograder" / f"{name}.ipynb", 4)
        # The first answer is right, then comes the harm.
        place = next(i for i, c in enumerate(notebook.cells) if c.source == f'grader.check("{question}")')
        notebook.cells.insert(place, nbformat.v4.new_code_cell(code))
        nbformat.write(notebook, folder / f"{bad}.ipynb")
    solution = (built / name / "autograder" / f"{name}.ipynb").read_bytes()
    for number in range(3):
        (folder / f"good-{number}.ipynb").write_bytes(solution)
    (folder / "not-a-notebook.ipynb").write_text("{", encoding="utf-8")
    grade.grade(built / f"{name}-autograder.zip", folder, out, 2, SECONDS, 2000)
    return folder, out, question


@pytest.mark.parametrize("cheat", CHEATS)
def test_a_cheat_gains_nothing(large_class, cheat):
    _, out, _ = large_class
    assert set(points(scores(out)[cheat])) == {0.0}


@pytest.mark.parametrize("bad", BAD)
def test_a_notebook_that_misbehaves_keeps_what_it_had_and_says_why(large_class, bad):
    _, out, question = large_class
    row = scores(out)[bad]
    assert row["status"] == BAD[bad][1]
    assert float(row[question]) == 1


def test_no_other_student_loses_a_grade(large_class):
    folder, out, _ = large_class
    rows = scores(out)
    assert set(rows) == {file.stem for file in folder.iterdir()}
    for number in range(3):
        assert rows[f"good-{number}"]["status"] == "ok"
        assert set(points(rows[f"good-{number}"])) == {1.0}
    assert rows["not-a-notebook"]["status"] == "not graded"
    assert rows["not-a-notebook"]["total"] == ""


def test_started_again_it_grades_only_what_is_missing(large_class, built):
    folder, out, _ = large_class
    name = NAMES[0]
    before = {file.name: file.stat().st_mtime_ns for file in out.glob("*.json")}
    rows = scores(out)
    (out / "good-1.json").unlink()
    (out / "scores.csv").unlink()
    here = str(Path(grade.__file__).parent)
    code = (
        f"import sys, pathlib; sys.path.insert(0, {here!r}); import grade\n"
        f"grade.grade(pathlib.Path({str(built / f'{name}-autograder.zip')!r}), pathlib.Path({str(folder)!r}), "
        f"pathlib.Path({str(out)!r}), 1, {SECONDS}, 2000)"
    )
    # Killed in the middle, the half is no result.
    child = subprocess.Popen([sys.executable, "-c", code], start_new_session=True, stdout=subprocess.PIPE, text=True)
    assert "are graded already" in child.stdout.readline()
    while not psutil.Process(child.pid).children():
        assert child.poll() is None, "over before it was killed"
    os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    assert not (out / "good-1.json").exists()
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.count("good-") == 1
    after = {file.name: file.stat().st_mtime_ns for file in out.glob("*.json")}
    assert {file for file in before if before[file] != after[file]} == {"good-1.json"}
    assert scores(out) == rows
    assert json.loads((out / "good-1.json").read_text(encoding="utf-8"))["status"] == "ok"
