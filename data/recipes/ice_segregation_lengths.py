"""Segregation placements in immigration detention by year, length and mental-illness flag: one row a group."""

import pandas as pd

import _tidy
from _table import Table, covers, field

TABLE = Table(
    title="Segregation placements in U.S. immigration detention by length, 2017 to September 2023",
    description="Counts of placements, made from de-identified records of the Segregation Review Management System.",
    row="one year of placement, mental-illness flag and length",
    sources=["ice-segregation-srms"],
    primary_key=["placement_year", "mental_illness", "days"],
    rules=[
        covers("placement_year", 2017, 2023),
    ],
    caveats=[
        "A placement is not a person: somebody placed again counts again.",
        "Placements begun before September 2018 are there only if still open then, so the lengths of 2017 and 2018 are inflated "
        "by selection; 2023 stops in September.",
        "Facilities had to report after 14 days, or sooner for some groups: short placements are under-counted.",
        "155 placements had no date of release; their length is that reached when the record was made.",
        "Rules and form changed within the series: yearly numbers are no trend.",
        "The flag records what staff entered.",
    ],
    fields=[
        field("placement_year", "integer", "Year placed", "year", required=True, minimum=2017, maximum=2023),
        field(
            "mental_illness",
            "string",
            "Flag as recorded",
            required=True,
            enum=["none recorded", "Mental Illness", "Serious Mental Illness"],
        ),
        field("days", "integer", "Length of the placement", "days", required=True, minimum=1, maximum=1_500),
        field("placements", "integer", "Placements", required=True, minimum=1, maximum=400),
    ],
)


def build() -> pd.DataFrame:
    """Return the number of placements in each group."""
    raw = _tidy.read_csv("ice-segregation-srms/placements_2017_2023.csv.gz")
    raw["placement_year"] = _tidy.whole(raw["placement_month"].str[:4])
    raw["days"] = _tidy.whole(raw["days"])
    return raw.groupby(TABLE.primary_key).size().rename("placements").reset_index()
