"""CoreCivic and GEO Group: one row a company and year."""

import pandas as pd

import _tidy
from _table import Table, every_year, field, holds, in_per_cent, never_repeats

NAMES = {"CoreCivic (CCA to 2016)": "CoreCivic", "GEO Group (Wackenhut Corrections to 2003)": "GEO Group"}

TABLE = Table(
    title="CoreCivic and GEO Group: revenue and the share that ICE pays",
    description="Yearly revenue of the two largest prison companies of the United States, with customer shares where found.",
    row="one company in one fiscal year",
    sources=["prison-companies"],
    primary_key=["company", "fiscal_year"],
    rules=[
        every_year("fiscal_year", "company"),
        holds(
            "ice_share_pct is not ICE revenue in revenue", "ABS(ice_share_pct - 100.0 * ice_revenue_usd_m / revenue_usd_m) <= 0.1"
        ),
        never_repeats("revenue_usd_m", "fiscal_year", "company"),
        in_per_cent("ice_share_pct"),
        in_per_cent("international_share_pct"),
    ],
    caveats=[
        "Read on financial-data pages and in press reports, not in the annual reports themselves.",
        "GEO's revenue of 2025 is rounded by the press report.",
        "ICE shares are known for few years; blank means not found.",
        "CoreCivic was CCA to 2016, GEO Group was Wackenhut Corrections to 2003.",
    ],
    fields=[
        field("company", "string", "Company", required=True, enum=sorted(NAMES.values())),
        field("fiscal_year", "integer", "Fiscal year", "year", required=True, minimum=2011, maximum=2025),
        field("revenue_usd_m", "number", "Revenue", "million US dollars, current", minimum=0, maximum=4_000),
        field("ice_revenue_usd_m", "number", "Revenue from ICE", "million US dollars, current", minimum=0, maximum=1_000),
        field("ice_share_pct", "number", "ICE's share of revenue", "per cent", minimum=0, maximum=100),
        field("international_share_pct", "number", "Share of revenue earned abroad", "per cent", minimum=0, maximum=100),
        field("source_url", "string", "Where it was read; several separated by semicolons", required=True, pattern="https?://.+"),
        field("note", "string", "Note", minLength=35, maxLength=80),
    ],
)


def build() -> pd.DataFrame:
    """Return the two companies, numbers as numbers."""
    raw = _tidy.read_csv("prison-companies/company_year.csv")
    raw["company"] = raw["company"].map(NAMES)
    raw["fiscal_year"] = _tidy.whole(raw["fiscal_year"])
    for column in ["revenue_usd_m", "ice_revenue_usd_m", "ice_share_pct", "international_share_pct"]:
        raw[column] = pd.to_numeric(raw[column])
    return raw[[f["name"] for f in TABLE.fields]].sort_values(["company", "fiscal_year"])
