"""From the opening of CECOT to the courts in 2026: one row an event."""

import pandas as pd

import _tidy
from _table import SOURCE_TYPES, Table, covers, field, holds, rule

# Events whose source gives the day of the report and not of the event.
REPORTED = [
    ("2023-02-25", "First prisoners"),
    ("2025-07-07", "A filing shows"),
    ("2026-03-11", "The First Circuit pauses"),
    ("2026-03-12", "Eswatini receives"),
    ("2026-03-16", "The First Circuit is reported"),
]
PRECISION = {"year": 4, "month": 7, "day": 10, "interval": 21}

TABLE = Table(
    title="CECOT, the transfers and the courts: events, June 2022 to April 2026",
    description="What happened and when, dated no more precisely than the source dates it.",
    row="one event",
    sources=["cecot-transfers"],
    primary_key=["order"],
    rules=[
        covers("date", "2022-06-21", "2026-04"),
        rule(
            "order does not follow date",
            'SELECT row_nr FROM (SELECT row_nr, date, LAG(date) OVER (ORDER BY "order") AS before FROM this) '
            "WHERE SUBSTR(date, 1, 7) < SUBSTR(before, 1, MIN(7, LENGTH(date)))",
        ),
        rule("a number is left out in order", 'SELECT 2 FROM this GROUP BY NULL HAVING MAX("order") <> COUNT(*)'),
        holds(
            "date_precision does not fit the form of date",
            "LENGTH(date) = CASE date_precision WHEN 'year' THEN 4 WHEN 'month' THEN 7 WHEN 'day' THEN 10 ELSE 21 END",
        ),
    ],
    caveats=[
        "Followed to spring 2026 only: later rulings may exist. No decision of the full Fifth Circuit was found.",
        "The days of the second transfer, of the class ruling of December 2025 and of the return order of 2026 are not in the "
        "texts that were read.",
        "Events of one date are not ordered by hour.",
        "Most pages were read as copies; several are press accounts of rulings that were not read.",
        "Case names are the initials that the courts use; no detained person is named.",
    ],
    fields=[
        field("order", "integer", "Order of the rows in the source", required=True, unique=True, minimum=1, maximum=44),
        field(
            "date", "string", "Day, month, year or interval", required=True, pattern=r"\d{4}(-\d\d(-\d\d(/\d{4}-\d\d-\d\d)?)?)?"
        ),
        field("date_precision", "string", "How precise date is", required=True, enum=list(PRECISION)),
        field("date_is", "string", "Date of the event, or of the report of it", required=True, enum=["event", "report"]),
        field(
            "category",
            "string",
            "Kind of event",
            required=True,
            enum=["agreement", "court", "law", "offshore", "prison", "release", "report", "third-country", "transfer"],
        ),
        field("event", "string", "What happened", required=True, minLength=45, maxLength=150),
        field("persons", "integer", "People concerned", "people", minimum=0, maximum=2_500),
        field("source_title", "string", "Source", required=True, minLength=15, maxLength=150),
        field("source_publisher", "string", "Publisher", required=True, minLength=4, maxLength=60),
        field("source_url", "string", "Public address", required=True, pattern="https?://.+"),
        field("source_type", "string", "Kind of source", required=True, enum=SOURCE_TYPES),
        field("read_at", "string", "Copy that was read", required=True, minLength=40, maxLength=250),
        field("confidence", "string", "Confidence in the row", required=True, enum=["high", "medium", "low"]),
        field("note", "string", "Note and disagreements", minLength=15, maxLength=150),
    ],
)


def build() -> pd.DataFrame:
    """Return the events, numbered, with the kind of date made explicit."""
    raw = _tidy.read_csv("cecot-transfers/chronology.csv").rename(columns={"retrieved_from": "read_at"})
    raw["order"] = range(1, len(raw) + 1)
    raw["persons"] = _tidy.whole(raw["persons"])
    raw["date_is"] = "event"
    for day, start in REPORTED:
        here = (raw["date"] == day) & raw["event"].str.startswith(start)
        if here.sum() != 1:
            raise ValueError(f"cecot_chronology: {here.sum()} events of {day} begin with {start!r}, 1 expected")
        raw.loc[here, "date_is"] = "report"
    raw["note"] = _tidy.neutral(raw["note"])
    return raw[[f["name"] for f in TABLE.fields]]
