"""Countries whose police the United States assisted, at each time somebody counted: one row a count."""

import pandas as pd

import _tidy
from _table import Table, field, holds

TABLE = Table(
    title="Foreign police assisted by the United States: the times somebody counted",
    description="Countries reached and money named, as each report gives them.",
    row="one count",
    sources=["us-police-assistance-benchmarks"],
    primary_key=["period", "scope"],
    rules=[
        holds("year is not the last of period", "SUBSTR(period, -4) = year"),
    ],
    caveats=[
        "No series: scopes differ (training only, training and equipment, one agency, all agencies). "
        "Show as labelled points; never join them.",
        "FY2009 to FY2011 include the Afghan and Iraqi police build-up.",
        "No comparable count after FY2011 was found.",
        "The height of the public safety programme (45 countries) is undated within 1962-1974: draw it as a span; its "
        "year is only the end of the period.",
    ],
    fields=[
        field("period", "string", "Period the count covers", required=True, minLength=4, maxLength=16),
        field("year", "integer", "Year to place the point at", "year", required=True, minimum=1950, maximum=2026),
        field("scope", "string", "What was counted", required=True, minLength=25, maxLength=80),
        field("countries", "integer", "Countries reached", "countries", minimum=1, maximum=200),
        field("amount_usd", "number", "Money named", "nominal USD", minimum=0, maximum=20_000_000_000),
        field("amount_quality", "string", "How firm the amount is", required=True, minLength=4, maxLength=30),
        field("source", "string", "Report", required=True, minLength=10, maxLength=50),
        field("read_at", "string", "Page that was read", required=True, minLength=35, maxLength=100),
        field("note", "string", "Note", minLength=25, maxLength=50),
    ],
)


def build() -> pd.DataFrame:
    """Return the counts, columns renamed."""
    raw = _tidy.read_csv("us-police-assistance-benchmarks/police-assistance-benchmarks.csv").rename(
        columns={
            "year_for_axis": "year",
            "usd_nominal": "amount_usd",
            "usd_quality": "amount_quality",
            "retrieved_from": "read_at",
        }
    )
    for column in ["year", "countries", "amount_usd"]:
        raw[column] = _tidy.whole(raw[column])
    return raw[[f["name"] for f in TABLE.fields]]
