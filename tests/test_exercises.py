"""Every exercise that a chapter asks is answered once: on the page of solutions, or for instructors alone."""

from __future__ import annotations

import re

from tests.book import PROJECT, notebooks, read
from tests.rerun import outputs, stored

SOLUTIONS = PROJECT / "book" / "solutions.ipynb"
ANSWERS = PROJECT / "assignments" / "exercises.ipynb"
TITLE = {"Eastern State": "eastern_state", "Supermax": "supermax", "Police diplomacy": "police"}
TITLE |= {"Companies and certificates": "companies", "CECOT": "cecot"}


def texts(path) -> list[str]:
    """Return the Markdown cells of a notebook."""
    return ["".join(cell["source"]) for cell in read(path)["cells"] if cell["cell_type"] == "markdown"]


def answered(path) -> list[str]:
    """Return the exercises that a notebook answers, as 'chapter number'."""
    found, chapter = [], ""
    for line in "\n".join(texts(path)).splitlines():
        chapter = TITLE.get(line.removeprefix("## "), chapter)
        if number := re.match(r"### Exercise (\d+):", line):
            found.append(f"{chapter} {number[1]}")
    return found


def asked() -> list[str]:
    """Return the exercises that the chapters ask, as 'chapter number'."""
    return [
        f"{path.stem} {number}"
        for path in notebooks()
        for text in texts(path)
        for number in re.findall(r"^(\d+)\. \*\*", text.partition("## Exercises")[2], re.MULTILINE)
    ]


def test_every_exercise_is_answered_once():
    assert len(asked()) == 30
    assert sorted(answered(SOLUTIONS) + answered(ANSWERS)) == sorted(asked())


def test_the_page_of_solutions_has_two_of_each_chapter_that_asks():
    chapters = [one.split()[0] for one in answered(SOLUTIONS)]
    assert {one.split()[0] for one in asked()} == set(TITLE.values()) == set(chapters)
    assert min(map(chapters.count, chapters)) >= 2


def test_the_answers_for_instructors_are_as_they_run(monkeypatch):
    monkeypatch.chdir(ANSWERS.parent)
    made = [cell["shows"] for cell in outputs(ANSWERS)]
    assert made == [stored(cell) for cell in read(ANSWERS)["cells"] if cell["cell_type"] == "code"]


def test_the_answers_for_instructors_type_no_result():
    """Numbers stand in what cells show; years may stand in words."""
    for text in texts(ANSWERS):
        body = re.sub(r"^#.*$|\b(?:19|20)\d\d\b", "", text, flags=re.MULTILINE)
        assert not re.search(r"\d", body), text
