"""The book as an EPUB: pages an e-reader can parse, light figures only, tables and data on the site.

E-readers read XML, run no scripts and hold one figure for all modes; the pieces that notebooks print are HTML.
"""

from __future__ import annotations

import html
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup
from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.application import Sphinx
from sphinx.builders.epub3 import HTML_TAG, Epub3Builder
from sphinx.config import Config
from sphinx.errors import ExtensionError

from essay_site.files import put
from essay_site.paths import BOOK
from essay_site.published import edition
from essay_site.published.addresses import address
from essay_site.records import rewrite

# Useless or forbidden in a book that cannot be scrolled sideways, filtered or downloaded from.
DROPPED = ("details.figure-data", "form.ledger-filter")
# What is true of the site alone, and so marked: `[The code is folded.]{.site-only}`.
SITE_ONLY = "site-only"
COVER = "_static/cover.png"
# Pixels, two to three as books are.
COVER_SIZE = (1600, 2400)
STATIC = BOOK / "_static"
EPUB_STYLE = "epub.css"
PLUGINS = ("clipboard.min.js", "copybutton.js", "copybutton_funcs.js", "copybutton.css")
ATTRIBUTES = ("loading", "decoding", "download", "tabindex")


class Builder(Epub3Builder):
    """Sphinx's builder, with sections in the contents, a cover that is drawn, and nobody as the contributor."""

    html_tag = HTML_TAG.replace(">", ' lang="en" xml:lang="en">')

    def get_toc(self) -> None:
        """Collect all pages in reading order, each with its sections; Sphinx follows the menu, which has no sections."""
        self.refnodes = []
        for page in self.env.collect_relations():
            file = self.get_target_uri(page)
            self.refnodes.append({"level": 1, "refuri": file, "text": html.escape(self.env.titles[page].astext())})
            for entry in self.env.tocs[page].findall(nodes.reference):
                # The entry of the page itself has no anchor, and those of sections stand in the list within its list.
                if entry["anchorname"] and len(list(lists_around(entry))) == 2:
                    address = f"{file}{entry['anchorname']}"
                    self.refnodes.append({"level": 2, "refuri": address, "text": html.escape(entry.astext())})

    def handle_finish(self) -> None:
        """Draw the cover before the files are listed and packed."""
        # What an earlier build left: the page of the cover would be listed twice, and Jupyter Book's way to the first page is
        # of no known type.
        for left in (self.coverpage_name, "index.html"):
            (Path(self.outdir) / left).unlink(missing_ok=True)
        # Imported here: no other build draws it, and Matplotlib takes its time.
        from essay_site.published.social_card import cover

        cover(Path(self.outdir) / COVER, COVER_SIZE, self.config.epub_title, self.config.epub_author)
        super().handle_finish()

    def build_content(self) -> None:
        """Write the list of contents, without the contributor that Sphinx wants to be told, and with the cover marked.

        Raises ExtensionError when Sphinx no longer writes it as this expects.
        """
        super().build_content()
        path = Path(self.outdir) / "content.opf"
        listed = path.read_text(encoding="utf-8")
        contributor = f"    <dc:contributor>{self.config.epub_contributor}</dc:contributor>\n"
        cover = f'href="{COVER}" '
        for part in (contributor, cover):
            if listed.count(part) != 1:
                raise ExtensionError(f"content.opf is not as essay_site/published/epub.py expects it, with one {part.strip()}")
        put(path, listed.replace(contributor, "").replace(cover, f'{cover}properties="cover-image" '))


def lists_around(node: nodes.Node) -> Iterator[nodes.bullet_list]:
    """Yield the lists that a node stands in."""
    while (node := node.parent) is not None:
        if isinstance(node, nodes.bullet_list):
            yield node


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
    # The contents as `Builder` collects them, and none of them twice.
    config.epub_tocscope = "includehidden"
    config.epub_tocdup = False
    config.epub_use_index = False
    config.epub_css_files = []
    config.epub_cover = (COVER, "epub-cover.html")
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
    for words in [node for node in doctree.findall(nodes.inline) if SITE_ONLY in node["classes"]]:
        words.parent.remove(words)
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
        # The pages of countries stand on the site alone.
        if parts.path.endswith(".html") and not parts.path.startswith("country/"):
            link["href"] = parts._replace(path=f"{parts.path.removesuffix('.html')}.xhtml").geturl()
        elif parts.path and here:
            link["href"] = urljoin(here, link["href"])
        elif parts.path:
            link.unwrap()
    for tools in soup.select(".figure-tools:not(:has(a))"):
        tools.decompose()
    return soup.decode()


def styled(app: Sphinx, page: str, template: str, context: dict, doctree: nodes.document | None) -> None:
    """Leave out the styles and scripts of the site; the theme of e-books names a sheet, in whose place ours lies."""
    if app.builder.name == "epub":
        context["css_files"] = [file for file in context["css_files"] if str(file.filename).endswith(EPUB_STYLE)]
        context["script_files"] = []
