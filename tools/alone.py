"""Make a session ready for a chapter that stands alone, as on Colab: its first cell runs this file of the book beside it.

Packages that are there are taken as they are. Colab has loaded some of them before the first cell runs, and a package that
is replaced under a running session breaks it. Only the standard library is sure to be here.
"""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
REQUIREMENTS = PROJECT / "requirements.txt"
# The oldest versions with which all chapters record the same facts; of the others any version will do.
OLDEST = {"geopandas": (1, 0), "matplotlib": (3, 10), "numpy": (2, 0), "pandas": (2, 2), "shapely": (2, 1)}


def pins() -> dict[str, str]:
    """Return what chapters are computed with, and its exact versions: name -> version."""
    paragraph = REQUIREMENTS.read_text(encoding="utf-8").partition("# Computation")[2].partition("\n\n")[0]
    lines = paragraph.splitlines()[1:]
    return dict(line.partition("#")[0].strip().split("==") for line in lines)


def installed(name: str) -> tuple[int, ...]:
    """Return the first two numbers of the version of a package that is installed; nothing where there is none."""
    try:
        return tuple(int(number) for number in version(name).split(".")[:2])
    except PackageNotFoundError:
        return ()


def missing() -> list[str]:
    """Return the pins of packages that are not installed, or in a version too old."""
    return [f"{name}=={pin}" for name, pin in pins().items() if installed(name) < OLDEST.get(name, (0,))]


def replaced() -> list[str]:
    """Return the packages that this session has loaded in another version than the one now installed."""
    loaded = {name: getattr(sys.modules[name], "__version__", None) for name in pins() if name in sys.modules}
    return [name for name, known in loaded.items() if known not in (None, version(name))]


def prepare() -> None:
    """Install what is missing, on Colab alone, and let the session find the library.

    Raises RuntimeError with the remedy where a package is missing or the session has loaded what was replaced since.
    """
    if needed := missing():
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *needed]
        if "google.colab" not in sys.modules or subprocess.run(command).returncode:
            raise RuntimeError(f"This chapter needs what is not installed: pip install {' '.join(needed)}, then run it again.")
    if stale := replaced():
        raise RuntimeError(f"Installing replaced {', '.join(stale)} under this session: restart it, then run all cells again.")
    sys.path.insert(0, str(PROJECT / "book"))


if __name__ == "__main__":
    prepare()
