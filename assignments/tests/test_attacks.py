"""Submissions that attack: none gets a point, reads or writes outside its folder, touches another's grade or stops the run.

The same notebooks run in both ways of isolation. Without any, some of them must win: that shows what the others are worth.
"""

from __future__ import annotations

import csv
import functools
import io
import json
import os
import random
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from pathlib import Path

import nbformat
import psutil
import pytest
from attacks import ATTACKS, FINALE, ONLY_BUBBLEWRAP, PRELUDE
from conftest import NAMES, points
from test_grading import graded_questions, solved, variants

import grade
import isolate

NAME = NAMES[0]
HERE = Path(grade.__file__).parent
# Enough for a good notebook on a busy machine.
SECONDS, MEGABYTES = 40, 1500
# What never ends needs less to be as far as it will get, the second with its memory full; a busy machine, more. Which cell it
# does not leave, by its place, shows that it was given enough.
ENDLESS = {"never-answers": (3, -1), "exhausts-the-stack": (5, 0)}
JOBS = 4
SECRET = "nobody's business"


def works(command: list[str]) -> bool:
    try:
        return subprocess.run([*command, "true"], capture_output=True).returncode == 0
    except OSError:
        return False


@functools.cache
def works_as(way: str) -> bool:
    """Return whether a way of isolation works here, as the grader finds it."""
    with tempfile.TemporaryDirectory() as tables:
        try:
            kit = isolate.Kit(Path(tables), [], [])
        except isolate.NotIsolatedError:
            return False
    kit.close()
    return kit.way == way


class Listener:
    """Listens on loopback, by TCP, UDP and an abstract name, and counts who comes."""

    def __init__(self, marker: str):
        self.came: list[str] = []
        tcp, udp, unix = socket.socket(), socket.socket(type=socket.SOCK_DGRAM), socket.socket(socket.AF_UNIX)
        tcp.bind(("127.0.0.1", 0))
        self.port = tcp.getsockname()[1]
        udp.bind(("127.0.0.1", self.port))
        unix.bind(f"\0{marker}")
        self.sockets = [tcp, udp, unix]
        for one, name in ((tcp, "tcp"), (unix, "unix")):
            one.listen()
            threading.Thread(target=self.serve, args=(one, name), daemon=True).start()
        threading.Thread(target=self.receive, args=(udp,), daemon=True).start()

    def serve(self, one: socket.socket, name: str) -> None:
        while True:
            try:
                one.accept()[0].close()
            except OSError:
                return
            self.came.append(name)

    def receive(self, one: socket.socket) -> None:
        while True:
            try:
                one.recv(10)
            except OSError:
                return
            self.came.append("udp")

    def close(self) -> None:
        for one in self.sockets:
            one.close()


def installed() -> dict[str, tuple]:
    """Return what the environment holds, by path: kind and rights, and size, without the caches of compiled code."""
    found = {}
    for folder, folders, names in os.walk(sys.prefix):
        folders[:] = [one for one in folders if one != "__pycache__"]
        for name in (*folders, *names):
            about = (Path(folder) / name).lstat()
            found[f"{folder}/{name}"] = (about.st_mode, about.st_size if name not in folders else 0)
    return found


def first_answer(built: Path) -> tuple[str, str]:
    """Return the variable of the first question, and code that gives it the right value and needs no table."""
    first, second = list(graded_questions(NAME))[:2]
    variable = variants(NAME)[first]["right"][0].split(" = ")[0].split()[-1]
    value = isolate.encode(solved(built, NAME)[1][second][variable])
    if isinstance(value, dict):
        value = dict(zip(value["index"], value["series"], strict=True)) if "series" in value else dict(value["dict"])
    return variable, f"{variable} = {value!r}"


class Arena:
    """A folder of submissions with attackers and two honest students, and all that the attackers are after."""

    def __init__(self, built: Path, folder: Path, attacks: dict[str, str]):
        self.marker = f"kit{random.SystemRandom().randrange(10**9)}"
        self.sleep = random.SystemRandom().randrange(10**5, 10**6)
        self.listener = Listener(self.marker)
        self.folder, self.out, self.attacks = folder / "in", folder / "out", attacks
        folder.chmod(0o700)
        self.folder.mkdir()
        self.secret = folder / "secret.txt"
        self.secret.write_text(SECRET, encoding="utf-8")
        self.autograder = folder / f"{NAME}-autograder.zip"
        shutil.copy(built / self.autograder.name, self.autograder)
        self.solution = (built / NAME / "autograder" / f"{NAME}.ipynb").read_bytes()
        self.empty = (built / NAME / "student" / f"{NAME}.ipynb").read_bytes()
        self.variable, right = first_answer(built)
        with zipfile.ZipFile(self.autograder) as archive:
            tests = folder / "tests"
            for name in archive.namelist():
                if name.startswith("tests/"):
                    archive.extract(name, folder)
            self.names = isolate.asked_for(tests)
        self.places = {
            "right": repr(right), "variable": repr(self.variable), "names": repr(self.names), "port": str(self.listener.port),
            "marker": self.marker, "sleep": str(self.sleep), "secret": repr(str(self.secret)), "out": repr(str(self.out)),
            "submissions": repr(str(self.folder)), "autograder": repr(str(self.autograder)), "files": repr(str(folder)),
            "master": repr(str(HERE / NAME / f"{NAME}.ipynb")),
        }  # fmt: skip
        for attack, code in attacks.items():
            (self.folder / f"{attack}.ipynb").write_text(self.notebook(code), encoding="utf-8")
        for honest in ("aaron", "zoe"):
            (self.folder / f"{honest}.ipynb").write_bytes(self.solution)
        # Somebody else's process, with a secret in its environment.
        self.other = subprocess.Popen(["sleep", "1000"], env={"PATH": os.defpath, "SECRET": self.marker})

    def notebook(self, code: str) -> str:
        """Return an empty notebook with an attack before its first cell."""
        for name, value in self.places.items():
            code = code.replace(f"@{name}@", value)
        prelude, finale = PRELUDE, FINALE
        for name, value in self.places.items():
            prelude, finale = prelude.replace(f"@{name}@", value), finale.replace(f"@{name}@", value)
        notebook = nbformat.reads(self.empty.decode(), 4)
        notebook.cells.insert(0, nbformat.v4.new_code_cell(prelude + code))
        notebook.cells.append(nbformat.v4.new_code_cell(finale))
        return nbformat.writes(notebook)

    def endless(self) -> dict[str, tuple[int, int]]:
        """Return the seconds for each attack of ENDLESS and the number of the cell in which it stays."""
        cells = sum(cell.cell_type == "code" for cell in nbformat.reads(self.notebook(""), 4).cells)
        return {attack: (seconds, place % cells + 1) for attack, (seconds, place) in ENDLESS.items()}

    def outside(self) -> dict:
        """Return all that no attack may change."""
        files = {
            path: path.read_bytes() for path in self.folder.parent.rglob("*") if path.is_file() and self.out not in path.parents
        }
        marked = [path for folder in ("/tmp", "/var/tmp", "/dev/shm") for path in Path(folder).glob(f"*{self.marker}*")]
        return {"files": files, "installed": installed(), "marked": marked}

    def rows(self) -> dict[str, dict[str, str]]:
        return {row["student"]: row for row in csv.DictReader(io.StringIO((self.out / "scores.csv").read_text(encoding="utf-8")))}

    def survivors(self) -> list:
        """Return processes that an attack left behind: sleeping ones, and notebooks that nobody started."""
        found = []
        for process in psutil.process_iter(["cmdline", "ppid"]):
            told = " ".join(process.info["cmdline"] or [])
            orphan = process.info["ppid"] == 1 and told.startswith(isolate.PYTHON) and told.endswith("/inside.py")
            if f"sleep {self.sleep}" in told or orphan:
                found.append(told)
        return found

    def close(self) -> None:
        self.listener.close()
        self.other.kill()
        self.other.wait()


@pytest.fixture(scope="module")
def arenas(built, tmp_path_factory):
    """Grade the attackers in each way that works here; return arena and what the grader said by way of isolation."""
    found, ways = {}, {}
    if works_as(isolate.BUBBLEWRAP):
        ways[isolate.BUBBLEWRAP] = ATTACKS | ONLY_BUBBLEWRAP
    if container(tmp_path_factory.mktemp("probe")):
        ways[isolate.USER] = ATTACKS
    for way, attacks in ways.items():
        arena = Arena(built, tmp_path_factory.mktemp(way.split()[-1]), attacks)
        arena.before = arena.outside()
        inside, grader = (container(arena.folder.parent), "/grader") if way == isolate.USER else ([], str(HERE))
        code = (
            f"import dataclasses, pathlib, sys; sys.path.insert(0, {grader!r}); import grade\n"
            "timed = grade.timed\n"
            "def hurried(job):\n"
            f"    least, cell = {arena.endless()}.get(job.path.stem, (job.seconds, 0))\n"
            "    for seconds in (least, 10, job.seconds) if cell else [least]:\n"
            "        result = timed(dataclasses.replace(job, seconds=seconds))\n"
            "        if result['reason'].endswith(f' in cell {cell}'):\n"
            "            break\n"
            "    return result\n"
            "grade.timed = hurried\n"
            f"grade.grade(pathlib.Path({str(arena.autograder)!r}), pathlib.Path({str(arena.folder)!r}), "
            f"pathlib.Path({str(arena.out)!r}), {JOBS}, {SECONDS}, {MEGABYTES})"
        )
        done = subprocess.run([*inside, sys.executable, "-c", code], capture_output=True, text=True)
        assert f"isolation: {way}" in done.stdout, done.stdout[-2000:] + done.stderr[-2000:]
        found[way] = arena
    yield found
    for arena in found.values():
        arena.close()


def container(folder: Path) -> list[str] | None:
    """Return the start of a command that runs as root in a container which may make no namespaces, as Gradescope's do.

    The container has the kit's programs in /grader, the environment, a folder, and nothing else of ours. None where the
    tests are not root's or bubblewrap does not work.
    """
    if os.geteuid() != 0:
        return None
    programs = folder.parent / f"{folder.name}-grader"
    programs.mkdir(exist_ok=True)
    for file in HERE.glob("*.py"):
        shutil.copy(file, programs)
    programs.chmod(0o755)
    command = ["bwrap", "--unshare-pid", "--unshare-ipc", "--die-with-parent", "--perms", "1777", "--tmpfs", "/tmp"]
    command += ["--perms", "1777", "--tmpfs", "/var/tmp", "--ro-bind", "/usr", "/usr", "--ro-bind", "/etc", "/etc"]
    for name in ("/bin", "/sbin", "/lib", "/lib64"):
        link = Path(name).is_symlink()
        command += ["--symlink", str(Path(name).readlink()), name] if link else ["--ro-bind-try", name, name]
    for prefix in dict.fromkeys((sys.base_prefix, sys.prefix)):
        for parent in reversed(Path(prefix).parents[:-1]):
            command += ["--perms", "0755", "--dir", str(parent)]
        command += ["--ro-bind", prefix, prefix]
    for parent in reversed(folder.parents[:-1]):
        command += ["--perms", "0755", "--dir", str(parent)]
    command += ["--bind", str(folder), str(folder), "--ro-bind", str(programs), "/grader", "--proc", "/proc", "--dev", "/dev"]
    command += ["--cap-drop", "CAP_SYS_ADMIN"]
    return command if works(command) else None


def arena_of(arenas, way: str) -> Arena:
    if way not in arenas:
        remedy = (
            "install bubblewrap and allow user namespaces"
            if way == isolate.BUBBLEWRAP
            else "run the tests as root, with bubblewrap"
        )
        pytest.skip(f"isolation by {way} does not work here: {remedy}")
    return arenas[way]


WAYS = [isolate.BUBBLEWRAP, isolate.USER]
CASES = [*((isolate.BUBBLEWRAP, attack) for attack in ATTACKS | ONLY_BUBBLEWRAP), *((isolate.USER, attack) for attack in ATTACKS)]


@pytest.mark.parametrize(("way", "attack"), CASES)
def test_an_attack_gets_no_point(arenas, way, attack):
    row = arena_of(arenas, way).rows()[attack]
    assert set(points(row)) == {0.0}
    assert row["status"] in ("ok", "error", "timed out", "out of memory", "too much output", "crashed")
    if attack in ENDLESS:
        assert row["reason"].endswith(f" in cell {arenas[way].endless()[attack][1]}"), "it was given too little"


@pytest.mark.parametrize("way", WAYS)
def test_nobody_elses_grade_is_touched(arenas, way):
    rows = arena_of(arenas, way).rows()
    assert set(rows) == {grade.MAXIMUM, "aaron", "zoe", *arena_of(arenas, way).attacks}
    for honest in ("aaron", "zoe"):
        assert rows[honest]["status"] == "ok"
        assert set(points(rows[honest])) == {1.0}


@pytest.mark.parametrize("way", WAYS)
def test_nothing_outside_is_changed_and_nobody_came_to_the_network(arenas, way):
    arena = arena_of(arenas, way)
    after = arena.outside()
    assert after["files"] == arena.before["files"]
    assert after["installed"] == arena.before["installed"]
    assert after["marked"] == []
    assert arena.listener.came == []
    assert {path.name for path in arena.out.iterdir()} == {"results", "scores.csv", "manual.csv", "open_answers.txt"}
    assert len(list((arena.out / "results").iterdir())) == len(arena.attacks) + 2


@pytest.mark.parametrize("way", WAYS)
def test_no_process_stays_behind(arenas, way):
    arena = arena_of(arenas, way)
    until = time.monotonic() + 10
    while arena.survivors() and time.monotonic() < until:
        time.sleep(0.2)
    assert arena.survivors() == []


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("attack", "status"),
    [
        ("memory-of-many", "out of memory"),
        ("files-without-end", "crashed"),
        ("sends-without-end", "too much output"),
        ("never-ends-as-an-answer", "ok"),
        ("never-answers", "timed out"),
        ("segmentation-fault", "crashed"),
        ("leaves-early", "error"),
        ("prints-without-end", "ok"),
    ],
)
def test_the_status_says_how_an_attack_ended(arenas, way, attack, status):
    row = arena_of(arenas, way).rows()[attack]
    assert row["status"] == status
    assert (row["reason"] in ("", grade.NOTHING)) == (status == "ok")


def test_what_a_notebook_stores_before_its_end_is_seen_on_a_busy_machine(tmp_path, monkeypatch):
    """Also where no look was due while it ran."""
    monkeypatch.setattr(isolate, "LOOK", 1000)
    monkeypatch.setattr(isolate, "MOST_FILES", 10)
    kit = isolate.Kit(tmp_path, ["found"], [], trust=True)
    # Its folder is looked at as that of another user is; one in memory goes with the last process.
    kit.way = isolate.NONE
    try:
        for number, status in ((5, "ok"), (50, "crashed")):
            cells = [f"found = {number}\nfor n in range(found):\n    open(f'file{{n}}', 'w').close()"]
            outcome = isolate.run(kit, cells, SECONDS, MEGABYTES)
            assert (outcome.status, "found" in outcome.answers) == (status, True)
    finally:
        kit.close()


# What can be tried on this machine without harm, when nothing holds it off.
WITHOUT_ISOLATION = (
    "reads-the-grader", "reads-the-autograder-zip", "reads-another-submission", "reads-by-machine-code", "connects-to-loopback",
    "reads-environments", "uses-key-rings",
)  # fmt: skip


def test_without_isolation_these_attacks_work(built, tmp_path, monkeypatch):
    arena = Arena(built, tmp_path, {name: ATTACKS[name] for name in WITHOUT_ISOLATION})
    monkeypatch.setattr(isolate.Kit, "_way", lambda *_: isolate.NONE)
    grade.grade(arena.autograder, arena.folder, arena.out, JOBS, SECONDS, 3000)
    arena.close()
    rows = arena.rows()
    assert {name for name in WITHOUT_ISOLATION if sum(points(rows[name])) >= 1} == set(WITHOUT_ISOLATION)
    assert sum(points(rows["reads-the-grader"])) == len(points(rows["reads-the-grader"])), "the tests tell every answer"
    assert "tcp" in arena.listener.came


def disguises(arena: Arena) -> dict[str, bytes]:
    """Return whole submissions, by name, that try to get points by what a notebook or a zip says of itself."""
    question = next(iter(graded_questions(NAME)))

    def changed(change) -> bytes:
        notebook = nbformat.reads(arena.empty.decode(), 4)
        change(notebook)
        return nbformat.writes(notebook).encode()

    def points_in_metadata(notebook):
        notebook.metadata["otter"] = dict(notebook.metadata.get("otter", {}), tests={question: {"points": 99, "suites": []}})
        notebook.metadata["otter"]["require_no_pdf_confirmation"] = True

    def other_tests(notebook):
        for cell in notebook.cells:
            if cell.source.startswith("grader.check"):
                cell.source = f"import json\njson.dump({{'score': 11}}, open('results.json', 'w'))\n{cell.source}"

    def tagged(notebook):
        for cell in notebook.cells:
            cell.metadata["tags"] = ["otter_ignore", "solution", "otter_assign_solution_cell"]
            cell.metadata["otter"] = {"ignore": True, "points": 11}

    def twice(notebook):
        notebook.cells = notebook.cells + notebook.cells

    def hidden_answers(notebook):
        notebook.metadata["answers"] = {arena.variable: 1}
        notebook.metadata["kernelspec"] = {"name": "../../bin/sh", "display_name": "x", "language": "python", "argv": ["sh"]}

    files = {
        "metadata.ipynb": changed(points_in_metadata),
        "other-tests.ipynb": changed(other_tests),
        "tagged.ipynb": changed(tagged),
        "same-questions-twice.ipynb": changed(twice),
        "kernel-of-its-own.ipynb": changed(hidden_answers),
        "deep.ipynb": b'{"cells": ' + b"[" * 200_000,
        "deep-metadata.ipynb": b'{"cells": [], "nbformat": 4, "metadata": {"otter": ' + b'{"a":' * 900 + b"1" + b"}" * 902,
        "wrong-types.ipynb": b'{"cells": [1, {"cell_type": "code", "source": {"a": 1}}], "metadata": [], "nbformat": 4}',
        "results.ipynb": b'{"q1": [1, 1], "status": "ok"}',
    }  # fmt: skip

    def archive(members: dict[str, bytes], links: dict[str, str] | None = None) -> bytes:
        into = io.BytesIO()
        with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as made:
            for name, data in members.items():
                made.writestr(name, data)
            for name, target in (links or {}).items():
                entry = zipfile.ZipInfo(name)
                entry.external_attr = (stat.S_IFLNK | 0o777) << 16
                made.writestr(entry, target)
        return into.getvalue()

    files |= {
        "climbs.zip": archive({"../../../../../../tmp/climbed.ipynb": arena.empty, "../out/scores.csv": b"x", "/etc/x": b"x"}),
        "links.zip": archive({"notebook.ipynb": arena.empty}, {"tests": str(arena.autograder), "x.json": str(arena.secret)}),
        "link-alone.zip": archive({}, {"notebook.ipynb": str(arena.folder / "aaron.ipynb")}),
        "with-tests.zip": archive({
            "notebook.ipynb": arena.empty, "pandas.py": b"raise SystemExit", ".OTTER_LOG": b"not a log", "matching.py": b"",
            "questions.json": b"[]", f"tests/{question}.py": b"OK_FORMAT = False\nname = 'q1'\npoints = 100\n",
        }),
        "bomb.zip": archive({"notebook.ipynb": bytes(300_000_000)}),
        "bombs.zip": archive({"a.zip": archive({"b.zip": archive({"c.zip": archive({"notebook.ipynb": bytes(60_000_000)})})})}),
    }  # fmt: skip
    return files


def test_no_disguise_gets_a_point(built, tmp_path):
    if not works_as(isolate.BUBBLEWRAP):
        pytest.skip("isolation by bubblewrap does not work here: install bubblewrap and allow user namespaces")
    arena = Arena(built, tmp_path, {})
    files = disguises(arena)
    for name, data in files.items():
        (arena.folder / name).write_bytes(data)
    (arena.folder / "link.ipynb").symlink_to(arena.folder / "aaron.ipynb")
    (arena.folder / "folder").mkdir()
    (arena.folder / "folder" / "link.ipynb").symlink_to(arena.folder / "aaron.ipynb")
    os.mkfifo(arena.folder / "pipe.ipynb")
    before = arena.outside()["installed"]
    grade.grade(arena.autograder, arena.folder, arena.out, JOBS, SECONDS, MEGABYTES)
    arena.close()
    rows = arena.rows()
    assert {row["entry"] for row in rows.values()} == {
        "",
        "aaron.ipynb",
        "zoe.ipynb",
        "link.ipynb",
        "folder",
        "pipe.ipynb",
        *files,
    }
    for name in (*files, "link.ipynb", "folder", "pipe.ipynb"):
        row = next(row for row in rows.values() if row["entry"] == name)
        assert set(points(row)) <= {0.0}, name
        assert row["status"] != grade.NOT_GRADED or row["reason"], name
    assert set(points(rows["aaron"])) == set(points(rows["zoe"])) == {1.0}
    assert arena.outside()["installed"] == before
    assert not Path("/tmp/climbed.ipynb").exists()


def test_without_a_way_of_isolation_it_refuses_in_one_sentence(built, tmp_path, monkeypatch):
    arena = Arena(built, tmp_path, {})
    arena.close()
    monkeypatch.setattr(isolate, "_bubblewrap", lambda *_: ["/nowhere/bwrap"])
    monkeypatch.setattr(isolate.os, "geteuid", lambda: 1000)
    with pytest.raises(SystemExit, match=r"cannot be run apart: bubblewrap does not work here .*--trust"):
        grade.grade(arena.autograder, arena.folder, arena.out, JOBS, SECONDS, MEGABYTES)
    assert not (arena.out / "scores.csv").exists()


def test_on_gradescope_tests_are_out_of_reach_and_questions_in_order(built, tmp_path):
    folder = tmp_path / "gradescope"
    arena_folder = tmp_path / "arena"
    arena_folder.mkdir()
    folder.mkdir()
    command = container(folder)
    if command is None:
        pytest.skip("isolation by a separate user does not work here: run the tests as root, with bubblewrap")
    arena = Arena(built, arena_folder, {})
    arena.close()
    reads = "loot_below('/autograder', '..', '../source', '/tmp')\nattempt(os.listdir, '/autograder/source') and win()"
    writes = "\nwrote('/autograder/results/results.json') and win()\nwrote('/autograder/submission/tests/q1.py') and win()"
    for name, data in (("solution", arena.solution.decode()), ("attack", arena.notebook(reads + writes))):
        layout = folder / name
        for one in ("source", "submission", "results"):
            (layout / one).mkdir(parents=True)
        with zipfile.ZipFile(arena.autograder) as archive:
            archive.extractall(layout / "source")
        (layout / "submission" / f"{NAME}.ipynb").write_text(data, encoding="utf-8")
        (layout / "submission_metadata.json").write_text(json.dumps({"users": [{"email": "a@b.c"}]}), encoding="utf-8")
        for path in (layout, *layout.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)
        run = [*command, "--bind", str(layout), "/autograder", "--setenv", "HOME", "/tmp", "--chdir", "/autograder"]
        done = subprocess.run([*run, sys.executable, "/autograder/source/run_otter.py"], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
        told = json.loads((layout / "results" / "results.json").read_text(encoding="utf-8"))
        graded = [test for test in told["tests"] if "max_score" in test]
        assert [test["name"] for test in graded] == [f"q{n}" for n in range(1, len(graded) + 1)]
        assert sum(test["score"] for test in graded) == (len(graded) if name == "solution" else 0), done.stdout[-3000:]


def test_a_killed_grader_leaves_no_notebook_behind(built, tmp_path):
    if not works_as(isolate.BUBBLEWRAP):
        pytest.skip("isolation by bubblewrap does not work here: install bubblewrap and allow user namespaces")
    arena = Arena(built, tmp_path, {"sleeps": "subprocess.run(['sleep', '@sleep@'])"})
    arena.close()
    for honest in ("aaron", "zoe"):
        (arena.folder / f"{honest}.ipynb").unlink()
    code = (
        f"import sys, pathlib; sys.path.insert(0, {str(HERE)!r}); import grade\n"
        f"grade.grade(pathlib.Path({str(arena.autograder)!r}), pathlib.Path({str(arena.folder)!r}), "
        f"pathlib.Path({str(arena.out)!r}), 1, 300, 2000)"
    )
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.DEVNULL)
    until = time.monotonic() + 120
    while not arena.survivors():
        assert child.poll() is None and time.monotonic() < until, "it did not get as far as the notebook"
        time.sleep(0.2)
    child.send_signal(signal.SIGKILL)
    child.wait()
    until = time.monotonic() + 20
    while arena.survivors() and time.monotonic() < until:
        time.sleep(0.2)
    assert arena.survivors() == []
