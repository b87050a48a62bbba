"""Say at once which page is read: a process that reads beside others hands over its log only when it has read all of its own."""

from __future__ import annotations

import multiprocessing

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment


def begin(app: Sphinx, env: BuildEnvironment, pages: list[str]) -> None:
    """Begin to count, in a number that processes share which are forked from this one."""
    app.essay_read, app.essay_to_read = multiprocessing.Value("i", 0), len(pages)


def tell(app: Sphinx, page: str, source: list[str]) -> None:
    """Say which page is read now, and how many of how many that makes; nothing where Sphinx itself is asked to be quiet."""
    if multiprocessing.parent_process() is None:  # Sphinx says it
        return
    with app.essay_read.get_lock():
        app.essay_read.value += 1
        print(f"reading {page} ({app.essay_read.value} of {app.essay_to_read})", file=app._status, flush=True)
