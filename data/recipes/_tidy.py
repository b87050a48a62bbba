"""Steps that several recipes share."""

from __future__ import annotations

import io

import pandas as pd

import _raw


def read_csv(path: str) -> pd.DataFrame:
    """Read the raw CSV `slug/file` as text: blanks become missing, nothing is guessed."""
    content = _raw.read(path).decode("utf-8-sig")
    return pd.read_csv(io.StringIO(content), dtype="string", keep_default_na=False, na_values=[""])


def whole(column: pd.Series) -> pd.Series:
    """Turn text such as '1829' or '1829.0' into whole numbers, missing kept missing."""
    return pd.to_numeric(column).astype("Int64")
