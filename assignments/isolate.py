"""Run a student's notebook where no test and no solution is, and hand only its answers to the tests.

Otter runs hidden tests in the kernel that ran the student's code, so that code could read the tests or patch what
counts the points. This plugin of Otter's takes the notebook before that happens: it runs the cells in a process of
their own, in an empty folder with the tables, under limits of time and memory; reads the variables that tests ask for
as plain JSON; and gives Otter a notebook that holds nothing but those values.

It is no wall against an attack on the operating system: the process runs as the same user. See README.md.
"""

from __future__ import annotations

import ast
import contextlib
import datetime
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import types
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
from otter.plugins import AbstractOtterPlugin

SECONDS = 120
MEGABYTES = 3000
# Answers are numbers and small tables; more than this is no answer.
LARGEST_ANSWERS = 20_000_000
MEMORY_ERROR = "out of memory"


def encode(value: object) -> object:
    """Return a value as what JSON can hold; a function or any other object is no answer and becomes None."""
    if value is None or value is pd.NA or value is pd.NaT or value is Ellipsis:
        return None
    if isinstance(value, np.generic):
        return encode(value.item())
    if isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, (datetime.date, datetime.datetime, pd.Period, pd.Interval)):
        return str(value)
    if isinstance(value, Fraction):
        return float(value)
    if isinstance(value, pd.DataFrame):
        columns = [[encode(name), [encode(one) for one in value.iloc[:, i]]] for i, name in enumerate(value.columns)]
        return {"frame": columns, "index": [encode(one) for one in value.index], "name": encode(value.index.name)}
    if isinstance(value, pd.Series):
        return {"series": [encode(one) for one in value], "index": [encode(one) for one in value.index]}
    if isinstance(value, Mapping):
        return {"dict": [[encode(key), encode(one)] for key, one in value.items()]}
    if isinstance(value, np.ndarray) and value.ndim == 0:
        return encode(value.item())
    if isinstance(value, (set, frozenset)):
        return {"list": sorted((encode(one) for one in value), key=repr)}
    sequences = (list, tuple, range, np.ndarray, pd.Index, pd.api.extensions.ExtensionArray)
    if isinstance(value, sequences) or type(value).__name__ in ("dict_keys", "dict_values"):
        return {"list": [encode(one) for one in value]}
    return None


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


def asked_for(tests: Path) -> list[str]:
    """Return the variables that test files ask for: the parameters of their functions."""
    names = set()
    for file in tests.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.decorator_list:
                names.update(argument.arg for argument in node.args.args)
    return sorted(names)


class Isolated(AbstractOtterPlugin):
    """The plugin that stands in Otter's place while student code runs."""

    # How the last notebook of this process ended: "ok", "error in a cell", "timed out", "out of memory", "crashed".
    status = "ok"

    def before_grading(self, config) -> None:
        """Remove everything from the folder of the submission that is neither its notebook nor ours.

        A log of Otter's is a pickle, which can run code when it is read, and a student's pandas.py would be imported.
        """
        ours = {file.name for file in Path("../source/files").glob("*")} | {"tests"}
        for file in Path.cwd().iterdir():
            if file.name not in ours and file.suffix != ".ipynb":
                shutil.rmtree(file) if file.is_dir() and not file.is_symlink() else file.unlink()

    def before_execution(self, submission):
        """Run the submission apart and return a notebook that holds its answers alone."""
        seconds = float(os.environ.get("KIT_SECONDS", SECONDS))
        megabytes = int(os.environ.get("KIT_MEGABYTES", MEGABYTES))
        Isolated.status, answers = run(submission, asked_for(Path("tests")), Path("tables"), seconds, megabytes)
        here = str(Path(__file__).resolve().parent)
        cell = (
            f"import sys, json; sys.path.append({here!r})\nimport isolate\n"
            f"globals().update({{n: isolate.decode(v) for n, v in json.loads({answers!r}).items()}})"
        )
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell)])
        notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
        return notebook

    def generate_report(self) -> str:
        """Say in the grading summary how the notebook ended."""
        return f"Notebook: {Isolated.status}"


def run(notebook, names: list[str], tables: Path, seconds: float, megabytes: int) -> tuple[str, str]:
    """Run a notebook in a process of its own; return how it ended and the named variables as JSON.

    After every cell the answers so far are written, so a notebook that never ends keeps what it had before.
    """
    with tempfile.TemporaryDirectory(prefix="notebook-") as folder:
        work = Path(folder).resolve()
        shutil.copytree(tables, work / "tables")
        (work / "tmp").mkdir()
        nbformat.write(notebook, work / "notebook.ipynb")
        environment = {name: os.environ[name] for name in os.environ if name.startswith("OPENBLAS")}
        environment |= {"PATH": os.defpath, "HOME": folder, "TMPDIR": str(work / "tmp"), "LANG": "C.UTF-8", "MPLBACKEND": "Agg"}
        environment |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}
        # -I: neither the folder of the submission nor the environment adds a place to import from.
        command = [sys.executable, "-I", str(Path(__file__).resolve()), *map(str, (int(seconds) + 1, megabytes)), *names]
        child = subprocess.Popen(
            command, cwd=work, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        try:
            child.wait(timeout=seconds)
            status = {0: "ok", 3: "error in a cell", 4: MEMORY_ERROR}.get(child.returncode, "crashed")
            if child.returncode == -signal.SIGXCPU:
                status = "timed out"
        except subprocess.TimeoutExpired:
            status = "timed out"
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()
        written = work / "answers.json"
        if written.is_symlink() or not written.is_file() or written.stat().st_size > LARGEST_ANSWERS:
            return status, "{}"
        try:
            answers = json.loads(written.read_text(encoding="utf-8"))
            known = {name: answers[name] for name in names if name in answers}
        except (ValueError, TypeError, RecursionError):
            return status, "{}"
        return status, json.dumps(known)


def _guard(work: Path) -> None:
    """Refuse, from now on, files outside the folder, the network and other programs.

    Python calls an audit hook before it opens a file or starts a program. It stops code that looks around,
    not code that breaks out of Python on purpose.
    """
    readable = tuple(
        os.path.realpath(one) + os.sep
        for one in (
            work,
            sys.prefix,
            sys.base_prefix,
            "/usr",
            "/lib",
            "/lib64",
            "/etc",
            "/dev",
            "/System",
            "/Library",
            "/proc/self",
        )
    )
    writable = os.path.realpath(work) + os.sep
    hidden = str(Path(__file__).resolve().parent) + os.sep
    realpath, fspath, sep = os.path.realpath, os.fspath, os.sep
    programs = ("subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "os.kill", "pty.")
    network = ("socket.connect", "socket.bind", "socket.sendto", "ftplib.", "urllib.")
    changes = (
        "os.remove",
        "os.rename",
        "os.rmdir",
        "os.chmod",
        "os.chown",
        "os.truncate",
        "os.link",
        "os.mkdir",
        "shutil.rmtree",
    )

    def hook(event, arguments):
        if event.startswith(programs) or event.startswith(network):
            raise PermissionError(f"not allowed while grading: {event}")
        if event in ("open", "sqlite3.connect") or event.startswith(changes):
            for one in arguments[: 2 if event.startswith(("os.rename", "os.link")) else 1]:
                if not isinstance(one, (str, bytes)) and not hasattr(one, "__fspath__"):
                    continue
                path = fspath(one)
                path = realpath(path.decode(errors="replace") if isinstance(path, bytes) else path) + sep
                changing = event != "open" or (isinstance(arguments[1], str) and set(arguments[1]) & set("wax+"))
                allowed = path.startswith(writable) if changing else path.startswith(readable)
                if path.startswith(hidden) or not (allowed or path.startswith("/dev/null")):
                    raise PermissionError("not allowed while grading: a file outside the folder of the notebook")

    sys.addaudithook(hook)


def _limit(seconds: int, megabytes: int) -> None:
    """Set the limits of this process for good: processor time, memory, size of a file."""
    # Ends the process also when nobody is left to end it.
    signal.alarm(seconds + 5)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (megabytes * 2**20,) * 2)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100 * 2**20,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


class _Silent:
    """Stands for otter.Notebook in a student's notebook: every call does nothing."""

    def __init__(self, *_, **__):
        pass

    def __getattr__(self, name: str):
        return lambda *_, **__: None


def _child(seconds: int, megabytes: int, names: list[str]) -> int:
    """Run the cells of notebook.ipynb in the current folder; write answers.json after each."""
    from IPython.core.interactiveshell import InteractiveShell

    notebook = nbformat.read("notebook.ipynb", as_version=4)
    shell = InteractiveShell.instance()
    # Public tests are no matter of grading, and need the notebook by its own name.
    sys.modules["otter"] = types.SimpleNamespace(Notebook=_Silent)
    sys.path.insert(0, "")
    ended = 0
    _limit(seconds, megabytes)
    _guard(Path.cwd())
    for cell in notebook.cells:
        # Otter's own cells: start, checks, export.
        own = cell.metadata.get("otter", {}).get("ignore") or "otter_ignore" in cell.metadata.get("tags", [])
        if cell.cell_type != "code" or own:
            continue
        result = shell.run_cell(cell.source, store_history=False)
        error = result.error_in_exec or result.error_before_exec
        if isinstance(error, MemoryError):
            ended = 4
        elif error is not None and ended == 0:
            ended = 3
        _write(shell.user_ns, names)
    return ended


def _write(values: dict, names: list[str]) -> None:
    """Write the named variables; one that cannot be read is left out."""
    answers = {}
    for name in names:
        try:
            value = encode(values.get(name))
            # Not a number is no answer, and no JSON.
            answers[name] = json.loads(json.dumps(value), parse_constant=lambda _: None)
        except Exception:
            answers[name] = None
    Path("answers.part").write_text(json.dumps(answers), encoding="utf-8")
    Path("answers.part").replace("answers.json")


if __name__ == "__main__":
    code = _child(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
    # No thread and no exit handler of the notebook keeps the process.
    os._exit(code)
