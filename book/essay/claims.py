"""Claim cards: a claim of the article, its verdict and what was found, beside the evidence."""

from __future__ import annotations

import html
from functools import cache

import pandas as pd

from essay import shown as _shown
from essay import tables

VERDICTS = {
    "supported": ("Supported", "The record bears the sentence out."),
    "supported-with-precision-lost": ("Supported, precision lost", "True in substance; a date, number or scope needs repair."),
    "partly": ("Partly", "One part holds and another does not."),
    "contradicted": ("Contradicted", "The record says otherwise."),
    "unsupported": ("Unsupported", "No evidence for it was found where it should be."),
    "opinion": ("Opinion", "A judgement that evidence can inform but not settle."),
    "not-checkable-here": ("Not checkable here", "The pages that could be read do not settle it."),
}


@cache
def _ledger() -> pd.DataFrame:
    """Return the ledger indexed by claim id."""
    return tables.load("claims").set_index("id", drop=False)


@cache
def _citations() -> pd.DataFrame:
    """Return the sources that settle each claim, with title and address, in the ledger's order."""
    citations = tables.load("claim_citations")
    citations = citations[citations["role"] == "settles"]
    return citations.merge(tables.load("sources"), left_on="source_key", right_on="key", validate="many_to_one")


def cards(*ids: str) -> None:
    """Show the cards of the named claims, each with a permanent anchor `claim-<id>`.

    Raises tables.TableError for an unknown claim id.
    """
    ledger = _ledger()
    for id in ids:
        if id not in ledger.index:
            raise tables.TableError(f"claims: no claim {id!r}; see data/claims.csv for the ids")
    chosen = [ledger.loc[id] for id in ids]
    page = "".join(_card(claim) for claim in chosen)
    plain = "\n".join(f"{c['id']} [{VERDICTS[c['verdict']][0]}] {c['claim']} Found: {c['finding']}" for c in chosen)
    data = {"claims": [{"id": c["id"], "verdict": c["verdict"], "sources": _keys(c["id"])} for c in chosen]}
    _shown.show(f'<div class="claims">{page}</div>', plain, data)


def _keys(id: str) -> list[str]:
    """Return the keys of the sources that settle a claim."""
    citations = _citations()
    return citations.loc[citations["claim_id"] == id, "source_key"].tolist()


def _card(claim: pd.Series) -> str:
    """Return the HTML of one card."""
    id = claim["id"]
    verdict, meaning = VERDICTS[claim["verdict"]]
    rows = [("Found", html.escape(claim["finding"]))]
    if pd.notna(claim["correction"]):
        rows.append(("Better", html.escape(claim["correction"])))
    if pd.notna(claim["copy_drift"]):
        rows.append(("About the copy", html.escape(claim["copy_drift"])))
    citations = _citations()
    sources = [_source(source) for _, source in citations[citations["claim_id"] == id].iterrows()]
    if sources:
        rows.append(("Sources", "<ul>" + "".join(f"<li>{source}</li>" for source in sources) + "</ul>"))
    listed = "".join(f"<dt>{term}</dt><dd>{text}</dd>" for term, text in rows)
    return (
        f'<article class="claim claim-{claim["verdict"]}" id="claim-{id}" aria-labelledby="claim-{id}-text">'
        f'<p class="claim-head"><span class="verdict" title="{html.escape(meaning, quote=True)}">{verdict}</span> '
        f'<a class="claim-id" href="#claim-{id}" aria-label="Permanent link to claim {id}">{id}</a></p>'
        f'<p class="claim-text" id="claim-{id}-text"><span class="visually-hidden">The article claims: </span>'
        f"{html.escape(claim['claim'])}</p>"
        f'<details><summary>What was found<span class="visually-hidden"> on claim {id}</span>'
        f' <span class="confidence">confidence: {claim["confidence"]}</span></summary><dl>{listed}</dl></details></article>'
    )


def _source(source: pd.Series) -> str:
    """Return one source as a line with link."""
    year = "" if source["year"] == "n.d." else f" ({source['year']})"
    copy = " (read in a copy)" if pd.notna(source["read_at"]) else ""
    return (
        f'<a href="{html.escape(source["url"], quote=True)}">{html.escape(source["title"])}</a>, '
        f"{html.escape(source['publisher'])}{year}{copy}"
    )
