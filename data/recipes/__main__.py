"""`python data/recipes [table ...]` rebuilds and describes the tables of data/; see _run.py."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2] / "book"))

from _run import main

sys.exit(1 if main(sys.argv[1:]) else 0)
