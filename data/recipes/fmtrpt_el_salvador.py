"""Foreign military training of Salvadorans, course by course: one row a row of the reports."""

import pandas as pd

import _fmtrpt
from _table import Table, covers, field, rule

TABLE = Table(
    title="U.S. military training of Salvadorans, course by course, FY1999 to FY2020",
    description="All rows on El Salvador of the Foreign Military Training Reports; training that took place only.",
    row="one row of the reports: a course, or a group on a course",
    sources=["sfm-fmtrpt"],
    primary_key=["id"],
    rules=[
        rule(
            "the courses of the year do not add up to those of El Salvador in table fmtrpt_country_year",
            "SELECT MIN(t.row_nr) FROM this AS t "
            "JOIN (SELECT fiscal_year, programme, SUM(courses) AS courses, SUM(places) AS places, SUM(cost_usd) AS "
            "cost_usd, SUM(police_places) AS police "
            "FROM fmtrpt_country_year WHERE iso3 = 'SLV' "
            "GROUP BY fiscal_year, programme) AS s ON s.fiscal_year = t.fiscal_year "
            "AND s.programme = t.programme GROUP BY t.fiscal_year, t.programme HAVING COUNT(*) <> s.courses "
            "OR COALESCE(SUM(t.places), 0) <> s.places "
            "OR ABS(COALESCE(SUM(t.cost_usd), 0) - s.cost_usd) > COUNT(*) OR SUM(CASE WHEN t.police = 'True' "
            "AND t.mixed = 'False' THEN COALESCE(t.places, 0) ELSE 0 END) <> s.police",
        ),
        rule("a number is left out in id", "SELECT 2 FROM this GROUP BY NULL HAVING MAX(id) <> COUNT(*)"),
        covers("fiscal_year", 1999, 2020),
    ],
    caveats=[
        "Planned rows are dropped.",
        "Recipient units were not printed for FY1999 and FY2000, so police and mixed are empty there, not false.",
        "A place is a student on a course: someone who attended two courses counts twice.",
        "Military training only: the academy ILEA, ICITAP and most INL police training are outside it.",
        "Titles, units and places are as printed, capitals and abbreviations included.",
    ],
    fields=[
        field("id", "integer", "Key: order in the reports", required=True, unique=True, minimum=1, maximum=3441),
        field("fiscal_year", "integer", "U.S. fiscal year of the training", "year", required=True, minimum=1999, maximum=2020),
        field("programme", "string", "Programme", required=True, enum=list(_fmtrpt.PROGRAMMES.values())),
        field("course", "string", "Course as printed", minLength=4, maxLength=200),
        field("unit", "string", "Recipient unit as printed", minLength=3, maxLength=400),
        field("location", "string", "Place of training as printed", minLength=3, maxLength=100),
        field("places", "integer", "Training places", "student-course places", minimum=0, maximum=1_000),
        field("cost_usd", "integer", "Cost as printed", "nominal USD", minimum=0, maximum=1_500_000),
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
