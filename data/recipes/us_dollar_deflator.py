"""What a dollar of each fiscal year is worth in the dollars the aid files use: one row a fiscal year."""

import pandas as pd

import _greenbook
import _tidy
from _table import Table, covers, every_year, field, holds, rule

# A ratio from less than this loses digits to the rounding of the amounts.
LEAST = 100_000

TABLE = Table(
    title="Constant dollars per dollar of each fiscal year, in the three bases of the aid files",
    description="Ratio of the constant to the nominal amount on the lines of each file.",
    row="one fiscal year",
    sources=["us-foreign-assistance"],
    primary_key=["fiscal_year"],
    rules=[
        covers("fiscal_year", 1946, 2025),
        every_year("fiscal_year"),
        rule(
            "a dollar is worth over a tenth more or less than the year before",
            "SELECT row_nr "
            "FROM (SELECT row_nr, usd2024_per_usd / LAG(usd2024_per_usd) OVER (ORDER BY fiscal_year) AS c, "
            "usd2020_per_usd / LAG(usd2020_per_usd) OVER (ORDER BY fiscal_year) AS e "
            "FROM this) WHERE c NOT BETWEEN 0.88 AND 1.02 OR e NOT BETWEEN 0.88 AND 1.02",
        ),
        holds(
            "the bases of 2023, 2020 and 2024 do not differ by one factor",
            "ABS(usd2024_per_usd / usd2020_per_usd - 1.18) < 0.05 "
            "AND COALESCE(ABS(usd2024_per_usd / usd2023_per_usd - 1.026) < 0.01, 1)",
        ),
        rule("a dollar of the base year is not one", "SELECT row_nr FROM this WHERE fiscal_year = 2020 AND usd2020_per_usd <> 1"),
    ],
    caveats=[
        "Read off the published amounts: within a file and year the ratio is the same on every line, to rounding.",
        "The three files were deflated with price series of different dates. The FY2020 and FY2024 series agree to "
        "about half a per cent; essay.dollars uses the FY2024 series alone, so that every step is of one vintage.",
        "FY2025 rests on an incomplete year.",
    ],
    fields=[
        field("fiscal_year", "integer", "U.S. fiscal year", "year", required=True, minimum=1946, maximum=2025),
        field(
            "usd2024_per_usd", "number", "Country summary", "USD of 2024 per nominal USD", required=True, minimum=0.5, maximum=20
        ),
        field("usd2023_per_usd", "number", "El Salvador by sector", "USD of 2023 per nominal USD", minimum=0.5, maximum=2.5),
        field("usd2020_per_usd", "number", "Greenbook", "USD of 2020 per nominal USD", minimum=0.5, maximum=15),
    ],
)


def ratios(rows: pd.DataFrame, nominal: str, constant: str) -> pd.Series:
    """Return the median ratio of constant to nominal amounts by fiscal year, of lines large enough to tell."""
    large = rows[rows[nominal].astype(float).abs() >= LEAST]
    ratio = large[constant].astype(float) / large[nominal].astype(float)
    return ratio.groupby(large["fiscal_year"].astype(int)).median().round(6)


def build() -> pd.DataFrame:
    """Return the ratios of the three files side by side."""
    summary = _tidy.read_csv("us-foreign-assistance/us-foreign-aid-country.csv.gz")
    summary = summary[summary["fiscal_year"].str.isdigit() & (summary["transaction_type_name"] == "Obligations")]
    sectors = _tidy.read_csv("us-foreign-assistance/us-foreign-aid-usg-sector-el-salvador.csv")
    # FY1976 takes the ratio of the full year: its lines outnumber those of the transition quarter.
    greenbook = _greenbook.read()
    made = pd.DataFrame(
        {
            "usd2024_per_usd": ratios(summary, "current_amount_usd", "constant_amount_2024usd"),
            "usd2023_per_usd": ratios(sectors, "current_amount_usd", "constant_amount_2023usd"),
            "usd2020_per_usd": ratios(greenbook, "obligations_usd", "obligations_usd2020"),
        }
    )
    made.index.name = "fiscal_year"
    return made.reset_index()[[f["name"] for f in TABLE.fields]]
