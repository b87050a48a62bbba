"""Prisoners in private facilities in the United States: one row a year and published total."""

import re

import pandas as pd

import _tidy
from _table import Table, covers, every_year, field, holds, in_per_cent, rule

EDITIONS = ["Prisoners in 2008", "Prisoners in 2018", "Prisoners in 2019", "Prisoners in 2022", "NPS 1978-2012", "NPS 1978-2022"]

# Other totals in print for the same date, as the compiled series names them in its notes: year, total, who prints it.
ALSO = [
    (2012, 132_324, "NPS 1978-2022"),
    (2016, 128_063, "The Sentencing Project"),
    (2019, 115_962, "NPS 1978-2022"),
    (2019, 115_428, "The Sentencing Project"),
    (2021, 96_370, "The Sentencing Project"),
]

TABLE = Table(
    title="Prisoners in private facilities, United States, 31 December 1999 to 2022",
    description="State and federal prisoners held in private facilities, with every total found in print for a year.",
    row="one total for one year in one edition",
    sources=["bjs-private-prisons"],
    primary_key=["year", "edition"],
    rules=[
        covers("year", 1999, 2022),
        every_year("year"),
        holds("total is not federal and state together", "total = federal + state"),
        in_per_cent("share_pct"),
        rule(
            "share_pct makes another number of all prisoners than table us_prisoners has, by more than 2 per cent",
            "SELECT t.row_nr FROM this AS t JOIN us_prisoners AS p ON p.year = t.year "
            "WHERE 100.0 * t.total / t.share_pct NOT BETWEEN 0.98 * p.prisoners AND 1.02 * p.prisoners",
        ),
        rule(
            "two counts of one year are more than a tenth apart",
            "SELECT MIN(row_nr) FROM this GROUP BY year HAVING MAX(total) > 1.1 * MIN(total)",
        ),
        rule(
            "a year has no row in the series, or more than one",
            "SELECT MIN(row_nr) FROM this GROUP BY year HAVING SUM(series = 'True') <> 1",
        ),
    ],
    caveats=[
        "Includes private halfway houses and, for federal prisoners, people on home confinement: it is not the number of "
        "people in secure private prisons.",
        "Excludes people in immigration detention.",
        "1999 is a lower bound: the first year of the question, with few federal prisoners reported.",
        "2012 has two totals in two editions of one series; they must not be averaged, nor one edition joined to the other.",
        "The NPS editions are sums of the records of states and the federal system, not printed totals.",
        "2017 includes estimates for two states that did not report.",
    ],
    fields=[
        field("year", "integer", "31 December of this year", "year", required=True, minimum=1999, maximum=2022),
        field(
            "edition", "string", "Report or file that gives the total", required=True, enum=[*EDITIONS, "The Sentencing Project"]
        ),
        field("series", "boolean", "In the compiled series; otherwise another total in print for the same date", required=True),
        field("lower_bound", "boolean", "Total is a lower bound", required=True),
        field("total", "integer", "Prisoners in private facilities", "people", required=True, minimum=0, maximum=200_000),
        field("federal", "integer", "Of whom federal", "people", minimum=0, maximum=60_000),
        field("state", "integer", "Of whom state", "people", minimum=0, maximum=150_000),
        field("share_pct", "number", "Share of state and federal prisoners", "per cent", minimum=0, maximum=100),
    ],
)


def _edition(source: str) -> str:
    """Return the short name of a source of the series."""
    if match := re.search(r"Prisoners in \d{4}", source):
        return match[0]
    return re.search(r"NPS 1978-\d{4}", source)[0]


def build() -> pd.DataFrame:
    """Return the series and the other totals that its notes name.

    Raises ValueError when a note no longer names such a total.
    """
    raw = _tidy.read_csv("bjs-private-prisons/private_prisoners_national.csv")
    series = pd.DataFrame(
        {
            "year": _tidy.whole(raw["year"]),
            "edition": raw["source"].map(_edition),
            "series": True,
            "lower_bound": raw["note"].str.contains("lower bound").fillna(False),
            "total": _tidy.whole(raw["private_total"]),
            "federal": _tidy.whole(raw["private_federal"]),
            "state": _tidy.whole(raw["private_state"]),
            "share_pct": pd.to_numeric(raw["pct_of_all_prisoners"]),
        }
    )
    notes = raw.set_index("year")["note"]
    for year, total, publisher in ALSO:
        if f"{total:,}" not in notes[str(year)]:
            raise ValueError(f"private_prisoners: the note on {year} no longer names {total:,} ({publisher})")
    also = pd.DataFrame(ALSO, columns=["year", "total", "edition"]).assign(series=False, lower_bound=False)
    both = pd.concat([series, also]).astype({"federal": "Int64", "state": "Int64", "total": "Int64"})
    return both[[f["name"] for f in TABLE.fields]].sort_values(["year", "series", "edition"], ascending=[True, False, True])
