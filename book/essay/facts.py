"""Fact receipts: every number in the prose, recorded where it was computed.

A cell records facts and shows them as a folded table; the prose links to a row of it with
`[17.8 per cent](fact:esp-deaths-black)`. A test compares the words of every such link with `shown`.
"""

from __future__ import annotations

import html
import numbers
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import pandas as pd

from essay import meaning, tables
from essay import shown as _shown

# A table, its name, or several of either.
Source = str | pd.DataFrame | Iterable[str | pd.DataFrame]


@dataclass(frozen=True)
class Fact:
    """One number or date of the prose.

    id: key, unique in the book. value: number or text. shown: how the prose writes it.
    how: the computation in words. sources: where it comes from, as (label, address) pairs; empty where we set it,
    None where the table of its receipts says.
    """

    id: str
    value: float | int | str
    shown: str
    how: str
    sources: tuple[tuple[str, str], ...] | None


# The source of a constant that we chose.
OURS = ()


def fact(
    id: str,
    value,
    show: str | Callable[[object], str],
    how: str,
    source: Source | None = None,
) -> Fact:
    """Make a fact from a computed value.

    `show` is a format such as '{:,}' or '{:.1f} per cent', or a function such as `text.words`.
    `source` names the tables it comes from (or is the loaded tables); without it that is the table of `receipts`. A
    constant that we chose comes from `OURS`: its receipt says "set by us". Of a `meaning.Share` the value is the share
    of the known, and the receipt tells of the unknown.

    Raises ValueError when the value is missing, or the format shows nothing of it.
    """
    if isinstance(value, meaning.Share):
        how = f"{how}; {value.told}" if value.unknown else how
        value = value.of_known
    if isinstance(value, numbers.Integral):
        value = int(value)
    elif isinstance(value, numbers.Real):
        value = float(value)
        if value != value:
            raise ValueError(f"fact {id}: the value is missing")
    elif not isinstance(value, str):
        raise ValueError(f"fact {id}: {type(value).__name__} is neither a number nor text")
    if isinstance(show, str):
        if "{" not in show:
            raise ValueError(f"fact {id}: the format {show!r} does not show the value; write it as '{{}}' or '{{:,}}'")
        text = show.format(value)
    else:
        text = show(value)
    return Fact(id, value, text, how, None if source is None else _table_sources(source))


def sourced(id: str, table: pd.DataFrame, show: str | Callable[[object], str], row: str | None = None) -> Fact:
    """Make a fact from one row of a table of compiled facts; `row` is the row's id where it differs from `id`.

    The value is read as a number where it is one; the receipt cites the row's own source and says when a
    copy was read.

    Raises tables.TableError when the row is not there or has no value.
    """
    value = _number(tables.one(table, "value", id=row or id))
    found = table[table["id"] == (row or id)].iloc[0]
    made = fact(id, value, show, found["statement"])
    return replace(made, sources=(row_source(found), *_table_sources(table)))


def row_source(row: pd.Series) -> tuple[str, str]:
    """Return label and address of the source that one row of a table names."""
    label = row["source_title"]
    read_at = row.get("read_at")
    if pd.notna(read_at) and "same address" not in read_at:
        label += " (read in a copy)"
    return label, row["source_url"] if pd.notna(row["source_url"]) else ""


def receipts(*facts: Fact, table: Source = OURS) -> None:
    """Show facts as a folded table, one row each, that the prose links to.

    `table` names the tables of the facts that name none. Raises ValueError when two facts of the call share an id.
    """
    facts = tuple(replace(each, sources=_table_sources(table)) if each.sources is None else each for each in facts)
    ids = [each.id for each in facts]
    if len(set(ids)) < len(ids):
        raise ValueError(f"receipts: an id stands twice among {', '.join(ids)}")
    page = folded(facts)
    plain = "\n".join(f"{each.id}: {each.shown} ({each.how})" for each in facts)
    data = {
        "facts": [
            {"id": each.id, "value": each.value, "shown": each.shown, "how": each.how, "sources": [list(s) for s in each.sources]}
            for each in facts
        ]
    }
    _shown.show(page, plain, data)


def link(made: Fact) -> str:
    """Return a fact as HTML: what is shown of it as a link to its receipt on the same page."""
    return f'<a class="fact" href="#fact-{made.id}" title="Receipt: where this comes from">{html.escape(made.shown)}</a>'


def folded(facts: Iterable[Fact]) -> str:
    """Return facts as a folded table of HTML, one row each, whose id the links lead to."""
    rows = [_row(each) for each in facts]
    label = "1 receipt" if len(rows) == 1 else f"{len(rows)} receipts"
    return (
        f'<details class="receipts"><summary>{label}</summary>'
        '<div class="table-scroll" role="region" aria-label="Receipts" tabindex="0">'
        '<table aria-label="Numbers used in the text, how each was computed and its source">'
        '<thead><tr><th scope="col">As written</th><th scope="col">How</th>'
        f'<th scope="col">Source</th></tr></thead><tbody>{"".join(rows)}</tbody></table></div></details>'
    )


def _table_sources(source: Source) -> tuple[tuple[str, str], ...]:
    """Return label and address of one or more tables; the address holds beside the notebook and on the built site."""
    given = [source] if isinstance(source, str | pd.DataFrame) else source
    names = [each if isinstance(each, str) else each.attrs["table"] for each in given]
    return tuple((f"table {name}", f"../data/{tables.resource(name)['path']}") for name in names)


def _number(text: str) -> int | float | str:
    """Read text as a number where it is one."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def _row(each: Fact) -> str:
    """Return the table row of one fact, its id as the anchor; the empty span is for links back to the text."""
    links = "; ".join(_shown.link(address, label) for label, address in each.sources) or "set by us"
    id = html.escape(each.id, quote=True)
    return (
        f'<tr id="fact-{id}" tabindex="-1"><th scope="row">{html.escape(each.shown)}</th>'
        f'<td>{html.escape(each.how)}<span data-back="{id}"></span></td><td>{links}</td></tr>'
    )
