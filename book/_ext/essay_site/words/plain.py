"""Two spellings of one text: plain Markdown, which notebooks hold and any viewer shows, and MyST, which makes the pages.

| In a notebook | In MyST |
|---|---|
| `([Wolf, 2014](https://... "wolf2014gangs"))` | {cite:p}`wolf2014gangs` |
| `[Wolf (2014)](https://... "wolf2014gangs")` | {cite:t}`wolf2014gangs` |
| `[261](#fact-transferred-march)`, `[261](cecot.ipynb#fact-transferred-march)` | `[261](fact:transferred-march)` |
| a quotation after the title of a page | an admonition of class `finding` |
| `<div class="pull">`, `</div>` | `:::{container} pull`, `:::` |
| `<span class="site-only">The code is folded.</span>` | `[The code is folded.]{.site-only}` |

Authors may write either; `make notebooks` stores the plain one.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import NamedTuple

from sphinx.application import Sphinx

_WORK = r'\[[^\]]*\]\(https?://[^\s()]+ "([\w-]+)"\)'
_WORKS = re.compile(rf"\({_WORK}(?:, {_WORK})*\)")
_ONE = re.compile(_WORK)
_FACT = re.compile(r"\]\((?:\w+\.ipynb)?#fact-([\w-]+)\)")
_OPENING = re.compile(r"^(# .+\n\n)((?:>.*(?:\n|$))+)")
_BOX = re.compile(r'^<div class="(\w+)">\n\n(.*?)\n\n</div>$', re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r'<span class="([\w-]+)">([^<\[\]]+)</span>')
_CITED = re.compile(r"\{cite:([pt])\}`([^`]+)`")
_CLASSED = re.compile(r"\[([^\[\]<]+)\]\{\.([\w-]+)\}")
_LINKED = re.compile(r"\]\(fact:([\w-]+)\)")
_HEAD = ":::{admonition} The question, and what was found\n:class: finding\n"
_FINDING = re.compile(rf"^{re.escape(_HEAD)}(.*?)\n:::$", re.MULTILINE | re.DOTALL)
_CONTAINER = re.compile(r"^:::\{container\} (\w+)\n(.*?)\n:::$", re.MULTILINE | re.DOTALL)


class Work(NamedTuple):
    """A work as a sentence names it: by whom, of which year (as text: some have none), and where it can be read."""

    authors: str
    year: str
    url: str


def myst(text: str) -> str:
    """Return a Markdown cell as MyST: with roles for its citations, `fact:` links, and directives for its boxes."""
    text = _WORKS.sub(lambda found: "{cite:p}`" + ",".join(_ONE.findall(found[0])) + "`", text)
    text = _ONE.sub(r"{cite:t}`\1`", text)
    text = _FACT.sub(r"](fact:\1)", text)
    text = _SPAN.sub(r"[\2]{.\1}", text)
    text = _BOX.sub(r":::{container} \1\n\2\n:::", text)
    return _OPENING.sub(lambda found: found[1] + _admonition(found[2]), text)


def _admonition(quotation: str) -> str:
    """Return the quotation that opens a page as the admonition that the page is made of."""
    lines = [line.removeprefix(">").removeprefix(" ") for line in quotation.splitlines()]
    after = "\n" if quotation.endswith("\n") else ""
    return _HEAD + "\n".join(lines) + "\n:::" + after


def plain(text: str, page: str, facts: dict[str, str], works: dict[str, Work]) -> str:
    """Return a Markdown cell of a page as any viewer shows it.

    `facts` names the notebook that records each fact, `works` has each work that can be cited. What neither knows stays
    as it is: the build names it with its place.
    """

    def work(found: re.Match) -> str:
        keys = [key.strip() for key in found[2].split(",")]
        if not works.keys() >= set(keys):
            return found[0]
        links = []
        for key in keys:
            authors, year, url = works[key]
            named = f"{authors}, {year}" if found[1] == "p" else f"{authors} ({year})"
            links.append(f'[{named}]({url.replace("(", "%28").replace(")", "%29")} "{key}")')
        return f"({', '.join(links)})" if found[1] == "p" else " and ".join(links)

    def fact(found: re.Match) -> str:
        at = facts.get(found[1])
        return found[0] if at is None else f"]({'' if at == page else at}#fact-{found[1]})"

    text = _LINKED.sub(fact, _CITED.sub(work, text))
    text = _CLASSED.sub(r'<span class="\2">\1</span>', text)
    text = _CONTAINER.sub(r'<div class="\1">\n\n\2\n\n</div>', text)
    return _FINDING.sub(lambda found: "\n".join(f"> {line}".rstrip() for line in found[1].splitlines()), text)


def read(app: Sphinx, docname: str, source: list[str]) -> None:
    """Read a notebook's text as MyST."""
    if Path(app.env.doc2path(docname)).suffix == ".ipynb":
        notebook = json.loads(source[0])
        for cell in notebook["cells"]:
            if cell["cell_type"] == "markdown":
                cell["source"] = myst("".join(cell["source"]))
        source[0] = json.dumps(notebook)
