"""Put something on the page with a machine-readable twin beside it.

Receipts, claim cards and figures are HTML for readers, plain text for terminals, and, under one media
type of our own, the data behind them: tests and the Sphinx extensions read that instead of parsing HTML.
"""

from __future__ import annotations

import html
import re

import pandas as pd

from essay import tables
from essay.text import typeset_page, when

MEDIA_TYPE = "application/vnd.essay+json"


def link(address: str, words: str) -> str:
    """Return an HTML link to a page of the web or of this book; the words alone where the address is anything else.

    An address comes from a cell of a table: one that begins with `javascript:` or `data:` would run when it is followed.
    """
    if not re.match(r"https?://|\.\./|[\w-]+\.html", address):
        return html.escape(words)
    return f'<a href="{html.escape(address, quote=True)}">{html.escape(words)}</a>'


def show(page: str, text: str, data: dict) -> None:
    """Display the HTML `page`, its words typeset, with a plain-text fallback and the data it was made from."""
    from IPython.display import display  # not at the top: in a reader's page (book/live) something else shows

    display({"text/html": typeset_page(page), "text/plain": text, MEDIA_TYPE: data}, raw=True)


def table(data: pd.DataFrame, caption: str) -> None:
    """Show a table for reading, headings from the schema (`tables.headed`), with a caption for those who hear it."""
    data = tables.headed(data)
    record = {"table": {"caption": caption, "rows": len(data), "columns": [str(column) for column in data.columns]}}
    show(html_table(data, caption), data.to_string(index=False), record)


def html_table(data: pd.DataFrame, caption: str) -> str:
    """Return a table as HTML with headings from the schema and caption; it scrolls by itself where it is wide."""
    data = tables.headed(data)
    head = "".join(f'<th scope="col">{html.escape(str(column))}</th>' for column in data.columns)
    body = "".join(
        "<tr>"
        + "".join(
            (f'<th scope="row">{_cell(value)}</th>' if position == 0 else f"<td>{_cell(value)}</td>")
            for position, value in enumerate(row)
        )
        + "</tr>"
        for row in data.itertuples(index=False)
    )
    label = html.escape(caption, quote=True)
    return (
        f'<div class="table-scroll" role="region" aria-label="{label}" tabindex="0">'
        f'<table aria-label="{label}">'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _cell(value) -> str:
    """Return one value as a reader expects it: floats short, days in words, missing as a dash."""
    if value is None or value is pd.NA or value != value:
        return "–"
    if isinstance(value, float):
        return f"{value:,.1f}"
    if isinstance(value, pd.Timestamp):
        return when(f"{value:%Y-%m-%d}")
    return html.escape(str(value))
