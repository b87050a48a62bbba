"""Keep Matplotlib's list of the machine's fonts out of what cells show.

Matplotlib notes the list in its cache when first used, under a lock. A process killed in between leaves the lock, for
which every later one would wait in vain and then warn, in the outputs of a chapter. So would a slow machine's first
run. The book brings its own fonts; neither is news for a reader.
"""

from __future__ import annotations

import logging
import time
from pathlib import Path

import matplotlib

# Seconds for which Matplotlib itself waits for a lock that it holds for milliseconds.
PATIENCE = 5
ASIDE = ("Could not save font_manager cache", "Matplotlib is building the font cache")


def release(folder: Path) -> None:
    """Remove the locks in `folder` that nobody can still hold."""
    for lock in folder.glob("fontlist-*.matplotlib-lock"):
        if time.time() - lock.stat().st_mtime > PATIENCE:
            lock.unlink(missing_ok=True)


def told(record: logging.LogRecord) -> bool:
    """Tell whether a message of the font manager is for readers."""
    return not str(record.msg).startswith(ASIDE)


def prepare() -> None:
    """Do both; has an effect only before Matplotlib's font manager is imported."""
    logging.getLogger("matplotlib.font_manager").addFilter(told)
    release(Path(matplotlib.get_cachedir()))
