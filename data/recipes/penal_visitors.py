"""People who studied U.S. prisons and what followed at home: one row a visitor or delegation."""

import pandas as pd

import _tidy
from _table import Table, country_of_code, field, holds

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
    rules=[
        holds("the visit ended before it began", "year_from <= year_to"),
        holds("the visit took longer than a commission does", "year_to - year_from <= 20"),
        country_of_code(
            "home_country", DEU="Baden / Prussia (Germany)|Prussia (Germany)|Saxe-Weimar (Germany)", USA="United States"
        ),
    ],
    caveats=[
        "A consequence followed the visit and a source connects the two; the visit was rarely the only cause.",
        "Ranges marked approximate bracket a period; they are not dates of visits.",
        "Ruggles-Brise wrote in 1921 and ran several journeys together; where only he reports one, it is 'claimed'.",
    ],
    fields=[
        field("id", "string", "Key", required=True, unique=True, minLength=4, maxLength=25),
        field("year_from", "integer", "First year", "year", minimum=1825, maximum=1912),
        field("year_to", "integer", "Last year", "year", minimum=1825, maximum=1912),
        field(
            "year_basis",
            "string",
            "Whether the years are stated or approximate",
            required=True,
            enum=[
                "approximate",
                "approximate (1850s)",
                "approximate (mid-1830s)",
                "not established",
                "stated",
                "stated (June)",
                "stated, sources differ",
                "year of the book",
            ],
        ),
        field("visitor", "string", "Who", required=True, minLength=10, maxLength=60),
        field("home_country", "string", "State at the time", required=True, minLength=4, maxLength=30),
        field("iso3", "string", "Present-day country, ISO 3166-1 alpha-3", required=True, pattern="[A-Z]{3}"),
        field("role", "string", "Capacity of the visitor", required=True, minLength=4, maxLength=50),
        field(
            "visit",
            "string",
            "How well a visit to Eastern State is established",
            required=True,
            enum=["documented", "claimed", "no visit", "no evidence found"],
        ),
        field("visit_note", "string", "The same, in the compilers' words", required=True, minLength=10, maxLength=60),
        field(
            "judgement",
            "string",
            "Opinion of the prison",
            required=True,
            enum=[
                "condemned",
                "critical",
                "described",
                "favourable",
                "favourable to the system",
                "favourable with reserves",
                "not applicable",
                "not recorded",
            ],
        ),
        field("report", "string", "Publication", minLength=10, maxLength=80),
        field(
            "consequence_at_home",
            "string",
            "Law or building that followed, as sources connect it",
            required=True,
            minLength=4,
            maxLength=200,
        ),
        field(
            "link_strength",
            "string",
            "How well the consequence is connected",
            required=True,
            enum=[
                "claim not supported",
                "claimed",
                "documented",
                "documented debate",
                "documented, at second hand",
                "documented, via Pentonville",
                "none",
            ],
        ),
        field("source_title", "string", "Source", required=True, minLength=20, maxLength=120),
        field("source_url", "string", "Public address", required=True, pattern="https?://.+"),
        field("read_at", "string", "Copy that was read", required=True, minLength=30, maxLength=80),
        field("confidence", "string", "Confidence in the row", required=True, enum=["high", "medium", "low"]),
        field("note", "string", "Note", minLength=35, maxLength=150),
    ],
)


def build() -> pd.DataFrame:
    """Return the visitors, the strength of each visit reduced to four values."""
    raw = _tidy.read_csv("penal-visitors/penal_visitors.csv")
    raw = raw.rename(columns={"visit_to_esp": "visit_note", "retrieved_from": "read_at"})
    raw["visit"] = raw["visit_note"].map(VISIT)
    raw["visitor"] = _tidy.accents(raw["visitor"])
    for column in ["year_from", "year_to"]:
        raw[column] = _tidy.whole(raw[column])
    return raw[[f["name"] for f in TABLE.fields]]
