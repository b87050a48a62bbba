"""One style sheet for the site: the theme's rules that some page can use, then the house's.

The theme brings half a megabyte of rules in seven files. A rule goes when it asks for a class or an id that no
page and no script mentions; everything else stays, in its order.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
from pathlib import Path

import tinycss2
from sphinx.application import Sphinx

from essay_site.files import put
from essay_site.theme import scripts

# In the order in which the theme links them; a star stands for a digest.
SHEETS = (
    "basic.css",
    "styles/theme.css",
    "styles/pydata-sphinx-theme.css",
    "pygments.css",
    "styles/sphinx-book-theme.css",
    "copybutton.css",
    "mystnb.*.css",
    "house.css",
)
# Scripts that set classes: the one of the site, and those beside it.
SCRIPTS = (scripts.SITE, "mode.js", "search/search.js")
# Ours: it has no rule for other books.
WHOLE = "house.css"
SITE = "styles/site.css"
# The last sheet, after a digest of what it was made of, among what Sphinx keeps beside the pages.
CACHE = "site.css"


def names(site: Path) -> set[str]:
    """Return every class and id of the pages, and every word of the scripts that could be one."""
    pages = "".join(
        file.read_text(encoding="utf-8")
        for file in [path for folder in (".", "book", "book/country") for path in site.glob(f"{folder}/*.html")]
    )
    scripts = "".join((site / "_static" / name).read_text(encoding="utf-8") for name in SCRIPTS)
    found = {name for given in re.findall(r'\b(?:class|id)="([^"]*)"', pages) for name in given.split()}
    return found | set(re.findall(r"[A-Za-z_][\w-]*", scripts))


def needed(selector: list, known: set[str]) -> bool:
    """Tell whether a selector may match: all its classes and ids are known. Conditions in brackets do not count."""
    text = "".join(token.serialize() for token in selector if token.type not in ("function", "[] block"))
    return all(name.replace("\\", "") in known for name in re.findall(r"[.#]((?:\\.|[\w-])+)", text))


def used(rules: list, known: set[str]) -> str:
    """Return the rules that may match, as text."""
    kept = []
    for rule in rules:
        if rule.type == "qualified-rule":
            selectors: list[list] = [[]]
            for token in rule.prelude:
                if token == ",":
                    selectors.append([])
                else:
                    selectors[-1].append(token)
            alive = [selector for selector in selectors if needed(selector, known)]
            if alive:
                heads = ",".join(tinycss2.serialize(selector).strip() for selector in alive)
                kept.append(f"{heads}{{{tinycss2.serialize(rule.content).strip()}}}")
        elif rule.type == "at-rule" and rule.content is not None and rule.lower_at_keyword in ("media", "supports"):
            inner = used(tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True), known)
            if inner:
                kept.append(f"@{rule.at_keyword}{in_ems(tinycss2.serialize(rule.prelude))}{{{inner}}}")
        elif rule.type == "at-rule" and rule.lower_at_keyword not in ("font-face", "import"):
            # The theme's own fonts are icons, which the house draws; what it imports stands in the list above.
            kept.append(rule.serialize())
    return "\n".join(kept)


def in_ems(condition: str) -> str:
    """Return the condition of a rule with widths in ems, which grow with the letters that a reader has chosen."""
    return re.sub(r"([\d.]+)px", lambda width: f"{float(width[1]) / 16:g}em", condition)


def moved(text: str, folder: str) -> str:
    """Return styles with the addresses in them as seen from the folder of the one sheet."""
    here = posixpath.dirname(SITE)

    def address(match: re.Match) -> str:
        return f"url({match[1]}{posixpath.relpath(posixpath.join(folder, match[2]), here)}{match[1]})"

    return re.sub(r"url\(([\"']?)(?!data:|https?:|#)([^\"')]+)\1\)", address, text)


def combine(app: Sphinx, error: Exception | None) -> None:
    """Write the one sheet, unless it stands and no page has been written."""
    site = Path(app.outdir)
    static = site / "_static"
    if error or app.builder.name != "html" or (static / SITE).is_file():
        return
    known = names(site)
    sheets = []
    for pattern in SHEETS:
        (path,) = static.glob(pattern)
        sheets.append(path)
    texts = [path.read_text(encoding="utf-8") for path in sheets]
    made_of = repr([app.config.essay_page_code, tinycss2.__version__, sorted(known), [path.name for path in sheets], texts])
    digest = hashlib.sha256(made_of.encode()).hexdigest()
    cache = Path(app.doctreedir) / CACHE
    before, _, kept = cache.read_text(encoding="utf-8").partition("\n") if cache.is_file() else ("", "", "")
    if before != digest:
        parts = []
        for path, text in zip(sheets, texts, strict=True):
            if path.name != WHOLE:
                text = used(tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True), known)
            parts.append(moved(text, posixpath.dirname(path.relative_to(static).as_posix())))
        kept = "\n".join(parts)
        put(cache, f"{digest}\n{kept}")
    put(static / SITE, kept)


def outdate(app: Sphinx, page: str, template: str, context: dict, doctree: object) -> None:
    """Take the sheet away as soon as a page is written, so that it is made again, now or after an interrupted build."""
    if app.builder.name == "html":
        (Path(app.outdir) / "_static" / SITE).unlink(missing_ok=True)
