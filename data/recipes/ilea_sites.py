"""The International Law Enforcement Academies: one row a site."""

import pandas as pd

import _tidy
from _table import Table, country_of_code, field

TABLE = Table(
    title="International Law Enforcement Academies: sites",
    description="Academies and regional training centres of the ILEA network.",
    row="one site",
    sources=["ilea"],
    primary_key=["site"],
    caveats=["Status is that of an undated State Department page. No opening year was found for Accra."],
    rules=[
        country_of_code(USA="United States"),
    ],
    fields=[
        field("site", "string", "City", required=True, unique=True, minLength=4, maxLength=16),
        field("country", "string", "Country", required=True, minLength=4, maxLength=16),
        field("iso3", "string", "Country code, ISO 3166-1 alpha-3", required=True, pattern="[A-Z]{3}"),
        field("opened", "integer", "Year opened", "year", minimum=1990, maximum=2026),
        field("kind", "string", "Kind of site", required=True, minLength=4, maxLength=40),
        field(
            "status",
            "string",
            "Whether the State Department's page lists it",
            required=True,
            enum=["not on the current list", "open"],
        ),
    ],
)


def build() -> pd.DataFrame:
    """Return the sites, columns renamed."""
    raw = _tidy.read_csv("ilea/ilea-sites.csv").rename(columns={"status_on_current_state_page": "status"})
    raw["opened"] = _tidy.whole(raw["opened"])
    return raw[[f["name"] for f in TABLE.fields]]
