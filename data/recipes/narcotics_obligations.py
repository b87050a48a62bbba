"""Narcotics-control and law-enforcement obligations of the Greenbook: one row a country or regional line and year."""

import pandas as pd

import _greenbook
from _table import Table, covers, every_year, field, holds, in_constant_dollars

TABLE = Table(
    title="U.S. obligations for narcotics control and law enforcement, by country and fiscal year",
    description="Greenbook row Narcotics Control: the INCLE account and the Andean Counterdrug Initiative.",
    row="one country or regional line in one fiscal year",
    sources=["us-foreign-assistance"],
    primary_key=["fiscal_year", "country"],
    rules=[
        covers("fiscal_year", 1974, 2020),
        every_year("fiscal_year"),
        in_constant_dollars("obligations_usd", "obligations_usd2020", "usd2020_per_usd"),
        holds(
            "a line is regional that names a country, or the other way round",
            "(regional = 'True') = (country LIKE '%(not specified)')",
        ),
    ],
    caveats=[
        "Lines called '(not specified)' are regional: their money reaches countries that the country lines do not show.",
        "Obligations can be negative (money taken back) and are lumpy: FY2016 is an accounting hole between two full "
        "years. Use averages of several years.",
        "FY1976 includes the transition quarter of July to September 1976.",
        "Constant dollars of 2020, as published. Never add them to constant dollars of another base.",
        "The account pays for narcotics control, police, courts and prisons together.",
    ],
    fields=[
        field("fiscal_year", "integer", "U.S. fiscal year", "year", required=True, minimum=1974, maximum=2020),
        field("country", "string", "Country or regional line", required=True, minLength=4, maxLength=50),
        field("regional", "boolean", "True for a regional or world line", required=True),
        field("obligations_usd", "integer", "Obligations", "nominal USD", required=True, maximum=1_500_000_000),
        field("obligations_usd2020", "integer", "Obligations", "constant USD of 2020", required=True, maximum=2_000_000_000),
    ],
)


def build() -> pd.DataFrame:
    """Return the row Narcotics Control, summed by line and year."""
    rows = _greenbook.read().query("kind == 'narcotics'")
    return _greenbook.total(rows, ["fiscal_year", "country", "regional"])[[f["name"] for f in TABLE.fields]]
