"""Who made the book, when it was published, and when each of its pages last changed."""

from __future__ import annotations

import subprocess
from datetime import date
from functools import cache
from pathlib import Path

import yaml
from sphinx.util import logging

from essay_site.paths import PROJECT

logger = logging.getLogger(__name__)


@cache
def citation() -> dict:
    """Return what CITATION.cff says of the book."""
    return yaml.safe_load((PROJECT / "CITATION.cff").read_text(encoding="utf-8"))


def name() -> str:
    """Return the name of the book without what its title says after it."""
    return citation()["title"].split(":")[0]


def authors() -> list[str]:
    """Return the names of the authors: that of a body, or given and family name of a person."""
    return [each.get("name") or f"{each['given-names']} {each['family-names']}" for each in citation()["authors"]]


def bibtex(kind: str, key: str, **fields: str | None) -> str:
    """Return the BibTeX entry of the book or of a part of it: by its authors, and what `fields` gives."""
    known = {"author": " and ".join(f"{{{name}}}" for name in authors()), **fields}
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in known.items() if value)
    return f"@{kind}{{{key},\n{lines}}}"


@cache
def updated(path: Path) -> date:
    """Return the day on which a page's file or folder last changed since the book was published, or that of publication."""
    released = citation()["date-released"]
    return max(changed(path, released), released)


def changed(path: Path, released: date) -> date:
    """Return the day a file last changed in the repository, or the day of the release where nothing tells it.

    That is so without a repository, and in a shallow clone, in which every file seems to have changed with the last commit.
    """
    if not whole_history(path.parent):
        return released
    told = git(path.parent, "log", "-1", "--format=%cs", "--", path.name)
    return date.fromisoformat(told) if told else released


@cache
def whole_history(folder: Path) -> bool:
    """Tell whether the repository of a folder has all its commits, and say once what follows where it has not."""
    shallow = git(folder, "rev-parse", "--is-shallow-repository") == "true"
    if shallow:
        logger.info("the clone is shallow: pages bear the date of the release; `git fetch --unshallow` brings their own")
    return not shallow


def git(folder: Path, *command: str) -> str:
    """Return what git answers in a folder; nothing where it is missing or there is no repository."""
    try:
        done = subprocess.run(["git", *command], cwd=folder, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return done.stdout.strip()
