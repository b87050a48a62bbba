"""Budget authority of the law-enforcement account: one row a fiscal year."""

import pandas as pd

import _tidy
from _table import Table, covers, every_year, field

EDITIONS = {
    "Budget FY2017": "official edition FY2017",
    "Copy with columns 2016-2027 (Budget FY2027 layout)": "copy of a later edition",
}

TABLE = Table(
    title="U.S. budget authority for International Narcotics Control and Law Enforcement (INCLE)",
    description="INCLE and Andean counterdrug accounts of the State Department, FY1976 to FY2025.",
    row="one fiscal year",
    sources=["us-budget-incle"],
    primary_key=["fiscal_year"],
    rules=[
        covers("fiscal_year", 1976, 2025),
        every_year("fiscal_year"),
    ],
    caveats=[
        "Authority to spend, for the whole world: another measure than obligations by country.",
        "FY1976 to FY2015 come from the official FY2017 edition; FY2016 and later from a third party's copy of a later "
        "one. Mark the change; check the later years before quoting them elsewhere.",
        "FY1976 includes the transition quarter. Supplementals and rescissions are in.",
        "The account pays for narcotics control, police, courts and prisons together.",
    ],
    fields=[
        field("fiscal_year", "integer", "U.S. fiscal year", "year", required=True, minimum=1976, maximum=2025),
        field("incle_usd", "integer", "INCLE budget authority", "nominal USD", required=True, minimum=0, maximum=4_000_000_000),
        field("andean_usd", "integer", "Andean counterdrug budget authority", "nominal USD", minimum=0, maximum=1_500_000_000),
        field("edition", "string", "Edition read", required=True, enum=list(EDITIONS.values())),
    ],
)


def build() -> pd.DataFrame:
    """Return actual years, thousands turned into dollars, the transition quarter counted with FY1976."""
    raw = _tidy.read_csv("us-budget-incle/incle-budget-authority.csv").query("status == 'actual'")
    raw = pd.DataFrame(
        {
            "fiscal_year": raw["fiscal_year"].str[:4].astype("Int64"),
            "incle_usd": pd.to_numeric(raw["incle_budget_authority_thousand_usd"]).mul(1000).astype("Int64"),
            "andean_usd": pd.to_numeric(raw["andean_counterdrug_budget_authority_thousand_usd"]).mul(1000).astype("Int64"),
            "edition": raw["edition"].map(EDITIONS),
        }
    )
    amounts = raw.groupby(["fiscal_year", "edition"], as_index=False)[["incle_usd", "andean_usd"]].sum(min_count=1)
    return amounts[[f["name"] for f in TABLE.fields]]
