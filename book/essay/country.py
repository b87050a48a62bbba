"""Which rows of the tables are about which country: one name, one page.

`data/country_names.csv` says to which country's page each name leads that stands in a table, and which lead to none and why.
Every row of the tables below leads to one page or to one of those exceptions; a name that is not in the list is an error.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache

import pandas as pd

from essay import tables

# Where the channels begin. Its rows are at home: they have a page, and stand in no count of what went abroad.
ORIGIN = "USA"

# The column with the name of the country, where it is not `country`.
NAMED = {"penal_visitors": "home_country", "private_prison_shares": "place"}

# Tables that are about one country as a whole and so have no column for it.
ALONE = {
    "SLV": (
        "fmtrpt_el_salvador",
        "us_aid_el_salvador",
        "us_aid_sectors_el_salvador",
        "cecot_capacity",
        "cecot_chronology",
        "cecot_layout",
        "cecot_transfers",
        "cecot_record_tallies",
        "slv_arrests",
        "slv_deaths_in_custody",
        "slv_homicides",
    ),
    "MEX": ("aca_mexico_counts",),
    "USA": (
        "esp_population",
        "esp_prisoners",
        "esp_race_outcomes",
        "supermax_us",
        "private_prisoners",
        "private_prisoners_federal",
        "private_prisoners_states",
        "ice_detention_monthly",
        "ice_facilities_2017",
        "ice_operators_2026",
        "us_prisoners",
    ),
}


@dataclass(frozen=True)
class Country:
    """A country with a page: its code (ISO 3166-1 alpha-3; Kosovo: XKX), names, and other names that readers may look for."""

    iso3: str
    name: str
    in_prose: str
    also: tuple[str, ...]

    @property
    def address(self) -> str:
        """The address of its page as seen from the other pages of the book; it stays whatever the country is called."""
        return f"country/{self.iso3.lower()}.html"


@cache
def countries() -> tuple[Country, ...]:
    """Return all countries with a page, in the order of their names without accents."""
    names = tables.load("country_names")
    also = names[names["kind"].isin(["other name", "former name"])].groupby("iso3")["name"].agg(list)
    own = names[names["kind"] == "own page"]
    found = [
        Country(
            row.iso3, row.name, row.name if pd.isna(row.in_prose) else row.in_prose, _strange(row.name, also.get(row.iso3, []))
        )
        for row in own.itertuples(index=False, name="Row")
    ]
    return tuple(sorted(found, key=lambda each: plain(each.name)))


def of(iso3: str) -> Country:
    """Return the country with a code. Raises KeyError for a code without a page."""
    return {each.iso3: each for each in countries()}[iso3]


def plain(words: str) -> str:
    """Return words in small letters without accents, as readers type them."""
    return "".join(sign for sign in unicodedata.normalize("NFD", words) if not unicodedata.combining(sign)).lower()


def _strange(name: str, others: list[str]) -> tuple[str, ...]:
    """Return the other names that the name itself would not be found by: `Burma` for Myanmar, and not `The Netherlands`."""
    known = set(plain(name).split())
    return tuple(other for other in others if not known & {word.strip(",()") for word in plain(other).split()})


@cache
def used() -> dict[str, pd.DataFrame]:
    """Return every table that has rows of countries, by name, with a column `page`: the code of the country or a blank."""
    loaded = (
        tables.load("radial_prisons"),
        tables.load("radial_national_counts"),
        tables.load("penal_visitors"),
        tables.load("supermax_abroad"),
        tables.load("fmtrpt_country_year"),
        tables.load("narcotics_obligations"),
        tables.load("ilea_sites"),
        tables.load("private_prisons_abroad"),
        tables.load("private_prison_reversals"),
        tables.load("private_prison_shares"),
        tables.load("aca_abroad"),
        tables.load("third_countries"),
        tables.load("third_country_costs"),
        tables.load("cecot_models"),
        tables.load("prison_ranks"),
        tables.load("slv_prison_rates"),
    )
    names = tables.load("country_names")
    return {frame.attrs["table"]: with_page(frame, names) for frame in loaded}


def with_page(frame: pd.DataFrame, names: pd.DataFrame) -> pd.DataFrame:
    """Return a table with a column `page`: the code of the country on whose page each row stands, blank where on none.

    Raises tables.TableError, naming table and row, for a name that `names` (the table country_names) does not have, and for a
    code that is not the one of the name.
    """
    table = frame.attrs["table"]
    column = NAMED.get(table, "country" if "country" in frame else "iso3")
    key = names.set_index("name") if column != "iso3" else names[names["kind"] == "own page"].set_index("iso3", drop=False)
    unknown = frame.index[~frame[column].isin(key.index)]
    if len(unknown):
        raise tables.TableError(
            f"{table}: row {unknown[0] + 2}: {frame.loc[unknown[0], column]!r} leads to no country's page; "
            "add the name to data/country_names.csv, with a reason"
        )
    code = frame[column].map(key["iso3"])
    if "iso3" in frame:
        other = frame.index[frame["iso3"].fillna("") != code.fillna("")]
        if len(other):
            raise tables.TableError(
                f"{table}: row {other[0] + 2}: {frame.loc[other[0], column]!r} has the code {frame.loc[other[0], 'iso3']}, and "
                f"{code[other[0]]} in data/country_names.csv; correct one of them"
            )
    page = code.where(frame[column].map(key["kind"]) != "no page")
    found = frame.assign(page=page)
    found.attrs["table"] = table
    return found


def rows(table: str, iso3: str) -> pd.DataFrame:
    """Return the rows of a table that stand on the page of one country, in the table's order."""
    by_country = _by_country(table)
    return by_country[iso3] if iso3 in by_country else by_country[""]


@cache
def _by_country(table: str) -> dict[str, pd.DataFrame]:
    """Return the rows of a table by the country on whose page they stand, and none of them under a blank code."""
    frame = used()[table]
    found = {iso3: rows.reset_index(drop=True) for iso3, rows in frame.groupby("page")} | {"": frame.iloc[:0]}
    for rows in found.values():
        rows.attrs["table"] = table
    return found


def without_page() -> pd.DataFrame:
    """Return the rows that stand on no country's page, counted: columns table, name, rows and why."""
    reasons = tables.load("country_names").set_index("name")["why"]
    parts = []
    for table, frame in used().items():
        lost = frame[frame["page"].isna()]
        counted = lost.groupby(NAMED.get(table, "country")).size() if len(lost) else pd.Series(dtype=int)
        parts += [{"table": table, "name": name, "rows": int(count), "why": reasons[name]} for name, count in counted.items()]
    return pd.DataFrame(parts)
