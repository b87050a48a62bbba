"""What was said about CECOT's capacity and population, and by whom: one row a statement."""

import pandas as pd

import _tidy
from _table import Table, covers, field

TABLE = Table(
    title="CECOT: statements on capacity, cells and population",
    description="Each row is what a named source said at a time. The statements contradict each other and are kept side by side.",
    row="one statement",
    sources=["el-salvador-state-of-exception"],
    primary_key=["date", "measure", "value"],
    rules=[
        covers("date", "2023-02-02", "2025-04-17"),
    ],
    caveats=[
        "No independent count of the prison exists: populations are official claims or press estimates.",
        "Dates are those of the statement; where the copy is undated the note says so and the date is an estimate.",
        "Ranges are given by their lower end, with the range in the unit.",
    ],
    fields=[
        field("date", "date", "Date of the statement", required=True),
        field("measure", "string", "What is measured", required=True, minLength=10, maxLength=30),
        field("value", "integer", "Value, in the unit of the row", required=True, minimum=0, maximum=50_000),
        field("unit", "string", "Unit of value", required=True, minLength=4, maxLength=30),
        field("attributed_to", "string", "Who said so", required=True, minLength=4, maxLength=40),
        field("source", "string", "Outlet", required=True, minLength=4, maxLength=50),
        field("source_url", "string", "Page that was read", required=True, pattern="https?://.+"),
        field("note", "string", "Note", minLength=15, maxLength=100),
    ],
)


def build() -> pd.DataFrame:
    """Return the statements about the building and its occupation."""
    raw = _tidy.read_csv("el-salvador-state-of-exception/cecot_capacity_population.csv")
    raw = raw[raw["measure"] != "people transferred from the United States"].rename(columns={"source_publisher": "source"})
    raw["value"] = _tidy.whole(raw["value"])
    return raw[[f["name"] for f in TABLE.fields]].reset_index(drop=True)
