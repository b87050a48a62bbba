"""Corruptions of a table: what a slip of the hand, a spreadsheet or a stale download does to a CSV file.

Each fault has a name that says what was done to which column, so that a report can list those that no check found.
The rows and digits it touches are drawn from a seed made of that name: the same on every run and machine.
"""

from __future__ import annotations

import csv
import io
import itertools
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass

Rows = list[list[str]]


@dataclass(frozen=True)
class Fault:
    """One corrupted copy of a table: kind of fault, what it touched, and the file's new content."""

    table: str
    kind: str
    what: str
    content: bytes

    @property
    def name(self) -> str:
        """What a report calls it."""
        return f"{self.table}: {self.kind}" + (f": {self.what}" if self.what else "")


def parse(content: bytes) -> Rows:
    """Return the rows of a CSV file, header first."""
    return list(csv.reader(io.StringIO(content.decode(), newline="")))


def written(rows: Rows, **style) -> bytes:
    """Return rows as a CSV file, in the form that `make data` writes."""
    file = io.StringIO(newline="")
    csv.writer(file, lineterminator="\n", **style).writerows(rows)
    return file.getvalue().encode()


def meaningful(resource: dict, content: bytes) -> Iterator[Fault]:
    """Yield the faults that change what a table says, each once for every column it can befall."""
    name = resource["name"]
    schema = resource["schema"]
    rows = parse(content)
    header, body = rows[0], rows[1:]
    types = {field["name"]: field["type"] for field in schema["fields"]}
    numeric = [c for c in header if types[c] in ("integer", "number") and not is_year(c)]
    figures = [c for c in header if types[c] == "string" and mostly_numbers([row[header.index(c)] for row in body])]

    def pick(what: str) -> random.Random:
        return random.Random(f"{name}: {what}")

    def fault(kind: str, what: str, changed: Rows | bytes) -> Iterator[Fault]:
        made = changed if isinstance(changed, bytes) else written(changed)
        if made != content:
            yield Fault(name, kind, what, made)

    def one(kind: str, column: str, change, among=lambda value: value != "") -> Iterator[Fault]:
        """Change one cell of a column."""
        at = header.index(column)
        where = [i for i, row in enumerate(body) if among(row[at])]
        if where:
            i = pick(f"{kind} {column}").choice(where)
            changed = [*body[i]]
            changed[at] = change(changed[at])
            yield from fault(kind, column, [header, *body[:i], changed, *body[i + 1 :]])

    def whole(kind: str, column: str, change) -> Iterator[Fault]:
        """Change every filled cell of a column."""
        at = header.index(column)
        yield from fault(kind, column, [header, *([*r[:at], change(r[at]) if r[at] else "", *r[at + 1 :]] for r in body)])

    for column in numeric:
        yield from one("sign of a cell", column, negative, nonzero)
        yield from whole("sign of a column", column, negative)
        yield from one("one cell x 1000", column, thousandfold, nonzero)
        yield from whole("column x 1000", column, thousandfold)
        if re.search(r"pct|percent|share|rate", column) and types[column] == "number":
            yield from whole("per cent as a fraction", column, lambda text: repr(float(text) / 100))
        yield from one("comma for the thousands", column, lambda text: f"{text},000")
        yield from one("digits misread as letters", column, lambda text: text.replace("0", "O").replace("1", "l"), nonzero)
    for column in figures:
        yield from one("sign of a cell", column, negative, is_number)
        yield from one("one cell x 1000", column, thousandfold, is_number)
    for left, right in itertools.pairwise(header):
        a, b = header.index(left), header.index(right)
        if kind_of(types[left]) == kind_of(types[right]):
            yield from fault("columns swapped", f"{left} and {right}", [header, *(swapped(row, a, b) for row in body)])
        yield from fault("headings swapped", f"{left} and {right}", [swapped(header, a, b), *body])
    yield from fault("row dropped", "first", [header, *body[1:]])
    i = pick("row dropped").randrange(len(body))
    yield from fault("row dropped", "any", [header, *body[:i], *body[i + 1 :]])
    yield from fault("row dropped", "last", [header, *body[:-1]])
    yield from fault("row doubled", "added", [header, *body[: i + 1], *body[i:]])
    j = (i + 1) % len(body)
    yield from fault("row doubled", "over the next", [header, *(body[i] if k == j else row for k, row in enumerate(body))])

    def another_code(code: str) -> str:
        others = {row[header.index("iso3")] for row in body} | {"PRT"}
        return pick("code").choice(sorted(others - {"", code}))

    for column in [c for c in header if c == "iso3"]:
        yield from one("country code of another row", column, another_code)
        yield from one("country code unknown", column, lambda code: "XXX")
        yield from one("country code of two letters", column, lambda code: code[:2])
        yield from one("country code in small letters", column, str.lower)
    for column in [c for c in header if is_year(c) or types[c] == "date" or c in ("date", "published", "status_date")]:
        yield from whole("year shifted in all rows", column, next_year)
        yield from one("year shifted in one row", column, next_year, lambda text: next_year(text) != text)
    yield from stale(fault, header, body, numeric, schema)
    for column in header:
        yield from one("cell blanked", column, lambda text: "")
    for column in schema.get("primaryKey", []):
        yield from one("digit off by one in a key", column, off_by_one, has_digit)
        if types[column] == "string":
            yield from one("blank after a key", column, lambda text: f"{text} ")
    text = content.decode()
    yield from fault("encoding", "Windows-1252", text.encode("cp1252", errors="replace"))
    yield from fault("encoding", "UTF-16", text.encode("utf-16"))
    yield from fault("encoding", "UTF-8 read as Windows-1252", content.decode("cp1252", errors="replace").encode())
    yield from fault("truncated", "in the middle", content[: len(content) // 2])
    yield from fault("truncated", "inside the last row", content[: content.rstrip().rfind(b",")])
    yield from fault("truncated", "to the heading", written([header]))
    yield from fault("delimiter", "semicolon", written(rows, delimiter=";"))
    yield from fault("heading lost", "", written(body))


def harmless(content: bytes, seed: str) -> dict[str, bytes]:
    """Return copies of a file that say the same: other line ends, row order, quotes."""
    header, *body = parse(content)
    shuffled = [*body]
    random.Random(seed).shuffle(shuffled)
    if shuffled == body:
        shuffled.reverse()
    same = {
        "line ends of Windows": content.replace(b"\n", b"\r\n"),
        "every cell in quotes": written([header, *body], quoting=csv.QUOTE_ALL),
        "no line end at the end": content.rstrip(b"\n"),
    }
    return same | ({"rows in another order": written([header, *shuffled])} if len(body) > 1 else {})


def stale(fault, header: Rows, body: Rows, numeric: list[str], schema: dict) -> Iterator[Fault]:
    """An old edition: the newest period repeats the figures of the one before, or its rows are not there yet."""
    time = next((c for c in header if c in ("fiscal_year", "year", "month", "date")), None)
    if time is None or not numeric:
        return
    at = header.index(time)
    key = [header.index(c) for c in schema.get("primaryKey", [])]
    periods = sorted({row[at] for row in body})
    if len(periods) < 3:
        return
    before, last = periods[-2:]
    values = [header.index(c) for c in numeric if header.index(c) not in key]
    group = [k for k in key if k != at]
    old = {tuple(row[k] for k in group): row for row in body if row[at] == before}
    changed = []
    for row in body:
        twin = old.get(tuple(row[k] for k in group)) if row[at] == last else None
        changed.append([twin[k] if twin and k in values else cell for k, cell in enumerate(row)])
    yield from fault("stale vintage", "last period repeats the one before", [header, *changed])
    yield from fault("stale vintage", "last period not there yet", [header, *(row for row in body if row[at] != last)])


def is_year(column: str) -> bool:
    """True for a column of years."""
    return bool(re.search(r"(^|_)year$|^supermax_(from|to)$", column))


def kind_of(type: str) -> str:
    """Numbers of both types can stand in each other's column."""
    return "number" if type in ("integer", "number") else type


def nonzero(text: str) -> bool:
    """True for a cell with a number other than zero."""
    return text not in ("", "0", "0.0")


def is_number(text: str) -> bool:
    """True for a cell with a number other than zero, in a column of text."""
    return bool(re.fullmatch(r"-?\d+(\.\d+)?", text)) and float(text) != 0


def mostly_numbers(cells: list[str]) -> bool:
    """True for a column of text most of whose filled cells are numbers, years apart."""
    filled = [cell for cell in cells if cell]
    return 2 * sum(is_number(cell) and not re.fullmatch(r"(1[5-9]|20)\d\d", cell) for cell in filled) > len(filled) > 0


def has_digit(text: str) -> bool:
    """True for a text with a digit."""
    return bool(re.search(r"\d", text))


def negative(text: str) -> str:
    """Return a number with the other sign."""
    return text[1:] if text.startswith("-") else text if not nonzero(text) else f"-{text}"


def thousandfold(text: str) -> str:
    """Return a number times 1000, in the same form."""
    return repr(float(text) * 1000) if "." in text else str(int(text) * 1000)


def swapped(row: list[str], a: int, b: int) -> list[str]:
    """Return a row with two of its cells exchanged."""
    changed = [*row]
    changed[a], changed[b] = row[b], row[a]
    return changed


def next_year(text: str) -> str:
    """Return a text with its first year one later."""
    return re.sub(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)", lambda m: str(int(m[0]) + 1), text, count=1)


def off_by_one(text: str) -> str:
    """Return a text with one of its digits one higher, or one lower at nine."""
    i = random.Random(text).choice([i for i, letter in enumerate(text) if letter.isdigit()])
    return text[:i] + ("8" if text[i] == "9" else str(int(text[i]) + 1)) + text[i + 1 :]
