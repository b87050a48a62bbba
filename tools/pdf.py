"""Print the built pages as one PDF: `python -m tools.pdf` after `make book`.

All pages of `_build/html` go into one document in the order of `_toc.yml`, with receipts as notes at the end of
each chapter, and Chromium prints it twice: the first print tells on which pages the chapters begin, the second has these
numbers in its contents. Links between pages stay links; the headings become the outline.
"""

from __future__ import annotations

import html
import io
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import yaml
from bs4 import BeautifulSoup, Tag
from pypdf import PdfReader, PdfWriter
from pypdf.generic import BooleanObject, DictionaryObject, NameObject, TextStringObject

from essay_site.paths import BUILT, PROJECT
from essay_site.published import edition
from essay_site.published.addresses import address
from tools.browser import opened

# For screens only.
DROPPED = (
    *(".headerlink", ".figure-dark", "details.code", "details.figure-data", ".figure-tools", ".ledger-filter", ".site-only"),
    *(".page-top", ".claim-json"),
    *("form", "script", ".copybtn", "source"),
)
STYLES = ("pygments.css", "house.css", "pdf.css")
HEADINGS = "h1, h2, h3, h4, h5, h6"
# A browser need not lay out the whole book for a window first, and a print for its places needs no ink.
UNSEEN = "@media screen { body { display: none } }"
NO_INK = "* { visibility: hidden !important }"
PRINT = {"prefer_css_page_size": True, "print_background": True, "outline": True, "tagged": True}
# Puts the numbers of pages into the contents.
NUMBERED = "numbers => document.querySelectorAll('.page').forEach((place, entry) => { place.textContent = numbers[entry]; })"


def parts() -> list[list[str]]:
    """Return the names of the pages of each part of the book in reading order; the front page is a part of its own."""
    toc = yaml.safe_load((PROJECT / "_toc.yml").read_text(encoding="utf-8"))
    pages = [[toc["root"]], *([chapter["file"] for chapter in part["chapters"]] for part in toc["parts"])]
    return [[page.removeprefix("book/") for page in part] for part in pages]


def page_names() -> list[str]:
    """Return the names of all pages in reading order."""
    return [page for part in parts() for page in part]


def chapter_names() -> list[str]:
    """Return the names of the chapters: the pages of the essay between its first and its last."""
    return parts()[1][1:-1]


def page_of(site: Path, name: str) -> Tag:
    """Return the text of one page of the built site.

    Raises SystemExit when the page has not been built.
    """
    path = site / "book" / f"{name}.html"
    if not path.is_file():
        raise SystemExit(f"{path} is missing: run `make book` first")
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser").select_one("article.bd-article")


def article(site: Path, name: str, names: list[str]) -> Tag:
    """Return the text of one page of the built site, fit for a single document.

    Raises SystemExit when the page has not been built.
    """
    found = page_of(site, name)
    for piece in found.select(", ".join(DROPPED)):
        piece.decompose()
    receipts_last(found, name)
    for details in found.find_all("details"):
        details["open"] = ""
    for tag in found.find_all(id=True):
        tag["id"] = f"{name}--{tag['id']}"
    for image in found.find_all("img"):
        image["src"] = urljoin(f"{site.as_uri()}/book/", image["src"])
        image["loading"] = "eager"
    for link in found.find_all("a", href=True):
        link["href"] = target(link["href"], name, names)
    found["id"] = name
    return found


def receipts_last(found: Tag, name: str) -> None:
    """Gather the receipts of a page in one table at its end."""
    tables = found.select("details.receipts table")
    if not tables:
        return
    notes = BeautifulSoup(
        '<section class="notes"><h2>Receipts</h2><table><thead></thead><tbody></tbody></table></section>', "html.parser"
    ).section
    notes.thead.replace_with(tables[0].thead.extract())
    for table in tables:
        for row in table.tbody.find_all("tr", recursive=False):
            notes.tbody.append(row.extract())
    for folded in found.select("details.receipts"):
        folded.decompose()
    found.append(notes)


def target(link: str, name: str, names: list[str]) -> str:
    """Return where a link of page `name` leads in the printed book, or on the site where that is all there is."""
    parts = urlsplit(link)
    if parts.scheme:
        return link
    page = Path(parts.path).stem if parts.path else name
    if page in names and (not parts.path or parts.path == f"{page}.html"):
        return f"#{page}--{parts.fragment}" if parts.fragment else f"#{page}"
    site = address("BOOK_URL")
    return urljoin(f"{site}/book/{name}.html", link) if site else ""


def words(node: Tag | None) -> str:
    """Return the text of a piece of a page in one line; nothing where there is no such piece."""
    return " ".join(node.get_text().split()) if node else ""


def document(site: Path) -> str:
    """Return the whole book as one page of HTML, made from the built site.

    Its contents have a `<span class="page">` for the number of the page on which each entry begins.
    """
    names = page_names()
    citation = edition.citation()
    articles = [article(site, name, names) for name in names]
    contents = "".join(
        f'<li><a href="#{name}">{html.escape(words(each.h1))} <span class="page">000</span></a></li>'
        for name, each in zip(names[1:], articles[1:], strict=True)
    )
    # Links that lead nowhere in print stay words.
    for each in articles:
        for link in each.find_all("a", href=""):
            link.unwrap()
    styles = "".join(f'<link rel="stylesheet" href="{(site / "_static" / name).as_uri()}">' for name in STYLES)
    heads = "".join(map(running_head, names, articles))
    title = html.escape(edition.name())
    return (
        f'<!DOCTYPE html><html lang="en" data-theme="light"><head><meta charset="utf-8"><title>{title}</title>{styles}'
        f"<style>{heads}{UNSEEN}</style></head>"
        f'<body><section class="cover"><p class="cover-title">{title}</p>'
        f"<p>{html.escape(', '.join(edition.authors()))}</p>"
        f"<p>Version {citation['version']}, {citation['date-released']:%d %B %Y}. Text and figures CC BY 4.0, code MIT.</p>"
        f'<nav aria-label="Contents"><ol>{contents}</ol></nav></section>'
        + "".join(
            f'<div class="printed-page bd-article-container bd-article" style="page: {name}">{each}</div>'
            for name, each in zip(names, articles, strict=True)
        )
        + "</body></html>"
    )


def running_head(name: str, found: Tag) -> str:
    """Return the style that puts the first half of a page's title at the head of each sheet it is printed on."""
    title = words(found.h1).partition(":")[0].replace("\\", "").replace('"', "")
    return f'@page {name} {{ @top-center {{ content: "{title}"; }} }}\n'


def described(printed: bytes, headings: list[str], title: str) -> bytes:
    """Return a printed book with the titles of its outline as the headings have them, and with authors and subject.

    Chromium glues the lines of a heading together where they break. Raises SystemExit where the outline is another.
    """
    book = PdfWriter(io.BytesIO(printed), incremental=True)
    entries = list(outlined(book.root_object["/Outlines"]["/First"]))
    letters = re.compile(r"\W+")
    if [letters.sub("", entry["/Title"]) for entry in entries] != [letters.sub("", heading) for heading in headings]:
        raise SystemExit("the outline of the PDF does not have the headings of the pages, in their order")
    for entry, heading in zip(entries, headings, strict=True):
        entry[NameObject("/Title")] = TextStringObject(heading)
    citation = edition.citation()
    about = {"/Title": title, "/Author": ", ".join(edition.authors()), "/Subject": " ".join(citation["abstract"].split())}
    book.add_metadata({**about, "/Keywords": ", ".join(citation["keywords"])})
    # Readers show the title of the book above its pages, not the name of the file.
    preferences = DictionaryObject({NameObject("/DisplayDocTitle"): BooleanObject(True)})
    book.root_object[NameObject("/ViewerPreferences")] = preferences
    whole = io.BytesIO()
    book.write(whole)
    return whole.getvalue()


def outlined(entry: DictionaryObject) -> Iterator[DictionaryObject]:
    """Yield an entry of an outline, what stands under it, and the entries after it."""
    while entry is not None:
        yield entry.get_object()
        if "/First" in entry:
            yield from outlined(entry["/First"])
        entry = entry.get("/Next") and entry["/Next"]


def print_book(site: Path, output: Path) -> None:
    """Print the built site as a PDF, through temporary files, so that a failure leaves the old one whole.

    Raises SystemExit when there is no Chromium.
    """
    page_of_html = document(site)
    with tempfile.TemporaryDirectory() as folder, opened() as browser:
        source = Path(folder) / "book.html"
        source.write_text(page_of_html, encoding="utf-8")
        page = browser.new_page()
        page.goto(source.as_uri(), wait_until="load")
        page.evaluate("Promise.all([...document.images].map(image => image.decode()))")
        # Of the first print only the places are wanted to which the contents lead.
        blank = page.add_style_tag(content=NO_INK)
        first = PdfReader(io.BytesIO(page.pdf(**{**PRINT, "outline": False, "tagged": False})))
        blank.evaluate("style => style.remove()")
        begins = [first.get_destination_page_number(first.named_destinations[f"/{name}"]) + 1 for name in page_names()[1:]]
        page.evaluate(NUMBERED, begins)
        headings = [" ".join(heading.split()) for heading in page.locator(HEADINGS).all_text_contents()]
        printed = described(page.pdf(**PRINT), headings, page.title())
    temporary = output.with_suffix(".pdf.part")
    temporary.write_bytes(printed)
    temporary.replace(output)


if __name__ == "__main__":
    print_book(BUILT / "html", BUILT / "book.pdf")
    print("printed _build/book.pdf", file=sys.stderr)
