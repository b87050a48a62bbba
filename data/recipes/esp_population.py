"""How many people Eastern State held: one row a count found in a source."""

import pandas as pd

import _tidy
from _table import Table, field

TABLE = Table(
    title="People held at Eastern State, counts found in sources, 1829-1971",
    description="Counts of different things at different dates: present on a day, average of a year, held at any time in a year.",
    row="one count",
    sources=["esp-history"],
    primary_key=["period", "measure"],
    caveats=[
        "The measures differ: 'held at any time in year' is stock plus admissions and is larger than the number present.",
        "The yearly series of Galbi (1829-1903) exists but could not be reached; only two of its points are here.",
    ],
    fields=[
        field("period", "string", "ISO date, year, decade or range", required=True, minLength=4, maxLength=20),
        field("measure", "string", "What was counted", required=True, minLength=15, maxLength=60),
        field("value", "integer", "The count", "people", required=True, minimum=0, maximum=100_000),
        field("detail", "string", "Breakdown given by the source", minLength=4, maxLength=200),
        field("source_title", "string", "Source", required=True, minLength=40, maxLength=150),
        field("source_url", "string", "Public address", required=True, pattern="https?://.+"),
        field("read_at", "string", "Copy that was read", required=True, minLength=30, maxLength=200),
    ],
)


def build() -> pd.DataFrame:
    """Return the counts as whole numbers."""
    raw = _tidy.read_csv("esp-history/esp_population_points.csv")
    raw = raw.rename(columns={"date_or_period": "period", "retrieved_from": "read_at"})
    raw["value"] = _tidy.whole(raw["value"])
    return raw[[f["name"] for f in TABLE.fields]]
