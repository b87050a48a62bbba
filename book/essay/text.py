"""Numbers and lists as a reader expects them in running text."""

from __future__ import annotations

from collections.abc import Iterable

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


def number(word: str) -> int:
    """Return the whole number that a word stands for: 'eight' and 'Eight' are 8.

    Raises ValueError when the word is not a number from zero to nineteen.
    """
    if word.lower() not in _SMALL:
        raise ValueError(f"{word}: not a number in words from zero to nineteen")
    return _SMALL.index(word.lower())


def listed(items: Iterable[str]) -> str:
    """Return 'a, b and c'."""
    items = list(items)
    if len(items) < 2:
        return "".join(items)
    return ", ".join(items[:-1]) + " and " + items[-1]
