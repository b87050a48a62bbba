"""Write the works cited as BibTeX, for the book's citations."""

from __future__ import annotations

import csv
import re
from datetime import date
from pathlib import Path

_PERSON = re.compile(r"[^,]+(?:, [A-Z][\w.'-]*)(?: [A-Z][\w.'-]*)*")
_SPECIAL = str.maketrans({"&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_", "{": "(", "}": ")"})


def write(sources: Path, target: Path) -> None:
    """Write every row of the table of sources as one entry of `target`."""
    with sources.open(encoding="utf-8", newline="") as file:
        entries = [entry(row) for row in csv.DictReader(file)]
    text = "% Written by data/recipes from data/sources.csv; edit that table instead.\n\n" + "\n".join(entries)
    target.write_text(text, encoding="utf-8", newline="\n")


def entry(row: dict[str, str]) -> str:
    """Return one source as a BibTeX entry."""
    authors = " and ".join(_author(name.strip()) for name in row["authors"].split(";"))
    read = date.fromisoformat(row["accessed"])
    note = f"Read {read.day} {read:%B %Y}" + (", in a copy" if row["read_at"] else "")
    return (
        f"@misc{{{row['key']},\n"
        f"  author = {{{authors}}},\n"
        f"  title = {{{{{row['title'].translate(_SPECIAL)}}}}},\n"
        f"  howpublished = {{{row['publisher'].translate(_SPECIAL)}}},\n"
        f"  year = {{{row['year']}}},\n"
        f"  note = {{{note}}},\n"
        f"  url = {{{row['url']}}},\n"
        "}\n"
    )


def _author(name: str) -> str:
    """Return a person as 'Family, Given' and a body in braces, which keep its name from being split."""
    name = name.removesuffix(" (ed.)").removesuffix(", and others")
    escaped = name.translate(_SPECIAL)
    return escaped if _PERSON.fullmatch(name) else f"{{{escaped}}}"
