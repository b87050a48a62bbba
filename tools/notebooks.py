"""Run notebooks from top to bottom and store their outputs: `python -m tools.notebooks [notebook ...]`.

Without names, all notebooks of the book. A cell keeps the id it has, and no times are kept, so that two runs give the
same file and a cell put between two others changes nothing of theirs. Their text is stored as plain Markdown.
"""

from __future__ import annotations

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from pybtex.database import parse_file

from essay_site import kernels
from essay_site.paths import BOOK
from essay_site.records import MEDIA_TYPE
from essay_site.words.plain import Work, myst, plain

LANGUAGE = {"name": "python", "file_extension": ".py", "mimetype": "text/x-python"}


def run(path: Path) -> None:
    """Run one notebook and write it back; a failing cell leaves the old file whole."""
    notebook = nbformat.read(path, as_version=4)
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    NotebookClient(notebook, timeout=300, record_timing=False, resources={"metadata": {"path": str(path.parent)}}).execute()
    notebook.metadata["language_info"] = LANGUAGE
    write(path, notebook)


def write(path: Path, notebook: nbformat.NotebookNode) -> None:
    """Write a notebook through a temporary file."""
    temporary = path.with_suffix(".ipynb.part")
    nbformat.write(notebook, temporary)
    temporary.replace(path)


def works() -> dict[str, Work]:
    """Return every work of the bibliography by its key."""

    def named(entry) -> str:
        names = [" ".join(person.prelast_names + person.last_names).strip("{}") for person in entry.persons["author"]]
        listed = f"{names[0]} et al." if len(names) > 2 else " and ".join(names)
        return listed.replace(r"\&", "&")

    entries = parse_file(str(BOOK / "references.bib")).entries
    return {key: Work(named(entry), entry.fields["year"], entry.fields["url"]) for key, entry in entries.items()}


def facts(notebooks: dict[Path, nbformat.NotebookNode]) -> dict[str, str]:
    """Return the file name of the notebook that records each fact, by the fact's id."""
    return {
        fact["id"]: path.name
        for path, notebook in notebooks.items()
        for cell in notebook.cells
        for output in cell.get("outputs", ())
        for fact in output.get("data", {}).get(MEDIA_TYPE, {}).get("facts", ())
    }


def spell() -> None:
    """Store the text of all notebooks as plain Markdown: links to receipts lead to whichever notebook now records them."""
    notebooks = {path: nbformat.read(path, as_version=4) for path in sorted(BOOK.glob("*.ipynb"))}
    recorded, known = facts(notebooks), works()
    for path, notebook in notebooks.items():
        before = [cell.source for cell in notebook.cells]
        for cell in notebook.cells:
            if cell.cell_type == "markdown":
                cell.source = plain(myst(cell.source), path.name, recorded, known)
        if [cell.source for cell in notebook.cells] != before:
            write(path, notebook)


if __name__ == "__main__":
    kernels.prepare()
    for name in sys.argv[1:] or sorted(BOOK.glob("*.ipynb")):
        run(Path(name))
        print(f"ran {Path(name).name}")
    spell()
