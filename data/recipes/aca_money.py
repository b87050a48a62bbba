"""Sums paid to the American Correctional Association: one row a sum."""

import pandas as pd

import _tidy
from _table import Table, field

TABLE = Table(
    title="Money of the American Correctional Association, as reported",
    description="Revenue from accreditation and some of those who paid it.",
    row="one sum",
    sources=["aca-accreditation"],
    primary_key=["item"],
    caveats=[
        "Most sums are Prison Legal News's account of a report by Senator Warren's staff, December 2020.",
        "Sums of different periods and kinds: do not add them up.",
    ],
    fields=[
        field("item", "string", "What the sum is", required=True, unique=True),
        field("period", "string", "Period", required=True),
        field("usd", "integer", "Amount", "US dollars, current", required=True, minimum=0),
        field("source_url", "string", "Where it was read", required=True),
        field("note", "string", "Note"),
    ],
)


def build() -> pd.DataFrame:
    """Return the sums."""
    raw = _tidy.read_csv("aca-accreditation/aca_money.csv")
    raw["usd"] = _tidy.whole(raw["usd"])
    return raw[[f["name"] for f in TABLE.fields]]
