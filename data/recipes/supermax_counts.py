"""Counts of supermax prisons, states and prisoners found in sources: one row a count."""

import pandas as pd

import _tidy
from _table import SOURCE_TYPES, Table, field, holds

TABLE = Table(
    title="How many supermax prisons, states with one and people in them, as sources counted",
    description="Every count that could be read, each with who gave it.",
    row="one count",
    sources=["supermax-facilities"],
    primary_key=["id"],
    rules=[
        holds("value_low is above value_high", "value_low <= value_high"),
        holds("the range is wider than one to two", "value_high <= 2 * value_low"),
    ],
    caveats=[
        "Definitions differ: counts of different sources must not be joined into a series.",
        "Most are second-hand; the studies behind them could not be read.",
        "value_high is blank where the source says 'more than'.",
    ],
    fields=[
        field("id", "string", "Key", required=True, unique=True, minLength=10, maxLength=25),
        field("period", "string", "Year or decade the count is for", required=True, minLength=4, maxLength=6),
        field("measure", "string", "What was counted", required=True, minLength=15, maxLength=50),
        field("value_low", "integer", "The count, or its lower end", "see unit", required=True, minimum=0, maximum=40_000),
        field("value_high", "integer", "Upper end", "see unit", minimum=0, maximum=40_000),
        field("unit", "string", "Unit of the count", required=True, minLength=4, maxLength=10),
        field("as_stated", "string", "The count as the source words it", required=True, minLength=2, maxLength=80),
        field("source_title", "string", "Source", required=True, minLength=40, maxLength=150),
        field("source_url", "string", "Public address of the source", required=True, pattern="https?://.+"),
        field("source_type", "string", "Kind of source", required=True, enum=SOURCE_TYPES),
        field("read_at", "string", "Copy that was read", required=True, minLength=30, maxLength=120),
        field("confidence", "string", "Confidence in the row", required=True, enum=["high", "medium", "low"]),
    ],
)


def build() -> pd.DataFrame:
    """Return the counts as whole numbers."""
    raw = _tidy.read_csv("supermax-facilities/supermax_counts.csv")
    raw = raw.rename(columns={"year": "period", "retrieved_from": "read_at"})
    for column in ("value_low", "value_high"):
        raw[column] = _tidy.whole(raw[column])
    return raw[[f["name"] for f in TABLE.fields]]
