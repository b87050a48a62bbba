"""National counts of prisons on the radial plan or the separate regime: one row a count."""

import pandas as pd

import _tidy
from _table import Table, country_of_code, field, holds

TABLE = Table(
    title="National counts of prisons on the plan or the regime",
    description="Counts that historians and officials gave for a country; each says what it counts.",
    row="one count",
    sources=["radial-prisons"],
    primary_key=["id"],
    caveats=["The counts mix plan and regime and must not be added up."],
    rules=[
        country_of_code(AUS="Australia (Victoria)", GBR="England", DEU="Germany (Bavaria)"),
        holds("count_low is above count_high", "count_low <= count_high"),
    ],
    fields=[
        field("id", "string", "Key", required=True, unique=True, minLength=4, maxLength=16),
        field("country", "string", "Country, or World", required=True, minLength=4, maxLength=25),
        field("iso3", "string", "Country code, ISO 3166-1 alpha-3; blank for the world", pattern="[A-Z]{3}"),
        field("period", "string", "Period of the count", required=True, minLength=4, maxLength=60),
        field("count_low", "integer", "Lower figure", "prisons", minimum=0, maximum=80),
        field("count_high", "integer", "Upper figure", "prisons", minimum=0, maximum=80),
        field("what_is_counted", "string", "What the count covers", required=True, minLength=15, maxLength=100),
        field("basis", "string", "Who counts", required=True, minLength=4, maxLength=40),
        field("comparable", "string", "Whether it counts plan or regime", required=True, minLength=15, maxLength=30),
        field("source_title", "string", "Source", required=True, minLength=35, maxLength=150),
        field("source_url", "string", "Public address", required=True, pattern="https?://.+"),
        field("read_at", "string", "Copy that was read", required=True, minLength=30, maxLength=80),
        field("confidence", "string", "Confidence in the row", required=True, enum=["high", "medium", "low"]),
        field("note", "string", "Note", minLength=10, maxLength=200),
    ],
)


def build() -> pd.DataFrame:
    """Return the counts with whole numbers."""
    raw = _tidy.read_csv("radial-prisons/national_counts.csv")
    raw = raw.rename(columns={"comparable_to_esp_claim": "comparable", "retrieved_from": "read_at"})
    for column in ["count_low", "count_high"]:
        raw[column] = _tidy.whole(raw[column])
    raw["what_is_counted"] = _tidy.accents(raw["what_is_counted"])
    return raw[[f["name"] for f in TABLE.fields]]
