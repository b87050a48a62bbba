"""Who said how many prisons copied Eastern State: one row a statement."""

import pandas as pd

import _tidy
from _table import SOURCE_TYPES, Table, covers, field, holds

TABLE = Table(
    title="Statements of how many prisons were modelled on Eastern State",
    description="The numbers in circulation, and the earlier statements without a number.",
    row="one statement",
    sources=["radial-prisons"],
    primary_key=["id"],
    caveats=["'More than 300' is written as 301: the smallest whole number the statement allows."],
    rules=[
        covers("year", 1852, 2012),
        holds("year is not that of id", "id NOT GLOB '*-[12][0-9][0-9][0-9]*' OR INSTR(id, year) > 0"),
    ],
    fields=[
        field("id", "string", "Key", required=True, unique=True, minLength=4, maxLength=25),
        field("year", "integer", "Year of the statement; blank where the page is undated", "year", minimum=1829, maximum=2026),
        field("who", "string", "Who said it", required=True, minLength=20, maxLength=60),
        field("claim", "string", "The statement in other words", required=True, minLength=25, maxLength=200),
        field("number_low", "integer", "Smallest number the statement allows", "prisons", minimum=0, maximum=500),
        field("basis_given", "string", "Evidence the statement offers", required=True, minLength=4, maxLength=80),
        field("list_published", "string", "Whether a list of prisons backs it", required=True, enum=["yes", "no", "not seen"]),
        field("source_title", "string", "Source", required=True, minLength=10, maxLength=200),
        field("source_url", "string", "Public address", pattern="https?://.+"),
        field("source_type", "string", "Kind of source", required=True, enum=SOURCE_TYPES),
        field("read_at", "string", "Copy that was read", required=True, minLength=10, maxLength=80),
        field("note", "string", "Note", required=True, minLength=4, maxLength=80),
    ],
)


def build() -> pd.DataFrame:
    """Return the statements; 'undated' and 'not stated' years become missing."""
    raw = _tidy.read_csv("radial-prisons/claim_300_history.csv")
    raw = raw.rename(columns={"claim_as_given": "claim", "retrieved_from": "read_at"})
    raw["year"] = _tidy.whole(raw["year"].where(raw["year"].str.fullmatch(r"\d{4}")))
    raw["number_low"] = _tidy.whole(raw["number_low"])
    for column in ["who", "source_title", "read_at"]:
        raw[column] = _tidy.neutral(raw[column])
    raw["who"] = raw["who"].str.replace("Dreisinger (the article)", "Dreisinger, in the article", regex=False)
    return raw[[f["name"] for f in TABLE.fields]]
