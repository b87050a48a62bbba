"""The bibliography by author and year, as the text cites, with ways back to where a work is cited."""

from __future__ import annotations

from typing import ClassVar

from docutils import nodes
from pybtex.database import Entry
from pybtex.plugin import find_plugin, register_plugin
from pybtex.richtext import Text
from pybtex.style import FormattedEntry
from pybtex.style.formatting import toplevel
from pybtex.style.formatting.unsrt import Style
from pybtex.style.template import field, join, names, optional, optional_field, sentence, tag, words
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from essay_site.notes import notes
from essay_site.records import recorded

STYLE = "essay"


class AuthorYear(Style):
    """`Sabol, William J.; West, Heather C. (2010). Prisoners in 2009. Bureau of Justice Statistics. ...`"""

    default_name_style = "lastfirst"
    default_sorting_style = "author_year_title"
    known: ClassVar[dict[str, tuple[Entry, FormattedEntry]]] = {}

    def get_misc_template(self, entry: Entry):
        """Return the form of a work; all works of the book are of this type."""
        return toplevel[
            words[names("author", sep="; ", sep2="; ", last_sep="; "), join["(", field("year"), ")."]],
            sentence[tag("em")[field("title")]],
            sentence[optional[field("howpublished", apply_func=lambda said: without_year(said, entry.fields["year"]))]],
            sentence[optional_field("note")],
            self.format_web_refs(entry),
        ]

    def format_entry(self, label: str, entry: Entry, bib_data=None) -> FormattedEntry:
        """Return a work as it is set: as before, where it has not changed; tooltips ask for each a second time."""
        before, formatted = self.known.get(label, (None, None))
        if before != entry:
            formatted = super().format_entry(label, entry, bib_data)
            self.known[label] = entry, formatted
        return formatted


def without_year(published: Text, year: str) -> Text:
    """Return who published a work, and on which day without its year, which stands after the author."""
    return published[: -len(year) - 1] if published.endswith(f" {year}") else published


def register() -> None:
    """Make the style known by name, for `bibtex_default_style`; and, found once, what sets works.

    Otherwise every citation has it looked up in all packages that are installed, which takes longer than all else of a page.
    """
    register_plugin("pybtex.style.formatting", STYLE, AuthorYear)
    for name in ("docutils", "plaintext"):
        register_plugin("pybtex.backends", name, find_plugin("pybtex.backends", name), force=True)


def remember(app: Sphinx, env: BuildEnvironment) -> None:
    """Let works that the last build set stand as they were, unless the code that sets them is another.

    A work that could not be set has no tooltip; it is tried, and reported, again.
    """
    code = app.config.essay_page_code
    same = getattr(env, "essay_set_by", None) == code
    env.essay_set_by = code
    citations = env.get_domain("cite").citations if same else []
    AuthorYear.known = {
        work.formatted_entry.label: (work.entry, work.formatted_entry) for work in citations if work.tooltip_entry
    }


def note(app: Sphinx, doctree: nodes.document) -> None:
    """Note the claims that each work settles, from the ledger."""
    notes(app.env, "settles")[app.env.docname] = {
        claim["id"]: claim["sources"] for _, claims in recorded(doctree, "ledger") for claim in claims
    }


def places(env: BuildEnvironment) -> dict[str, list[tuple[str, str, str]]]:
    """Return where each work is cited, by its key: (page, anchor, words) in reading order, then the claims it settles."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    order = list(env.collect_relations())
    for use in sorted(env.get_domain("cite").citation_refs, key=lambda use: order.index(use.docname)):
        title = env.titles[use.docname].astext().split(":")[0]
        for target in use.targets:
            before = found.setdefault(target.key, [])
            times = sum(page == use.docname for page, _, _ in before)
            before.append((use.docname, use.citation_ref_id, str(times + 1) if times else title))
    for page, claims in notes(env, "settles").items():
        for id, keys in claims.items():
            for key in keys:
                found.setdefault(key, []).append((page, f"ledger-{id}", id))
    return found


def changed(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Name the bibliography when works are cited in other places than when it was last written."""
    now = places(env)
    before, env.essay_cited = getattr(env, "essay_cited", None), now
    return [] if before == now else [key.docname for key in env.get_domain("cite").bibliographies]


def resolve(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Take the labels from the works of a bibliography, which nothing cites by them, and say where each is cited."""
    entries = list(doctree.findall(nodes.citation))
    if not entries:
        return
    keys = {citation.citation_id: citation.key for citation in app.env.get_domain("cite").citations}
    cited = places(app.env)
    for entry in entries:
        for label in list(entry.findall(nodes.label)):
            entry.remove(label)
        back = nodes.paragraph("", "Cited in: ", classes=["cited"])
        for number, (page, anchor, said) in enumerate(cited.get(keys[entry["ids"][0]], [])):
            back += nodes.Text(", " if number else "")
            address = f"{app.builder.get_relative_uri(docname, page)}#{anchor}"
            back += nodes.reference("", said, internal=True, refuri=address)
        if len(back) > 1:
            entry += back
