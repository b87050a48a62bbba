"""Notebooks are committed as run, fold their code, and name their tables so that the build can follow them."""

from __future__ import annotations

import ast
import re

import pytest

from essay import tables
from essay_site.cache.inputs import code_of
from tests.book import PROJECT, notebooks, read


@pytest.fixture(params=notebooks(), ids=lambda path: path.stem)
def notebook(request):
    return read(request.param)


def code_cells(notebook: dict) -> list[dict]:
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def unrun(notebook: dict) -> list[int]:
    """Return the numbers of code cells that were not run in order, or show something but stored nothing."""
    found = []
    for number, cell in enumerate(code_cells(notebook), start=1):
        shows = re.search(r"^(receipts|claims\.\w+|figures\.show|shown\.table)\(", "".join(cell["source"]), re.MULTILINE)
        if cell["execution_count"] != number or (shows and not cell["outputs"]):
            found.append(number)
    return found


def test_there_are_notebooks():
    assert notebooks()


def test_is_committed_as_run(notebook):
    assert unrun(notebook) == []


def test_the_check_for_unrun_cells_bites(notebook):
    stripped = {"cells": [{**cell, "outputs": []} if cell["cell_type"] == "code" else cell for cell in notebook["cells"]]}
    assert unrun(stripped)


def test_has_no_error_and_no_noise(notebook):
    for cell in code_cells(notebook):
        for output in cell["outputs"]:
            assert output["output_type"] == "display_data", output


@pytest.mark.parametrize("path", [path for path in notebooks() if path.stem != "solutions"], ids=lambda path: path.stem)
def test_code_is_folded(path):
    for cell in code_cells(read(path)):
        assert {"hide-input", "remove-cell"} & set(cell["metadata"]["tags"])


def test_solutions_show_their_code():
    """There the code is what is read; the first cell alone, which fetches the book on Colab, is left out."""
    tags = [cell["metadata"]["tags"] for cell in code_cells(read(PROJECT / "book" / "solutions.ipynb"))]
    assert tags == [["remove-cell"]] + [[]] * (len(tags) - 1)


def solved() -> list[str]:
    """Return the exercises that the page of solutions solves, as 'chapter number'."""
    found, chapter = [], ""
    for cell in read(PROJECT / "book" / "solutions.ipynb")["cells"]:
        for line in "".join(cell["source"]).splitlines() if cell["cell_type"] == "markdown" else []:
            if link := re.match(r"To the chapter \[.*\]\((\w+)\.ipynb\)", line):
                chapter = link[1]
            elif number := re.match(r"### Exercise (\d+):", line):
                found.append(f"{chapter} {number[1]}")
    return found


def test_every_chapter_has_solved_exercises_that_it_asks():
    asked = [
        f"{path.stem} {number}"
        for path in notebooks()
        for cell in read(path)["cells"]
        if "## Exercises" in (text := "".join(cell["source"]))
        for number in re.findall(r"^(\d+)\. \*\*", text.partition("## Exercises")[2], re.MULTILINE)
    ]
    done = solved()
    assert set(done) <= set(asked) and len(set(done)) == len(done)
    chapters = {one.split()[0] for one in asked}
    assert len(chapters) == 5
    assert all(sum(one.split()[0] == chapter for one in done) >= 2 for chapter in chapters)


def test_stores_no_time_and_no_path(notebook):
    text = str(notebook)
    assert str(PROJECT) not in text and "/home/" not in text
    for cell in notebook["cells"]:
        assert "execution" not in cell["metadata"]


def test_tables_are_named_literally(notebook):
    """The build follows `load("name")`; a computed name would hide a table from it."""
    for call in ast.walk(ast.parse(code_of(notebook))):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in ("load", "resource"):
            assert isinstance(call.args[0], ast.Constant)
            tables.resource(call.args[0].value)


def test_starts_with_one_title(notebook):
    headings = [
        line for cell in notebook["cells"] if cell["cell_type"] == "markdown" for line in "".join(cell["source"]).splitlines()
    ]
    assert sum(line.startswith("# ") for line in headings) == 1


def test_all_pages_are_in_the_table_of_contents():
    toc = (PROJECT / "_toc.yml").read_text(encoding="utf-8")
    for path in [*notebooks(), *(PROJECT / "book").glob("*.md")]:
        assert f"book/{path.stem}" in toc, path.name
