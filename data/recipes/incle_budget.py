"""Budget authority of the law-enforcement account: one row a fiscal year."""

import pandas as pd

import _tidy

EDITIONS = {
    "Budget FY2017": "official edition FY2017",
    "Copy with columns 2016-2027 (Budget FY2027 layout)": "copy of a later edition",
}


def build() -> pd.DataFrame:
    """Return actual years, thousands turned into dollars, the transition quarter counted with FY1976."""
    raw = _tidy.read_csv("us-budget-incle/incle-budget-authority.csv").query("status == 'actual'")
    raw = pd.DataFrame(
        {
            "fiscal_year": raw["fiscal_year"].str[:4],
            "incle_usd": pd.to_numeric(raw["incle_budget_authority_thousand_usd"]).mul(1000),
            "andean_usd": pd.to_numeric(raw["andean_counterdrug_budget_authority_thousand_usd"]).mul(1000),
            "edition": raw["edition"].map(EDITIONS),
        }
    )
    return raw.groupby(["fiscal_year", "edition"], as_index=False)[["incle_usd", "andean_usd"]].sum(min_count=1)
