"""Rebuild the tables of data/ from raw files.

Each table is built, checked against its schema in a temporary folder and only then put in place, together with its
entry in `datapackage.json`, so that a failure or a kill leaves the old table whole and described.
"""

from __future__ import annotations

import importlib
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

import pandas as pd
import yaml
from frictionless import Package, Resource

import _bibliography
import _raw
from _table import Table

HERE = Path(__file__).resolve().parent
DATA = Path(os.environ.get("ESSAY_DATA_OUT", HERE.parent))
PACKAGE = DATA / "datapackage.json"


class RecipeError(Exception):
    """A recipe made something that its own schema does not allow, or a correction no longer fits."""


def names() -> list[str]:
    """Return the names of all tables, in the order in which they are built."""
    return sorted(path.stem for path in HERE.glob("[a-z]*.py"))


def corrections() -> list[dict]:
    """Return the register of values changed from their source."""
    return yaml.safe_load((HERE / "corrections.yml").read_text(encoding="utf-8")) or []


def correct(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """Apply the registered corrections to a table.

    Raises RecipeError when the row is gone or its value is not the one that was corrected:
    the source has moved, and the correction has to be looked at again.
    """
    table = table.copy()
    for entry in corrections():
        if entry["table"] != name:
            continue
        where = pd.Series(True, index=table.index)
        for column, value in entry["row"].items():
            where &= table[column].astype("string") == str(value)
        label = f"{name}: correction of {entry['row']}, {entry['column']}"
        expected = entry.get("rows", 1)
        if where.sum() != expected:
            raise RecipeError(f"{label}: {where.sum()} rows match, {expected} expected; see data/recipes/corrections.yml")
        found = table.loc[where, entry["column"]].astype("string").fillna("")  # an empty cell is expected as ""
        if "expect_sha256" in entry:
            fits = found.map(lambda text: _raw.digest(text.encode())) == entry["expect_sha256"]
        else:
            fits = found == str(entry["expect"])
        if not fits.all():
            raise RecipeError(
                f"{label}: the source no longer has the value that was corrected; "
                "review the entry in data/recipes/corrections.yml"
            )
        table.loc[where, entry["column"]] = entry["value"]
    return table


def write_table(table, path: Path) -> None:
    """Write a table (or a map layer) to `path` in the one form that never varies."""
    if path.suffix == ".geojson":
        path.write_text(table, encoding="utf-8", newline="\n")
    else:
        table.to_csv(path, index=False, lineterminator="\n", encoding="utf-8")


def describe(name: str, recipe: Table, path: Path, rows: int) -> dict:
    """Return the Frictionless descriptor of one table as it lies at `path`."""
    content = path.read_bytes()
    registry = _raw.registry()
    resource = {
        "name": name,
        "path": path.name,
        "title": recipe.title,
        "description": recipe.description,
        "row": recipe.row,
        ("rows" if path.suffix == ".csv" else "features"): rows,
        "bytes": len(content),
        "hash": f"sha256:{_raw.digest(content)}",
        "format": path.suffix[1:],
        "encoding": "utf-8",
        "licenses": [],
        "sources": [],
        "caveats": recipe.caveats,
    }
    if path.suffix == ".csv":
        resource["mediatype"] = "text/csv"
        resource["profile"] = "tabular-data-resource"
    else:
        resource["mediatype"] = "application/geo+json"
    for slug in recipe.sources:
        source = registry[slug]
        resource["sources"].append(
            {
                "title": source["title"],
                "credit": source["credit"],
                "path": source["url"],
                "publisher": source["publisher"],
                "accessed": str(source["accessed"]),
                "citation": source["citation"],
            }
        )
        if source["licence"] not in resource["licenses"]:
            resource["licenses"].append(source["licence"])
    fields = recipe.fields
    if path.suffix == ".csv":
        made = pd.read_csv(path, dtype=str, keep_default_na=False)
        # Numbers as numbers, so that 9 comes before 10.
        typed = made.apply(lambda column: column.astype(float) if _numeric(recipe, column.name) else column)
        if typed.sort_values(recipe.primary_key, kind="stable").index.equals(made.index):
            resource["sorted"] = True
        # Like the number of rows: a cell that is lost later shows.
        blank = {column: int((made[column] == "").sum()) for column in made}
        fields = [f if f.get("constraints", {}).get("required") else {**f, "blank": blank[f["name"]]} for f in fields]
    resource["schema"] = {"fields": fields, "missingValues": [""]}
    if recipe.primary_key:
        resource["schema"]["primaryKey"] = recipe.primary_key
    if recipe.foreign_keys:
        resource["schema"]["foreignKeys"] = recipe.foreign_keys
    if recipe.rules:
        resource["rules"] = recipe.rules
    return resource


def _numeric(recipe: Table, column: str) -> bool:
    """True for a column of the primary key that holds numbers."""
    types = {field["name"]: field["type"] for field in recipe.fields}
    return column in recipe.primary_key and types[column] in ("integer", "number")


def check(name: str, resource: dict, folder: Path) -> None:
    """Raise RecipeError unless the file in `folder` is what its descriptor says."""
    if resource["format"] != "csv":
        return
    alone = {**resource, "schema": {k: v for k, v in resource["schema"].items() if k != "foreignKeys"}}
    report = Resource(alone, basepath=str(folder)).validate()
    if not report.valid:
        first = report.flatten(["rowNumber", "fieldName", "message"])[0]
        raise RecipeError(f"{name}: row {first[0]}: {first[1]}: {first[2]}")


def build(name: str, folder: Path) -> dict:
    """Build one table into `folder` and return its descriptor."""
    module = importlib.import_module(name)
    made = module.build()
    path = folder / (module.TABLE.file or f"{name}.csv")
    if isinstance(made, pd.DataFrame):
        made = correct(name, made)
        rows = len(made)
    else:
        rows = len(json.loads(made)["features"])
    write_table(made, path)
    resource = describe(name, module.TABLE, path, rows)
    check(name, resource, folder)
    return resource


def stage_package(resources: dict[str, dict]) -> Path:
    """Write what datapackage.json shall be to a temporary file beside it, and return its path."""
    package = {
        "name": "propagates-punishment",
        "title": "How the United States Propagates Punishment: tables",
        "description": "Tidy tables behind the data essay of the same name. Written by the recipes in data/recipes.",
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
    Package.from_descriptor(package)
    temporary = PACKAGE.with_suffix(".json.part")
    temporary.write_text(json.dumps(package, indent=1, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")
    return temporary


def main(wanted: list[str]) -> int:
    """Rebuild the named tables, or all; return the number of tables that failed."""
    known = names()
    for name in wanted:
        if name not in known:
            print(f"{name}: no such table; known: {', '.join(known)}", file=sys.stderr)
            return 1
    for left in DATA.glob(".building-*"):
        # From a run that was killed.
        shutil.rmtree(left)
    failed = []
    resources = {}
    if PACKAGE.exists():
        written = json.loads(PACKAGE.read_text(encoding="utf-8"))["resources"]
        resources = {r["name"]: r for r in written if r["name"] in known}
    for name in wanted or known:
        with tempfile.TemporaryDirectory(dir=DATA, prefix=".building-") as folder:
            try:
                resource = build(name, Path(folder))
            except (_raw.RawError, RecipeError) as error:
                print(f"FAILED {error} (data/{name} is left as it was)", file=sys.stderr)
                failed.append(name)
                continue
            target = DATA / resource["path"]
            state = (
                "unchanged"
                if target.exists() and target.read_bytes() == (Path(folder) / resource["path"]).read_bytes()
                else "written"
            )
            described = json.dumps(resources.get(name)) == json.dumps(resource)
            resources[name] = resource
            # The two renames stand next to each other: a kill hardly ever falls between a table and its description.
            package = None if described else stage_package(resources)
            (Path(folder) / resource["path"]).replace(target)
            if package:
                package.replace(PACKAGE)
        print(f"{state:9} data/{resource['path']} ({resource.get('rows', resource.get('features'))} rows)")
    stage_package(resources).replace(PACKAGE)
    if "sources" in resources:
        _bibliography.write(DATA / resources["sources"]["path"], DATA.parent / "book" / "references.bib")
    return len(failed)
