"""Works cited: one row a source, from the ledger's list and from `works.yml`."""

import pandas as pd
import yaml

import _raw
import _tidy
from _table import Table, covers, field, holds

TABLE = Table(
    title="Works cited",
    description="Sources of the claims ledger and of the chapters.",
    row="one source",
    sources=["claims"],
    primary_key=["key"],
    caveats=["Many pages were read as copies: read_at says where, url names the publisher's page."],
    rules=[
        covers("accessed", "2026-11-23", "2026-11-26"),
        holds(
            "year is not that of key",
            "year = 'n.d.' "
            "OR key || ' ' || year IN ('bjs_prisoners2008 2009', 'bjs_prisoners2022 2023', 'iml2015homicidios 2016', "
            "'usaid1974senate 1973', 'versa2605 2009') "
            "OR key NOT GLOB '*[12][0-9][0-9][0-9]*' OR INSTR(key, year) > 0",
        ),
    ],
    fields=[
        field("key", "string", "Citation key", required=True, unique=True, pattern="[a-z0-9_]+"),
        field("authors", "string", "Authors or body", required=True, minLength=3, maxLength=80),
        field("year", "string", "Year, or n.d. where the copy shows none", required=True, pattern=r"(\d{4}|n\.d\.)"),
        field("title", "string", "Title", required=True, minLength=4, maxLength=150),
        field("publisher", "string", "Publisher", required=True, minLength=4, maxLength=100),
        field("url", "string", "Public address", required=True, pattern="https?://.+"),
        field("accessed", "date", "Date read", required=True),
        field(
            "source_type",
            "string",
            "Kind of source",
            required=True,
            enum=["primary", "journalism", "scholarship", "reference", "advocacy", "data"],
        ),
        field(
            "read_at", "string", "Copy that was read; blank where it is the public address itself", minLength=35, maxLength=400
        ),
        field("note", "string", "Limits of the copy", minLength=4, maxLength=250),
    ],
)


def build() -> pd.DataFrame:
    """Return all sources, sorted by key; read_at is kept only where it is not the public address."""
    ledger = _tidy.read_csv("claims/sources.csv").rename(columns={"retrieved_from": "read_at"})
    ledger["read_at"] = ledger["read_at"].where(ledger["read_at"] != ledger["url"])
    ledger["note"] = _tidy.neutral(ledger["note"]).str.replace("the seed text", "the reworded copy", regex=False)
    # A page without a named author is cited by its publisher.
    unnamed = ledger["authors"].str.match("not (stated|shown|recovered)")
    publisher = ledger["publisher"].str.replace(r" \(.*| on the stored copy", "", regex=True)
    publisher = publisher.mask(publisher.str.startswith("not "), "Unsigned report")
    ledger["authors"] = ledger["authors"].mask(unnamed, publisher)
    works = yaml.safe_load((_raw.HERE / "works.yml").read_text(encoding="utf-8"))
    added = pd.DataFrame([{"key": key, **work} for key, work in works.items()]).astype("string")
    both = pd.concat([ledger, added], ignore_index=True)
    for column in ("title", "publisher"):
        both[column] = _tidy.accents(both[column])
    return both[[f["name"] for f in TABLE.fields]].sort_values("key")
