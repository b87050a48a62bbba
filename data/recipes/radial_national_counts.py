"""National counts of prisons on the radial plan or the separate regime: one row a count."""

import pandas as pd

import _tidy
from _table import Table, field

TABLE = Table(
    title="National counts of prisons on the plan or the regime",
    description="Counts that historians and officials gave for a country; each says what it counts.",
    row="one count",
    sources=["radial-prisons"],
    primary_key=["id"],
    caveats=["The counts mix plan and regime and must not be added up."],
    fields=[
        field("id", "string", "Key", required=True, unique=True),
        field("country", "string", "Country, or World", required=True),
        field("iso3", "string", "Country code, ISO 3166-1 alpha-3; blank for the world", pattern="[A-Z]{3}"),
        field("period", "string", "Period of the count", required=True),
        field("count_low", "integer", "Lower figure", "prisons", minimum=0),
        field("count_high", "integer", "Upper figure", "prisons", minimum=0),
        field("what_is_counted", "string", "What the count covers", required=True),
        field("basis", "string", "Who counts", required=True),
        field("comparable", "string", "Whether it counts plan or regime", required=True),
        field("source_title", "string", "Source", required=True),
        field("source_url", "string", "Public address", required=True),
        field("read_at", "string", "Copy that was read", required=True),
        field("confidence", "string", "Confidence in the row", required=True, enum=["high", "medium", "low"]),
        field("note", "string", "Note"),
    ],
)


def build() -> pd.DataFrame:
    """Return the counts with whole numbers."""
    raw = _tidy.read_csv("radial-prisons/national_counts.csv")
    raw = raw.rename(columns={"comparable_to_esp_claim": "comparable", "retrieved_from": "read_at"})
    for column in ["count_low", "count_high"]:
        raw[column] = _tidy.whole(raw[column])
    return raw[[f["name"] for f in TABLE.fields]]
