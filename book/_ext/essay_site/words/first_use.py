"""Link each term of the glossary where a page first uses it, so that authors need not."""

from __future__ import annotations

import re

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

GLOSSARY = "book/glossary"
# Terms also link in these forms.
FORMS = {
    "Radial plan": ["radial plan", "radial layout"],
    "Panopticon": ["panopticon", "panopticons"],
    "Supermax": ["supermax", "supermaxes"],
    "Obligation": ["obligations"],
    "ILEA": ["ILEA", "International Law Enforcement Academy"],
    "INL": ["INL", "bureau for narcotics and law enforcement"],
    "Interim stay": ["interim stay", "stayed it"],
    "Rate per 100,000": ["per 100,000 residents", "per 100,000"],
    "Third-country removal": ["removals to third countries", "third countries"],
    "Segregation": ["segregation"],
}
# Text inside these is a name, a title or a link already, or the data of a table.
CLOSED = (nodes.reference, nodes.title, nodes.literal, nodes.raw, nodes.caption, nodes.literal_block, nodes.entry)


class FirstUse(SphinxPostTransform):
    """Wrap the first mention of each term on a page in a link to its entry."""

    default_priority = 900

    def run(self, **kwargs) -> None:
        """Look through the page's text, once gathered, for every term."""
        page = self.env.docname
        if page == GLOSSARY or GLOSSARY not in self.env.found_docs:
            return
        texts = [(node, node.astext()) for node in self.document.findall(nodes.Text) if not closed(node)]
        for term, target in terms(self.app).items():
            pattern = re.compile("|".join(rf"\b{re.escape(form)}\b" for form in FORMS.get(term, [written(term)])))
            for at, (node, text) in enumerate(texts):
                if match := pattern.search(text):
                    around = link(self.app, page, node, match, target)
                    texts[at : at + 1] = [(part, part.astext()) for part in around]
                    break


def terms(app: Sphinx) -> dict[str, str]:
    """Return the glossary's terms and their anchors, the longest term first."""
    objects = app.env.get_domain("std").objects
    found = {name: anchor for (kind, name), (page, anchor) in objects.items() if kind == "term" and page == GLOSSARY}
    return dict(sorted(found.items(), key=lambda pair: -len(pair[0])))


def written(term: str) -> str:
    """Return a term as it stands inside a sentence: abbreviations and names keep their capitals."""
    proper = term[1:].lower() != term[1:] or term in ("Title 8",)
    return term if proper else term[0].lower() + term[1:]


def closed(node: nodes.Text) -> bool:
    """Tell whether a text must be left alone."""
    parent = node.parent
    while parent is not None:
        if isinstance(parent, CLOSED) or "toctree-wrapper" in parent.get("classes", []):
            return True
        parent = parent.parent
    return False


def link(app: Sphinx, page: str, node: nodes.Text, match: re.Match, anchor: str) -> list[nodes.Text]:
    """Replace the matched words of a text by a link to the glossary, and return the texts around it."""
    text = node.astext()
    address = f"{app.builder.get_relative_uri(page, GLOSSARY)}#{anchor}"
    reference = nodes.reference("", match[0], refuri=address, internal=True, classes=["term"])
    before, after = nodes.Text(text[: match.start()]), nodes.Text(text[match.end() :])
    node.parent.replace(node, [part for part in (before, reference, after) if part.astext()])
    return [part for part in (before, after) if part]
