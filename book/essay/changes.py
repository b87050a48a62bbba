"""The register of changes as a list for readers: by day, what changed, from what to what, and why."""

from __future__ import annotations

import html
from functools import cache

import pandas as pd

from essay import shown as _shown
from essay import tables
from essay.claims import VERDICTS


def show(register: pd.DataFrame, folded: bool = False) -> None:
    """Show changes, the newest day first; `folded` leaves what stood and stands there behind the reason.

    `register` has the columns of the table `changes`.
    """
    page, plain = [], []
    for day, changed in register.sort_values("date", ascending=False, kind="stable").groupby("date", sort=False):
        entries = changed.to_dict("records")
        items = "".join(_item(change, folded) for change in entries)
        page.append(f'<p class="changes-day">{day.day} {day:%B %Y}</p><ul class="changes">{items}</ul>')
        plain += [f"{day:%Y-%m-%d} {change['id']}: {change['why']}" for change in entries]
    _shown.show("".join(page), "\n".join(plain), {"changes": register["id"].tolist()})


def _item(change: dict, folded: bool) -> str:
    """Return one change as an item of a list."""
    turn = _turn(change)
    folded = folded and bool(turn)
    # What opens on a click holds no link.
    what = f'<span class="changes-what">{_place(change, linked=not folded)}</span> {html.escape(change["why"])}'
    if pd.notna(change["status"]):
        what += f" The publisher: {html.escape(change['status'])}."
    return f"<li><details><summary>{what}</summary>{turn}</details></li>" if folded else f"<li>{what}{turn}</li>"


def _place(change: dict, linked: bool) -> str:
    """Return where a value changed, in words that readers know: the claim itself, or the table's title, row and field."""
    resource = tables.resource(change["table"])
    row = html.escape(", ".join(part.partition(" = ")[2] for part in change["row"].split(", ")), quote=True)
    id = f'<a href="ledger.html#ledger-{row}">{row}</a>' if linked else row
    if change["table"] != "claims":
        place = f"{html.escape(resource['title'])}: {row}"
    elif change["column"] == "verdict":
        claim = tables.one(_claims(), "claim", id=change["row"].removeprefix("id = "))
        return f"{id}: {html.escape(claim)}"
    else:
        place = f"Claim {id}"
    said = {field["name"]: field["description"] for field in resource["schema"]["fields"]}.get(change["column"])
    return f"{place}, {html.escape(said[0].lower() + said[1:])}." if said else f"{place}."


@cache
def _claims() -> pd.DataFrame:
    """Return the ledger."""
    return tables.load("claims")


def _turn(change: dict) -> str:
    """Return what stood and what stands there; empty where the old value must not be printed or a whole row came or went."""
    if pd.isna(change["before"]) or pd.isna(change["after"]):
        return ""
    before, after = (html.escape(_written(change[part])) for part in ("before", "after"))
    return f'<p class="changes-turn"><del>{before}</del> <ins>{after}</ins></p>'


def _written(value: str) -> str:
    """Return a value as readers know it: the name of a verdict, a category without its underscores."""
    return VERDICTS[value][0] if value in VERDICTS else value if " " in value else value.replace("_", " ")
