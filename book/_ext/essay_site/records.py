"""The data beside the HTML that a cell shows, for whoever makes pages of it (see book/essay/shown.py)."""

from __future__ import annotations

import json
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx

MEDIA_TYPE = "application/vnd.essay+json"


def attach(app: Sphinx, doctree: nodes.document) -> None:
    """Give each piece of HTML that a cell of a notebook shows the record it was made from."""
    page = app.env.docname
    if Path(app.env.doc2path(page)).suffix != ".ipynb":
        return
    # MyST-NB leaves the notebook that it ran here, whether it ran now or came from the cache.
    ran = Path(app.env.mystnb_config.output_folder, f"{page}.ipynb")
    cells = json.loads(ran.read_text(encoding="utf-8"))["cells"]
    for cell in doctree.findall(lambda node: isinstance(node, nodes.container) and node.get("nb_element") == "cell_code"):
        shown = [output["data"] for output in cells[cell["cell_index"]]["outputs"] if "data" in output]
        bundles = cell.findall(lambda node: isinstance(node, nodes.container) and node.get("nb_element") == "mime_bundle")
        for data, bundle in zip(shown, bundles, strict=True):
            for node in bundle.findall(nodes.raw):
                node["record"] = data.get(MEDIA_TYPE, {})


def recorded(doctree: nodes.document, kind: str) -> list[tuple[nodes.raw, object]]:
    """Return the pieces of HTML of a page that have a record of a kind (`facts`, `figure` ...), each with that record."""
    found = [(node, node.get("record", {}).get(kind)) for node in doctree.findall(nodes.raw)]
    return [(node, record) for node, record in found if record is not None]


def rewrite(node: nodes.raw, page: str) -> None:
    """Put other HTML in the place of a piece."""
    node.children = [nodes.Text(page)]
    node.rawsource = page
