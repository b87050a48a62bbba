"""The register of values changed from their source: one row a change."""

import pandas as pd
import yaml

import _raw
from _table import Table, covers, field

TABLE = Table(
    title="Values changed from their source",
    description="Every value of a table that differs from what its source says, with the reason. A recipe stops when the "
    "source no longer says what was corrected.",
    row="one change",
    sources=["claims"],
    primary_key=["table", "row", "column"],
    caveats=["Where the old value must not be printed (a prisoner's name), the register keeps its checksum only."],
    rules=[
        covers("since", "2026-11-24", "2026-11-26"),
    ],
    fields=[
        field("table", "string", "Table", required=True, minLength=4, maxLength=25),
        field("row", "string", "Which row, by its key", required=True, minLength=10, maxLength=100),
        field("column", "string", "Column", required=True, minLength=4, maxLength=20),
        field("rows_changed", "integer", "Rows the change applies to", "rows", required=True, minimum=1, maximum=8),
        field("source_says", "string", "Value in the source; blank if empty or withheld", minLength=3, maxLength=600),
        field("book_says", "string", "Value in the table", required=True, minLength=3, maxLength=600),
        field("reason", "string", "Why", required=True, minLength=25, maxLength=200),
        field("since", "date", "Date of the change", required=True),
    ],
)


def build() -> pd.DataFrame:
    """Return the register in the order of the file it is kept in."""
    register = yaml.safe_load((_raw.HERE / "corrections.yml").read_text(encoding="utf-8"))
    return pd.DataFrame(
        [
            {
                "table": entry["table"],
                "row": ", ".join(f"{column} = {value}" for column, value in entry["row"].items()),
                "column": entry["column"],
                "rows_changed": entry.get("rows", 1),
                "source_says": entry.get("expect"),
                "book_says": entry["value"],
                "reason": entry["reason"],
                "since": str(entry["since"]),
            }
            for entry in register
        ]
    )
