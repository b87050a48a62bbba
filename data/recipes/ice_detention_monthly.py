"""People in ICE detention by month, arresting agency and criminality: one row a month, agency and group."""

import pandas as pd

import _tidy
from _table import Table, covers, field, never_repeats, rule

GROUPS = ["All", "Convicted Criminal", "Pending Criminal Charges", "Other Immigration Violator", "Non-Criminal"]

TABLE = Table(
    title="Average daily population of ICE detention by month, October 2018 to April 2026",
    description="As ICE prints it: by the agency that made the arrest, and by criminal record.",
    row="one month, arresting agency and group",
    sources=["ice-detention-statistics"],
    primary_key=["month", "arresting_agency", "criminality"],
    rules=[
        covers("month", "2018-10-01", "2026-04-01"),
        rule(
            "the people by criminality do not add up to All",
            "SELECT MIN(row_nr) FROM this GROUP BY month, arresting_agency "
            "HAVING ABS(SUM(CASE criminality WHEN 'All' THEN people ELSE -people END)) > 1",
        ),
        rule(
            "a month is missing",
            "SELECT row_nr FROM (SELECT row_nr, month, LAG(month) OVER (ORDER BY month) AS before FROM this) "
            "WHERE month > DATE(before, '+1 month')",
        ),
        never_repeats("people", "month", "arresting_agency", "criminality"),
    ],
    caveats=[
        "Fiscal year 2019 prints 'Non-Criminal' as one group, which took in people with pending charges; do not join it to "
        "'Other Immigration Violator' (no conviction and no pending charge known), which begins in October 2019.",
        "April 2026 is a part month, to 4 April. ICE overwrites and corrects these files without notice.",
        "The groups are ICE's own; a pending charge is no conviction, and the offences are not given.",
    ],
    fields=[
        field("month", "date", "First day of the month", required=True),
        field("arresting_agency", "string", "Who made the arrest", required=True, enum=["ICE", "CBP"]),
        field("criminality", "string", "Group as ICE defines it", required=True, enum=GROUPS),
        field("people", "number", "Average daily population", "people", required=True, minimum=0, maximum=80_000),
    ],
)


def build() -> pd.DataFrame:
    """Return the months, without fiscal-year averages and totals of the two agencies."""
    raw = _tidy.read_csv("ice-detention-statistics/adp-monthly.csv")
    raw = raw[(raw["period"] == "month") & raw["arresting_agency"].isin(["ICE", "CBP"])].rename(
        columns={"average_daily_population": "people"}
    )
    raw["people"] = pd.to_numeric(raw["people"])
    raw = raw.sort_values(["month", "arresting_agency", "criminality"], ignore_index=True)
    return raw[[f["name"] for f in TABLE.fields]]
