"""Every claim of the ledger as a file for machines, `claims/<id>.json`, and `claims.json`, which lists them.

The addresses are permanent. VERSION goes up by one when a name in these files changes its meaning or is taken out, and
not when one is added; the page on the method (book/method.md) says what the files hold.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util import logging

from essay_site.data.descriptors import resources, rows
from essay_site.files import put_json
from essay_site.library import module
from essay_site.notes import notes
from essay_site.published import edition

logger = logging.getLogger(__name__)

SCALE = module("verdicts")
VERDICTS, UNSETTLED, PARTS = SCALE["VERDICTS"], SCALE["UNSETTLED"], SCALE["PARTS"]
VERSION = 1
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
# The tables of which the ledger is made.
TABLES = ("claims", "claim_citations", "claim_evidence", "sources")
# The article, as the table of sources has it.
ARTICLE = "time2025exports"


@cache
def article() -> dict[str, str]:
    """Return author, title and year of the article whose claims these are."""
    (found,) = (row for row in rows("sources") if row["key"] == ARTICLE)
    return {"author": found["authors"], "title": found["title"], "year": found["year"]}


def write(app: Sphinx, error: Exception | None) -> None:
    """Write the files next to the pages, and take away those of claims that are gone."""
    if error or app.builder.name != "html":
        return
    site = Path(app.outdir)
    claims = made(app)
    folder = site / "claims"
    folder.mkdir(exist_ok=True)
    for left in {path.stem for path in folder.glob("*.json")} - {claim["id"] for claim in claims}:
        (folder / f"{left}.json").unlink()
    for claim in claims:
        put_json(folder / f"{claim['id']}.json", claim)
    put_json(site / "claims.json", index(claims))


def index(claims: list[dict]) -> dict:
    """Return the list of all claims, with the scale of verdicts and the tables of which the ledger is made."""
    return {
        "version": VERSION,
        "article": article(),
        "book": book(),
        "license": LICENCE,
        "verdicts": {
            verdict: {
                "name": name,
                "meaning": meaning,
                "settles": verdict not in UNSETTLED,
                "claims": sum(claim["verdict"] == verdict for claim in claims),
            }
            for verdict, (name, meaning) in VERDICTS.items()
        },
        "tables": [each for each in checksums() if each["name"] in TABLES],
        "claims": [
            {"id": claim["id"], "claim": claim["claim"], "verdict": claim["verdict"], "file": f"claims/{claim['id']}.json"}
            for claim in claims
        ],
    }


def book() -> dict[str, str]:
    """Return title, version and day of publication of the book."""
    released = edition.citation()["date-released"].isoformat()
    return {"title": edition.name(), "version": edition.citation()["version"], "published": released}


def checksums() -> list[dict[str, str]]:
    """Return name, file and checksum of all tables."""
    return [
        {"name": each["name"], "file": f"data/{each['path']}", "sha256": each["hash"].removeprefix("sha256:")}
        for each in resources()
    ]


def made(app: Sphinx) -> list[dict]:
    """Return all claims in the order of the article."""
    env, site = app.env, app.config.html_baseurl
    facts = {
        id: (page, computed, notes(env, "receipts")[page][id], notes(env, "behind")[page][id])
        for page, found in notes(env, "computed").items()
        for id, computed in found.items()
    }
    sources = {row["key"]: row for row in rows("sources")}
    cited, evidence = rows("claim_citations"), rows("claim_evidence")
    tables, about = checksums(), {"article": article(), "book": book(), "license": LICENCE}

    def source(citation: dict) -> dict:
        found = sources[citation["source_key"]]
        parts = ("key", "authors", "year", "title", "publisher", "url", "accessed", "read_at")
        return {"role": citation["role"], **{part: found[part] for part in parts}}

    def receipt(link: dict) -> dict:
        page, computed, shown, behind = facts[link["fact_id"]]
        at = {"address": f"{site}{app.builder.get_target_uri(page)}#fact-{link['fact_id']}"} if site else {}
        return {"fact": link["fact_id"], **computed, "shown": shown, "states": link["states"], "tables": behind, **at}

    def claim(row: dict) -> dict:
        name, meaning = VERDICTS[row["verdict"]]
        links = [link for link in evidence if link["claim_id"] == row["id"]]
        for link in links:
            if link["fact_id"] not in facts:
                said = "claim_evidence: claim %s names the fact %s, which no page computes; correct the row"
                logger.warning(said, row["id"], link["fact_id"], type="essay")
        receipts = [receipt(link) for link in links if link["fact_id"] in facts]
        number = float(row["number"]) if row["number"] else None
        at = {"address": f"{site}book/ledger.html#ledger-{row['id']}"} if site else {}
        return {
            "version": VERSION,
            **row,
            "position": int(row["position"]),
            "chapter": PARTS[row["chapter"]][1],
            "part": PARTS[row["chapter"]][0],
            "number": int(number) if number is not None and number.is_integer() else number,
            "verdict_name": name,
            "verdict_meaning": meaning,
            "settles": row["verdict"] not in UNSETTLED,
            "sources": [source(citation) for citation in cited if citation["claim_id"] == row["id"]],
            "receipts": receipts,
            "tables": [each for each in tables if any(each["name"] in receipt["tables"] for receipt in receipts)],
            **about,
            **at,
        }

    return [claim(row) for row in sorted(rows("claims"), key=lambda row: int(row["position"]))]
