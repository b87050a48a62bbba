"""Run a chapter again when a table or module it uses has changed, and only then.

MyST-NB's cache knows a notebook by its code alone, so a changed table would leave the old result
published. This adds a digest of everything else a chapter's code reads (the tables it loads,
the `essay` modules it imports and the tables those load, the pinned requirements) to the notebook's kernel metadata,
which is part of the cache's key, and tells Sphinx to read the page again when the digest changes.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from essay_site.cache.inputs import PACKAGE, REQUIREMENTS, digest, inputs, key, loaded
from essay_site.notes import notes
from essay_site.paths import BOOK, DATA


def _times() -> list[tuple[str, int, int]]:
    """Return path, time and size of every file that can change a notebook's outputs, the notebooks among them."""
    files = [REQUIREMENTS, *BOOK.glob("*.ipynb"), *DATA.glob("*.*"), *PACKAGE.rglob("*.*")]
    stats = [(path.as_posix(), path.stat()) for path in sorted(files) if path.suffix != ".pyc"]
    return [(path, stat.st_mtime_ns, stat.st_size) for path, stat in stats]


def mark(app: Sphinx, docname: str, source: list[str]) -> None:
    """Put the digest into the notebook's kernel metadata as it is read, and note it and the tables that the code loads."""
    if Path(app.env.doc2path(docname)).suffix == ".ipynb":
        notebook = json.loads(source[0])
        found = inputs(notebook)
        notes(app.env, "loaded")[docname] = loaded(found)
        notes(app.env, "inputs")[docname] = notebook["metadata"].setdefault("kernelspec", {})["essay_inputs"] = key(found)
        source[0] = json.dumps(notebook)


def outdated(app: Sphinx, env: BuildEnvironment, added: set, changed: set, removed: set) -> list[str]:
    """Name the pages whose inputs have changed since they were last read."""
    # Where no file has another time or size there is nothing to read; where one has, its content decides.
    known, env.essay_files = getattr(env, "essay_files", None), _times()
    if env.essay_files == known:
        return []
    stale = []
    for docname, before in notes(env, "inputs").items():
        path = Path(env.doc2path(docname))
        stands = docname in env.found_docs and path.is_file()
        if stands and key(inputs(json.loads(path.read_text(encoding="utf-8")))) != before:
            stale.append(docname)
    return stale


def page_code() -> str:
    """Return one digest of the extensions, templates, styles and scripts that make pages of what notebooks say."""
    kinds = {".py", ".html", ".css", ".js"}
    paths = (path for folder in ("_ext", "_templates", "_static") for path in (BOOK / folder).rglob("*"))
    files = sorted(path for path in paths if path.suffix in kinds)
    return hashlib.sha256("".join(digest(path) for path in files).encode()).hexdigest()
