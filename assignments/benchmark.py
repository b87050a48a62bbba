"""Measure how long grading takes: grade copies of the solution of the first assignment, then find them graded.

Usage: .venv-assignments/bin/python assignments/benchmark.py [how many copies, 20] [jobs]
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil

import build
import grade


class Meter:
    """Adds up the processor time of all processes below this one, by looking often: not all are waited for by another."""

    def __init__(self):
        self.seen: dict[tuple[int, float], float] = {}
        threading.Thread(target=self.watch, daemon=True).start()

    def watch(self) -> None:
        """Look at every process, for as long as this one lives."""
        while True:
            for process in [psutil.Process(), *psutil.Process().children(recursive=True)]:
                with contextlib.suppress(psutil.Error):
                    times = process.cpu_times()
                    self.seen[process.pid, process.create_time()] = times.user + times.system
            time.sleep(0.05)

    def seconds(self) -> float:
        """Return processor seconds so far."""
        return sum(list(self.seen.values()))


def main(copies: int = 20, jobs: int = os.cpu_count() or 1) -> None:
    """Grade copies and print the rate, by the clock and in processor time."""
    name = build.names()[0]
    os.environ["KIT_TRUST"] = "1"
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        build.build(name, work / "built")
        (work / "in").mkdir()
        for number in range(copies):
            shutil.copy(work / "built" / name / "autograder" / f"{name}.ipynb", work / "in" / f"student-{number:03}.ipynb")
        took, used, meter = [], [], Meter()
        for _ in range(2):
            before, start = meter.seconds(), time.monotonic()
            grade.grade(work / "built" / f"{name}-autograder.zip", work / "in", work / "out", jobs, 120, 3000)
            took.append(time.monotonic() - start)
            used.append(meter.seconds() - before)
    print(f"{copies} submissions, {jobs} at a time: {took[0]:.0f} s, {used[0] / copies:.1f} s of processor each")
    print(f"200 with {jobs} idle cores: {200 * used[0] / copies / jobs / 60:.1f} minutes; started again: {took[1]:.1f} s")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
