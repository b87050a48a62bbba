"""What was said about CECOT's capacity and population, and by whom: one row a statement."""

import pandas as pd

import _tidy
from _table import Table, field

TABLE = Table(
    title="CECOT: statements on capacity, cells and population",
    description="Each row is what a named source said at a time. The statements contradict each other and are kept side by side.",
    row="one statement",
    sources=["el-salvador-state-of-exception"],
    primary_key=["date", "measure", "value"],
    caveats=[
        "No independent count of the prison exists: populations are official claims or press estimates.",
        "Dates are those of the statement; where the copy is undated the note says so and the date is an estimate.",
        "Ranges are given by their lower end, with the range in the unit.",
    ],
    fields=[
        field("date", "date", "Date of the statement", required=True),
        field("measure", "string", "What is measured", required=True),
        field("value", "integer", "Value, in the unit of the row", required=True, minimum=0),
        field("unit", "string", "Unit of value", required=True),
        field("attributed_to", "string", "Who said so", required=True),
        field("source", "string", "Outlet", required=True),
        field("source_url", "string", "Page that was read", required=True, pattern="https?://.+"),
        field("note", "string", "Note"),
    ],
)


def build() -> pd.DataFrame:
    """Return the statements about the building and its occupation."""
    raw = _tidy.read_csv("el-salvador-state-of-exception/cecot_capacity_population.csv")
    raw = raw[raw["measure"] != "people transferred from the United States"].rename(columns={"source_publisher": "source"})
    raw["value"] = _tidy.whole(raw["value"])
    return raw[[f["name"] for f in TABLE.fields]].reset_index(drop=True)
