"""The shape that all tables of compiled single facts share."""

from __future__ import annotations

import pandas as pd

import _tidy
from _table import SOURCE_TYPES, Table, field, rule


def table(subject: str, slug: str, in_words: tuple[str, ...] = ()) -> Table:
    """Return the declaration of a table of compiled facts about `subject`.

    `in_words` are the facts whose statement gives the value in words, or that were computed from what it gives.
    """
    return Table(
        title=f"Facts: {subject}",
        description="Single facts compiled for this book, each with the source it was read in.",
        row="one fact",
        sources=[slug],
        primary_key=["id"],
        rules=[states_its_value(in_words)],
        caveats=["Rows that disagree are kept side by side; nothing is averaged."],
        fields=[
            field("id", "string", "Key", required=True, unique=True, pattern="[a-z0-9-]{5,40}"),
            field("topic", "string", "Topic", required=True, minLength=3, maxLength=25),
            field("statement", "string", "The fact in one sentence", required=True, pattern=r".{30,250}\."),
            field("value", "string", "The figure, if there is one", maxLength=40),
            field("unit", "string", "Unit of value", pattern="[^0-9].{2,50}"),
            field("period", "string", "Period the fact covers", required=True, maxLength=25),
            field("place", "string", "Place", pattern="[^0-9]{3,60}"),
            field("source_title", "string", "Source", required=True, minLength=6, maxLength=150),
            field("source_publisher", "string", "Publisher", required=True, maxLength=100),
            field("source_url", "string", "Public address", required=True, pattern="https?://.+"),
            field("source_type", "string", "Kind of source", required=True, enum=SOURCE_TYPES),
            field("read_at", "string", "Copy that was read", required=True, minLength=20, maxLength=250),
            field("confidence", "string", "Confidence in the row", required=True, enum=["high", "medium", "low"]),
            field("note", "string", "Note and disagreements", minLength=6, maxLength=250),
        ],
    )


def states_its_value(in_words: tuple[str, ...]) -> dict:
    """Rule: the statement gives a numeric value in digits, whole or in millions or billions."""
    plain = "REPLACE(statement, ',', '')"
    scaled = " OR ".join(
        f"INSTR({plain}, RTRIM(RTRIM(ROUND(value / 1e{digits}, 3), '0'), '.') || ' {word}')"
        for digits, word in ((6, "million"), (9, "billion"))
    )
    but = ", ".join(f"'{id}'" for id in in_words)
    return rule(
        "the statement does not give the value",
        f"SELECT row_nr FROM this WHERE value NOT GLOB '*[^0-9.-]*' AND value NOT GLOB '?*-*' "
        f"AND NOT (INSTR({plain}, value) OR {scaled}) AND id NOT IN ({but})",
    )


def build(slug: str, declared: Table) -> pd.DataFrame:
    """Return the facts of one source folder, in the shape of `declared`."""
    raw = _tidy.read_csv(f"{slug}/facts.csv").rename(columns={"retrieved_from": "read_at"})
    for column in ["statement", "note", "read_at"]:
        raw[column] = _tidy.neutral(raw[column])
    return raw[[f["name"] for f in declared.fields]]
