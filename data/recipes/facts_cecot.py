"""Single facts on CECOT, the transfers of 2025, payments and criminal records: one row a fact."""

import pandas as pd

import _facts

TABLE = _facts.table(
    "CECOT, the transfers of 2025, payments and criminal records",
    "facts-cecot",
    in_words=(
        "cecot-guards",
        "cecot-towers",
        "cbs-dozen",
    ),
)


def build() -> pd.DataFrame:
    """Return the compiled facts."""
    return _facts.build("facts-cecot", TABLE)
