"""Load the tidy tables of `data/`, checked against their schema."""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Callable
from functools import cache
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

# What validates a table, and what reads a map, is imported where it is used: in a reader's page (book/live) there is none
# of it. The tables there were validated when the site was built, and a chapter without a map starts sooner.
if TYPE_CHECKING:
    import geopandas

IN_PAGE = sys.platform == "emscripten"

_HERE = Path(__file__).resolve().parent
DATA = next(
    (folder for folder in (_HERE.parent / "data", _HERE.parents[1] / "data") if folder.is_dir()), _HERE.parents[1] / "data"
)

_DTYPES = {"string": "string", "integer": "Int64", "number": "float64", "year": "Int64", "boolean": "boolean", "date": "string"}

# Characters that no table needs and that make a page show something else than it says: controls and overrides of
# the writing direction; and the mark that stands for a character that was lost.
_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffd]")

BOM = b"\xef\xbb\xbf"

# A quotation mark that is never closed makes one cell of all that follows, longer than Python reads by itself.
csv.field_size_limit(2**31 - 1)

# What a spreadsheet takes for a formula when it opens a CSV file; a number may begin with a minus.
FORMULA = re.compile(r"[=+@\t\r]|-(?![\d.])")


# As many of the things that are wrong with a table are told at once.
_TOLD = 10


class TableError(Exception):
    """A table is unknown, missing, or not what its schema says."""


@cache
def _package() -> dict[str, dict]:
    """Return the descriptors of all tables by name."""
    path = DATA / "datapackage.json"
    try:
        resources = json.loads(path.read_text(encoding="utf-8"))["resources"]
    except FileNotFoundError:
        raise TableError(f"{path.name}: not found in {DATA}; restore it with `git checkout data` or `make data`") from None
    except (json.JSONDecodeError, KeyError, TypeError) as error:
        raise TableError(f"{path.name}: cannot be read ({error}); restore it with `git checkout data` or `make data`") from None
    return {resource["name"]: resource for resource in resources}


def resource(name: str) -> dict:
    """Return the Frictionless descriptor of table `name`: schema, sources, licences, caveats.

    Raises TableError for an unknown name.
    """
    known = _package()
    if name not in known:
        raise TableError(f"{name}: no such table; known: {', '.join(sorted(known))} (see data/datapackage.json)")
    return known[name]


def load(name: str) -> pd.DataFrame:
    """Return table `name`, typed and validated; a GeoDataFrame where it is a map layer.

    Units are those of the schema. Columns of whole numbers are `Int64` and text is `string`, so that
    missing values stay missing. Rows come in the order of the primary key where the table is written so.
    `frame.attrs["table"]` is the table's name, for receipts and captions.

    Raises TableError, naming table, row and remedy, when the file is missing, truncated, lacks a column,
    holds a value of the wrong type, out of range, or twice where it must be unique, or breaks a rule of its
    descriptor (see `essay.rules`): a sum that does not add up, a year that is missing, two tables that disagree.
    In a reader's page a table is read as it was when the site was built, which validated it.
    """
    described = resource(name)
    if IN_PAGE:
        frame = _typed(described, _cells(described, DATA / described["path"]))
        frame.attrs["table"] = name
        return frame
    return read(name, _package(), DATA)


def read(name: str, package: dict[str, dict], data: Path, remedy: str = "") -> pd.DataFrame:
    """Return table `name` of the folder `data` as `load` does, by the descriptors in `package`.

    Raises TableError, with a line for each thing that is wrong; `remedy` is what to do about it, if not what `load` says.
    """
    described = package[name]
    path = data / described["path"]
    remedy = remedy or _remedy(described)
    if not path.is_file():
        raise TableError(f"{name}: data/{path.name} is missing; {remedy}")
    problems, whole = [], True
    try:
        if path.suffix == ".geojson":
            frame = _read_layer(described, path)
        else:
            check_form(path.read_bytes(), [field["name"] for field in described["schema"]["fields"]])
            frame = _read_csv(described, path)
    except Fault as fault:
        problems = [f"{name}: {sentence}; {remedy}" for sentence in fault.args]
        whole = isinstance(fault, CellFault)
    if whole:
        problems += _broken_rules(name, package, data, remedy)
    if len(problems) > _TOLD:
        problems[_TOLD:] = [f"{name}: {len(problems) - _TOLD} more; {remedy}"]
    if problems:
        raise TableError("\n".join(problems))
    frame.attrs["table"] = name
    return frame


class Fault(Exception):
    """What is wrong with a file: each argument is the part of a TableError between the table's name and the remedy."""


class CellFault(Fault):
    """Cells of a file are wrong, and all of them are there and can be read: its rules can be asked as well."""


def _remedy(described: dict) -> str:
    """Return what to do about a table that is not what it must be."""
    path = f"data/{described['path']}"
    if "recipe" in described:
        return f"restore it with `git checkout {path}`, or with `make data`, which runs {described['recipe']} again"
    return f"correct {path}, or restore it with `git checkout {path}`; then `make data`"


def one(frame: pd.DataFrame, column: str, /, **key) -> int | float | str | bool | pd.Timestamp:
    """Return the value of `column` in the one row that `key` names: `one(costs, "people", country="Rwanda")`.

    Units are those of the schema. Numbers come as int or float, so that they can be shown and recorded as they are.

    Raises TableError, naming table and key, when a column is not there, when not exactly one row fits, or when its cell is blank.
    """
    if isinstance(frame, str):  # the build follows the call of `load`, so that it stands in the cell
        raise TableError(f"{frame}: this is a name where the loaded table is asked for; write tables.load({frame!r})")
    name = frame.attrs.get("table", "computed table")
    known = f"see data/{name}.csv" if "table" in frame.attrs else "see the cell that computes it"
    for used in (column, *key):
        if used not in frame:
            raise TableError(f"{name}: no column {used!r}; {known}")
    where = ", ".join(f"{part} = {wanted!r}" for part, wanted in key.items()) or "any key"
    fits = pd.Series(True, index=frame.index)
    for part, wanted in key.items():
        fits &= (frame[part] == wanted).fillna(False).astype(bool)
    if fits.sum() != 1:
        raise TableError(f"{name}: {fits.sum()} rows with {where}, where one is asked for; {known}")
    value = frame.loc[fits, column].iloc[0]
    if pd.isna(value):
        raise TableError(f"{name}: {column} is blank in the row with {where}; {known}")
    return value.item() if hasattr(value, "item") else value


def headed(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table as readers see it: each column under its heading, the `title` of its field in the schema.

    A computed column, or one whose field has no title, keeps its name.
    """
    fields = resource(frame.attrs["table"])["schema"]["fields"] if "table" in frame.attrs else []
    return frame.rename(columns={field["name"]: field["title"] for field in fields if "title" in field})


def _broken_rules(name: str, package: dict[str, dict], data: Path, remedy: str) -> list[str]:
    """Return a line for each rule about table `name` that does not hold, or cannot be asked."""
    import sqlite3

    from essay import rules

    try:
        found = rules.broken(name, package, data)
    except (OSError, ValueError, sqlite3.Error) as error:  # another table that a rule reads is gone or not in shape
        return [f"{name}: cannot be compared with the tables it must agree with ({error}); {remedy}"]
    lines = []
    for owner, rows, says in found:
        stands = f"data/recipes/{owner}.yml"
        where = name if owner == name else f"{name}: does not agree with {owner}"
        if rows:
            joint = ": " if owner == name else ", "
            lines.append(f"{where}{joint}{rows_told(rows)}: {says}; {remedy} (the rule stands in {stands})")
        else:
            lines.append(f"{owner}: {stands}: the rule {says}; correct it there")
    return lines


def rows_told(numbers: list[int]) -> str:
    """Return of which rows something is said, in words: the first of them by number."""
    if len(numbers) == 1:
        return f"row {numbers[0]}"
    more = f" and {len(numbers) - 5} more" if len(numbers) > 5 else ""
    return f"rows {', '.join(map(str, numbers[:5]))}{more}"


def merge_mark(content: bytes) -> str:
    """Return where a file that git could not merge has the first of git's marks, in words; empty where it has none."""
    found = re.search(rb"^(?:<{7}|={7}|>{7})(?: .*)?\r?$", content, re.MULTILINE)
    if not found:
        return ""
    line = content.count(b"\n", 0, found.start()) + 1
    return f"line {line}: two people's edits meet here (`{found[0][:7].decode()}`)"


def check_form(content: bytes, columns: list[str]) -> None:
    """Raise Fault for a CSV file with the marks of a merge or of a spreadsheet, or with another header than `columns`."""
    if conflict := merge_mark(content):
        raise Fault(f"{conflict}: keep one, delete git's marks")
    if content.startswith(BOM):
        raise Fault("begins with a byte order mark, as spreadsheets write it; `make data` takes it off")
    try:
        first = content.decode("utf-8").partition("\n")[0].partition("\r")[0]
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Fault(f"line {line}: the encoding is not UTF-8; save the file as CSV in UTF-8") from None
    header = next(csv.reader([first]), [])
    if header == columns:
        return
    for mark, named in ((";", "semicolons"), ("\t", "tabs")):
        if next(csv.reader([first], delimiter=mark), []) == columns:
            raise Fault(f"has {named} between its cells, as a spreadsheet writes them; save it as CSV with commas")
    missing = [column for column in columns if column not in header]
    extra = [column for column in header if column not in columns]
    says = "the columns stand in another order"
    if missing or extra:
        says = "; ".join([f"no column {column}" for column in missing] + [f"unknown column {column!r}" for column in extra])
    raise Fault(f"the header is wrong: {says}")


def _read_csv(described: dict, path: Path) -> pd.DataFrame:
    """Validate and read a CSV table."""
    if wrong := _wrong(described, path):
        raise _explained(wrong, {field["name"]: field for field in described["schema"]["fields"]})
    try:
        frame = _cells(described, path)
    except (pd.errors.ParserError, ValueError) as error:
        raise Fault(f"cannot be read ({str(error).strip()}): the file is truncated or was changed") from None
    for field in described["schema"]["fields"]:
        _check_column(field, frame[field["name"]])
    for key in described["schema"].get("primaryKey", []):
        if frame[key].dtype == "string" and len(spaced := frame.index[frame[key] != frame[key].str.strip()]):
            raise Fault(f"row {spaced[0] + 2}: {key} has a space before or after it")
    return _typed(described, frame)


def _wrong(described: dict, path: Path) -> list[tuple[int, str, str, str, str]]:
    """Return what Frictionless finds in a CSV file, its header compared, as (row, kind, column, cell, note), row by row.

    Its readers judge the cells; its report, which makes objects of every row and cell, takes many times as long. A row
    that is cut or blank says that and nothing else. Row 0 is the file as a whole.
    """
    schema = described["schema"]
    readers = _readers(json.dumps(schema))
    with path.open(encoding="utf-8", newline="") as file:
        _, *rows = csv.reader(file)
    width, cut = len(readers), {}
    for number, row in enumerate(rows, start=2):
        if not any(row):
            cut[number] = (number, "blank-row", "", "", "")
        elif len(row) < width:
            cut[number] = (number, "missing-cell", list(readers)[len(row)], "", "")
        elif len(row) > width:
            cut[number] = (number, "extra-cell", "", row[width], "")
    for number in cut:
        rows[number - 2] = [*rows[number - 2], *[""] * width][:width]
    columns = list(zip(*rows, strict=True)) or [()] * width
    cells, found = {}, []
    for (name, reader), column in zip(readers.items(), columns, strict=True):
        read = {cell: reader(cell) for cell in set(column)}
        cells[name] = [read[cell][0] for cell in column]
        if any(notes for _, notes in read.values()):
            for number, cell in enumerate(column, start=2):
                for kind, note in (read[cell][1] or {}).items():
                    found.append((number, "type-error" if kind == "type" else "constraint-error", name, cell, note))
    unique = [field["name"] for field in schema["fields"] if field.get("constraints", {}).get("unique")]
    keys = zip(*(cells[name] for name in schema["primaryKey"]), strict=True)
    for kind, name, values in [*(("unique-error", name, cells[name]) for name in unique), ("primary-key", "", keys)]:
        seen: dict = {}
        for number, value in enumerate(values, start=2):
            if not name and set(value) == {None}:
                found.append((number, kind, name, "", "has no value"))
            elif value in seen:
                found.append((number, kind, name, str(value), f"stands twice: the same as in row {seen[value]}"))
            if value is not None:
                seen[value] = number
    found = sorted((*(each for each in found if each[0] not in cut), *cut.values()), key=itemgetter(0))
    if len(rows) != described["rows"]:
        found.append((0, "row-count", "", "", f'expected is "{described["rows"]}" and actual is "{len(rows)}"'))
    return found


@cache
def _readers(schema: str) -> dict[str, Callable]:
    """Return, by column, what reads a cell as Frictionless does, each value once: (value, what is wrong with it or None)."""
    from frictionless import fields

    # Their classes outright: asked for by the names of the types, Frictionless first loads all that it can do besides, in
    # every kernel. `make data` has it judge the schema.
    return {
        field["name"]: cache(
            getattr(fields, f"{field['type'].title()}Field")(
                name=field["name"], constraints=field.get("constraints", {})
            ).create_cell_reader()
        )
        for field in json.loads(schema)["fields"]
    }


def _cells(described: dict, path: Path) -> pd.DataFrame:
    """Read a CSV table with the types of its schema, dates as text; of a map layer, in a reader's page, all but the outlines."""
    if path.suffix == ".geojson":
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        return pd.DataFrame([feature["properties"] for feature in features])
    return pd.read_csv(
        path,
        dtype={field["name"]: _DTYPES[field["type"]] for field in described["schema"]["fields"]},
        keep_default_na=False,
        na_values=[""],
        encoding="utf-8",
    )


def _typed(described: dict, frame: pd.DataFrame) -> pd.DataFrame:
    """Return the cells of a CSV table with dates as such and rows in their order."""
    for field in described["schema"]["fields"]:
        if field["type"] == "date":
            frame[field["name"]] = pd.to_datetime(frame[field["name"]], format="%Y-%m-%d")
    if described.get("sorted"):
        # Chapters take the first and the last of a series: a file whose rows were moved must say the same.
        frame = frame.sort_values(described["schema"]["primaryKey"], kind="stable", ignore_index=True)
    return frame


def _check_column(field: dict, column: pd.Series) -> None:
    """Raise Fault for a column with more or fewer blank cells than described, or with text that was damaged."""
    blank = int(column.isna().sum())
    if blank != field.get("blank", blank):
        raise Fault(f"{field['name']} has {blank} blank cells, {field['blank']} expected: changed without `make data`")
    if field["type"] == "string":
        for text in column.dropna().unique():
            if FORMULA.match(text):
                wrong = "would run as a formula in a spreadsheet"
            elif _HIDDEN.search(text) or _misread(text):
                wrong = "was damaged by a wrong encoding or holds a hidden character"
            else:
                continue
            raise Fault(f"row {column.eq(text).idxmax() + 2}: {field['name']} = {text[:60]!r} {wrong}")


def _misread(text: str) -> bool:
    """True for UTF-8 that was read as Windows-1252: read back, it makes sense as UTF-8."""
    if text.isascii():
        return False
    try:
        text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return False
    return True


def _read_layer(described: dict, path: Path) -> geopandas.GeoDataFrame:
    """Validate and read a map layer: columns there, codes unique, outlines valid, none missing."""
    import geopandas

    try:
        layer = geopandas.read_file(path)
    except Exception as error:  # the GeoJSON driver raises its own types
        raise Fault(f"cannot be read as GeoJSON ({error})") from None
    fields = [field["name"] for field in described["schema"]["fields"]]
    missing = [field for field in fields if field not in layer.columns]
    if missing:
        raise Fault(f"column {missing[0]} is missing")
    if len(layer) != described["features"]:
        raise Fault(f"{len(layer)} features, {described['features']} expected: the file is truncated or was changed")
    twice = layer.loc[layer["iso3"].notna() & layer["iso3"].duplicated(), "iso3"]
    if len(twice):
        raise Fault(f"feature {twice.index[0]}: iso3 = {twice.iloc[0]} stands twice")
    broken = layer.index[~layer.geometry.is_valid]
    if len(broken):
        raise Fault(f"feature {broken[0]}: outline is not valid")
    return layer[[*fields, "geometry"]]


def _explained(wrong: list[tuple[int, str, str, str, str]], fields: dict[str, dict]) -> Fault:
    """Return what `_wrong` found in words that name row and column."""
    # A key that is one column has said already that it is blank or stands twice.
    said = {row for row, kind, *_ in wrong if kind in ("constraint-error", "unique-error")}
    told, cells_only = [], True
    for row, kind, column, cell, note in wrong:
        if kind == "primary-key" and row in said:
            continue
        cells_only &= kind in ("constraint-error", "primary-key", "unique-error")
        if kind == "type-error":
            problem = f"{column} = {cell!r} is not of the type the schema asks for ({note})"
        elif kind == "constraint-error" and not cell:
            problem = f"{column} is blank, and every row has one"
        elif kind == "constraint-error":
            problem = f"{column} = {cell!r} breaks the schema: {_constraint(fields[column], note)}"
        elif kind in ("primary-key", "unique-error"):
            what = f"{column} = {cell!r}" if column else "the row's key"
            problem = f"{what} {note}"
        elif row:
            problem = f"{kind.replace('-', ' ')} at {column or 'the whole row'}: the line is cut or has a stray comma"
        else:
            problem = f"the number of rows is not the expected one ({note}): truncated, or changed without `make data`"
        told.append(f"row {row}: {problem}" if row else problem)
    return (CellFault if cells_only else Fault)(*told)


def _constraint(field: dict, note: str) -> str:
    """Return in words what a field asks for that Frictionless names in a note such as `constraint "minimum" is "0"`."""
    kind = note.split('"')[1]
    asked = field["constraints"][kind]
    if kind == "enum":
        return f"one of {', '.join(map(str, asked))}"
    return field["form"] if kind == "pattern" else f"{kind} {asked}"


def check() -> list[str]:
    """Return one line for each table that is not what its descriptor says it must be."""
    found = []
    for name in sorted(_package()):
        try:
            load(name)
        except TableError as error:
            found.append(str(error))
    return found


if __name__ == "__main__":
    problems = check()
    print("\n".join(problems) or "All tables are what their descriptors say they must be.")
    sys.exit(1 if problems else 0)
