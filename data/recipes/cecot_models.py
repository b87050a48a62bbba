"""Prisons announced with reference to CECOT, and four U.S. sites for comparison: one row a project."""

import pandas as pd

import _tidy
from _table import Table, covers, field

TABLE = Table(
    title="Prisons announced on the model of CECOT, and U.S. detention sites named for comparison",
    description="What was announced, how it was linked to CECOT, and the latest status found.",
    row="one project",
    sources=["third-country-agreements"],
    primary_key=["name"],
    rules=[
        covers("status_date", "2024", "2026-04-02"),
    ],
    caveats=[
        "Announced capacities and costs are government claims.",
        "The four U.S. sites were not modelled on CECOT; they are listed for comparison.",
        "A sample of what could be read, not a census.",
    ],
    fields=[
        field("country", "string", "Country", required=True, minLength=4, maxLength=16),
        field("name", "string", "Prison or project", required=True, unique=True, minLength=15, maxLength=80),
        field("announced", "string", "Announcement, as precisely as given", required=True, minLength=4, maxLength=40),
        field("relation", "string", "What links it to CECOT", required=True, minLength=10, maxLength=120),
        field("capacity", "integer", "Planned or actual places", "people", minimum=0, maximum=25_000),
        field("cost", "string", "Announced cost, U.S. dollars", pattern=r"\d{7,9}(-\d{7,9})?( per year)?"),
        field("status", "string", "Latest status found", required=True, minLength=4, maxLength=120),
        field("status_date", "string", "Date of that status", minLength=4, maxLength=12),
        field("source_title", "string", "Source", required=True, minLength=50, maxLength=100),
        field("source_url", "string", "Public address", required=True, pattern="https?://.+"),
        field("read_at", "string", "Copy that was read", required=True, minLength=30, maxLength=150),
        field("confidence", "string", "Confidence in the row", required=True, enum=["high", "medium", "low"]),
        field("note", "string", "Note and disagreements", required=True, minLength=40, maxLength=300),
    ],
)


def build() -> pd.DataFrame:
    """Return the projects, columns renamed."""
    raw = _tidy.read_csv("third-country-agreements/cecot-models.csv").rename(
        columns={"relation_to_cecot": "relation", "cost_usd": "cost", "retrieved_from": "read_at"}
    )
    raw["capacity"] = _tidy.whole(raw["capacity"])
    return raw[[f["name"] for f in TABLE.fields]]
