"""Single facts on the American Correctional Association and its accreditation, each with its source: one row a fact."""

import pandas as pd

import _facts

SAME = "stored page of the same address"

TABLE = _facts.table(
    "the American Correctional Association and its accreditation",
    "facts-aca",
    in_words=(
        "aca-military-abroad",
        "big-three-share",
        "aca-mexico-requirements",
        "mexico-98",
        "ice-aca-2017",
        "colombia-prisons",
    ),
)


def build() -> pd.DataFrame:
    """Return the compiled facts, without those on the article's copies."""
    facts = _facts.build("facts-aca", TABLE)
    facts["read_at"] = facts["read_at"].mask(facts["read_at"] == facts["source_url"], SAME)
    return facts[facts["topic"] != "Seed article"]
