"""The Greenbook as the recipes of several tables read it."""

from __future__ import annotations

import pandas as pd

import _tidy

NARCOTICS = "Narcotics Control"


def read() -> pd.DataFrame:
    """Return all rows of the Greenbook with whole fiscal years and amounts in dollars.

    The transition quarter of July to September 1976 is counted with fiscal year 1976. `kind` is 'narcotics' for
    the row Narcotics Control (INCLE and Andean accounts), else 'economic' or 'military' as the book has it.
    `regional` marks lines such as 'Central America (not specified)'.
    """
    raw = _tidy.read_csv("us-foreign-assistance/greenbook-1946-2020.csv.gz")
    raw["fiscal_year"] = raw["fiscal_year"].str[:4].astype("Int64")
    for column in ["obligations_nominal_usd", "obligations_constant2020_usd"]:
        raw[column] = pd.to_numeric(raw[column]).astype("Int64")
    raw = raw.rename(
        columns={"obligations_nominal_usd": "obligations_usd", "obligations_constant2020_usd": "obligations_usd2020"}
    )
    raw["kind"] = raw["assistance_category"].str.lower().mask(raw["publication_row"] == NARCOTICS, "narcotics")
    raw["regional"] = raw["country"].str.contains("(not specified)", regex=False)
    return raw


def total(rows: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Return obligations summed by the named columns, in nominal and constant dollars."""
    return rows.groupby(by, as_index=False)[["obligations_usd", "obligations_usd2020"]].sum()
