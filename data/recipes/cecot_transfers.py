"""The transfers to CECOT in March and April 2025: one row a transfer."""

import pandas as pd

import _tidy
from _table import Table, covers, field, holds

TABLE = Table(
    title="People transferred to CECOT, March and April 2025",
    description="Three transfers, by nationality and legal basis as far as published.",
    row="one transfer",
    sources=["cecot-transfers"],
    primary_key=["date"],
    rules=[
        holds("total is not Venezuelans and Salvadorans together", "total = venezuelans + salvadorans"),
        holds(
            "the grounds do not add up to total",
            "legal_basis NOT LIKE '%;%' OR total = legal_basis + SUBSTR(legal_basis, INSTR(legal_basis, '; ') + 2) + salvadorans",
        ),
        covers("date", "2025-03-15/16", "between 2025-03-17 and 2025-04-11"),
    ],
    caveats=[
        "Nationality and legal basis were published for the first transfer only.",
        "The day of the second transfer is not in the text that was read. For the third, another outlet has 11 people.",
    ],
    fields=[
        field("date", "string", "Day or interval", required=True, unique=True, minLength=10, maxLength=40),
        field("total", "integer", "People", "people", required=True, minimum=0, maximum=400),
        field("venezuelans", "integer", "Venezuelans among them", "people", minimum=0, maximum=300),
        field("salvadorans", "integer", "Salvadorans among them", "people", minimum=0, maximum=30),
        field("legal_basis", "string", "Legal basis as stated", required=True, minLength=10, maxLength=60),
        field("source_url", "string", "Public address", required=True, pattern="https?://.+"),
        field("confidence", "string", "Confidence in the row", required=True, enum=["high", "medium", "low"]),
        field("note", "string", "Note and disagreements", minLength=50, maxLength=80),
    ],
)


def build() -> pd.DataFrame:
    """Return the three transfers."""
    raw = _tidy.read_csv("cecot-transfers/transfers.csv")
    for column in ["total", "venezuelans", "salvadorans"]:
        raw[column] = _tidy.whole(raw[column])
    return raw[[f["name"] for f in TABLE.fields]]
