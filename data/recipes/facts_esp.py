"""Single facts on Eastern State, each with its source: one row a fact."""

import pandas as pd

import _facts

TABLE = _facts.table("Eastern State Penitentiary, its plan and its visitors", "facts-esp")


def build() -> pd.DataFrame:
    """Return the compiled facts."""
    return _facts.build("facts-esp", TABLE)
