"""Gazetteer of radial prisons: one row a prison, with the evidence for a link to Philadelphia."""

import pandas as pd

import _tidy
from _table import SOURCE_TYPES, Table, country_of_code, field, holds, in_its_country

PLANS = [
    "radial",
    "half-radial",
    "cruciform",
    "cruciform clusters",
    "radial blocks around the governor's house",
    "panopticon",
    "described as panopticon",
    "not established",
]
EVIDENCE = [
    "origin",
    "documented_esp_influence",
    "documented_indirect",
    "radial_plan_only",
    "contested",
    "antecedent_predates_esp",
    "panopticon_not_esp",
]

TABLE = Table(
    title="Radial prisons and the evidence for a link to Eastern State Penitentiary",
    description="A sourced sample of prisons that are radial, were called copies of Philadelphia, or serve as contrast.",
    row="one prison",
    sources=["radial-prisons"],
    primary_key=["id"],
    rules=[
        country_of_code(NLD="The Netherlands", USA="United States"),
        in_its_country(),
        holds("opened_year is not in opened", "year_basis <> 'opened' OR INSTR(opened, opened_year) > 0"),
    ],
    caveats=[
        "A sample shaped by which pages could be read, not a census: English-, French-, Spanish- and German-language "
        "countries are over-represented; Africa, South-East Asia and most U.S. state prisons are missing.",
        "Rows whose plan is 'not established' must not be drawn as radial.",
        "A radial plan alone shows no debt to Philadelphia: English gaols radiated from a governor's house before 1829.",
        "Most coordinates are city centres; several prisons share one point.",
        "A range of years is a building period; year_basis says how the single year was chosen. "
        "'lower bound only' rows have no year.",
    ],
    fields=[
        field("id", "string", "Key", required=True, unique=True, minLength=4, maxLength=30),
        field("name", "string", "Prison", required=True, minLength=4, maxLength=50),
        field("city", "string", "City", required=True, minLength=4, maxLength=20),
        field("country", "string", "Present-day country or territory", required=True, minLength=4, maxLength=20),
        field("iso3", "string", "Country code, ISO 3166-1 alpha-3", required=True, pattern="[A-Z]{3}"),
        field("lat", "number", "Latitude", "degrees north", required=True, minimum=-90, maximum=90),
        field("lon", "number", "Longitude", "degrees east", required=True, minimum=-180, maximum=180),
        field("coord_precision", "string", "Site, or centre of the city", required=True, enum=["site", "city"]),
        field("opened", "string", "Year, period or decade of opening as the source gives it", minLength=4, maxLength=12),
        field("opened_year", "integer", "Single year for charts", "year", minimum=1780, maximum=1950),
        field(
            "year_basis",
            "string",
            "How opened_year was chosen",
            required=True,
            enum=[
                "approximate",
                "last year of a stated range",
                "lower bound only",
                "middle of a stated decade",
                "not stated",
                "opened",
            ],
        ),
        field("architect", "string", "Architect as the source gives it", minLength=4, maxLength=50),
        field("plan", "string", "Plan of the building", required=True, enum=PLANS),
        field("evidence", "string", "Strength of the evidence for a link to Philadelphia", required=True, enum=EVIDENCE),
        field(
            "pathway",
            "string",
            "How the link ran",
            required=True,
            enum=[
                "belgian_star_type",
                "haviland_himself",
                "named_after_philadelphia",
                "none",
                "not_stated",
                "origin",
                "philadelphia_regime",
                "study_of_philadelphia",
                "study_of_us_prisons",
                "via_japan",
                "via_leuven",
                "via_moabit",
                "via_pentonville",
            ],
        ),
        field("evidence_note", "string", "What the source says", required=True, minLength=15, maxLength=250),
        field("source_title", "string", "Source", required=True, minLength=10, maxLength=150),
        field("source_url", "string", "Public address of the source", required=True, pattern="https?://.+"),
        field("source_type", "string", "Kind of source", required=True, enum=SOURCE_TYPES),
        field("read_at", "string", "Copy that was read", required=True, minLength=30, maxLength=150),
        field("confidence", "string", "Confidence in the row", required=True, enum=["high", "medium", "low"]),
    ],
)


def build() -> pd.DataFrame:
    """Return the gazetteer, columns renamed, years as whole numbers."""
    raw = _tidy.read_csv("radial-prisons/radial_prisons.csv")
    raw = raw.rename(columns={"influence_evidence": "evidence", "retrieved_from": "read_at"})
    raw["opened_year"] = _tidy.whole(raw["opened_year"])
    for column in ("name", "city", "architect", "evidence_note", "source_title"):
        raw[column] = _tidy.accents(raw[column])
    return raw[[f["name"] for f in TABLE.fields]]
