"""Work killed at any moment leaves a state from which the next run succeeds, with the same result.

Each kind of work runs undisturbed first and is timed. Then it is killed at random moments of that length: process
group and kernels at once, as by SIGKILL. A run that was quicker than its moment counts as no kill and is tried again
with an earlier one, so that all kills hit a process at work.
"""

from __future__ import annotations

import contextlib
import csv
import hashlib
import io
import itertools
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from matplotlib.font_manager import FontManager

from essay import fontlist
from essay_site import hooks
from essay_site.cache import unfinished
from tests.book import ADDRESSES, BUILD, NBVAL, build, copy_of_the_project

pytestmark = [
    pytest.mark.kills,
    pytest.mark.skipif(os.name != "posix", reason="kills process groups, which Windows does not have"),
]
CHAPTER = "conclusion"
# A book that is built in seconds: a page of prose and a chapter.
CONTENTS = f"format: jb-book\nroot: book/method\nchapters:\n  - file: book/{CHAPTER}\n"
RUN = [sys.executable, "-m", "tools.notebooks", f"book/{CHAPTER}.ipynb"]
TEST = [sys.executable, "-m", "pytest", "-q", *NBVAL, f"book/{CHAPTER}.ipynb", "tests/test_claims.py"]
# Of those that recipes make: all a kill can leave half done.
TABLES = ["esp_prisoners", "incle_budget", "private_prisoners_states", "us_aid_totals", "us_prisoners"]
RECIPES = [sys.executable, "data/recipes", *TABLES]


def tree(*folders: Path) -> dict[str, bytes]:
    """Return the content of all files below some folders, but for what Python and pytest keep for themselves."""
    found = (path for folder in folders for path in folder.rglob("*") if path.is_file())
    return {str(path): path.read_bytes() for path in found if not {"__pycache__", ".pytest_cache"} & set(path.parts)}


def moments(seed: int, count: int, length: float) -> list[float]:
    """Return random moments of a run of that many seconds, one in each of as many equal parts, in random order."""
    chance = random.Random(seed)
    found = [(part + chance.random()) * length / count for part in range(count)]
    chance.shuffle(found)
    return found


def run(command: list[str], folder: Path, **environment: str) -> float:
    """Run a command to its end, which must be a good one, and return how many seconds it took."""
    begun = time.monotonic()
    done = subprocess.run(command, cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return time.monotonic() - begun


def kill(command: list[str], folder: Path, seconds: float, before: Callable[[], object] = bool, **environment: str) -> None:
    """Prepare with `before`, start a command, and kill all its processes after some seconds; sooner if it was over then."""
    for _ in range(5):
        before()
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            assert process.wait(seconds) == 0, f"{command} failed by itself"
        except subprocess.TimeoutExpired:
            # Kernels have groups of their own.
            children = psutil.Process(process.pid).children(recursive=True)
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            for child in children:
                with contextlib.suppress(psutil.NoSuchProcess):
                    child.kill()
            psutil.wait_procs(children, timeout=10)
            return
        seconds *= 0.6
    pytest.fail(f"{command} was over before every kill")


@pytest.fixture(scope="module")
def copied(tmp_path_factory) -> Path:
    """A copy of the project."""
    return copy_of_the_project(tmp_path_factory.mktemp("killed") / "copy")


def test_killed_builds(copied):
    """From nothing, then with all but a changed chapter built; what kills leave is at its worst: every file in halves."""
    (copied / "_toc.yml").write_text(CONTENTS, encoding="utf-8")
    built, chapter = copied / "_build", copied / "book" / f"{CHAPTER}.ipynb"
    text = chapter.read_text(encoding="utf-8")
    length = run([*BUILD, "."], copied, **ADDRESSES)
    whole = tree(built / "html")
    assert len(whole) > 100
    shutil.rmtree(built)
    spaces = itertools.count(2)

    def anew() -> None:
        shutil.rmtree(built, ignore_errors=True)

    def changed() -> None:
        chapter.write_text(text.replace("from essay", f"from{next(spaces) * ' '}essay"), encoding="utf-8")

    for seed, work in enumerate((anew, changed)):
        for moment in moments(seed, 3, length):
            # A build that was over before it could be killed has left nothing to do for the next.
            kill([*BUILD, "."], copied, moment, lambda work=work: (built / unfinished.MARK).exists() or work(), **ADDRESSES)
        marked = (built / unfinished.MARK).exists()
        for path in [path for path in built.rglob("*") if path.is_file()] if marked else []:
            path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        chapter.write_text(text, encoding="utf-8")
        done = build(copied)
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
        assert ("the last build was killed" in done.stdout) == marked
        found = tree(built / "html")
        assert sorted(name for name in whole.keys() | found.keys() if whole.get(name) != found.get(name)) == []
        assert not (built / unfinished.MARK).exists()


def test_the_mark_goes_when_all_else_is_written():
    in_order = sorted(hooks.HOOKS, key=lambda hook: hook[1])
    assert [hook for event, _, hook in in_order if event == "build-finished"][-1] is unfinished.end


@pytest.fixture
def outdated(copied) -> Iterator[Callable[[], object]]:
    """A function that sets data/ back to a state in which each of the tables has a row too few."""
    data = copied / "data"
    now = {path: path.read_bytes() for path in [*data.glob("*.csv"), data / "datapackage.json"]}
    package = json.loads(now[data / "datapackage.json"])
    then = dict(now)
    for resource in package["resources"]:
        if resource["name"] in TABLES:
            path = data / resource["path"]
            rows = list(csv.reader(io.StringIO(now[path].decode())))
            shorter = io.StringIO()
            csv.writer(shorter, lineterminator="\n").writerows(rows[:-1])
            then[path] = shorter.getvalue().encode()
            resource.update(rows=len(rows) - 2, bytes=len(then[path]), hash=digest(then[path]))
    then[data / "datapackage.json"] = (json.dumps(package, indent=1, ensure_ascii=False) + "\n").encode()

    def restore() -> None:
        for path, content in then.items():
            path.write_bytes(content)

    restore.states = {path: {now[path], then[path]} for path in data.glob("*.csv")}
    yield restore
    for path, content in now.items():
        path.write_bytes(content)


def digest(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def test_killed_rebuilds_of_tables(copied, outdated):
    data = copied / "data"
    before = tree(data, copied / "book")
    outdated()
    length = run(RECIPES, copied)
    assert tree(data, copied / "book") == before
    for moment in moments(4, 4, length):
        kill(RECIPES, copied, moment, outdated)
        for path, states in outdated.states.items():
            assert path.read_bytes() in states, f"{path.name} is neither the old table nor the new one"
        described = json.loads((data / "datapackage.json").read_text(encoding="utf-8"))["resources"]
        strange = [each["name"] for each in described if each["hash"] != digest((data / each["path"]).read_bytes())]
        assert len(strange) <= 1, "at most the table that was being put in place is described as it was"
        run(RECIPES, copied)
        # Nothing is left over either: no part of a file, no folder of a run.
        assert tree(data, copied / "book") == before
        assert not list(data.glob(".building-*"))


def test_killed_runs_of_a_notebook(copied):
    path = copied / "book" / f"{CHAPTER}.ipynb"
    before = tree(copied / "book")
    whole = path.read_bytes()
    empty = json.loads(whole)
    for cell in empty["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = []
    old = (json.dumps(empty, indent=1, ensure_ascii=False) + "\n").encode()
    length = run(RUN, copied)
    assert tree(copied / "book") == before
    for moment in moments(5, 3, length):
        kill(RUN, copied, moment, lambda: path.write_bytes(old))
        assert path.read_bytes() in (old, whole)
    run(RUN, copied)
    assert tree(copied / "book") == before


def test_killed_tests(copied):
    before = tree(copied / "book", copied / "data", copied / "tests")
    length = run(TEST, copied)
    for moment in moments(6, 3, length):
        kill(TEST, copied, moment)
        assert tree(copied / "book", copied / "data", copied / "tests") == before
    run(TEST, copied)
    assert tree(copied / "book", copied / "data", copied / "tests") == before


@pytest.mark.parametrize("age", [-3600, 60], ids=["fresh", "old"])
def test_a_lock_that_a_killed_process_left_to_matplotlib_shows_in_no_cell(tmp_path, age):
    """Fresh, however long this takes, or old. Without the remedy a path of this machine goes into a chapter's outputs."""
    lock = tmp_path / f"fontlist-v{FontManager.__version__}.json.matplotlib-lock"
    lock.touch()
    os.utime(lock, (time.time() - age,) * 2)
    command = [sys.executable, "-W", "error", "-c", "from essay import charts"]
    done = subprocess.run(
        command,
        env={**os.environ, "MPLCONFIGDIR": str(tmp_path), "PYTHONPATH": str(Path(fontlist.__file__).parents[1])},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert lock.exists() == (age < fontlist.PATIENCE)
