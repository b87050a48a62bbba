"""People in ICE detention by month, arresting agency and criminality: one row a month, agency and group."""

import pandas as pd

import _tidy


def build() -> pd.DataFrame:
    """Return the months, without fiscal-year averages and totals of the two agencies."""
    raw = _tidy.read_csv("ice-detention-statistics/adp-monthly.csv")
    raw = raw[(raw["period"] == "month") & raw["arresting_agency"].isin(["ICE", "CBP"])]
    return raw.rename(columns={"average_daily_population": "people"})
