"""Corrupted tables are refused before a chapter uses them; copies that say the same change nothing.

`pytest tests/test_data_faults.py -rA -k report` prints how many faults of each kind were found.
"""

from __future__ import annotations

import fnmatch
import json
import shutil
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
import yaml
from frictionless import Resource
from pandas.testing import assert_frame_equal

from essay import claims, figures, rules, shown, tables
from tests import faults
from tests.book import PROJECT, notebooks, read, recorded

pytestmark = pytest.mark.faults
DATA = PROJECT / "data"
RESOURCES = {
    resource["name"]: resource
    for resource in json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))["resources"]
    if resource["format"] == "csv"
}
EXPLAINED = yaml.safe_load((PROJECT / "tests" / "fault_survivors.yml").read_text(encoding="utf-8"))
# Three flights, first to third: the date of the second is a span, so no column says their order, and a chapter that
# reads them in another one stops.
IN_ORDER = {"cecot_transfers"}
REMEDY = "restore it with `git checkout data/"

# Filled table by table; the last tests of the file read them.
tried: Counter[str] = Counter()
found: Counter[str] = Counter()
survivors: set[str] = set()


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """A copy of the data folder that the library reads, with its own memory of the descriptions."""
    folder = tmp_path_factory.mktemp("faults") / "data"
    shutil.copytree(DATA, folder, ignore=shutil.ignore_patterns("raw", "recipes"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables, "DATA", folder)
        # Whether a date lies in the future must not depend on when the test runs.
        patch.setattr(rules, "today", lambda: "2026-11-30")
        tables._package.cache_clear()
        yield folder
    tables._package.cache_clear()


@pytest.mark.parametrize("name", RESOURCES)
def test_faults_are_found(copy, name):
    path = copy / RESOURCES[name]["path"]
    good = path.read_bytes()
    try:
        for fault in faults.meaningful(RESOURCES[name], good):
            path.write_bytes(fault.content)
            tried[fault.kind] += 1
            try:
                tables.load(name)
            except tables.TableError as error:
                found[fault.kind] += 1
                assert all(line.startswith(f"{name}:") and REMEDY in line for line in str(error).split("\n")), error
            else:
                survivors.add(fault.name)
    finally:
        path.write_bytes(good)
    unexplained = {s for s in survivors if s.startswith(f"{name}:") and not any(fnmatch.fnmatchcase(s, p) for p in EXPLAINED)}
    assert unexplained == set(), "explain in tests/fault_survivors.yml, or add a rule to the descriptor that finds it"


def test_report():
    """At least 95 in 100 are found; every explanation is still needed."""
    if len(tried) < 20 or set(RESOURCES) - {s.split(":")[0] for s in survivors} == set(RESOURCES):
        pytest.skip("the faults of all tables have to run first")
    for kind in sorted(tried):
        print(f"{kind:32} {found[kind]:5} of {tried[kind]:5}")
    print(f"{'all':32} {found.total():5} of {tried.total():5} ({found.total() / tried.total():.1%})")
    print(*sorted(survivors), sep="\n")
    assert found.total() >= 0.95 * tried.total()
    assert [pattern for pattern in EXPLAINED if not fnmatch.filter(survivors, pattern)] == [], "no longer needed"
    assert all(reason.strip() for reason in EXPLAINED.values())


@pytest.mark.parametrize("name", RESOURCES)
def test_harmless_changes_say_the_same(copy, name):
    path = copy / RESOURCES[name]["path"]
    good = path.read_bytes()
    keys = list(tables.load(name).columns)
    expected = tables.load(name).sort_values(keys, ignore_index=True)
    try:
        for change, content in faults.harmless(good, name).items():
            assert content != good, change
            path.write_bytes(content)
            assert_frame_equal(tables.load(name).sort_values(keys, ignore_index=True), expected)
    finally:
        path.write_bytes(good)


# Small ones that have columns of every type, and every constraint, between them.
LIKE_ALL = ["aca_mexico_counts", "esp_race_outcomes"]


def kinds(resource: dict) -> set[str]:
    return {kind for field in resource["schema"]["fields"] for kind in (field["type"], *field.get("constraints", {}))}


def reported(resource: dict, path: Path) -> list[tuple[int, str, str, str]]:
    """Return what the report of Frictionless has on a file, in our words; a row that is cut or blank says only that."""
    alone = {key: value for key, value in resource.items() if key not in ("hash", "bytes")}
    alone["schema"] = {key: value for key, value in resource["schema"].items() if key != "foreignKeys"}
    # Said outright, so that Frictionless does not guess.
    alone["dialect"] = {"csv": {"delimiter": ",", "quoteChar": '"', "doubleQuote": True}}
    report = Resource(alone, basepath=str(path.parent)).validate(limit_errors=0)
    told = [[part or "" for part in each] for each in report.flatten(["rowNumber", "type", "fieldName", "note"])]
    cut = {row: (row, kind, "", "") for row, kind, *_ in told if kind in ("missing-cell", "extra-cell", "blank-row")}
    words = {"the same as in the row at position": "stands twice: the same as in row"}
    words['cells composing the primary keys are all "None"'] = "has no value"
    for theirs, ours in words.items():
        told = [[*each, note.replace(theirs, ours)] for *each, note in told]
    return sorted([*((row or 0, *each) for row, *each in told if row not in cut), *cut.values()])


@pytest.mark.parametrize("name", LIKE_ALL)
def test_reading_each_value_once_finds_what_frictionless_finds_cell_by_cell(copy, name):
    path = copy / RESOURCES[name]["path"]
    good = path.read_bytes()
    judged: Counter[bool] = Counter()
    cut = [good + b"\n", good + b",,\n", good.rstrip(b"\n") + b",more\n", good + b"," * good.splitlines()[0].count(b",") + b"\n"]
    try:
        changed = [fault.content for fault in faults.meaningful(RESOURCES[name], good)]
        for content in [good, *changed, *cut, *faults.harmless(good, name).values()]:
            path.write_bytes(content)
            try:
                tables.check_form(content, [field["name"] for field in RESOURCES[name]["schema"]["fields"]])
            except tables.Fault:
                continue
            found = [
                (row, kind, column if note else "", note) for row, kind, column, _, note in tables._wrong(RESOURCES[name], path)
            ]
            assert sorted(found) == reported(RESOURCES[name], path)
            judged[not found] += 1
    finally:
        path.write_bytes(good)
    assert min(judged[True], judged[False]) >= 5


def test_the_small_tables_have_columns_of_every_kind():
    assert set().union(*(kinds(RESOURCES[name]) for name in LIKE_ALL)) == set().union(*map(kinds, RESOURCES.values()))


def run(path, monkeypatch) -> list[dict]:
    """Return the facts that the cells of a notebook record, run here without drawing its figures."""
    kept: list[dict] = []
    monkeypatch.setattr(shown, "show", lambda page, text, data: kept.extend(data.get("facts", [])))
    monkeypatch.setattr(figures, "show", lambda *args, **kwargs: None)
    scope: dict = {}
    for cell in read(path)["cells"]:
        if cell["cell_type"] == "code":
            exec(compile("".join(cell["source"]), path.name, "exec"), scope)
    return kept


@pytest.mark.parametrize("path", notebooks(), ids=lambda path: path.stem)
def test_row_order_changes_no_published_number(path, monkeypatch):
    read_csv = pd.read_csv

    def shuffled(file, **options) -> pd.DataFrame:
        frame = read_csv(file, **options)
        return frame if file.stem in IN_ORDER else frame.sample(frac=1, random_state=1, ignore_index=True)

    # Where the library reads a file, after its checks, the rows come in another order.
    monkeypatch.setattr(tables.pd, "read_csv", shuffled)
    for memory in (claims._ledger, claims._citations):
        memory.cache_clear()
    try:
        made = {fact["id"]: fact for fact in run(path, monkeypatch)}
    finally:
        for memory in (claims._ledger, claims._citations):
            memory.cache_clear()
    published = {fact["id"]: fact for name, fact in recorded("facts") if name == path.name}
    assert made.keys() == published.keys()
    for id, fact in published.items():
        assert made[id]["shown"] == fact["shown"], id
