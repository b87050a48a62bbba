"""What the federal private count is made of: one row a year in which it was broken down."""

import pandas as pd

import _tidy
from _table import Table, covers, field, holds, rule

TABLE = Table(
    title="Federal prisoners counted as private, by kind of custody",
    description="Federal prisoners in private facilities on 31 December: halfway houses, home confinement and the rest.",
    row="one year",
    sources=["bjs-private-prisons"],
    primary_key=["year"],
    rules=[
        holds("federal is not its parts together", "federal = halfway + COALESCE(home, 0) + secure"),
        rule(
            "federal is not what table private_prisoners has",
            "SELECT t.row_nr FROM this AS t WHERE t.federal NOT IN (SELECT federal FROM private_prisoners AS p "
            "WHERE p.year = t.year AND federal NOT NULL)",
        ),
        covers("year", 2000, 2022),
    ],
    caveats=[
        "Only the years whose printed table breaks the count down.",
        "secure is the remainder after halfway houses and home confinement. In 2000 and 2008 the notes do not mention home "
        "confinement, so the remainder may include some.",
    ],
    fields=[
        field("year", "integer", "31 December of this year", "year", required=True, unique=True, minimum=1999, maximum=2022),
        field("federal", "integer", "Federal prisoners counted as private", "people", required=True, minimum=0, maximum=50_000),
        field(
            "halfway",
            "integer",
            "In non-secure private facilities (halfway houses)",
            "people",
            required=True,
            minimum=0,
            maximum=15_000,
        ),
        field("home", "integer", "On home confinement; blank where the table does not say", "people", minimum=0, maximum=8_000),
        field("secure", "integer", "The rest: in secure private prisons", "people", required=True, minimum=0, maximum=40_000),
        field("source", "string", "Table and note", required=True, minLength=15, maxLength=25),
    ],
)


def build() -> pd.DataFrame:
    """Return the breakdown.

    Raises ValueError when the parts do not add up to the printed total.
    """
    raw = _tidy.read_csv("bjs-private-prisons/federal_private_breakdown.csv")
    raw = raw.rename(
        columns={
            "federal_private_total": "federal",
            "nonsecure_community": "halfway",
            "home_confinement": "home",
            "secure_private": "secure",
        }
    )
    for column in ["year", "federal", "halfway", "home", "secure"]:
        raw[column] = _tidy.whole(raw[column])
    gap = raw["federal"] - raw["halfway"] - raw["home"].fillna(0) - raw["secure"]
    if (gap != 0).any():
        raise ValueError(f"private_prisoners_federal: the parts of {raw['year'][gap != 0].tolist()} do not add up")
    return raw[[f["name"] for f in TABLE.fields]]
