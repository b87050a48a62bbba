"""Numbers, lists and signs as a reader expects them in running text."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime

_SMALL = [
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
]
_TENS = ["zero", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def words(number: int) -> str:
    """Return a whole number from 0 to 99 in words.

    Raises ValueError outside that range: larger numbers are written in figures.
    """
    if number != int(number) or not 0 <= number <= 99:
        raise ValueError(f"{number}: only whole numbers from 0 to 99 are written in words")
    number = int(number)
    if number < 20:
        return _SMALL[number]
    tens, ones = divmod(number, 10)
    return _TENS[tens] + (f"-{_SMALL[ones]}" if ones else "")


def opening(number: int) -> str:
    """Return a whole number from 0 to 99 in words as a sentence opens with it: 'Eight'.

    Raises ValueError outside that range.
    """
    return words(number).capitalize()


def millions(digits: int | None = None) -> Callable[[float], str]:
    """Return what writes a sum in millions: '112 million' with 0 digits, '12.4 million' with 1.

    Without `digits`, two decimals or as few as say the same: '4.76 million', '6 million'.
    """
    return lambda value: f"{_scaled(value / 1e6, digits)} million"


def billions(digits: int) -> Callable[[float], str]:
    """Return what writes a sum in billions: '2.09 billion' with 2 digits."""
    return lambda value: f"{_scaled(value / 1e9, digits)} billion"


def _scaled(value: float, digits: int | None) -> str:
    """Return a number with so many decimals, or with two and no idle zero."""
    return f"{value:,.2f}".rstrip("0").rstrip(".") if digits is None else f"{value:,.{digits}f}"


def year(date: str) -> int:
    """Return the year of an ISO date, of a day or less precise: 1829 of '1829-10-25', 2015 of '2015-11'.

    Raises ValueError for text that is no such date.
    """
    if not re.fullmatch(r"\d{4}(-\d\d){0,2}", date):
        raise ValueError(f"{date}: not a date such as 1829-10-25, 1829-10 or 1829")
    return int(date[:4])


def when(date: str) -> str:
    """Return an ISO day, month or year as '3 July 2025', 'July 2025' or '2025'.

    Raises ValueError for anything else.
    """
    for form, shown in (("%Y-%m-%d", "{0.day} {0:%B %Y}"), ("%Y-%m", "{0:%B %Y}"), ("%Y", "{0:%Y}")):
        with suppress(ValueError):
            return shown.format(datetime.strptime(date, form))
    raise ValueError(f"{date}: a date is written as 2025, 2025-07 or 2025-07-03")


def listed(items: Iterable[str]) -> str:
    """Return 'a, b and c'."""
    items = list(items)
    if len(items) < 2:
        return "".join(items)
    return ", ".join(items[:-1]) + " and " + items[-1]


def one_or_more(count: int, one: str, more: str) -> str:
    """Return the form of a word that goes with a count."""
    return one if count == 1 else more


def proved(words: str, holds: bool) -> str:
    """Return words that are true of the data: `proved("most of them closed", closed > len(prisons) / 2)`.

    Raises ValueError, naming them, when they are not.
    """
    if not holds:
        raise ValueError(f"no longer true of the data: {words!r}; write what is")
    return words


# Addresses keep their signs; days are spelt out, and months where they stand alone, since 1909-11 may be three years;
# what joins two numbers is a dash, but for numbers of cases and laws.
_SIGNS = re.compile(
    r"(?P<address>(?:https?://|www\.)\S+)"
    r"|(?<![\w/.-])(?P<start>\d{4}-\d\d(?:-\d\d)?)/(?P<end>\d{4}-\d\d(?:-\d\d)?)(?![\w/-])"
    r"|(?<![\w/.-])(?P<day>\d{4}-\d\d-\d\d)(?![\w/-])"
    r"|^(?P<month>(?:by )?\d{4}-(?:0[1-9]|1[0-2]))(?= \(|$)"
    r"|(?<!No\. )(?<!Nos\. )(?<!Law )(?<!L\. )(?<![\w.,–-])(?P<low>\d+(?:[.,]\d+)*)-(?P<high>\d+(?:[.,]\d+)*)(?![\w-])"
    r"|(?P<opening>(?<![^\s(\[“–—])['\"](?=\S)(?!s\b|\d\ds))"
    r"|(?P<closing>['\"])"
)
# The words between two marks of a page, those that are heard or shown on pointing, and what keeps its signs whole.
_WORDS = re.compile(
    r"<!--.*?-->|<(?P<kept>pre|code|script|style|textarea|math)\b.*?</(?P=kept)>"
    r'|(?P<named>\s(?:alt|title|aria-label)=")(?P<heard>[^"]*)(?=")'
    r"|(?<=>)(?P<words>[^<>]+)",
    re.DOTALL,
)


def typeset(words: str) -> str:
    """Return words with the signs of print: ’ “ ” for straight quotes, 1974–84 for 1974-84, 3 July 2025 for 2025-07-03."""
    return _SIGNS.sub(_sign, words)


def typeset_page(page: str, mark: Callable[[str], str] = str) -> str:
    """Return HTML with its words typeset, code and addresses as they are; `mark` may add marks to words between marks."""

    def typeset_piece(match: re.Match) -> str:
        if match["heard"] is not None:
            return match["named"] + html.escape(typeset(html.unescape(match["heard"])))
        return match[0] if match["words"] is None else mark(html.escape(typeset(html.unescape(match["words"])), quote=False))

    return _WORDS.sub(typeset_piece, page)


def _sign(match: re.Match) -> str:
    """Return what is printed for one thing that `_SIGNS` found."""
    kind, found = match.lastgroup, match[0]
    with suppress(ValueError):
        if kind == "end":
            return f"{when(match['start'])} to {when(match['end'])}"
        if kind in ("day", "month"):
            return "by " * found.startswith("by ") + when(found.removeprefix("by "))
    if kind == "high":
        return f"{match['low']}–{match['high']}"
    if kind in ("opening", "closing"):
        return {"opening'": "‘", 'opening"': "“", "closing'": "’", 'closing"': "”"}[kind + found]
    return found
