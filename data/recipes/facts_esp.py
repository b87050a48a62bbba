"""Single facts on Eastern State, each with its source: one row a fact."""

import pandas as pd

import _facts

TABLE = _facts.table(
    "Eastern State Penitentiary, its plan and its visitors",
    "facts-esp",
    in_words=(
        "esp-cost-total-1890s",
        "esp-not-panopticon",
        "esp-wings-1836",
        "esp-deaths-black",
        "esp-deaths-white",
        "esp-pardon-black",
        "esp-pardon-white",
        "sturge-1841",
    ),
)


def build() -> pd.DataFrame:
    """Return the compiled facts."""
    return _facts.build("facts-esp", TABLE)
