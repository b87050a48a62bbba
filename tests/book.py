"""What the tests read of the book: its notebooks, prose, and what cells recorded."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import yaml

PROJECT = Path(__file__).resolve().parents[1]
MEDIA_TYPE = "application/vnd.essay+json"


@dataclass(frozen=True)
class Prose:
    """One Markdown cell or file: where it stands, and its text."""

    where: str
    text: str


def notebooks(project: Path = PROJECT) -> list[Path]:
    """Return the paths of all notebooks of the book."""
    return sorted((project / "book").glob("*.ipynb"))


def read(path: Path) -> dict:
    """Return a notebook as parsed JSON."""
    return json.loads(path.read_text(encoding="utf-8"))


def prose(project: Path = PROJECT) -> list[Prose]:
    """Return all prose of the book: Markdown cells and Markdown pages."""
    found = [
        Prose(f"{path.name}, cell {number}", "".join(cell["source"]))
        for path in notebooks(project)
        for number, cell in enumerate(read(path)["cells"])
        if cell["cell_type"] == "markdown"
    ]
    return found + [Prose(path.name, path.read_text(encoding="utf-8")) for path in sorted((project / "book").glob("*.md"))]


def recorded(kind: str, project: Path = PROJECT) -> list[tuple[str, dict]]:
    """Return what cells recorded, as (notebook name, record) pairs; kind is 'facts', 'claims' or 'figure'."""
    found = []
    for path in notebooks(project):
        for cell in read(path)["cells"]:
            for output in cell.get("outputs", []):
                record = output.get("data", {}).get(MEDIA_TYPE, {})
                if kind in record:
                    entries = record[kind] if isinstance(record[kind], list) else [record[kind]]
                    found += [(path.name, entry) for entry in entries]
    return found


def facts(project: Path = PROJECT) -> dict[str, dict]:
    """Return the recorded facts by id."""
    return {fact["id"]: fact for _, fact in recorded("facts", project)}


def allowed() -> list[dict]:
    """Return the numbers that may stand without a receipt, each with its reason."""
    return yaml.safe_load((PROJECT / "tests" / "allowed_numbers.yml").read_text(encoding="utf-8"))
