"""Total U.S. aid of ForeignAssistance.gov for El Salvador, its regional line and the world: one row a line and year."""

import pandas as pd

import _tidy
from _table import Table, covers, every_year, field, in_constant_dollars, rule

LINES = {"El Salvador": "El Salvador", "Central America Region": "Central America Region"}

TABLE = Table(
    title="U.S. foreign assistance in total: world, Central American regional line, El Salvador, FY2001 to FY2024",
    description="All purposes together, from the country summary of ForeignAssistance.gov.",
    row="one line, transaction type and fiscal year",
    sources=["us-foreign-assistance"],
    primary_key=["line", "transaction", "fiscal_year"],
    rules=[
        covers("fiscal_year", 2001, 2024),
        every_year("fiscal_year", "line", '"transaction"'),
        in_constant_dollars("amount_usd", "amount_usd2024", "usd2024_per_usd"),
        rule(
            "a country has more than the world",
            "SELECT t.row_nr FROM this AS t JOIN this AS w ON w.fiscal_year = t.fiscal_year "
            'AND w."transaction" = t."transaction" WHERE w.line = \'World\' AND t.amount_usd > w.amount_usd',
        ),
    ],
    caveats=[
        "All purposes: health, food, refugees and arms as well as police. No line for prisons or police exists in it.",
        "Constant dollars of 2024, as published. Never add them to constant dollars of another base.",
        "FY2025 was incomplete when read and is left out. Recent years change as agencies revise.",
    ],
    fields=[
        field("line", "string", "World, or a country or regional line", required=True, enum=["World", *LINES]),
        field("transaction", "string", "Obligations or disbursements", required=True, enum=["Obligations", "Disbursements"]),
        field("fiscal_year", "integer", "U.S. fiscal year", "year", required=True, minimum=2001, maximum=2024),
        field("amount_usd", "integer", "Amount", "nominal USD", required=True, maximum=150_000_000_000),
        field("amount_usd2024", "integer", "Amount", "constant USD of 2024", required=True, maximum=150_000_000_000),
    ],
)


def build() -> pd.DataFrame:
    """Return obligations and disbursements of the two lines, and the sum of all lines as World."""
    raw = _tidy.read_csv("us-foreign-assistance/us-foreign-aid-country.csv.gz")
    raw = raw[raw["fiscal_year"].str.isdigit() & raw["transaction_type_name"].isin(["Obligations", "Disbursements"])].copy()
    for column in ["fiscal_year", "current_amount_usd", "constant_amount_2024usd"]:
        raw[column] = _tidy.whole(raw[column])
    raw = raw[raw["fiscal_year"].between(2001, 2024)].rename(
        columns={
            "transaction_type_name": "transaction",
            "current_amount_usd": "amount_usd",
            "constant_amount_2024usd": "amount_usd2024",
        }
    )
    lines = raw[raw["country_name"].isin(LINES)].assign(line=raw["country_name"])
    both = pd.concat([lines, raw.assign(line="World")])
    amounts = both.groupby(TABLE.primary_key, as_index=False)[["amount_usd", "amount_usd2024"]].sum()
    return amounts[[f["name"] for f in TABLE.fields]]
