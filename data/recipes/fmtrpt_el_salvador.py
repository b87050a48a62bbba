"""Foreign military training of Salvadorans, course by course: one row a row of the reports."""

import pandas as pd

import _fmtrpt


def build() -> pd.DataFrame:
    """Return the Salvadoran rows, columns renamed, flags empty where the recipient unit is not stated."""
    renamed = {
        "course_title": "course",
        "student_unit": "unit",
        "quantity": "places",
        "total_cost_usd": "cost_usd",
        "police_recipient": "police",
        "police_recipient_mixed": "mixed",
    }
    columns = ["fiscal_year", "program_family", "location", "unit_stated", *renamed]
    rows = _fmtrpt.read(columns, [("iso3", "==", "SLV")]).rename(columns=renamed)
    for column in ["course", "unit", "location"]:
        rows[column] = rows[column].str.split().str.join(" ").replace({"": None, "-": None, "N/A": None})
    rows["cost_usd"] = rows["cost_usd"].astype(float).round()
    for column in ["police", "mixed"]:
        rows[column] = rows[column].astype("boolean").where(rows["unit_stated"])
    rows.insert(0, "id", range(1, len(rows) + 1))
    return rows
