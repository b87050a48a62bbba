"""The end of every page: what to know of its tables, how to cite it and take the book along."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from essay_site.data.descriptors import followed, resources, warnings
from essay_site.data.table_files import CSV_ADVICE
from essay_site.notes import notes
from essay_site.published import edition
from essay_site.published.addresses import address
from essay_site.words.typesetting import typeset_words


def tables(env: BuildEnvironment, page: str) -> set[str]:
    """Return the tables that a page uses: those that its code loads, and those of the receipts that its prose links."""
    behind = {id: names for receipts in notes(env, "behind").values() for id, names in receipts.items()}
    linked = {name for id in notes(env, "uses").get(page, ()) for name in behind.get(id, ())}
    return notes(env, "loaded").get(page, set()) | linked


def known(env: BuildEnvironment, page: str) -> list[dict]:
    """Return what is to be known of each table of a page: those that say how far they go first, the latest foremost."""
    return told(tables(env, page))


def told(used: Collection[str]) -> list[dict]:
    """Return what is to be known of some tables, in the same order."""
    found = [(followed(each) or (date.min, ""), each) for each in resources() if each["name"] in used]
    found.sort(key=lambda pair: pair[1]["title"].lower())
    found.sort(key=lambda pair: pair[0][0], reverse=True)
    return [
        {
            "title": each["title"],
            "anchor": each["name"],
            "followed": told,
            "record_ends": each.get("record_ends"),
            "warnings": list(map(typeset_words, warnings(each))),
        }
        for (_, told), each in found
    ]


def changed_tables(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Name the pages to write again: those of which something else is to be known than when they were last written."""
    told = {page: known(env, page) for page in sorted(env.found_docs)}
    before, env.essay_known = getattr(env, "essay_known", {}), told
    return [page for page in told if before.get(page) != told[page]]


def bibtex(key: str, title: str, year: int, url: str) -> str:
    """Return the BibTeX entry of a page."""
    book = edition.citation()
    fields = {"title": title, "booktitle": edition.name(), "year": str(year), "edition": f"version {book['version']}"}
    return edition.bibtex("incollection", key, **fields, doi=book.get("doi"), url=url)


def apa(title: str, year: int, url: str) -> str:
    """Return the reference to a page in the style of the American Psychological Association."""
    book = edition.citation()
    where = f"https://doi.org/{book['doi']}" if "doi" in book else url
    names = " & ".join(edition.authors())
    return f"{names} ({year}). {title}. In {edition.name()} (version {book['version']}).{f' {where}' if where else ''}"


def end(app: Sphinx, page: str, template: str, context: dict, doctree: nodes.document | None) -> None:
    """Hand the parts to the template `page-end.html`."""
    if doctree is None or app.builder.name != "html":
        return
    path = Path(app.env.doc2path(page))
    context["page_end"] = parts(app, page, app.env.titles[page].astext(), path.stem, edition.updated(path).year) | {
        "tables": known(app.env, page),
        "csv_advice": CSV_ADVICE if "figure-csv" in context["body"] else "",
    }


def parts(app: Sphinx, page: str, title: str, name: str, year: int) -> dict:
    """Return what the end of every page says: how to cite it, and whether the whole book can be had beside it."""
    site = address("BOOK_URL")
    url = f"{site}/{app.builder.get_target_uri(page)}" if site else ""
    return {
        "apa": apa(title, year, url),
        "bibtex": bibtex("punishment" + re.sub(r"\W", "", name), title, year, url),
        "published": bool(site),
    }


def configure(app: Sphinx, config) -> None:
    """Put the end of the page below its text, and drop buttons and a footer that say what its top says."""
    config.html_theme_options.update(
        article_footer_items=["page-end.html"],
        footer_content_items=[],
        use_download_button=False,
        use_fullscreen_button=False,
    )
