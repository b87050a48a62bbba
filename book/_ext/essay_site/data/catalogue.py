"""The data catalogue: one entry a table, written from `data/datapackage.json` and nothing else."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from urllib.parse import quote

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import nested_parse_with_titles

from essay_site.cache.inputs import inputs, loaded
from essay_site.data.descriptors import followed, resources, warnings, written
from essay_site.data.table_files import CSV_ADVICE
from essay_site.paths import BOOK, DATA

# The class of what holds the columns of a table.
COLUMNS = "columns"


def users() -> dict[str, list[Path]]:
    """Return table name -> the notebooks whose code loads it, itself or through `essay`."""
    found: dict[str, list[Path]] = {}
    for path in sorted(BOOK.glob("*.ipynb")):
        for name in loaded(inputs(json.loads(path.read_text(encoding="utf-8")))):
            found.setdefault(name, []).append(path)
    return found


def escaped(text: str) -> str:
    """Return text that MyST shows as it is."""
    return "".join(f"\\{char}" if char in "\\`*_{}[]<>|#$~&" else char for char in text)


def web(address: str) -> str:
    """Return an address of the web as it may stand in a Markdown link.

    Raises ValueError for any other: one that begins with `javascript:` would run when it is followed.
    """
    if not re.match("https?://", address):
        raise ValueError(f"datapackage.json: {address!r} is no address of the web; correct it in data/recipes/raw.yml")
    return quote(address, safe=":/?&=%#@+,;~.!$'*-_[]")


def size(resource: dict) -> int:
    """Return how many rows a table has, or how many features a map."""
    return resource["rows"] if "rows" in resource else resource["features"]


def overview(tables: list[dict]) -> str:
    """Return all tables as one table of HTML, each with a link to its entry."""
    rows = []
    for each in tables:
        told = followed(each)
        rows.append(
            f'<tr><th scope="row"><a href="#{each["name"]}">{html.escape(each["title"])}</a> '
            f"<code>{each['name']}</code></th><td>{html.escape(each['row'])}</td><td>{size(each):,}</td>"
            f"<td>{written(told[0]) if told else '–'}</td></tr>"
        )
    heads = "".join(f'<th scope="col">{head}</th>' for head in ("Table", "Each row is", "Rows", "Evidence to"))
    return (
        '<div class="table-scroll overview" role="region" aria-label="All tables" tabindex="0"><table class="num3">'
        f'<caption class="visually-hidden">All tables</caption><thead><tr>{heads}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def entry(resource: dict, chapters: list[Path]) -> list[str]:
    """Return the lines of Markdown that describe one table."""
    rows = f"{size(resource):,} {'rows' if 'rows' in resource else 'features'}"
    weight = f"{resource['bytes'] / 1000:,.0f} kB" if resource["bytes"] >= 1000 else f"{resource['bytes']} bytes"
    licences = "; ".join(
        f"[{escaped(licence['title'])}]({web(licence['path'])})" if "path" in licence else escaped(licence["title"])
        for licence in resource["licenses"]
    )
    file = html.escape(resource["path"], quote=True)
    lines = [
        f"## {escaped(resource['title'])}",
        "",
        f"`{resource['name']}`: {rows}, each {escaped(resource['row'])}. {escaped(resource['description'])}",
        "",
    ]
    if told := followed(resource):
        lines += [f"Evidence: {told[1]}.", ""]
    if told := warnings(resource):
        lines += ["**Before you use it**", "", *(f"- {escaped(warning)}" for warning in told), ""]
    lines += [
        f'Download: <a href="../data/{file}">{file}</a> ({weight}). Licence: {licences}.',
        "",
    ]
    for source in resource["sources"]:
        lines += [
            f"Source: [{escaped(source['title'])}]({web(source['path'])}), {escaped(source['publisher'])}, "
            f"read {escaped(str(source['accessed']))}. Cite as: {escaped(source['citation'])}",
            "",
        ]
    if chapters:
        lines += ["Used in: " + ", ".join(f"[](./{path.name})" for path in chapters) + ".", ""]
    lines += [f"::::{{container}} {COLUMNS}", "", "| Column | Type | Unit | Meaning | Allowed |", "|---|---|---|---|---|"]
    for field in resource["schema"]["fields"]:
        rules = field.get("constraints", {})
        allowed = []
        if "enum" in rules:
            allowed.append(", ".join(map(str, rules["enum"])))
        if "minimum" in rules or "maximum" in rules:
            allowed.append(f"{rules.get('minimum', '…')} to {rules.get('maximum', '…')}")
        if rules.get("required"):
            allowed.append("never blank")
        cells = [
            f"`{field['name']}`",
            field["type"],
            escaped(field.get("unit", "")),
            escaped(field["description"]),
            escaped("; ".join(allowed)),
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return [*lines, "", "::::", ""]


class Catalogue(SphinxDirective):
    """`{data-catalogue}`: all tables, in order of their titles."""

    def run(self) -> list[nodes.Node]:
        """Return the parsed entries."""
        package = DATA / "datapackage.json"
        self.env.note_dependency(str(package))
        used = users()
        tables = sorted(resources(), key=lambda resource: resource["title"].lower())
        lines = [line for resource in tables for line in entry(resource, used.get(resource["name"], []))]
        advice = nodes.paragraph("", CSV_ADVICE, classes=["csv-advice"])
        # MyST puts sections into the section of the page itself, not into what they are parsed for.
        page = self.state_machine.node
        page += [advice, nodes.raw("", overview(tables), format="html")]
        before = len(page)
        container = nodes.section()
        container.document = self.state.document
        nested_parse_with_titles(self.state, StringList(lines, source=str(package)), container)
        # The address of an entry is the name of its table, as code and receipts have it.
        for resource, section in zip(tables, page[before:], strict=True):
            section["ids"] = [resource["name"]]
        return container.children


def fold(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Fold the columns of each table: few readers want those of more than one, and open they are most of the page."""
    if app.builder.name != "html":
        return
    for box in list(doctree.findall(nodes.container)):
        if COLUMNS in box["classes"]:
            count = len(next(box.findall(nodes.tbody)).children)
            start = f'<details class="{COLUMNS}"><summary>Columns ({count})</summary>'
            place = box.parent.index(box)
            box.parent[place : place + 1] = [
                nodes.raw("", start, format="html"),
                *box.children,
                nodes.raw("", "</details>", format="html"),
            ]
