"""Run a student's notebook where no test and no solution is, and hand only its answers to the tests.

Otter runs hidden tests in the kernel that ran the student's code, so that code could read the tests or patch what
counts the points. Here the cells run first, in a process of their own (inside.py) for which the system itself hides
everything else; plain data comes back through a pipe; and only when every process of the notebook has ended are the
tests run, on that data. README.md says which ways of isolation there are and what each holds off.
"""

from __future__ import annotations

import ast
import contextlib
import functools
import json
import math
import os
import pwd
import random
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import psutil
from inside import MOST_PARTS, MOST_TEXT, encode
from otter.plugins import AbstractOtterPlugin

__all__ = ["Isolated", "Kit", "Outcome", "asked_for", "decode", "encode", "run"]

SECONDS = 120
MEGABYTES = 3000
# Processes and threads of one notebook together.
PROCESSES = 128
# What a notebook may store in its folder, and in how many files.
DISK_MEGABYTES = 200
MOST_FILES = 10_000
# Answers are small; more than this on one line, or in all, is nobody's work.
LONGEST_LINE = 5_000_000
MOST_OUTPUT = 200_000_000
# Seconds between looks at memory and files.
LOOK = 0.2
# Where systemd, too, takes users that nobody is.
USERS = range(61184, 65520)
# Without .. in it, whose folders are not there for a notebook; links stay, since they lead to the environment.
PYTHON = os.path.abspath(sys.executable)  # noqa: PTH100
# The folder of a notebook in bubblewrap, a place in its own root.
HOME = "/home/student"
BUBBLEWRAP, USER, NONE = "bubblewrap", "a separate user", "none"


class NotIsolatedError(Exception):
    """There is no way here to run a notebook apart; the message says what would make one."""


@dataclass
class Outcome:
    """How a notebook ended: status is "ok", "error", "timed out", "out of memory", "too much output" or "crashed"."""

    status: str = "crashed"
    reason: str = ""
    answers: dict = field(default_factory=dict)
    # The last cell that it told of, None before it started.
    cell: int | None = None


def decode(value: object) -> object:
    """Return what encode() made into a value again; lists, tuples, sets and arrays all come back as tuples."""
    if not isinstance(value, dict):
        return value
    if "frame" in value:
        index = pd.Index([decode(one) for one in value["index"]], name=decode(value["name"]), tupleize_cols=False)
        frame = pd.DataFrame({i: [decode(one) for one in column] for i, (_, column) in enumerate(value["frame"])}, index=index)
        return frame.set_axis([decode(name) for name, _ in value["frame"]], axis="columns")
    if "series" in value:
        index = pd.Index([decode(one) for one in value["index"]], tupleize_cols=False)
        return pd.Series([decode(one) for one in value["series"]], index=index)
    if "dict" in value:
        return {decode(key): decode(one) for key, one in value["dict"]}
    return tuple(decode(one) for one in value["list"])


def plain(value: object) -> object:
    """Return a value that a notebook's process sent, where it has the form that encode() gives it, else None.

    Numbers are finite and of a size that arithmetic can take; texts, depth and the number of parts are bounded.
    """
    # A table counts its parts twice, and each with the list around it.
    left = 4 * MOST_PARTS
    forms = ({"frame", "index", "name"}, {"series", "index"}, {"dict"}, {"list"})

    def check(value: object, depth: int) -> object:
        nonlocal left
        left -= 1
        if left < 0 or depth > 10:
            raise ValueError("too large")
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, (int, float)):
            return value if math.isfinite(value) and abs(value) < 2**63 else None
        if isinstance(value, str):
            return value[:MOST_TEXT].encode(errors="replace").decode()
        if isinstance(value, list):
            return [check(one, depth + 1) for one in value]
        if isinstance(value, dict) and set(value) in forms:
            return {key: check(one, depth + 1) for key, one in value.items()}
        raise ValueError("not a form of encode()")

    try:
        checked = check(value, 0)
        # What cannot be made a value again is none: columns of different lengths, a list as a key.
        decode(checked)
        return None if isinstance(checked, list) else checked
    except (ValueError, TypeError, KeyError, OverflowError, AttributeError):
        return None


def asked_for(tests: Path) -> list[str]:
    """Return the variables that test files ask for: the parameters of their functions."""
    names = set()
    for file in tests.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.decorator_list:
                names.update(argument.arg for argument in node.args.args)
    return sorted(names)


@functools.cache
def _fonts() -> dict[str, bytes]:
    """Return the files of matplotlib's list of fonts: it looks through all of them once, here, and not in every notebook."""
    with tempfile.TemporaryDirectory() as folder:
        command = [PYTHON, "-c", "import matplotlib.font_manager"]
        subprocess.run(command, env=os.environ | {"MPLCONFIGDIR": folder}, capture_output=True)
        return {file.name: file.read_bytes() for file in Path(folder).glob("*.json")}


class Kit:
    """What notebooks of one assignment are given, and the way in which they run apart.

    given: a folder with inside.py and the tables, which everybody may read; it is removed by close().
    way: BUBBLEWRAP, USER or NONE. Raises NotIsolatedError where neither of the first two works, unless trust is true.
    hidden: files and folders that a notebook must not be able to read.
    """

    def __init__(self, tables: Path, names: list[str], hidden: list[Path], trust: bool = False):
        self.names = names
        self.given = Path(tempfile.mkdtemp(prefix="kit-")).resolve()
        try:
            self.given.chmod(0o755)
            shutil.copytree(tables, self.given / "tables")
            shutil.copy(Path(__file__).with_name("inside.py"), self.given)
            (self.given / "matplotlib").mkdir()
            for name, content in _fonts().items():
                (self.given / "matplotlib" / name).write_bytes(content)
            for path in self.given.rglob("*"):
                path.chmod(0o755 if path.is_dir() else 0o644)
            self.way = self._way(hidden, trust)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self.given, ignore_errors=True)

    def _way(self, hidden: list[Path], trust: bool) -> str:
        reasons = []
        for way, reason in (
            (BUBBLEWRAP, "bubblewrap does not work here (install Debian's package bubblewrap, or allow user namespaces)"),
            (USER, f"another user cannot start {PYTHON} (chmod o+x its folders)"),
        ):
            if way == USER and os.geteuid() != 0:
                reasons.append("only root can run a notebook as another user")
                continue
            self.way = way
            # One notebook tells whether any can run, and what it could read.
            places = [str(one) for one in hidden]
            code = f"import os\nread = [one for one in {places!r} if os.access(one, os.R_OK) or os.access(one, os.X_OK)]"
            try:
                found = run(self, [code], 60, MEGABYTES, names=["read"]).answers.get("read")
            except (OSError, subprocess.SubprocessError):
                found = None
            if found is None:
                reasons.append(reason)
                continue
            seen = decode(found)
            if not seen:
                return way
            remedy = "move them" if way == BUBBLEWRAP else f"chmod 700 {' '.join(seen)}"
            reasons.append(f"{way} would let notebooks read {', '.join(seen)} ({remedy})")
        if trust:
            return NONE
        raise NotIsolatedError(
            f"notebooks cannot be run apart: {'; '.join(reasons)}; or say that you trust everybody who wrote one (--trust)"
        )


def unused_user() -> int:
    """Return the number of a user that has no name and no process. Raises NotIsolatedError if there is none."""
    taken = {process.info["uids"].real for process in psutil.process_iter(["uids"]) if process.info["uids"]}
    named = {entry.pw_uid for entry in pwd.getpwall()}
    free = [user for user in USERS if user not in taken | named]
    if not free:
        raise NotIsolatedError(f"no user from {USERS[0]} to {USERS[-1]} is free")
    return random.SystemRandom().choice(free)


ENVIRONMENT = {
    "PATH": os.defpath,
    "LANG": "C.UTF-8",
    "USER": "student",
    "LOGNAME": "student",
    "MPLBACKEND": "Agg",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
}
if "LD_LIBRARY_PATH" in os.environ:
    # Then Python's own library may be found by it alone.
    ENVIRONMENT["LD_LIBRARY_PATH"] = f"{sys.base_prefix}/lib"


def _places(home: Path) -> dict[str, str]:
    return {"HOME": str(home), "TMPDIR": str(home / "tmp"), "MPLCONFIGDIR": str(home / ".matplotlib")}


def _bubblewrap(given: Path, root: bool) -> list[str]:
    """Return the command before Python's: a root of its own, read-only but for a folder in memory; nothing else is there."""
    command = ["bwrap", "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"]
    # Root needs no namespace of users: it changes the user for good instead, so that outside, too, it is nobody.
    # Else the notebook is the first process there, so that there is no other of its user's that it could look into.
    command += [] if root else ["--unshare-user", "--uid", "1000", "--gid", "1000", "--cap-drop", "ALL", "--as-pid-1"]
    command += ["--die-with-parent", "--new-session", "--hostname", "notebook", "--clearenv"]
    # First, since the environment may lie below one of them.
    for size, place in ((DISK_MEGABYTES, HOME), (64, "/tmp")):
        command += ["--perms", "1777", "--size", str(size * 2**20), "--tmpfs", place]
    command += ["--ro-bind", "/usr", "/usr"]
    for name in ("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"):
        if Path(name).is_symlink():
            command += ["--symlink", str(Path(name).readlink()), name]
        elif Path(name).is_dir():
            command += ["--ro-bind", name, name]
    for name in ("/etc/ld.so.cache", "/etc/localtime"):
        command += ["--ro-bind-try", name, name]
    for prefix in dict.fromkeys(map(os.path.abspath, (sys.base_prefix, sys.base_exec_prefix, sys.prefix))):
        if not prefix.startswith("/usr"):
            # Its folders, too, must be open to nobody.
            for parent in reversed(Path(prefix).parents[:-1]):
                command += ["--perms", "0755", "--dir", str(parent)]
            command += ["--ro-bind", prefix, prefix]
    command += ["--ro-bind", str(given), "/given", "--proc", "/proc", "--ro-bind", "/proc/sys", "/proc/sys"]
    command += ["--dev", "/dev"]
    command += ["--perms", "1777", "--size", str(64 * 2**20), "--tmpfs", "/dev/shm"]
    command += ["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", HOME]
    for name, value in (ENVIRONMENT | _places(Path(HOME)) | {"TMPDIR": "/tmp"}).items():
        command += ["--setenv", name, value]
    return command


def run(kit: Kit, cells: list[str], seconds: float, megabytes: int, names: list[str] | None = None) -> Outcome:
    """Run the code of a notebook's cells apart; return how it ended and the variables asked for.

    The time is for the whole notebook, the memory for all its processes together. After every cell the answers so far are
    told, so a notebook that never ends keeps what it had before. Raises OSError where it could not be started.
    """
    names = kit.names if names is None else names
    root = os.geteuid() == 0
    user = unused_user() if root and kit.way != NONE else None
    task = {
        "cells": cells,
        "names": names,
        "given": "/given" if kit.way == BUBBLEWRAP else str(kit.given),
        "user": user if kit.way == BUBBLEWRAP else None,
        "seconds": int(seconds) + 1,
        "megabytes": megabytes,
        # Without isolation, the count would take in every other process of this user.
        "processes": 0 if kit.way == NONE else PROCESSES,
        "isolated": kit.way != NONE,
    }
    with tempfile.TemporaryDirectory(prefix="notebook-") as folder, tempfile.TemporaryFile() as told:
        told.write(json.dumps(task).encode())
        told.seek(0)
        # -I: neither the folder of the notebook nor the environment adds a place to import from.
        command = [PYTHON, "-I", "-B", f"{task['given']}/inside.py"]
        options = {"cwd": folder, "env": ENVIRONMENT | _places(Path(folder))}
        if kit.way == BUBBLEWRAP:
            command = _bubblewrap(kit.given, root) + command
            options["cwd"] = "/"
        elif kit.way == USER:
            os.chown(folder, user, user)
            options |= {"user": user, "group": user, "extra_groups": []}
        child = subprocess.Popen(
            command, stdin=told, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True, **options
        )  # fmt: skip
        started = _Started(child, kit.way, user, Path(folder))
        try:
            return _listen(started, names, seconds, megabytes)
        finally:
            _end(started)


@dataclass(frozen=True)
class _Started:
    """The process of a notebook, the way in which it runs, its user and its folder."""

    child: subprocess.Popen
    way: str
    user: int | None
    folder: Path

    def processes(self) -> list[psutil.Process]:
        """Return what the notebook has running: below its process, or wherever its user has something."""
        if self.way == USER:
            everywhere = psutil.process_iter(["uids", "status"])
            return [
                process
                for process in everywhere
                if process.info["uids"]
                and process.info["uids"].real == self.user
                and process.info["status"] != psutil.STATUS_ZOMBIE
            ]
        try:
            return psutil.Process(self.child.pid).children(recursive=True)
        except psutil.Error:
            return []


def _end(started: _Started) -> None:
    """End the process and all that it started. With bubblewrap, all end with the first process of their own namespace."""
    if started.way == BUBBLEWRAP:
        for process in started.processes():
            with contextlib.suppress(psutil.Error):
                process.kill()
    with contextlib.suppress(ProcessLookupError):
        os.killpg(started.child.pid, signal.SIGKILL)
    if started.way == USER:
        command, nobody = ["/bin/sh", "-c", "kill -KILL -1"], {"user": started.user, "group": started.user, "extra_groups": []}
        until = time.monotonic() + 20
        while started.processes():
            # A signal to all processes of a user: none can start another one in between, though one can end the sender.
            subprocess.run(command, stderr=subprocess.DEVNULL, **nobody)
            for process in started.processes():
                with contextlib.suppress(psutil.Error):
                    process.kill()
            if time.monotonic() > until:
                raise OSError(f"processes of user {started.user} cannot be ended")
    started.child.wait()
    started.child.stdout.close()


def _listen(started: _Started, names: list[str], seconds: float, megabytes: int) -> Outcome:
    """Read what a notebook's process tells until it ends or must be ended."""
    child = started.child
    outcome = Outcome(reason="it ended before its first cell")
    errors: list[str] = []
    deadline, look = time.monotonic() + seconds, time.monotonic() + LOOK
    pending, heard, ended = b"", 0, False
    with selectors.DefaultSelector() as ready:
        ready.register(child.stdout, selectors.EVENT_READ)
        while not ended:
            now = time.monotonic()
            if now >= deadline:
                where = "before its first cell" if outcome.cell is None else f"in cell {outcome.cell + 1}"
                outcome.status, outcome.reason = "timed out", f"stopped after {seconds:g} seconds {where}"
                break
            if now >= look:
                look = now + LOOK
                stop = _too_much(started, megabytes)
                if stop:
                    outcome.status, outcome.reason = stop
                    break
            if not ready.select(min(deadline, look) - now):
                # A process left behind may hold the pipe open.
                if child.poll() is not None and not ready.select(0):
                    break
                continue
            heard_now = os.read(child.stdout.fileno(), 1 << 16)
            if not heard_now:
                break
            heard += len(heard_now)
            pending += heard_now
            if heard > MOST_OUTPUT or len(pending) > LONGEST_LINE:
                outcome.status, outcome.reason = "too much output", "it said more than any answer needs"
                break
            *lines, pending = pending.split(b"\n")
            for line in lines:
                ended = _hear(line, names, outcome, errors) or ended
    if ended:
        # It may have ended before the next look was due.
        stop = _too_much(started, megabytes)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(1)
        outcome.status, outcome.reason = ("error", "; ".join(errors[:3])) if errors else ("ok", "")
        if "out of memory" in errors:
            outcome.status, outcome.reason = "out of memory", f"a cell needed more than {megabytes} MB"
        elif stop:
            outcome.status, outcome.reason = stop
    elif outcome.status == "crashed" and outcome.answers:
        outcome.reason = "its process ended in the middle"
    return outcome


def _hear(line: bytes, names: list[str], outcome: Outcome, errors: list[str]) -> bool:
    """Take in one line from a notebook's process; return whether it says that the notebook is over."""
    try:
        told = json.loads(line, parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        return False
    if not isinstance(told, dict):
        return False
    if isinstance(told.get("answers"), dict):
        outcome.answers = {name: plain(told["answers"].get(name)) for name in names}
    if isinstance(told.get("cell"), int):
        outcome.cell = told["cell"] % 10_000
    if told.get("memory") is True:
        errors.append("out of memory")
    elif isinstance(told.get("error"), str) and isinstance(told.get("cell"), int) and len(errors) < 100:
        text = "".join(character if character.isprintable() else " " for character in told["error"][:300])
        errors.append(f"cell {outcome.cell}: {text}")
    return told.get("end") is True


def _too_much(started: _Started, megabytes: int) -> tuple[str, str] | None:
    """Return status and reason where a notebook's processes hold too much memory, or too many files."""
    memory, count, inner = 0, 0, started.child.pid
    for process in started.processes():
        with contextlib.suppress(psutil.Error):
            memory += process.memory_info().rss
            count, inner = count + 1, process.pid
    if memory > megabytes * 2**20:
        return "out of memory", f"its {count} processes held more than {megabytes} MB"
    with contextlib.suppress(OSError):
        if started.way == BUBBLEWRAP:
            disk = os.statvfs(f"/proc/{inner}/root{HOME}")
            # The folder itself has no more room than it may take; where it is not there yet, or no more, one of its name outside
            # may be found in its place.
            own = disk.f_blocks * disk.f_frsize == DISK_MEGABYTES * 2**20
            files, stored = disk.f_files - disk.f_ffree if own else 0, 0
        else:
            everything = (Path(place) / name for place, _, names in os.walk(started.folder) for name in names)
            sizes = [path.lstat().st_blocks * 512 for path in everything]
            files, stored = len(sizes), sum(sizes)
        if files > MOST_FILES or stored > DISK_MEGABYTES * 2**20:
            return "crashed", f"it stored more than {MOST_FILES} files or {DISK_MEGABYTES} MB"
    return None


class Isolated(AbstractOtterPlugin):
    """The plugin that stands in Otter's place while student code runs, on Gradescope and in containers."""

    outcome = Outcome()

    def before_grading(self, config) -> None:
        """Remove everything from the folder of the submission that is neither its notebook nor ours, and shut the others.

        A log of Otter's is a pickle, which can run code when it is read, and a student's pandas.py would be imported.
        """
        ours = {file.name for file in Path("../source/files").glob("*")} | {"tests"}
        for file in Path.cwd().iterdir():
            if file.name not in ours and file.suffix != ".ipynb":
                shutil.rmtree(file) if file.is_dir() and not file.is_symlink() else file.unlink()
        # Tests, and what Gradescope tells of the student, are the grader's alone. Nothing needs the folders open later.
        for path in (Path.cwd(), Path("../source"), Path("../results"), Path("../submission_metadata.json")):
            if path.exists():
                path.chmod(0o700)

    def before_execution(self, submission):
        """Run the submission apart and return a notebook that holds its answers alone."""
        import nbformat

        seconds = float(os.environ.get("KIT_SECONDS", SECONDS))
        megabytes = int(os.environ.get("KIT_MEGABYTES", MEGABYTES))
        tests = Path("tests").resolve()
        trust = os.environ.get("KIT_TRUST") == "1"
        kit = Kit(Path("tables"), asked_for(tests), [tests, Path("../source").resolve()], trust)
        try:
            Isolated.outcome = run(kit, code_of(submission), seconds, megabytes)
        finally:
            kit.close()
        here = str(Path(__file__).resolve().parent)
        answers = json.dumps(Isolated.outcome.answers)
        cell = (
            f"import sys, json; sys.path.append({here!r})\nimport isolate\n"
            f"globals().update({{n: isolate.decode(v) for n, v in json.loads({answers!r}).items()}})"
        )
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell)])
        notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
        return notebook

    def after_grading(self, results) -> None:
        """Put q2 before q10."""
        results.results = {name: results.results[name] for name in sorted(results.results, key=lambda name: (len(name), name))}

    def generate_report(self) -> str:
        """Say in the grading summary how the notebook ended."""
        return f"Notebook: {Isolated.outcome.status} {Isolated.outcome.reason}".strip()


def code_of(submission) -> list[str]:
    """Return the code of the cells of a notebook; a script is one cell."""
    if isinstance(submission, str):
        return [submission]
    return [str(cell.source) for cell in submission.cells if cell.cell_type == "code"]
