"""Print a notebook as a reviewer reads it: prose, code, and what cells show as text, without figures, ids and counts.

Git compares notebooks in this form once it has been told (`make check` does it, or by hand):

    git config diff.notebook.textconv "python3 tools/notebook_text.py"
"""

from __future__ import annotations

import json
import sys
from pathlib import Path


def plain(notebook: dict) -> str:
    """Return the text of a notebook; the lines of what a cell shows begin with `>`."""
    lines = []
    for cell in notebook["cells"]:
        lines += [f"## {cell['cell_type']}", *"".join(cell["source"]).splitlines()]
        for output in cell.get("outputs", []):
            shown = output.get("data", {}).get("text/plain", output.get("text", output.get("evalue", "")))
            lines += [f"> {line}" for line in "".join(shown).splitlines()]
        lines.append("")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")
    print(plain(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))))
