"""Set the tables that cells show: columns of numbers with separators, to the right, their unit in the heading."""

from __future__ import annotations

import html
import re
from functools import cache

from docutils import nodes
from sphinx.application import Sphinx

from essay_site.data.descriptors import resources
from essay_site.records import recorded, rewrite

TABLE = re.compile(r'(<div class="table-scroll"[^>]*>)<table( aria-label="[^"]*")?>(.*?)</table>', re.DOTALL)
ROW = re.compile(r"<tr>(.*?)</tr>", re.DOTALL)
CELL = re.compile(r"(<t[hd][^>]*>)(.*?)(</t[hd]>)", re.DOTALL)
NUMBER = re.compile(r"[-−]?\d[\d,]*(\.\d+)?")
MISSING = "–"
# Whole numbers that all lie between these are years, which are written without a separator.
YEARS = (1600, 2100)
# Units that a heading names by a word of its own, or by a sign.
SIGNS = {"per cent": "%", "percent": "%"}


@cache
def units() -> dict[str, str]:
    """Return the unit of each heading of the tables; none for a heading that has several."""
    found: dict[str, set[str]] = {}
    for resource in resources():
        for field in resource["schema"]["fields"]:
            found.setdefault(field.get("title", field["name"]), set()).add(field.get("unit", ""))
    return {heading: next(iter(named)) for heading, named in found.items() if len(named) == 1}


def place(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Set the tables of a page."""
    if app.builder.format != "html":
        return
    for kind in ("figure", "table"):
        for node, _ in recorded(doctree, kind):
            rewrite(node, set_tables(node.astext()))


def set_tables(page: str) -> str:
    """Return HTML with its tables set."""
    return TABLE.sub(lambda match: f"{match[1]}{written(match[2] or '', match[3])}</table>", page)


def written(label: str, table: str) -> str:
    """Return a table from its start to before its end: `num3` among its classes has the third column to the right."""
    rows = [[words for _, words, _ in CELL.findall(row)] for row in ROW.findall(table)]
    counted = {}
    for column, (_, *cells) in enumerate(zip(*rows, strict=True)):
        given = [words for words in cells if words != MISSING]
        if column and given and all(NUMBER.fullmatch(words) for words in given):
            counted[column] = all(words.isdigit() and YEARS[0] <= int(words) <= YEARS[1] for words in given)

    def row(match: re.Match) -> str:
        cells = []
        for column, (start, words, end) in enumerate(CELL.findall(match[1])):
            if column in counted and 'scope="col"' in start:
                words += unit(html.unescape(words))
            elif counted.get(column) is False and words.lstrip("-−").isdigit():
                sign = words[: -len(words.lstrip("-−"))]
                words = f"{sign}{int(words.removeprefix(sign)):,}"
            cells.append(start + words + end)
        return f"<tr>{''.join(cells)}</tr>"

    names = " ".join(f"num{column + 1}" for column in counted)
    return f"<table{label}" + (f' class="{names}">' if names else ">") + ROW.sub(row, table)


def unit(heading: str) -> str:
    """Return what a heading lacks of the unit of its column: nothing where it names it, or where that is a year."""
    known = units().get(heading, "")
    said = heading.lower()
    if not known or known == "year" or SIGNS.get(known, known) in said:
        return ""
    if any(len(word) > 3 and word in said for word in re.findall(r"[\w,]+", known.lower())):
        return ""
    return f' <span class="unit">({html.escape(known)})</span>'
