"""Run the cells of a notebook in this process and collect what they show, without drawing the pictures.

What nbval does with a kernel for each notebook, in a fraction of the time, and with one thing more: a changed copy
of a cell can be run beside the cell itself, in the state that the cells before it left.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from essay import claims, collisions, drawn, figures, shown, text
from tests.book import MEDIA_TYPE, read

Bundle = dict[str, object]
# What comes of the drawing: the picture, the values told on it, and the file and table of what the data lacks.
PICTURE = re.compile(
    r"""data:image/svg\+xml;base64,[A-Za-z0-9+/=]*| data-unit="[^"]*" data-values='[^']*'"""
    r"""| <a class="figure-csv" aria-label="[^"]*" download="[\w-]+-drawn\.csv".*?</a>"""
    r"""|<div class="table-scroll"[^>]*><table aria-label="All values drawn: .*?</table></div>""",
    re.DOTALL,
)


def stored(cell: dict) -> list[Bundle]:
    """Return what a code cell shows, as the notebook stores it, pictures left out."""
    return [_plain(output["data"]) for output in cell["outputs"]]


def outputs(path: Path, variants: Callable[[int, str], list[str]] = lambda number, code: []) -> list[dict]:
    """Run a notebook; return for each code cell what it shows, and what its variants show (None where one fails).

    `variants` returns changed copies of the code of a cell. Each is run in a copy of the names that the cell found.
    """
    kept: list[Bundle] = []

    def collect(page: str, plain: str, data: dict) -> None:
        kept.append(_plain({"text/html": text.typeset_page(page), "text/plain": plain, MEDIA_TYPE: json.loads(json.dumps(data))}))

    def run(code: str, scope: dict) -> list[Bundle] | None:
        kept.clear()
        exec(compile(code, path.name, "exec"), scope)
        return [*kept]

    made = []
    scope: dict = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shown, "show", collect)
        patch.setattr(figures, "_svg", lambda figure, width, tall: "")
        # What is not drawn has no layout: whether words touch is found where notebooks run in full.
        patch.setattr(collisions, "found", lambda figure, words: [])
        patch.setattr(drawn, "values", lambda figure, data: [])
        for memory in (claims._ledger, claims._citations):
            memory.cache_clear()
        for number, cell in enumerate(read(path)["cells"]):
            if cell["cell_type"] != "code":
                continue
            code = "".join(cell["source"])
            before = dict(scope)
            shows = run(code, scope)
            changed = []
            for variant in variants(number, code):
                try:
                    changed.append(run(variant, dict(before)))
                except Exception:  # whatever it is, the build stops at it
                    changed.append(None)
            made.append({"cell": number, "shows": shows, "variants": changed})
    for memory in (claims._ledger, claims._citations):
        memory.cache_clear()
    return made


def _plain(data: dict) -> Bundle:
    """Return what is shown with its lines joined and its pictures left out."""
    joined = {kind: "".join(part) if isinstance(part, list) else part for kind, part in data.items()}
    return {kind: PICTURE.sub("", part) if isinstance(part, str) else part for kind, part in joined.items()}
