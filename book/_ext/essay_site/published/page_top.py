"""The top of every page: who made it, when, how far its record goes, how to run it, how to report an error."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from urllib.parse import urlencode

from docutils import nodes
from sphinx.application import Sphinx

from essay_site.data.descriptors import written
from essay_site.published import edition
from essay_site.published.addresses import address
from essay_site.published.page_end import known

GITHUB = "https://github.com/"
# Where the front page says how to run the book, and the page of what changed how to report an error.
HOW_TO_RUN = "#three-ways-to-use-this-book"
HOW_TO_REPORT = "#report-an-error"


def place(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the top of a page under its title, after the line that says how long it takes where there is one.

    On the front page it ends what is said beside the map.
    """
    heading = next(doctree.findall(nodes.title), None)
    if app.builder.name != "html" or heading is None:
        return
    byline = next((node for node in doctree.findall(nodes.paragraph) if "byline" in node["classes"]), heading)
    path = Path(app.env.doc2path(docname))
    notebook = f"{docname}.ipynb" if path.suffix == ".ipynb" else ""
    title, day = app.env.titles[docname].astext(), edition.updated(path)
    made = nodes.raw("", top(app, docname, title, path.stem, day, known(app.env, docname), notebook), format="html")
    standfirst = next((node for node in doctree.findall(nodes.container) if "standfirst" in node["classes"]), None)
    if standfirst is not None:
        # The front page is set in two columns: what it finds stands beside its map, and this below.
        standfirst += made
    else:
        byline.parent.insert(byline.parent.index(byline) + 1, made)


def top(app: Sphinx, page: str, title: str, name: str, day: date, tables: list[dict], notebook: str = "") -> str:
    """Return the top of a page, as `page-top.html` has it.

    name: what a report of an error calls the page. day: when it last changed. tables: what is known of those it uses.
    """
    repository = address("BOOK_REPOSITORY")
    released = edition.citation()["date-released"]

    def to(other: str) -> str:
        return app.builder.get_relative_uri(page, other)

    sources = f"{'../' * page.count('/')}_sources"
    links = [("Notebook", f"{sources}/{notebook}"), ("Notebook with its tables", f"{sources}/{page}.zip")] if notebook else []
    links += launchers(repository, notebook)
    links += [("How to run it", to("book/index") + HOW_TO_RUN)]
    links += [("Source", repository)] if repository else []
    links += [("What changed", to("book/changes"))]
    links += [("Report an error", report(title, name) or to("book/changes") + HOW_TO_REPORT)]
    told = {
        "authors": " and ".join(re.sub("^The ", "the ", author) for author in edition.authors()),
        "published": (released.isoformat(), written(released)),
        "updated": (day.isoformat(), written(day)) if day > released else None,
        "record": record(sorted({each["record_ends"] for each in tables if each["record_ends"]})),
        "links": links,
    }
    return app.builder.templates.render("page-top.html", told)


def record(days: list[str]) -> str:
    """Say when the records of a page's tables end, from the days in order; nothing where none declares it."""
    first, last = (written(date.fromisoformat(day)) for day in (days[0], days[-1])) if days else ("", "")
    return first if first == last else f"between {first} and {last}, by table"


def launchers(repository: str, notebook: str) -> list[tuple[str, str]]:
    """Return services that run a notebook of a GitHub repository in the browser, as (name, address) pairs."""
    if not notebook or not repository.startswith(GITHUB):
        return []
    name = repository.removeprefix(GITHUB)
    return [
        ("Binder", f"https://mybinder.org/v2/gh/{name}/main?urlpath=lab/tree/{notebook}"),
        ("Colab", f"https://colab.research.google.com/github/{name}/blob/main/{notebook}"),
    ]


def report(title: str, name: str) -> str:
    """Return the address of a new issue about a page; empty where the repository is not known."""
    repository = address("BOOK_REPOSITORY")
    version = edition.citation()["version"]
    issue = urlencode({"title": f"Error on the page “{title}”", "body": f"Page: {name}, version {version}\n\n"})
    return f"{repository}/issues/new?{issue}" if repository else ""
