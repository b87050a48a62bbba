"""What the search of the site knows: every place of every page, and the words readers see there.

A place is what an address can lead to: a section, a figure, a claim, a receipt, a term, a work. Its words are those of the
finished page, with tables and descriptions of figures and without code. They are one script, which pages opened from a
folder can load too; the index is made of it in the browser, when somebody searches (book/_static/search/search.js).
Sphinx's own index, which knows neither numbers nor places, is left out.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

from sphinx.application import Sphinx

from essay_site.files import put
from essay_site.words import openings

FOLDER = "_static/search"
FILE = "places.js"
# What the last build found, among what Sphinx keeps beside the pages.
CACHE = "places.json"
# Sphinx's search, of which nothing else on the site makes use; the index only where an earlier build left it.
SPHINX_SCRIPTS = ("searchtools.js", "language_data.js", "sphinx_highlight.js", "doctools.js")
SPHINX = ("searchindex.js", *(f"_static/{name}" for name in SPHINX_SCRIPTS))

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
# Where a line of text begins and ends; the cells of a row are told apart within it.
LINES = {"article", "caption", "details", "div", "figcaption", "figure", "li", "p", "section", "summary", "tr"}
LINES |= {"blockquote", "br", "dl", "h1", "h2", "h3", "h4", "h5", "h6", "ol", "table", "ul"}
CELLS = {"td", "th", "dt"}
# What stands on a page and is no text of it: code, tools, links back, words for those who do not see what is beside them.
UNSAID_TAGS = {"pre", "form", "button", "script", "style", "nav"}
UNSAID = {"headerlink", "figure-tools", "back", "visually-hidden", "kicker", "byline"}
# The words in an address are nobody's: of an address in full, its host is text.
ADDRESS = re.compile(r"https?://(?:www\.)?([^/\s]+)\S*")
# Shorter lines are not worth a number.
LONG = 40
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}


class Place:
    """One place: fragment of its address, kind, the parts of its title and of its words."""

    def __init__(self, fragment: str, kind: str):
        self.fragment, self.kind = fragment, kind
        self.title: list[str] = []
        self.words: list[str] = []
        self.key = ""

    def told(self) -> list:
        """Return fragment, kind, title and lines of words."""
        title = " ".join("".join(self.title).split())
        words = re.sub(r" *\t[ \t]*", "\t", re.sub(" +", " ", "".join(self.words)))
        words = ADDRESS.sub(r"\1", re.sub(r"[ \t]*\n\s*", "\n", words))
        lines = words.strip().split("\n")
        return [self.fragment, self.kind, f"{self.key}: {title}" if self.key else title or lines[0], lines]


@dataclass
class Element:
    """An open element: whether its text is left out, whether it is the title of its place, what follows it, the last term."""

    tag: str
    place: Place | None = None
    unsaid: bool = False
    named: bool = False
    after: str = ""
    term: Place | None = None


class Reader(HTMLParser):
    """Takes a finished page apart."""

    def __init__(self):
        super().__init__()
        self.places: list[Place] = []
        self.open = [Element("")]

    def kind(self, tag: str, classes: set[str], fragment: str | None) -> str | None:
        """Return what kind of place begins with a tag, '' for a section, None where none does."""
        if tag == "article" and "claim" in classes:
            return "Claim"
        if tag == "details" and "record" in classes:
            return "Tables"
        if fragment is None:
            return None
        if tag == "div" and "citation" in classes:
            return "Work"
        if tag == "tr":
            return "Receipt" if fragment.startswith("fact-") else "Row"
        return {"section": "", "figure": "Figure", "dt": "Term"}.get(tag)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element, and the place that begins with it."""
        attributes = dict(attrs)
        classes = set((attributes.get("class") or "").split())
        outer = self.open[-1]
        if tag in VOID:
            self.void(tag, attributes, outer)
            return
        place, fragment = outer.place, attributes.get("id")
        if (kind := self.kind(tag, classes, fragment)) is not None and not outer.unsaid:
            place = Place(fragment or "", kind)
            self.places.append(place)
        elif tag == "dd" and outer.term:
            place = outer.term
        if tag == "dt":
            outer.term = place if fragment else None
        if place and fragment and {"claim-place", "record-place"} & classes:
            # Inside what is folded, so that the browser unfolds it.
            place.fragment = fragment
        if place and place.kind == "Claim":
            place.key = place.fragment.partition("-")[2]
        unsaid = outer.unsaid or tag in UNSAID_TAGS or bool(UNSAID & classes) or (tag == "details" and "code" in classes)
        if place and (tag in LINES or tag == "dt"):
            place.words.append("\n")
        after = "\n" if tag in LINES or tag == "dd" else "\t" if tag in CELLS or "verdict" in classes else ""
        self.open.append(Element(tag, place, unsaid, outer.named or self.names(tag, classes, place), after))

    def names(self, tag: str, classes: set[str], place: Place | None) -> bool:
        """Tell whether a tag begins the title of its place."""
        if place is None or place.title:
            return False
        return {
            "": tag in HEADINGS,
            "Figure": "figure-title" in classes,
            "Claim": "claim-text" in classes,
            "Receipt": tag == "th",
            "Row": tag == "th",
            "Term": tag == "dt",
            "Work": tag == "em",
            "Tables": tag == "summary",
        }[place.kind]

    def void(self, tag: str, attributes: dict, outer: Element) -> None:
        """Take the description of a picture, once for all modes, and the end of a line."""
        if outer.place is None or outer.unsaid:
            return
        words = outer.place.words
        if tag == "br":
            words.append("\n")
        elif tag == "img" and attributes.get("alt") and (alt := f"\n{attributes['alt']}\n") not in words:
            words.append(alt)

    def handle_endtag(self, tag: str) -> None:
        """Close an element with those inside it that HTML lets stay open."""
        if all(element.tag != tag for element in self.open):
            return
        while (element := self.open.pop()).tag != tag:
            pass
        if element.place:
            element.place.words.append(element.after)

    def handle_data(self, data: str) -> None:
        """Take text where a reader meets it."""
        element = self.open[-1]
        if element.place is None or element.unsaid:
            return
        text = re.sub(r"\s+", " ", data)
        element.place.words.append(text)
        if element.named:
            element.place.title.append(text)


def ours_alone(app: Sphinx) -> None:
    """Keep Sphinx from making its index; its search page is written all the same."""
    if app.builder.name == "html":
        app.builder.search = False
        app.config.html_additional_pages = {**app.config.html_additional_pages, "search": "search.html"}


def outdate(app: Sphinx, page: str, template: str, context: dict, doctree: object) -> None:
    """Take the script away as soon as a page is written, and note the pages that come of no file."""
    if app.builder.name == "html":
        (Path(app.outdir) / FOLDER / FILE).unlink(missing_ok=True)
        if page not in app.env.all_docs:
            besides(app).add(page)


def besides(app: Sphinx) -> set[str]:
    """Return the pages that come of no file: extensions write theirs with every build, or say which ones stand."""
    return vars(app.builder).setdefault("essay_pages_besides", set())


def places(content: str) -> list[list]:
    """Return the places of a page, the first of which has its title."""
    reader = Reader()
    reader.feed(content)
    return [place.told() for place in reader.places]


def script(pages: dict[str, list[list]], behind: dict[str, int]) -> str:
    """Return the script that holds the places of all pages: address -> places; `behind` says how far some stand behind the essay.

    Long lines that recur stand in it once.
    """
    counts = Counter(line for found in pages.values() for *_, lines in found for line in lines if len(line) > LONG)
    shared = {line: number for number, line in enumerate(line for line, count in counts.items() if count > 1)}
    told = []
    for address, found in pages.items():
        numbered = [[*place, [shared.get(line, line) for line in lines]] for *place, lines in found]
        told.append({"page": address, "title": found[0][2], "behind": behind.get(address, 0), "places": numbered})
    known = json.dumps({"shared": list(shared), "pages": told}, ensure_ascii=False, separators=(",", ":"))
    return f"var bookPlaces = {known};\n"


def known(app: Sphinx, pages: list[str]) -> dict[str, list[list]]:
    """Return the places of pages, taking those from the last build whose page is the same byte for byte."""
    cache = Path(app.doctreedir) / CACHE
    last = json.loads(cache.read_text(encoding="utf-8")) if cache.is_file() else {}
    now = {}
    for page in pages:
        content = Path(app.builder.get_outfilename(page)).read_bytes()
        digest = hashlib.sha256(app.config.essay_page_code.encode() + content).hexdigest()
        kept = last.get(page, {})
        found = kept["places"] if kept.get("digest") == digest else places(content.decode())
        now[page] = {"digest": digest, "places": found}
    cache.write_text(json.dumps(now), encoding="utf-8")
    return {page: entry["places"] for page, entry in now.items()}


def write(app: Sphinx, error: Exception | None) -> None:
    """Write the script of all places, unless it stands and no page has been written."""
    if error or app.builder.name != "html":
        return
    site = Path(app.outdir)
    for name in SPHINX:
        (site / name).unlink(missing_ok=True)
    target = site / FOLDER / FILE
    if target.is_file():
        return
    told = known(app, sorted({*app.env.all_docs, *besides(app)}))
    pages = {app.builder.get_target_uri(page): found for page, found in told.items() if found}
    behind = {app.builder.get_target_uri(page): 1 for _, part in openings.parts(app)[1:] for page in part}
    # What extensions write says once more what stands in the essay and its tables.
    behind |= {address: 3 for page in told if page not in app.env.all_docs and (address := app.builder.get_target_uri(page))}
    put(target, script(pages, behind))
