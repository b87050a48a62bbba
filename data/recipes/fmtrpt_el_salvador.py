"""Foreign military training of Salvadorans, course by course: one row a row of the reports."""

import pandas as pd

import _fmtrpt
from _table import Table, field

TABLE = Table(
    title="U.S. military training of Salvadorans, course by course, FY1999 to FY2020",
    description="All rows on El Salvador of the Foreign Military Training Reports; training that took place only.",
    row="one row of the reports: a course, or a group on a course",
    sources=["sfm-fmtrpt"],
    primary_key=["id"],
    caveats=[
        "Planned rows are dropped.",
        "Recipient units were not printed for FY1999 and FY2000, so police and mixed are empty there, not false.",
        "A place is a student on a course: someone who attended two courses counts twice.",
        "Military training only: the academy ILEA, ICITAP and most INL police training are outside it.",
        "Titles, units and places are as printed, capitals and abbreviations included.",
    ],
    fields=[
        field("id", "integer", "Key: order in the reports", required=True, unique=True, minimum=1),
        field("fiscal_year", "integer", "U.S. fiscal year of the training", "year", required=True, minimum=1999, maximum=2020),
        field("programme", "string", "Programme", required=True, enum=list(_fmtrpt.PROGRAMMES.values())),
        field("course", "string", "Course as printed"),
        field("unit", "string", "Recipient unit as printed"),
        field("location", "string", "Place of training as printed"),
        field("places", "integer", "Training places", "student-course places", minimum=0),
        field("cost_usd", "integer", "Cost as printed", "nominal USD", minimum=0),
        field("police", "boolean", "Recipient unit names police"),
        field("mixed", "boolean", "Recipient unit names police and the army or the like"),
    ],
)


def build() -> pd.DataFrame:
    """Return the Salvadoran rows, columns renamed, flags empty where recipient units were not printed."""
    renamed = {
        "course_title": "course",
        "student_unit": "unit",
        "quantity": "places",
        "total_cost_usd": "cost_usd",
        "police_recipient": "police",
        "police_recipient_mixed": "mixed",
    }
    rows = _fmtrpt.read(["fiscal_year", "program_family", "location", *renamed], [("iso3", "==", "SLV")]).rename(columns=renamed)
    for column in ["course", "unit", "location"]:
        rows[column] = rows[column].str.split().str.join(" ").replace({"": None, "-": None, "N/A": None})
    for column in ["places", "cost_usd"]:
        rows[column] = rows[column].astype(float).round().astype("Int64")
    for column in ["police", "mixed"]:
        rows[column] = rows[column].astype("boolean").where(rows["fiscal_year"] >= _fmtrpt.FIRST_UNITS)
    rows.insert(0, "id", range(1, len(rows) + 1))
    return rows[[f["name"] for f in TABLE.fields]]
