"""A page for each country, at book/country/<code>.html: no documents of Sphinx, but written through the same template.

What they say comes from `essay.channels`. They are written again when something of theirs has changed: tables, code, the
titles in their menu, the addresses of the site, or CITATION.cff. `book/countries.ipynb`, the table that leads to them, reads
the same tables, so that Sphinx has something to do whenever one of these changes.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx

from essay_site.data.descriptors import followed, resources
from essay_site.data.read_tables import set_tables
from essay_site.notes import notes
from essay_site.paths import BOOK, DATA
from essay_site.published import edition, page_end, page_meta, page_top, search
from essay_site.words.typesetting import typeset_words

FOLDER = "book/country"
INDEX = "book/countries"
# An address that is seen from the pages of the book, one level above.
FROM_ABOVE = re.compile(r'(?<= href=")(?!https?:|#)')
HEADING = re.compile(r'<section id="([\w-]+)"><h2>(.*?)</h2>')


def collect(app: Sphinx) -> Iterator[tuple[str, dict, str]]:
    """Yield the pages as Sphinx asks for them (name, context, template), unless they stand as they would be written."""
    if app.builder.name != "html" or INDEX not in app.env.found_docs:
        return
    folder = Path(app.outdir) / FOLDER
    written, now = folder / ".written", digest(app)
    if written.is_file() and written.read_text(encoding="utf-8") == now:
        search.besides(app).update(f"{FOLDER}/{path.stem}" for path in folder.glob("*.html"))
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    # Imported when pages are written: a build with nothing to do need not wait for pandas and the tables.
    sys.path.insert(0, str(BOOK))
    from essay import channels, country

    pages = [channels.page(each.iso3) for each in country.countries()]
    known = page_end.told(set().union(*(page.read for page in pages)))
    day = edition.updated(DATA)
    for page in pages:
        each = page.country
        name = f"{FOLDER}/{each.iso3.lower()}"
        behind = [table for table in known if table["anchor"] in page.read]
        # Of the others the page says that they have nothing, and each section how far they go.
        telling = [table for table in behind if table["anchor"] in page.tables]
        title, about = typeset_words(each.name), page_meta.shortened(page.found)
        top = page_top.top(app, name, title, each.iso3.lower(), day, telling)
        end = page_end.parts(app, name, title, each.iso3.lower(), day.year)
        context = {
            "title": title,
            "metatags": page_meta.tags(app, name, title, about, INDEX, day),
            "page_end": end | {"tables": behind},
        }
        yield name, context | body(each.iso3.lower(), title, top, page.body, app.env.titles[INDEX].astext()), "page.html"
    written.write_text(now, encoding="utf-8")


def one_menu(app: Sphinx, page: str, template: str, context: dict, doctree: nodes.document | None) -> None:
    """Have the menu of the pages made once: it is the same on all of them, and takes longer than all the rest.

    Before the theme, which makes it twice: it looks first whether there is one.
    """
    if page.startswith(f"{FOLDER}/"):
        make = context["toctree"]
        known = app.env.temp_data.setdefault("essay_menus", {})

        def menu(**options) -> str:
            asked = tuple(sorted(options.items()))
            if asked not in known:
                known[asked] = make(**options)
            return known[asked]

        context["toctree"] = menu


def digest(app: Sphinx) -> str:
    """Return one digest of all that the pages depend on."""
    titles = {page: title.astext() for page, title in sorted(app.env.titles.items())}
    # Pages name tables besides those that they are read from.
    tables = [(each["title"], each.get("rows"), followed(each)) for each in resources()]
    config = (app.config.essay_page_code, app.config.essay_published, app.config.html_baseurl)
    known = (notes(app.env, "inputs").get(INDEX), titles, tables, config)
    return hashlib.sha256(json.dumps(known, sort_keys=True, default=str).encode()).hexdigest()


def body(id: str, title: str, top: str, said: str, above: str) -> dict:
    """Return the body of a page and its contents for the template: way up, title, top, what is said, with links."""
    said = FROM_ABOVE.sub("../", set_tables(said))
    contents = "".join(
        f'<li><a class="reference internal" href="#{anchor}">{heading}</a></li>' for anchor, heading in HEADING.findall(said)
    )
    said = HEADING.sub(r'<section id="\1"><h2>\2<a class="headerlink" href="#\1" title="Link to this heading">#</a></h2>', said)
    return {
        "body": (
            f'<section id="{id}"><nav aria-label="Breadcrumb"><p class="kicker">'
            f'<a href="../countries.html">{html.escape(above)}</a></p></nav><h1>{html.escape(title)}</h1>{top}{said}</section>'
        ),
        "display_toc": True,
        "toc": f'<ul><li><a class="reference internal" href="#">{html.escape(title)}</a><ul>{contents}</ul></li></ul>',
    }
