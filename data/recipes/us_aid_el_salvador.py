"""Greenbook obligations to El Salvador and to the Central American regional line: one row a line, kind and year."""

import pandas as pd

import _greenbook

LINES = ["El Salvador", "Central America (not specified)"]


def build() -> pd.DataFrame:
    """Return both lines, summed by kind and year."""
    rows = _greenbook.read()
    rows = rows[rows["country"].isin(LINES)].rename(columns={"country": "line"})
    return _greenbook.total(rows, ["line", "kind", "fiscal_year"])
