"""Segregation of people with a listed vulnerability in immigration detention: one row a quarter."""

import pandas as pd

import _tidy
from _table import Table, covers, field, holds, never_repeats

TABLE = Table(
    title="Segregation of people with a listed vulnerability in U.S. immigration detention, by quarter, 2022 to 2026",
    description="Placements, people and average lengths, all reasons together.",
    row="one fiscal quarter",
    sources=["ice-detention-statistics"],
    primary_key=["quarter_start"],
    rules=[
        holds(
            "fiscal year and quarter are not those of quarter_start",
            "fiscal_year * 4 + quarter = (SUBSTR(quarter_start, 1, 4) * 12 + SUBSTR(quarter_start, 6, 2) - 1) / 3 + 2",
        ),
        holds("more people than placements", "people <= placements"),
        holds("fewer people than half the placements", "2 * people >= placements"),
        covers("quarter_start", "2022-01-01", "2026-01-01"),
        never_repeats("placements", "quarter_start"),
    ],
    caveats=[
        "Average lengths jump between the first and the second quarter of fiscal year 2024, which looks like a change of method: "
        "do not compare across it. method says on which side a quarter lies; the words are ours.",
        "The fourth quarter of fiscal year 2025 is missing.",
    ],
    fields=[
        field("quarter_start", "date", "First day of the quarter", required=True, unique=True),
        field("fiscal_year", "integer", "Fiscal year, from 1 October", "year", required=True, minimum=2019, maximum=2030),
        field("quarter", "integer", "Fiscal quarter", required=True, minimum=1, maximum=4),
        field("method", "string", "Side of the break", required=True, enum=["before the break", "after the break"]),
        field("placements", "integer", "Placements", required=True, minimum=0, maximum=800),
        field("average_consecutive_days", "number", "Average consecutive days", "days", required=True, minimum=0, maximum=80),
        field("people", "integer", "People", required=True, minimum=0, maximum=600),
    ],
)


def build() -> pd.DataFrame:
    """Return the quarterly totals with the date each quarter begins."""
    raw = _tidy.read_csv("ice-detention-statistics/segregation-vulnerable-quarterly.csv")
    raw = raw[raw["placement_reason"] == "Grand Total"].rename(
        columns={"avg_consecutive_days": "average_consecutive_days", "unique_people": "people"}
    )
    for column in ("fiscal_year", "quarter", "placements", "people"):
        raw[column] = _tidy.whole(raw[column])
    raw["average_consecutive_days"] = pd.to_numeric(raw["average_consecutive_days"])
    # The first fiscal quarter begins in October of the calendar year before.
    begins = pd.to_datetime({"year": raw["fiscal_year"] - 1, "month": 10, "day": 1})
    raw["quarter_start"] = [
        (first + pd.DateOffset(months=3 * int(quarter - 1))).date().isoformat()
        for first, quarter in zip(begins, raw["quarter"], strict=True)
    ]
    raw["method"] = ["before the break" if start < "2024-01-01" else "after the break" for start in raw["quarter_start"]]
    return raw.sort_values("quarter_start")[[f["name"] for f in TABLE.fields]]
