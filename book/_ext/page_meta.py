"""What search engines and social networks are told of each page: a description and a picture."""

from __future__ import annotations

import html
import math
import sys
import textwrap
from pathlib import Path

import matplotlib
from docutils import nodes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from essay import figures

# Search engines show about this many characters of a description.
LONGEST = 200
# Pixels of a social card.
CARD = (1200, 630)
WINGS = 7


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


def _known(env: BuildEnvironment) -> dict[str, tuple[str, str]]:
    """Return page -> question and description, as last read."""
    if not hasattr(env, "essay_about"):
        env.essay_about = {}
    return env.essay_about


def note(app: Sphinx, doctree: nodes.document) -> None:
    """Note what a page is about when it is read."""
    _known(app.env)[app.env.docname] = about(doctree)


def describe(app: Sphinx, page: str, template: str, context: dict, doctree: nodes.document | None) -> None:
    """Add description and social card to the head of a page."""
    if doctree is None or app.builder.name != "html":
        return
    question, description = _known(app.env)[page]
    title = app.env.titles[page].astext()
    tags = [("name", "description", description)]
    site = app.config.html_baseurl
    if site:
        name = f"_images/card-{page.rsplit('/', 1)[-1]}.png"
        path = Path(app.outdir) / name
        path.parent.mkdir(exist_ok=True)
        card(path, app.config.project, title, question or description)
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


def card(path: Path, book: str, title: str, words: str) -> None:
    """Draw the picture that social networks show for a page: book, title and question beside the wheel."""
    with matplotlib.rc_context({**matplotlib.rcParamsDefault, **figures.STYLE}):
        figure = Figure(figsize=(CARD[0] / 100, CARD[1] / 100), dpi=100, facecolor=figures.PAPER)
        FigureCanvasAgg(figure)
        page = figure.add_axes((0, 0, 1, 1))
        page.set(xlim=(0, CARD[0]), ylim=(0, CARD[1]))
        page.axis("off")
        wheel(page, 970, 315, 150)
        page.text(72, 552, book.upper(), size=14, weight=600, color=figures.MUTED, va="center")
        heading = page.text(72, 500, textwrap.fill(title, 27), size=34, weight=600, color=figures.INK, va="top", linespacing=0.95)
        below = heading.get_window_extent().y0
        page.text(72, below - 36, textwrap.fill(words, 52), size=19, color=figures.INK, va="top", linespacing=1.1)
        figure.savefig(path, dpi=100, transparent=False, metadata={"Software": None})


def wheel(page: matplotlib.axes.Axes, x: float, y: float, size: float) -> None:
    """Draw the book's mark: the wings of Eastern State at their hub, inside the wall."""
    left, right, low, high = x - 1.2 * size, x + 1.2 * size, y - 1.2 * size, y + 1.2 * size
    page.plot([left, right, right, left, left], [low, low, high, high, low], color=figures.BLUE, lw=9)
    for wing in range(WINGS):
        angle = math.pi / 2 + 2 * math.pi * wing / WINGS
        across, up = math.cos(angle), math.sin(angle)
        page.plot(
            [x + 0.25 * size * across, x + size * across],
            [y + 0.25 * size * up, y + size * up],
            color=figures.BLUE,
            lw=14,
        )
    page.plot([x], [y], "o", color=figures.RED, ms=44)


def setup(app: Sphinx) -> dict:
    """Register with Sphinx."""
    app.connect("doctree-read", note)
    app.connect("html-page-context", describe)
    return {"version": "1", "parallel_read_safe": False, "parallel_write_safe": True}
