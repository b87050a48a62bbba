"""Which recorded fact settles which claim: one row a claim and fact."""

import pandas as pd
import yaml

import _raw
from _table import Table, field, refers_to, rule

TABLE = Table(
    title="Claims settled by computation",
    description="Links claims to the facts that the chapters compute, with the number that the ledger states.",
    row="one fact that bears on one claim",
    sources=["claims"],
    primary_key=["claim_id", "fact_id"],
    foreign_keys=[refers_to("claim_id", "claims", "id")],
    rules=[
        rule(
            "the ledger does not say these words",
            "SELECT t.row_nr FROM this AS t JOIN claims AS c ON c.id = t.claim_id "
            "WHERE INSTR(c.claim || ' ' || c.finding || ' ' || COALESCE(c.correction, ''), t.states) = 0",
        ),
    ],
    fields=[
        field("claim_id", "string", "Claim", required=True, minLength=4, maxLength=20),
        field("fact_id", "string", "Fact recorded in a chapter", required=True, minLength=4, maxLength=30),
        field("states", "string", "Words of the ledger that state the number", required=True, minLength=4, maxLength=60),
        field("value", "number", "The number they state", required=True, maximum=20_000_000_000),
    ],
)


def build() -> pd.DataFrame:
    """Return the links in the order of the register."""
    links = yaml.safe_load((_raw.HERE / "claim_evidence.yml").read_text(encoding="utf-8"))
    table = pd.DataFrame(links).rename(columns={"claim": "claim_id", "fact": "fact_id"})
    return table[[f["name"] for f in TABLE.fields]]
