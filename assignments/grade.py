"""Grade a folder of submissions in parallel processes, without Docker: `make grade`.

Every submission is read and scored in a process of its own, and the student's code runs in another one below it, apart
from everything (isolate.py). So a notebook that never ends, crashes or fills memory ends alone. Each result is written at
once; started again, only what is missing or has changed is graded.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import hashlib
import io
import json
import multiprocessing
import os
import re
import shutil
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import forkserver
from pathlib import Path

import psutil
import submissions

import isolate

HERE = Path(__file__).resolve().parent
BUILT = HERE.parent / "_build" / "assignments"
GRADES = BUILT.parent / "grades"
# What a result depends on besides the tests: an update of the kit grades again.
GRADER = ("grade.py", "submissions.py", "isolate.py", "inside.py")
# For reading and scoring, beside the time that the notebook may take.
OVERHEAD_SECONDS = 120
MAXIMUM = "points possible"
NOT_GRADED, IGNORED = "not graded", "ignored"
NOTHING = "no question with code is answered: perhaps the notebook as it was handed out"


@dataclass(frozen=True)
class Job:
    """What grading one submission needs: files holds the tests, the tables and what the tests import."""

    assignment: str
    path: Path
    files: Path
    seconds: float
    megabytes: int
    kit: isolate.Kit


def score(files: Path, answers: dict) -> dict[str, list[float]]:
    """Return points and maximum of each question, as Otter counts them, in this process and its current folder."""
    from otter.test_files import create_test_file

    os.chdir(files)
    sys.path.insert(0, str(files))
    scores = {}
    for path in sorted(files.glob("tests/*.py")):
        test = create_test_file(str(path), None)
        test.run({name: isolate.decode(value) for name, value in answers.items()})
        scores[path.stem] = [test.score, test.possible]
    return scores


def grade_one(job: Job) -> dict:
    """Grade one submission; return its status, the reason for it, and the points of each question."""
    try:
        _, data = submissions.notebook(job.path, job.assignment)
        cells, answers = submissions.code(data, job.assignment, job.kit.names)
    except submissions.UnreadableError as error:
        return {"status": NOT_GRADED, "reason": str(error), "scores": {}}
    outcome = isolate.run(job.kit, cells, job.seconds, job.megabytes)
    scores = score(job.files, outcome.answers)
    reason = outcome.reason
    # Often the wrong file was handed in, which nobody would see from points alone.
    if outcome.status == "ok" and all(value is None for value in outcome.answers.values()):
        reason = NOTHING
    return {"status": outcome.status, "reason": reason, "scores": scores, "open": answers}


def end_with_the_grader() -> None:
    """Wait for the end of the grader, also where that is killed; then end the notebook and this process."""
    multiprocessing.parent_process().join()
    for process in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            process.kill()
    os._exit(1)


def work(job: Job, told) -> None:
    """Grade one submission in this process and send the result."""
    threading.Thread(target=end_with_the_grader, daemon=True).start()
    try:
        result = grade_one(job)
    except Exception as error:
        result = {"status": NOT_GRADED, "reason": f"the grader failed: {type(error).__name__}: {error}"[:500], "scores": {}}
    told.send(result)


def make_ready() -> None:
    """Import what grades, once, where the processes of submissions begin."""
    forkserver.set_forkserver_preload(["grade", "otter.test_files"])
    # Older Pythons look in the current folder first, where anybody's file may lie, and say nothing of what they do not find.
    with contextlib.chdir(HERE):
        forkserver.ensure_running()


def apart(job: Job) -> dict:
    """Grade one submission in a process of its own, which starts with everything imported."""
    context = multiprocessing.get_context("forkserver")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=work, args=(job, there))
    process.start()
    there.close()
    try:
        if here.poll(job.seconds + OVERHEAD_SECONDS):
            return here.recv()
        return {"status": NOT_GRADED, "reason": "the grader took too long", "scores": {}}
    except EOFError:
        return {"status": NOT_GRADED, "reason": "the grader's process ended", "scores": {}}
    finally:
        process.kill()
        process.join()
        here.close()


def key(submission: Path, autograder: Path, seconds: float, megabytes: int) -> str:
    """Return what a result depends on, as one checksum: the submission, the tests, the limits, and what grades here."""
    parts = [submissions.content(submission), autograder.read_bytes(), f"{seconds} {megabytes}".encode()]
    parts += [(HERE / name).read_bytes() for name in GRADER]
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def place(out: Path, entry: submissions.Entry) -> Path:
    """Return where the result of a submission is stored: its name cut to what any disk takes, and a checksum of it all."""
    name = re.sub(r"[^\w.-]+", "_", entry.name, flags=re.ASCII)[:60].strip(".") or "_"
    return out / "results" / f"{name}-{hashlib.sha256(os.fsencode(entry.path.name)).hexdigest()[:8]}.json"


def stored(path: Path) -> dict:
    """Return a result from before, or nothing where there is no whole one."""
    try:
        result = json.loads(path.read_text(encoding="utf-8"))
        return result if isinstance(result, dict) else {}
    except (OSError, ValueError):
        return {}


def put(path: Path, text: str) -> None:
    """Write a file beside its place and then put it there, so that a half is never taken for the whole."""
    part = path.with_name(path.name + ".part")
    part.write_text(text, encoding="utf-8", errors="backslashreplace", newline="")
    part.replace(path)


def questions(autograder: Path) -> list[dict]:
    """Return the questions of an assignment in order: name, points, manual, part."""
    with zipfile.ZipFile(autograder) as archive:
        return json.loads(archive.read("questions.json"))


def cell(value: object) -> object:
    """Return a value as a cell of a CSV; a leading = + - @ would be a formula in a spreadsheet."""
    return f"'{value}" if isinstance(value, str) and value.lstrip()[:1] in tuple("=+-@") else value


def write_csv(path: Path, rows: list[dict], columns: list[str], written: Callable[[object], object] = cell) -> None:
    """Write rows under the columns given; `written` makes a cell of a value."""
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow(columns)
    table.writerows([written(row.get(column, "")) for column in columns] for row in rows)
    put(path, text.getvalue())


def read_csv(path: Path, needed: list[str]) -> list[dict]:
    """Return the rows of a CSV, as a spreadsheet may have stored it. Raises SystemExit where a needed column is missing."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SystemExit(f"{path} cannot be read as UTF-8 text: {error}") from None
    head = text.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=";" if head.count(";") > head.count(",") else ",")
    missing = [name for name in needed if name not in (reader.fieldnames or [])]
    if missing:
        raise SystemExit(f"{path} has no column {', '.join(missing)}")
    return list(reader)


def manual_points(out: Path, students: list[str], open_questions: list[dict]) -> dict[str, dict[str, float]]:
    """Return the points that people gave, from manual.csv; write that file, or add the students missing from it.

    Raises SystemExit where a cell is not a number from 0 to the maximum of its question.
    """
    path, names = out / "manual.csv", [question["name"] for question in open_questions]
    rows = {row["student"]: row for row in read_csv(path, ["student", *names])} if path.is_file() else {}
    most = {question["name"]: question["points"] for question in open_questions}
    found: dict[str, dict[str, float]] = {}
    for student in students:
        row = rows.setdefault(cell(student), {"student": student})
        for name in names:
            text = (row.get(name) or "").strip()
            if not text:
                continue
            try:
                points = float(text.replace(",", "."))
            except ValueError:
                points = -1.0
            if not 0 <= points <= most[name]:
                raise SystemExit(f"{path}: {student}, {name}: {text!r} is not a number from 0 to {most[name]:g}")
            found.setdefault(student, {})[name] = points
    rows.pop(MAXIMUM, None)
    write_csv(path, [{"student": MAXIMUM} | most, *rows.values()], ["student", *names])
    return found


def write_open_answers(path: Path, results: list[dict], open_questions: list[dict]) -> None:
    """Write the answers to open questions, all of one question together, as plain text."""
    blocks = []
    for question in open_questions:
        blocks.append(f"{'=' * 30} {question['name']}, {question['points']} points {'=' * 30}")
        for result in results:
            if "open" in result:
                text = result["open"].get(question["name"], "(no text found: look into the notebook)")
                text = "(no answer)" if text == submissions.NO_ANSWER else text
                shown = "".join(one for one in text if one.isprintable() or one == "\n")
                # Indented, so that no answer looks like another student's heading.
                blocks.append(f"{'-' * 10} {result['student']}\n" + "\n".join(f"    {line}" for line in shown.split("\n")))
    put(path, "\n\n".join(blocks) + "\n")


def table(results: list[dict], asked: list[dict], manual: dict[str, dict[str, float]]) -> tuple[list[str], list[dict]]:
    """Return columns and rows of scores.csv. The first row has the maxima; what was not graded is blank and not 0.

    A part that has questions of both kinds has two columns. The total, and what people grade, stays blank until somebody
    has given every point that belongs to it.
    """
    sums = {
        "automatic": [one for one in asked if not one["manual"]],
        "manual": [one for one in asked if one["manual"]],
        "total": asked,
    }
    for part in dict.fromkeys(question["part"] for question in asked):
        kinds = {kind: [one for one in sums[kind] if one["part"] == part] for kind in ("automatic", "manual")}
        both = all(kinds.values())
        sums |= {f"{part} {kind}" if both else part: chosen for kind, chosen in kinds.items() if chosen}
    names = [question["name"] for question in asked]
    columns = ["student", "status", "reason", *sums, *names, "entry"]

    def row(head: dict, points: dict[str, float]) -> dict:
        # Otter's shares of a point are powers of two below the line, such as 0.666015625.
        made = head | {name: round(given, 3) for name, given in points.items()}
        for column, chosen in sums.items():
            given = [points.get(one["name"]) for one in chosen]
            made[column] = "" if None in given or not given else round(sum(given), 3)
        return made

    rows = [row({"student": MAXIMUM}, {question["name"]: question["points"] for question in asked})]
    for result in results:
        head = {name: result[name] for name in ("student", "status", "reason", "entry")}
        points = {name: pair[0] for name, pair in result["scores"].items()} | manual.get(result["student"], {})
        rows.append(row(head, points))
    return columns, rows


def grade(autograder: Path, folder: Path, out: Path, jobs: int, seconds: float, megabytes: int, trust: bool = False) -> Path:
    """Grade a folder; return the path of scores.csv. Raises SystemExit where there is nothing to grade."""
    assignment = autograder.name.removesuffix("-autograder.zip")
    found = submissions.entries(folder)
    if not any(entry.student for entry in found):
        raise SystemExit(f"{folder}: no submission is in it")
    (out / "results").mkdir(parents=True, exist_ok=True)
    todo, done = [], []
    for entry in found:
        if not entry.student:
            done.append(
                {"student": entry.name, "entry": entry.name, "status": IGNORED, "reason": "made by the system", "scores": {}}
            )
            continue
        needs = key(entry.path, autograder, seconds, megabytes)
        before = stored(place(out, entry))
        if before.get("key") == needs:
            done.append(before | {"student": entry.student, "entry": entry.name})
        else:
            todo.append((entry, needs))
    handed_in = sum(1 for entry in found if entry.student)
    if handed_in > len(todo):
        print(f"{handed_in - len(todo)} of {handed_in} are graded already", flush=True)
    if todo:
        done += grade_these(autograder, assignment, folder, out, todo, jobs, seconds, megabytes, trust)
    asked = questions(autograder)
    done.sort(key=lambda one: one["student"])
    students = [one["student"] for one in done if one["status"] not in (NOT_GRADED, IGNORED)]
    open_questions = [question for question in asked if question["manual"]]
    manual = manual_points(out, students, open_questions)
    write_open_answers(out / "open_answers.txt", done, open_questions)
    columns, rows = table(done, asked, manual)
    scores = out / "scores.csv"
    write_csv(scores, rows, columns)
    without = [one for one in done if one["status"] in (NOT_GRADED, IGNORED)]
    for one in without:
        print(f"{one['status']}: {one['entry']}: {one['reason']}")
    print(f"{len(done) - len(without)} graded, {len(without)} not, of {len(done)} entries in {submissions.readable(str(folder))}")
    return scores


def grade_these(autograder, assignment, folder, out, todo, jobs, seconds, megabytes, trust) -> list[dict]:
    """Grade entries, several at a time; return their results, each of which is stored as soon as it is there."""
    results: list[dict] = []
    # Only the grader can read what is in a folder of this kind.
    files = Path(tempfile.mkdtemp(prefix="grade-")).resolve()
    kit = None
    try:
        with zipfile.ZipFile(autograder) as archive:
            for name in archive.namelist():
                if name.startswith(("tests/", "files/")):
                    target = files / name.removeprefix("files/")
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(archive.read(name))
        hidden = [files, folder.resolve(), autograder.resolve(), out.resolve(), *sorted(HERE.glob("*/*.ipynb"))]
        try:
            kit = isolate.Kit(files / "tables", isolate.asked_for(files / "tests"), hidden, trust)
        except isolate.NotIsolatedError as error:
            raise SystemExit(str(error)) from None
        print(f"isolation: {kit.way}", flush=True)
        make_ready()
        start = time.monotonic()
        with ThreadPoolExecutor(jobs) as pool:
            running = {
                pool.submit(timed, Job(assignment, entry.path, files, seconds, megabytes, kit)): (entry, needs)
                for entry, needs in todo
            }
            try:
                for number, one in enumerate(as_completed(running), 1):
                    entry, needs = running[one]
                    result = one.result() | {"student": entry.student, "entry": entry.name, "key": needs}
                    put(place(out, entry), json.dumps(result, indent=1))
                    results.append(result)
                    points, possible = (sum(pair[i] for pair in result["scores"].values()) for i in (0, 1))
                    said = f"{round(points, 3):g} of {possible:g}, " if result["scores"] else ""
                    left = (time.monotonic() - start) / number * (len(todo) - number)
                    print(
                        f"[{number}/{len(todo)}] {entry.student}: {said}{result['status']}, {result['seconds']} s; "
                        f"about {left:.0f} s left",
                        flush=True,
                    )
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
    finally:
        if kit is not None:
            kit.close()
        shutil.rmtree(files, ignore_errors=True)
    return results


def timed(job: Job) -> dict:
    """Grade one submission apart and say how long it took."""
    start = time.monotonic()
    return apart(job) | {"seconds": round(time.monotonic() - start, 1)}


def main(arguments: list[str]) -> None:
    """Read the command line and grade, or export what was graded. Raises SystemExit, which says what is to be given."""
    if arguments[:1] == ["export"]:
        import export

        export.main(arguments[1:])
        return
    parser = argparse.ArgumentParser(prog="grade.py", description=__doc__)
    parser.add_argument("assignment", nargs="?", help="name of an assignment that make assignments has made")
    parser.add_argument("submissions", nargs="?", help="folder of what was handed in, named for the students")
    parser.add_argument("--out", type=Path, help="folder for the results (_build/grades/<assignment>)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="submissions graded at a time (%(default)s)")
    parser.add_argument("--seconds", type=float, default=isolate.SECONDS, help="time for one notebook (%(default)s)")
    parser.add_argument("--megabytes", type=int, default=isolate.MEGABYTES, help="memory for one notebook (%(default)s)")
    parser.add_argument("--trust", action="store_true", help="grade even where notebooks can do whatever you can")
    chosen = parser.parse_args(arguments)
    # Not above: the matching that these bring would take the place of the one that came with the tests.
    import questions as masters
    import worksheet

    if not chosen.assignment or not chosen.submissions:
        raise SystemExit("say which assignment and which folder: make grade ASSIGNMENT=eastern_state SUBMISSIONS=folder")
    if chosen.assignment == worksheet.NAME:
        raise SystemExit(f"{worksheet.NAME} has no notebook: people grade it, with the key in {worksheet.NAME}-graders.zip")
    if chosen.assignment not in masters.names():
        raise SystemExit(f"no assignment {chosen.assignment}: there are {', '.join(masters.names())}")
    autograder, folder = BUILT / f"{chosen.assignment}-autograder.zip", Path(chosen.submissions)
    if not autograder.is_file():
        raise SystemExit(f"{autograder} is not there: run make assignments first")
    if folder.is_file():
        raise SystemExit(f"{folder} is a file: unpack it if it is a zip, and give the folder")
    if not folder.is_dir():
        raise SystemExit(f"{folder} is not there")
    out = chosen.out or GRADES / chosen.assignment
    print(grade(autograder, folder, out, chosen.jobs, chosen.seconds, chosen.megabytes, chosen.trust))


if __name__ == "__main__":
    sys.stdout.reconfigure(errors="backslashreplace")
    main(sys.argv[1:])
