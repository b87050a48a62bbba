"""`python data/recipes [table ...]` rebuilds the tables of data/; see _run.py."""

import sys

from _run import main

sys.exit(1 if main(sys.argv[1:]) else 0)
