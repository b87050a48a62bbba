"""Notebooks run where the project is not set up by hand: Colab, Binder, a folder that somebody copied."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import types
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from essay_site.published import addresses
from tests.book import ADDRESSES, PROJECT, copy_of_the_project, notebooks, read
from tools import alone

CHAPTER = "conclusion"
# The requirements are those of this environment, so pip finds all of them met and must fetch nothing.
NO_INDEX = {"PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def first_cell(path: Path) -> dict:
    return next(cell for cell in read(path)["cells"] if cell["cell_type"] == "code")


def source(cell: dict) -> str:
    return "".join(cell["source"])


def tree(folder: Path) -> dict[str, bytes]:
    """Return the content of all files below a folder, but for those of git."""
    files = (path for path in folder.rglob("*") if path.is_file() and ".git" not in path.relative_to(folder).parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


# The cell with which every chapter begins.
FIRST = source(first_cell(notebooks()[0]))


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
    """The environment of a kernel as Colab starts them: `google.colab`, NumPy and pandas loaded, these in other versions."""
    stub = tmp_path / "stub"
    (stub / "google" / "colab").mkdir(parents=True)
    (stub / "google" / "colab" / "__init__.py").touch()
    loading = "import google.colab, numpy, pandas\n"
    for name, other in {"numpy": "2.0.2", "pandas": "2.2.2"}.items():
        (stub / f"{name}-{other}.dist-info").mkdir()
        described = f"Metadata-Version: 2.1\nName: {name}\nVersion: {other}\n"
        (stub / f"{name}-{other}.dist-info" / "METADATA").write_text(described, encoding="utf-8")
        loading += f"{name}.__version__ = {other!r}\n"
    (stub / "sitecustomize.py").write_text(loading, encoding="utf-8")
    return {"PYTHONPATH": str(stub), **NO_INDEX}


def session(code: str, folder: Path, environment: dict[str, str]) -> subprocess.CompletedProcess:
    """Run code in a new process with `folder` as its working directory."""
    command = [sys.executable, "-c", code]
    return subprocess.run(command, cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True)


def test_all_notebooks_begin_with_the_same_cell_that_no_page_shows():
    cells = [first_cell(path) for path in notebooks()]
    assert len({source(cell) for cell in cells}) == 1
    for cell in cells:
        assert cell["metadata"]["tags"] == ["remove-cell"] and cell["outputs"] == []
    assert addresses.ASKED in source(cells[0])


def test_the_cell_does_nothing_where_the_library_stands(tmp_path):
    (tmp_path / "essay").mkdir()
    code = FIRST + "\nprint(sorted(set(globals()) - before))"
    done = session(f"before = {{*globals(), 'before', 'find_spec'}}\n{code}", tmp_path, {})
    assert (done.stdout, done.stderr) == ("[]\n", "")
    assert [path.name for path in tmp_path.iterdir()] == ["essay"]


def test_a_chapter_alone_on_colab_runs_on_the_first_visit_after_a_restart_and_twice(tmp_path, repository, colab):
    """Nothing is installed or replaced, whatever the versions; what is run stands in a new process each time."""
    alone = tmp_path / "content"
    alone.mkdir()
    where = "\nimport essay, numpy; print(essay.__file__, numpy.__version__)"
    for code in (FIRST, FIRST, f"{FIRST}\n{FIRST}"):
        done = session(code + where, alone, {**colab, "BOOK_REPOSITORY": repository})
        assert done.returncode == 0, done.stderr
        assert done.stdout.split() == [str(alone / "the-book" / "book" / "essay" / "__init__.py"), "2.0.2"]
    assert [path.name for path in alone.iterdir()] == ["the-book"]


@pytest.mark.site
def test_a_chapter_alone_on_colab_shows_what_is_committed(tmp_path, repository, colab):
    alone = tmp_path / "content"
    alone.mkdir()
    path = shutil.copy(PROJECT / "book" / f"{CHAPTER}.ipynb", alone)
    for _ in range(2):
        done = run(Path(path), alone, {**colab, "BOOK_REPOSITORY": repository})
        assert outputs(done) == outputs(read(PROJECT / "book" / f"{CHAPTER}.ipynb"))


def test_a_clone_that_wishes_for_other_line_ends_has_the_same_files(tmp_path, repository, fresh):
    """As git is set up on Windows: tables and notebooks are compared byte for byte there too."""
    command = ["git", "-c", "core.autocrlf=true", "clone", "-q", repository, "clone"]
    subprocess.run(command, cwd=tmp_path, check=True)
    assert tree(tmp_path / "clone") == tree(fresh)


def test_a_chapter_takes_the_book_that_stands_beside_it(tmp_path, fresh):
    """It asks nobody for an address, and git for nothing."""
    fresh.rename(tmp_path / "the-book")
    done = session(FIRST + "\nimport essay; print(essay.__file__)", tmp_path, {"PATH": "", "BOOK_REPOSITORY": ""})
    assert done.stdout == f"{tmp_path / 'the-book' / 'book' / 'essay' / '__init__.py'}\n", done.stderr


@pytest.mark.parametrize("stands", [[], ["the-book/x"]])
def test_a_chapter_that_cannot_fetch_the_book_says_what_it_needs(tmp_path, stands):
    """Where there is none, and where something else stands in its place."""
    for name in stands:
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).touch()
    address = (tmp_path / "nowhere").as_uri()
    done = session(FIRST, tmp_path, {"BOOK_REPOSITORY": address})
    says = f"RuntimeError: This chapter needs its book in the folder the-book beside it: git clone {address} the-book"
    assert done.stderr.splitlines()[-1] == says


def test_what_is_missing_or_too_old_is_named_with_its_pin(monkeypatch):
    there = {**alone.pins(), "numpy": "2.0.2", "pandas": "1.5.3", "shapely": "2.1"}
    del there["frictionless"]

    def version(name: str) -> str:
        if name not in there:
            raise PackageNotFoundError(name)
        return there[name]

    monkeypatch.setattr(alone, "version", version)
    wanted = [f"{name}=={alone.pins()[name]}" for name in ("frictionless", "pandas")]
    assert alone.missing() == wanted
    monkeypatch.delitem(sys.modules, "google.colab", raising=False)
    with pytest.raises(
        RuntimeError, match=f"^This chapter needs what is not installed: pip install {' '.join(wanted)}, then run"
    ):
        alone.prepare()


def test_colab_installs_what_is_missing_and_asks_for_a_restart_where_it_was_loaded(monkeypatch):
    """A package that is too old is replaced under the session that has it loaded: one sentence says what to do."""
    called = []
    there = {**alone.pins(), "pandas": "1.5.3"}

    def install(command: list[str]) -> subprocess.CompletedProcess:
        called.append(command[-1])
        there["pandas"] = alone.pins()["pandas"]
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(alone, "version", there.__getitem__)
    monkeypatch.setattr(alone.subprocess, "run", install)
    monkeypatch.setitem(sys.modules, "google.colab", types.ModuleType("google.colab"))
    monkeypatch.setitem(sys.modules, "pandas", types.SimpleNamespace(__version__="1.5.3"))
    with pytest.raises(RuntimeError, match=r"^Installing replaced pandas under this session: restart it, then run all cells"):
        alone.prepare()
    assert called == [f"pandas=={alone.pins()['pandas']}"]


def test_what_chapters_are_computed_with_is_pinned():
    assert {"numpy", "pandas", "matplotlib", "frictionless"} <= set(alone.pins())
    assert set(alone.OLDEST) <= set(alone.pins())
    for name, oldest in alone.OLDEST.items():
        assert oldest <= alone.installed(name) == tuple(map(int, alone.pins()[name].split(".")[:2]))


def test_the_notebooks_that_the_site_hands_out_know_the_address(site):
    handed_out = sorted((site / "_sources" / "book").glob("*.ipynb"))
    assert [path.name for path in handed_out] == [path.name for path in notebooks()]
    for path in handed_out:
        code = source(first_cell(path))
        assert f'address = "{ADDRESSES["BOOK_REPOSITORY"]}"\n' in code and "input(" not in code


@pytest.mark.site
def test_a_copy_runs_with_the_requirements_of_readers(fresh):
    """The list can be met from this environment, which is made from it; then one chapter runs. Binder's has Lab besides."""
    command = [sys.executable, "-m", "pip", "install", "--dry-run", "-r", "requirements.txt"]
    done = subprocess.run(command, cwd=fresh, env={**os.environ, **NO_INDEX}, capture_output=True, text=True)
    assert done.returncode == 0 and "Would install" not in done.stdout, done.stdout[-1000:] + done.stderr[-1000:]
    path = fresh / "book" / f"{CHAPTER}.ipynb"
    assert outputs(run(path, path.parent, {})) == outputs(read(PROJECT / "book" / f"{CHAPTER}.ipynb"))
