"""Lead every `fact:` link of the prose to its receipt, on whichever page that is, and check its words.

Each receipt in turn leads back to the sentences that use its number.
"""

from __future__ import annotations

import html

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from essay_site.notes import notes
from essay_site.records import recorded, rewrite

logger = logging.getLogger(__name__)


def note(app: Sphinx, doctree: nodes.document) -> None:
    """Note the receipts that a page records and how often it uses which facts, and name these places.

    Of a receipt the words are noted (`receipts`), the tables behind them (`behind`), and value and how it was computed
    (`computed`), all by the fact's id.
    """
    page = app.env.docname
    made = [fact for _, facts in recorded(doctree, "facts") for fact in facts]
    notes(app.env, "receipts")[page] = {fact["id"]: fact["shown"] for fact in made}
    notes(app.env, "behind")[page] = {
        fact["id"]: [label.removeprefix("table ") for label, _ in fact["sources"] if label.startswith("table ")] for fact in made
    }
    notes(app.env, "computed")[page] = {fact["id"]: {"value": fact["value"], "how": fact["how"]} for fact in made}
    used = notes(app.env, "uses")[page] = {}
    for node in doctree.findall(nodes.reference):
        if "fact" in node.get("classes", []):
            id = node["refuri"].removeprefix("#fact-")
            used[id] = used.get(id, 0) + 1
            node["ids"].append(_place(id, used[id]))


def check(app: Sphinx, env: BuildEnvironment) -> None:
    """Warn of facts that two pages record."""
    pages: dict[str, str] = {}
    for page, receipts in sorted(notes(env, "receipts").items()):
        for id in receipts:
            if id in pages:
                logger.warning("fact %r is recorded on %s and on %s", id, pages[id], page, type="essay")
            pages[id] = page


def changed(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Name the pages to write again: those whose receipts are used in other places than when last written."""
    backs = {page: {id: _places(env, id) for id in receipts} for page, receipts in notes(env, "receipts").items()}
    before, env.essay_backs = getattr(env, "essay_backs", {}), backs
    return [page for page, places in backs.items() if before.get(page) != places]


def resolve(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Point the links of a page to their receipts and its receipts back; warn of unknown facts and of words that differ."""
    known = {id: (page, words) for page, facts in notes(app.env, "receipts").items() for id, words in facts.items()}
    for node in doctree.findall(nodes.reference):
        if "fact" not in node.get("classes", []):
            continue
        id = node["refuri"].removeprefix("#fact-")
        if id not in known:
            logger.warning("unknown fact %r", id, location=node, type="essay")
            continue
        page, words = known[id]
        if node.astext() != words:
            logger.warning("fact %r reads %r, its receipt %r", id, node.astext(), words, location=node, type="essay")
        if page != docname:
            node["refuri"] = f"{app.builder.get_relative_uri(docname, page)}#fact-{id}"
    if app.builder.format == "html":
        for node, facts in recorded(doctree, "facts"):
            text = node.astext()
            for fact in facts:
                # The place that `essay.facts` leaves for it.
                text = text.replace(f'<span data-back="{fact["id"]}"></span>', _back(app, docname, fact["id"]))
            rewrite(node, text)


def _place(id: str, time: int) -> str:
    """Return the anchor of the first, second ... use of a fact on a page."""
    return f"use-{id}" if time == 1 else f"use-{id}-{time}"


def _places(env: BuildEnvironment, id: str) -> list[tuple[str, str]]:
    """Return all uses of a fact as (page, anchor), in the order of their pages' names."""
    uses = notes(env, "uses")
    return [(page, _place(id, time)) for page in sorted(uses) for time in range(1, uses[page].get(id, 0) + 1)]


def _back(app: Sphinx, docname: str, id: str) -> str:
    """Return the links from a receipt back to the sentences that use it, those of its own page first."""
    links = []
    for page, anchor in sorted(_places(app.env, id), key=lambda place: place[0] != docname):
        here = page == docname
        address = f"#{anchor}" if here else f"{app.builder.get_relative_uri(docname, page)}#{anchor}"
        where = "text" if here else app.env.titles[page].astext().split(":")[0]
        number = sum(f">{where}" in link for link in links)
        words = f"{where} {number + 1}" if number else where
        links.append(f'<a href="{html.escape(address, quote=True)}">{html.escape(words)}</a>')
    return f' <span class="back">Back to {", ".join(links)}</span>' if links else ""
