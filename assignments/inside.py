"""Run a notebook's cells where nothing but the tables can be reached, and tell its answers: isolate.py starts this.

Everything this process says is the word of whoever wrote the notebook. It reads one JSON task from standard input, and
writes one line of JSON after each cell to the pipe that was its standard output.
"""

from __future__ import annotations

import builtins
import contextlib
import ctypes
import datetime
import gc
import itertools
import json
import os
import platform
import resource
import shutil
import signal
import struct
import sys
import types
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

# Nothing that an import makes is garbage, and every notebook waits for these.
gc.disable()
import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402

gc.enable()

# Answers are numbers and small tables; a value of more parts than this is no answer.
MOST_PARTS = 20_000
MOST_TEXT = 10_000

# Calls of the kernel's that no notebook needs: other processes, key rings, namespaces and mounts, and memory that no
# count of a process's memory shows. Numbers for x86-64 and for ARM (64 bits).
REFUSED = {
    "x86_64": (
        *(29, 30, 31, 64, 68, 240),  # shmget, shmat, shmctl, semget, msgget, mq_open
        *(101, 310, 311, 312),  # ptrace, process_vm_readv, process_vm_writev, kcmp
        *(155, 161, 165, 166, 272, 308, 428, 429, 430, 432, 442),  # pivot_root, chroot, mount, umount2, unshare, setns, ...
        *(248, 249, 250),  # add_key, request_key, keyctl
        *(298, 319, 321, 323, 425, 447),  # perf_event_open, memfd_create, bpf, userfaultfd, io_uring_setup, memfd_secret
    ),
    "aarch64": (
        *(194, 195, 196, 190, 186, 180),
        *(117, 270, 271, 272),
        *(41, 51, 40, 39, 97, 268, 428, 429, 430, 432, 442),
        *(217, 218, 219),
        *(241, 279, 280, 282, 425, 447),
    ),
}
# The kernel's name for the machine, and the numbers of clone and socket.
MACHINE = {"x86_64": (0xC000003E, 56, 41), "aarch64": (0xC00000B7, 220, 198)}
CLONE3, CLONE_NEW, AF_UNIX = 435, 0x7E020000, 1


def encode(value: object) -> object:
    """Return a value as what JSON can hold; a function or any other object is no answer and becomes None.

    Raises ValueError where a value has more than MOST_PARTS parts.
    """
    left = MOST_PARTS

    def several(values) -> list:
        nonlocal left
        found = [one(part) for part in itertools.islice(values, left + 1)]
        left -= len(found)
        if left < 0:
            raise ValueError(f"more than {MOST_PARTS} values")
        return found

    def one(value: object) -> object:
        if value is None or value is pd.NA or value is pd.NaT or value is Ellipsis:
            return None
        if isinstance(value, np.generic):
            return one(value.item())
        if isinstance(value, (bool, int, float, str)):
            return value
        if isinstance(value, (datetime.date, datetime.datetime, pd.Period, pd.Interval)):
            return str(value)
        if isinstance(value, (Fraction, Decimal)):
            return float(value)
        if isinstance(value, pd.DataFrame):
            if value.size > left:
                raise ValueError(f"more than {MOST_PARTS} values")
            columns = [[one(name), several(value.iloc[:, i])] for i, name in enumerate(value.columns)]
            return {"frame": columns, "index": several(value.index), "name": one(value.index.name)}
        if isinstance(value, pd.Series):
            return {"series": several(value), "index": several(value.index)}
        if isinstance(value, Mapping):
            return {"dict": [[one(key), one(part)] for key, part in itertools.islice(value.items(), MOST_PARTS)]}
        if isinstance(value, np.ndarray) and value.ndim == 0:
            return one(value.item())
        if isinstance(value, (set, frozenset)):
            return {"list": sorted(several(value), key=repr)}
        sequences = (list, tuple, range, np.ndarray, pd.Index, pd.api.extensions.ExtensionArray)
        if isinstance(value, sequences) or type(value).__name__ in ("dict_keys", "dict_values"):
            return {"list": several(value)}
        return None

    return one(value)


def refuse_calls() -> None:
    """Have the kernel refuse, for good and for every process started from here, what a notebook does not need.

    That is REFUSED, every socket but those between processes here, and new namespaces. Raises OSError where the kernel
    or the machine has no such filter.
    """
    machine = platform.machine()
    if machine not in MACHINE:
        raise OSError(f"no list of calls for {machine}")
    architecture, clone, socket = MACHINE[machine]

    def line(code: int, value: int, true: int = 0, false: int = 0) -> bytes:
        return struct.pack("=HBBI", code, true, false, value)

    load, equal, any_bit, at_least, answer = 0x20, 0x15, 0x45, 0x35, 0x06
    allow, kill, not_permitted, not_there = 0x7FFF0000, 0x80000000, 0x00050001, 0x00050026
    # In struct seccomp_data: the call at 0, the machine at 4, the first argument at 16.
    program = [line(load, 4), line(equal, architecture, true=1), line(answer, kill), line(load, 0)]
    # Numbers from here are another way of calling on x86-64 (x32).
    program += [line(at_least, 0x40000000, false=1), line(answer, kill)]
    program += [part for number in REFUSED[machine] for part in (line(equal, number, false=1), line(answer, not_permitted))]
    # glibc falls back to clone, whose flags can be read.
    program += [line(equal, CLONE3, false=1), line(answer, not_there)]
    program += [line(equal, clone, false=3), line(load, 16), line(any_bit, CLONE_NEW, false=1), line(answer, not_permitted)]
    program += [line(load, 0), line(equal, socket, false=3)]
    program += [line(load, 16), line(equal, AF_UNIX, true=1), line(answer, not_permitted)]
    program += [line(answer, allow)]
    code = ctypes.create_string_buffer(b"".join(program))
    filters = struct.pack("@HP", len(program), ctypes.addressof(code))
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    prctl.argtypes = (ctypes.c_int, ctypes.c_ulong, ctypes.c_char_p, ctypes.c_ulong, ctypes.c_ulong)
    no_new_privileges, set_seccomp, mode_filter, death_signal = 38, 22, 2, 1
    prctl(death_signal, signal.SIGKILL, None, 0, 0)
    if prctl(no_new_privileges, 1, None, 0, 0) or prctl(set_seccomp, mode_filter, filters, 0, 0):
        raise OSError(ctypes.get_errno(), "the kernel takes no filter of calls")


def limit(seconds: int, megabytes: int, processes: int) -> None:
    """Set the limits of this process, and of each it starts, for good."""
    limits = {
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_AS: megabytes * 2**20,
        resource.RLIMIT_FSIZE: 100 * 2**20,
        resource.RLIMIT_NOFILE: 256,
        resource.RLIMIT_CORE: 0,
    }
    if processes:
        limits |= {resource.RLIMIT_NPROC: processes, resource.RLIMIT_MSGQUEUE: 0, resource.RLIMIT_MEMLOCK: 0}
    for name, most in limits.items():
        now = resource.getrlimit(name)[1]
        most = most if now == resource.RLIM_INFINITY else min(most, now)
        # macOS knows some of them by name alone.
        with contextlib.suppress(ValueError) if sys.platform != "linux" else contextlib.nullcontext():
            resource.setrlimit(name, (most, most))
    # Ends the process also when nobody is left to end it.
    signal.alarm(seconds + 5)


class _Silent:
    """Stands for what a notebook may import elsewhere and needs nothing from: every call does nothing."""

    def __init__(self, *_, **__):
        pass

    def __getattr__(self, name: str):
        return lambda *_, **__: None


def shell_for_notebooks():
    """Return IPython's shell, without the parts that need a person, a network or the kernel of a notebook."""
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    settings = Config()
    settings.HistoryManager.enabled = False
    settings.InteractiveShell.colors = "nocolor"
    shell = InteractiveShell.instance(config=settings)
    # Public tests are no matter of grading, nor is what Colab offers.
    sys.modules["otter"] = types.SimpleNamespace(Notebook=_Silent)
    sys.modules["google.colab"] = types.SimpleNamespace(files=_Silent(), drive=_Silent(), data_table=_Silent())
    for name in ("pip", "conda", "mamba", "uv", "matplotlib"):
        shell.register_magic_function(lambda line: None, "line", name)
    builtins.input = lambda prompt="": ""
    sys.path.insert(0, "")
    return shell


def run(task: dict, tell) -> None:
    """Run the cells of a task; after each, tell what went wrong in it and the answers so far."""
    shell = shell_for_notebooks()
    for number, source in enumerate(task["cells"], 1):
        try:
            result = shell.run_cell(source, store_history=False)
            error = result.error_before_exec or result.error_in_exec
        except BaseException as other:
            error = other
        # A magic that only notebooks elsewhere have.
        if type(error).__name__ == "UsageError":
            error = None
        told = {"cell": number, "answers": answers(shell.user_ns, task["names"])}
        if error is not None:
            told |= {"error": describe(error), "memory": isinstance(error, MemoryError)}
        tell(told)
    tell({"end": True})


def describe(error: BaseException) -> str:
    """Return the kind of an error and its first line."""
    try:
        return f"{type(error).__name__}: {str(error).strip().splitlines()[0][:200]}"
    except BaseException:
        return type(error).__name__


def answers(values: dict, names: list[str]) -> dict:
    """Return the named variables; one that cannot be read, or is too large, is None."""
    found = {}
    for name in names:
        try:
            # Not a number is no answer, and no JSON.
            found[name] = json.loads(json.dumps(encode(values.get(name))), parse_constant=lambda _: None)
        except BaseException:
            found[name] = None
    return found


def main() -> None:
    """Read the task, give up every right, and run it."""
    out = os.dup(1)
    task = json.load(sys.stdin)
    null = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    given, home = Path(task["given"]), Path.cwd()
    shutil.copytree(given / "tables", home / "tables")
    # Else matplotlib looks through all fonts, for seconds.
    shutil.copytree(given / "matplotlib", home / ".matplotlib")
    (home / "tmp").mkdir(exist_ok=True)
    if task["user"] is not None:
        for path in (home, *home.rglob("*")):
            os.chown(path, task["user"], task["user"])
        os.setgroups([])
        os.setresgid(*[task["user"]] * 3)
        os.setresuid(*[task["user"]] * 3)
    limit(task["seconds"], task["megabytes"], task["processes"])
    if task["isolated"]:
        refuse_calls()

    def tell(told: dict) -> None:
        data = json.dumps(told).encode() + b"\n"
        while data:
            data = data[os.write(out, data) :]

    tell({"cell": 0})
    run(task, tell)


if __name__ == "__main__":
    code = 1
    with contextlib.suppress(BaseException):
        main()
        code = 0
    # No thread and no exit handler of the notebook keeps the process.
    os._exit(code)
