"""What the site takes from the library that chapters import."""

from __future__ import annotations

import runpy

from essay_site.paths import BOOK


def module(name: str) -> dict:
    """Return the names of a module of `essay` that imports none of the others, by name.

    It is run alone: the package brings Matplotlib, for which a build with nothing to do need not wait.
    """
    return runpy.run_path(str(BOOK / "essay" / f"{name}.py"))
