"""Sums paid to the American Correctional Association: one row a sum."""

import pandas as pd

import _tidy
from _table import Table, field, rule

TABLE = Table(
    title="Money of the American Correctional Association, as reported",
    description="Revenue from accreditation and some of those who paid it.",
    row="one sum",
    sources=["aca-accreditation"],
    primary_key=["item"],
    rules=[
        rule(
            "revenue from accreditation exceeds all revenue",
            "SELECT a.row_nr FROM this AS a, this AS t WHERE a.item = 'accreditation revenue 2014-2018' "
            "AND t.item = 'total revenue 2014-2018' AND a.usd > t.usd",
        ),
    ],
    caveats=[
        "Most sums are Prison Legal News's account of a report by Senator Warren's staff, December 2020.",
        "Sums of different periods and kinds: do not add them up.",
    ],
    fields=[
        field("item", "string", "What the sum is", required=True, unique=True, minLength=15, maxLength=60),
        field("period", "string", "Period", required=True, minLength=4, maxLength=10),
        field("usd", "integer", "Amount", "US dollars, current", required=True, minimum=0, maximum=60_000_000),
        field("source_url", "string", "Where it was read", required=True, pattern="https?://.+"),
        field("note", "string", "Note", minLength=4, maxLength=100),
    ],
)


def build() -> pd.DataFrame:
    """Return the sums."""
    raw = _tidy.read_csv("aca-accreditation/aca_money.csv")
    raw["usd"] = _tidy.whole(raw["usd"])
    return raw[[f["name"] for f in TABLE.fields]]
