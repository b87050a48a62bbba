"""Turn the figures that notebooks carry inside themselves into files of the site, in light and dark."""

from __future__ import annotations

import base64
import html
import itertools
import re
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.osutil import relative_uri

from essay_site.files import put
from essay_site.library import module
from essay_site.records import recorded, rewrite

HOUSE = module("colours")
STEPS = re.compile(r'<div class="figure-steps" hidden>(?:<div class="figure-step">.*?</div>)*</div>', re.DOTALL)
PICTURE = re.compile(r"<picture>.*?</picture>", re.DOTALL)
NARROWER = round(HOUSE["NARROW"] * HOUSE["PIXELS"])
NARROW = re.compile(rf'<svg [^>]*width="{NARROWER}"')
# A figure names its tables by their files; a reader wants to know first what to know of a table.
FILE = re.compile(r'href="\.\./data/(\w+)\.\w+"')
NOTED = '</p><p class="figure-tools">'
VALUES = re.compile(r""" data-unit="[^"]*" data-values='[^']*'""")
TOOLS = re.compile(r'(?<=<p class="figure-tools">).*?(?=</p>)', re.DOTALL)
# Between quotes, that is in an attribute: in the cells of a table quotes are escaped, so no cell can pass for a file.
EMBEDDED = re.compile(r"(?<=\")data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)")
CSV = re.compile(r'(?<= download=")([a-z0-9-]+\.csv)" href="data:text/csv;base64,([A-Za-z0-9+/=]+)')


def place(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Write the figures of a page below the site's root and link to them."""
    if app.builder.format != "html":
        return
    here = app.builder.get_target_uri(docname)
    for node, figure in recorded(doctree, "figure"):
        rewrite(node, _placed(app, here, figure, catalogued(node.astext(), figure["sources"])))


def catalogued(page: str, tables: list[str]) -> str:
    """Return the HTML of a figure with a link to the entry of each of its tables in the catalogue."""
    others = [name for name in tables if name not in FILE.findall(page)]
    links = ", ".join(f'<a href="catalogue.html#{name}">{name}</a>' for name in others)
    told = f" In the catalogue: {links}." if links else ""
    return FILE.sub(r'href="catalogue.html#\1"', page).replace(NOTED, told + NOTED, 1)


def _placed(app: Sphinx, here: str, figure: dict, page: str) -> str:
    """Return the HTML of one figure with files in place of what it carried inside."""
    if app.builder.name == "epub":
        # No script runs there that could step or tell values.
        page = VALUES.sub("", STEPS.sub("", page))
    id = figure["id"]
    # The first picture is the whole, and the others are steps to it.
    number = itertools.count()
    page = PICTURE.sub(lambda match: _pair(app, here, f"{id}-{n}" if (n := next(number)) else id, match[0]), page)
    page = CSV.sub(lambda match: f'{match[1]}" href="{_file(app, here, f"_downloads/{match[1]}", _content(match[2]))}', page)
    return page if app.builder.name == "epub" else TOOLS.sub(lambda match: _tools(here, figure, match[0]), page)


def _tools(here: str, figure: dict, files: str) -> str:
    """Return what a reader can take from a figure: its address, data, picture, and how to cite its page."""
    id = figure["id"]
    of = f'<span class="visually-hidden"> of this figure: {html.escape(figure["title"])}</span>'
    svg = relative_uri(here, f"_images/{id}-wide-light.svg")
    tools = (
        f'<a href="#fig-{id}">Link{of.replace(" of ", " to ", 1)}</a>',
        files,
        f'<a class="figure-svg" download="{id}.svg" href="{svg}">SVG{of}</a>',
        # A script makes it of the SVG: a file for each would weigh more than all pages together.
        f'<button type="button" class="figure-png">PNG{of}</button>',
        f'<a href="#cite">Cite{of}</a>',
    )
    return " ".join(tools)


def _pair(app: Sphinx, here: str, id: str, picture: str) -> str:
    """Return two pictures for one: for light paper and for dark."""

    def placed(mode: str) -> str:
        def write(match: re.Match) -> str:
            svg = _content(match[1])
            shape = "narrow" if NARROW.match(svg) else "wide"
            return _file(app, here, f"_images/{id}-{shape}-{mode}.svg", HOUSE["darkened"](svg) if mode == "dark" else svg)

        return EMBEDDED.sub(write, picture).replace("<picture>", f'<picture class="figure-{mode}">')

    if app.builder.name == "epub":
        # E-readers hold one picture for every mode and width.
        picture = re.sub(r"<source[^>]*>", "", picture)
        return placed("light")
    # One alternative text is enough: only one of the two pictures is ever shown.
    return placed("light") + placed("dark")


def _content(encoded: str) -> str:
    """Return the text that a data URI carries."""
    return base64.b64decode(encoded).decode()


def _file(app: Sphinx, here: str, name: str, content: str) -> str:
    """Write a file of the site and return its address as seen from page `here`."""
    if app.builder.name == "epub" and name.endswith(".csv"):
        # The link leads to the site.
        return relative_uri(here, name)
    path = Path(app.outdir) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    put(path, content)
    return relative_uri(here, name)
