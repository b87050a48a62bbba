"""Notebooks are committed as run, fold their code, and name their tables so that the build can follow them."""

from __future__ import annotations

import ast
import copy
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from essay import tables
from essay_site.cache.inputs import code_of
from essay_site.words.plain import Work, myst, plain
from tests.book import PROJECT, notebooks, read, recorded
from tools import notebook_text
from tools.notebooks import run, works


@pytest.fixture(params=notebooks(), ids=lambda path: path.stem)
def notebook(request):
    return read(request.param)


def code_cells(notebook: dict) -> list[dict]:
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def unrun(notebook: dict) -> list[int]:
    """Return the numbers of code cells that were not run in order, or show something but stored nothing."""
    found = []
    for number, cell in enumerate(code_cells(notebook), start=1):
        shows = re.search(
            r"^(receipts|claims\.\w+|changes\.show|figures\.show|shown\.table)\(", "".join(cell["source"]), re.MULTILINE
        )
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


def test_stores_no_time_and_no_path(notebook):
    text = str(notebook)
    assert str(PROJECT) not in text and "/home/" not in text
    for cell in notebook["cells"]:
        assert "execution" not in cell["metadata"]


def test_is_light():
    """Readers wait for it, and a repository keeps every version of its figures; a picture stored twice soon shows here."""
    sizes = {path.name: path.stat().st_size for path in notebooks()}
    assert max(sizes.values()) < 1_400_000, sizes


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


def git(folder: Path, *command: str) -> str:
    identity = ["-c", "user.name=test", "-c", "user.email=test@example.org", "-c", "core.autocrlf=false"]
    return subprocess.run(["git", *identity, *command], cwd=folder, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def shared(tmp_path) -> Path:
    """A chapter in a repository that compares notebooks as this one does."""
    path = tmp_path / "eastern_state.ipynb"
    shutil.copy(PROJECT / "book" / path.name, path)
    shutil.copy(PROJECT / ".gitattributes", tmp_path)
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "config", "diff.notebook.textconv", f'"{sys.executable}" "{PROJECT / "tools" / "notebook_text.py"}"')
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "-m", "chapter")
    return path


def insert(path: Path, place: int, code: str, monkeypatch) -> None:
    """Put a cell into a notebook and run it as `make notebooks` does, but without a kernel: cells are only counted."""

    def count(client: NotebookClient) -> None:
        for number, cell in enumerate((cell for cell in client.nb.cells if cell.cell_type == "code"), start=1):
            cell.execution_count = number

    notebook = nbformat.read(path, as_version=4)
    notebook.cells.insert(place, nbformat.v4.new_code_cell(code))
    nbformat.write(notebook, path)
    monkeypatch.setattr(NotebookClient, "execute", count)
    run(path)


def test_cells_that_two_people_put_into_one_notebook_merge(shared, monkeypatch):
    before = [cell["id"] for cell in read(shared)["cells"]]
    for name, place in (("one", 4), ("other", len(before) - 4)):
        git(shared.parent, "switch", "-q", "-c", name, "main")
        insert(shared, place, f"{name} = 1", monkeypatch)
        git(shared.parent, "commit", "-q", "-a", "-m", name)
    git(shared.parent, "merge", "-q", "-m", "both", "one")
    merged = nbformat.read(shared, as_version=4)
    nbformat.validate(merged)
    assert {"one = 1", "other = 1"} <= {cell.source for cell in merged.cells}
    assert [cell.id for cell in merged.cells if cell.source not in ("one = 1", "other = 1")] == before


def test_git_shows_a_notebook_as_a_reviewer_reads_it(shared, monkeypatch):
    insert(shared, 4, "new = 1", monkeypatch)
    changes = [line for line in git(shared.parent, "diff").splitlines() if re.match(r"[+-](?![+-])", line)]
    assert changes == ["+## code", "+new = 1", "+"]


def test_the_text_of_a_notebook_has_code_and_receipts_and_no_picture():
    notebook = read(PROJECT / "book" / "eastern_state.ipynb")
    text = notebook_text.plain(notebook)
    for cell in notebook["cells"]:
        assert "".join(cell["source"]) in text
        for output in cell.get("outputs", []):
            for line in "".join(output["data"]["text/plain"]).splitlines():
                assert f"> {line}" in text
    assert "esp-death-ratio" in text and "base64" not in text and "<svg" not in text
    other = copy.deepcopy(notebook)
    for cell in other["cells"]:
        cell["id"] = "other"
        for output in cell.get("outputs", []):
            output["data"].pop("text/html")
    assert notebook_text.plain(other) == text


KNOWN = works()
RECORDED = {fact["id"]: name for name, fact in recorded("facts")}


def test_text_is_plain_markdown(notebook, request):
    """Any viewer shows it: no role, directive or scheme of MyST, and every citation as the table of works has it now."""
    name = request.node.callspec.id
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            text = "".join(cell["source"])
            assert not re.search(r"\{[\w:]+\}`|^:::|\]\(fact:|\]\{\.", text, re.MULTILINE), text
            assert plain(myst(text), f"{name}.ipynb", RECORDED, KNOWN) == text
            assert set(re.findall(r"\]\(([\w.]*)#fact-", text)) <= {"", *RECORDED.values()}


def test_both_spellings_say_the_same():
    facts = {"a-1": "one.ipynb", "b-2": "two.ipynb"}
    cited = {"k1": Work("A and B", "2010", "https://x.org/(1)"), "k2": Work("C", "n.d.", "https://y.org")}
    text = (
        "# T\n\n:::{admonition} The question, and what was found\n:class: finding\n**Q?**\n\nIt [4](fact:a-1).\n:::\n\n"
        "See {cite:t}`k1` {cite:p}`k1,k2`; [5](fact:b-2). [Here.]{.site-only}\n\n:::{container} pull\n[4](fact:a-1) times\n:::\n"
    )
    spelt = plain(text, "one.ipynb", facts, cited)
    assert myst(spelt) == text
    assert spelt == (
        "# T\n\n> **Q?**\n>\n> It [4](#fact-a-1).\n\n"
        'See [A and B (2010)](https://x.org/%281%29 "k1") '
        '([A and B, 2010](https://x.org/%281%29 "k1"), [C, n.d.](https://y.org "k2")); '
        '[5](two.ipynb#fact-b-2). <span class="site-only">Here.</span>\n\n'
        '<div class="pull">\n\n[4](#fact-a-1) times\n\n</div>\n'
    )
    assert plain("{cite:p}`k3` [4](fact:c-3)", "one.ipynb", facts, cited) == "{cite:p}`k3` [4](fact:c-3)"
