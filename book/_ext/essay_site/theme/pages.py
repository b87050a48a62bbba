"""Pages with lighter marks, without a script that runs inside them, and with a policy that forbids any but the site's own."""

from __future__ import annotations

import re

from sphinx.application import Sphinx

# Scripts, pictures, fonts and requests from the site itself; styles inside the page are the theme's.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
    )
)
# Names, operators, punctuation and space in code have the colour of the code itself: a mark around each only weighs.
PLAIN_CODE = re.compile(r'<span class="(?:n|nn|o|p|w)">([^<]*)</span>')
# The parts of a string (prefix, text, escapes, braces) have one colour: where they touch, one mark is enough.
STRING_PARTS = re.compile(r'(?:<span class="(?:s1|s2|sa|sd|se|si)">[^<]*</span>){2,}')
MARK = re.compile("<[^>]+>")
# The one kind of script that may stand inside a page: a browser neither runs it nor holds the policy against it.
DATA = "application/ld+json"
VIEWPORT = re.compile(r'<meta name="viewport"[^>]*>\s*')
# Docutils puts a paragraph around the text of every cell and a span around every word of code. Where there is one of
# them, the cell or the code alone says as much, and the catalogue is a third lighter to lay out.
CELL = re.compile(r"(<t[dh][^>]*>)<p>((?:(?!</?p>).)*)</p>(</t[dh]>)", re.DOTALL)
WORD_OF_CODE = re.compile(r'(<code class="docutils literal notranslate">)<span class="pre">([^<]*)</span></code>')


def data_block(text: str) -> str:
    """Return JSON as data inside a page: written so that no word of it can end the block."""
    safe = text.replace("<", r"\u003c")
    return f'\n<script type="{DATA}">{safe}</script>'


def slim(app: Sphinx, page: str, template: str, context: dict, doctree) -> None:
    """Leave a page lighter marks in its text, no script but those of its template, and the policy."""
    context["content_security_policy"] = POLICY
    # Docutils tells the width of the screen as the layout does.
    context["metatags"] = VIEWPORT.sub("", context.get("metatags", ""))
    body = context.get("body", "")
    # The roles docutils gives a bibliography are deprecated, and its list holds other things besides entries.
    body = body.replace(' role="doc-biblioentry"', "")
    body = body.replace('<div role="list" class="citation-list">', '<div class="citation-list">')
    body = CELL.sub(r"\1\2\3", body)
    body = WORD_OF_CODE.sub(r"\1\2</code>", body)
    body = PLAIN_CODE.sub(r"\1", body)
    context["body"] = STRING_PARTS.sub(lambda parts: f'<span class="s2">{MARK.sub("", parts[0])}</span>', body)
    # The layout names the one script of the site (scripts.py), and the search page its own.
    context["script_files"] = []
