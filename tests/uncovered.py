"""List the lines of `essay` and the recipes that no test runs, and compare with those explained in `uncovered.yml`.

Usage: `make coverage`, which runs the tests under coverage.py first. Lines are named by their text, so that the list
holds when others move. Ends with 1 when a line is neither run nor explained, or explained and run.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import yaml

PROJECT = Path(__file__).resolve().parents[1]
EXPLAINED = PROJECT / "tests" / "uncovered.yml"


def missed(report: dict, project: Path = PROJECT) -> set[tuple[str, str]]:
    """Return (file, text of line) of every line that was not run, from the report of `coverage json`."""
    found = set()
    for name, file in report["files"].items():
        lines = (project / name).read_text(encoding="utf-8").splitlines()
        found |= {(name, lines[number - 1].strip()) for number in file["missing_lines"]}
    return found


def explained() -> set[tuple[str, str]]:
    """Return (file, text of line) of every line in the list, each of which has a reason."""
    entries = yaml.safe_load(EXPLAINED.read_text(encoding="utf-8"))
    return {(entry["file"], line) for entry in entries for line in entry["lines"] if entry["why"]}


def main() -> int:
    """Print the differences between what no test runs and what is explained."""
    target = PROJECT / "_build" / "coverage" / "report.json"
    subprocess.run([sys.executable, "-m", "coverage", "json", "--quiet", "-o", target], cwd=PROJECT, check=True)
    report = json.loads(target.read_text(encoding="utf-8"))
    found, known = missed(report), explained()
    for file, line in sorted(found - known):
        print(f"{file}: no test runs {line!r}; test it, or explain it in tests/uncovered.yml")
    for file, line in sorted(known - found):
        print(f"{file}: {line!r} is run now; take it out of tests/uncovered.yml")
    share = report["totals"]["percent_covered"]
    print(f"{share:.1f} per cent of the lines are run; {len(found)} are not, {len(found & known)} of them explained.")
    return 1 if found != known else 0


if __name__ == "__main__":
    sys.exit(main())
