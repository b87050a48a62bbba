"""What depends on where the book is published: canonical addresses, sitemap, the 404 page.

Whoever publishes the book names two addresses in the environment: BOOK_URL, where the site will stand, and
BOOK_REPOSITORY, where its source does. Without them the book builds all the same, and leaves out what would
need them.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError

from essay_site.files import put

# How the first cell of a notebook learns the address of the repository where no site has filled it in.
ASKED = 'os.environ.get("BOOK_REPOSITORY") or input("This chapter needs its book. Address of the book\'s repository: ")'


def address(name: str) -> str:
    """Return the public address in an environment variable, without a slash at its end; empty where it is unset.

    Raises ConfigError when it is no web address.
    """
    value = os.environ.get(name, "").strip().rstrip("/")
    parts = urlsplit(value)
    if value and (parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment):
        raise ConfigError(f"{name}: {value!r} is no web address; write it as https://host/path")
    return value


def configure(app: Sphinx, config: Config) -> None:
    """Hand the address of the site to Sphinx."""
    site = address("BOOK_URL")
    config.html_baseurl = f"{site}/" if site else ""
    # Servers show the 404 page under any address, so its links must start at the root of the host.
    config.notfound_urls_prefix = f"{urlsplit(site).path}/"


def pages(app: Sphinx) -> list[str]:
    """Return the addresses of all pages for readers, below the site's root."""
    documents = [app.builder.get_target_uri(page) for page in sorted(app.env.found_docs) if page.startswith("book/")]
    site = Path(app.outdir)
    return documents + [path.relative_to(site).as_posix() for path in sorted(site.glob("book/country/*.html"))]


def list_pages(app: Sphinx, error: Exception | None) -> None:
    """Write the sitemap from all pages of the book, whether or not this build wrote them again."""
    site = app.config.html_baseurl
    if error or app.builder.name != "html" or not site:
        return
    entries = "".join(f"<url><loc>{escape(site + page)}</loc></url>\n" for page in pages(app))
    sitemap = (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{entries}</urlset>\n'
    )
    put(Path(app.outdir) / "sitemap.xml", sitemap)
    robots = f"User-agent: *\nAllow: /\nSitemap: {site}sitemap.xml\n"
    put(Path(app.outdir) / "robots.txt", robots)


def as_they_are(app: Sphinx, error: Exception | None) -> None:
    """Have GitHub Pages serve a pushed folder as it is: it leaves out `_static` and its like where this file is missing.

    Sphinx has an extension for it, which also claims the host of the address for this one site (CNAME).
    """
    if not error and app.builder.name == "html":
        (Path(app.outdir) / ".nojekyll").touch()


def fill_in(app: Sphinx, error: Exception | None) -> None:
    """Write the address of the repository into the notebooks that the site hands out, for their first cell on Colab."""
    repository = address("BOOK_REPOSITORY")
    if error or app.builder.name != "html" or not repository:
        return
    asked, known = (json.dumps(code)[1:-1] for code in (ASKED, json.dumps(repository)))
    for path in (Path(app.outdir) / "_sources").rglob("*.ipynb"):
        put(path, path.read_text(encoding="utf-8").replace(asked, known))
