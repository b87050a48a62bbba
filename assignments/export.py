"""Write the grades of an assignment for Canvas or Moodle: `make export`.

Both take their own file back: from Canvas the exported gradebook, from Moodle the grading worksheet of the assignment.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import grade

# Canvas names a downloaded file lastfirst_[LATE_]USER_SUBMISSION_name, Moodle a folder Name_PARTICIPANT_assignsubmission_file.
NUMBER = {"canvas": re.compile(r"_(\d+)_\d+_"), "moodle": re.compile(r"_(\d+)_assignsubmission_")}
# What their importers ask for.
NEEDED = {"canvas": ["Student", "ID", "Section"], "moodle": ["Identifier", "Grade", "Last modified (grade)"]}
# What may stand between the student's columns and the assignments' in Canvas's gradebook.
CANVAS_STUDENT = ("Student", "ID", "SIS User ID", "SIS Login ID", "Integration ID", "Root Account", "Section")


def identifier(platform: str, row: dict) -> str:
    """Return the number by which a platform names a student in the names of downloads."""
    if platform == "canvas":
        return row["ID"].strip()
    return "".join(re.findall(r"\d+$", row["Identifier"].strip()))


def called(row: dict) -> str:
    """Return what a roster calls a student; a worksheet without names has numbers alone."""
    return row.get("Student") or row.get("Full name") or row["Identifier"]


def matched(platform: str, roster: list[dict], scores: list[dict]) -> tuple[dict[int, dict], list[str]]:
    """Return the graded row for each row of a roster, by its place there, and the students whom the roster does not have.

    A student is found by the platform's number in the name of the submission, or by a name that equals a cell of the roster.
    """
    by_number = {identifier(platform, row): place for place, row in enumerate(roster)}
    by_cell: dict[str, set[int]] = {}
    for place, row in enumerate(roster):
        for value in row.values():
            if isinstance(value, str) and value.strip():
                by_cell.setdefault(value.strip().casefold(), set()).add(place)
    found: dict[int, dict] = {}
    unknown = []
    for row in scores:
        number = NUMBER[platform].search(row["entry"])
        place = by_number.get(number[1]) if number else None
        if place is None:
            places = by_cell.get(row["student"].strip().casefold(), set())
            place = next(iter(places)) if len(places) == 1 else None
        if place is None:
            unknown.append(row["student"])
        elif place in found:
            raise SystemExit(f"{found[place]['student']} and {row['student']} are the same student in the roster; remove one")
        else:
            found[place] = row
    return found, unknown


def canvas(
    roster: list[dict], columns: list[str], points: dict[int, str], column: str, maximum: str
) -> tuple[list[str], list[dict]]:
    """Return columns and rows for Canvas's import: the student's columns as they came, and the assignment's."""
    kept = [name for name in columns if name in CANVAS_STUDENT]
    head = dict.fromkeys(kept, "") | {"Student": "    Points Possible", column: maximum}
    rows = [{name: row[name] for name in kept} | {column: points[place]} for place, row in enumerate(roster) if place in points]
    return [*kept, column], [head, *rows]


def moodle(roster: list[dict], columns: list[str], points: dict[int, str], maximum: str) -> tuple[list[str], list[dict]]:
    """Return columns and rows for Moodle's import: the whole worksheet, with the grades in it."""
    for place, row in enumerate(roster):
        most = (row.get("Maximum grade") or row.get("Maximum Grade") or "").replace(",", ".")
        if most and float(most) < float(maximum):
            raise SystemExit(f"Moodle's maximum grade is {most}, the assignment has {maximum} points: set it there first")
        row["Grade"] = points.get(place, row["Grade"])
    return columns, roster


def main(arguments: list[str]) -> None:
    """Read the command line and write the file."""
    parser = argparse.ArgumentParser(prog="grade.py export", description=__doc__)
    parser.add_argument("platform", nargs="?", help="canvas or moodle")
    parser.add_argument("assignment", nargs="?")
    parser.add_argument("roster", nargs="?", help="Canvas's exported gradebook, or Moodle's grading worksheet")
    parser.add_argument("--column", help="Canvas: the assignment's heading in its gradebook, such as 'Week 3 (12345)'")
    parser.add_argument("--points", default="total", help="column of scores.csv (%(default)s)")
    parser.add_argument("--out", type=Path, help="folder of the results (_build/grades/<assignment>)")
    chosen = parser.parse_args(arguments)
    if chosen.platform not in NEEDED or not chosen.assignment or not chosen.roster:
        missing = "say which platform (canvas or moodle), which assignment and which roster"
        raise SystemExit(f"{missing}: make export PLATFORM=canvas ASSIGNMENT=eastern_state ROSTER=file")
    out = chosen.out or grade.GRADES / chosen.assignment
    if not (out / "scores.csv").is_file():
        raise SystemExit(f"{out / 'scores.csv'} is not there: run make grade first")
    scores = grade.read_csv(out / "scores.csv", ["student", "entry", "status", chosen.points])
    roster = grade.read_csv(Path(chosen.roster), NEEDED[chosen.platform])
    columns = list(roster[0]) if roster else []
    # Canvas has rows of its own, for points and remarks, between heading and students.
    roster = [row for row in roster if identifier(chosen.platform, row)]
    maximum = next(row[chosen.points] for row in scores if row["student"] == grade.MAXIMUM)
    handed_in = [row for row in scores if row["student"] != grade.MAXIMUM and row["status"] != grade.IGNORED]
    found, unknown = matched(chosen.platform, roster, handed_in)
    points = {place: row[chosen.points] for place, row in found.items() if row[chosen.points]}
    if chosen.platform == "canvas":
        heads = [name for name in columns if re.search(r"\(\d+\)$", name)]
        if not chosen.column:
            raise SystemExit(f"say which of the gradebook's columns this is (COLUMN=): {', '.join(heads) or 'it has none'}")
        # Canvas would make a new assignment of a heading that it does not know.
        if chosen.column not in columns:
            raise SystemExit(f"{chosen.roster} has no column {chosen.column!r}: {', '.join(heads) or 'no assignment is in it'}")
        columns, rows = canvas(roster, columns, points, chosen.column, maximum)
    else:
        columns, rows = moodle(roster, columns, points, maximum)
    target = out / f"{chosen.platform}.csv"
    # As they came: a platform finds its students again by what it wrote of them.
    grade.write_csv(target, rows, columns, written=lambda value: value)
    without = [row["student"] for place, row in found.items() if place not in points]
    absent = [called(row) for place, row in enumerate(roster) if place not in found]
    print(f"{target}: {len(points)} of {len(roster)} students have points")
    for words, names in (
        ("not in the roster", unknown),
        (f"without {chosen.points} points", without),
        ("no submission found of", absent),
    ):
        if names:
            print(f"{words}: {'; '.join(names)}")
    if not points:
        raise SystemExit(f"nobody has {chosen.points} points: fill in manual.csv and grade again, or add POINTS=automatic")
