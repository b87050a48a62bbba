"""Work killed at any moment leaves a state from which the next run succeeds, with the same result."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest
import unfinished
from jupyter_cache import get_cache

from book import ADDRESSES, PROJECT, build, ran

pytestmark = pytest.mark.skipif(os.name != "posix", reason="kills process groups, which Windows does not have")
BUILD = [sys.executable, "-c", "from jupyter_book.cli.main import main; main()", "build", ".", "-W", "-n", "--keep-going"]
CHAPTER = "conclusion"


def tree(*folders: Path) -> dict[str, bytes]:
    files = (path for folder in folders for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {str(path): path.read_bytes() for path in files}


def kill(command: list[str], folder: Path, seconds: float, **environment: str) -> bool:
    """Start a command, kill its whole process group after a time, and tell whether it was still at work."""
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    time.sleep(seconds)
    at_work = process.poll() is None
    if at_work:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return at_work


@pytest.fixture(scope="module")
def copied(project, tmp_path_factory) -> Path:
    """A copy of the built project, its cache of notebook runs warm."""
    return Path(shutil.copytree(project, tmp_path_factory.mktemp("killed") / "copy"))


def test_killed_builds(copied):
    html = copied / "_build" / "html"
    moments = random.Random(1)
    done = build(copied, "-W", "-n", "--keep-going")
    assert done.returncode == 0, done.stderr[-2000:]
    whole = tree(html)
    table = copied / "data" / "sources.csv"
    text = table.read_text(encoding="utf-8")
    killed = 0
    for state in ("all pages to read", "a table changed"):
        for _ in range(5):
            if state == "all pages to read":
                shutil.rmtree(copied / "_build" / ".doctrees")
            else:
                table.write_text(text.replace("Running Water", f"Running Water {killed}", 1), encoding="utf-8")
            killed += kill(BUILD, copied, moments.uniform(0.5, 9), **ADDRESSES)
        table.write_text(text, encoding="utf-8")
        done = build(copied, "-W", "-n", "--keep-going")
        assert done.returncode == 0, state + done.stdout[-2000:] + done.stderr[-2000:]
        assert tree(html) == whole, state
        assert ran(done) == set(), "runs that had ended well are kept"
    assert killed == 10


def test_a_page_cut_off_while_it_was_written_is_written_again(copied):
    page = copied / "_build" / "html" / "book" / f"{CHAPTER}.html"
    assert build(copied, "-W", "-n").returncode == 0
    whole = page.read_bytes()
    page.write_bytes(whole[:1000])
    (copied / "_build" / ".doctrees" / f"{unfinished.MARK}html").touch()
    assert build(copied, "-W", "-n").returncode == 0
    assert page.read_bytes() == whole
    assert not list((copied / "_build" / ".doctrees").glob(f"{unfinished.MARK}*"))


def test_killed_rebuilds_of_tables(copied):
    moments = random.Random(2)
    before = tree(copied / "data", copied / "book")
    command = [sys.executable, "data/recipes", "claim_evidence", "corrections"]
    killed = sum(kill(command, copied, moments.uniform(0.3, 4)) for _ in range(6))
    assert killed >= 3
    done = subprocess.run(command, cwd=copied, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert tree(copied / "data", copied / "book") == before


def test_killed_runs_of_a_notebook(copied):
    moments = random.Random(3)
    before = tree(copied / "book")
    command = [sys.executable, "book/run.py", f"book/{CHAPTER}.ipynb"]
    killed = sum(kill(command, copied, moments.uniform(0.3, 5)) for _ in range(5))
    assert killed >= 3
    done = subprocess.run(command, cwd=copied, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert tree(copied / "book") == before


def test_killed_tests():
    moments = random.Random(4)
    command = [sys.executable, "-m", "pytest", "-q", "tests/test_release.py"]
    assert sum(kill(command, PROJECT, moments.uniform(0.2, 1)) for _ in range(4)) >= 2
    assert subprocess.run(command, cwd=PROJECT, capture_output=True).returncode == 0


@pytest.fixture
def cache(tmp_path):
    """A cache with two runs in it."""
    cache = get_cache(tmp_path / "cache")
    for number in range(2):
        cell = nbformat.v4.new_code_cell(f"{number}", execution_count=1)
        notebook = nbformat.v4.new_notebook(cells=[cell], metadata={"kernelspec": {"name": "python3", "display_name": ""}})
        path = tmp_path / f"{number}.ipynb"
        nbformat.write(notebook, path)
        cache.cache_notebook_file(path)
    return cache


def cut(run: Path) -> None:
    text = (run / "base.ipynb").read_text(encoding="utf-8")
    (run / "base.ipynb").write_text(text[: len(text) // 2], encoding="utf-8")


@pytest.mark.parametrize(
    "harm", [cut, lambda run: (run / "base.ipynb").unlink(), shutil.rmtree], ids=["cut", "no file", "no folder"]
)
def test_a_run_cached_by_halves_is_dropped_and_the_other_kept(cache, tmp_path, harm):
    record = cache.list_cache_records()[0]
    harm(cache.path / "executed" / record.hashkey)
    unfinished.mend(cache.path)
    assert [left.hashkey for left in cache.list_cache_records()] != [record.hashkey]
    assert len(cache.list_cache_records()) == 1
    name = Path(record.uri)
    cache.cache_notebook_file(name, overwrite=True)
    assert json.loads(cache.get_cache_bundle(cache.match_cache_file(name).pk).nb["cells"][0]["source"]) in (0, 1)


def test_a_database_without_tables_is_filled(tmp_path):
    (tmp_path / "global.db").touch()
    unfinished.mend(tmp_path)
    assert get_cache(tmp_path).list_cache_records() == []
