"""Narcotics-control and law-enforcement obligations of the Greenbook: one row a country or regional line and year."""

import pandas as pd

import _greenbook


def build() -> pd.DataFrame:
    """Return the row Narcotics Control, summed by line and year."""
    rows = _greenbook.read().query("kind == 'narcotics'")
    return _greenbook.total(rows, ["fiscal_year", "country", "regional"])
