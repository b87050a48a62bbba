"""A build that was killed leaves no trace in the next one.

Sphinx takes a page for written when its file is newer than its source, also when the build died while writing it; some
files are written only where none is; and the cache of notebook runs trusts every entry it finds. So each build leaves a
mark until it has ended well. The next one that finds a mark says so, reads and writes every page again, and first drops
what may be there by halves. Whole runs in the cache are kept.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from jupyter_cache import get_cache
from jupyter_cache.cache.db import NbCacheRecord, OrmBase
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

LOGGER = logging.getLogger(__name__)
MARK = "unfinished-"


def marks(app: Sphinx) -> list[Path]:
    """Return the marks of builds that have not ended well; each builder has its own pages and so its own mark."""
    return list(Path(app.doctreedir).glob(f"{MARK}*"))


def whole(run: Path) -> bool:
    """Tell whether the folder of one cached run holds a complete notebook."""
    try:
        json.loads((run / "base.ipynb").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return True


def mend(folder: Path) -> None:
    """Drop the entries of a cache of notebook runs that were not written to their end."""
    cache = get_cache(folder)
    OrmBase.metadata.create_all(cache.db)
    runs = cache.path / "executed"
    for run in list(runs.glob("*")):
        if not whole(run):
            shutil.rmtree(run)
    for record in cache.list_cache_records():
        if not (runs / record.hashkey).is_dir():
            NbCacheRecord.remove_record(record.pk, cache.db)


def begin(app: Sphinx) -> None:
    """Clean up after a build that died, and leave this one's mark."""
    app.after_unfinished = bool(marks(app))
    if app.after_unfinished:
        LOGGER.info("the last build did not end well: every page is read and written again, whole notebook runs are kept")
        # Without the first, all pages are out of date. The page that leads to the root page, and the pictures of
        # notebooks, are written only where none is; the index of the search keeps words that no page has any more.
        for name in (".buildinfo", "index.html", "searchindex.js"):
            (Path(app.outdir) / name).unlink(missing_ok=True)
        shutil.rmtree(app.env.mystnb_config.output_folder, ignore_errors=True)
        mend(Path(app.env.mystnb_config.execution_cache_path))
    (Path(app.doctreedir) / f"{MARK}{app.builder.name}").touch()
    # MyST-NB puts its style sheet in place last. One of an earlier build would give the sheet another address on pages.
    for sheet in (Path(app.outdir) / "_static").glob("mystnb.*.css"):
        sheet.unlink()


def outdated(app: Sphinx, env: BuildEnvironment, added: set, changed: set, removed: set) -> set[str]:
    """Name every page after a build that died."""
    return env.found_docs - added if app.after_unfinished else set()


def end(app: Sphinx, error: Exception | None) -> None:
    """Take this build's mark away."""
    if not error:
        (Path(app.doctreedir) / f"{MARK}{app.builder.name}").unlink(missing_ok=True)


def setup(app: Sphinx) -> dict:
    """Register with Sphinx."""
    # After MyST-NB has set the place of the cache.
    app.connect("builder-inited", begin, priority=900)
    app.connect("env-get-outdated", outdated)
    # After everything else that writes, the one style sheet (900) among it.
    app.connect("build-finished", end, priority=1000)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
