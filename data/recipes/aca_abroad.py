"""ACA accreditation outside the United States: one row an institution named in a source."""

import pandas as pd

import _tidy
from _table import Table, country_of_code, field, in_its_country

STATUS = ["accredited", "candidate", "unclear", "U.S. military"]

TABLE = Table(
    title="Institutions abroad accredited by the American Correctional Association, as far as named",
    description="Institutions that a page names as accredited, renewed, under way or relying on ACA accreditation.",
    row="one institution",
    sources=["aca-accreditation"],
    primary_key=["facility"],
    rules=[
        country_of_code(),
        in_its_country(),
    ],
    caveats=[
        "Not ACA's register: for Mexico about a third of the institutions in the official count are named.",
        "Dates are those a page supports, often a renewal; the first accreditation may be older.",
        "Dubai is part of the United Arab Emirates and counts as that country.",
        "Two rows are confinement facilities of the U.S. Army, one is a candidate that is not accredited, two are unclear.",
        "Coordinates are towns from GeoNames (CC BY 4.0) or, where marked, a state capital; blank where no place is named.",
        "A certificate runs for three years unless renewed.",
    ],
    fields=[
        field("facility", "string", "Institution", required=True, unique=True, minLength=10, maxLength=80),
        field("country", "string", "Country", required=True, minLength=4, maxLength=25),
        field("iso3", "string", "Country code, ISO 3166-1 alpha-3", required=True, pattern="[A-Z]{3}"),
        field("place", "string", "Town", minLength=4, maxLength=25),
        field("lat", "number", "Latitude", "degrees north", minimum=-90, maximum=90),
        field("lon", "number", "Longitude", "degrees east", minimum=-180, maximum=180),
        field(
            "precision",
            "string",
            "What the point stands for",
            required=True,
            enum=["city", "none", "none (place not on the page)", "state capital", "state capital proxy", "town"],
        ),
        field("status", "string", "Standing", required=True, enum=STATUS),
        field("earliest_event", "string", "Earliest date the page supports", minLength=4, maxLength=16),
        field("event", "string", "What happened then", required=True, minLength=10, maxLength=100),
        field("kind", "string", "Kind of institution", required=True, enum=["U.S. military", "juvenile", "office", "prison"]),
        field("us_money", "string", "Whether the page speaks of U.S. money", required=True, enum=["yes", "no", "not stated"]),
        field("us_funding", "string", "What it says of it", required=True, minLength=4, maxLength=60),
        field("source_url", "string", "Where it was read; several separated by semicolons", required=True, pattern="https?://.+"),
        field("note", "string", "Note", minLength=25, maxLength=250),
    ],
)


def _status(row: pd.Series) -> str:
    """Return where an institution stands, from the words of its event and kind."""
    if row["kind"] == "U.S. military":
        return "U.S. military"
    if "NOT accredited" in row["event"]:
        return "candidate"
    if "or in progress" in row["event"] or row["event"] == "led the process":
        return "unclear"
    return "accredited"


def _money(text: str) -> str:
    """Return yes, no or not stated for what a page says of U.S. money."""
    if text.startswith(("yes", "U.S. government facility")):
        return "yes"
    return "no" if text.startswith("no: ") else "not stated"


def build() -> pd.DataFrame:
    """Return the institutions with standing and money sorted into a few words."""
    raw = _tidy.read_csv("aca-accreditation/accredited_abroad.csv")
    raw = raw.rename(columns={"coordinate_precision": "precision", "earliest_accreditation_event": "earliest_event"})
    raw["status"] = raw.apply(_status, axis=1)
    raw["us_money"] = raw["us_funding"].map(_money)
    raw["note"] = raw["note"].str.strip().str.rstrip(";")
    return raw[[f["name"] for f in TABLE.fields]]
