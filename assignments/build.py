"""Make student and autograder versions of the assignments: `make assignments`.

Each master assignments/<name>/<name>.ipynb becomes, in _build/assignments/:

<name>/student/, <name>/autograder/   what Otter makes of the master
<name>-student.zip                    for students: notebook, tables, requirements, README
<name>-autograder.zip                 for Gradescope, and for grading here: hidden tests, tables, comparisons, questions

Of assignments/spreadsheet, which is without code: spreadsheet-student.zip, spreadsheet-graders.zip.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
import shutil
import sys
import tempfile
import zipfile
from pathlib import Path

import nbformat
import pandas as pd
from otter.assign import main as otter_assign

import worksheet
from questions import asked, expanded, names

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent
BUILT = PROJECT / "_build" / "assignments"
# What a student may use, and what is there when notebooks are graded; the versions are those of requirements.txt.
PACKAGES = ("pandas", "numpy", "matplotlib", "scipy", "statsmodels")
FOR_STUDENTS = ("otter-grader", *PACKAGES, "ipykernel")
JUPYTERLAB = "jupyterlab==4.6.6"
TABLE = re.compile(r"tables/(\w+)\.csv")


def text(master: Path, kinds: tuple[str, ...] = ("markdown", "code")) -> str:
    """Return the text of the cells of a notebook."""
    return "\n".join(cell.source for cell in nbformat.read(master, as_version=4).cells if cell.cell_type in kinds)


def tables(master: Path) -> list[str]:
    """Return the tables that a master reads, from the paths in its cells."""
    found = sorted(set(TABLE.findall(text(master))))
    missing = [name for name in found if not (PROJECT / "data" / f"{name}.csv").is_file()]
    if missing or not found:
        raise SystemExit(f"{master.name}: no such table in data/: {missing}" if missing else f"{master.name}: reads no table")
    return found


def requirements() -> str:
    """Return the requirements for students and for graders, taken from requirements.txt."""
    lines = [line.split("#")[0].strip() for line in (HERE / "requirements.txt").read_text(encoding="utf-8").splitlines()]
    pins = {re.split(r"[\[=]", line)[0]: line.replace("[grading]", "") for line in lines if line}
    return "".join(f"{pins[name]}\n" for name in FOR_STUDENTS)


def write_zip(path: Path, files: dict[str, bytes]) -> None:
    """Write a zip whose bytes depend on its content alone."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, date_time=(2000, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            # Rights are read only where the zip says that they are Unix's, also where it was made on Windows.
            entry.create_system = 3
            entry.external_attr = (0o755 if name in ("setup.sh", "run_autograder") else 0o644) << 16
            archive.writestr(entry, files[name])


def steady(notebook: Path) -> None:
    """Give the cells of a notebook ids that do not change from run to run, and empty its outputs."""
    content = nbformat.read(notebook, as_version=4)
    for number, cell in enumerate(content.cells):
        cell["id"] = hashlib.sha256(f"{number} {cell.source}".encode()).hexdigest()[:8]
        if cell.cell_type == "code":
            cell["outputs"], cell["execution_count"] = [], None
    nbformat.write(content, notebook)


def read_me(name: str, title: str) -> str:
    """Return the README of a student's zip."""
    # Colab's kernel is its own.
    pins = " ".join(line for line in requirements().split() if not line.startswith("ipykernel"))
    return (HERE / "student_readme.md").read_text(encoding="utf-8").format(name=name, title=title, pins=pins)


def build(name: str, target: Path = BUILT) -> None:
    """Make everything for one assignment."""
    master = HERE / name / f"{name}.ipynb"
    if not master.is_file():
        raise SystemExit(f"no assignment {name}: there are {', '.join([*names(), worksheet.NAME])}")
    needed = tables(master)
    target.mkdir(parents=True, exist_ok=True)
    out = target / name
    shutil.rmtree(out, ignore_errors=True)
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder).resolve()
        for file in ("otter.yml", "matching.py"):
            shutil.copy(HERE / file, work)
        (work / "requirements.txt").write_text(requirements(), encoding="utf-8")
        (work / "tables").mkdir()
        for table in needed:
            shutil.copy(PROJECT / "data" / f"{table}.csv", work / "tables")
        nbformat.write(expanded(master, work), work / master.name)
        # Otter runs the hidden tests on the solution here and stops when one fails. It has pandas write out whole tables from
        # then on, which groupby() does unseen, for each that it groups by a Series.
        with pd.option_context("display.max_rows", None):
            otter_assign(str(work / master.name), str(work / "made"), no_pdfs=True)
        shutil.copytree(work / "made", out)
    autograder = next((out / "autograder").glob("*autograder*.zip"))
    with zipfile.ZipFile(autograder) as archive:
        files = {entry: archive.read(entry) for entry in archive.namelist()}
    autograder.unlink()
    # Beside Otter's run_otter.py, where Python finds the plugin.
    for file in ("isolate.py", "inside.py"):
        files[file] = (HERE / file).read_bytes()
    files["questions.json"] = json.dumps(asked(master)).encode()
    # There everything belongs to root, whose folder is shut; the user that runs notebooks must find Python in it.
    files["setup.sh"] += b"\nchmod o+x /root\n"
    write_zip(target / f"{name}-autograder.zip", files)
    for side in ("student", "autograder"):
        steady(out / side / master.name)
    student = out / "student"
    title = re.search(r"^# (.+)$", text(master, ("markdown",)), re.M)[1]
    (student / "requirements.txt").write_text(requirements() + JUPYTERLAB + "\n", encoding="utf-8")
    (student / "README.md").write_text(read_me(name, title), encoding="utf-8")
    files = {f"{name}/{file.relative_to(student).as_posix()}": file.read_bytes() for file in student.rglob("*") if file.is_file()}
    write_zip(target / f"{name}-student.zip", files)
    print(f"{name}: {target / name}-student.zip, {name}-autograder.zip")


def build_worksheet(target: Path = BUILT) -> None:
    """Make the assignment without code."""
    target.mkdir(parents=True, exist_ok=True)
    student, graders = worksheet.files()
    write_zip(target / f"{worksheet.NAME}-student.zip", student)
    write_zip(target / f"{worksheet.NAME}-graders.zip", graders)
    print(f"{worksheet.NAME}: {target / worksheet.NAME}-student.zip, {worksheet.NAME}-graders.zip")


def main(chosen: list[str]) -> None:
    """Make the assignments named, or all."""
    logging.getLogger("otter").setLevel(logging.WARNING)
    os.environ.setdefault("KIT_SECONDS", "300")
    # What runs here is our own solution.
    os.environ["KIT_TRUST"] = "1"
    for name in chosen or [*names(), worksheet.NAME]:
        build_worksheet() if name == worksheet.NAME else build(name)


if __name__ == "__main__":
    main(sys.argv[1:])
