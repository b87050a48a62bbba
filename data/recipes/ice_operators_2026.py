"""People held by ICE in fiscal 2026 by operator where one is known: one row a group."""

import pandas as pd

import _tidy
from _table import Table, field, holds

COMPANIES = {"GEO Group": "GEO Group", "CoreCivic": "CoreCivic", "CoreCivic (then CCA)": "CoreCivic"}
CLASSES = {
    "private-operator": "other private operator",
    "private-guard-contract-at-federal-site": "private guards at a federal site",
    "local-government": "local government",
    "federal": "federal government",
}

TABLE = Table(
    title="People held by ICE by operator, fiscal 2026 to February 2026",
    description="Average daily population summed by operator from a list of facilities; sums made for this book.",
    row="one group of operators",
    sources=["ice-fy26-operator"],
    primary_key=["operator_group"],
    rules=[
        holds("more people with the operator of 2017 than people", "adp_operator_2017 <= adp"),
    ],
    caveats=[
        "A floor for every company: for a large part of the population no operator was found.",
        "Part of the operators are those of ICE's list of November 2017 and may have changed since.",
        "Only sums are published here; the list of facilities stays with its author.",
    ],
    fields=[
        field("operator_group", "string", "Operator, or kind of operator", required=True, unique=True, minLength=4, maxLength=40),
        field("facilities", "integer", "Facilities", "facilities", required=True, minimum=1, maximum=150),
        field("adp", "number", "Average daily population", "people", required=True, minimum=0, maximum=25_000),
        field(
            "adp_operator_2017", "number", "Of which with the operator of 2017", "people", required=True, minimum=0, maximum=8_000
        ),
    ],
)


def build() -> pd.DataFrame:
    """Return population and facilities summed by group, largest first."""
    raw = _tidy.read_csv("ice-fy26-operator/ice_fy26_facilities_operator.csv")
    raw["adp"] = pd.to_numeric(raw["fy26_adp"])
    raw["operator_group"] = raw["operator"].map(COMPANIES).fillna(raw["operator_class"].map(CLASSES)).fillna("operator not found")
    raw["adp_operator_2017"] = raw["adp"].where(raw["operator_basis"].str.startswith("ICE list of Nov 2017").fillna(False), 0)
    sums = raw.groupby("operator_group").agg(
        facilities=("adp", "size"), adp=("adp", "sum"), adp_operator_2017=("adp_operator_2017", "sum")
    )
    sums = sums.round(1).sort_values("adp", ascending=False).reset_index()
    return sums[[f["name"] for f in TABLE.fields]]
