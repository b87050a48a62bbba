"""Lead every `fact:` link of the prose to its receipt, on whichever page that is, and check its words."""

from __future__ import annotations

import html
import re

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

logger = logging.getLogger(__name__)

RECEIPT = re.compile(r'<tr id="fact-([^"]+)"[^>]*><th scope="row">(.*?)</th>', re.DOTALL)


def _receipts(env: BuildEnvironment) -> dict[str, tuple[str, str]]:
    """Return the receipts read so far: fact id -> page and words."""
    if not hasattr(env, "essay_receipts"):
        env.essay_receipts = {}
    return env.essay_receipts


def forget(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """Drop the receipts of a page that is read again."""
    env.essay_receipts = {id: kept for id, kept in _receipts(env).items() if kept[0] != docname}


def collect(app: Sphinx, doctree: nodes.document) -> None:
    """Note the receipts that a page records."""
    for node in doctree.findall(nodes.raw):
        for id, words in RECEIPT.findall(node.astext()):
            before = _receipts(app.env).get(id)
            if before and before[0] != app.env.docname:
                logger.warning("fact %r is recorded on %s and on %s", id, before[0], app.env.docname, type="essay")
            _receipts(app.env)[id] = (app.env.docname, html.unescape(words))


def resolve(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Point the links of a page to their receipts; warn of unknown facts and of words that differ."""
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


def setup(app: Sphinx) -> dict:
    """Register with Sphinx."""
    app.connect("env-purge-doc", forget)
    app.connect("doctree-read", collect)
    app.connect("doctree-resolved", resolve)
    return {"version": "1", "parallel_read_safe": False, "parallel_write_safe": True}
