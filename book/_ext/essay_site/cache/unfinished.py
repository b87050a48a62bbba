"""A build that was killed leaves no trace in the next one.

Sphinx takes a page for written when its file is newer than its source, also when the build died while writing it; some
files are written only where none is; and the cache of notebook runs trusts every entry it finds. So each build leaves a
mark until it has ended, well or with an error. One that finds the mark of another begins anew, which takes a minute.
"""

from __future__ import annotations

import multiprocessing
import shutil
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.errors import SphinxParallelError
from sphinx.util import logging

LOGGER = logging.getLogger(__name__)
MARK = ".unfinished"
# What Jupyter Book and MyST-NB keep beside the pages.
KEPT = (".doctrees", ".jupyter_cache", "jupyter_execute", "html", "epub")


def begin(app: Sphinx) -> None:
    """Remove what a build that died left behind, and leave this one's mark; before Sphinx reads what it knows of pages."""
    built = Path(app.outdir).parent
    if (built / MARK).exists():
        LOGGER.info("the last build was killed: everything is made anew")
        for name in KEPT:
            shutil.rmtree(built / name, ignore_errors=True)
    built.mkdir(parents=True, exist_ok=True)
    (built / MARK).touch()


def end(app: Sphinx, error: Exception | None) -> None:
    """Take this build's mark away. After an error Sphinx itself reads and writes every page again.

    Of an error in a process that reads pages beside this one Sphinx tells only the page; the rest, the cell among it, is
    told here. The others of these processes have been asked to end, but one that runs a notebook may wait for ever to hand
    over its log, and this process for it.
    """
    if isinstance(error, SphinxParallelError):
        LOGGER.error(error.traceback)
        for reading in multiprocessing.active_children():
            reading.kill()
    (Path(app.outdir).parent / MARK).unlink(missing_ok=True)
