"""Supermax and isolation prisons outside the United States and the evidence of a U.S. link: one row a prison."""

import pandas as pd

import _tidy
from _table import SOURCE_TYPES, Table, country_of_code, field, holds, in_its_country

TABLE = Table(
    title="Supermax and isolation prisons outside the United States and the evidence of a U.S. link",
    description="A sourced sample, with what each source shows of a link to the United States.",
    row="one prison, unit or programme of prisons",
    sources=["supermax-abroad"],
    primary_key=["id"],
    rules=[
        country_of_code(),
        in_its_country(),
        holds("opened_year is not in opened", "INSTR(opened, opened_year) > 0"),
    ],
    caveats=[
        "A sample of what could be read, not a census; an empty country means no row.",
        "us_link says what a source shows; 'none' means none found in the text read, not none.",
        "A link is documented where the source names who took or gave what; where it only asserts a model, it is claimed.",
        "us_link_kind tells the kinds apart: a likeness of model is not money or staff.",
        "Several isolation prisons are older than the U.S. supermax.",
        "The Turkish F-type row stands for many prisons; its point is the capital. Rows without coordinates are off the map.",
        "Most coordinates are city centres.",
    ],
    fields=[
        field("id", "string", "Key", required=True, unique=True, minLength=4, maxLength=20),
        field("name", "string", "Prison", required=True, minLength=4, maxLength=60),
        field("place", "string", "Place", required=True, minLength=4, maxLength=30),
        field("country", "string", "Country", required=True, minLength=4, maxLength=16),
        field("iso3", "string", "Country code, ISO 3166-1 alpha-3", required=True, pattern="[A-Z]{3}"),
        field("lat", "number", "Latitude", "degrees north", minimum=-90, maximum=90),
        field("lon", "number", "Longitude", "degrees east", minimum=-180, maximum=180),
        field("coord_precision", "string", "Site, or centre of the city", required=True, enum=["site", "city", "none"]),
        field("opened", "string", "Date or year of opening as the source gives it", minLength=4, maxLength=12),
        field("opened_year", "integer", "Year of opening", "year", minimum=1850, maximum=2030),
        field("opened_note", "string", "Note on the opening", minLength=15, maxLength=100),
        field("us_link", "string", "What a source shows", required=True, enum=["documented", "claimed", "none"]),
        field(
            "us_link_kind",
            "string",
            "Kind of link",
            required=True,
            enum=["accreditation", "design", "design and money", "model", "none found"],
        ),
        field("evidence", "string", "What the source says", required=True, minLength=25, maxLength=200),
        field("source_title", "string", "Source", required=True, minLength=20, maxLength=120),
        field("source_url", "string", "Public address of the source", required=True, pattern="https?://.+"),
        field("source_type", "string", "Kind of source", required=True, enum=SOURCE_TYPES),
        field("read_at", "string", "Copy that was read", required=True, minLength=30, maxLength=60),
        field("confidence", "string", "Confidence in the row", required=True, enum=["high", "medium", "low"]),
        field("note", "string", "Note", minLength=30, maxLength=200),
    ],
)


def build() -> pd.DataFrame:
    """Return the sample, years as whole numbers."""
    raw = _tidy.read_csv("supermax-abroad/supermax_abroad.csv").rename(columns={"retrieved_from": "read_at"})
    raw["opened_year"] = _tidy.whole(raw["opened_year"])
    for column in ("lat", "lon"):
        raw[column] = pd.to_numeric(raw[column])
    for column in ("name", "place", "source_title"):
        raw[column] = _tidy.accents(raw[column])
    return raw[[f["name"] for f in TABLE.fields]]
