"""The end of every page: when it changed, what to know of its tables, how to cite it, how to report an error."""

from __future__ import annotations

import json
import re
import subprocess
from datetime import date
from pathlib import Path
from urllib.parse import urlencode

import yaml
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from essay_site.cache.inputs import inputs
from essay_site.data.descriptors import followed, resources, warnings, written
from essay_site.data.table_files import CSV_ADVICE
from essay_site.notes import notes
from essay_site.paths import PROJECT
from essay_site.published.addresses import address
from essay_site.words.typesetting import typeset_words

GITHUB = "https://github.com/"


def citation() -> dict:
    """Return what CITATION.cff says of the book."""
    return yaml.safe_load((PROJECT / "CITATION.cff").read_text(encoding="utf-8"))


def changed(path: Path, released: date) -> date:
    """Return the day a file last changed in the repository; the day of the release where there is no repository."""
    command = ["git", "log", "-1", "--format=%cs", "--", path.name]
    try:
        done = subprocess.run(command, cwd=path.parent, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return released
    return date.fromisoformat(done.stdout.strip()) if done.stdout.strip() else released


def tables(env: BuildEnvironment, page: str) -> set[str]:
    """Return the tables that a page uses: those that its code loads, and those of the receipts that its prose links."""
    path = Path(env.doc2path(page))
    read = inputs(json.loads(path.read_text(encoding="utf-8"))) if path.suffix == ".ipynb" else {}
    behind = {id: names for receipts in notes(env, "behind").values() for id, names in receipts.items()}
    linked = {name for id in notes(env, "uses").get(page, ()) for name in behind.get(id, ())}
    return {label.removeprefix("table ") for label in read if label.startswith("table ")} | linked


def known(env: BuildEnvironment, page: str) -> list[dict]:
    """Return what is to be known of each table of a page: those that say how far they go first, the latest foremost."""
    used = tables(env, page)
    found = [(followed(each) or (date.min, ""), each) for each in resources() if each["name"] in used]
    found.sort(key=lambda pair: pair[1]["title"].lower())
    found.sort(key=lambda pair: pair[0][0], reverse=True)
    return [
        {
            "title": each["title"],
            "anchor": each["name"],
            "followed": told,
            "warnings": list(map(typeset_words, warnings(each))),
        }
        for (_, told), each in found
    ]


def changed_tables(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Name the pages to write again: those of which something else is to be known than when they were last written."""
    told = {page: known(env, page) for page in sorted(env.found_docs)}
    before, env.essay_known = getattr(env, "essay_known", {}), told
    return [page for page in told if before.get(page) != told[page]]


def bibtex(key: str, title: str, book: dict, day: date, url: str) -> str:
    """Return the BibTeX entry of a page."""
    fields = {
        "author": f"{{{book['authors'][0]['name']}}}",
        "title": title,
        "booktitle": book["title"].split(":")[0],
        "year": str(day.year),
        "edition": f"version {book['version']}",
        "url": url,
    }
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@incollection{{{key},\n{lines}}}"


def apa(title: str, book: dict, day: date, url: str) -> str:
    """Return the reference to a page in the style of the American Psychological Association."""
    name = book["title"].split(":")[0]
    place = f" {url}" if url else ""
    return f"{book['authors'][0]['name']} ({day.year}). {title}. In {name} (version {book['version']}).{place}"


def launchers(repository: str, path: str) -> list[tuple[str, str]]:
    """Return services that run a notebook of a GitHub repository in the browser, as (name, address) pairs."""
    if not repository.startswith(GITHUB):
        return []
    name = repository.removeprefix(GITHUB)
    return [
        ("Binder", f"https://mybinder.org/v2/gh/{name}/main?urlpath=lab/tree/{path}"),
        ("Colab", f"https://colab.research.google.com/github/{name}/blob/main/{path}"),
    ]


def end(app: Sphinx, page: str, template: str, context: dict, doctree: nodes.document | None) -> None:
    """Hand the parts to the template `page-end.html`."""
    if doctree is None or app.builder.name != "html":
        return
    book = citation()
    released = book["date-released"]
    path = Path(app.env.doc2path(page))
    day = changed(path, released)
    title = app.env.titles[page].astext()
    site, repository = address("BOOK_URL"), address("BOOK_REPOSITORY")
    url = f"{site}/{app.builder.get_target_uri(page)}" if site else ""
    key = "punishment" + re.sub(r"\W", "", path.stem)
    issue = urlencode({"title": f"Error on the page “{title}”", "body": f"Page: {path.stem}, version {book['version']}\n\n"})
    context["page_end"] = {
        "day": written(day),
        "iso_day": day.isoformat(),
        "version": book["version"],
        "apa": apa(title, book, day, url),
        "bibtex": bibtex(key, title, book, day, url),
        "notebook": f"_sources/{page}.ipynb" if path.suffix == ".ipynb" else "",
        "launchers": launchers(repository, f"{page}.ipynb") if path.suffix == ".ipynb" else [],
        "repository": repository,
        "report": f"{repository}/issues/new?{issue}" if repository else "",
        "published": bool(site),
        "tables": known(app.env, page),
        "csv_advice": CSV_ADVICE if "figure-csv" in context["body"] else "",
    }


def configure(app: Sphinx, config) -> None:
    """Put the end of the page below its text, and drop buttons that say the same."""
    config.html_theme_options.update(
        article_footer_items=["page-end.html"],
        use_download_button=False,
        use_fullscreen_button=False,
    )
