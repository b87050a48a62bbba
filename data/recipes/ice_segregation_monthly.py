"""People in segregation in immigration detention beside the detained population: one row a month."""

import pandas as pd

import _tidy


def build() -> pd.DataFrame:
    """Return the months from the first with a segregation count to the last."""
    placed = _tidy.read_csv("ice-detention-statistics/segregation-monthly-by-facility.csv").dropna(subset=["month"])
    placed["people_in_segregation"] = _tidy.whole(placed["people_in_segregation"])
    counts = placed.groupby("month").agg(
        people_in_segregation=("people_in_segregation", "sum"),
        facilities=("facility_name", "nunique"),
        workbook=("workbook", "first"),
    )
    detained = _tidy.read_csv("ice-detention-statistics/adp-monthly.csv")
    every = (detained["period"] == "month") & (detained["arresting_agency"] == "Total") & (detained["criminality"] == "All")
    detained = detained[every & detained["month"].between(counts.index.min(), counts.index.max())].set_index("month")
    counts = counts.reindex(detained.index)
    counts["average_daily_population"] = detained["average_daily_population"]
    return counts.reset_index()
