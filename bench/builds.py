"""Time builds of the book beside the template book of `jupyter-book create`, in one run, and how they grow.

Usage: python -m bench.builds [how many times each, 3]

Prints seconds (medians), ratios, and the largest memory of a build with all its processes. Growth: the five
chapters 1, 2, 4 and 8 times over, then the two largest tables with 1, 2, 4 and 8 times their rows.
"""

from __future__ import annotations

import csv
import json
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from tests.book import ran

PROJECT = Path(__file__).resolve().parents[1]

IGNORED = shutil.ignore_patterns("_build", ".venv*", ".git", "__pycache__", ".*_cache", ".ipynb_checkpoints", "node_modules")
CHAPTERS = ("eastern_state", "supermax", "police", "companies", "cecot")
TIMES = (1, 2, 4, 8)
# Columns that add up: a copied row has nothing in them, so that every sum of the book stays what it is.
ADDING = {
    "fmtrpt_country_year": (
        "courses",
        "places",
        "cost_usd",
        "police_places",
        "police_cost_usd",
        "mixed_places",
        "mixed_cost_usd",
        "unstated_places",
        "unstated_cost_usd",
    ),
    "narcotics_obligations": ("obligations_usd", "obligations_usd2020"),
}
# The column of the key in which a copied row differs.
RENAMED = {"fmtrpt_country_year": "programme", "narcotics_obligations": "country"}


def timed(*command: str | Path, folder: Path) -> tuple[float, float, subprocess.CompletedProcess]:
    """Run a command in a folder; return seconds, largest memory of all its processes in MB, and the run with what it printed."""
    start, most = time.monotonic(), 0
    with tempfile.TemporaryFile("w+") as said:
        running = psutil.Popen([str(part) for part in command], cwd=folder, stdout=said, stderr=subprocess.STDOUT)
        while True:
            try:
                running.wait(0.1)
                break
            except psutil.TimeoutExpired:
                most = max(most, _memory(running))
        took = time.monotonic() - start
        said.seek(0)
        text = said.read()
    if running.returncode:
        sys.exit(f"{' '.join(map(str, command))} failed:\n{text[-3000:]}")
    return took, most / 1e6, subprocess.CompletedProcess(command, 0, text, "")


def _memory(process: psutil.Process) -> int:
    """Return the resident memory of a process and all it started, in bytes."""
    total = 0
    for one in [process, *process.children(recursive=True)]:
        try:
            total += one.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total


def build(folder: Path) -> tuple[float, float, subprocess.CompletedProcess]:
    """Build the book at `folder`."""
    return timed(sys.executable, "-c", "from jupyter_book.cli.main import main; main()", "build", ".", folder=folder)


def copy(folder: Path) -> Path:
    """Copy the project without what was built."""
    return Path(shutil.copytree(PROJECT, folder, ignore=IGNORED))


def several(folders: list[Path], times: int, cold: bool) -> list[tuple[float, float, subprocess.CompletedProcess]]:
    """Build each folder several times, in turn, from nothing or upon the last; return median time, most memory, last run."""
    runs: dict[Path, list] = {folder: [] for folder in folders}
    for _ in range(times):
        for folder in folders:
            if cold:
                shutil.rmtree(folder / "_build", ignore_errors=True)
            runs[folder].append(build(folder))
    return [(statistics.median(run[0] for run in done), max(run[1] for run in done), done[-1][2]) for done in runs.values()]


def multiply_chapters(folder: Path, times: int) -> None:
    """Put each chapter into the book `times` times, under other names."""
    toc = folder / "_toc.yml"
    lines = toc.read_text(encoding="utf-8").splitlines()
    for name in CHAPTERS:
        place = next(number for number, line in enumerate(lines) if line.rstrip().endswith(f"book/{name}"))
        for number in range(2, times + 1):
            text = (folder / "book" / f"{name}.ipynb").read_text(encoding="utf-8")
            # Facts, figures and places of a copy have names of their own; claims keep theirs.
            text = re.sub(r"(\(fact:|#fact-|fact\(\\\")([a-z])", rf"\g<1>copy{number}-\2", text)
            (folder / "book" / f"{name}_{number}.ipynb").write_text(text, encoding="utf-8")
            lines.insert(place + 1, lines[place].replace(name, f"{name}_{number}"))
    toc.write_text("\n".join(lines) + "\n", encoding="utf-8")


def multiply_rows(folder: Path, table: str, times: int) -> int:
    """Give a table `times` its rows; return how many it has then."""
    path = folder / "data" / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    fields = list(rows[0])
    more = [
        {**row, RENAMED[table]: f"{number} {row[RENAMED[table]]}"} | {name: "0" for name in ADDING[table] if row.get(name)}
        for number in range(2, times + 1)
        for row in rows
    ]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fields, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows + more)
    described = folder / "data" / "datapackage.json"
    package = json.loads(described.read_text(encoding="utf-8"))
    for resource in package["resources"]:
        if resource["name"] == table:
            resource["rows"] = len(rows + more)
            for field in resource["schema"]["fields"]:
                if "blank" in field:
                    field["blank"] *= times
                if field["name"] in (RENAMED[table], *ADDING[table]):
                    del field["constraints"]
    described.write_text(json.dumps(package), encoding="utf-8")
    return len(rows + more)


def main(times: int = 3) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as work:
        work = Path(work)
        book = copy(work / "book")
        timed(sys.executable, "-c", "from jupyter_book.cli.main import main; main()", "create", "template", folder=work)
        template = work / "template"
        alone = [
            timed(sys.executable, "-m", "tools.notebooks", folder=copy(work / f"alone{number}"))[0] for number in range(times)
        ]
        notebooks = statistics.median(alone)
        cold = several([template, book], times, cold=True)
        (template_cold, template_memory, _), (book_cold, book_memory, _) = cold
        (template_warm, _, _), (book_warm, _, log) = several([template, book], 3 * times, cold=False)
        assert not ran(log), ran(log)
        table = book / "data" / "ice_segregation_monthly.csv"
        head, *rows = table.read_text(encoding="utf-8").splitlines()
        table.write_text("\n".join([head, *reversed(rows)]) + "\n", encoding="utf-8")
        changed, _, log = build(book)

        print(f"{'notebooks alone':34}{notebooks:7.1f} s")
        print(f"{'template, cold':34}{template_cold:7.1f} s  {template_memory:5.0f} MB")
        print(f"{'template, warm':34}{template_warm:7.1f} s")
        print(f"{'book, cold':34}{book_cold:7.1f} s  {book_memory:5.0f} MB")
        print(f"{'book, warm, nothing changed':34}{book_warm:7.1f} s")
        print(f"{'book, one table changed':34}{changed:7.1f} s  ran {', '.join(sorted(ran(log)))}")
        print(f"\ncold: {book_cold / (notebooks + template_cold):.2f} × (notebooks alone + template, cold); target at most 1.3")
        print(f"warm: {book_warm / template_warm:.2f} × template, warm; target at most 1.5")
        print(f"one table changed: {changed / book_cold:.2f} × cold")
        print(f"memory: {book_memory / template_memory:.2f} × template\n", flush=True)

        for number in TIMES:
            grown = copy(work / f"chapters{number}")
            multiply_chapters(grown, number)
            cold, memory, _ = build(grown)
            warm, _, _ = build(grown)
            print(f"{5 * number:3} chapters: cold {cold:6.1f} s, warm {warm:6.1f} s, {memory:5.0f} MB", flush=True)
            shutil.rmtree(grown)
        for number in TIMES:
            grown = copy(work / f"rows{number}")
            rows = sum(multiply_rows(grown, table, number) for table in ADDING)
            cold, memory, _ = build(grown)
            print(f"{rows:7,} rows in the two largest tables: cold {cold:6.1f} s, {memory:5.0f} MB", flush=True)
            shutil.rmtree(grown)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
