"""U.S. supermax prisons and units: one row a prison or unit."""

import pandas as pd

import _tidy
from _table import SOURCE_TYPES, Table, covers, field, holds

TABLE = Table(
    title="U.S. supermax prisons and units, opening and conversion",
    description="A sourced sample of U.S. prisons and units that were opened as, or turned into, a supermax.",
    row="one prison or unit",
    sources=["supermax-facilities"],
    primary_key=["id"],
    rules=[
        holds(
            "opened, made a supermax and ended in another order",
            "opened_year <= supermax_from AND COALESCE(supermax_to > supermax_from, 1)",
        ),
        covers("supermax_from", 1940, 1999),
        covers("supermax_to", 2002, 2021),
    ],
    caveats=[
        "A sample of what could be read, not a census: several dozen existed.",
        "Blank years are blank because the text read did not give them.",
        "Marion opened in 1963 as an ordinary high-security prison; supermax_from is its conversion.",
        "D Block at Alcatraz is a forerunner that nobody called a supermax.",
    ],
    fields=[
        field("id", "string", "Key", required=True, unique=True, minLength=4, maxLength=20),
        field("facility", "string", "Prison", required=True, minLength=4, maxLength=50),
        field("unit", "string", "Unit of the prison", required=True, minLength=10, maxLength=40),
        field("jurisdiction", "string", "State, or Federal", required=True, minLength=4, maxLength=16),
        field("opened_year", "integer", "Year the prison or unit opened", "year", minimum=1900, maximum=2030),
        field("supermax_from", "integer", "First year as a supermax", "year", minimum=1900, maximum=2030),
        field("supermax_to", "integer", "Last year as a supermax, where it ended", "year", minimum=1900, maximum=2030),
        field(
            "origin",
            "string",
            "Built for it, or turned into it",
            required=True,
            enum=["converted", "not stated", "purpose-built"],
        ),
        field("status_note", "string", "What the source says of its status", minLength=10, maxLength=250),
        field("source_title", "string", "Source", required=True, minLength=15, maxLength=80),
        field("source_url", "string", "Public address of the source", required=True, pattern="https?://.+"),
        field("source_type", "string", "Kind of source", required=True, enum=SOURCE_TYPES),
        field("read_at", "string", "Copy that was read", required=True, minLength=30, maxLength=40),
        field("confidence", "string", "Confidence in the row", required=True, enum=["high", "medium", "low"]),
    ],
)


def build() -> pd.DataFrame:
    """Return the sample, years as whole numbers."""
    raw = _tidy.read_csv("supermax-facilities/supermax_us.csv").rename(columns={"retrieved_from": "read_at"})
    for column in ("opened_year", "supermax_from", "supermax_to"):
        raw[column] = _tidy.whole(raw[column])
    return raw[[f["name"] for f in TABLE.fields]]
