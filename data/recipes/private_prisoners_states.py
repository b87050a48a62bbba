"""Prisoners in private facilities by state: one row a jurisdiction and year."""

import pandas as pd

import _tidy
from _table import Table, field, holds, in_per_cent, rule

YEARS = ["2000", "2022"]
ANSWERS = {"~": "not applicable", "/": "not reported"}

TABLE = Table(
    title="Prisoners in private facilities by jurisdiction, 2000 and 2022",
    description="State and federal prisoners held in private facilities on 31 December, and their share of all prisoners.",
    row="one jurisdiction in one year",
    sources=["bjs-private-prisons"],
    primary_key=["year", "code"],
    rules=[
        holds("answer does not fit the number", "(answer = 'number') = (private_prisoners NOT NULL)"),
        holds(
            "a share without prisoners, or prisoners without a share",
            "(private_prisoners >= 100) <= (share_pct > 0) AND (private_prisoners > 0) >= (share_pct > 0)",
        ),
        rule(
            "one code stands for two jurisdictions, or two for one",
            "SELECT MIN(row_nr) FROM this GROUP BY code HAVING COUNT(DISTINCT jurisdiction) > 1 "
            "UNION SELECT MIN(row_nr) FROM this GROUP BY jurisdiction HAVING COUNT(DISTINCT code) > 1",
        ),
        rule(
            "the states do not add up to all states, or these and the federal system to the whole",
            "SELECT MIN(row_nr) FROM this GROUP BY year "
            "HAVING SUM(CASE code WHEN 'US' THEN -private_prisoners WHEN 'ST' THEN 0 ELSE private_prisoners END) <> 0 "
            "OR SUM(CASE code WHEN 'US' THEN private_prisoners WHEN 'ST' THEN -private_prisoners WHEN 'FE' THEN "
            "-private_prisoners ELSE 0 END) <> 0",
        ),
        rule(
            "the whole is not that of table private_prisoners",
            "SELECT t.row_nr FROM this AS t JOIN private_prisoners AS p ON p.year = t.year "
            "AND p.federal NOT NULL "
            "WHERE t.private_prisoners <> CASE t.code WHEN 'US' THEN p.total WHEN 'ST' THEN p.state WHEN 'FE' THEN "
            "p.federal END",
        ),
        in_per_cent("share_pct"),
    ],
    caveats=[
        "Counted by the jurisdiction that is responsible, wherever the private prison stands.",
        "Includes private halfway houses; Indiana includes state-owned prisons staffed by a company.",
        "States with one system for prisons and jails report both together.",
        "US is the country, ST all states, FE the federal system.",
        "Colorado in 2000 is counted in the national total but not reported apart.",
    ],
    fields=[
        field("year", "integer", "31 December of this year", "year", required=True, minimum=1999, maximum=2022),
        field("code", "string", "Postal code of the state; US, ST or FE", required=True, pattern="[A-Z]{2}"),
        field("jurisdiction", "string", "Jurisdiction", required=True, minLength=4, maxLength=25),
        field("private_prisoners", "integer", "Prisoners in private facilities", "people", minimum=0, maximum=150_000),
        field("share_pct", "number", "Share of all prisoners of the jurisdiction", "per cent", minimum=0, maximum=100),
        field("answer", "string", "Kind of answer", required=True, enum=["number", *ANSWERS.values()]),
    ],
)


def build() -> pd.DataFrame:
    """Return the rows of the first and the last year with percentages in print."""
    raw = _tidy.read_csv("bjs-private-prisons/private_prisoners_by_jurisdiction.csv")
    raw = raw[raw["year"].isin(YEARS)].rename(columns={"pct_of_jurisdiction": "share_pct"})
    raw["answer"] = raw["raw_flag"].map(ANSWERS).fillna("number")
    for column in ["year", "private_prisoners"]:
        raw[column] = _tidy.whole(raw[column])
    return raw[[f["name"] for f in TABLE.fields]].sort_values(["year", "code"])
