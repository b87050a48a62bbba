"""National counts of people in solitary confinement or restrictive housing: one row a count."""

import pandas as pd

import _tidy
from _table import SOURCE_TYPES, Table, field, holds

# Counts of one family share a producer and a definition; nothing else may be compared over time.
FAMILIES = {
    "bjs-census": "BJS facility census",
    "bjs-2011": "BJS inmate survey",
    "liman": "Correctional directors and Liman Center",
    "box": "Solitary Watch and Unlock the Box",
    "jails": "Jails, as cited by Solitary Watch",
}

TABLE = Table(
    title="People in solitary confinement or restrictive housing in the United States, as counted, 1995-2021",
    description="National counts and shares by producer and definition.",
    row="one count or share",
    sources=["solitary-surveys"],
    primary_key=["id"],
    rules=[
        holds("value_low is above value_high", "value_low <= value_high"),
        holds("year is not that of period", "SUBSTR(period, 1, 4) = year OR INSTR(period, year) > 0"),
        holds("value does not fit its unit", "(unit = 'percent') = (value_high <= 100)"),
    ],
    caveats=[
        "The families do not measure the same thing: never join them.",
        "The Liman counts cover prisons, 22 hours or more for 15 days or more, and are mostly extrapolated from the systems that "
        "answered; their fall mixes real change with who reports.",
        "Solitary Watch counts jails too, and any duration.",
        "The Bureau's census was read through Solitary Watch; hours are stated for 2019 only.",
        "The inmate survey asks prisoners, over 12 months. 'Up to' values have an upper end only.",
    ],
    fields=[
        field("id", "string", "Key", required=True, unique=True, minLength=10, maxLength=25),
        field("family", "string", "Counts of one producer and definition", required=True, enum=list(FAMILIES.values())),
        field("year", "integer", "First year of the period", "year", required=True, minimum=1990, maximum=2030),
        field("period", "string", "Period as the source gives it", required=True, minLength=4, maxLength=16),
        field("producer", "string", "Who counted", required=True, minLength=15, maxLength=80),
        field("measure", "string", "What was counted", required=True, minLength=25, maxLength=80),
        field("value_low", "number", "The count or share, or its lower end", "see unit", minimum=0, maximum=200_000),
        field("value_high", "number", "Upper end", "see unit", minimum=0, required=True, maximum=200_000),
        field("unit", "string", "Unit", required=True, enum=["people", "percent"]),
        field("population_base", "string", "Whose population", required=True, minLength=10, maxLength=50),
        field("definition", "string", "Definition", required=True, minLength=4, maxLength=80),
        field("source_title", "string", "Source", required=True, minLength=35, maxLength=150),
        field("source_url", "string", "Public address of the source", required=True, pattern="https?://.+"),
        field("source_type", "string", "Kind of source", required=True, enum=SOURCE_TYPES),
        field("read_at", "string", "Copy that was read", required=True, minLength=30, maxLength=80),
        field("confidence", "string", "Confidence in the row", required=True, enum=["high", "medium", "low"]),
        field("note", "string", "Note", minLength=4, maxLength=150),
    ],
)


def build() -> pd.DataFrame:
    """Return the counts with the family that each belongs to."""
    raw = _tidy.read_csv("solitary-surveys/solitary_national.csv")
    raw = raw.rename(columns={"reference_period": "period", "retrieved_from": "read_at"})
    raw["family"] = [next(name for stem, name in FAMILIES.items() if id.startswith(stem)) for id in raw["id"]]
    raw["year"] = _tidy.whole(raw["period"].str[:4])
    for column in ("value_low", "value_high"):
        raw[column] = pd.to_numeric(raw[column]).astype("Int64" if raw[column].str.fullmatch(r"\d+").all() else "float64")
    return raw[[f["name"] for f in TABLE.fields]]
