"""Security aid to El Salvador by purpose, FY2001-FY2024: one row a sector, transaction type and year."""

import pandas as pd

import _tidy


def build() -> pd.DataFrame:
    """Return the sector lines, columns renamed."""
    raw = _tidy.read_csv("us-foreign-assistance/us-foreign-aid-usg-sector-el-salvador.csv")
    return raw.rename(
        columns={
            "us_sector": "sector",
            "transaction_type": "transaction",
            "current_amount_usd": "amount_usd",
            "constant_amount_2023usd": "amount_usd2023",
        }
    )
