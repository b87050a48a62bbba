"""Rebuild the derived tables of data/, describe all of them in `datapackage.json`, and check what has changed.

Everything is made in a temporary folder and checked there, by schema and by rules, as `essay.tables` will when it is
loaded. Only when all of it holds is it put in place, so that a failure or a kill leaves the old tables whole.
"""

from __future__ import annotations

import csv
import importlib
import io
import json
import shutil
import sys
import tempfile
import traceback
from pathlib import Path

import pandas as pd
from frictionless import FrictionlessException, Package

import _bibliography
import _changes
import _descriptor
import _raw
import _tidy
from _descriptor import RecipeError
from essay import tables

HERE = Path(__file__).resolve().parent
DATA = HERE.parent


def main(wanted: list[str]) -> int:
    """Make all tables, running the recipes of those in `wanted` only if any are named; return the number of problems."""
    for left in DATA.glob(".building-*"):
        # From a run that was killed.
        shutil.rmtree(left)
    with tempfile.TemporaryDirectory(dir=DATA, prefix=".building-") as folder:
        before = described_before()
        problems, resources, kept = stage(Path(folder), wanted, before)
        problems = list(dict.fromkeys(problems)) or check(resources, Path(folder), before)
        if problems:
            print(*problems, "Nothing was changed in data/.", sep="\n", file=sys.stderr)
            return len(problems)
        changed = put_in_place(resources, Path(folder), before)
    print(*changed, f"{len(resources) - len(changed)} of {len(resources)} tables are as they were.", sep="\n")
    for name, why in kept.items():
        print(f"{name} was left alone, proven by checksum only: {why}.")
    return 0


def described_before() -> dict[str, dict]:
    """Return the descriptors that datapackage.json has, by name; none where it is lost, or holds the marks of a merge."""
    try:
        written = json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))["resources"]
        return {resource["name"]: resource for resource in written}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def stage(folder: Path, wanted: list[str], before: dict[str, dict]) -> tuple[list[str], dict[str, dict], dict[str, str]]:
    """Make and describe every table in `folder`; return problems, descriptors by name, and why a recipe cannot run."""
    known = _descriptor.names()
    problems = [f"{name}: no such table; known: {', '.join(known)}" for name in wanted if name not in known]
    described = {f"{name}.csv" for name in known}
    problems += [
        f"{path.stem}: data/{path.name} has no descriptor; write data/recipes/{path.stem}.yml (CONTRIBUTING.md says how)"
        for path in sorted(DATA.glob("*.csv"))
        if path.name not in described
    ]
    resources, kept = {}, {}
    try:
        register = _changes.lines(canonical("changes").decode())
    except (_raw.RawError, RecipeError) as error:
        return [*problems, str(error)], {}, {}
    for name in known:
        try:
            path = folder / _descriptor.read(name).get("file", f"{name}.csv")
            if not _descriptor.is_derived(name):
                path.write_bytes(canonical(name))
            elif wanted and name not in wanted and name in before:
                unedited(name, before)
                shutil.copy(DATA / path.name, path)
            else:
                try:
                    write(build(name, register), path)
                    unedited(name, before, path)
                except _raw.Withheld as withheld:
                    kept[name] = withheld.why
                    path.write_bytes(proven(name, DATA / path.name))
            resources[name] = _descriptor.describe(name, path)
        except (_raw.RawError, RecipeError, OSError) as error:
            problems.append(str(error) if isinstance(error, (_raw.RawError, RecipeError)) else f"{name}: {error}")
    return problems, resources, kept


def canonical(name: str, in_order: bool = True) -> bytes:
    """Return a compiled table in the one form that never varies, whatever program it was saved with.

    With its rows left where they lie in data/, if not `in_order`, so that one can be named to whoever edits the file.

    Raises RecipeError where it is missing, or something else than a CSV file with the columns of its descriptor.
    """
    path = DATA / f"{name}.csv"
    described = _descriptor.read(name)
    columns = [field["name"] for field in described["fields"]]
    if not path.is_file():
        raise RecipeError(f"{name}: data/{path.name} is missing; restore it with `git checkout data/{path.name}`, or write it")
    content = path.read_bytes().removeprefix(tables.BOM)
    try:
        tables.check_form(content, columns)
    except tables.Fault as fault:
        raise RecipeError(f"{name}: {fault}; correct data/{path.name}") from None
    header, *rows = csv.reader(io.StringIO(content.decode(), newline=""))
    if cut := [number for number, row in enumerate(rows, start=2) if any(row) and len(row) != len(header)]:
        raise RecipeError(
            f"{name}: {tables.rows_told(cut)}: not {len(header)} cells as in the header: a cell with a comma stands in quotes, "
            f"and a blank one has its comma; correct data/{path.name}"
        )
    rows = ordered = [row for row in rows if any(row)]
    if described.get("sorted"):
        kinds = {field["name"]: field["type"] for field in described["fields"]}
        first = [described["numbered_by"]] if "numbered_by" in described else []
        places = [(columns.index(column), kinds[column]) for column in [*first, *described["key"]]]
        ordered = sorted(rows, key=lambda row: [_rank(row[at], kind) for at, kind in places])
        if first:
            (at,) = [columns.index(column) for column in described["key"]]
            for number, row in enumerate(ordered, start=1):
                row[at] = str(number)
    file = io.StringIO(newline="")
    csv.writer(file, lineterminator="\n").writerows([header, *(ordered if in_order else rows)])
    return file.getvalue().encode()


def _rank(cell: str, kind: str) -> tuple[float, str]:
    """Return what a cell is sorted by: numbers as numbers, so that 9 comes before 10; what is none is for the schema to say."""
    try:
        return (float(cell), "") if kind in ("integer", "number") else (0, cell)
    except ValueError:
        return 0, cell


def build(name: str, register: list[dict]) -> pd.DataFrame | str:
    """Run the recipe of a table; return its rows, in order, with columns of their types, or the text of a map layer.

    Raises RecipeError, with the line of the recipe, for whatever goes wrong in it.
    """
    described = _descriptor.read(name)
    fields = described["fields"]
    try:
        made = importlib.import_module(name).build()
        if isinstance(made, str):
            return made
        made = made[[field["name"] for field in fields]].copy()
        for field in fields:
            if field["type"] == "integer":
                made[field["name"]] = _tidy.whole(made[field["name"]])
            elif field["type"] == "number":
                made[field["name"]] = pd.to_numeric(made[field["name"]])
    except _raw.RawError:
        raise
    except Exception as error:
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename).stem == name]
        where = f"data/recipes/{name}.py" + (f", line {lines[-1]}" if lines else "")
        raise RecipeError(f"{name}: {where}: {type(error).__name__}: {' '.join(str(error).split())}") from error
    made = _changes.correct(name, made, register)
    return made.sort_values(described["key"], kind="stable") if described.get("sorted") else made


def write(table: pd.DataFrame | str, path: Path) -> None:
    """Write a table (or a map layer) to `path` in the one form that never varies."""
    if isinstance(table, str):
        path.write_text(table, encoding="utf-8", newline="\n")
    else:
        table.to_csv(path, index=False, lineterminator="\n", encoding="utf-8")


def unedited(name: str, before: dict[str, dict], made: Path | None = None) -> None:
    """Raise RecipeError for a derived table in data/ that is neither as described there nor as it is `made` now."""
    path = DATA / _descriptor.read(name).get("file", f"{name}.csv")
    unmerged(name, path)
    if name in before and path.is_file() and f"sha256:{_raw.digest(path.read_bytes())}" != before[name]["hash"]:
        if made and made.read_bytes() == path.read_bytes():
            return
        raise RecipeError(
            f"{name}: data/{path.name} was edited, and data/recipes/{name}.py makes it from its source; correct a value of "
            f"the source by a line in {_changes.REGISTER}, and restore the file with `git checkout data/{path.name}`"
        )


def unmerged(name: str, path: Path) -> None:
    """Raise RecipeError for a derived table in which git left the edits of two people side by side."""
    if mark := path.is_file() and tables.merge_mark(path.read_bytes()):
        raise RecipeError(
            f"{name}: data/{path.name}, {mark}; data/recipes/{name}.py makes the table: "
            f"`git checkout HEAD -- data/{path.name}`, then `make data`"
        )


def proven(name: str, path: Path) -> bytes:
    """Return a table whose raw file may not be passed on, if it has the checksum that its descriptor gives."""
    declared = _descriptor.read(name).get("sha256")
    unmerged(name, path)
    content = path.read_bytes() if path.is_file() else b""
    if _raw.digest(content) != declared:
        raise RecipeError(
            f"{name}: data/{path.name} is not the table that its descriptor proves by sha256, and cannot be made again here; "
            f"restore it with `git checkout data/{path.name}`"
        )
    return content


def check(resources: dict[str, dict], folder: Path, before: dict[str, dict]) -> list[str]:
    """Return what is wrong with the tables in `folder` whose content or descriptor is another than before."""
    changed = [name for name, resource in resources.items() if resource != before.get(name)]
    try:
        if changed:
            Package.from_descriptor(package({name: resources[name] for name in changed}))
    except FrictionlessException as error:
        reasons = "; ".join(reason.note for reason in error.reasons) or error.error.note
        return [f"datapackage.json: {reasons}; look at the parts in data/recipes/*.yml that were changed last"]
    register = _changes.lines((folder / "changes.csv").read_text(encoding="utf-8"))
    problems = [problem for name in changed for problem in broken(name, resources, folder, register)]
    return list(dict.fromkeys(problems)) or _changes.check(register, folder)


def broken(name: str, resources: dict[str, dict], folder: Path, register: list[dict]) -> list[str]:
    """Return what is wrong with a table in `folder`; where a correction of the register brought it, each names its line."""

    def problems(remedy: str = "", described: dict | None = None) -> list[str]:
        try:
            tables.read(name, {**resources, name: described or resources[name]}, folder, remedy)
        except tables.TableError as error:
            return str(error).splitlines()
        return []

    if not _descriptor.is_derived(name):
        if found := problems():
            (folder / resources[name]["path"]).write_bytes(canonical(name, in_order=False))
            found = problems()
        return found
    found = problems(f"data/recipes/{name}.py makes it: correct that, or the rule")
    lines = [line for line in register if found and line["table"] == name]
    path = folder / resources[name]["path"]
    made = path.read_bytes()
    # Without which of them does the table hold? Each alone is tried, then all together.
    for blamed in [*([line] for line in lines), *([lines] if len(lines) > 1 else [])]:
        try:
            write(build(name, [line for line in register if line not in blamed]), path)
            holds = not problems(described=_descriptor.describe(name, path))
        except (_raw.RawError, RecipeError):  # a later correction needs this one
            holds = False
        path.write_bytes(made)
        if holds:
            where = " and ".join(f"row {line['row_nr']} ({line['id']})" for line in blamed)
            remedy = f"correct it in {_changes.REGISTER}, or add a line for each cell that has to follow"
            return [f"changes: {where}: the correction breaks {problem}" for problem in problems(remedy)]
    return found


def package(resources: dict[str, dict]) -> dict:
    """Return what `datapackage.json` says."""
    return {
        "name": "propagates-punishment",
        "title": "How the United States Propagates Punishment: tables",
        "description": "Tidy tables behind the data essay of the same name. Written by data/recipes.",
        "version": (HERE / "VERSION").read_text(encoding="utf-8").strip(),
        "profile": "data-package",
        "licenses": [
            {
                "name": "CC-BY-4.0",
                "title": "Creative Commons Attribution 4.0 for the compilation; each resource names the licence of its source",
                "path": "https://creativecommons.org/licenses/by/4.0/",
            }
        ],
        "resources": [resources[name] for name in sorted(resources)],
    }


def put_in_place(resources: dict[str, dict], folder: Path, before: dict[str, dict]) -> list[str]:
    """Move what differs from `folder` to where it belongs, the description last; return a line for each table that changed."""
    text = json.dumps(package(resources), indent=1, ensure_ascii=False) + "\n"
    (folder / "datapackage.json").write_text(text, encoding="utf-8", newline="\n")
    _bibliography.write(folder / "sources.csv", folder / "references.bib")
    targets = {"references.bib": DATA.parent / "book" / "references.bib"}
    targets |= {resource["path"]: DATA / resource["path"] for resource in resources.values()}
    targets["datapackage.json"] = DATA / "datapackage.json"
    moved = [
        (folder / name, target)
        for name, target in targets.items()
        if not target.exists() or target.read_bytes() != (folder / name).read_bytes()
    ]
    written = {target.name for _, target in moved}
    # Next to each other: a kill hardly ever falls between a table and its description.
    for made, target in moved:
        made.replace(target)
    changed = []
    for name, resource in resources.items():
        size = f"data/{resource['path']} ({resource.get('rows', resource.get('features'))} rows)"
        if resource["path"] in written:
            changed.append(f"written {size}" + ("" if "recipe" in resource else ": form or order of its rows was put right"))
        elif resource != before.get(name):
            changed.append(f"described {size}")
    return changed
