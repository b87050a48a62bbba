"""Lead every `fact:` link of the prose to its receipt, on whichever page that is, and check its words.

Each receipt in turn leads back to the sentences that use its number.
"""

from __future__ import annotations

import html
import re

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

logger = logging.getLogger(__name__)

RECEIPT = re.compile(r'<tr id="fact-([^"]+)"[^>]*><th scope="row">(.*?)</th>', re.DOTALL)
ROW = re.compile(r'(<tr id="fact-([^"]+)"[^>]*><th scope="row">.*?</th><td>.*?)(</td>)', re.DOTALL)


def _receipts(env: BuildEnvironment) -> dict[str, tuple[str, str]]:
    """Return the receipts read so far: fact id -> page and words."""
    if not hasattr(env, "essay_receipts"):
        env.essay_receipts = {}
    return env.essay_receipts


def _uses(env: BuildEnvironment) -> dict[str, dict[str, int]]:
    """Return where facts are used: page -> fact id -> how many times."""
    if not hasattr(env, "essay_uses"):
        env.essay_uses = {}
    return env.essay_uses


def forget(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """Drop what is known of a page that is read again."""
    env.essay_receipts = {id: kept for id, kept in _receipts(env).items() if kept[0] != docname}
    _uses(env).pop(docname, None)


def collect(app: Sphinx, doctree: nodes.document) -> None:
    """Note the receipts that a page records, and name the places where it uses facts."""
    page = app.env.docname
    for node in doctree.findall(nodes.raw):
        for id, words in RECEIPT.findall(node.astext()):
            before = _receipts(app.env).get(id)
            if before and before[0] != page:
                logger.warning("fact %r is recorded on %s and on %s", id, before[0], page, type="essay")
            _receipts(app.env)[id] = (page, html.unescape(words))
    used = _uses(app.env).setdefault(page, {})
    for node in doctree.findall(nodes.reference):
        if "fact" in node.get("classes", []):
            id = node["refuri"].removeprefix("#fact-")
            used[id] = used.get(id, 0) + 1
            node["ids"].append(_place(id, used[id]))


def changed(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Name the pages to write again: those whose receipts are used in other places than when last written."""
    backs = {
        page: {id: _places(env, id) for id, (recorded, _) in _receipts(env).items() if recorded == page}
        for page in {recorded for recorded, _ in _receipts(env).values()}
    }
    before, env.essay_backs = getattr(env, "essay_backs", {}), backs
    return [page for page, places in backs.items() if before.get(page) != places]


def resolve(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Point the links of a page to their receipts and its receipts back; warn of unknown facts and of words that differ."""
    for node in doctree.findall(nodes.reference):
        if "fact" not in node.get("classes", []):
            continue
        id = node["refuri"].removeprefix("#fact-")
        if id not in _receipts(app.env):
            logger.warning("unknown fact %r", id, location=node, type="essay")
            continue
        page, words = _receipts(app.env)[id]
        if node.astext() != words:
            logger.warning("fact %r reads %r, its receipt %r", id, node.astext(), words, location=node, type="essay")
        if page != docname:
            node["refuri"] = f"{app.builder.get_relative_uri(docname, page)}#fact-{id}"
    if app.builder.format == "html":
        for node in doctree.findall(nodes.raw):
            text = node.astext()
            if '<tr id="fact-' in text:
                page = ROW.sub(lambda row: row[1] + _back(app, docname, row[2]) + row[3], text)
                node.children = [nodes.Text(page)]
                node.rawsource = page


def _place(id: str, time: int) -> str:
    """Return the anchor of the first, second ... use of a fact on a page."""
    return f"use-{id}" if time == 1 else f"use-{id}-{time}"


def _places(env: BuildEnvironment, id: str) -> list[tuple[str, str]]:
    """Return all uses of a fact as (page, anchor), in the order of their pages' names."""
    return [(page, _place(id, time)) for page in sorted(_uses(env)) for time in range(1, _uses(env)[page].get(id, 0) + 1)]


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


def setup(app: Sphinx) -> dict:
    """Register with Sphinx."""
    app.connect("env-purge-doc", forget)
    app.connect("doctree-read", collect)
    app.connect("env-updated", changed)
    app.connect("doctree-resolved", resolve)
    return {"version": "2", "parallel_read_safe": False, "parallel_write_safe": True}
