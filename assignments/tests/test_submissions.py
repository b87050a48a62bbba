"""Whole notebooks, graded as an instructor grades them: solutions, empty ones, what students do, and what folders hold."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import otter.test_files
import psutil
import pytest
from conftest import NAMES, points, set_code
from test_grading import graded_questions, variants

import grade
import isolate
import worksheet

NAME = NAMES[0]
# Enough for a good notebook on a busy machine.
SECONDS = 60


@pytest.fixture(scope="module", autouse=True)
def somehow_apart(tmp_path_factory):
    """These tests are about grades; where no isolation works, their own notebooks can be trusted."""
    kit = isolate.Kit(tmp_path_factory.mktemp("tables"), [], [], trust=True)
    kit.close()
    if kit.way == isolate.NONE:
        true = isolate.Kit.__init__
        isolate.Kit.__init__ = lambda self, tables, names, hidden, trust=False: true(self, tables, names, hidden, True)
        yield
        isolate.Kit.__init__ = true
    else:
        yield


def scores(folder) -> dict[str, dict[str, str]]:
    """Return the rows of scores.csv by the name of the entry that was handed in; the maxima are row ""."""
    rows = csv.DictReader(io.StringIO((folder / "scores.csv").read_text(encoding="utf-8")))
    return {row["entry"]: row for row in rows}


def solution(built, name=NAME) -> nbformat.NotebookNode:
    return nbformat.read(built / name / "autograder" / f"{name}.ipynb", 4)


@pytest.fixture(scope="module")
def graded(built, tmp_path_factory):
    """Grade, for each assignment, the solution and the empty notebook; return rows by entry."""
    found = {}
    for name in NAMES:
        folder, out = tmp_path_factory.mktemp(f"{name}-in"), tmp_path_factory.mktemp(f"{name}-out")
        (folder / "empty.ipynb").write_bytes((built / name / "student" / f"{name}.ipynb").read_bytes())
        (folder / "solution.ipynb").write_bytes((built / name / "autograder" / f"{name}.ipynb").read_bytes())
        grade.grade(built / f"{name}-autograder.zip", folder, out, 2, 120, 3000)
        found[name] = scores(out)
    return found


@pytest.mark.parametrize("name", NAMES)
def test_the_solution_has_every_point_and_an_empty_notebook_none(graded, name):
    rows = graded[name]
    assert rows["solution.ipynb"]["status"] == rows["empty.ipynb"]["status"] == "ok"
    assert set(points(rows["solution.ipynb"])) == {1.0}
    assert float(rows["solution.ipynb"]["automatic"]) == float(rows[""]["automatic"]) == len(points(rows["solution.ipynb"])) >= 8
    assert set(points(rows["empty.ipynb"])) == {0.0}
    assert (rows["solution.ipynb"]["reason"], rows["empty.ipynb"]["reason"]) == ("", grade.NOTHING)


@pytest.mark.parametrize("name", NAMES)
def test_open_questions_have_their_own_columns_and_leave_the_total_blank(graded, name):
    maxima, row = graded[name][""], graded[name]["solution.ipynb"]
    by_people = [question for question in maxima if question[:1] == "q" and question not in graded_questions(name)]
    assert by_people and {row[question] for question in by_people} == {""}
    assert row["manual"] == row["total"] == ""
    assert float(maxima["manual"]) == sum(float(maxima[question]) for question in by_people)
    assert float(maxima["total"]) == float(maxima["automatic"]) + float(maxima["manual"])
    columns = list(maxima)
    parts = columns[columns.index("total") + 1 : columns.index("q1")]
    assert float(maxima["total"]) == sum(float(maxima[part]) for part in parts)
    # Blank is what people grade, and nothing else.
    assert sum(float(maxima[part]) for part in parts if row[part] == "") == float(maxima["manual"])
    questions = [column for column in maxima if column[:1] == "q"]
    assert questions == [f"q{number}" for number in range(1, len(questions) + 1)]


# What students and their computers put into notebooks, after the imports; none of it is an error or costs a point.
NO_ERRORS = {
    "colab": "from google.colab import drive\ndrive.mount('/content')\n%pip install otter-grader\n!unzip -oq x.zip\n%cd nowhere",
    "shell": "!ls tables\n%ls\nlisted = !ls\nassert listed",
    "plots": (
        "import matplotlib.pyplot as plt\n%matplotlib inline\nfigure, axes = plt.subplots()\naxes.plot([1, 2])\n"
        "plt.savefig('figure.png')\nplt.show()\ndisplay(figure)"
    ),
    "statistics": (
        "import scipy.stats, statsmodels.api\nfrom statsmodels.stats.proportion import proportion_confint\n"
        "proportion_confint(3, 10, method='wilson')"
    ),
    "asks": "name = input('Who are you? ')\n%load_ext autoreload\n%autoreload 2\n%nowhere magic",
    "runs-python": "import subprocess, sys\nsubprocess.run([sys.executable, '-c', 'print(1)'], check=True)",
    "processes": "from concurrent.futures import ThreadPoolExecutor\nassert list(ThreadPoolExecutor(4).map(abs, [-1])) == [1]",
    "temporary": "import tempfile\ntempfile.TemporaryFile().write(b'x')\nopen('notes.txt', 'w').write('x')",
    "huge": "import pandas as pd\nlarge = pd.DataFrame({'a': range(1_000_000)})",
}  # fmt: skip
# Each comes right after the first answer: name -> code, status, words in the reason.
BAD = {
    "never-ends": ("import time\nwhile True:\n    time.sleep(1)", "timed out", "stopped after"),
    "crashes": ("import os\nos._exit(1)", "crashed", "in the middle"),
    "fills-memory": ("hoard = []\nwhile True:\n    hoard.append(bytearray(50_000_000))", "out of memory", "2000 MB"),
    "misspells": ("kpet = undefined_name + 1", "error", "NameError: name 'undefined_name' is not defined"),
    "needs-more": ("import tensorflow", "error", "No module named 'tensorflow'"),
    "syntax": ("x = = 1", "error", "SyntaxError"),
}


@pytest.fixture(scope="module")
def large_class(built, tmp_path_factory):
    """Grade a class with notebooks that misbehave among good ones."""
    folder, out = tmp_path_factory.mktemp("class"), tmp_path_factory.mktemp("class-out")
    question = next(iter(graded_questions(NAME)))

    def with_code(code: str) -> nbformat.NotebookNode:
        notebook = solution(built)
        place = next(i for i, c in enumerate(notebook.cells) if c.source == f'grader.check("{question}")')
        notebook.cells.insert(place, nbformat.v4.new_code_cell(code))
        return notebook

    for name, code in NO_ERRORS.items():
        nbformat.write(with_code(code), folder / f"{name}.ipynb")
    for name, (code, *_) in BAD.items():
        nbformat.write(with_code(code), folder / f"{name}.ipynb")
    for number in range(3):
        nbformat.write(solution(built), folder / f"good-{number}.ipynb")
    timed = grade.timed

    def hurried(job: grade.Job) -> dict:
        """Grade what never ends with little time, and with more where a busy machine has not come to the first answer by then."""
        limits = (5, 15, SECONDS) if job.path.stem == "never-ends" else (job.seconds,)
        for seconds in limits:
            result = timed(dataclasses.replace(job, seconds=seconds))
            if result["scores"].get(question, [0])[0]:
                break
        return result

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(grade, "timed", hurried)
        grade.grade(built / f"{NAME}-autograder.zip", folder, out, 2, SECONDS, 2000)
    return folder, out, question


@pytest.mark.parametrize("name", NO_ERRORS)
def test_what_students_do_is_no_error(large_class, name):
    row = scores(large_class[1])[f"{name}.ipynb"]
    assert (row["status"], row["reason"]) == ("ok", "")
    assert set(points(row)) == {1.0}


@pytest.mark.parametrize("name", BAD)
def test_a_notebook_that_misbehaves_keeps_what_it_had_and_says_why(large_class, name):
    _, out, question = large_class
    _, status, words = BAD[name]
    row = scores(out)[f"{name}.ipynb"]
    assert row["status"] == status
    assert words in row["reason"]
    assert float(row[question]) == 1
    # After an error the cells run on; nothing runs on after the others.
    assert sum(points(row)) == (len(points(row)) if status in ("error", "out of memory") else 1)


def test_started_again_it_grades_only_what_is_missing(large_class, built):
    folder, out, _ = large_class
    stored = out / "results"
    before = {file.name: file.stat().st_mtime_ns for file in stored.iterdir()}
    rows = scores(out)
    missing = next(stored.glob("good-1*"))
    half = next(stored.glob("good-2*"))
    missing.unlink()
    half.write_text(half.read_text(encoding="utf-8")[:20], encoding="utf-8")
    (out / "scores.csv").unlink()
    here = str(Path(grade.__file__).parent)
    code = (
        f"import sys, pathlib; sys.path.insert(0, {here!r}); import grade\n"
        f"grade.grade(pathlib.Path({str(built / f'{NAME}-autograder.zip')!r}), pathlib.Path({str(folder)!r}), "
        f"pathlib.Path({str(out)!r}), 1, {SECONDS}, 2000, trust=True)"
    )
    # Killed in the middle, there is no result.
    child = subprocess.Popen([sys.executable, "-c", code], start_new_session=True, stdout=subprocess.PIPE, text=True)
    assert "are graded already" in child.stdout.readline()
    while not psutil.Process(child.pid).children():
        assert child.poll() is None, "over before it was killed"
    os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    assert not missing.exists() and not (out / "scores.csv").exists()
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.count("good-") == 2
    after = {file.name: file.stat().st_mtime_ns for file in stored.iterdir()}
    assert {file for file in before if before[file] != after[file]} == {missing.name, half.name}
    assert scores(out) == rows
    assert json.loads(missing.read_text(encoding="utf-8"))["status"] == "ok"


def test_a_result_depends_on_what_grades_it_and_on_nothing_else_here():
    """What else of the kit were loaded with the grader would take the place of what came with the tests."""
    code = "import sys, grade; print(*(getattr(module, '__file__', None) for module in [*sys.modules.values()]), sep='\\n')"
    command = [sys.executable, "-c", code]
    loaded = subprocess.run(command, cwd=grade.HERE, capture_output=True, text=True, check=True).stdout.splitlines()
    here = {path.name for path in map(Path, loaded) if path.parent == grade.HERE}
    # In a process of its own.
    assert here | {"inside.py"} == set(grade.GRADER)


PROCESS = """
import sys
if __name__ == "__main__":
    sys.path.insert(0, sys.argv[1])
    import grade, multiprocessing
    grade.make_ready()
    told = "import sys; print(sys.modules['grade'].__file__, sys.modules['otter.test_files'].__file__)"
    child = multiprocessing.get_context("forkserver").Process(target=exec, args=(told,))
    child.start()
    child.join()
"""


def test_processes_of_submissions_begin_with_the_grader_and_with_nothing_of_the_current_folder(tmp_path):
    for name in ("grade.py", "otter.py"):
        (tmp_path / name).write_text("raise SystemExit('not the grader')", encoding="utf-8")
    main = tmp_path / "elsewhere" / "main.py"
    main.parent.mkdir()
    main.write_text(PROCESS, encoding="utf-8")
    done = subprocess.run([sys.executable, main, grade.HERE], cwd=tmp_path, capture_output=True, text=True)
    assert done.stdout.split() == [grade.__file__, otter.test_files.__file__], done.stderr


@pytest.mark.parametrize("file", grade.GRADER)
def test_an_update_of_the_grader_grades_again(tmp_path, monkeypatch, file):
    for name in grade.GRADER:
        shutil.copy(Path(grade.__file__).with_name(name), tmp_path)
    monkeypatch.setattr(grade, "HERE", tmp_path)
    (tmp_path / "one.ipynb").write_bytes(b"{}")
    (tmp_path / "tests.zip").write_bytes(b"")
    before = grade.key(tmp_path / "one.ipynb", tmp_path / "tests.zip", SECONDS, 2000)
    assert grade.key(tmp_path / "one.ipynb", tmp_path / "tests.zip", SECONDS, 2000) == before
    with (tmp_path / file).open("a", encoding="utf-8") as code:
        code.write("# changed\n")
    assert grade.key(tmp_path / "one.ipynb", tmp_path / "tests.zip", SECONDS, 2000) != before


def zipped(members: dict[str, bytes]) -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return into.getvalue()


@pytest.fixture(scope="module")
def odd_folder(built, tmp_path_factory):
    """Grade a folder as learning platforms, computers and students leave it; return rows and what is expected of each."""
    folder, out = tmp_path_factory.mktemp("odd"), tmp_path_factory.mktemp("odd-out")
    good = (built / NAME / "autograder" / f"{NAME}.ipynb").read_bytes()
    other = (built / NAMES[1] / "autograder" / f"{NAMES[1]}.ipynb").read_bytes()
    notes = nbformat.writes(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("x = 1")])).encode()
    bare = nbformat.reads(good.decode(), 4)
    bare.metadata = nbformat.NotebookNode()
    for cell in bare.cells:
        cell.metadata = nbformat.NotebookNode()
    files = {
        # Entry -> content, words of the reason where it cannot be graded.
        b"plain.ipynb": (good, None),
        b"n03-Jos\xe9.ipynb": (good, None),
        "\u674e\u56db (1).ipynb".encode(): (good, None),
        b"=cmd|'calc'!A1.ipynb": (good, None),
        b"two,\"quoted\"\nlines.ipynb": (good, None),
        b"x" * 240 + b".ipynb": (good, None),
        b"CAPITALS.IPYNB": (good, None),
        b"text.ipynb.txt": (good, None),
        b"mark.ipynb": (b"\xef\xbb\xbf" + good, None),
        b"bare.ipynb": (nbformat.writes(bare).encode(), None),
        b"same.ipynb": (good, None),
        b"same.zip": (zipped({"work.ipynb": good}), None),
        b"Zip.ZIP": (zipped({f"{NAME}/a.ipynb": good, "__MACOSX/._a.ipynb": b"x", ".ipynb_checkpoints/a.ipynb": good}), None),
        b"nested.zip": (zipped({"inner.zip": zipped({"work.ipynb": good})}), None),
        b"also-notes.zip": (zipped({f"{NAME}.ipynb": good, "notes.ipynb": notes}), None),
        b"half.ipynb": (good[: len(good) // 2], "not a whole notebook"),
        b"nothing.ipynb": (b"", "not a whole notebook"),
        b"wide.ipynb": (good.decode().encode("utf-16"), "not UTF-8"),
        b"other.ipynb": (other, f"the notebook of {NAMES[1]}"),
        b"notes.ipynb": (notes, "none of the names"),
        b"page.html": (b"<html>", ".html is no notebook"),
        b"print.pdf": (b"%PDF", ".pdf is no notebook"),
        b"script.py": (b"x = 1", ".py is no notebook"),
        b"nameless": (b"x", "without ending"),
        b"broken.zip": (good, "the zip cannot be read"),
        b"no-notebook.zip": (zipped({"a.txt": b"x"}), "no notebook in the zip"),
        b"two.zip": (zipped({"a.ipynb": good, "b.ipynb": good}), "2 notebooks in the zip; one is wanted"),
        b"class.zip": (zipped({f"student {n}/{NAME}.ipynb": good for n in range(5)}), "whole class"),
    }  # fmt: skip
    expected = {}
    for name, (data, reason) in files.items():
        (folder / os.fsdecode(name)).write_bytes(data)
        expected[name.decode("utf-8", "backslashreplace")] = reason
    for name, members, reason in (
        ("Ada Lovelace_1234_assignsubmission_file_", {f"{NAME}.ipynb": good}, None),
        ("Deep_1235_assignsubmission_file_", {f"a/b/{NAME}.ipynb": good, ".ipynb_checkpoints/c.ipynb": good}, None),
        ("Zipped_1236_assignsubmission_file_", {"work.zip": zipped({"w.ipynb": good}), "photo.jpg": b"x"}, None),
        ("Empty_1237_assignsubmission_file_", {}, "no notebook in the folder"),
        ("Text_1238_assignsubmission_onlinetext_", {"onlinetext.html": b"<p>"}, "no notebook in the folder"),
    ):
        (folder / name).mkdir()
        for member, data in members.items():
            (folder / name / member).parent.mkdir(parents=True, exist_ok=True)
            (folder / name / member).write_bytes(data)
        expected[name] = reason
    (folder / ".DS_Store").write_bytes(b"x")
    (folder / "__MACOSX").mkdir()
    grade.grade(built / f"{NAME}-autograder.zip", folder, out, 2, SECONDS, 2000)
    return folder, out, expected


def test_every_entry_is_listed_with_what_became_of_it(odd_folder):
    folder, out, expected = odd_folder
    rows = {entry.removeprefix("'"): row for entry, row in scores(out).items() if entry}
    assert set(rows) == {*expected, ".DS_Store", "__MACOSX"}
    assert len(list(folder.iterdir())) == len(rows)
    assert len({row["student"] for row in rows.values()}) == len(rows)
    for entry, reason in expected.items():
        row = rows[entry]
        if reason is None:
            assert (row["status"], row["reason"]) == ("ok", ""), entry
            assert set(points(row)) == {1.0}, entry
        else:
            assert row["status"] == "not graded", entry
            assert reason in row["reason"], (entry, row["reason"])
            assert row["automatic"] == "" and points(row) == [], entry
    assert {rows[entry]["status"] for entry in (".DS_Store", "__MACOSX")} == {"ignored"}


def test_no_cell_of_the_table_is_a_formula(odd_folder):
    text = (odd_folder[1] / "scores.csv").read_text(encoding="utf-8")
    for row in csv.reader(io.StringIO(text)):
        assert not [one for one in row if one[:1] in ("=", "+", "@", "\t")]


def test_two_of_one_stem_are_told_apart_by_their_whole_names(odd_folder):
    rows = scores(odd_folder[1])
    assert {rows["same.ipynb"]["student"], rows["same.zip"]["student"]} == {"same.ipynb", "same.zip"}
    assert rows["plain.ipynb"]["student"] == "plain"


def made(*words: str) -> list[str]:
    """Return the words of the last command that make would run. No make or variable of whoever runs the tests reaches it."""
    command = ["make", "--dry-run", *words]
    project, alone = Path(grade.__file__).parent.parent, {"PATH": os.environ["PATH"]}
    said = subprocess.run(command, cwd=project, env=alone, capture_output=True, text=True, check=True)
    return shlex.split(said.stdout.splitlines()[-1])


@pytest.mark.skipif(shutil.which("make") is None, reason="no make here")
def test_paths_with_blanks_reach_the_grader_whole():
    """Platforms call a download "Week 3 submissions"; make itself splits at blanks."""
    given = {"SUBMISSIONS": "week 3/all of it", "OUT": "my grades", "ROSTER": "grades of week 3.csv"}
    for target, path, options in (("grade", "SUBMISSIONS", ()), ("export", "ROSTER", ("PLATFORM=moodle",))):
        words = made(target, "ASSIGNMENT=any", *options, *(f"{name}={value}" for name, value in given.items()))
        assert words[-3:] == [given[path], "--out", given["OUT"]]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ([], "say which assignment and which folder: make grade ASSIGNMENT=eastern_state"),
        (["", "folder"], "say which assignment and which folder"),
        ([NAME, ""], "say which assignment and which folder"),
        ([worksheet.NAME, "."], "people grade it, with the key in spreadsheet-graders.zip"),
        (["eastern_stat", "."], "no assignment eastern_stat: there are .*eastern_state"),
        ([NAME, "week 3.zip"], "week 3.zip is a file: unpack it"),
        ([NAME, "nowhere"], "nowhere is not there"),
        ([NAMES[1], "."], f"{NAMES[1]}-autograder.zip is not there: run make assignments first"),
    ],
)
def test_what_cannot_be_graded_is_said_in_one_sentence(tmp_path, monkeypatch, given, words):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(grade, "BUILT", tmp_path)
    (tmp_path / f"{NAME}-autograder.zip").write_bytes(b"")
    (tmp_path / "week 3.zip").write_bytes(zipped({}))
    with pytest.raises(SystemExit, match=words):
        grade.main(given)


@pytest.mark.skipif(shutil.which("make") is None, reason="no make here")
@pytest.mark.parametrize("target", ["grade", "export"])
def test_what_make_is_not_told_does_not_take_another_place(target):
    """Without its assignment, the folder is not taken for one."""
    places = ("ASSIGNMENT", {"grade": "SUBMISSIONS", "export": "ROSTER"}[target])
    for variable in places:
        words = made(target, "PLATFORM=moodle", f"{variable}=given")
        assert words[-2:] == ["given" if place == variable else "" for place in places]


@pytest.mark.parametrize("entries", [[], [".DS_Store"]])
def test_nothing_found_is_an_error(built, tmp_path, entries):
    folder = tmp_path / "in"
    folder.mkdir()
    for entry in entries:
        (folder / entry).write_bytes(b"")
    with pytest.raises(SystemExit, match="no submission is in it"):
        grade.grade(built / f"{NAME}-autograder.zip", folder, tmp_path / "out", 1, SECONDS, 2000)
    assert not (tmp_path / "out").exists()


def test_points_that_people_give_are_added_and_kept(built, tmp_path):
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    shutil.copy(built / NAME / "autograder" / f"{NAME}.ipynb", folder / "first.ipynb")
    autograder = built / f"{NAME}-autograder.zip"
    grade.grade(autograder, folder, out, 1, SECONDS, 2000)
    manual = out / "manual.csv"
    head, maxima, row = manual.read_text(encoding="utf-8").splitlines()
    open_questions = head.split(",")[1:]
    assert row == "first" + "," * len(open_questions)
    # As a spreadsheet elsewhere stores it: semicolons, decimal commas, a mark at the beginning.
    lines = [head, maxima, "first," + ",".join(["2.5"] * len(open_questions))]
    manual.write_text("\ufeff" + "\n".join(lines).replace(",", ";").replace(".", ","), encoding="utf-8")
    shutil.copy(folder / "first.ipynb", folder / "second.ipynb")
    grade.grade(autograder, folder, out, 1, SECONDS, 2000)
    rows = scores(out)
    assert float(rows["first.ipynb"]["manual"]) == 2.5 * len(open_questions)
    assert float(rows["first.ipynb"]["total"]) == float(rows["first.ipynb"]["automatic"]) + 2.5 * len(open_questions)
    assert rows["second.ipynb"]["total"] == ""
    assert [line.split(",")[0] for line in manual.read_text(encoding="utf-8").splitlines()] == [
        "student",
        grade.MAXIMUM,
        "first",
        "second",
    ]
    for wrong in ("99", "-1", "two", "nan"):
        manual.write_text("\n".join([head, "first," + ",".join([wrong] * len(open_questions))]), encoding="utf-8")
        with pytest.raises(SystemExit, match=f"first, {open_questions[0]}: '{wrong}' is not a number from 0"):
            grade.grade(autograder, folder, out, 1, SECONDS, 2000)
    manual.write_text("student,q1\nfirst,1\n", encoding="utf-8")
    with pytest.raises(SystemExit, match="has no column"):
        grade.grade(autograder, folder, out, 1, SECONDS, 2000)


def test_open_answers_stand_together_by_question(built, tmp_path, capsys):
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    asked = [question["name"] for question in grade.questions(built / f"{NAME}-autograder.zip") if question["manual"]]
    for student in ("ann", "bob"):
        notebook = nbformat.read(built / NAME / "student" / f"{NAME}.ipynb", 4)
        answers = [cell for cell in notebook.cells if cell.source.startswith("_Type your answer here")]
        assert len(answers) == len(asked)
        for question, cell in zip(asked, answers, strict=True):
            cell.source = f"# Mine\n{student} on {question}\n{'-' * 10} cat\n\x1b[2J"
        nbformat.write(notebook, folder / f"{student}.ipynb")
    shutil.copy(built / NAME / "student" / f"{NAME}.ipynb", folder / "eve.ipynb")
    (folder / ".DS_Store").write_bytes(b"x")
    grade.grade(built / f"{NAME}-autograder.zip", folder, out, 2, SECONDS, 2000)
    assert "graded already" not in capsys.readouterr().out, "a file of the system's is no student's"
    text = (out / "open_answers.txt").read_text(encoding="utf-8")
    places = [text.index(f"    {student} on {question}\n") for question in asked for student in ("ann", "bob")]
    assert places == sorted(places)
    assert [line.split()[1] for line in text.splitlines() if line.startswith("-" * 10)] == ["ann", "bob", "eve"] * len(asked)
    assert "\x1b" not in text
    assert text.count("    (no answer)\n") == len(asked) and "Type your answer" not in text


def test_a_wrong_answer_gets_nothing(built, tmp_path):
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    question = next(iter(graded_questions(NAME)))
    notebook = nbformat.read(built / NAME / "student" / f"{NAME}.ipynb", 4)
    set_code(notebook, question, variants(NAME)[question]["wrong"][0])
    nbformat.write(notebook, folder / "wrong.ipynb")
    grade.grade(built / f"{NAME}-autograder.zip", folder, out, 1, SECONDS, 2000)
    assert set(points(scores(out)["wrong.ipynb"])) == {0.0}
