"""The physician's printed table of 1849: received, pardoned and died by race as printed."""

import pandas as pd

import _tidy
from _table import Table, field, rule

TABLE = Table(
    title="Prisoners received, pardoned and died at Eastern State, October 1829 to December 1848",
    description="Typed from the physician's report printed in April 1849. 'colored' is the source's word for Black and "
    "mulatto prisoners.",
    row="one group as printed",
    sources=["esp-history"],
    primary_key=["group_as_printed"],
    rules=[
        rule(
            "deaths or pardons in prisoners_received are not the rate that facts_esp gives",
            "SELECT t.row_nr FROM this AS t "
            "JOIN facts_esp AS f ON f.id = CASE t.group_as_printed WHEN 'white' THEN 'esp-deaths-white' ELSE "
            "'esp-deaths-black' END "
            "JOIN facts_esp AS g ON g.id = CASE t.group_as_printed WHEN 'white' THEN 'esp-pardon-white' ELSE "
            "'esp-pardon-black' END "
            "WHERE ABS(100.0 * t.deaths / t.prisoners_received - f.value) > 0.051 "
            "OR ABS(100.0 * t.pardons / t.prisoners_received - g.value) > 0.051",
        ),
    ],
    caveats=[
        "Per prisoner received, not per year served: longer sentences raise exposure to death and to pardon.",
        "The pardon table printed with it sums to fewer pardons: the two were compiled to different dates and rules.",
    ],
    fields=[
        field("group_as_printed", "string", "Group as printed", required=True, unique=True, enum=["white", "colored"]),
        field(
            "prisoners_received", "integer", "Prisoners received since opening", "people", required=True, minimum=0, maximum=2_500
        ),
        field(
            "average_sentence_months",
            "number",
            "Printed average sentence, in months",
            "months",
            required=True,
            minimum=0,
            maximum=50,
        ),
        field("pardons", "integer", "Pardons since opening", "people", required=True, minimum=0, maximum=400),
        field("deaths", "integer", "Deaths in custody since opening", "people", required=True, minimum=0, maximum=200),
    ],
)


def build() -> pd.DataFrame:
    """Return the two printed rows; the printed sentence becomes months (30.4375 days a month)."""
    raw = _tidy.read_csv("esp-history/esp_race_outcomes_1829_1848.csv")
    for column in ["prisoners_received", "pardons", "deaths"]:
        raw[column] = _tidy.whole(raw[column])
    years, months, days = (pd.to_numeric(raw[f"average_sentence_{part}"]).astype(float) for part in ["years", "months", "days"])
    raw["average_sentence_months"] = (years * 12 + months + days / 30.4375).round(1)
    return raw[[f["name"] for f in TABLE.fields]]
