"""Total U.S. aid of ForeignAssistance.gov for El Salvador, its regional line and the world: one row a line and year."""

import pandas as pd

import _tidy

LINES = ["El Salvador", "Central America Region"]


def build() -> pd.DataFrame:
    """Return obligations and disbursements of the two lines, and the sum of all lines as World."""
    raw = _tidy.read_csv("us-foreign-assistance/us-foreign-aid-country.csv.gz")
    raw = raw[raw["fiscal_year"].str.isdigit() & raw["transaction_type_name"].isin(["Obligations", "Disbursements"])].copy()
    for column in ["fiscal_year", "current_amount_usd", "constant_amount_2024usd"]:
        raw[column] = _tidy.whole(raw[column])
    raw = raw[raw["fiscal_year"].between(2001, 2024)].rename(
        columns={
            "transaction_type_name": "transaction",
            "current_amount_usd": "amount_usd",
            "constant_amount_2024usd": "amount_usd2024",
        }
    )
    lines = raw[raw["country_name"].isin(LINES)].assign(line=raw["country_name"])
    both = pd.concat([lines, raw.assign(line="World")])
    return both.groupby(["line", "transaction", "fiscal_year"], as_index=False)[["amount_usd", "amount_usd2024"]].sum()
