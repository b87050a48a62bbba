"""What makes pages of the notebooks: one Sphinx extension. Its hooks stand in `hooks.py`, in the order in which they run."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict:
    """Connect the hooks, as Sphinx asks an extension to."""
    # Imported here: whoever needs one module of the package does not wait for Sphinx and MyST-NB.
    from essay_site import hooks

    return hooks.setup(app)
