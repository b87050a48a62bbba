"""Prisoners in private facilities by state: one row a jurisdiction and year."""

import pandas as pd

import _tidy
from _table import Table, field

YEARS = ["2000", "2022"]
ANSWERS = {"~": "not applicable", "/": "not reported"}

TABLE = Table(
    title="Prisoners in private facilities by jurisdiction, 2000 and 2022",
    description="State and federal prisoners held in private facilities on 31 December, and their share of all prisoners.",
    row="one jurisdiction in one year",
    sources=["bjs-private-prisons"],
    primary_key=["year", "code"],
    caveats=[
        "Counted by the jurisdiction that is responsible, wherever the private prison stands.",
        "Includes private halfway houses; Indiana includes state-owned prisons staffed by a company.",
        "States with one system for prisons and jails report both together.",
        "US is the country, ST all states, FE the federal system.",
        "Colorado in 2000 is counted in the national total but not reported apart.",
    ],
    fields=[
        field("year", "integer", "31 December of this year", "year", required=True, minimum=1999, maximum=2022),
        field("code", "string", "Postal code of the state; US, ST or FE", required=True, pattern="[A-Z]{2}"),
        field("jurisdiction", "string", "Jurisdiction", required=True),
        field("private_prisoners", "integer", "Prisoners in private facilities", "people", minimum=0),
        field("share_pct", "number", "Share of all prisoners of the jurisdiction", "per cent", minimum=0, maximum=100),
        field("answer", "string", "Kind of answer", required=True, enum=["number", *ANSWERS.values()]),
    ],
)


def build() -> pd.DataFrame:
    """Return the rows of the first and the last year with percentages in print."""
    raw = _tidy.read_csv("bjs-private-prisons/private_prisoners_by_jurisdiction.csv")
    raw = raw[raw["year"].isin(YEARS)].rename(columns={"pct_of_jurisdiction": "share_pct"})
    raw["answer"] = raw["raw_flag"].map(ANSWERS).fillna("number")
    for column in ["year", "private_prisoners"]:
        raw[column] = _tidy.whole(raw[column])
    return raw[[f["name"] for f in TABLE.fields]].sort_values(["year", "code"])
