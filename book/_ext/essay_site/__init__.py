"""What makes pages of the notebooks: one Sphinx extension. Its hooks stand in `hooks.py`, in the order in which they run."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict:
    """Connect the hooks, as Sphinx asks an extension to."""
    # A build makes nodes by the million, and few of them in circles: looked for as often as Python does by itself, the circles
    # cost a tenth of its time.
    gc.set_threshold(50_000, 20, 50)
    # Imported here: whoever needs one module of the package does not wait for Sphinx and MyST-NB.
    from essay_site import hooks

    return hooks.setup(app)
