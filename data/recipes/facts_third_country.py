"""Single facts on removals to third countries: one row a fact."""

import pandas as pd

import _facts

TABLE = _facts.table("Removals by the United States to third countries", "facts-third-country", in_words=("africa-8",))


def build() -> pd.DataFrame:
    """Return the compiled facts."""
    return _facts.build("facts-third-country", TABLE)
