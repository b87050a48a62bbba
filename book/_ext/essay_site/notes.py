"""What pages note when they are read, kept until they are read again.

A note is one value for each page. All notes go through here, so that they are dropped and, where pages are read by
several processes, brought together in one place.
"""

from __future__ import annotations

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment


def notes(env: BuildEnvironment, kind: str) -> dict[str, object]:
    """Return the notes of one kind: page -> note."""
    if not hasattr(env, "essay_notes"):
        env.essay_notes = {}
    return env.essay_notes.setdefault(kind, {})


def purge(app: Sphinx, env: BuildEnvironment, page: str) -> None:
    """Drop the notes of a page that is read again or is gone."""
    for kind in list(getattr(env, "essay_notes", ())):
        notes(env, kind).pop(page, None)


def merge(app: Sphinx, env: BuildEnvironment, pages: set[str], other: BuildEnvironment) -> None:
    """Take over the notes of the pages that another process has read."""
    for kind, noted in getattr(other, "essay_notes", {}).items():
        notes(env, kind).update({page: noted[page] for page in pages if page in noted})
