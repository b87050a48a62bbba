"""Lead to the ledger, narrowed to what is asked for: from marks, keys, tables of verdicts and the claims of a chapter.

The ledger takes `?part=...&verdict=...&words=...` (ledger.js); without scripts it lists all claims. One claim has one
address, `ledger.html#ledger-<id>`.
"""

from __future__ import annotations

import html
import re
from urllib.parse import urlencode

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from essay_site.data.read_tables import CELL, ROW
from essay_site.data.table_files import CSV_ADVICE
from essay_site.notes import notes
from essay_site.records import recorded, rewrite

OPTION = re.compile(r'<option value="([^"]+)">([^<]*)</option>')
MARK = re.compile(r'(claim-mark claim-([\w-]+)" href="ledger\.html)#')
KEY = re.compile(r'(<li class="claim-([\w-]+)">)(.*?)</li>')
# A card stands whole in front of the place that its address names; where that place lies inside, browsers open it.
CARD = re.compile(r'<article class="claim ([^"]*)" id="(claim-[\w-]+)"(.*?<details>)(<summary>.*?</summary>)', re.DOTALL)
OWN_LINK = re.compile(r'(<a class="claim-id" href=")#claim-')
FOOT = re.compile(r'(<span class="confidence">[^<]*</span>)(?=</p></details><a class="claim-id"[^>]*>([\w-]+)</a>)')
LABEL = re.compile(r'(<p class="claims-label">.*?)</p>', re.DOTALL)
TABLE = re.compile(r"<table.*?</table>", re.DOTALL)


def note(app: Sphinx, doctree: nodes.document) -> None:
    """Note what the ledger can be narrowed by, as its form has it: the names of parts and verdicts, and their values."""
    for node, _ in recorded(doctree, "controls"):
        selects = re.findall(r'<select name="(\w+)">(.*?)</select>', node.astext(), re.DOTALL)
        notes(app.env, "ledger")[app.env.docname] = {
            field: {html.unescape(name): value for value, name in OPTION.findall(options)} for field, options in selects
        }


def link(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Write the links of a page of the site."""
    if app.builder.name != "html":
        return
    for node, _ in recorded(doctree, "verdicts"):
        page = MARK.sub(r"\1?verdict=\2#", node.astext())
        rewrite(node, KEY.sub(lambda match: f"{match[1]}{narrowed(match[3], verdict=match[2])}</li>", page))
    for node, _ in recorded(doctree, "claims"):
        rewrite(node, as_data(cards(app.env, node.astext())))
    for node, _ in recorded(doctree, "ledger"):
        rewrite(node, as_data(node.astext()))
    for node, _ in recorded(doctree, "figure"):
        rewrite(node, counts(app.env, node.astext()))
    for node, _ in recorded(doctree, "controls"):
        reset = '<button type="reset">Reset</button><output'
        rewrite(node, f'<p class="csv-advice">{CSV_ADVICE}</p>' + node.astext().replace("<output", reset))


def values(env: BuildEnvironment, field: str) -> dict[str, str]:
    """Return the names of all parts or verdicts, each with its value in an address."""
    return {name: value for page in notes(env, "ledger").values() for name, value in page[field].items()}


def narrowed(words: str, **wanted: str) -> str:
    """Return HTML as a link to the ledger, narrowed."""
    return f'<a href="ledger.html?{html.escape(urlencode(wanted))}">{words}</a>'


def cards(env: BuildEnvironment, page: str) -> str:
    """Return a list of claims whose cards open when an address names them, with links to their parts of the ledger."""
    names = {value: name for name, value in values(env, "part").items()}
    parts = ", ".join(
        narrowed(names.get(part, part), part=part) for part in dict.fromkeys(re.findall(r'data-part="(\w+)"', page))
    )
    page = LABEL.sub(rf'\1 <span class="claims-more">All in the ledger: {parts}</span></p>', page)
    page = CARD.sub(r'<article class="claim \1"\3\4<span class="claim-place" id="\2"></span>', page)
    return OWN_LINK.sub(r"\1ledger.html#ledger-", page)


def as_data(page: str) -> str:
    """Return cards of claims, each with a link to the claim as JSON (essay_site.published.claim_files)."""
    words = '<span class="visually-hidden">Claim \\2 as </span>JSON'
    return FOOT.sub(rf'\1 <a class="claim-json" href="../claims/\2.json">{words}</a>', page)


def counts(env: BuildEnvironment, page: str) -> str:
    """Return a figure; where its table counts verdicts, one a column, each number above zero leads to its claims."""
    verdicts, parts = values(env, "verdict"), values(env, "part")

    def table(match: re.Match) -> str:
        heads = [html.unescape(words) for _, words, _ in CELL.findall(ROW.search(match[0])[1])]
        if not verdicts or not set(verdicts) <= set(heads):
            return match[0]

        def row(line: re.Match) -> str:
            cells = CELL.findall(line[1])
            part = parts.get(html.unescape(cells[0][1]))
            wanted = {"part": part} if part else {}
            linked = []
            for head, (start, words, end) in zip(heads, cells, strict=True):
                asked = wanted | ({"verdict": verdicts[head]} if head in verdicts else {})
                linked.append(start + (narrowed(words, **asked) if asked and words != "0" else words) + end)
            return f"<tr>{''.join(linked)}</tr>"

        return ROW.sub(row, match[0])

    return TABLE.sub(table, page)
