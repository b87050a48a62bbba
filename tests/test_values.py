"""A value is one cell of a table or a constant that we set, and says which; a reader's table has headings."""

from __future__ import annotations

import ast
import builtins
import csv
import re
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from essay import facts, shown, tables, text
from essay_site.cache.inputs import code_of
from tests.book import PROJECT, notebooks, read, recorded

COSTS = tables.load("third_country_costs")


def test_one_picks_a_cell_of_a_loaded_table():
    assert tables.one(COSTS, "people", country="Rwanda") == 7
    assert type(tables.one(COSTS, "people", country="Rwanda")) is int


def test_one_returns_what_the_schema_says():
    frame = pd.DataFrame({"id": ["a"], "share": [0.5], "named": pd.array([True], "boolean"), "day": [pd.Timestamp("1829-10-25")]})
    assert [type(tables.one(frame, column, id="a")) for column in frame] == [str, float, bool, pd.Timestamp]


def test_one_takes_several_columns_as_key():
    ranks = tables.load("prison_ranks")
    key = {"iso3": "BRA", "list": "2024-05", "measure": "total", "scope": "all jurisdictions"}
    assert tables.one(ranks, "rank", **key) == 3


@pytest.mark.parametrize(
    ("column", "key", "says"),
    [
        ("people", {"country": "Atlantis"}, "third_country_costs: 0 rows with country = 'Atlantis', where one is asked for"),
        ("people", {"payment_usd": 7_500_000}, "third_country_costs: 3 rows with payment_usd = 7500000"),
        ("people", {}, "third_country_costs: 5 rows with any key"),
        ("persons", {"country": "Rwanda"}, "third_country_costs: no column 'persons'; see data/third_country_costs.csv"),
        ("people", {"nation": "Rwanda"}, "third_country_costs: no column 'nation'"),
    ],
)
def test_one_names_what_it_does_not_find(column, key, says):
    with pytest.raises(tables.TableError, match=re.escape(says)):
        tables.one(COSTS, column, **key)


def test_one_refuses_a_blank_cell():
    says = "supermax_us: opened_year is blank in the row with id = 'x'; see data/supermax_us.csv"
    frame = pd.DataFrame({"id": ["x", pd.NA], "opened_year": pd.array([pd.NA, 1963], "Int64")})
    frame.attrs["table"] = "supermax_us"
    with pytest.raises(tables.TableError, match=re.escape(says)):
        tables.one(frame, "opened_year", id="x")


def test_a_year_is_that_of_a_date():
    assert [text.year(date) for date in ("1829-10-25", "2015-11", "1913")] == [1829, 2015, 1913]
    for other in ("2000/2005", "by 2025-12", "65-70"):
        with pytest.raises(ValueError, match=f"{other}: not a date such as"):
            text.year(other)


def test_a_date_is_written_as_precisely_as_it_is_known():
    assert [text.when(date) for date in ("2025-07-03", "2025-07", "2025")] == ["3 July 2025", "July 2025", "2025"]
    with pytest.raises(ValueError, match="by 2025: a date is written as 2025, 2025-07 or 2025-07-03"):
        text.when("by 2025")


def test_a_cell_of_a_table_for_readers_shows_a_day_without_its_hour():
    assert shown._cell(pd.Timestamp("2025-03-17")) == text.when("2025-03-17")


def test_sums_are_written_in_millions_and_billions():
    assert [text.millions()(sum) for sum in (4_760_000, 6_000_000, 200_000_000)] == ["4.76 million", "6 million", "200 million"]
    assert (text.millions(0)(112_400_000), text.millions(1)(12_399_000)) == ("112 million", "12.4 million")
    assert (text.billions(2)(1_300_000_000), text.billions(1)(13_900_000_000)) == ("1.30 billion", "13.9 billion")
    assert text.opening(8) == "Eight"


# --- set by us


def test_a_constant_of_ours_names_no_table():
    made = facts.fact("a-threshold", 90, "{}", "days; a threshold", facts.OURS)
    assert made.sources == ()
    assert "<td>set by us</td>" in facts._row(made)
    assert "set by us" not in facts._row(facts.fact("a-count", 71, "{}", "claims", "claims"))


LIBRARY = {"dollars", "text", "stats", "pd", "np", "re", "comb"}  # what changes nothing that it is given


def bindings(tree: ast.AST) -> dict[str, list[ast.expr | None]]:
    """Return what each name of a notebook is bound to; None where that is no expression, as for a function."""
    found: dict[str, list[ast.expr | None]] = {}

    def bind(target: ast.expr, value: ast.expr | None) -> None:
        for node in ast.walk(target):
            if isinstance(node, ast.Name):
                found.setdefault(node.id, []).append(value)

    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                bind(target, node.value)
        elif isinstance(node, ast.NamedExpr | ast.AugAssign | ast.AnnAssign):
            bind(node.target, node.value)
        elif isinstance(node, ast.For | ast.comprehension):
            bind(node.target, node.iter)
        elif isinstance(node, ast.FunctionDef | ast.Lambda):
            names = [argument.arg for argument in ast.walk(node.args) if isinstance(argument, ast.arg)]
            for name in [*names, *([node.name] if isinstance(node, ast.FunctionDef) else [])]:
                found.setdefault(name, []).append(None)
    return found


def is_literal(node: ast.expr | None, bound: dict[str, list[ast.expr | None]], above: tuple[str, ...] = ()) -> bool:
    """True for a value that no table can change: made of literals, or of names that are."""
    if node is None:
        return False
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "len":
        counted = node.args[0]
        if isinstance(counted, ast.Name) and len(bound.get(counted.id, [])) == 1:
            counted = bound[counted.id][0]
        # How many entries are typed does not depend on what they are.
        entries = counted.keys if isinstance(counted, ast.Dict) else getattr(counted, "elts", [None])
        if not any(entry is None or isinstance(entry, ast.Starred) for entry in entries):
            return True
    for name in {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}:
        if name in bound:
            if name in above or not all(is_literal(value, bound, (*above, name)) for value in bound[name]):
                return False
        elif not hasattr(builtins, name) and name not in LIBRARY:
            return False
    return True


def wrongly_sourced(code: str) -> list[str]:
    """Return the facts that are typed and cite a table, and those that are computed and cite none."""
    tree = ast.parse(code)
    bound = bindings(tree)
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    # Facts without a table of their own are from that of their receipts.
    shared = {
        fact
        for call in calls
        if getattr(call.func, "id", "") == "receipts" and any(keyword.arg == "table" for keyword in call.keywords)
        for fact in ast.walk(call)
    }
    found = []
    for call in calls:
        if getattr(call.func, "id", "") == "fact":
            given = dict(zip(("id", "value", "show", "how", "source"), call.args, strict=False))
            cited = ast.unparse(given["source"]) != "OURS" if "source" in given else call in shared
            if is_literal(given["value"], bound) == cited:
                found.append(ast.unparse(given["id"]))
    return found


@pytest.mark.parametrize("path", notebooks(), ids=lambda path: path.stem)
def test_what_we_typed_is_set_by_us_and_nothing_else_is(path):
    assert wrongly_sourced(code_of(read(path))) == []


@pytest.mark.parametrize(
    ("value", "wrong"),
    [
        ("3", True),
        ("LEAST", True),
        ("LENGTH * WIDTH", True),
        ("100 * (1 / (1 - 0.05) - 1)", True),
        ("len(CHANNELS)", True),
        ("len({2020, dollars.base('usd2023')})", True),
        ("len(ledger)", False),
        ("ledger['position'].max() - LEAST", False),
        ("counted(3)", False),
        ("max(CHANNELS['Plan'])", False),
    ],
)
def test_the_check_for_typed_values_bites(value, wrong):
    code = f"""
ledger = tables.load("claims")
LEAST, (LENGTH, WIDTH) = 3, (2.0, 0.9)
CHANNELS = {{"Plan": set(ledger["position"]), "Police": set()}}
def counted(n):
    return len(ledger) - n
fact("a-fact", {value}, "{{}}", "how", ledger)
"""
    assert bool(wrongly_sourced(code)) == wrong
    for ours in ("", ", OURS"):
        assert bool(wrongly_sourced(code.replace(", ledger)", f"{ours})"))) != wrong


def test_the_check_for_typed_values_knows_the_table_of_the_receipts():
    assert wrongly_sourced('receipts(fact("a-fact", 3, "{}", "how"), table=t)') == ["'a-fact'"]
    assert wrongly_sourced('receipts(fact("a-fact", 3, "{}", "how", OURS), table=t)') == []
    assert wrongly_sourced('receipts(fact("a-fact", n, "{}", "how"), table=t)') == []


# --- headings of readers' tables


def headings() -> dict[str, list[str]]:
    """Return the headings of every table that a reader sees, by what it belongs to."""
    found = {record["caption"]: record["columns"] for _, record in recorded("table")}
    for path in notebooks():
        for cell in read(path)["cells"]:
            for output in cell.get("outputs", []):
                page = "".join(output.get("data", {}).get("text/html", ""))
                if '<details class="figure-data">' in page:
                    table = page.partition('<details class="figure-data">')[2]
                    found[re.search(r'id="(fig-[^"]+)"', page)[1]] = re.findall(r'<th scope="col">([^<]*)</th>', table)
    return found


def test_every_reader_table_has_headings():
    machine = {
        where: plain for where, columns in headings().items() if (plain := [c for c in columns if re.fullmatch(r"[a-z]\w*", c)])
    }
    assert len(headings()) > 50 and machine == {}


def test_headings_come_from_the_schema():
    fields = tables.resource("third_country_costs")["schema"]["fields"]
    titles = {field["name"]: field["title"] for field in fields}
    assert list(tables.headed(COSTS).columns) == [titles[column] for column in COSTS]
    assert list(tables.headed(COSTS.assign(usd_each=1)).columns)[-1] == "usd_each"
    page = shown.html_table(COSTS[["country"]], "Countries that were paid")
    assert f'<th scope="col">{titles["country"]}</th>' in page


# --- values are columns


CUTS = ("contains", "extract", "extractall", "findall", "match", "fullmatch", "search", "startswith", "split")


def cut_out(code: str) -> list[str]:
    """Return where code reads a value out of a text: patterns, `.str` methods that look into it, `"two toilets" in statement`."""
    nodes = list(ast.walk(ast.parse(code)))
    calls = [node for node in nodes if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in CUTS]
    looks = [node for node in nodes if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In)]
    return [ast.unparse(node) for node in [*calls, *(look for look in looks if isinstance(look.comparators[0], ast.Subscript))]]


@pytest.mark.parametrize("path", notebooks(), ids=lambda path: path.stem)
def test_no_value_is_cut_out_of_a_text(path):
    assert cut_out(chapter(path)) == []


def test_the_check_for_cut_values_bites():
    code = """
re.search(r"(\\d+) cells", detail)
frame["measure"].str.contains("present")
2 if "two toilets" in facts.loc["cecot-bunks", "statement"] else 0
int(value.split("-")[0])
chapters = [one for one in ledger["chapter"] if one in KINDS]
"""
    assert len(cut_out(code)) == 4


# --- words that a chapter looks for


@cache
def words_of_the_tables() -> str:
    """Return every cell and every column name of the tables, one a line."""
    lines = []
    for path in sorted((PROJECT / "data").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            lines += [cell for row in csv.reader(file) for cell in row]
    lines += (PROJECT / "data" / "countries.geojson").read_text(encoding="utf-8").split('"')
    return "\n".join(dict.fromkeys(lines))


LOOKS_FOR = ("replace", "removeprefix", "removesuffix", "startswith", "endswith", "contains", "eq", "isin")


def sought(tree: ast.AST) -> list[ast.Constant]:
    """Return the literals that code compares with or looks for: arguments of methods of text, and sides of ==, !=, in."""
    found: list[ast.expr] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in LOOKS_FOR and node.args:
            first = node.args[0]
            found += (
                first.elts if isinstance(first, ast.List | ast.Tuple) else first.keys if isinstance(first, ast.Dict) else [first]
            )
        elif isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq | ast.NotEq | ast.In | ast.NotIn):
            sides = [node.left, *node.comparators]
            found += [each for side in sides for each in (side.elts if isinstance(side, ast.Tuple | ast.Set) else [side])]
    return [node for node in found if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def chapter(path: Path) -> str:
    """Return the code of a notebook without the first cell, which fetches the book on Colab."""
    notebook = read(path)
    kept = [cell for cell in notebook["cells"] if "remove-cell" not in cell["metadata"].get("tags", [])]
    return code_of({**notebook, "cells": kept})


def dead(code: str) -> list[str]:
    """Return the words that a chapter looks for and that stand in no table and nowhere else in its code."""
    tree = ast.parse(code)
    looked = sought(tree)
    others = "\n".join(
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and not any(node is one for one in looked)
    )
    return [node.value for node in looked if node.value not in words_of_the_tables() and node.value not in others]


@pytest.mark.parametrize("path", notebooks(), ids=lambda path: path.stem)
def test_what_a_chapter_looks_for_is_there(path):
    assert dead(chapter(path)) == []


def test_the_check_for_dead_words_bites():
    code = """
names = frame["visitor"].str.replace("Frederic-Auguste Demetz", "Demetz").replace({"Nowhere at all": "x"})
found = frame[frame["country"] == "Atlantis"], frame["country"].isin(["France", "Lemuria"])
shown = "Here: there".replace(": ", ", ")
"""
    assert sorted(dead(code)) == ["Atlantis", "Frederic-Auguste Demetz", "Lemuria", "Nowhere at all"]
