"""Where the parts of the project stand."""

from pathlib import Path

BOOK = Path(__file__).resolve().parents[2]
PROJECT = BOOK.parent
DATA = PROJECT / "data"
BUILT = PROJECT / "_build"
