"""How many Mexican institutions had received ACA accreditation: one row a statement."""

import pandas as pd

import _tidy
from _table import SOURCE_TYPES, Table, covers, field, holds, refers_to

BASIS = {4: ("year", "-07-01"), 7: ("month", "-15"), 10: ("day", "")}

TABLE = Table(
    title="Mexican institutions that had received ACA accreditation, as stated",
    description="Counts of institutions in Mexico that had ever been accredited by the American Correctional Association.",
    row="one statement",
    sources=["aca-accreditation", "claims"],
    primary_key=["date"],
    foreign_keys=[refers_to("citation_key", "sources", "key")],
    rules=[
        covers("plot_date", "2012-07-01", "2021-06-15"),
        holds("plot_date does not lie in the period of date", "plot_date LIKE date || '%'"),
        holds(
            "date_basis does not fit the form of date",
            "LENGTH(date) = CASE date_basis WHEN 'year' THEN 4 WHEN 'month' THEN 7 ELSE 10 END",
        ),
    ],
    caveats=[
        "Cumulative: institutions ever accredited. A certificate runs for three years: not the number accredited at a time.",
        "Scopes differ: prisons or institutions including offices, with U.S. help or all, counted since 2009 or since 2011.",
        "August 2019 and January 2020 give the same number although new institutions were announced between them.",
        "The last count is a newspaper's round number.",
    ],
    fields=[
        field(
            "date",
            "string",
            "Date of the statement, as precisely as known",
            required=True,
            unique=True,
            pattern=r"\d{4}(-\d\d){0,2}",
        ),
        field("plot_date", "date", "Date for charts: the day, or the middle of the month or year", required=True),
        field("date_basis", "string", "Precision of the date", required=True, enum=["year", "month", "day"]),
        field(
            "institutions",
            "integer",
            "Institutions ever accredited; blank where no number is given",
            "institutions",
            minimum=0,
            maximum=150,
        ),
        field("what_is_counted", "string", "Scope of the count", required=True, minLength=4, maxLength=80),
        field("publisher", "string", "Who says so", required=True, minLength=4, maxLength=60),
        field("source_type", "string", "Kind of source", required=True, enum=SOURCE_TYPES),
        field("source_url", "string", "Where it was read", required=True, pattern="https?://.+"),
        field("citation_key", "string", "Citation key, where the ledger cites the page", minLength=10, maxLength=25),
        field("note", "string", "Note", required=True, minLength=15, maxLength=200),
    ],
)


def build() -> pd.DataFrame:
    """Return the statements; the ledger's own series gives the citation keys.

    Raises ValueError when the ledger's series has another number for a month.
    """
    raw = _tidy.read_csv("aca-accreditation/mexico_count_by_date.csv").rename(columns={"cumulative_count": "institutions"})
    ledger = _tidy.read_csv("claims/aca-mexico-series.csv")
    key = ledger.assign(month=ledger["date"].str[:7]).set_index(["month", "institutions"])["source_key"]
    raw["citation_key"] = [
        key.get((date[:7], count)) for date, count in zip(raw["date"], raw["institutions"].fillna(""), strict=True)
    ]
    lost = set(ledger["source_key"]) - set(raw["citation_key"].dropna())
    if lost:
        raise ValueError(f"aca_mexico_counts: the ledger's counts of {', '.join(sorted(lost))} have no equal here")
    raw["plot_date"] = [date + BASIS[len(date)][1] for date in raw["date"]]
    raw["date_basis"] = [BASIS[len(date)][0] for date in raw["date"]]
    raw["institutions"] = _tidy.whole(raw["institutions"])
    return raw[[f["name"] for f in TABLE.fields]]
