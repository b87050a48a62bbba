"""What must hold, and what several tests share.

What the tests import is not installed: it is found here, whether pytest runs them or `python -m tests.disagreements`.
"""

import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(PROJECT / folder) for folder in ("book", "book/_ext", "data/recipes")]
