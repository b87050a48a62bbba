"""Fold the code of every cell behind one quiet word, after what the cell shows.

MyST-NB puts a labelled box above each output. Here the output comes first, the receipts and the code stand in
one line below it. Cells that show nothing leave no gap: their code is folded with that of the cell after them, so that
a computation in several short cells is one thing to open.
"""

from __future__ import annotations

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.application import Sphinx

from essay_site.records import recorded


def fold(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Replace the boxes that hide code on a page."""
    if app.builder.format != "html":
        return
    for box in list(doctree.findall(HideCodeCellNode)):
        cell, code = box.parent, box.children
        cell.remove(box)
        after = cell.parent.index(cell) + 1
        following = cell.parent[after] if after < len(cell.parent) else None
        later = next((child for child in getattr(following, "children", ()) if isinstance(child, HideCodeCellNode)), None)
        if later is not None and not cell.children:
            later.insert(0, code)
            cell.parent.remove(cell)
            continue
        facts = [fact["id"] for _, facts in recorded(cell, "facts") for fact in facts]
        place = f' id="code-{facts[0]}"' if facts else ""
        start = nodes.raw("", f'<details class="code"{place}><summary>Code</summary>', format="html")
        cell.extend([start, *code, nodes.raw("", "</details>", format="html")])
