"""What makes pages of the notebooks: one Sphinx extension. Its hooks stand in `hooks.py`, in the order in which they run."""

from essay_site.hooks import setup

__all__ = ["setup"]
