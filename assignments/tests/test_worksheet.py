"""The assignment without code: its key follows from the tables by another route, and students get no answer."""

from __future__ import annotations

import csv
import io
import zipfile

import pytest

import build
import worksheet


def rows(name: str) -> list[dict]:
    """Return the rows of a table as a spreadsheet reads them."""
    with (build.PROJECT / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def by_cells() -> dict[tuple[str, str], float]:
    """Compute every answer from the cells, as COUNTIFS, AVERAGEIFS and XLOOKUP would."""
    states = {(row["year"], row["code"]): row for row in rows("private_prisoners_states") if row["code"] not in worksheet.TOTALS}
    old = {code: row["private_prisoners"] for (year, code), row in states.items() if year == "2000"}
    new = {code: row["private_prisoners"] for (year, code), row in states.items() if year == "2022"}
    shares = [float(row["share_pct"]) for (year, _), row in states.items() if year == "2022" and row["answer"] == "number"]
    then = [new[code] for code, people in old.items() if people not in ("", "0") and code in new]
    years = {int(row["year"]): row for row in rows("us_prisoners")}
    falls = {y: 100 - 100 * float(years[y]["rate"]) / float(years[y - 1]["rate"]) for y in range(1926, 1977)}
    steepest = max(falls, key=falls.get)
    return {
        ("q1", "some"): sum(people not in ("", "0") for people in old.values()),
        ("q1", "none"): sum(people == "0" for people in old.values()),
        ("q2", ""): sum(shares) / len(shares),
        ("q3", "still"): sum(people not in ("", "0") for people in then),
        ("q3", "none"): then.count("0"),
        ("q3", "not applicable"): then.count(""),
        **{("q4", c): 100 * float(years[2000][c]) / float(years[1980][c]) - 100 for c in ("prisoners", "rate", "population")},
        ("q5", "year"): steepest,
        ("q5", "fall"): falls[steepest],
    }


@pytest.fixture(scope="module")
def zips(tmp_path_factory) -> dict[str, dict[str, str]]:
    """Return path -> text of both zips."""
    folder = tmp_path_factory.mktemp("worksheet")
    build.build_worksheet(folder)
    found = {}
    for kind in ("student", "graders"):
        with zipfile.ZipFile(folder / f"{worksheet.NAME}-{kind}.zip") as archive:
            found[kind] = {entry: archive.read(entry).decode() for entry in archive.namelist()}
    return found


def test_the_key_follows_from_the_tables(zips):
    key = list(csv.DictReader(io.StringIO(zips["graders"]["spreadsheet/key.csv"])))
    expected = by_cells()
    assert [(row["question"], row["label"]) for row in key] == list(expected)
    for row, value in zip(key, expected.values(), strict=True):
        assert float(row["answer"]) == pytest.approx(value, rel=1e-4), row
        assert float(row["least"]) <= value <= float(row["most"]), row


def test_the_plain_wrong_ways_are_not_accepted(zips):
    accepted = {
        (row["question"], row["label"]): (float(row["least"]), float(row["most"]))
        for row in csv.DictReader(io.StringIO(zips["graders"]["spreadsheet/key.csv"]))
    }
    states = [row for row in rows("private_prisoners_states") if row["year"] == "2022" and row["code"] not in worksheet.TOTALS]
    years = {int(row["year"]): float(row["rate"]) for row in rows("us_prisoners")}
    blank_as_nought = sum(float(row["share_pct"] or 0) for row in states) / len(states)
    everybody = [row for row in rows("private_prisoners_states") if row["year"] == "2000"]
    falls = {y: 100 - 100 * years[y] / years[y - 1] for y in range(1926, max(years) + 1)}
    later = by_cells()
    wrong = {
        ("q1", "some"): sum(row["private_prisoners"] not in ("", "0") for row in everybody),
        ("q2", ""): blank_as_nought,
        ("q3", "none"): later["q3", "none"] + later["q3", "not applicable"],
        ("q4", "rate"): later["q4", "prisoners"],
        ("q5", "year"): max(falls, key=falls.get),
    }
    for where, value in wrong.items():
        least, most = accepted[where]
        assert not least <= value <= most, where


def test_it_is_made_where_nobody_may_make_links_and_of_the_tables_that_students_get(monkeypatch):
    """Windows lets administrators alone make links."""
    monkeypatch.delattr("os.symlink")
    monkeypatch.setattr(worksheet, "TABLES", ("us_prisoners",))
    with pytest.raises(FileNotFoundError, match="private_prisoners_states"):
        worksheet.files()


def test_students_get_the_tables_and_no_answer(zips):
    student = zips["student"]
    assert set(student) == {
        "spreadsheet/worksheet.html",
        "spreadsheet/answers.csv",
        *(f"spreadsheet/tables/{name}.csv" for name in worksheet.TABLES),
    }
    assert all(row["answer"] == "" for row in csv.DictReader(io.StringIO(student["spreadsheet/answers.csv"])))
    page = student["spreadsheet/worksheet.html"]
    assert "{{" not in page and "For graders" not in page
    # Four points, one a criterion, for each open question.
    assert page.count("<td>1</td>") == 4 * page.count("<th>Rubric</th>") == 12
    assert "{{" not in zips["graders"]["spreadsheet/graders.html"]
