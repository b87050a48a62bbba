"""The prison's published dimensions and the space standard it is held against: one row a quantity."""

import pandas as pd

import _tidy
from _table import Table, field, refers_to, rule

KEPT = ["cells", "cell_area", "capacity_official", "population_2024_06_11", "red_cross_benchmark"]

TABLE = Table(
    title="CECOT: cells, floor area and the Red Cross space standard",
    description="Published dimensions only. What follows from them is computed where it is used.",
    row="one quantity",
    sources=["cecot-transfers"],
    primary_key=["quantity"],
    foreign_keys=[refers_to("basis", "facts_cecot", "id")],
    rules=[
        rule(
            "value is not that of the fact it is based on",
            "SELECT t.row_nr FROM this AS t JOIN facts_cecot AS f ON f.id = t.basis "
            "WHERE INSTR(REPLACE(f.statement, ',', '') || ' ' || f.value, PRINTF('%g', t.value)) = 0",
        ),
    ],
    caveats=[
        "The floor area is that of ordinary cells as described at the opening in 2023; no plan was read.",
        "The Red Cross standard is known here from a forum post that quotes an encyclopedia that cites the BBC.",
        "The population is an official figure, read in an encyclopedia; the prison has no independent census.",
    ],
    fields=[
        field("quantity", "string", "Key", required=True, unique=True, enum=KEPT),
        field("value", "number", "Value, in the unit of the row", required=True, minimum=0, maximum=50_000),
        field("unit", "string", "Unit of value", required=True, minLength=4, maxLength=30),
        field("how", "string", "What the value is", required=True, minLength=4, maxLength=40),
        field("basis", "string", "Row of the table facts_cecot that it comes from", required=True, minLength=10, maxLength=30),
    ],
)


def build() -> pd.DataFrame:
    """Return the published quantities, computed ones left out."""
    raw = _tidy.read_csv("cecot-transfers/cecot-layout.csv")
    raw = raw[raw["quantity"].isin(KEPT)].reset_index(drop=True)
    raw["value"] = pd.to_numeric(raw["value"])
    raw["basis"] = raw["basis"].str.removeprefix("facts-cecot: ")
    return raw[[f["name"] for f in TABLE.fields]]
