"""Lump sums paid to five governments and the people they had received: one row a country."""

import pandas as pd

import _tidy
from _table import Table, field, rule

TABLE = Table(
    title="Lump sums paid for taking third-country nationals, and people received, to January 2026",
    description="From the report of the Democratic staff of the Senate Foreign Relations Committee, read in news summaries.",
    row="one country",
    sources=["third-country-agreements"],
    primary_key=["country"],
    rules=[
        rule(
            "payment_usd is not that of table third_countries",
            "SELECT t.row_nr FROM this AS t JOIN third_countries AS c ON c.country = t.country "
            "WHERE c.payment <> t.payment_usd AND c.payment > 0",
        ),
    ],
    caveats=[
        "A minority report of one party's committee staff; the document itself was not available.",
        "The head counts are those of the report: for El Salvador 250, where other counts have 238 or 252.",
        "Lump sums only; flights and operations come on top.",
    ],
    fields=[
        field("country", "string", "Country", required=True, unique=True, minLength=4, maxLength=20),
        field("payment_usd", "integer", "Lump sum", "U.S. dollars", required=True, minimum=0, maximum=10_000_000),
        field("people", "integer", "People received by as_of", "people", required=True, minimum=0, maximum=400),
        field("as_of", "string", "Month of the count", required=True, pattern=r"\d{4}-\d\d"),
    ],
)


def build() -> pd.DataFrame:
    """Return sums and head counts; the cost of a person is computed where it is used."""
    raw = _tidy.read_csv("third-country-agreements/cost-per-person.csv")
    for column in ["payment_usd", "people"]:
        raw[column] = _tidy.whole(raw[column])
    return raw[[f["name"] for f in TABLE.fields]]
