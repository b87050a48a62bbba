"""Countries that took or agreed to take people of other nations from the United States: one row a country."""

import pandas as pd

import _tidy
from _table import Table, country_of_code, field

TABLE = Table(
    title="Third countries that took, agreed to take, or refused people removed by the United States, 2025-2026",
    description="Agreements and arrivals as far as they could be read.",
    row="one country",
    sources=["third-country-agreements"],
    primary_key=["iso3"],
    rules=[
        country_of_code(COD="Democratic Republic of the Congo", GNQ="Equatorial Guinea", SWZ="Eswatini", SSD="South Sudan"),
    ],
    caveats=[
        "Not a complete list: the Associated Press counted 47 agreements at some stage in February 2026.",
        "Head counts stop at different dates and are no common series. Mexico's is of another kind: by land, no agreement.",
        "Lump sums are not the full cost: flights and operations come on top.",
    ],
    fields=[
        field("iso3", "string", "Country code; XKX for Kosovo", required=True, unique=True, pattern="[A-Z]{3}"),
        field("country", "string", "Country", required=True, minLength=4, maxLength=40),
        field("status", "string", "What happened", required=True, enum=["received", "agreed", "blocked", "refused"]),
        field("agreement_date", "string", "Agreement or announcement, as precisely as given", minLength=4, maxLength=60),
        field("first_arrival", "string", "First arrival: day, month, or 'by' a month", minLength=4, maxLength=12),
        field("people", "integer", "Third-country nationals received by people_as_of", "people", minimum=0, maximum=8_000),
        field("people_as_of", "string", "Date of that count", required=True, minLength=4, maxLength=12),
        field("cap", "string", "Maximum agreed", "people", pattern="[^-].{1,40}"),
        field("payment", "string", "Lump sum in U.S. dollars, or terms in words", pattern="[^-].{5,40}"),
        field("held", "string", "Where people were put", minLength=10, maxLength=50),
        field("source_title", "string", "Source", required=True, minLength=30, maxLength=100),
        field("source_url", "string", "Public address", required=True, pattern="https?://.+"),
        field("read_at", "string", "Copy that was read", required=True, minLength=35, maxLength=200),
        field("confidence", "string", "Confidence in the row", required=True, enum=["high", "medium", "low"]),
        field("note", "string", "Note and disagreements", minLength=15, maxLength=200),
    ],
)


def build() -> pd.DataFrame:
    """Return the countries, columns renamed."""
    raw = _tidy.read_csv("third-country-agreements/third-countries.csv").rename(
        columns={
            "people_transferred": "people",
            "cap_in_agreement": "cap",
            "payment_usd": "payment",
            "retrieved_from": "read_at",
        }
    )
    raw["people"] = _tidy.whole(raw["people"])
    return raw[[f["name"] for f in TABLE.fields]]
