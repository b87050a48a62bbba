"""Security aid to El Salvador by purpose, FY2001-FY2024: one row a sector, transaction type and year."""

import pandas as pd

import _tidy
from _table import Table, covers, field, in_constant_dollars

TABLE = Table(
    title="U.S. security aid to El Salvador by purpose, FY2001 to FY2024",
    description="Three sectors of the category Peace and Security on ForeignAssistance.gov.",
    row="one sector, transaction type and fiscal year",
    sources=["us-foreign-assistance"],
    primary_key=["sector", "transaction", "fiscal_year"],
    rules=[
        covers("fiscal_year", 2001, 2024),
        in_constant_dollars("amount_usd", "amount_usd2023", "usd2023_per_usd"),
    ],
    caveats=[
        "Sorted by purpose, across agencies and accounts: another definition than the Greenbook's rows by account. "
        "Never join or add the two.",
        "Money booked to regions is not in it.",
        "Constant dollars of 2023, as published; the Greenbook's are of 2020. Rebase before comparing (essay.dollars).",
        "The FY2001 obligation for counter-narcotics is missing. Amounts can be negative (money taken back).",
    ],
    fields=[
        field("sector", "string", "Purpose", required=True, minLength=15, maxLength=60),
        field("transaction", "string", "Obligations or disbursements", required=True, enum=["Obligations", "Disbursements"]),
        field("fiscal_year", "integer", "U.S. fiscal year", "year", required=True, minimum=2001, maximum=2024),
        field("amount_usd", "integer", "Amount", "nominal USD", required=True, maximum=20_000_000),
        field("amount_usd2023", "integer", "Amount", "constant USD of 2023", required=True, maximum=25_000_000),
    ],
)


def build() -> pd.DataFrame:
    """Return the sector lines, columns renamed."""
    raw = _tidy.read_csv("us-foreign-assistance/us-foreign-aid-usg-sector-el-salvador.csv").rename(
        columns={
            "us_sector": "sector",
            "transaction_type": "transaction",
            "current_amount_usd": "amount_usd",
            "constant_amount_2023usd": "amount_usd2023",
        }
    )
    for column in ["fiscal_year", "amount_usd", "amount_usd2023"]:
        raw[column] = _tidy.whole(raw[column])
    return raw.sort_values(TABLE.primary_key)[[f["name"] for f in TABLE.fields]]
