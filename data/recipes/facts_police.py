"""Single facts on police aid, academies and El Salvador, each with its source: one row a fact."""

import pandas as pd

import _facts

TABLE = _facts.table(
    "U.S. police aid, training academies and El Salvador",
    "facts-police-diplomacy",
    in_words=(
        "ilea-academies-now",
        "ilea-ss-police-academies-2015",
        "es-security-aid-2016-2017",
        "colombia-prisons-blueprint",
    ),
)


def build() -> pd.DataFrame:
    """Return the compiled facts, without the row on the copy of the article itself."""
    facts = _facts.build("facts-police-diplomacy", TABLE)
    return facts[facts["topic"] != "seed-article"]
