"""Admission books A, B and D of Eastern State, 1830-1850: one row a prisoner, without names."""

import pandas as pd

import _tidy

READS = {
    "Yes": "yes",
    "Reads": "yes",
    "No": "no",
    "A little": "a little",
    "reads a little": "a little",
    "German": "another language",
    "Dutch": "another language",
    "Danish": "another language",
    "French & German": "another language",
}


def build() -> pd.DataFrame:
    """Return one row a prisoner, sorted by book and number."""
    raw = _tidy.read_csv("esp-admission-books/esp_prisoners_1830_1850_no_names.csv.gz")
    raw = raw.rename(columns={"offense_group": "offence"})
    raw["race_as_recorded"] = raw["race_as_recorded"].str.removesuffix(" as recorded")
    raw["reads"] = raw["reads"].map(READS, na_action="ignore")
    return raw.assign(number=_tidy.whole(raw["prisoner_number"])).sort_values(["book", "number"])
