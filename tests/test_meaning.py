"""What a table declares of its meaning cannot be overlooked: lines stop, shares tell what is unknown, records end."""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterator
from functools import cache

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from essay import charts, facts, figures, lines, meaning, tables
from essay_site.cache.inputs import code_of
from essay_site.data import descriptors
from tests import rerun
from tests.book import PROJECT, notebooks, read
from tests.test_values import bindings


@pytest.fixture
def table(monkeypatch) -> pd.DataFrame:
    """A table with a break in 2003, cells that are not stated, and a day on which it ends."""
    fields = [
        {"name": "year", "type": "integer"},
        {"name": "people", "type": "integer"},
        {"name": "unit", "type": "string", "constraints": {"enum": ["police", "army", "not stated"]}},
        {"name": "held", "type": "string"},
    ]
    described = {
        "name": "made",
        "path": "made.csv",
        "schema": {"fields": fields},
        "breaks": [{"column": "people", "where": {"year": 2003}, "why": "counts courses before, people after"}],
        "unknowns": {"unit": ["not stated"]},
        "record_ends": "2004-12-31",
    }
    monkeypatch.setattr(tables, "resource", lambda name: described)
    frame = pd.DataFrame(
        {
            "year": pd.array([2001, 2002, 2003, 2004], "Int64"),
            "people": pd.array([5, 6, 70, 80], "Int64"),
            "unit": pd.array(["police", "army", "not stated", "police"], "string"),
            "held": pd.array(["a", None, "b", "b"], "string"),
        }
    )
    frame.attrs["table"] = "made"
    return frame


def test_a_line_stops_at_a_break(table):
    lines = charts.line(Figure().subplots(), table, "year", "people", color="black")
    assert [list(line.get_xdata()) for line in lines] == [[2001, 2002], [2003, 2004]]


def test_a_column_without_a_break_is_one_line(table):
    (line,) = charts.line(Figure().subplots(), table, "people", "year")
    assert len(line.get_xdata()) == 4


def test_a_frame_without_the_place_of_a_break_is_refused(table):
    with pytest.raises(tables.TableError, match=r"made: people has a break at year 2003 .*keep year"):
        meaning.pieces(table[["people"]], "people")


def test_a_frame_that_names_no_table_is_refused(table):
    with pytest.raises(tables.TableError, match="names no table"):
        meaning.pieces(pd.DataFrame({"people": [1]}), "people")


def test_a_share_counts_the_unknown_apart(table):
    found = meaning.share(table, "unit", ["police"])
    assert (found.part, found.known, found.unknown) == (2, 3, 1)
    assert (found.of_known, found.low, found.high) == (2 / 3, 2 / 4, 3 / 4)
    weighed = meaning.share(table, "unit", ["police"], weight="people")
    assert (weighed.part, weighed.known, weighed.unknown) == (85, 91, 70)


def test_a_share_is_no_number_while_something_is_unknown(table):
    with pytest.raises(tables.TableError, match="not stated for 1 of 4"):
        float(meaning.share(table, "unit", ["police"]))
    assert float(meaning.share(table[table["unit"] != "not stated"], "unit", ["police"])) == 2 / 3


def test_the_receipt_of_a_share_tells_of_the_unknown(table, monkeypatch):
    monkeypatch.setattr(facts, "_table_sources", lambda source: (("table made", "../data/made.csv"),))
    made = facts.fact("made-share", meaning.share(table, "unit", ["police"]), "{:.2f}", "police among all", table)
    assert (made.shown, made.how) == ("0.67", "police among all; not stated for 1 of 4")


def test_a_share_of_a_value_that_cannot_be_is_refused(table):
    with pytest.raises(tables.TableError, match="made: unit is never 'polise'"):
        meaning.share(table, "unit", ["polise"])


def test_a_share_over_blanks_of_unknown_meaning_is_refused(table):
    with pytest.raises(tables.TableError, match=r"held has blank cells; say in data/recipes/made\.yml"):
        meaning.share(table, "held", ["b"])


def test_the_end_of_the_record_in_words(table):
    assert meaning.ends_told(["made"]) == "31 December 2004"


@pytest.fixture
def listing(monkeypatch) -> dict:
    """A list without a last date, and a record that has one."""
    described = {
        "listing": {"sources": [{"accessed": "2026-11-20"}], "sources_read": "2026-11-23"},
        "record": {"sources": [{"accessed": "2026-11-23"}], "record_ends": "2026-09-29"},
        "other": {"sources": []},
    }
    for name, resource in described.items():
        resource |= {"path": f"{name}.csv", "licenses": [{"name": "facts-compiled"}]}
    monkeypatch.setattr(tables, "resource", described.get)
    return described


def test_the_day_of_reading_is_no_end_of_a_record(listing):
    told = [descriptors.followed(resource) for resource in listing.values()]
    assert [each and each[1] for each in told] == ["sources read to 23 November 2026", "record ends on 29 September 2026", None]


def test_captions_tell_the_end_of_a_record_from_the_day_of_reading(listing):
    assert figures._credit(["listing"]).endswith("(read 20 November 2026 and 23 November 2026).</span>")
    assert figures._credit(["record"]).endswith("(read 23 November 2026; the record ends on 29 September 2026).</span>")


def test_no_table_takes_the_day_of_reading_for_the_end_of_its_record():
    for name, resource in tables._package().items():
        assert resource.get("record_ends") not in {source["accessed"] for source in resource["sources"]}, name


# --- lines of figures stop at breaks


loaded = cache(tables.load)


def in_time() -> list[tuple[str, str]]:
    """Return table and column of each break that is one in time, of a column of numbers."""
    found = []
    for path in sorted((PROJECT / "data").glob("*.csv")):
        for each in tables.resource(path.stem).get("breaks", []):
            frame = loaded(path.stem)
            column, (field,) = each["column"], each["where"]
            if pd.api.types.is_numeric_dtype(frame[column]) and not frame[field].astype("string").str.match("[A-Z]").any():
                found.append((path.stem, column))
    return list(dict.fromkeys(found))


IN_TIME = in_time()


def series(name: str, column: str) -> tuple[pd.DataFrame, str]:
    """Return rows of a table that a chart may draw as one series, summed by year or date, and the field of time."""
    frame = loaded(name)
    field = meaning.declared_breaks(name, column)[0].field
    summed = frame.dropna(subset=[column]).groupby(field, as_index=False)[column].sum()
    summed.attrs["table"] = name
    return summed, field


def places(frame: pd.DataFrame, field: str) -> tuple[pd.Series, pd.Series]:
    """Return where the rows stand in time: as days, and as years with decimals."""
    text = frame[field].astype("string").str.extract(r"^(\d{4}(?:-\d\d(?:-\d\d)?)?)", expand=False)
    day = pd.to_datetime(text, format="ISO8601")
    return day, day.dt.year + (day.dt.day_of_year - 1) / 366


def joined(draw, frame: pd.DataFrame, name: str, column: str) -> list[str]:
    """Return which breaks of a column the lines of a drawing cross."""
    figure = Figure()
    draw(figure.subplots())
    found = [each.partition(" (")[0] for each in lines.crossings(figure, [name], frame)]
    return [each for each in found if each.startswith(f"{column} of")]


def test_there_are_breaks_in_time():
    assert len(IN_TIME) > 12


@pytest.mark.parametrize(("name", "column"), IN_TIME)
def test_a_plain_line_across_a_break_is_found(name, column):
    frame, field = series(name, column)
    value = frame[column].astype(float)
    day, year = places(frame, field)
    first, last = day.min(), day.max()
    expected = [
        f"{column} of {name} across {each.field} {each.value}"
        for each in meaning.declared_breaks(name, column)
        if first < pd.Timestamp(str(each.value)) <= last
    ]
    assert expected
    for draw in (
        lambda ax: ax.plot(year, value),
        lambda ax: ax.plot(day, value / 1e6, "o-"),
        lambda ax: ax.plot(value, year),
    ):
        assert joined(draw, frame, name, column) == expected


@pytest.mark.parametrize(("name", "column"), IN_TIME)
def test_lines_that_stop_and_points_are_let_through(name, column):
    frame, field = series(name, column)
    _, year = places(frame, field)
    pieces = meaning.pieces(frame.assign(year_of=year), column)
    for draw in (
        lambda ax: [ax.plot(piece["year_of"], piece[column].astype(float)) for piece in pieces],
        lambda ax: ax.plot(year, frame[column].astype(float), "o"),
        lambda ax: ax.bar(year, frame[column].astype(float)),
    ):
        figure = Figure()
        draw(figure.subplots())
        assert list(lines.crossings(figure, [name], frame)) == []


@pytest.mark.parametrize(
    "draw",
    [
        lambda ax, years, rates: ax.plot(years.astype(str).tolist(), rates),
        lambda ax, years, rates: ax.fill_between(years, rates),
        lambda ax, years, rates: ax.add_collection(LineCollection([np.column_stack([years, rates])])),
    ],
    ids=["years as text", "an area", "a collection of lines"],
)
def test_other_ways_to_draw_a_line_are_known(draw):
    frame, _ = series("us_prisoners", "rate")
    found = joined(lambda ax: draw(ax, frame["year"], frame["rate"]), frame, "us_prisoners", "rate")
    assert len(found) == len(meaning.declared_breaks("us_prisoners", "rate")) == 3


def test_a_line_with_a_gap_at_the_break_does_not_cross_it():
    frame, _ = series("incle_budget", "incle_usd")
    gap = frame["incle_usd"].astype(float).where(frame["fiscal_year"] != 2016)
    assert joined(lambda ax: ax.plot(frame["fiscal_year"], gap), frame, "incle_budget", "incle_usd") == []


def test_a_sum_of_some_rows_is_recognised_by_its_column():
    frame = loaded("fmtrpt_country_year")
    some = frame[frame["iso3"].isin(["COL", "MEX"])].groupby("fiscal_year", as_index=False)["police_places"].sum()
    found = joined(lambda ax: ax.plot(some["fiscal_year"], some["police_places"]), some, "fmtrpt_country_year", "police_places")
    assert found == [f"police_places of fmtrpt_country_year across fiscal_year {year}" for year in (2006, 2007)]


def test_a_chapter_that_draws_plain_lines_fails(monkeypatch):
    monkeypatch.setattr(charts, "line", lambda ax, frame, x, y, **style: ax.plot(frame[x], frame[y], **style))
    with pytest.raises(
        figures.FigureError, match=r"figure cecot-\w+: a line joins rate of slv_\w+ across year \d+ .*charts\.line"
    ):
        rerun.outputs(PROJECT / "book" / "cecot.ipynb")


# --- shares of columns with declared unknowns


def tables_behind(node: ast.AST, bound: dict, above: tuple[str, ...] = ()) -> set[str]:
    """Return the tables that an expression was loaded from, through the names that it uses."""
    found = set()
    for part in ast.walk(node):
        if isinstance(part, ast.Call) and getattr(part.func, "attr", "") == "load" and isinstance(part.args[0], ast.Constant):
            found.add(part.args[0].value)
        elif isinstance(part, ast.Name) and part.id not in above:
            for value in filter(None, bound.get(part.id, [])):
                found |= tables_behind(value, bound, (*above, part.id))
    return found


def compared(node: ast.AST | None, bound: dict, above: tuple[str, ...] = ()) -> Iterator[tuple[ast.expr, str]]:
    """Yield frame and column for each comparison that picks rows: `frame["column"] == value`, `.eq`, `.isin`, or its name."""
    if isinstance(node, ast.Name) and node.id not in above:
        for value in bound.get(node.id, []):
            yield from compared(value, bound, (*above, node.id))
    elif isinstance(node, ast.BinOp):
        for side in (node.left, node.right):
            yield from compared(side, bound, above)
    elif isinstance(node, ast.Compare | ast.Call):
        subject = node.left if isinstance(node, ast.Compare) else getattr(node.func, "value", None)
        picks = isinstance(node, ast.Compare) or getattr(node.func, "attr", "") in ("eq", "isin")
        if picks and isinstance(subject, ast.Subscript):
            name = subject.slice.elts[-1] if isinstance(subject.slice, ast.Tuple) else subject.slice
            if isinstance(name, ast.Constant):
                yield subject.value, name.value
        elif getattr(getattr(node, "func", None), "attr", "") == "fillna":
            yield from compared(subject, bound, above)


def counted(node: ast.AST | None, bound: dict, above: tuple[str, ...] = ()) -> Iterator[tuple[ast.expr, str]]:
    """Yield frame and column of what a number counts: `mask.sum()`, `frame.loc[mask, weight].sum()`, `len(frame[mask])`."""
    if isinstance(node, ast.Name) and node.id not in above:
        for value in bound.get(node.id, []):
            yield from counted(value, bound, (*above, node.id))
    elif isinstance(node, ast.BinOp):
        for side in (node.left, node.right):
            yield from counted(side, bound, above)
    elif isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("int", "float", "len", "round") and node.args:
        yield from counted(node.args[0], bound, above)
    elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "sum":
        yield from compared(node.func.value, bound, above)
        yield from counted(node.func.value, bound, above)
    elif isinstance(node, ast.Subscript):
        yield from compared(node.slice.elts[0] if isinstance(node.slice, ast.Tuple) else node.slice, bound, above)
        yield from counted(node.value, bound, above)


def by_hand(code: str, unknowns: Callable[[str], Collection[str]]) -> list[str]:
    """Return the shares that code takes by hand of a column some of whose values mean "not stated" (`unknowns(table)`).

    Seen are the mean of a comparison, and a count of rows (or a sum over them) that a comparison picks, divided by
    something. What goes through groups, cross tables or functions is not.
    """
    tree = ast.parse(code)
    bound = bindings(tree)
    found = []
    for node in ast.walk(tree):
        picked = ()
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
            picked = counted(node.left, bound)
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "mean":
            picked = compared(node.func.value, bound)
        if any(column in unknowns(table) for frame, column in picked for table in tables_behind(frame, bound)):
            found.append(ast.unparse(node))
    return found


def declared_unknown(table: str) -> Collection[str]:
    return tables.resource(table).get("unknowns", {})


@pytest.mark.parametrize("path", notebooks(), ids=lambda path: path.stem)
def test_shares_with_an_unknown_part_are_taken_by_meaning_share(path):
    assert by_hand(code_of(read(path)), declared_unknown) == [], "take it with meaning.share, and tell of the unknown part"


@pytest.mark.parametrize(
    ("share", "hand_made"),
    [
        ('(people["reads"] == "no").mean()', True),
        ('float((people.loc[known, "reads"] == "no").mean())', True),
        ('people["reads"].isin(["no"]).mean()', True),
        ('100 * (people["reads"] == "no").sum() / len(people)', True),
        ("number / len(people)", True),
        ("len(people[no]) / len(people)", True),
        ('people.loc[no & known, "age"].sum() / people["age"].sum()', True),
        ('meaning.share(people, "reads", ["no"]).of_known', False),
        ('(people["sentence_months"] == 12).sum() / len(people)', True),
        ('(people["book"] == "A").mean()', False),
        ('people["age"].mean()', False),
        ('(other["reads"] == "no").mean()', False),
        ('people.loc[no, "age"].mean()', False),
    ],
)
def test_the_check_for_shares_by_hand_bites(share, hand_made):
    code = f"""
people = tables.load("esp_prisoners")
other = tables.load("ledger")
known = people["reads"].notna()
no = people["reads"] == "no"
number = int(no.sum())
found = {share}
"""
    unknowns = {"esp_prisoners": declared_unknown("esp_prisoners"), "ledger": ()}
    assert bool(by_hand(code, unknowns.__getitem__)) == hand_made
