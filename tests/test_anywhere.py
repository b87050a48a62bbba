"""Notebooks run where the project is not set up by hand: Colab, Binder, a folder that somebody copied."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from essay_site.published import addresses
from tests.book import ADDRESSES, PROJECT, copy_of_the_project, notebooks, read

CHAPTER = "conclusion"
# The requirements are those of this environment, so pip finds all of them met and must fetch nothing.
NO_INDEX = {"PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def first_cell(path: Path) -> dict:
    return next(cell for cell in read(path)["cells"] if cell["cell_type"] == "code")


def source(cell: dict) -> str:
    return "".join(cell["source"])


def outputs(notebook: dict) -> list[list[dict]]:
    """What the cells show, in the form in which files store it."""
    stored = json.loads(nbformat.writes(nbformat.from_dict(notebook)))
    return [cell["outputs"] for cell in stored["cells"] if cell["cell_type"] == "code"]


def run(path: Path, folder: Path, environment: dict[str, str]) -> dict:
    """Run a notebook with `folder` as its working directory and return it as run."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(notebook, timeout=300, record_timing=False, resources={"metadata": {"path": str(folder)}})
    return client.execute(env={**os.environ, **environment})


@pytest.fixture
def fresh(tmp_path) -> Path:
    """The project as somebody gets it who fetches it."""
    return copy_of_the_project(tmp_path / "fetched")


@pytest.fixture
def repository(fresh) -> str:
    """The address of a repository on this machine that holds the project."""
    identity = ["-c", "user.name=test", "-c", "user.email=test@example.org", "-c", "core.autocrlf=false"]
    for command in (["init", "-q"], ["add", "-A"], [*identity, "commit", "-q", "-m", "all"]):
        subprocess.run(["git", *command], cwd=fresh, check=True)
    return fresh.as_uri()


@pytest.fixture
def colab(tmp_path) -> dict[str, str]:
    """The environment of a kernel that has the module `google.colab` loaded, as Colab's have."""
    stub = tmp_path / "stub"
    (stub / "google" / "colab").mkdir(parents=True)
    (stub / "google" / "colab" / "__init__.py").touch()
    (stub / "sitecustomize.py").write_text("import google.colab\n", encoding="utf-8")
    return {"PYTHONPATH": str(stub), **NO_INDEX}


def test_all_notebooks_begin_with_the_same_cell_that_no_page_shows():
    cells = [first_cell(path) for path in notebooks()]
    assert len({source(cell) for cell in cells}) == 1
    for cell in cells:
        assert cell["metadata"]["tags"] == ["remove-cell"] and cell["outputs"] == []
    assert addresses.ASKED in source(cells[0])


def test_the_cell_does_nothing_elsewhere(tmp_path):
    code = source(first_cell(notebooks()[0])) + "\nprint(sorted(set(globals()) - before))"
    done = subprocess.run(
        [sys.executable, "-I", "-c", f"before = {{*globals(), 'before', 'sys'}}\n{code}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.site
def test_a_chapter_alone_on_colab_fetches_the_book_and_runs(tmp_path, repository, colab):
    alone = tmp_path / "content"
    alone.mkdir()
    path = shutil.copy(PROJECT / "book" / f"{CHAPTER}.ipynb", alone)
    done = run(Path(path), alone, {**colab, "BOOK_REPOSITORY": repository})
    assert outputs(done) == outputs(read(PROJECT / "book" / f"{CHAPTER}.ipynb"))
    assert (alone / "the-book" / "book" / "essay").is_dir()


@pytest.mark.site
def test_the_cell_runs_twice_on_colab_without_fetching_twice(tmp_path, repository, colab):
    code = source(first_cell(notebooks()[0]))
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{code}\nimport essay; print(essay.__file__)"],
        cwd=tmp_path,
        env={**os.environ, **colab, "BOOK_REPOSITORY": repository},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert Path(done.stdout.splitlines()[-1]).is_relative_to(tmp_path / "the-book")
    assert not list(tmp_path.glob("the-book/**/the-book"))


def test_the_notebooks_that_the_site_hands_out_know_the_address(site):
    handed_out = sorted((site / "_sources" / "book").glob("*.ipynb"))
    assert [path.name for path in handed_out] == [path.name for path in notebooks()]
    for path in handed_out:
        code = source(first_cell(path))
        assert f'address = "{ADDRESSES["BOOK_REPOSITORY"]}"\n' in code and "input(" not in code


@pytest.mark.site
def test_binder_needs_only_its_requirements(fresh, tmp_path):
    """Its list can be met from this environment, which is made from requirements.txt alone; then one chapter runs."""
    command = [sys.executable, "-m", "pip", "install", "--dry-run", "-r", ".binder/requirements.txt"]
    done = subprocess.run(command, cwd=fresh, env={**os.environ, **NO_INDEX}, capture_output=True, text=True)
    assert done.returncode == 0 and "Would install" not in done.stdout, done.stdout[-1000:] + done.stderr[-1000:]
    path = fresh / "book" / f"{CHAPTER}.ipynb"
    assert outputs(run(path, path.parent, {})) == outputs(read(PROJECT / "book" / f"{CHAPTER}.ipynb"))
