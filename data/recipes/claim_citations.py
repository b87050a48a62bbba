"""Which sources settle which claim: one row a claim and source."""

import pandas as pd
import yaml

import _raw
import _tidy
from _table import Table, field, refers_to

TABLE = Table(
    title="Sources of the claims ledger",
    description="Links each claim to the sources it was checked against.",
    row="one source of one claim",
    sources=["claims"],
    primary_key=["claim_id", "source_key"],
    foreign_keys=[refers_to("claim_id", "claims", "id"), refers_to("source_key", "sources", "key")],
    fields=[
        field("claim_id", "string", "Claim", required=True, minLength=4, maxLength=20),
        field("source_key", "string", "Source", required=True, minLength=4, maxLength=30),
        field("role", "string", "Settles the claim, or was read besides", required=True, enum=["settles", "also read"]),
    ],
)


def build() -> pd.DataFrame:
    """Return one row for every key in the ledger's two lists of sources, then those of `claim_citations.yml`."""
    raw = _tidy.read_csv("claims/claims.csv")
    rows = [
        {"claim_id": claim["id"], "source_key": key.strip(), "role": role}
        for _, claim in raw.iterrows()
        for column, role in [("source_keys", "settles"), ("also_seen", "also read")]
        if pd.notna(claim[column])
        for key in claim[column].split(";")
    ]
    added = yaml.safe_load((_raw.HERE / "claim_citations.yml").read_text(encoding="utf-8"))
    rows += [{"claim_id": one["claim"], "source_key": one["source"], "role": one["role"]} for one in added]
    return pd.DataFrame(rows)[[f["name"] for f in TABLE.fields]]
