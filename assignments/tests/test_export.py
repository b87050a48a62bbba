"""Files for Canvas and Moodle have the form that their importers read, and the points go to the right people."""

from __future__ import annotations

import csv
import io
import re

import export
import pytest

import grade

SCORES = """student,status,reason,automatic,manual,total,part 1,q1,q2,entry
points possible,,,1,4,5,5,1,4,
doejane_12345_67890_eastern_state,ok,,1,3.5,4.5,4.5,1,3.5,doejane_12345_67890_eastern_state.ipynb
roeli_LATE_12346_67891_eastern_state,error,cell 1: NameError,0,4,4,4,0,4,roeli_LATE_12346_67891_eastern_state.ipynb
Lin Yu_1236_assignsubmission_file_,ok,,1,2,3,3,1,2,Lin Yu_1236_assignsubmission_file_
kim@school.edu,ok,,1,,,,1,,kim@school.edu.ipynb
lost,not graded,a file .pdf is no notebook (.ipynb),,,,,,,lost.pdf
.DS_Store,ignored,made by the system,,,,,,,.DS_Store
"""
# As Canvas exports it: a remark below the heading, points in the first row, columns that are read only.
CANVAS = """Student,ID,SIS User ID,SIS Login ID,Section,Week 1 (11),Week 3 (12),Current Score
,,,,,,Manual Posting,(read only)
    Points Possible,,,,,10,5,(read only)
"Doe, Jane",12345,s1,jane@school.edu,"Sec, 1",7,,70
"Roe, Li",12346,s2,li@school.edu,"Sec, 1",,,0
"Kim, A.",12347,s3,kim@school.edu,"Sec, 1",,2,0
"Student, Test",12348,,,"Sec, 1",,,0
"""
MOODLE = (
    "Identifier,Full name,Email address,Status,Grade,Maximum grade,Grade can be changed,Last modified (submission),"
    "Last modified (grade),Feedback comments\n"
    'Participant 1236,Lin Yu,lin@school.edu,Submitted for grading,,5.00,Yes,"Monday, 5 October 2026",-,\n'
    'Participant 1237,A. Kim,kim@school.edu,Submitted for grading,1.00,5.00,Yes,"Monday, 5 October 2026",-,well done\n'
)


@pytest.fixture
def out(tmp_path):
    (tmp_path / "scores.csv").write_text(SCORES, encoding="utf-8")
    return tmp_path


def exported(out, platform: str, roster: str, *options: str) -> list[dict]:
    (out / "roster.csv").write_text(roster, encoding="utf-8")
    grade.main(["export", platform, "any", str(out / "roster.csv"), "--out", str(out), *options])
    return list(csv.DictReader(io.StringIO((out / f"{platform}.csv").read_text(encoding="utf-8"))))


def test_canvas_reads_the_file_and_gives_each_the_right_points(out, capsys):
    rows = exported(out, "canvas", CANVAS, "--column", "Week 3 (12)")
    # What Canvas's importer asks of the header: Student and ID first, both SIS columns, Section last before the assignment.
    header = list(rows[0])
    assert header[:2] == ["Student", "ID"] and header[2:4] == ["SIS User ID", "SIS Login ID"] and header[4] == "Section"
    assert header[5:] == ["Week 3 (12)"] and re.fullmatch(r".+ \(\d+\)", header[5])
    assert "Points Possible" in rows[0]["Student"] and float(rows[0]["Week 3 (12)"]) == 5
    assert {row["ID"]: row["Week 3 (12)"] for row in rows[1:]} == {"12345": "4.5", "12346": "4"}
    assert rows[1]["Student"] == "Doe, Jane" and rows[1]["Section"] == "Sec, 1"
    said = capsys.readouterr().out
    assert "2 of 4 students have points" in said
    assert "not in the roster: Lin Yu_1236_assignsubmission_file_; lost" in said
    assert "without total points: kim@school.edu" in said
    assert "no submission found of: Student, Test" in said


def test_automatic_points_alone_can_be_exported(out):
    rows = exported(out, "canvas", CANVAS, "--column", "Week 3 (12)", "--points", "automatic")
    assert {row["ID"]: row["Week 3 (12)"] for row in rows[1:]} == {"12345": "1", "12346": "0", "12347": "1"}
    assert float(rows[0]["Week 3 (12)"]) == 1


def test_moodle_gets_its_worksheet_back_with_the_grades(out, capsys):
    rows = exported(out, "moodle", MOODLE)
    before = list(csv.DictReader(io.StringIO(MOODLE)))
    assert list(rows[0]) == list(before[0])
    assert [row["Grade"] for row in rows] == ["3", "1.00"], "a grade that is there stays where there is no other"
    assert [{**row, "Grade": ""} for row in rows] == [{**row, "Grade": ""} for row in before]
    assert "no submission found" not in capsys.readouterr().out


def test_a_student_without_submission_is_named_as_the_roster_does(out, capsys):
    exported(out, "moodle", MOODLE + "Participant 1238,Bo Li,bo@school.edu,No submission,,5.00,Yes,-,-,\n")
    assert capsys.readouterr().out.endswith("no submission found of: Bo Li\n")
    without_names = MOODLE.replace("Full name,", "").replace("Lin Yu,", "").replace("A. Kim,", "")
    exported(out, "moodle", without_names + "Participant 1239,bo@school.edu,No submission,,5.00,Yes,-,-,\n")
    assert capsys.readouterr().out.endswith("no submission found of: Participant 1239\n")


@pytest.mark.parametrize(
    "given",
    [
        [],
        ["moodle"],
        ["", "any", "roster.csv"],
        ["word", "any", "roster.csv"],
        ["moodle", "", "roster.csv"],
        ["canvas", "any", ""],
    ],
)
def test_what_is_not_given_is_asked_for(given):
    with pytest.raises(SystemExit, match=r"say which platform .* and which roster: make export"):
        grade.main(["export", *given])


@pytest.mark.parametrize(
    ("platform", "roster", "options", "words"),
    [
        ("canvas", CANVAS, [], r"say which .*: Week 1 \(11\), Week 3 \(12\)"),
        ("canvas", CANVAS, ["--column", "Week 3"], r"has no column 'Week 3': Week 1 \(11\), Week 3 \(12\)"),
        ("canvas", MOODLE, ["--column", "x"], "has no column Student, ID, Section"),
        ("moodle", CANVAS, [], "has no column Identifier"),
        ("moodle", MOODLE.replace("5.00", "4.00"), [], r"maximum grade is 4\.00, the assignment has 5 points"),
        ("moodle", MOODLE.replace("Participant 1236,Lin", "Participant 9,Li"), [], "nobody has total points"),
        ("moodle", MOODLE, ["--points", "q9"], "has no column q9"),
    ],
)
def test_what_does_not_fit_is_said_in_one_sentence(out, platform, roster, options, words):
    with pytest.raises(SystemExit, match=words):
        exported(out, platform, roster, *options)


def test_two_submissions_of_one_student_are_not_exported(out):
    scores = SCORES + "doejane_12345_99999_again,ok,,1,1,2,2,1,1,doejane_12345_99999_again.ipynb\n"
    (out / "scores.csv").write_text(scores, encoding="utf-8")
    with pytest.raises(SystemExit, match="are the same student"):
        exported(out, "canvas", CANVAS, "--column", "Week 3 (12)")


def test_the_numbers_that_platforms_put_into_names_are_found():
    assert export.NUMBER["canvas"].search("doejane_12345_67890_work-1.ipynb")[1] == "12345"
    assert export.NUMBER["canvas"].search("doejane_LATE_12345_67890_work.ipynb")[1] == "12345"
    assert export.NUMBER["moodle"].search("Jane Doe_1234_assignsubmission_file_")[1] == "1234"
    assert export.NUMBER["moodle"].search("Jane Doe_1234_assignsubmission_file_work.ipynb")[1] == "1234"
