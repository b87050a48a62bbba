"""Whoever edits a table is told which words of the book no longer fit it, and which line the register lacks."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import disagreements, faults
from tests.book import MEDIA_TYPE, PROJECT, facts
from tests.test_claims import LEDGER

# One that does not hold, so that the count of those changes with it.
CLAIM = next(id for id, claim in LEDGER.items() if claim["verdict"] == "contradicted")


def shown(words: str = "words", **record: object) -> dict:
    return {"text/html": f"<p>{words}</p>", "text/plain": words, MEDIA_TYPE: record}


FIGURE = {"id": "a", "title": "Five of six", "caption": "Unit", "alt": "Bars"}


@pytest.mark.parametrize(
    ("before", "now", "says"),
    [
        (shown(facts=[{"id": "n", "shown": "5"}]), shown(facts=[{"id": "n", "shown": "6"}]), ["receipt n was '5', is '6'"]),
        (shown(facts=[]), shown(facts=[{"id": "n", "shown": "6"}]), ["receipt n is new: '6'"]),
        (
            shown(figure=FIGURE),
            shown(figure={**FIGURE, "title": "Six of six", "alt": "Bars. " + "Long. " * 40}),
            ["figure a: title was 'Five of six', is 'Six of six'", "figure a: alternative text was '…Bars…', is '…Bars. Long."],
        ),
        (
            shown(claims=[{"id": "esp-01", "verdict": "partly"}]),
            shown(claims=[{"id": "esp-01", "verdict": "opinion"}]),
            ["card of esp-01: verdict was partly, is opinion"],
        ),
        (shown(claims=[]), shown(claims=[{"id": "esp-14", "verdict": "partly"}]), ["card of esp-14: verdict is new: partly"]),
        (shown(verdicts={"partly": 3}), shown(verdicts={"partly": 4}), ["claims with verdict partly: were 3, are 4"]),
        (
            shown("a href='base64,abcd'", figure=FIGURE),
            shown("a href='base64,abce'", figure=FIGURE),
            ["figure a: its data are others"],
        ),
        (shown("old", table={}), shown("new", table={}), ["table: was '<p>old</p>', is '<p>new</p>'"]),
    ],
)
def test_what_differs_is_named(before, now, says):
    found = [what for what, _ in disagreements.differences(before, now)]
    assert len(found) == len(says) and all(line.startswith(said) for line, said in zip(found, says, strict=True))
    assert disagreements.differences(now, now) == []


def test_the_sentence_is_quoted():
    known = facts()
    assert disagreements.sentences(known) == []
    found = disagreements.sentences({**known, "conclusion-wrong": {**known["conclusion-wrong"], "shown": "a hundred"}})
    assert found
    for line in found:
        assert f": {known['conclusion-wrong']['shown']!r} is now 'a hundred' (receipt conclusion-wrong): " in line
        assert line.startswith("conclusion.ipynb, cell ") and "](" not in line


def test_a_number_whose_receipt_no_cell_records_is_named():
    known = {id: fact for id, fact in facts().items() if id != "conclusion-wrong"}
    found = disagreements.sentences(known)
    assert found and all("no cell records 'conclusion-wrong', to which [" in line for line in found)


def test_notebooks_that_use_a_table_are_found():
    assert {path.stem for path in disagreements.users(["esp_race_outcomes"])} == {"eastern_state"}
    assert disagreements.users([]) == []


@pytest.fixture(scope="module")
def clone(tmp_path_factory) -> Path:
    """A repository with the book in it, where the verdict of a claim was edited and `make data` has run.

    Lines of the register about that verdict, if there are any, are taken out.
    """
    folder = tmp_path_factory.mktemp("clone") / "book"
    ignored = shutil.ignore_patterns("_build", ".venv*", ".git", "__pycache__", ".*_cache", "node_modules")
    shutil.copytree(PROJECT, folder, ignore=ignored)
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org"]
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "as it was"]):
        subprocess.run([*git, *command], cwd=folder, check=True)
    path = folder / "data" / "claims.csv"
    rows = faults.parse(path.read_bytes())
    next(row for row in rows if row[0] == CLAIM)[rows[0].index("verdict")] = "opinion"
    path.write_bytes(faults.written(rows))
    register = folder / "data" / "changes.csv"
    kept = [row for row in faults.parse(register.read_bytes()) if row[3:5] != [f"id = {CLAIM}", "verdict"]]
    register.write_bytes(faults.written(kept))
    subprocess.run([sys.executable, "data/recipes", "claims"], cwd=folder, check=True, capture_output=True)
    return folder


def run(folder: Path, *names: str) -> list[str]:
    command = [sys.executable, "-m", "tests.disagreements", *names]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_who_changes_a_verdict_is_told(clone):
    told = run(clone, "book/conclusion.ipynb")
    assert told[0] == "Compared with the tables: conclusion.ipynb."
    assert told[1].startswith("data/changes.csv has no line about this change; add one, then make data: NAME,20")
    assert told[1].endswith(f",claims,id = {CLAIM},verdict,contradicted,opinion,WHY,")
    was = facts()["conclusion-wrong"]["shown"]
    assert any(f"receipt conclusion-wrong was {was!r}, is " in line for line in told)
    assert any(": figure conclusion-kinds: alternative text was " in line for line in told)
    assert any(f": {was!r} is now " in line and "(receipt conclusion-wrong)" in line for line in told)
    assert told[-1] == 'When the words are right, store the new outputs: make notebooks NOTEBOOKS="book/conclusion.ipynb"'


def test_a_cell_that_stops_is_named(clone):
    path = clone / "book" / "conclusion.ipynb"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("from essay import", "from nowhere import", 1), encoding="utf-8")
    try:
        assert any(line.startswith("conclusion.ipynb, cell 2: stops: ModuleNotFoundError") for line in run(clone, str(path)))
    finally:
        path.write_text(text, encoding="utf-8")


def test_who_changes_nothing_is_told_so(clone):
    subprocess.run(["git", "checkout", "-q", "."], cwd=clone, check=True)
    assert run(clone) == [
        "No chapter uses a table that differs from the last commit.",
        "All sentences agree with their receipts.",
    ]


def test_who_adds_something_is_told_what_is_still_to_do(clone):
    """A claim wants a card, a work to be cited, a citation its work, a table a chapter."""
    subprocess.run(["git", "checkout", "-q", "."], cwd=clone, check=True)
    data = clone / "data"
    claims, works = (faults.parse((data / f"{name}.csv").read_bytes()) for name in ("claims", "sources"))
    part = [row for row in claims if row[0].startswith("esp-")]
    new = [f"esp-{len(part) + 1:02}", str(len(claims)), *part[-1][2:]]
    (data / "claims.csv").write_bytes(faults.written([*claims, new]))
    (data / "sources.csv").write_bytes(faults.written([*works, ["nobody2020", *works[-1][1:2], "2020", *works[-1][3:]]]))
    page = clone / "book" / "method.md"
    page.write_text(page.read_text(encoding="utf-8") + "\nSo it is {cite:p}`nowhere2020`.\n", encoding="utf-8")
    shutil.copy(data / "ilea_sites.csv", data / "mine.csv")
    shutil.copy(data / "recipes" / "ilea_sites.yml", data / "recipes" / "mine.yml")
    subprocess.run([sys.executable, "data/recipes", "claims"], cwd=clone, check=True, capture_output=True)
    told = run(clone, "book/changes.ipynb")
    for line in (
        f"book/eastern_state.ipynb: {new[0]} has to have one card there; put claims.cards('{new[0]}') beside its evidence",
        "data/sources.csv: nothing cites nobody2020; a chapter does by {cite:p}`nobody2020`, a claim by data/claim_citations.csv",
        "nowhere2020 is cited and is no work; add its row to data/sources.csv, or correct the key",
        "data/mine.csv: no chapter uses it; one has to, by tables.load('mine')",
        f"data/claims.csv: {new[0]} has no verdict, or no source that settles it",
    ):
        assert line in told, told
    subprocess.run(["git", "clean", "-qfd", "data"], cwd=clone, check=True)


def test_a_cell_that_was_edited_and_not_run_is_named(clone):
    """Its new receipts count all the same: the sentences are compared with them."""
    subprocess.run(["git", "checkout", "-q", "."], cwd=clone, check=True)
    path = clone / "book" / "conclusion.ipynb"
    was = facts()["conclusion-wrong"]["shown"]
    text = path.read_text(encoding="utf-8")
    assert text.count("wrong, text.words,") == 1
    path.write_text(text.replace("wrong, text.words,", "wrong, 'many {}'.format,"), encoding="utf-8")
    told = run(clone, str(path))
    subprocess.run(["git", "checkout", "-q", "."], cwd=clone, check=True)
    unrun = [line for line in told if "has not been run since it was edited; run make notebooks NOTEBOOKS=book/" in line]
    assert len(unrun) == 1 and any(f"{was!r} is now 'many " in line for line in told), told


def test_a_sentence_that_was_left_is_named(clone):
    """Also when the outputs of its chapter are stored and no table differs any more."""
    subprocess.run(["git", "checkout", "-q", "."], cwd=clone, check=True)
    path = clone / "book" / "conclusion.ipynb"
    was = facts()["conclusion-wrong"]["shown"]
    edit = path.read_text(encoding="utf-8").replace(f"[{was}](#fact-conclusion-wrong)", "[many](#fact-conclusion-wrong)")
    path.write_text(edit, encoding="utf-8")
    told = run(clone)
    assert len(told) > 2 and all(f"'many' is now {was!r}" in line for line in told[1:-1])
    subprocess.run(["git", "checkout", "-q", "."], cwd=clone, check=True)


def test_rows_that_move_need_no_line_and_rows_that_go_do(clone):
    subprocess.run(["git", "checkout", "-q", "."], cwd=clone, check=True)
    path = clone / "data" / "cecot_chronology.csv"
    header, *events = faults.parse(path.read_bytes())
    gone = events.pop(4)
    moved = [[str(number), *event[1:]] for number, event in enumerate(events, start=1)]
    path.write_bytes(faults.written([header, *moved]))
    subprocess.run([sys.executable, "data/recipes", "cecot_chronology"], cwd=clone, check=True, capture_output=True)
    lines = [line for line in run(clone, "book/changes.ipynb") if line.startswith("data/changes.csv has no line")]
    subprocess.run(["git", "checkout", "-q", "."], cwd=clone, check=True)
    assert len(lines) == 1 and lines[0].endswith(f",cecot_chronology,id = {gone[1]},,,,WHY,")
