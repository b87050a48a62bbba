"""Share of prisoners held privately, by country and source: one row an estimate."""

import pandas as pd

import _tidy
from _table import SOURCE_TYPES, Table, country_of_code, covers, field, in_per_cent

PARTS = {"GBR-SCT": "Scotland", "GBR-EAW": "England and Wales"}

TABLE = Table(
    title="Share of prisoners in private prisons by country, as sources give it",
    description="Estimates of the private share of prisoners, kept side by side where they disagree.",
    row="one estimate",
    sources=["private-prisons-world"],
    primary_key=["place", "year", "source_url"],
    rules=[
        country_of_code("place", GBR="England and Wales|Scotland", USA="United States"),
        in_per_cent("share_pct"),
        covers("year", 2005, 2023),
    ],
    caveats=[
        "Most shares come from one advocacy report of 2013, read as others relay it.",
        "For England and Wales four sources give four values; they are kept apart.",
        "New Zealand: the page prints 115; 11 is what it must mean.",
        "Rows without a share are mentions only.",
        "The share of the United States is from the Bureau of Justice Statistics and counts halfway houses.",
    ],
    fields=[
        field("place", "string", "Country or part of it", required=True, minLength=4, maxLength=20),
        field("iso3", "string", "Country code, ISO 3166-1 alpha-3", required=True, pattern="[A-Z]{3}"),
        field("year", "integer", "Year the estimate is about", "year", required=True, minimum=2000, maximum=2026),
        field("year_approximate", "boolean", "The page gives no exact year", required=True),
        field("share_pct", "number", "Share of prisoners held privately", "per cent", minimum=0, maximum=100),
        field("number", "string", "Prisoners or places, as the source gives them", pattern="[^-].{0,60}"),
        field("what_it_measures", "string", "What is measured", required=True, minLength=15, maxLength=80),
        field("source_url", "string", "Where it was read", required=True, pattern="https?://.+"),
        field("source_type", "string", "Kind of source", required=True, enum=SOURCE_TYPES),
        field("confidence", "string", "Confidence in the row", required=True, enum=["high", "medium", "low"]),
        field("note", "string", "Note and disagreements", minLength=4, maxLength=150),
    ],
)


def build() -> pd.DataFrame:
    """Return the estimates; parts of a country named, the code that of the country."""
    raw = _tidy.read_csv("private-prisons-world/countries.csv")
    raw["place"] = raw["iso3"].map(PARTS).fillna(raw["country"])
    raw["iso3"] = raw["iso3"].str[:3]
    raw["year_approximate"] = raw["year"].str.startswith("about")
    raw["year"] = _tidy.whole(raw["year"].str.extract(r"(\d{4})", expand=False))
    raw["share_pct"] = pd.to_numeric(raw["share_private_pct"])
    raw["source_url"] = raw["source_url"].replace(
        "see bjs-private-prisons", "https://bjs.ojp.gov/library/publications/list?series_filter=Prisoners"
    )
    raw = raw.rename(columns={"private_prisoners_or_places": "number"})
    return raw[[f["name"] for f in TABLE.fields]]
