"""The ledger: every checkable claim of the article, paraphrased, with verdict and finding."""

import pandas as pd

import _tidy
from _table import Table, field, holds, rule

VERDICTS = [
    "supported",
    "supported-with-precision-lost",
    "partly",
    "contradicted",
    "unsupported",
    "opinion",
    "not-checkable-here",
]
CHAPTERS = ["intro", "esp", "supermax", "police", "aid", "privatization", "aca", "cecot", "conclusion"]

TABLE = Table(
    title="Claims ledger",
    description='Every checkable claim of the TIME article of 2025, "How the U.S. Exports Punishment", paraphrased, with '
    "verdict, finding and correction.",
    row="one claim",
    sources=["claims"],
    primary_key=["id"],
    rules=[
        rule("a position is left out", "SELECT 2 FROM this GROUP BY NULL HAVING MAX(position) <> COUNT(*)"),
        rule(
            "id does not begin as the others of its chapter do, or a number is left out",
            "SELECT MIN(row_nr) FROM this GROUP BY chapter "
            "HAVING COUNT(DISTINCT SUBSTR(id, 1, LENGTH(id) - 3)) > 1 "
            "OR MAX(CAST(SUBSTR(id, -2) AS INTEGER)) <> COUNT(*)",
        ),
        holds(
            "words inferred from little stand in a verdict of high confidence",
            "confidence <> 'high' OR lost_text NOT LIKE 'Inferred:%'",
        ),
    ],
    caveats=[
        "The article was read in a reworded copy with lost passages; the original could be compared only for its first "
        "part. From the remark on the number of copied prisons on, an error may be the copy's.",
        "A verdict is about a sentence, not about its author.",
        "not-checkable-here means that the pages read could not settle the claim, not that it cannot be settled.",
        "Most stored pages are extracts: absence from a page read is not absence from the page.",
    ],
    fields=[
        field("id", "string", "Permanent claim id", required=True, unique=True, pattern="[a-z]+-[0-9]{2}"),
        field("position", "integer", "Position in the article, 1 = first", required=True, unique=True, minimum=1, maximum=71),
        field("chapter", "string", "Part of the book that settles it", required=True, enum=CHAPTERS),
        field("claim", "string", "The claim in our own words", required=True, minLength=15, maxLength=200),
        field(
            "kind",
            "string",
            "Kind of claim",
            required=True,
            enum=["attribution", "causal", "characterisation", "count", "date", "legal", "ranking"],
        ),
        field(
            "lost_text",
            "string",
            "What stood where the copy lost text: recovered, inferred or unknown",
            minLength=35,
            maxLength=200,
        ),
        field(
            "copy_drift", "string", "Where the copy departs from the original or from a quoted text", minLength=15, maxLength=200
        ),
        field(
            "how_to_check", "string", "Computation or document that settles the claim", required=True, minLength=4, maxLength=150
        ),
        field("finding", "string", "Evidence read, with figures", required=True, minLength=10, maxLength=600),
        field("verdict", "string", "Verdict on the sentence", required=True, enum=VERDICTS),
        field("correction", "string", "Wording or number to use instead", minLength=20, maxLength=250),
        field("confidence", "string", "Confidence in the verdict", required=True, enum=["high", "medium", "low"]),
    ],
)


def build() -> pd.DataFrame:
    """Return the ledger in the order of the article."""
    raw = _tidy.read_csv("claims/claims.csv")
    raw = raw.rename(columns={"order": "position", "hole_fill": "lost_text", "seed_drift": "copy_drift"})
    raw["position"] = _tidy.whole(raw["position"])
    raw["copy_drift"] = _tidy.neutral(raw["copy_drift"]).str.replace("and seed,", "and copy,", regex=False)
    for column in ["correction", "finding", "how_to_check", "lost_text"]:
        raw[column] = _tidy.neutral(raw[column])
    return raw[[f["name"] for f in TABLE.fields]].sort_values("position")
