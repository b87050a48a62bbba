"""The shape that all tables of compiled single facts share."""

from __future__ import annotations

import pandas as pd

import _tidy
from _table import Table, field


def table(subject: str, slug: str) -> Table:
    """Return the declaration of a table of compiled facts about `subject`."""
    return Table(
        title=f"Facts: {subject}",
        description="Single facts compiled for this book, each with the source it was read in.",
        row="one fact",
        sources=[slug],
        primary_key=["id"],
        caveats=["Rows that disagree are kept side by side; nothing is averaged."],
        fields=[
            field("id", "string", "Key", required=True, unique=True),
            field("topic", "string", "Topic", required=True),
            field("statement", "string", "The fact in one sentence", required=True),
            field("value", "string", "The figure, if there is one"),
            field("unit", "string", "Unit of value"),
            field("period", "string", "Period the fact covers"),
            field("place", "string", "Place"),
            field("source_title", "string", "Source", required=True),
            field("source_publisher", "string", "Publisher"),
            field("source_url", "string", "Public address", required=True),
            field("source_type", "string", "Kind of source", required=True),
            field("read_at", "string", "Copy that was read", required=True),
            field("confidence", "string", "Confidence in the row", required=True, enum=["high", "medium", "low"]),
            field("note", "string", "Note and disagreements"),
        ],
    )


def build(slug: str, declared: Table) -> pd.DataFrame:
    """Return the facts of one source folder, in the shape of `declared`."""
    raw = _tidy.read_csv(f"{slug}/facts.csv").rename(columns={"retrieved_from": "read_at"})
    for column in ["statement", "note", "read_at"]:
        raw[column] = _tidy.neutral(raw[column])
    return raw[[f["name"] for f in declared.fields]]
