"""What search engines and social networks are told of each page: a description and a picture."""

from __future__ import annotations

import html
import textwrap
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx

from essay_site.notes import notes

# Search engines show about this many characters of a description.
LONGEST = 200
# Pixels of a social card.
CARD = (1200, 630)


def about(doctree: nodes.document) -> tuple[str, str]:
    """Return the question of a page (empty where it asks none) and its description."""
    for box in doctree.findall(nodes.admonition):
        if "finding" in box["classes"]:
            question, *finding = [paragraph.astext() for paragraph in box.findall(nodes.paragraph)]
            return question, shortened(" ".join(finding) or question)
    first = next((node for node in doctree.findall(nodes.paragraph) if isinstance(node.parent, nodes.section)), None)
    return "", shortened(first.astext()) if first else ""


def shortened(text: str) -> str:
    """Return whole sentences of a text where one fits, else whole words."""
    text = " ".join(text.split())
    if len(text) <= LONGEST:
        return text
    stop = text.rfind(". ", 0, LONGEST)
    return text[: stop + 1] if stop > LONGEST // 3 else textwrap.shorten(text, LONGEST, placeholder=" …")


def note(app: Sphinx, doctree: nodes.document) -> None:
    """Note what a page is about when it is read."""
    notes(app.env, "about")[app.env.docname] = about(doctree)


def describe(app: Sphinx, page: str, template: str, context: dict, doctree: nodes.document | None) -> None:
    """Add description and social card to the head of a page."""
    if doctree is None or app.builder.name != "html":
        return
    question, description = notes(app.env, "about")[page]
    title = app.env.titles[page].astext()
    tags = [("name", "description", description)]
    site = app.config.html_baseurl
    if site:
        name = f"_images/card-{page.rsplit('/', 1)[-1]}.png"
        path = Path(app.outdir) / name
        path.parent.mkdir(exist_ok=True)
        # Imported when a page is written: a build with nothing to do need not wait for Matplotlib.
        from essay_site.published.social_card import draw

        draw(path, CARD, app.config.project, title, question or description)
        tags += [
            ("property", "og:type", "article"),
            ("property", "og:site_name", app.config.project),
            ("property", "og:title", title),
            ("property", "og:description", description),
            ("property", "og:url", site + app.builder.get_target_uri(page)),
            ("property", "og:image", site + name),
            ("property", "og:image:width", str(CARD[0])),
            ("property", "og:image:height", str(CARD[1])),
            ("property", "og:image:alt", f"{title}. {question or description}"),
            ("name", "twitter:card", "summary_large_image"),
        ]
    context["metatags"] += "".join(
        f'\n<meta {kind}="{name}" content="{html.escape(content, quote=True)}">' for kind, name, content in tags if content
    )
