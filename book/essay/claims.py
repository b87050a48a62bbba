"""Claim cards: a claim of the article, its verdict and what was found, beside the evidence."""

from __future__ import annotations

import html
from functools import cache

import pandas as pd

from essay import shown as _shown
from essay import tables, text
from essay.verdicts import PARTS, UNSETTLED, VERDICTS


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
    """Show the named claims as a list that opens, each with a permanent anchor `claim-<id>`.

    Raises tables.TableError for an unknown claim id.
    """
    known = _ledger()
    for id in ids:
        if id not in known.index:
            raise tables.TableError(f"claims: no claim {id!r}; see data/claims.csv for the ids")
    chosen = [known.loc[id] for id in ids]
    page = "".join(_card(claim) for claim in chosen)
    plain = "\n".join(f"{c['id']} [{VERDICTS[c['verdict']][0]}] {c['claim']} Found: {c['finding']}" for c in chosen)
    data = {"claims": [{"id": c["id"], "verdict": c["verdict"], "sources": _keys(c["id"])} for c in chosen]}
    _shown.show(f'<div class="claims"><p class="claims-label">{_tally(chosen)}</p>{page}</div>', plain, data)


def strip() -> None:
    """Show every claim of the article as one mark, in the article's order, each leading to the ledger, with a key that counts."""
    claims = list(_ledger().sort_values("position").to_dict("records"))
    marks = "".join(
        f'<a class="claim-mark claim-{c["verdict"]}" href="ledger.html#ledger-{c["id"]}" tabindex="-1" '
        f'title="{html.escape(VERDICTS[c["verdict"]][0] + ": " + c["claim"], quote=True)}"></a>'
        for c in claims
    )
    counts = {verdict: sum(c["verdict"] == verdict for c in claims) for verdict in VERDICTS}
    key = "".join(
        f'<li class="claim-{verdict}"><span class="verdict">{VERDICTS[verdict][0]}</span> <b>{count}</b></li>'
        for verdict, count in counts.items()
    )
    # The marks repeat what the ledger lists; who hears the page gets the counts and one link.
    page = (
        f'<div class="claim-strip"><div class="marks" aria-hidden="true">{marks}</div><ul class="key">{key}</ul>'
        '<p class="more"><a href="ledger.html">All claims, with evidence and sources</a></p></div>'
    )
    plain = "; ".join(f"{VERDICTS[verdict][0]}: {count}" for verdict, count in counts.items())
    _shown.show(page, plain, {"verdicts": counts})


def ledger(part: str) -> None:
    """Show all claims of one part of the ledger, opened, with a link to the evidence on the page that settles them.

    Raises tables.TableError for an unknown part.
    """
    if part not in PARTS:
        raise tables.TableError(f"claims: no part {part!r}; known: {', '.join(PARTS)}")
    chosen = [claim for _, claim in _ledger().iterrows() if claim["chapter"] == part]
    page = "".join(_card(claim, in_ledger=True) for claim in chosen)
    plain = "\n".join(f"{c['id']} [{VERDICTS[c['verdict']][0]}] {c['claim']}" for c in chosen)
    data = {"ledger": [{"id": c["id"], "verdict": c["verdict"], "sources": _keys(c["id"])} for c in chosen]}
    _shown.show(f'<div class="claims ledger">{page}</div>', plain, data)


def ledger_filter() -> None:
    """Show the controls that narrow the ledger; hidden until the page's script can work them."""
    parts = "".join(f'<option value="{part}">{name}</option>' for part, (name, _) in PARTS.items())
    verdicts = "".join(f'<option value="{verdict}">{name}</option>' for verdict, (name, _) in VERDICTS.items())
    page = (
        '<form class="ledger-filter" role="search" aria-label="Narrow the ledger" hidden>'
        f'<label>Part <select name="part"><option value="">all</option>{parts}</select></label>'
        f'<label>Verdict <select name="verdict"><option value="">all</option>{verdicts}</select></label>'
        '<label>Words <input type="search" name="words"></label>'
        '<output aria-live="polite"></output></form>'
    )
    _shown.show(page, "", {"controls": "ledger"})


def _keys(id: str) -> list[str]:
    """Return the keys of the sources that settle a claim."""
    citations = _citations()
    return citations.loc[citations["claim_id"] == id, "source_key"].tolist()


def _card(claim: pd.Series, in_ledger: bool = False) -> str:
    """Return the HTML of one card: folded in a chapter, open in the ledger."""
    id = claim["id"]
    part, page = PARTS[claim["chapter"]]
    anchor, other, words = (
        (f"ledger-{id}", f"{page}.html#claim-{id}", f"Evidence in {part}")
        if in_ledger
        else (f"claim-{id}", f"ledger.html#ledger-{id}", "In the ledger")
    )
    verdict, meaning = VERDICTS[claim["verdict"]]
    rows = [("Found", html.escape(claim["finding"]))]
    for term, column in (("Better", "correction"), ("Lost text", "lost_text"), ("About the copy", "copy_drift")):
        if pd.notna(claim[column]):
            rows.append((term, html.escape(claim[column])))
    citations = _citations()
    sources = [_source(source) for _, source in citations[citations["claim_id"] == id].iterrows()]
    if sources:
        rows.append(("Sources", "<ul>" + "".join(f"<li>{source}</li>" for source in sources) + "</ul>"))
    until = f", evidence to {text.when(claim['evidence_ends'])}" if pd.notna(claim["evidence_ends"]) else ""
    listed = "".join(f"<dt>{term}</dt><dd>{words}</dd>" for term, words in rows)
    return (
        f'<article class="claim claim-{claim["verdict"]}" id="{anchor}" aria-labelledby="{anchor}-text" '
        f'data-part="{claim["chapter"]}" data-verdict="{claim["verdict"]}">'
        f"<details{' open' if in_ledger else ''}><summary>"
        f'<span class="verdict" title="{html.escape(meaning, quote=True)}">{verdict}</span> '
        f'<span class="claim-text" id="{anchor}-text">{html.escape(claim["claim"])}</span></summary>'
        f'<dl>{listed}</dl><p class="claim-foot"><a href="{other}" aria-label="{words}: claim {id}">{words}</a>'
        f' <span class="confidence">Confidence: {claim["confidence"]}{until}</span></p></details>'
        f'<a class="claim-id" href="#{anchor}" aria-label="Permanent link to claim {id}">{id}</a></article>'
    )


def _tally(claims: list[pd.Series]) -> str:
    """Return the line above a list of claims: what it is and, for a longer list, how the verdicts fall."""
    if len(claims) < 3:
        return "Claim of the article" if len(claims) == 1 else "Claims of the article"
    counts = {verdict: sum(c["verdict"] == verdict for c in claims) for verdict in VERDICTS}
    settled = sum(count for verdict, count in counts.items() if verdict not in UNSETTLED)
    how_many = {len(claims): "settled", 0: "none to be settled"}.get(settled, f"{settled} of them settled")
    fallen = "; ".join(f"{count} {VERDICTS[verdict][0].lower()}" for verdict, count in counts.items() if count)
    return f"{len(claims)} claims of the article, {how_many}: {fallen}"


def _source(source: pd.Series) -> str:
    """Return one source as a line with link."""
    year = "" if source["year"] == "n.d." else f" ({html.escape(source['year'])})"
    copy = " (read in a copy)" if pd.notna(source["read_at"]) else ""
    return f"{_shown.link(source['url'], source['title'])}, {html.escape(source['publisher'])}{year}{copy}"
