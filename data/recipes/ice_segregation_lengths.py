"""Segregation placements in immigration detention by year, length and mental-illness flag: one row a group."""

import pandas as pd

import _tidy


def build() -> pd.DataFrame:
    """Return the number of placements in each group."""
    raw = _tidy.read_csv("ice-segregation-srms/placements_2017_2023.csv.gz")
    raw["placement_year"] = _tidy.whole(raw["placement_month"].str[:4])
    raw["days"] = _tidy.whole(raw["days"])
    return raw.groupby(["placement_year", "mental_illness", "days"]).size().rename("placements").reset_index()
