"""Greenbook obligations to El Salvador and to the Central American regional line: one row a line, kind and year."""

import pandas as pd

import _greenbook
from _table import Table, covers, field, in_constant_dollars, rule

LINES = ["El Salvador", "Central America (not specified)"]

TABLE = Table(
    title="U.S. obligations to El Salvador, and to the regional line that carries part of its money",
    description="Economic, military and narcotics-control obligations of the Greenbook.",
    row="one line, kind of aid and fiscal year",
    sources=["us-foreign-assistance"],
    primary_key=["line", "kind", "fiscal_year"],
    rules=[
        covers("fiscal_year", 1946, 2020),
        in_constant_dollars("obligations_usd", "obligations_usd2020", "usd2020_per_usd"),
        rule(
            "narcotics money is not what table narcotics_obligations has",
            "SELECT t.row_nr FROM this AS t LEFT JOIN narcotics_obligations AS n ON n.country = t.line "
            "AND n.fiscal_year = t.fiscal_year WHERE t.kind = 'narcotics' "
            "AND t.obligations_usd IS NOT n.obligations_usd",
        ),
    ],
    caveats=[
        "Money for Central American police after 2008 is booked mostly to the regional line. The country line alone "
        "understates it; the regional line is for all of Central America and cannot be split by country here.",
        "Definitions change at FY2001: from then on the lines list running costs and small accounts of many agencies, "
        "before it the big programmes only. Do not join the two.",
        "Police aid of 1957-1974 (Office of Public Safety) has no line of its own; it is inside 'economic'.",
        "FY1976 includes the transition quarter of July to September 1976. Obligations can be negative.",
        "Constant dollars of 2020, as published. Never add them to constant dollars of another base.",
    ],
    fields=[
        field("line", "string", "Country or regional line", required=True, enum=LINES),
        field("kind", "string", "Kind of aid; narcotics apart", required=True, enum=["economic", "military", "narcotics"]),
        field("fiscal_year", "integer", "U.S. fiscal year", "year", required=True, minimum=1946, maximum=2020),
        field("obligations_usd", "integer", "Obligations", "nominal USD", required=True, maximum=800_000_000),
        field("obligations_usd2020", "integer", "Obligations", "constant USD of 2020", required=True, maximum=1_500_000_000),
    ],
)


def build() -> pd.DataFrame:
    """Return both lines, summed by kind and year."""
    rows = _greenbook.read()
    rows = rows[rows["country"].isin(LINES)].rename(columns={"country": "line"})
    return _greenbook.total(rows, TABLE.primary_key)[[f["name"] for f in TABLE.fields]]
