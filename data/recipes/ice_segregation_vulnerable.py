"""Segregation of people with a listed vulnerability in immigration detention: one row a quarter."""

import pandas as pd

import _tidy


def build() -> pd.DataFrame:
    """Return the quarterly totals with the date each quarter begins."""
    raw = _tidy.read_csv("ice-detention-statistics/segregation-vulnerable-quarterly.csv")
    raw = raw[raw["placement_reason"] == "Grand Total"].rename(
        columns={"avg_consecutive_days": "average_consecutive_days", "unique_people": "people"}
    )
    # The first fiscal quarter begins in October of the calendar year before.
    begins = pd.to_datetime({"year": _tidy.whole(raw["fiscal_year"]) - 1, "month": 10, "day": 1})
    raw["quarter_start"] = [
        (first + pd.DateOffset(months=3 * (int(quarter) - 1))).date().isoformat()
        for first, quarter in zip(begins, raw["quarter"], strict=True)
    ]
    raw["method"] = ["before the break" if start < "2024-01-01" else "after the break" for start in raw["quarter_start"]]
    return raw
