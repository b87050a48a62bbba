"""People in segregation in immigration detention beside the detained population: one row a month."""

import pandas as pd

import _tidy
from _table import Table, covers, field, holds, never_repeats, rule

TABLE = Table(
    title="People in segregation and people detained by U.S. immigration authorities, by month, April 2024 to March 2026",
    description="Monthly facility counts added up, beside the average daily population.",
    row="one month",
    sources=["ice-detention-statistics"],
    primary_key=["month"],
    rules=[
        covers("month", "2024-04-01", "2026-03-01"),
        rule(
            "a month is missing",
            "SELECT row_nr FROM (SELECT row_nr, month, LAG(month) OVER (ORDER BY month) AS before FROM this) "
            "WHERE month > DATE(before, '+1 month')",
        ),
        holds(
            "the people in segregation are not some 1 to 3 in a hundred of all",
            "100.0 * people_in_segregation / average_daily_population BETWEEN 0.8 AND 3",
        ),
        never_repeats("average_daily_population", "month"),
        never_repeats("people_in_segregation", "month"),
    ],
    caveats=[
        "people_in_segregation are people with a day or more of segregation in the month, added over facilities: somebody "
        "segregated at two facilities counts at both.",
        "The ratio to the average daily population is neither a share of people nor of time.",
        "There is no monthly count before April 2024 and none for September 2025.",
        "The agency overwrites and corrects these files without notice; months up to August 2025 come from the workbook of "
        "fiscal year 2025, later ones from that of 2026.",
    ],
    fields=[
        field("month", "date", "First day of the month", required=True, unique=True),
        field(
            "people_in_segregation",
            "integer",
            "People segregated in the month, summed over facilities",
            "people",
            minimum=0,
            maximum=1_500,
        ),
        field("facilities", "integer", "Facilities that reported somebody", minimum=0, maximum=100),
        field(
            "average_daily_population",
            "number",
            "People detained, daily average",
            "people",
            required=True,
            minimum=0,
            maximum=100_000,
        ),
        field(
            "workbook",
            "string",
            "Workbook of the segregation count",
            enum=["FY25_detentionStats09242025.xlsx", "FY26_detentionStats_04092026.xlsx"],
        ),
    ],
)


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
    counts["facilities"] = counts["facilities"].astype("Int64")
    counts["average_daily_population"] = pd.to_numeric(detained["average_daily_population"])
    return counts.reset_index().sort_values("month")[[f["name"] for f in TABLE.fields]]
