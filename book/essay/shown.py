"""Put something on the page with a machine-readable twin beside it.

Receipts, claim cards and figures are HTML for readers, plain text for terminals, and, under one media
type of our own, the data behind them: tests and the Sphinx extensions read that instead of parsing HTML.
"""

from __future__ import annotations

from IPython.display import display

MEDIA_TYPE = "application/vnd.essay+json"


def show(html: str, text: str, data: dict) -> None:
    """Display `html` with a plain-text fallback and the data it was made from."""
    display({"text/html": html, "text/plain": text, MEDIA_TYPE: data}, raw=True)
