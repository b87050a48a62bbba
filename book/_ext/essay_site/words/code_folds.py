"""Fold the code of every cell behind one quiet word, after what the cell shows.

MyST-NB puts a labelled box above each output. Here the output comes first, the receipts and the code stand in
one line below it, and a cell that shows nothing leaves no gap.
"""

from __future__ import annotations

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.application import Sphinx


def fold(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Replace the boxes that hide code on a page."""
    if app.builder.format != "html":
        return
    for box in list(doctree.findall(HideCodeCellNode)):
        cell = box.parent
        cell.remove(box)
        start = nodes.raw("", '<details class="code"><summary>Code</summary>', format="html")
        cell.extend([start, *box.children, nodes.raw("", "</details>", format="html")])
