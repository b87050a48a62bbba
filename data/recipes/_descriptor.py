"""The descriptors of the tables: `<table>.yml`, one each, and what they become in `datapackage.json`.

A table is *derived* where a recipe of the same name makes it from a raw file, and *compiled* where there is none: then
the CSV in `data/` is the master, which people edit. data/README.md says what may stand in a descriptor.
"""

from __future__ import annotations

import csv
import inspect
import io
import json
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import yaml

import _raw
import _rules
from essay import rules

HERE = Path(__file__).resolve().parent
NEEDED = ("title", "description", "row", "sources", "fields")
ENDS = ("record_ends", "sources_read")
OPTIONAL = ("like", "file", "key", "sorted", "numbered_by", "caveats", "rules", "breaks", "unknowns", *ENDS, "sha256")
TYPES = ("string", "integer", "number", "boolean", "date")
CONSTRAINTS = ("unique", "minimum", "maximum", "enum", "pattern")
PARTS = ("type", "title", "description", "unit", "form", "refers_to")
FIELD = (*PARTS, "optional", *CONSTRAINTS)


class RecipeError(Exception):
    """A descriptor, a recipe or the register of changes is not what it must be; the message names file and remedy."""


class _Loader(yaml.SafeLoader):
    """YAML in which a date is text and only true and false are truths: lists of answers hold yes and no."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if not tag.endswith((":timestamp", ":bool"))]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("true|false"), "tf")


def names() -> list[str]:
    """Return the names of all tables."""
    return sorted(path.stem for path in HERE.glob("[a-z]*.yml") if path != _raw.REGISTRY)


def is_derived(name: str) -> bool:
    """True for a table that a recipe makes."""
    return (HERE / f"{name}.py").is_file()


def read(name: str) -> dict:
    """Return the descriptor of a table, shared parts filled in, rules resolved.

    Raises RecipeError for one that is not YAML, lacks a part, or has one that is unknown or not of the right kind.
    """
    described = {**_yaml(name)}
    if like := described.pop("like", None):
        shared = _yaml(like)
        described = {**shared, **described, "rules": shared.get("rules", []) + described.get("rules", [])}
    for part in NEEDED:
        if not described.get(part):
            raise _wrong(name, f"{part} is missing")
    for part in described:
        if part not in NEEDED + OPTIONAL:
            known = ", ".join(NEEDED + OPTIONAL)
            raise _wrong(name, f"{part} is no part of a descriptor; known: {known}; what belongs to one stands further right")
    for part, kind in (("sources", list), ("fields", dict), ("key", list), ("rules", list), ("breaks", list), ("unknowns", dict)):
        if not isinstance(described.get(part, kind()), kind):
            raise _wrong(name, f"{part} is a {'list' if kind is list else 'list of names with what each is'}")
    shared = _yaml("_fields")
    described["fields"] = [_field(name, column, given, shared.get(column, {})) for column, given in described["fields"].items()]
    columns = {field["name"] for field in described["fields"]}
    rules_given = described.get("rules", [])
    described["rules"] = [rule for given in rules_given for rule in _rule(name, given)]
    counted = [described["numbered_by"]] if "numbered_by" in described else []
    for part, named in (("key", described.get("key", [])), ("unknowns", described.get("unknowns", {})), ("numbered_by", counted)):
        for column in named:
            if column not in columns:
                raise _wrong(name, f"{part} names {column}, which is no field")
    for each in described.get("breaks", []):
        if set(each) != {"column", "where", "why"} or {each["column"], *each["where"]} - columns:
            raise _wrong(name, f"a break has column, where (field: first value after it) and why, not {each}")
    declared = {part: str(described[part]) for part in ENDS if part in described}
    for part, ends in declared.items():
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", ends) or ends > rules.today():
            raise _wrong(name, f"{part} is a date up to today, such as 2026-11-30, not {ends}")
    if len(declared) > 1:
        raise _wrong(name, "record_ends is for what goes on, sources_read for a list without a last date: keep one")
    if "record_ends" in declared:
        growing = [given["grows"]["column"] for given in rules_given if isinstance(given, dict) and "grows" in given]
        described["rules"] += [_rules.within_the_record(column, declared["record_ends"]) for column in growing]
    for slug in described["sources"]:
        if slug not in _raw.registry():
            raise _wrong(name, f"source {slug} is not in data/recipes/{_raw.REGISTRY.name}; add it there")
    return described


def _yaml(name: str) -> dict:
    """Return the content of one file of descriptors."""
    try:
        content = _parsed((HERE / f"{name}.yml").read_text(encoding="utf-8"))
    except (OSError, UnicodeError) as error:
        raise _wrong(name, f"cannot be read ({error})") from None
    except ValueError as error:
        raise _wrong(name, str(error)) from None
    if not isinstance(content, dict):
        raise _wrong(name, "is not a list of parts such as `title: ...`")
    return content


@cache
def _parsed(text: str) -> object:
    """Return what YAML says; asked for again and again while a table is made, read once."""
    return _raw.from_yaml(text, _Loader)


def _wrong(name: str, problem: str) -> RecipeError:
    """Return the error about a descriptor, in one sentence."""
    return RecipeError(f"{name}: data/recipes/{name}.yml: {problem}")


def _field(name: str, column: str, given: dict | None, shared: dict) -> dict:
    """Return one field as the Frictionless Table Schema has it, `unit` and `refers_to` beside it, `shared` parts filled in."""
    if not isinstance(given, dict | None):
        raise _wrong(name, f"{column}: a field has parts such as {{description: {given}}}")
    field = {**shared, **(given or {})}
    for part in field:
        if part not in FIELD:
            raise _wrong(name, f"{column}: {part} is no part of a field; known: {', '.join(FIELD)}")
    kind = field.setdefault("type", "string")
    if kind not in TYPES:
        raise _wrong(name, f"{column}: type {kind} is unknown; known: {', '.join(TYPES)}")
    if not field.get("description"):
        raise _wrong(name, f"{column}: description is missing")
    if ("pattern" in field) != ("form" in field):
        raise _wrong(name, f"{column}: a pattern needs a form beside it, which says it in words, and a form a pattern")
    if not isinstance(field.get("title", ""), str):
        raise _wrong(name, f"{column}: title is a number; put it in quotes")
    if "enum" in field and kind == "string" and not all(isinstance(value, str) for value in field["enum"]):
        raise _wrong(name, f"{column}: a value of enum is a number; put it in quotes")
    constraints = {"required": True} if not field.pop("optional", False) else {}
    constraints |= {part: field[part] for part in CONSTRAINTS if part in field}
    made = {
        "name": column,
        **{part: field[part] for part in PARTS if part in field},
    }
    return {**made, "constraints": constraints} if constraints else made


def _rule(name: str, given: str | dict) -> list[dict]:
    """Return what a rule in a descriptor stands for: a name, a name with parameters, or a sentence with a query."""
    if isinstance(given, dict) and ("says" in given or len(given) == 1):
        called, parameters = ("says", given) if "says" in given else next(iter(given.items()))
    else:
        called, parameters = str(given), {}
    function = getattr(_rules, called, None)
    if called.startswith("_") or not inspect.isfunction(function):
        raise _wrong(name, f"no rule {called}; data/recipes/_rules.py has them")
    try:
        made = function(**parameters) if isinstance(parameters, dict) else function(parameters)
    except TypeError as error:
        raise _wrong(name, f"rule {error}") from None
    return made if isinstance(made, list) else [made]


def describe(name: str, path: Path) -> dict:
    """Return the Frictionless descriptor of a table as it lies at `path`, with what follows from its content.

    Raises RecipeError where a break, an unknown value or the end of the record is not borne out by the rows.
    """
    described = read(name)
    content = path.read_bytes()
    resource = {
        "name": name,
        "path": path.name,
        **{part: described[part] for part in ("title", "description", "row")},
        "bytes": len(content),
        "hash": f"sha256:{_raw.digest(content)}",
        "format": path.suffix[1:],
        "encoding": "utf-8",
        **_origin(described["sources"]),
        "caveats": described.get("caveats", []),
    }
    if is_derived(name):
        resource["recipe"] = f"data/recipes/{name}.py"
    for part in ("sorted", "breaks", "unknowns", *ENDS):
        if part in described:
            resource[part] = described[part]
    fields = [{part: value for part, value in field.items() if part != "refers_to"} for field in described["fields"]]
    if path.suffix == ".csv":
        header, *rows = csv.reader(io.StringIO(content.decode(), newline=""))
        made = dict(zip(header, zip(*rows, strict=True), strict=True)) if rows else dict.fromkeys(header, ())
        resource |= {"rows": len(rows), "mediatype": "text/csv", "profile": "tabular-data-resource"}
        # Like the number of rows: a cell that is lost later shows.
        fields = [
            field if field.get("constraints", {}).get("required") else {**field, "blank": made[field["name"]].count("")}
            for field in fields
        ]
        _bear_out(name, described, made)
    else:
        resource |= {"features": _features(content), "mediatype": "application/geo+json"}
    resource["schema"] = {"fields": fields, "missingValues": [""]}
    if "key" in described:
        resource["schema"]["primaryKey"] = described["key"]
    if keys := [_reference(field) for field in described["fields"] if "refers_to" in field]:
        resource["schema"]["foreignKeys"] = keys
    if described["rules"]:
        resource["rules"] = described["rules"]
    return resource


@cache
def _features(content: bytes) -> int:
    """Return how many outlines a map layer has."""
    return len(json.loads(content)["features"])


def _reference(field: dict) -> dict:
    """Return a field's foreign key: every value stands in the column of another table that `refers_to` names."""
    table, _, column = field["refers_to"].partition(".")
    return {"fields": [field["name"]], "reference": {"resource": table, "fields": [column]}}


def _origin(slugs: list[str]) -> dict:
    """Return sources and licences of a table from the registry."""
    sources = [_raw.registry()[slug] for slug in slugs]
    licences = [source["licence"] for source in sources]
    return {
        "licenses": [licence for number, licence in enumerate(licences) if licence not in licences[:number]],
        "sources": [
            {
                "title": source["title"],
                "credit": source["credit"],
                "path": source["url"],
                "publisher": source["publisher"],
                "accessed": str(source["accessed"]),
                "citation": source["citation"],
            }
            for source in sources
        ],
    }


def _bear_out(name: str, described: dict, made: dict[str, Sequence[str]]) -> None:
    """Raise RecipeError for a break at an end of the table, or an unknown value that no row has."""
    for each in described.get("breaks", []):
        for column, value in each["where"].items():
            later = {cell >= str(value) for cell in made[column] if cell}
            if len(later) < 2:
                raise _wrong(name, f"a break at {column} {value} has no rows on one of its sides")
    for column, values in described.get("unknowns", {}).items():
        for value in values:
            if value not in made[column]:
                raise _wrong(name, f"unknowns: no row has {value!r} in {column}")
