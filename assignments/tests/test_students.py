"""What students get: no solution, no hidden test, and everything needed to start."""

from __future__ import annotations

import functools
import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import pytest
from conftest import NAMES

import build
import matching
import questions


def student_files(folder, name) -> dict[str, str]:
    """Return path -> text of all that students can get: the folder and what the zip holds."""
    found = {}
    for file in (folder / name / "student").rglob("*"):
        if file.is_file():
            found[str(file)] = file.read_text(encoding="utf-8")
    with zipfile.ZipFile(folder / f"{name}-student.zip") as archive:
        for entry in archive.namelist():
            found[f"zip:{entry}"] = archive.read(entry).decode()
    # A notebook is JSON: its text with quotes and line ends as people read it.
    for path in [path for path in found if path.endswith(".ipynb")]:
        found[f"{path}:read"] = "\n".join(strings(json.loads(found[path])))
    return found


def strings(value):
    """Yield every string of a JSON value, names and metadata included; lists of lines as one text."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        if value and all(isinstance(one, str) for one in value):
            yield "".join(value)
        else:
            for one in value:
                yield from strings(one)
    elif isinstance(value, dict):
        for name, one in value.items():
            yield name
            yield from strings(one)


@functools.cache
def expanded(name):
    """Return what Otter gets of a master, with the tables where the answers are computed."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "tables").symlink_to(build.PROJECT / "data")
        return questions.expanded(build.HERE / name / f"{name}.ipynb", Path(folder))


def plain(text: str) -> str:
    """Return a text without what Otter changes in a test: spaces and kinds of quotes."""
    return "".join(text.split()).replace('"', "'")


def secrets(name) -> set[str]:
    """Return the lines of a master that no student may see: of solutions, hidden tests and guidance for graders."""
    hidden, shown, inside, block, tests = set(), set(), False, False, False
    for cell in expanded(name).cells:
        lines = [line.strip() for line in cell.source.splitlines()]
        if cell.cell_type == "raw":
            inside = "# BEGIN SOLUTION" in lines or (inside and "# END SOLUTION" not in lines)
            tests = "# BEGIN TESTS" in lines or (tests and "# END TESTS" not in lines)
        elif tests:
            (hidden if "hidden: true" in lines else shown).update(lines)
        elif inside and cell.cell_type == "markdown":
            hidden.update(lines)
        elif inside:
            one_line = not any("BEGIN SOLUTION" in line for line in lines)
            for line in lines:
                if line.startswith("# END SOLUTION"):
                    block = False
                (hidden if block or (one_line and line.endswith("# SOLUTION")) else shown).add(line)
                block = block or line.startswith("# BEGIN SOLUTION")
            assert not one_line or any(" = " in line and line.endswith("# SOLUTION") for line in lines), cell.source
        else:
            shown.update(lines)
    # A closing bracket or a line that a public cell or the module of forms has too is no secret.
    shown.update(line.strip() for line in (build.HERE / "matching.py").read_text(encoding="utf-8").splitlines())
    return {line.removesuffix("# SOLUTION").strip() for line in hidden - shown if sum(map(str.isalnum, line)) > 7}


@pytest.mark.parametrize("name", NAMES)
def test_students_get_no_solution_and_no_hidden_test(built, name):
    hidden = secrets(name)
    assert len(hidden) > 20
    made = built / name / "autograder"
    solution = json.loads((made / f"{name}.ipynb").read_text(encoding="utf-8"))
    tests = [file.read_text(encoding="utf-8") for file in (made / "tests").glob("*.py")]
    for_graders = plain("\n".join([*strings(solution), *tests]))
    assert sum(plain(line) in for_graders for line in hidden) > 0.8 * len(hidden), "the search does not find what is there"
    for path, text in student_files(built, name).items():
        assert not [line for line in hidden if plain(line) in plain(text)], path
        for word in ("HIDDEN", "hidden=True", "# SOLUTION", "BEGIN SOLUTION", "test_answer", "def answer", "matching.compare"):
            assert word not in text, (path, word)


@pytest.mark.parametrize("name", NAMES)
def test_the_same_masters_make_the_same_bytes(built, name, tmp_path, monkeypatch):
    # That the hidden tests pass was seen the first time.
    monkeypatch.setattr(build, "otter_assign", functools.partial(build.otter_assign, no_run_tests=True))
    build.build(name, tmp_path)
    for kind in ("student", "autograder"):
        again = tmp_path / f"{name}-{kind}.zip"
        assert again.read_bytes() == (built / again.name).read_bytes(), kind


def test_programs_in_a_zip_can_be_run_wherever_it_was_made(tmp_path, monkeypatch):
    """A zip made on Windows says so, and its rights are then read by nobody."""
    monkeypatch.setattr("sys.platform", "win32")
    build.write_zip(tmp_path / "made.zip", {"run_autograder": b"", "notes.txt": b""})
    with zipfile.ZipFile(tmp_path / "made.zip") as archive:
        rights = {entry.filename: (entry.create_system, oct(entry.external_attr >> 16)) for entry in archive.infolist()}
    assert rights == {"run_autograder": (3, "0o755"), "notes.txt": (3, "0o644")}


@pytest.mark.parametrize("name", NAMES)
def test_a_student_starts_from_the_zip_alone(built, name, tmp_path):
    with zipfile.ZipFile(built / f"{name}-student.zip") as archive:
        archive.extractall(tmp_path)
    folder = tmp_path / name
    assert sorted(file.stem for file in (folder / "tables").iterdir()) == build.tables(build.HERE / name / f"{name}.ipynb")
    # Isolated from every variable and folder of ours; cells up to the first question, then an answer's check.
    code = (
        "import nbformat, nbclient\n"
        f"notebook = nbformat.read('{name}.ipynb', 4)\n"
        "first = next(i for i, c in enumerate(notebook.cells) if c.source.startswith('grader.check'))\n"
        "notebook.cells = notebook.cells[: first + 1]\n"
        "nbclient.NotebookClient(notebook, timeout=600, startup_timeout=600).execute()\n"
        "print(notebook.cells[-1].outputs)\n"
    )
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, "-I", "-c", code], cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "results" in done.stdout
    readme = (folder / "README.md").read_text(encoding="utf-8")
    for words in (
        f"{name}.ipynb",
        "-r requirements.txt",
        "Binder",
        "Colab",
        "py -m venv",
        "python3 -m venv",
        r".venv\Scripts\python -m",
    ):
        assert words in readme, words
    installed = next(line for line in readme.splitlines() if "%pip install" in line)
    assert {line for line in build.requirements().split() if not line.startswith("ipykernel")} <= set(installed.split())
    assert "{" not in readme


def test_the_check_is_silent_on_answers_where_pandas_is_not_the_graders(tmp_path, monkeypatch):
    form = matching.one("share", matching.PERCENT)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "requirements.txt").write_text(build.requirements(), encoding="utf-8")
    matching.check(form, 47.123)
    monkeypatch.setattr(matching.pd, "__version__", "2.2.2")
    with pytest.raises(AssertionError, match=r"pandas 2\.2\.2.*requirements\.txt.*restart"):
        matching.check(form, 47.123)
