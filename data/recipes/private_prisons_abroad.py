"""Private prisons outside the United States: one row a facility."""

import pandas as pd

import _tidy
from _table import Table, country_of_code, field, holds

TABLE = Table(
    title="Private prisons outside the United States and their links to U.S. companies",
    description="Facilities named on the pages that were read, with operator and whether a U.S. company had a part in it.",
    row="one facility",
    sources=["private-prisons-world"],
    primary_key=["facility"],
    rules=[
        country_of_code(),
        holds("opened_year is not in opened", "INSTR(opened, opened_year) > 0"),
    ],
    caveats=[
        "Not a census: few Australian sites, none in Peru, Chile, Japan or Canada.",
        "Ravenhall was added by us: the source's list stops short of it.",
        "no means that the pages read name no U.S. owner; not-verified that they do not name the operator or its owners.",
        "Mexican CPS sites and the Brazilian site are hybrids: companies build and service them, the state keeps custody.",
        "The six Mexican sites were found in reports on accreditation; that all are accredited is by selection.",
    ],
    fields=[
        field("facility", "string", "Facility", required=True, unique=True, minLength=4, maxLength=60),
        field("country", "string", "Country", required=True, minLength=4, maxLength=16),
        field("iso3", "string", "Country code, ISO 3166-1 alpha-3", required=True, pattern="[A-Z]{3}"),
        field(
            "jurisdiction",
            "string",
            "State or part of the country",
            enum=["England and Wales", "New South Wales", "Queensland", "Scotland", "Victoria", "Western Australia"],
        ),
        field("opened", "string", "Opened, or private from, as the source gives it", minLength=4, maxLength=40),
        field("opened_year", "integer", "Its year", "year", minimum=1980, maximum=2026),
        field("operators", "string", "Operators as the pages name them", minLength=3, maxLength=200),
        field(
            "us_link",
            "string",
            "A U.S. company ran or part-owned the operator",
            required=True,
            enum=["yes", "no", "not-verified"],
        ),
        field("us_link_note", "string", "What the link is", minLength=25, maxLength=100),
        field("status_note", "string", "What became of it", minLength=25, maxLength=120),
        field(
            "source_urls",
            "string",
            "Where it was read; several separated by semicolons",
            required=True,
            minLength=50,
            maxLength=500,
        ),
        field("note", "string", "Note", minLength=15, maxLength=120),
    ],
)

# Read on pages of the state's government; the source's list, which has few Australian sites, does not hold it.
RAVENHALL = {
    "facility": "Ravenhall Correctional Centre",
    "country": "Australia",
    "iso3": "AUS",
    "jurisdiction": "Victoria",
    "opened": "2017-10-12",
    "operators": "GEO Group Australia",
    "us_link": "yes",
    "us_link_note": "GEO Group Australia belongs to the GEO Group, a U.S. company",
    "source_urls": "https://premier.vic.gov.au/ravenhall-correctional-centre-officially-opened"
    ";https://www.corrections.vic.gov.au/ravenhall-correctional-centre-opening",
    "note": "Opened by the minister in October, in use from November",
}


def build() -> pd.DataFrame:
    """Return the facilities without coordinates, after those of the source the one that was added."""
    raw = _tidy.read_csv("private-prisons-world/facilities.csv")
    raw = raw.rename(columns={"opened_or_private_from": "opened", "us_linked_operator": "us_link"})
    raw = pd.concat([raw, pd.DataFrame([RAVENHALL])], ignore_index=True).astype("string")
    raw["opened_year"] = _tidy.whole(raw["opened"].str.extract(r"(\d{4})", expand=False))
    return raw[[f["name"] for f in TABLE.fields]]
