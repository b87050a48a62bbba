"""Steps that several recipes share."""

from __future__ import annotations

import io
import re

import pandas as pd
import yaml

import _raw


def read_csv(path: str) -> pd.DataFrame:
    """Read the raw CSV `slug/file` as text: blanks become missing, nothing is guessed."""
    content = _raw.read(path).decode("utf-8-sig")
    return pd.read_csv(io.StringIO(content), dtype="string", keep_default_na=False, na_values=[""])


def whole(column: pd.Series) -> pd.Series:
    """Turn text such as '1829' or '1829.0' into whole numbers, missing kept missing."""
    return pd.to_numeric(column).astype("Int64")


def neutral(column: pd.Series) -> pd.Series:
    """Call the starting article by one name: the compilers' 'seed' is its reworded copy."""

    def rename(text: str) -> str:
        text = re.sub(r"\bthe seed article\b", "the article", text)
        text = re.sub(r"\bSeed article\b", "The article", text)
        text = re.sub(r"\bthe essay that this book reworks\b", "the article", text)
        return re.sub(r"\b([Tt])he seed\b(?!-)", r"\1he reworded copy", text)

    return column.map(rename, na_action="ignore").astype("string")


def accents(column: pd.Series) -> pd.Series:
    """Give names and titles back the accents that the raw files lost, from the list in `accents.yml`."""
    restored = yaml.safe_load((_raw.HERE / "accents.yml").read_text(encoding="utf-8"))
    lost = re.compile("|".join(rf"\b{re.escape(words)}\b" for words in sorted(restored, key=len, reverse=True)))
    return column.map(lambda text: lost.sub(lambda found: restored[found[0]], text), na_action="ignore").astype("string")
