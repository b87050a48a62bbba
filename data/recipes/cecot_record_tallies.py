"""Four tallies of the criminal records of the men sent to CECOT: one row a tally and category."""

import pandas as pd

import _tidy
from _table import Table, covers, field, holds, rule

TABLE = Table(
    title="Criminal records of the Venezuelans sent to CECOT: four tallies",
    description="Each tally has its own list of men, source and definitions. They must be shown side by side.",
    row="one category of one tally",
    sources=["cecot-transfers"],
    primary_key=["tally", "category"],
    rules=[
        holds("percent is not count in denominator", "ABS(percent - 100.0 * count / REPLACE(denominator, 'about ', '')) <= 0.5"),
        rule(
            "the shares of one tally add up to more than the whole",
            "SELECT MIN(row_nr) FROM this GROUP BY tally HAVING SUM(percent) > 100.5",
        ),
        rule("one tally has two dates", "SELECT MIN(row_nr) FROM this GROUP BY tally HAVING COUNT(DISTINCT published) > 1"),
        covers("published", "2025-04-06", "2025-12"),
    ],
    caveats=[
        "The tallies use different lists (238, 252 or about 240 men), sources and definitions. Never average them.",
        "A category that a tally does not report is missing, which is not zero.",
        "Computed by the compiler: the 26 with non-violent convictions are 32 less 6; the nine not listed are 238 less the rest; "
        "123 is 48.8 percent of 252.",
        "The tally of Human Rights Watch and Cristosal was read in a transcript of a broadcast; ProPublica's in a copy.",
    ],
    fields=[
        field("tally", "string", "Who counted, from what", required=True, minLength=15, maxLength=80),
        field("published", "string", "Date or month of publication", required=True, pattern=r"\d{4}-\d\d(-\d\d)?"),
        field("denominator", "string", "Men in the tally", "people", required=True, enum=["238", "252", "about 240"]),
        field("category", "string", "Category as the source defines it", required=True, minLength=4, maxLength=60),
        field("count", "integer", "Men; missing where only a share is given", "people", minimum=0, maximum=200),
        field("percent", "number", "Share of the denominator", "percent", minimum=0, maximum=100, required=True),
        field("source_url", "string", "Public address", required=True, pattern="https?://.+"),
        field("read_at", "string", "Copy that was read", required=True, minLength=40, maxLength=120),
    ],
)


def build() -> pd.DataFrame:
    """Return the tallies as published."""
    raw = _tidy.read_csv("cecot-transfers/criminal-record-tallies.csv").rename(columns={"retrieved_from": "read_at"})
    raw["count"] = _tidy.whole(raw["count"])
    raw["percent"] = pd.to_numeric(raw["percent"])
    return raw[[f["name"] for f in TABLE.fields]]
