"""Segregation placements in immigration detention by reason and by who asked: one row a group."""

import pandas as pd

import _tidy


def build() -> pd.DataFrame:
    """Return the groups, the largest of each kind first."""
    raw = _tidy.read_csv("ice-segregation-srms/reasons_2017_2023.csv")
    for column in ("placements", "over_15_days"):
        raw[column] = _tidy.whole(raw[column])
    raw["median_days"] = pd.to_numeric(raw["median_days"])
    return raw.sort_values(["kind", "placements"], ascending=[False, False])
