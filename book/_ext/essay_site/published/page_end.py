"""The end of every page: when it changed, how to cite it, what to take along, how to report an error."""

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

from essay_site.cache.inputs import inputs
from essay_site.paths import DATA, PROJECT
from essay_site.published.addresses import address

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


def written(day: date) -> str:
    """Return a date as prose writes it."""
    return f"{day.day} {day:%B %Y}"


def record(page: Path) -> list[tuple[date, str, str]]:
    """Return where the evidence of a page ends: day and table, the last first, for the tables that declare it."""
    if page.suffix != ".ipynb":
        return []
    used = {label.removeprefix("table ") for label in inputs(json.loads(page.read_text(encoding="utf-8")))}
    described = json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))["resources"]
    found = [each for each in described if each["name"] in used and "record_ends" in each]
    return sorted(((date.fromisoformat(each["record_ends"]), each["name"], each["title"]) for each in found), reverse=True)


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
        "record": [(written(ends), name.replace("_", "-"), title) for ends, name, title in record(path)],
    }


def configure(app: Sphinx, config) -> None:
    """Put the end of the page below its text, and drop buttons that say the same."""
    config.html_theme_options.update(
        article_footer_items=["page-end.html"],
        use_download_button=False,
        use_fullscreen_button=False,
    )
