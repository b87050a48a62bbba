"""People trained at the International Law Enforcement Academies: one row a count."""

import pandas as pd

import _tidy
from _table import Table, field

TABLE = Table(
    title="International Law Enforcement Academies: cumulative numbers trained",
    description="The counts that were found, for the network and for San Salvador.",
    row="one count",
    sources=["ilea"],
    primary_key=["scope", "as_of"],
    caveats=[
        "Counts of course places as the programme states them; repeat attendance is not ruled out.",
        "No count by academy and year was found, and none after 2015.",
        "This training is outside the Foreign Military Training Reports.",
    ],
    fields=[
        field("scope", "string", "Who is counted", required=True),
        field("as_of", "string", "Year or month of the count", required=True),
        field("year", "integer", "Year of the count", "year", required=True, minimum=1995, maximum=2026),
        field("trained", "integer", "People trained, cumulative", "persons", required=True, minimum=0),
        field("quality", "string", "How firm, and since when", required=True),
        field("source", "string", "Source", required=True),
        field("source_url", "string", "Page that was read", required=True, pattern="https?://.+"),
    ],
)


def build() -> pd.DataFrame:
    """Return the counts, columns renamed."""
    raw = _tidy.read_csv("ilea/ilea-trained.csv").rename(columns={"site": "scope", "retrieved_from": "source_url"})
    raw["year"] = raw["as_of"].str[:4].astype("Int64")
    raw["trained"] = _tidy.whole(raw["trained"])
    return raw[[f["name"] for f in TABLE.fields]]
