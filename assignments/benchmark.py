"""Measure how long grading takes: grade copies of the solution of the first assignment.

Usage: .venv-assignments/bin/python assignments/benchmark.py [how many copies, 20] [jobs]
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

import build
import grade


def main(copies: int = 20, jobs: int = os.cpu_count() or 1) -> None:
    """Grade copies and print the rate, by the clock and in processor time."""
    name = build.names()[0]
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        build.build(name, work / "built")
        (work / "in").mkdir()
        for number in range(copies):
            shutil.copy(work / "built" / name / "autograder" / f"{name}.ipynb", work / "in" / f"student-{number:03}.ipynb")
        before, start = os.times(), time.monotonic()
        grade.grade(work / "built" / f"{name}-autograder.zip", work / "in", work / "out", jobs, 120, 3000)
        took, after = time.monotonic() - start, os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    print(f"{copies} submissions, {jobs} at a time: {took:.0f} s, {used / copies:.1f} s of processor each")
    print(
        f"200 at this rate: {200 * took / copies / 60:.1f} minutes; with {jobs} idle cores {200 * used / copies / jobs / 60:.1f}"
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
