"""Cumulative arrests under the state of exception in El Salvador: one row a statement."""

import pandas as pd

import _tidy
from _table import Table, covers, field, holds, never_falls, never_repeats

TABLE = Table(
    title="Arrests under El Salvador's state of exception, cumulative since 27 March 2022",
    description="What ministers, police and papers gave as the total at a time.",
    row="one statement",
    sources=["el-salvador-state-of-exception"],
    primary_key=["date"],
    rules=[
        never_falls("arrests", "date"),
        never_repeats("arrests", "date"),
        covers("date", "2022-04-04", "2026-01-29"),
        holds("more released than arrested", "released < arrests"),
    ],
    caveats=[
        "Arrests are not people in prison: people can be arrested twice and some are released.",
        "'about' dates are inferred from undated or loosely dated copies; nothing is interpolated.",
    ],
    fields=[
        field("date", "date", "Date the count describes", required=True, unique=True),
        field("date_precision", "string", "How precise date is", required=True, enum=["day", "month", "about"]),
        field("arrests", "integer", "Arrests since 27 March 2022", "arrests", required=True, minimum=0, maximum=150_000),
        field("qualifier", "string", "How the source hedges", required=True, enum=["exact", "about", "more than", "over"]),
        field("released", "integer", "People released, where stated with the count", "people", minimum=0, maximum=15_000),
        field("attributed_to", "string", "Who gave the figure", required=True, minLength=4, maxLength=40),
        field("source", "string", "Outlet", required=True, minLength=4, maxLength=50),
        field("source_url", "string", "Page that was read", required=True, pattern="https?://.+"),
        field("note", "string", "Note", minLength=10, maxLength=100),
    ],
)


def build() -> pd.DataFrame:
    """Return the statements in order of date."""
    raw = _tidy.read_csv("el-salvador-state-of-exception/arrests_cumulative.csv").rename(
        columns={"cumulative_arrests": "arrests", "released_cumulative": "released", "source_publisher": "source"}
    )
    for column in ["arrests", "released"]:
        raw[column] = _tidy.whole(raw[column])
    return raw[[f["name"] for f in TABLE.fields]]
