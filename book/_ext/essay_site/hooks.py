"""Every hook of the site into Sphinx, in one list in the order in which they run.

Sphinx runs the hooks of one event by their priority, and those of one priority in the order of this list. Other
extensions, the theme's among them, have 500.
"""

from __future__ import annotations

import json
import os

from sphinx.application import Sphinx

from essay_site import kernels, notes, progress, records
from essay_site.cache import honest_cache, unfinished
from essay_site.data import catalogue, figure_files, read_tables, table_files
from essay_site.published import (
    addresses,
    chapter_files,
    claim_files,
    countries,
    edition,
    epub,
    page_end,
    page_meta,
    page_top,
    search,
    structured,
)
from essay_site.theme import pages, scripts, styles
from essay_site.words import code_folds, fact_links, first_use, ledger_links, openings, plain, typesetting, works

FIRST, AMONG, LAST = 100, 500, 900

HOOKS = (
    # Before the theme reads its options.
    ("config-inited", FIRST, addresses.configure),
    ("config-inited", FIRST, page_end.configure),
    ("config-inited", FIRST, epub.configure),
    ("builder-inited", AMONG, search.ours_alone),
    # Which pages are read, and what they note.
    ("env-get-outdated", AMONG, honest_cache.outdated),
    ("env-purge-doc", AMONG, notes.purge),
    ("env-before-read-docs", AMONG, progress.begin),
    ("source-read", AMONG, progress.tell),
    ("source-read", AMONG, honest_cache.mark),
    ("source-read", AMONG, plain.read),
    ("doctree-read", AMONG, records.attach),
    ("doctree-read", AMONG, fact_links.note),
    ("doctree-read", AMONG, ledger_links.note),
    ("doctree-read", AMONG, works.note),
    ("doctree-read", AMONG, openings.note),
    ("doctree-read", AMONG, page_meta.note),
    ("env-merge-info", AMONG, notes.merge),
    ("env-updated", FIRST, works.remember),
    ("env-updated", AMONG, fact_links.changed),
    ("env-updated", AMONG, page_end.changed_tables),
    ("env-updated", AMONG, works.changed),
    ("env-check-consistency", AMONG, fact_links.check),
    # The page as a tree. E-books lose their code before it is folded into HTML, and are fitted once figures are files.
    ("doctree-resolved", FIRST, epub.leave_out_code),
    ("doctree-resolved", AMONG, fact_links.resolve),
    ("doctree-resolved", AMONG, works.resolve),
    ("doctree-resolved", AMONG, read_tables.place),
    ("doctree-resolved", AMONG, ledger_links.link),
    ("doctree-resolved", AMONG, openings.arrange),
    ("doctree-resolved", AMONG, page_top.place),
    ("doctree-resolved", AMONG, code_folds.fold),
    ("doctree-resolved", AMONG, figure_files.place),
    ("doctree-resolved", AMONG, catalogue.fold),
    ("doctree-resolved", LAST, epub.fit),
    ("html-collect-pages", AMONG, countries.collect),
    # The page as HTML; the first before the theme has made the menu, the last after it has added its scripts.
    ("html-page-context", FIRST, countries.one_menu),
    ("html-page-context", AMONG, page_meta.describe),
    ("html-page-context", AMONG, structured.describe),
    ("html-page-context", AMONG, page_end.end),
    ("html-page-context", AMONG, styles.outdate),
    ("html-page-context", AMONG, search.outdate),
    ("html-page-context", AMONG, epub.styled),
    ("html-page-context", AMONG, typesetting.typeset),
    ("html-page-context", LAST, pages.slim),
    # Once every page has been written and every file copied. The styles look for classes in the one script.
    ("build-finished", AMONG, table_files.ship),
    ("build-finished", AMONG, claim_files.write),
    ("build-finished", AMONG, addresses.list_pages),
    ("build-finished", AMONG, addresses.as_they_are),
    ("build-finished", AMONG, addresses.fill_in),
    ("build-finished", AMONG, search.write),
    ("build-finished", AMONG, chapter_files.ship),
    ("build-finished", LAST, scripts.combine),
    ("build-finished", LAST, styles.combine),
    ("build-finished", LAST, unfinished.end),
)


def setup(app: Sphinx) -> dict:
    """Register with Sphinx."""
    unfinished.begin(app)
    kernels.prepare()
    # Jupyter Book has no option for it. Where processes cannot be forked, as on Windows, Sphinx reads one after another.
    app.parallel = os.cpu_count() or 1
    # It numbers sections once all pages have been read, and says nothing of how they may be read.
    app.extensions["sphinx_multitoc_numbering"].parallel_read_safe = True
    # Sphinx reads all pages again when this changes; their notebooks need not run again for it.
    app.add_config_value("essay_page_code", honest_cache.page_code(), "env")
    # It writes all pages again when this changes, since each says who made the book and where its source is.
    published = json.dumps([edition.citation(), addresses.address("BOOK_REPOSITORY")], default=str)
    app.add_config_value("essay_published", published, "html")
    app.add_directive("data-catalogue", catalogue.Catalogue)
    app.add_post_transform(first_use.FirstUse)
    app.add_builder(epub.Builder, override=True)
    works.register()
    for event, priority, hook in HOOKS:
        app.connect(event, hook, priority)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
