"""Numbers and lists as a reader expects them in running text."""

from __future__ import annotations

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


def proved(words: str, holds: bool) -> str:
    """Return words that are true of the data: `proved("most of them closed", closed > len(prisons) / 2)`.

    Raises ValueError, naming them, when they are not.
    """
    if not holds:
        raise ValueError(f"no longer true of the data: {words!r}; write what is")
    return words
