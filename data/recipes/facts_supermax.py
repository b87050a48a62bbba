"""Single facts on Marion, the supermax and its versions abroad, each with its source: one row a fact."""

import pandas as pd

import _facts

TABLE = _facts.table(
    "the supermax at home and abroad",
    "facts-supermax",
    in_words=(
        "catanduvas-cells",
        "ross-nine",
    ),
)


def build() -> pd.DataFrame:
    """Return the compiled facts."""
    return _facts.build("facts-supermax", TABLE)
