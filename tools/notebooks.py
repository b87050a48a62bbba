"""Run notebooks from top to bottom and store their outputs: `python -m tools.notebooks [notebook ...]`.

Without names, all notebooks of the book. A cell keeps the id it has, and no times are kept, so that two runs give the
same file and a cell put between two others changes nothing of theirs.
"""

from __future__ import annotations

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

BOOK = Path(__file__).resolve().parents[1] / "book"
LANGUAGE = {"name": "python", "file_extension": ".py", "mimetype": "text/x-python"}


def run(path: Path) -> None:
    """Run one notebook and write it back through a temporary file; a failing cell leaves the old file whole."""
    notebook = nbformat.read(path, as_version=4)
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    NotebookClient(notebook, timeout=300, record_timing=False, resources={"metadata": {"path": str(path.parent)}}).execute()
    notebook.metadata["language_info"] = LANGUAGE
    temporary = path.with_suffix(".ipynb.part")
    nbformat.write(notebook, temporary)
    temporary.replace(path)


if __name__ == "__main__":
    for name in sys.argv[1:] or sorted(BOOK.glob("*.ipynb")):
        run(Path(name))
        print(f"ran {Path(name).name}")
