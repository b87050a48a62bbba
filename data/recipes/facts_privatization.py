"""Single facts on private prisons and the companies that run them, each with its source: one row a fact."""

import pandas as pd

import _facts

SAME = "stored page of the same address"

TABLE = _facts.table("private prisons and the companies that run them", "facts-privatization", in_words=("mexico-cps",))


def build() -> pd.DataFrame:
    """Return the compiled facts."""
    facts = _facts.build("facts-privatization", TABLE)
    facts["read_at"] = facts["read_at"].mask(facts["read_at"] == facts["source_url"], SAME)
    return facts
