"""What a table declares of its meaning cannot be overlooked: lines stop, shares tell what is unknown, records end."""

from __future__ import annotations

import pandas as pd
import pytest
from matplotlib.figure import Figure

from essay import charts, facts, figures, meaning, tables
from essay_site.data import descriptors


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
