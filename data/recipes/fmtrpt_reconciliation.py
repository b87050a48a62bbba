"""Training places and cost as summed from the rows and as printed in the reports: one row a fiscal year."""

import pandas as pd

import _tidy
from _table import Table, covers, every_year, field, holds, rule

TABLE = Table(
    title="Foreign Military Training Reports: sums of the rows against the printed totals",
    description="Training that took place, FY1999 to FY2020, with the gap to the totals that the reports themselves print.",
    row="one fiscal year",
    sources=["sfm-fmtrpt"],
    primary_key=["fiscal_year"],
    rules=[
        covers("fiscal_year", 1999, 2020),
        every_year("fiscal_year"),
        holds(
            "places_gap_pct is not the gap between places and printed_places",
            "ABS(places_gap_pct - 100.0 * (places - printed_places) / printed_places) <= 0.01",
        ),
        holds(
            "cost_gap_pct is not the gap between cost_usd and printed_cost_usd",
            "ABS(cost_gap_pct - 100.0 * (cost_usd - printed_cost_usd) / printed_cost_usd) <= 0.01",
        ),
        rule(
            "the countries of the year do not add up to courses, places or cost_usd",
            "SELECT r.row_nr FROM this AS r "
            "JOIN (SELECT fiscal_year, SUM(courses) AS courses, SUM(places) AS places, SUM(cost_usd) AS cost_usd "
            "FROM fmtrpt_country_year GROUP BY fiscal_year) AS s ON s.fiscal_year = r.fiscal_year "
            "WHERE s.courses <> r.courses OR s.places <> r.places OR ABS(s.cost_usd - r.cost_usd) > 50",
        ),
        holds("more rows lack a number than there are", "MAX(rows_without_places, rows_without_cost) < courses"),
    ],
    caveats=[
        "A gap is what the rows hold more (or less) than the printed total, per cent of the printed total.",
        "The gaps are as large as 1.9 per cent (FY2001 cost); nine years have none.",
    ],
    fields=[
        field("fiscal_year", "integer", "U.S. fiscal year", "year", required=True, minimum=1999, maximum=2020),
        field("courses", "integer", "Rows", "rows", required=True, minimum=1, maximum=25_000),
        field(
            "places",
            "integer",
            "Places, summed from the rows",
            "student-course places",
            required=True,
            minimum=1,
            maximum=100_000,
        ),
        field(
            "printed_places",
            "integer",
            "Places, printed total",
            "student-course places",
            required=True,
            minimum=1,
            maximum=100_000,
        ),
        field("places_gap_pct", "number", "Gap of places", "per cent", required=True, minimum=-5, maximum=5),
        field("cost_usd", "integer", "Cost, summed from the rows", "nominal USD", required=True, minimum=1, maximum=600_000_000),
        field("printed_cost_usd", "integer", "Cost, printed total", "nominal USD", required=True, minimum=1, maximum=600_000_000),
        field("cost_gap_pct", "number", "Gap of cost", "per cent", required=True, minimum=-5, maximum=5),
        field("rows_without_places", "integer", "Rows with no number of students", "rows", required=True, minimum=0, maximum=250),
        field("rows_without_cost", "integer", "Rows with no cost", "rows", required=True, minimum=0, maximum=250),
    ],
)


def build() -> pd.DataFrame:
    """Return the actual years, columns renamed."""
    raw = _tidy.read_csv("sfm-fmtrpt/fmtrpt-reconciliation.csv").query("status == 'actual'")
    raw = raw.rename(
        columns={
            "rows": "courses",
            "parsed_trainees": "places",
            "printed_trainees": "printed_places",
            "trainee_gap_pct": "places_gap_pct",
            "parsed_cost_usd": "cost_usd",
            "rows_without_quantity": "rows_without_places",
        }
    )
    for column in [f["name"] for f in TABLE.fields if f["type"] == "integer"]:
        raw[column] = pd.to_numeric(raw[column]).round().astype("Int64")
    return raw.sort_values("fiscal_year")[[f["name"] for f in TABLE.fields]]
