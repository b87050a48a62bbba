"""The assignment without code: what students and graders get of assignments/spreadsheet, and its right answers.

Its forms are those of the notebooks, and its answers are computed from the tables when it is made.
"""

from __future__ import annotations

import contextlib
import csv
import io
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from markdown_it import MarkdownIt

import matching
import questions as masters

NAME = "spreadsheet"
FOLDER = Path(__file__).resolve().parent / NAME
DATA = FOLDER.parents[1] / "data"
TABLES = ("private_prisoners_states", "us_prisoners")
TOTALS = ("US", "ST", "FE")
STYLE = (
    "body{max-width:46em;margin:2em auto;padding:0 1em;font:1.05em/1.5 Georgia,serif}code{font-size:.9em}"
    "table{border-collapse:collapse}th,td{border-bottom:1px solid #999;padding:.2em .6em;text-align:left;vertical-align:top}"
)


@dataclass(frozen=True)
class Question:
    """One question of Part 1: its name, its form, and the function that computes the right answer."""

    name: str
    form: matching.Form
    answer: Callable[[], object]


def _states(year: int) -> pd.DataFrame:
    rows = pd.read_csv("tables/private_prisoners_states.csv")
    return rows[(rows["year"] == year) & ~rows["code"].isin(TOTALS)].set_index("code")


def _years() -> pd.DataFrame:
    return pd.read_csv("tables/us_prisoners.csv").set_index("year")


def _nought() -> dict:
    people = _states(2000)["private_prisoners"]
    return {"some": int((people > 0).sum()), "none": int((people == 0).sum())}


def _mean() -> float:
    return _states(2022)["share_pct"].mean()


def _later() -> dict:
    before, after = (_states(year)["private_prisoners"] for year in (2000, 2022))
    then = after[before.index[before > 0].intersection(after.index)]
    return {"still": int((then > 0).sum()), "none": int((then == 0).sum()), "not applicable": int(then.isna().sum())}


def _rises() -> pd.Series:
    years = _years()[["prisoners", "rate", "population"]]
    return 100 * (years.loc[2000] / years.loc[1980] - 1)


def _fall() -> dict:
    rates = _years()["rate"].loc[:1976]
    falls = -100 * rates.pct_change()
    return {"year": int(falls.idxmax()), "fall": falls.max()}


def questions() -> dict[str, Question]:
    """Return the questions of Part 1 by their names; their answers read tables/ in the current folder."""
    rise = matching.amount("a rise in per cent", 1, 1_000)
    found = (
        Question("q1", matching.each("states in 2000", matching.count(60), ["some", "none"]), _nought),
        Question("q2", matching.one("mean share of private facilities", matching.PERCENT), _mean),
        Question("q3", matching.each("states in 2022", matching.count(60), ["still", "none", "not applicable"]), _later),
        Question("q4", matching.each("rise since 1980", rise, ["prisoners", "rate", "population"]), _rises),
        Question("q5", matching.each("steepest fall", {"year": matching.YEAR, "fall": matching.PERCENT}), _fall),
    )
    return {question.name: question for question in found}


def key() -> list[dict]:
    """Return the rows of the key: question, label, unit, right answer, least and most that is accepted."""
    rows = []
    for question in questions().values():
        form = question.form
        for label, value in form.read(question.answer()).items():
            quantity = form.quantity(label)
            slack = 0 if quantity.whole else matching.slack(value, quantity)
            ends = {"answer": value, "least": value - slack, "most": value + slack}
            rounded = {name: int(end) if quantity.whole else round(float(end), 4) for name, end in ends.items()}
            rows.append({"question": question.name, "label": label, "unit": quantity.unit, **rounded})
    return rows


def _csv(rows: list[dict], columns: tuple[str, ...]) -> bytes:
    text = io.StringIO()
    table = csv.DictWriter(text, columns, extrasaction="ignore", lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    return text.getvalue().encode()


def _page(name: str, values: dict) -> bytes:
    """Return a Markdown file of the folder as a page that any browser shows and prints."""
    text = masters.filled((FOLDER / name).read_text(encoding="utf-8"), values)
    title = text.splitlines()[0].removeprefix("# ")
    body = MarkdownIt("commonmark").enable("table").render(text)
    head = f'<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>{title}</title>\n<style>{STYLE}</style>\n'
    return f"{head}{body}</html>\n".encode()


def files() -> tuple[dict[str, bytes], dict[str, bytes]]:
    """Return the files of the students' zip and of the graders', by their paths in it."""
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        tables = {f"tables/{name}.csv": (DATA / f"{name}.csv").read_bytes() for name in TABLES}
        # The answers read what students get.
        Path("tables").mkdir()
        for path, content in tables.items():
            Path(path).write_bytes(content)
        rows = key()
        answers = {name: question.answer() for name, question in questions().items()}
        rates = _years()["rate"]
        blanks = _states(2022)["share_pct"].fillna(0).mean()
        values = {**answers, "wrong_mean": blanks, "across": 100 * (rates[1978] / rates[1976] - 1)}
        student = {
            f"{NAME}/worksheet.html": _page("spreadsheet.md", {}),
            f"{NAME}/answers.csv": _csv([row | {"answer": ""} for row in rows], ("question", "label", "unit", "answer")),
            **{f"{NAME}/{path}": content for path, content in tables.items()},
        }
        graders = {
            f"{NAME}/graders.html": _page("graders.md", values),
            f"{NAME}/key.csv": _csv(rows, ("question", "label", "unit", "answer", "least", "most")),
        }
    return student, graders
