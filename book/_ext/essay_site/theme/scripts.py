"""One script for the site: the theme's, those of its extensions, then the house's.

Pages ask for one file instead of seven; a script that finds nothing to do on a page does nothing. The theme's scripts
are served as they come but for a width in pixels, and for one function, which holds long pages up: as it comes, the catalogue
has a performance of 90 and the chapter on companies 96, without it 99 (bench/README.md).
"""

from __future__ import annotations

from pathlib import Path

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from essay_site.files import put

# In the order in which they depend on each other.
SCRIPTS = (
    "documentation_options.js",
    "clipboard.min.js",
    "copybutton.js",
    "scripts/sphinx-book-theme.js",
    "focus.js",
    "ledger.js",
    "tables.js",
    "receipts.js",
    "steps.js",
    "values.js",
    "paper.js",
    "sections.js",
    "settle.js",
    "scripts/pydata-sphinx-theme.js",
)
SITE = "scripts/site.js"
THEME = SCRIPTS[-1]
# The theme lets keys reach what scrolls. It measures every block of code, output and table, folded ones too, and marks
# each before it measures the next, so that the browser lays the page out again for each.
MEASURED = (
    'document.querySelectorAll(["pre",".nboutput > .output_area",".cell_output > .output",".jp-RenderedHTMLCommon",'
    '".pst-scrollable-table-container"].join(", "))'
)
SLOW = MEASURED + ".forEach(e=>{e.tabIndex=e.scrollWidth>e.clientWidth||e.scrollHeight>e.clientHeight?0:-1})},t=_(e,300);"
# All are measured before the first is marked. Folded ones wait until they are opened, and those the reader does not see
# until the page has settled (settle.js).
QUICK = (
    f"Array.from({MEASURED}).filter(e=>e.checkVisibility?.({{contentVisibilityAuto:!0}})??!0)"
    ".map(e=>[e,e.scrollWidth>e.clientWidth||e.scrollHeight>e.clientHeight])"
    ".forEach(([e,t])=>{e.tabIndex=t?0:-1})},t=_(e,300);"
    'document.addEventListener("toggle",t,!0);document.addEventListener("settled",t);'
)
# Where the menu becomes a drawer is told in ems, by the styles too (styles.py).
MENU = "scripts/sphinx-book-theme.js"
REPLACED = {THEME: (SLOW, QUICK), MENU: ('matchMedia("(min-width: 992px)")', 'matchMedia("(min-width: 62em)")')}


def combined(static: Path) -> str:
    """Return the one script for the pages whose `_static` folder this is.

    Raises ExtensionError when the theme's scripts are no longer those whose parts are replaced.
    """
    parts = []
    for name in SCRIPTS:
        text = (static / name).read_text(encoding="utf-8")
        if name in REPLACED:
            old, new = REPLACED[name]
            if text.count(old) != 1:
                raise ExtensionError(f"{name} is not as essay_site/theme/scripts.py expects it, with one {old[:60]}")
            text = text.replace(old, new)
        parts.append("\n".join(line for line in text.splitlines() if not line.startswith("//# sourceMappingURL")))
    # Some scripts leave their last semicolon out.
    return ";\n".join(parts) + "\n"


def combine(app: Sphinx, error: Exception | None) -> None:
    """Write the one script."""
    if error or app.builder.name != "html":
        return
    static = Path(app.outdir) / "_static"
    put(static / SITE, combined(static))
