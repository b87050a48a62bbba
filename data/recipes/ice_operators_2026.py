"""People held by ICE in fiscal 2026 by operator where one is known: one row a group."""

import pandas as pd

import _tidy

COMPANIES = {"GEO Group": "GEO Group", "CoreCivic": "CoreCivic", "CoreCivic (then CCA)": "CoreCivic"}
CLASSES = {
    "private-operator": "other private operator",
    "private-guard-contract-at-federal-site": "private guards at a federal site",
    "local-government": "local government",
    "federal": "federal government",
}


def build() -> pd.DataFrame:
    """Return population and facilities summed by group, largest first."""
    raw = _tidy.read_csv("ice-fy26-operator/ice_fy26_facilities_operator.csv")
    raw["adp"] = pd.to_numeric(raw["fy26_adp"])
    raw["operator_group"] = raw["operator"].map(COMPANIES).fillna(raw["operator_class"].map(CLASSES)).fillna("operator not found")
    raw["adp_operator_2017"] = raw["adp"].where(raw["operator_basis"].str.startswith("ICE list of Nov 2017").fillna(False), 0)
    sums = raw.groupby("operator_group").agg(
        facilities=("adp", "size"), adp=("adp", "sum"), adp_operator_2017=("adp_operator_2017", "sum")
    )
    return sums.round(1).sort_values("adp", ascending=False).reset_index()
