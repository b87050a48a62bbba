"""People who studied U.S. prisons and what followed at home: one row a visitor or delegation."""

import pandas as pd

import _tidy
from _table import Table, field

VISIT = {
    "documented": "documented",
    "documented (building site)": "documented",
    "claimed by one source": "claimed",
    "claimed (visit not stated)": "claimed",
    "not stated which prisons": "claimed",
    "did not visit the USA": "no visit",
    "did not visit the USA (sent to Pentonville)": "no visit",
    "not stated (a writer, no visit in the texts read)": "no visit",
    "no evidence found": "no evidence found",
}

TABLE = Table(
    title="Visitors to Eastern State and to other U.S. prisons, 1825-1912",
    description="Compiled from nineteenth-century texts and local histories; includes three people who shaped prisons at "
    "home without a visit on record, and one claim without support.",
    row="one visitor or delegation",
    sources=["penal-visitors"],
    primary_key=["id"],
    caveats=[
        "A consequence followed the visit and a source connects the two; the visit was rarely the only cause.",
        "Ranges marked approximate bracket a period; they are not dates of visits.",
        "Ruggles-Brise wrote in 1921 and ran several journeys together; where only he reports one, it is 'claimed'.",
    ],
    fields=[
        field("id", "string", "Key", required=True, unique=True),
        field("year_from", "integer", "First year", "year", minimum=1825, maximum=1912),
        field("year_to", "integer", "Last year", "year", minimum=1825, maximum=1912),
        field("year_basis", "string", "Whether the years are stated or approximate", required=True),
        field("visitor", "string", "Who", required=True),
        field("home_country", "string", "State at the time", required=True),
        field("iso3", "string", "Present-day country, ISO 3166-1 alpha-3", required=True, pattern="[A-Z]{3}"),
        field("role", "string", "Capacity of the visitor", required=True),
        field(
            "visit",
            "string",
            "How well a visit to Eastern State is established",
            required=True,
            enum=["documented", "claimed", "no visit", "no evidence found"],
        ),
        field("visit_note", "string", "The same, in the compilers' words", required=True),
        field("judgement", "string", "Opinion of the prison", required=True),
        field("report", "string", "Publication"),
        field("consequence_at_home", "string", "Law or building that followed, as sources connect it", required=True),
        field("link_strength", "string", "How well the consequence is connected", required=True),
        field("source_title", "string", "Source", required=True),
        field("source_url", "string", "Public address", required=True),
        field("read_at", "string", "Copy that was read", required=True),
        field("confidence", "string", "Confidence in the row", required=True, enum=["high", "medium", "low"]),
        field("note", "string", "Note"),
    ],
)


def build() -> pd.DataFrame:
    """Return the visitors, the strength of each visit reduced to four values."""
    raw = _tidy.read_csv("penal-visitors/penal_visitors.csv")
    raw = raw.rename(columns={"visit_to_esp": "visit_note", "retrieved_from": "read_at"})
    raw["visit"] = raw["visit_note"].map(VISIT)
    for column in ["year_from", "year_to"]:
        raw[column] = _tidy.whole(raw[column])
    return raw[[f["name"] for f in TABLE.fields]]
