"""Open every page as a book does: where it stands, its title, the question, how long it takes, what was found.

The pieces come from the notebook itself: its title ("Eastern State: the plan that travelled") and the
admonition of class `finding` that follows. Nothing but their arrangement is added here.
"""

from __future__ import annotations

import re

from docutils import nodes
from sphinx.application import Sphinx

from essay_site.notes import notes

# An adult reads about this many English words a minute (Brysbaert 2019: 238 for non-fiction).
WORDS_A_MINUTE = 238
# Text inside these is looked up, not read through.
NOT_READ = (nodes.literal_block, nodes.raw, nodes.comment)


def parts(app: Sphinx) -> list[tuple[str, list[str]]]:
    """Return the parts of the book as `_toc.yml` has them: caption and pages."""
    book = app.config.external_site_map.root.subtrees
    return [(part.caption, [str(page) for page in part.items]) for part in book if part.caption]


def kicker(app: Sphinx, page: str) -> str | None:
    """Return the line above a page's title: chapters between the first and the last of their part are numbered."""
    for number, (caption, pages) in enumerate(parts(app)):
        if page in pages:
            place = pages.index(page)
            numbered = number == 0 and 0 < place < len(pages) - 1
            return f"Chapter {place}" if numbered else caption
    return None


def words(doctree: nodes.document) -> int:
    """Return how many words of a page are read through: its prose without code, tables and figures."""
    return sum(
        len(node.astext().split())
        for node in doctree.findall(nodes.paragraph)
        if not any(isinstance(parent, (*NOT_READ, nodes.table)) for parent in parents(node))
    )


def parents(node: nodes.Node) -> list[nodes.Node]:
    """Return everything that a node stands in."""
    found = []
    while (node := node.parent) is not None:
        found.append(node)
    return found


def note(app: Sphinx, doctree: nodes.document) -> None:
    """Note the length of a page when it is read, before links are spelt out."""
    notes(app.env, "words")[app.env.docname] = words(doctree)


def arrange(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Arrange the opening of a page."""
    above = kicker(app, docname)
    title = next(doctree.findall(nodes.title), None)
    if app.builder.format != "html" or above is None or title is None:
        return
    section = title.parent
    split(title)
    finding = next((node for node in section.findall(nodes.admonition) if "finding" in node["classes"]), None)
    opening = [paragraph(above, "kicker")]
    lead: list[nodes.Node] = []
    if finding is not None:
        _, question, *found = finding.children
        question["classes"].append("deck")
        minutes = max(1, round(notes(app.env, "words")[docname] / WORDS_A_MINUTE))
        lead = [question, paragraph(f"{minutes} minutes to read" if minutes > 1 else "1 minute to read", "byline")]
        if found:
            box = nodes.container("", paragraph("What was found", "found-label"), *found, classes=["found"])
            lead.append(box)
        finding.parent.remove(finding)
    place = section.index(title)
    section.insert(place, opening)
    section.insert(place + 2, lead)
    after = section[place + 2 + len(lead)]
    if above.startswith("Chapter") and isinstance(after, nodes.paragraph):
        # A chapter's first paragraph says how its receipts work: who knows that passes over it.
        after["classes"].append("how-to-read")


def split(title: nodes.title) -> None:
    """Set the second half of a title, after its colon, on a line of its own."""
    text = title.astext()
    match = re.fullmatch(r"([^:]+): (.+)", text)
    if match is None or len(title.children) != 1:
        return
    title.children = []
    title += nodes.Text(match[1])
    title += nodes.inline("", ": ", classes=["title-colon"])
    title += nodes.inline("", match[2], classes=["title-second"])


def paragraph(text: str, name: str) -> nodes.paragraph:
    """Return a paragraph of one class."""
    return nodes.paragraph("", text, classes=[name])
