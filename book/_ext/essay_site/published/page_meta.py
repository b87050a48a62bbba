"""What search engines and social networks are told of each page: a description and a picture."""

from __future__ import annotations

import hashlib
import html
import re
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx

from essay_site.cache.inputs import PACKAGE, REQUIREMENTS, digest
from essay_site.files import put
from essay_site.notes import notes
from essay_site.published import edition
from essay_site.records import recorded

# Search engines show about this many characters of a description.
LONGEST = 200
# Pixels of a social card.
CARD = (1200, 630)
# Where one sentence ends and another begins, but for initials: "U.S. Department".
SENTENCE = re.compile(r"(?<![A-Z]\.)(?<=[.?!]) (?=[A-Z])")
# Years and days say when, not how many.
DATE = re.compile(r"(?:.* )?(?:1[5-9]|20)\d\d")
# How a sentence begins that cannot stand alone.
POINTING = ("It ", "Its ", "They ", "Their ", "These ", "This ", "Those ", "That ")
# A number in the title of a figure.
COUNTED = re.compile(r"\d[\d,.]*(?: (?:per cent|million|billion))?")


@dataclass(frozen=True)
class About:
    """What a page is about: its question (empty where it asks none), a description, its number and the sentence around it."""

    question: str
    description: str
    number: str = ""
    sentence: str = ""


def about(doctree: nodes.document) -> About:
    """Return what a page is about, from its finding, the title of its first figure, and its first paragraph."""
    for box in doctree.findall(nodes.admonition):
        if "finding" in box["classes"]:
            question, *finding = box.findall(nodes.paragraph)
            number, sentence = in_finding(finding)
            if not number:
                number, sentence = in_figure(doctree)
            told = " ".join(map(words, finding)) or words(question)
            return About(words(question), shortened(told), number, sentence)
    first = next((node for node in doctree.findall(nodes.paragraph) if isinstance(node.parent, nodes.section)), None)
    return About("", shortened(words(first)) if first else "", *in_figure(doctree))


def words(node: nodes.Node) -> str:
    """Return the text of a part of a page without its citations, which have not been resolved."""
    cited = [text for link in node.findall(pending_xref) if link.get("refdomain") == "cite" for text in link.findall(nodes.Text)]
    text = "".join(part.astext() for part in node.findall(nodes.Text) if not any(part is each for each in cited))
    return re.sub(r"\s+(?=[.,;:?!]|$)", "", re.sub(r"\s+", " ", text))


def in_finding(finding: list[nodes.paragraph]) -> tuple[str, str]:
    """Return the first number of a finding that has a receipt and is no date, with its sentence; empty where there is none.

    A sentence that points back has the one before it as well. Where it begins with a whole, "Of 23 units three ...", the
    number is the part of it, "three of 23".
    """
    for paragraph in finding:
        numbers = [link.astext() for link in paragraph.findall(nodes.reference) if "fact" in link["classes"]]
        sentences = SENTENCE.split(words(paragraph))
        for before, sentence in zip(["", *sentences], sentences, strict=False):
            held = [number for number in numbers if re.search(rf"(?<!\w){re.escape(number)}(?!\w)", sentence)]
            if held := [number for number in held if not DATE.fullmatch(number)]:
                return part(held, sentence), f"{before} {sentence}" if sentence.startswith(POINTING) else sentence
    return "", ""


def in_figure(doctree: nodes.document) -> tuple[str, str]:
    """Return the number in the title of a page's first figure, with the title; empty where there is none."""
    for _, figure in recorded(doctree, "figure"):
        if held := [number for number in COUNTED.findall(figure["title"]) if not DATE.fullmatch(number)]:
            return part(held, figure["title"]), f"{figure['title']}."
    return "", ""


def part(numbers: list[str], sentence: str) -> str:
    """Return the first number of a sentence; where that is the whole at its beginning, the next as a part of it."""
    return f"{numbers[1]} of {numbers[0]}" if sentence.startswith(f"Of {numbers[0]} ") and len(numbers) > 1 else numbers[0]


def shortened(text: str) -> str:
    """Return whole sentences of a text where one fits, else whole words."""
    text = " ".join(text.split())
    if len(text) <= LONGEST:
        return text
    stop = max((end.start() for end in SENTENCE.finditer(text, 0, LONGEST)), default=0)
    return text[:stop] if stop > LONGEST // 3 else textwrap.shorten(text, LONGEST, placeholder=" …")


def note(app: Sphinx, doctree: nodes.document) -> None:
    """Note what a page is about when it is read."""
    notes(app.env, "about")[app.env.docname] = about(doctree)


def card(page: str) -> str:
    """Return where the social card of a page stands, below the site's root."""
    return f"_images/card-{page.rsplit('/', 1)[-1]}.png"


@cache
def drawing() -> list[str]:
    """Return digests of what cards are drawn with besides the code of the pages: style, colours, letters and Matplotlib."""
    library = sorted(path for path in PACKAGE.rglob("*") if path.suffix in (".py", ".ttf"))
    return [digest(path) for path in (REQUIREMENTS, *library)]


def describe(app: Sphinx, page: str, template: str, context: dict, doctree: nodes.document | None) -> None:
    """Add description and social card to the head of a page."""
    if doctree is None or app.builder.name != "html":
        return
    told = notes(app.env, "about")[page]
    title = app.env.titles[page].astext()
    if app.config.html_baseurl:
        path, kept = Path(app.outdir) / card(page), Path(app.doctreedir) / f"{card(page)}.digest"
        made_of = repr([app.config.essay_page_code, drawing(), CARD, app.config.project, title, told])
        known = hashlib.sha256(made_of.encode()).hexdigest()
        if not (path.is_file() and kept.is_file() and kept.read_text(encoding="utf-8") == known):
            for file in (path, kept):
                file.parent.mkdir(parents=True, exist_ok=True)
            kept.unlink(missing_ok=True)
            # Imported when a card has to be drawn: a build with nothing to draw need not wait for Matplotlib.
            from essay_site.published.social_card import draw

            draw(path, CARD, app.config.project, title, told)
            put(kept, known)
    context["metatags"] += tags(app, page, title, told.description, page, edition.updated(Path(app.env.doc2path(page))))


def tags(app: Sphinx, page: str, title: str, description: str, pictured: str, day: date) -> str:
    """Return what the head of a page says to search engines and social networks.

    pictured: the page whose card is shown. day: when the page last changed.
    """
    card_of = notes(app.env, "about")[pictured]
    found = [("name", "description", description), ("name", "author", ", ".join(edition.authors()))]
    site = app.config.html_baseurl
    if site:
        found += [
            ("property", "og:type", "article"),
            ("property", "article:published_time", edition.citation()["date-released"].isoformat()),
            ("property", "article:modified_time", day.isoformat()),
            ("property", "og:site_name", app.config.project),
            ("property", "og:title", title),
            ("property", "og:description", description),
            ("property", "og:url", site + app.builder.get_target_uri(page)),
            ("property", "og:image", site + card(pictured)),
            ("property", "og:image:width", str(CARD[0])),
            ("property", "og:image:height", str(CARD[1])),
            (
                "property",
                "og:image:alt",
                f"{app.env.titles[pictured].astext()}. {card_of.sentence or card_of.question or card_of.description}",
            ),
            ("name", "twitter:card", "summary_large_image"),
        ]
    return written(found)


def written(found: Iterable[tuple[str, str, str]]) -> str:
    """Return tags for the head of a page, each given as (`name` or `property`, its value, content), without empty ones."""
    return "".join(
        f'\n<meta {kind}="{name}" content="{html.escape(content, quote=True)}">' for kind, name, content in found if content
    )
