"""The book as an EPUB: pages an e-reader can parse, light figures only, tables and data on the site.

E-readers read XML, run no scripts and hold one figure for all modes; the pieces that notebooks print are HTML.
"""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup
from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.application import Sphinx
from sphinx.config import Config

from essay_site.paths import BOOK
from essay_site.published import edition
from essay_site.published.addresses import address
from essay_site.records import rewrite

# Useless or forbidden in a book that cannot be scrolled sideways, filtered or downloaded from.
DROPPED = ("details.figure-data", "form.ledger-filter")
STATIC = BOOK / "_static"
EPUB_STYLE = "epub.css"
PLUGINS = ("clipboard.min.js", "copybutton.js", "copybutton_funcs.js", "copybutton.css")
ATTRIBUTES = ("loading", "decoding", "download", "tabindex")


def configure(app: Sphinx, config: Config) -> None:
    """Name the book from CITATION.cff."""
    book = edition.citation()
    config.version = book["version"]
    config.epub_title = config.project
    config.epub_author = ", ".join(edition.authors())
    config.epub_description = " ".join(book["abstract"].split())
    config.epub_publisher = config.epub_author
    config.epub_copyright = "CC BY 4.0"
    # One name in both lists of contents of an EPUB, fit to be an XML name.
    config.epub_identifier = config.epub_uid = config.project.lower().replace(" ", "-")
    config.epub_scheme = "ID"
    config.epub_basename = "book"
    config.epub_show_urls = "no"
    config.epub_css_files = [EPUB_STYLE]
    ours = [path.relative_to(STATIC).as_posix() for path in STATIC.rglob("*") if path.name != EPUB_STYLE]
    config.epub_exclude_files = [f"_static/{name}" for name in [*ours, *PLUGINS]]


def leave_out_code(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Drop the folded code: it is in the notebooks, and e-readers cannot run it."""
    if app.builder.name == "epub":
        for box in list(doctree.findall(HideCodeCellNode)):
            box.parent.remove(box)


def fit(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Turn the HTML of a page's outputs into XML, with light figures and addresses that hold outside the site."""
    if app.builder.name != "epub":
        return
    here = urljoin(f"{address('BOOK_URL')}/", f"{docname}.html") if address("BOOK_URL") else ""
    for node in doctree.findall(nodes.raw):
        rewrite(node, fitted(node.astext(), here))


def fitted(page: str, here: str) -> str:
    """Return a piece of HTML as XML; `here` is the page's public address, empty where it has none."""
    soup = BeautifulSoup(page, "html.parser")
    for piece in soup.select(", ".join(DROPPED)):
        piece.decompose()
    for tag in soup.find_all(True):
        for attribute in ATTRIBUTES:
            del tag[attribute]
    for link in soup.find_all("a", href=True):
        parts = urlsplit(link["href"])
        if parts.scheme:
            continue
        if parts.path.endswith(".html"):
            link["href"] = parts._replace(path=f"{parts.path.removesuffix('.html')}.xhtml").geturl()
        elif parts.path and here:
            link["href"] = urljoin(here, link["href"])
        elif parts.path:
            link.unwrap()
    return soup.decode()


def styled(app: Sphinx, page: str, template: str, context: dict, doctree: nodes.document | None) -> None:
    """Leave out the styles and scripts of the site, which are not for e-readers."""
    if app.builder.name == "epub":
        context["css_files"] = [file for file in context["css_files"] if str(file.filename).endswith(EPUB_STYLE)]
        context["script_files"] = []
