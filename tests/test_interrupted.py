"""Work killed at any moment leaves a state from which the next run succeeds, with the same result.

Each kind of work runs undisturbed first and is timed. Then it is killed at random moments of that length: process
group and kernels at once, as by SIGKILL. A run that was quicker than its moment counts as no kill and is tried again
with an earlier one, so that all kills hit a process at work.
"""

from __future__ import annotations

import csv
import functools
import hashlib
import importlib
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
from unittest.mock import MagicMock

import nbformat
import psutil
import pytest
from jupyter_cache import get_cache
from matplotlib.font_manager import FontManager

from essay import fontlist
from essay_site.cache import unfinished
from tests.book import ADDRESSES, PROJECT, build, ran

pytestmark = pytest.mark.skipif(os.name != "posix", reason="kills process groups, which Windows does not have")
STRICT = ("-W", "-n", "--keep-going")
BUILD = [sys.executable, "-c", "from jupyter_book.cli.main import main; main()", "build", ".", *STRICT]
CHAPTER = "conclusion"
RUN = [sys.executable, "-m", "tools.notebooks", f"book/{CHAPTER}.ipynb"]
TEST = [sys.executable, "-m", "pytest", "-q", "--nbval", "--nbval-current-env", f"book/{CHAPTER}.ipynb", "tests/test_claims.py"]
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
                if child.is_running():
                    child.kill()
            psutil.wait_procs(children, timeout=10)
            return
        seconds *= 0.6
    pytest.fail(f"{command} was over before every kill")


@pytest.fixture(scope="module")
def copied(project, tmp_path_factory) -> Path:
    """A copy of the built project, its cache of notebook runs warm."""
    return Path(shutil.copytree(project, tmp_path_factory.mktemp("killed") / "copy"))


@pytest.fixture(scope="module")
def site(copied) -> tuple[dict[str, bytes], float]:
    """The site of a build into an empty folder that nothing disturbed, and its seconds."""
    for folder in (".doctrees", "html"):
        shutil.rmtree(copied / "_build" / folder)
    length = run(BUILD, copied, **ADDRESSES)
    return tree(copied / "_build" / "html"), length


def left(copied: Path) -> bool:
    """Tell whether a build that died left its mark. One killed before it wrote anything leaves none."""
    return any((copied / "_build" / ".doctrees").glob(f"{unfinished.MARK}*"))


def drop(folder: Path, copied: Path) -> None:
    """Give a build work to do: remove a folder, unless there is what a killed build left behind."""
    if not left(copied):
        shutil.rmtree(folder, ignore_errors=True)


def check(copied: Path, whole: dict[str, bytes]) -> set[str]:
    """Build after kills, compare with a site that nothing disturbed, and return the notebooks that ran."""
    marked = left(copied)
    done = build(copied, *STRICT)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert ("the last build did not end well" in done.stdout) == marked
    found = tree(copied / "_build" / "html")
    assert sorted(name for name in whole.keys() | found.keys() if whole.get(name) != found.get(name)) == []
    assert not left(copied)
    return ran(done)


def test_killed_builds_of_all_pages(copied, site):
    whole, length = site
    for moment in moments(1, 3, length):
        kill(BUILD, copied, moment, functools.partial(drop, copied / "_build" / ".doctrees", copied), **ADDRESSES)
    assert check(copied, whole) == set(), "runs that had ended well are kept"


def test_killed_builds_after_a_table_changed(copied, site):
    """The chapters that show claims run, as their sources have another title each time."""
    whole, length = site
    table = copied / "data" / "sources.csv"
    text = table.read_text(encoding="utf-8")
    editions = itertools.count(1)

    def change() -> None:
        table.write_text(text.replace("Gets Running Water", f"Gets Running Water {next(editions)}"), encoding="utf-8")

    for moment in moments(2, 4, length):
        kill(BUILD, copied, moment, change, **ADDRESSES)
        assert table.read_text(encoding="utf-8") != text
    table.write_text(text, encoding="utf-8")
    assert check(copied, whole) == set(), "runs that had ended well are kept"


def test_killed_builds_from_nothing(copied, site):
    whole, length = site
    for moment in moments(3, 3, 1.2 * length):
        kill(BUILD, copied, moment, functools.partial(drop, copied / "_build", copied), **ADDRESSES)
    check(copied, whole)


def test_files_cut_off_while_they_were_written_are_written_again(copied, site):
    """What a kill can leave at its worst: every kind of file in halves."""
    whole, _ = site
    html, doctrees = copied / "_build" / "html", copied / "_build" / ".doctrees"
    cut = [
        html / "book" / f"{CHAPTER}.html",
        html / "index.html",
        html / "_static" / "styles" / "site.css",
        html / "_static" / "house.css",
        html / "_sources" / "book" / f"{CHAPTER}.ipynb",
        html / "data" / "claims.json",
        next((html / "_images").glob("*.svg")),
        doctrees / "environment.pickle",
        doctrees / "book" / f"{CHAPTER}.doctree",
        next((copied / "_build" / ".jupyter_cache" / "executed").glob("*/base.ipynb")),
    ]
    for path in cut:
        content = path.read_bytes()
        path.write_bytes(content[: len(content) // 2])
    (doctrees / f"{unfinished.MARK}html").touch()
    assert len(check(copied, whole)) <= 1, "at most the run cut off is made again"


def test_the_mark_goes_when_all_else_is_written():
    app = MagicMock()
    modules = [importlib.import_module(path.stem) for path in (PROJECT / "book" / "_ext").glob("*.py")]
    for extension in modules:
        if hasattr(extension, "setup"):
            extension.setup(app)
    calls = [call for call in app.connect.call_args_list if call.args[0] == "build-finished"]
    order = sorted((call.kwargs.get("priority", 500), call.args[1] is unfinished.end) for call in calls)
    assert [last for _, last in order] == [False] * (len(order) - 1) + [True]
    assert order[-2][0] < order[-1][0]


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
    for moment in moments(4, 6, length):
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
    for moment in moments(5, 5, length):
        kill(RUN, copied, moment, lambda: path.write_bytes(old))
        assert path.read_bytes() in (old, whole)
    run(RUN, copied)
    assert tree(copied / "book") == before


def test_killed_tests(copied):
    before = tree(copied / "book", copied / "data", copied / "tests")
    length = run(TEST, copied)
    for moment in moments(6, 5, length):
        kill(TEST, copied, moment)
        assert tree(copied / "book", copied / "data", copied / "tests") == before
    run(TEST, copied)
    assert tree(copied / "book", copied / "data", copied / "tests") == before


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
def test_a_run_cached_by_halves_is_dropped_and_the_other_kept(cache, harm):
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


@pytest.mark.parametrize("age", [0, 60])
def test_a_lock_that_a_killed_process_left_to_matplotlib_shows_in_no_cell(tmp_path, age):
    """Fresh or old. Without the remedy, a warning with a path of this machine goes into the outputs of a chapter."""
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
