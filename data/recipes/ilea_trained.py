"""People trained at the International Law Enforcement Academies: one row a count."""

import pandas as pd

import _tidy
from _table import Table, field, holds, never_falls, rule

TABLE = Table(
    title="International Law Enforcement Academies: cumulative numbers trained",
    description="The counts that were found, for the network and for San Salvador.",
    row="one count",
    sources=["ilea"],
    primary_key=["scope", "as_of"],
    rules=[
        holds("year is not that of as_of", "year = SUBSTR(as_of, 1, 4) + 0"),
        rule(
            "the Salvadorans are more than all trained in San Salvador",
            "SELECT a.row_nr FROM this AS a JOIN this AS b ON a.as_of = b.as_of WHERE a.scope LIKE '%only' "
            "AND b.scope = 'San Salvador' AND a.trained > b.trained",
        ),
        rule(
            "one academy trained more than all",
            "SELECT row_nr FROM this WHERE trained > (SELECT MAX(trained) FROM this WHERE scope = 'all academies')",
        ),
        never_falls("trained", "as_of", "scope"),
    ],
    caveats=[
        "Counts of course places as the programme states them; repeat attendance is not ruled out.",
        "No count by academy and year was found, and none after 2015.",
        "This training is outside the Foreign Military Training Reports.",
    ],
    fields=[
        field("scope", "string", "Who is counted", required=True, minLength=10, maxLength=40),
        field("as_of", "string", "Year or month of the count", required=True, minLength=4, maxLength=8),
        field("year", "integer", "Year of the count", "year", required=True, minimum=1995, maximum=2026),
        field("trained", "integer", "People trained, cumulative", "persons", required=True, minimum=0, maximum=80_000),
        field("quality", "string", "How firm, and since when", required=True, minLength=20, maxLength=40),
        field("source", "string", "Source", required=True, minLength=15, maxLength=40),
        field("source_url", "string", "Page that was read", required=True, pattern="https?://.+"),
    ],
)


def build() -> pd.DataFrame:
    """Return the counts, columns renamed."""
    raw = _tidy.read_csv("ilea/ilea-trained.csv").rename(columns={"site": "scope", "retrieved_from": "source_url"})
    raw["year"] = raw["as_of"].str[:4].astype("Int64")
    raw["trained"] = _tidy.whole(raw["trained"])
    return raw[[f["name"] for f in TABLE.fields]]
