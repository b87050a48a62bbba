"""Deaths in state custody in El Salvador since March 2022, as organisations count them: one row a count."""

import pandas as pd

import _tidy
from _table import Table, covers, field, never_falls, never_repeats

TABLE = Table(
    title="Deaths in custody under El Salvador's state of exception, cumulative, by who counted",
    description="Counts of two organisations and of summaries; there is no official count.",
    row="one count",
    sources=["el-salvador-state-of-exception"],
    primary_key=["date", "counted_by"],
    rules=[
        never_falls("deaths", "date"),
        never_repeats("deaths", "date"),
        covers("date", "2022-05-31", "2026-02-04"),
    ],
    caveats=[
        "Two organisations count: Cristosal to July 2024, Socorro Juridico Humanitario from December 2023. Never join them.",
        "Counts are of deaths the organisation learned of, hence lower bounds. There is no official count.",
    ],
    fields=[
        field("date", "date", "Date the count describes", required=True),
        field("deaths", "integer", "Deaths since 27 March 2022", "people", required=True, minimum=0, maximum=800),
        field("counted_by", "string", "Who counted", required=True, minLength=4, maxLength=40),
        field(
            "qualifier",
            "string",
            "How the source words the count",
            required=True,
            enum=["at least", "documented", "documented, first year", "registered", "verified"],
        ),
        field("source", "string", "Outlet", required=True, minLength=4, maxLength=40),
        field("source_url", "string", "Page that was read", required=True, pattern="https?://.+"),
        field("note", "string", "Note", minLength=15, maxLength=100),
    ],
)


def build() -> pd.DataFrame:
    """Return the counts in order of date."""
    raw = _tidy.read_csv("el-salvador-state-of-exception/deaths_in_custody.csv").rename(columns={"source_publisher": "source"})
    raw["deaths"] = _tidy.whole(raw["deaths"])
    return raw[[f["name"] for f in TABLE.fields]]
