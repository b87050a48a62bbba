"""What a dollar of each fiscal year is worth in the dollars the aid files use: one row a fiscal year."""

import pandas as pd

import _greenbook
import _tidy

# A ratio from less than this loses digits to the rounding of the amounts.
LEAST = 100_000


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
    return made.reset_index()
