"""Grade a folder of submissions in parallel processes, without Docker: `make grade`.

Every submission is graded by Otter in a process of its own, and the student's code runs in another one below it, under
limits (isolate.py). So a notebook that never ends, crashes or fills memory ends alone. Each result is written at once;
started again, only what is missing or has changed is graded.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

import isolate

BUILT = Path(__file__).resolve().parent.parent / "_build" / "assignments"
GRADES = BUILT.parent / "grades"
# For Otter itself, beside the time that the notebook may take.
OVERHEAD_SECONDS = 120


def submissions(folder: Path) -> dict[str, Path]:
    """Return student -> file: notebooks, or zips that hold one, named for the student as the LMS delivers them."""
    files = [file for file in sorted(folder.iterdir()) if file.suffix in (".ipynb", ".zip") and not file.name.startswith(".")]
    found: dict[str, Path] = {}
    for file in files:
        if file.stem in found:
            raise SystemExit(f"{folder}: {found[file.stem].name} and {file.name} have the same student; remove one")
        found[file.stem] = file
    return found


def grade_one(submission: Path, autograder: Path) -> dict:
    """Grade one submission in this process with Otter; return its status and the points of each question."""
    from otter.run import main as otter_run

    with tempfile.TemporaryDirectory() as folder:
        notebook = Path(folder) / "submission.ipynb"
        if submission.suffix == ".zip":
            with zipfile.ZipFile(submission) as archive:
                inside = [name for name in archive.namelist() if name.endswith(".ipynb") and "/." not in f"/{name}"]
                if len(inside) != 1:
                    raise ValueError(f"{len(inside)} notebooks in the zip, not one")
                # Nothing but the notebook is taken: the rest could stand in for our files.
                notebook.write_bytes(archive.read(inside[0]))
        else:
            notebook.write_bytes(submission.read_bytes())
        results = otter_run(str(notebook), autograder=str(autograder), output_dir=None, no_logo=True)
    scores = {name: [result.score, result.possible] for name, result in results.results.items()}
    return {"status": isolate.Isolated.status, "scores": scores}


def key(submission: Path, autograder: Path, seconds: float, megabytes: int) -> str:
    """Return what a result depends on, as one checksum."""
    parts = submission.read_bytes() + autograder.read_bytes() + f"{seconds} {megabytes}".encode()
    return hashlib.sha256(parts).hexdigest()


def graded_apart(student: str, submission: Path, autograder: Path, out: Path, seconds: float, megabytes: int) -> dict:
    """Grade one submission in a process of its own and write the result."""
    start = time.monotonic()
    result = {"student": student, "key": key(submission, autograder, seconds, megabytes), "status": "not graded", "scores": {}}
    with tempfile.TemporaryDirectory(prefix="grade-") as folder:
        told = Path(folder) / "result.json"
        environment = os.environ | {"KIT_SECONDS": str(seconds), "KIT_MEGABYTES": str(megabytes), "TMPDIR": folder}
        command = [sys.executable, __file__, "--one", str(submission), str(autograder), str(told)]
        child = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        try:
            _, errors = child.communicate(timeout=seconds + OVERHEAD_SECONDS)
            result |= json.loads(told.read_text(encoding="utf-8")) if told.is_file() else {"message": errors.strip()[-500:]}
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
            result["message"] = "Otter took too long"
    result["seconds"] = round(time.monotonic() - start, 1)
    part = out / f"{student}.part"
    part.write_text(json.dumps(result, indent=1), encoding="utf-8")
    part.replace(out / f"{student}.json")
    return result


def questions(autograder: Path) -> list[str]:
    """Return the names of the graded questions in their natural order."""
    with zipfile.ZipFile(autograder) as archive:
        names = [Path(name).stem for name in archive.namelist() if name.startswith("tests/") and name.endswith(".py")]
    return sorted(names, key=lambda name: (len(name), name))


def write_csv(path: Path, results: list[dict], columns: list[str]) -> None:
    """Write one row a student, as an LMS reads it. What was not graded is blank and not 0."""
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["student", "total", *columns, "status"])
        for result in sorted(results, key=lambda one: one["student"]):
            points = [result["scores"].get(name, [""])[0] for name in columns]
            total = sum(points) if result["scores"] else ""
            # A leading = + - @ would be a formula in a spreadsheet.
            student = "'" + result["student"] if result["student"][0] in "=+-@" else result["student"]
            table.writerow([student, total, *points, result["status"]])


def grade(autograder: Path, folder: Path, out: Path, jobs: int, seconds: float, megabytes: int) -> Path:
    """Grade a folder; return the path of scores.csv."""
    out.mkdir(parents=True, exist_ok=True)
    todo, done = {}, []
    for student, file in submissions(folder).items():
        stored = out / f"{student}.json"
        before = json.loads(stored.read_text(encoding="utf-8")) if stored.is_file() else {}
        if before.get("key") == key(file, autograder, seconds, megabytes):
            done.append(before)
        else:
            todo[student] = file
    total = len(todo) + len(done)
    if done:
        print(f"{len(done)} of {total} are graded already", flush=True)
    start = time.monotonic()
    with ThreadPoolExecutor(jobs) as pool:
        running = [pool.submit(graded_apart, name, file, autograder, out, seconds, megabytes) for name, file in todo.items()]
        try:
            for number, one in enumerate(as_completed(running), 1):
                result = one.result()
                done.append(result)
                points, possible = (sum(pair[i] for pair in result["scores"].values()) for i in (0, 1))
                left = (time.monotonic() - start) / number * (len(todo) - number)
                print(
                    f"[{len(done)}/{total}] {result['student']}: {points:g} of {possible:g}, {result['status']}, "
                    f"{result['seconds']} s; about {left:.0f} s left",
                    flush=True,
                )
        except KeyboardInterrupt:
            pool.shutdown(cancel_futures=True)
            raise
    scores = out / "scores.csv"
    write_csv(scores, done, questions(autograder))
    return scores


def main(arguments: list[str]) -> None:
    """Read the command line and grade."""
    if arguments[:1] == ["--one"]:
        submission, autograder, told = map(Path, arguments[1:])
        told.write_text(json.dumps(grade_one(submission, autograder)), encoding="utf-8")
        return
    parser = argparse.ArgumentParser(prog="grade.py", description=__doc__)
    parser.add_argument("assignment", help="name of an assignment that make assignments has made")
    parser.add_argument("submissions", type=Path, help="folder of notebooks or zips, named for the students")
    parser.add_argument("--out", type=Path, help="folder for the results (_build/grades/<assignment>)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="submissions graded at a time (%(default)s)")
    parser.add_argument("--seconds", type=float, default=isolate.SECONDS, help="time for one notebook (%(default)s)")
    parser.add_argument("--megabytes", type=int, default=isolate.MEGABYTES, help="memory for one notebook (%(default)s)")
    chosen = parser.parse_args(arguments)
    autograder = BUILT / f"{chosen.assignment}-autograder.zip"
    if not autograder.is_file():
        raise SystemExit(f"{autograder} is not there: run make assignments first")
    if not chosen.submissions.is_dir():
        raise SystemExit(f"{chosen.submissions} is no folder")
    out = chosen.out or GRADES / chosen.assignment
    print(grade(autograder, chosen.submissions, out, chosen.jobs, chosen.seconds, chosen.megabytes))


if __name__ == "__main__":
    main(sys.argv[1:])
