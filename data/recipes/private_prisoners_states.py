"""Prisoners in private facilities by state: one row a jurisdiction and year."""

import pandas as pd

import _tidy

YEARS = ["2000", "2022"]
ANSWERS = {"~": "not applicable", "/": "not reported"}


def build() -> pd.DataFrame:
    """Return the rows of the first and the last year with percentages in print."""
    raw = _tidy.read_csv("bjs-private-prisons/private_prisoners_by_jurisdiction.csv")
    raw = raw[raw["year"].isin(YEARS)].rename(columns={"pct_of_jurisdiction": "share_pct"})
    raw["answer"] = raw["raw_flag"].map(ANSWERS).fillna("number")
    return raw
