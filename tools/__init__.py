"""Programs that are no chapters: running notebooks, printing, slides, cells that run, pictures, fonts, releases.

What they share with the site is not installed: it is found here.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "book" / "_ext"))
