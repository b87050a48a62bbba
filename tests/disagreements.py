"""Say what in the book no longer agrees with the tables: receipts, sentences, figures and cards, by notebook and cell.

`python -m tests.disagreements [notebook ...]`; without names, the notebooks that use a table which is described otherwise
than in the last commit. Their cells are run, which takes seconds, and compared with what the notebooks store. Nothing is
written. `make data` ends with this, so that whoever edits a cell sees at once what has to be said anew.
"""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from essay_site.cache import inputs
from tests import rerun
from tests.book import MEDIA_TYPE, PROJECT, facts, notebooks, prose, read, recorded
from tests.test_bibliography import orphans, unknown
from tests.test_claims import CITATIONS, EVIDENCE, LEDGER, disproved, uncarded, unsettled
from tests.test_data import unused

DATA = PROJECT / "data"


def committed(path: str) -> str:
    """Return a file of the project as it is in the last commit; nothing where there is none."""
    done = subprocess.run(["git", "show", f"HEAD:./{path}"], cwd=PROJECT, capture_output=True)
    return done.stdout.decode() if done.returncode == 0 else ""


def changed() -> dict[str, dict]:
    """Return the descriptors of the tables that are described otherwise than in the last commit."""
    now = json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))["resources"]
    before = json.loads(committed("data/datapackage.json") or '{"resources": []}')["resources"]
    return {resource["name"]: resource for resource in now if resource not in before}


def unregistered(resources: dict[str, dict]) -> list[str]:
    """Return what of compiled tables differs from the last commit without a line in the register, each with the line.

    A row is known by its `id` where it has one: its place in an order may change when another row comes before it.
    """
    register = rows((DATA / "changes.csv").read_text(encoding="utf-8"))
    found = []

    def missing(*cells: object) -> None:
        line = io.StringIO()
        csv.writer(line).writerow(["NAME", date.today(), *cells, "WHY", ""])
        found.append(f"data/changes.csv has no line about this change; add one, then make data: {line.getvalue().strip()}")

    for name, resource in resources.items():
        key = resource["schema"].get("primaryKey", [])
        if "recipe" in resource or name == "changes" or not key:
            continue
        now = rows((DATA / resource["path"]).read_text(encoding="utf-8"))
        by = ["id"] if now and "id" in now[0] else key
        before = {tuple(row.get(column) for column in by): row for row in rows(committed(f"data/{resource['path']}"))}
        for row in now:
            old = before.pop(tuple(row[column] for column in by), row)
            where = ", ".join(f"{part} = {row[part]}" for part in by)
            for column in [column for column in row if column in by or column not in key]:
                was = old.get(column, row[column])
                if row[column] != was and not any(tells(line, name, row, column) for line in register):
                    missing(name, where, column, was, row[column])
        for row in before.values():
            if not any(tells(line, name, {**row, "": ""}, "") for line in register):
                missing(name, ", ".join(f"{part} = {row[part]}" for part in by), "", "", "")
    return found


def tells(line: dict[str, str], table: str, row: dict[str, str], column: str) -> bool:
    """True when a line of the register says what stands in a cell now; without a column, that the row came or went."""
    if (line["table"], line["column"], line["after"]) != (table, column, row[column]):
        return False
    return all(row.get(part.partition(" = ")[0]) == part.partition(" = ")[2] for part in re.split(r", (?=\w+ = )", line["row"]))


def rows(text: str) -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    return list(csv.DictReader(io.StringIO(text)))


def users(tables: Iterable[str]) -> list[Path]:
    """Return the notebooks whose code uses one of the tables, itself or through `essay`."""
    labels = {f"table {name}" for name in tables}
    return [path for path in notebooks() if labels & inputs.inputs(read(path)).keys()]


def compare(path: Path) -> Iterator[tuple[str, str, dict]]:
    """Run a notebook; yield (where, what differs from what it stores, the receipt if it is one, as recorded now)."""
    cells = read(path)["cells"]
    before = {cell["id"]: cell for cell in json.loads(committed(f"book/{path.name}") or '{"cells": []}')["cells"]}
    coded = [number for number, cell in enumerate(cells) if cell["cell_type"] == "code"]
    done: list[int] = []
    try:
        made = rerun.outputs(path, variants=lambda number, code: done.append(number) or [])
    except Exception as error:  # whatever stops the cell stops the build, so the author has to know it
        yield f"{path.name}, cell {coded[len(done)]}", f"stops: {type(error).__name__}: {error}", {}
        return
    for each in made:
        cell, where = cells[each["cell"]], f"{path.name}, cell {each['cell']}"
        stored, old = rerun.stored(cell), before.get(cell["id"], {"source": [], "outputs": []})
        edited = cell["source"] != old["source"] and cell["outputs"] == old["outputs"]
        found = [difference for pair in zip(stored, each["shows"], strict=False) for difference in differences(*pair)]
        if (edited and found) or len(stored) != len(each["shows"]):
            yield where, f"has not been run since it was edited; run make notebooks NOTEBOOKS=book/{path.name}", {}
        yield from ((where, *difference) for difference in found)


def differences(before: dict, now: dict) -> list[tuple[str, dict]]:
    """Return what differs between two states of one output, each with the receipt that differs, if it is one."""
    old, new = before.get(MEDIA_TYPE, {}), now.get(MEDIA_TYPE, {})
    found = []
    facts_before = {fact["id"]: fact["shown"] for fact in old.get("facts", [])}
    for fact in new.get("facts", []):
        if fact["shown"] != (was := facts_before.get(fact["id"])):
            found.append((f"receipt {fact['id']} {turned(was and repr(was), repr(fact['shown']))}", fact))
    if "figure" in old and "figure" in new:
        for part, label in (("title", "title"), ("caption", "caption"), ("alt", "alternative text")):
            was, is_now = clipped(old["figure"][part], new["figure"][part])
            if was != is_now:
                found.append((f"figure {new['figure']['id']}: {label} was {was}, is {is_now}", {}))
    for kind in ("claims", "ledger"):
        cards = {card["id"]: card["verdict"] for card in old.get(kind, [])}
        for card in new.get(kind, []):
            if card["verdict"] != (was := cards.get(card["id"])):
                found.append((f"card of {card['id']}: verdict {turned(was, card['verdict'])}", {}))
    for verdict, count in new.get("verdicts", {}).items():
        if count != (was := old.get("verdicts", {}).get(verdict)):
            found.append((f"claims with verdict {verdict}: were {was}, are {count}", {}))
    if not found and before != now:
        kind = next(kind for kind in now if before.get(kind) != now[kind])
        was, is_now = clipped(*(re.sub(r"base64,[\w+/=]*", "…", str(state.get(kind, ""))) for state in (before, now)))
        label = f"figure {new['figure']['id']}" if "figure" in new else next(iter(new), "output")
        found.append((f"{label}: was {was}, is {is_now}" if was != is_now else f"{label}: its data are others", {}))
    return found


def turned(was: str | None, now: str) -> str:
    """Return what became of something, in words."""
    return f"was {was}, is {now}" if was else f"is new: {now}"


def clipped(was: str, now: str) -> tuple[str, str]:
    """Return two texts for a message, long ones from a little before the first difference on."""
    if max(len(was), len(now)) <= 150:
        return repr(was), repr(now)
    same = next((i for i, (a, b) in enumerate(zip(was, now, strict=False)) if a != b), min(len(was), len(now)))
    start, end = max(0, same - 50), same + 80
    return repr(f"…{was[start:end]}…"), repr(f"…{now[start:end]}…")


def sentences(receipts: dict[str, dict]) -> list[str]:
    """Return where the prose says another number than the receipts, or has no receipt: page, cell, sentence."""
    found = []
    for piece in prose():
        for link in re.finditer(r"\[([^\]]*)\]\(fact:([\w-]+)\)", piece.text):
            if link[2] not in receipts:
                found.append(f"{piece.where}: no cell records {link[2]!r}, to which {link[0]} leads")
            elif link[1] != (shown := receipts[link[2]]["shown"]):
                before = re.split(r"(?<=[.?!]) |\n", piece.text[: link.start()])[-1]
                after = re.split(r"(?<=[.?!]) |\n", piece.text[link.end() :])[0]
                sentence = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", f"{before}{link[0]}{after}")
                found.append(f"{piece.where}: {link[1]!r} is now {shown!r} (receipt {link[2]}): {sentence}")
    return found


def undone() -> list[str]:
    """Return what is still to do for rows and tables that were added, as the tests would say later."""
    cards = [
        f"book/{page}: {id} has to have one card there; put claims.cards({id!r}) beside its evidence"
        for id, page in uncarded(LEDGER, recorded("claims"))
    ]
    works = [
        f"data/sources.csv: nothing cites {key}; a chapter does by {{cite:p}}`{key}`, a claim by data/claim_citations.csv"
        for key in sorted(orphans())
    ]
    keys = [f"{key} is cited and is no work; add its row to data/sources.csv, or correct the key" for key in sorted(unknown())]
    tables = [f"data/{name}.csv: no chapter uses it; one has to, by tables.load({name!r})" for name in sorted(unused())]
    return [*cards, *works, *keys, *tables]


def main(names: list[str]) -> int:
    """Print what disagrees, and what to do about it; return how many things do."""
    resources = changed()
    paths = [Path(name).resolve() for name in names] or users(resources)
    if paths:
        print(f"Compared with the tables: {', '.join(path.name for path in paths)}.")
    else:
        print("No chapter uses a table that differs from the last commit.")
    problems, stale, receipts = unregistered(resources), {}, facts()
    for path in paths:
        for where, what, fact in compare(path):
            problems.append(f"{where}: {what}")
            stale[f"book/{path.name}"] = True
            if fact:
                receipts[fact["id"]] = fact
    problems += sentences(receipts)
    problems += [f"data/claim_evidence.csv: {problem}" for problem in disproved(EVIDENCE, LEDGER, receipts)]
    problems += [f"data/claims.csv: {id} has no verdict, or no source that settles it" for id in unsettled(LEDGER, CITATIONS)]
    problems += undone()
    print(*problems, f"{len(problems)} still to put right." if problems else "All sentences agree with their receipts.", sep="\n")
    if stale:
        print(f'When the words are right, store the new outputs: make notebooks NOTEBOOKS="{" ".join(stale)}"')
    return len(problems)


if __name__ == "__main__":
    main(sys.argv[1:])
