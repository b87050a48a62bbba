"""Forms of answers: what a question asks for, said once, and used by the check that students see and by the hidden tests.

A form is declared in the master with `one`, `each`, `names` or `table`. `check` tells a student in words what is wrong
with the form of an answer and gives nothing of its value away; `compare` tells whether an answer is right. Both read it
in the same way: labels in any order and case, int or float, Series, dict, DataFrame or list.
"""

from __future__ import annotations

import datetime
import functools
import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from numbers import Real
from pathlib import Path

import numpy as np
import pandas as pd

# An answer may differ from the right one by half a per cent, or by what two decimals leave; a count by nothing.
RELATIVE, ABSOLUTE = 0.005, 0.005
# More labels than these make one part: nobody needs a forty-eighth of a point.
MOST_PARTS = 12
Columns = list[tuple[object, list]]
# The right answers as their forms read them, by the folder of tables/ and the name of the code.
_right: dict[tuple[Path, str], list[dict]] = {}


@dataclass(frozen=True)
class Quantity:
    """What a number is a number of: unit in words, least and largest size, whether it is counted, whether it may be negative.

    `low` is asked of the largest number of an answer, since one group of several may be small.
    """

    unit: str
    low: float
    high: float
    whole: bool = False
    signed: bool = False
    tolerance: float = RELATIVE
    even: bool = False


PERCENT = Quantity("a percentage", 1, 100)
YEAR = Quantity("a year", 1700, 2100, whole=True)


def change(high: float) -> Quantity:
    """Return a change in per cent, a fall being negative."""
    return Quantity("a change in per cent", 1, high, signed=True)


def count(high: float) -> Quantity:
    """Return a number of things that are counted, so that it is whole and exact."""
    return Quantity("a whole number", 1, high, whole=True)


def amount(unit: str, low: float, high: float) -> Quantity:
    """Return a number in a unit, of a size from low to high."""
    return Quantity(unit, low, high)


def even(of: Quantity) -> Quantity:
    """Return a quantity whose right values have few decimals by themselves, so that they look rounded and are not."""
    return replace(of, even=True)


def within(of: Quantity, tolerance: float) -> Quantity:
    """Return a quantity that forgives more, where sound routes differ by more."""
    return replace(of, tolerance=tolerance)


@dataclass(frozen=True)
class Column:
    """Labels that stand in a column of a table; which of them, the answer has to find out, and how many may be told."""

    table: str
    column: str
    number: int | None = None


@dataclass(frozen=True)
class Form:
    """One answer: the name of its variable and what stands in it."""

    name: str

    def read(self, answer: object) -> dict:
        """Return an answer as a dict of its parts; AssertionError says in words what is wrong with it."""
        raise NotImplementedError

    def quantity(self, part: object) -> Quantity | None:
        """Return what the number of a part is a number of."""
        return None

    def parts(self, found: dict) -> list[list]:
        """Return the keys of what was read in the groups that earn points."""
        return [[key] for key in found] if len(found) <= MOST_PARTS else [list(found)]

    def check(self, answer: object) -> None:
        """Say what is wrong with the form of an answer, if anything is."""
        by_quantity: dict[Quantity, dict] = {}
        for key, value in self.read(answer).items():
            if (quantity := self.quantity(key)) is not None:
                by_quantity.setdefault(quantity, {})[key] = value
        for quantity, values in by_quantity.items():
            _check_numbers(self.name, quantity, values)

    def right(self, key: object, value: object, expected: object) -> bool:
        """Return whether the value of one part is the expected one, rounding allowed for."""
        quantity = self.quantity(key)
        if quantity is None:
            return value == expected
        exact = 1e-6 * max(1.0, abs(expected))
        return abs(value - expected) <= (exact if quantity.whole else slack(expected, quantity) + 1e-9)


@dataclass(frozen=True)
class _One(Form):
    of: Quantity

    def read(self, answer: object) -> dict:
        columns = _columns(answer)
        values = columns[-1][1] if columns else [answer]
        assert len(values) == 1 and len(columns) <= 2, f"{self.name} should be one number, and holds {len(values)} values."
        return {"": _number(self.name, values[0])}

    def quantity(self, part: object) -> Quantity:
        return self.of


@dataclass(frozen=True)
class _Each(Form):
    of: tuple[tuple[object, Quantity], ...]
    in_order: bool = False
    rising: bool = False

    def read(self, answer: object) -> dict:
        labels = [label for label, _ in self.of]
        shown = _listed(labels)
        columns = _columns(answer)
        assert columns, f"{self.name} should have one number for each of {shown}, and is {_kind(answer)}."
        if len(columns) == 1:
            assert not isinstance(answer, (set, frozenset)), f"{self.name} is a set, which has no order: make it a list."
            values = columns[0][1]
            assert list(map(_label, values)) != list(map(_label, labels)), f"{self.name} has the labels and no numbers."
            assert len(values) == len(labels), f"{self.name} should have {len(labels)} numbers ({shown}), and has {len(values)}."
            return {label: _number(f"{self.name} ({label})", value) for label, value in zip(labels, values, strict=True)}
        wanted = {_label(label, labels): label for label in labels}
        sides = [columns]
        if isinstance(answer, pd.DataFrame):
            sides.append(_columns(answer.T))
        for side in sides:
            for carrier, (_, column) in enumerate(side):
                if sorted(_label(one, labels) for one in column) == sorted(wanted):
                    others = [one for one in side[1:] if one is not side[carrier]]
                    others = others if len(others) == 1 else [one for one in others if all(map(_is_number, one[1]))]
                    assert len(others) == 1, f"{self.name} should have one column of numbers, and has {len(others)}."
                    found = dict(zip((_label(label, labels) for label in column), others[0][1], strict=True))
                    return {label: _number(f"{self.name}[{label!r}]", found[key]) for key, label in wanted.items()}
        if self.in_order and len(columns) == 2 and len(columns[1][1]) == len(labels):
            return self.read(columns[1][1])
        # The column that comes nearest tells what is wrong.
        found = max((c for _, c in columns), key=lambda c: len({_label(one, labels) for one in c} & set(wanted)))
        kept = [_label(one, labels) for one in found]
        missing = [label for key, label in wanted.items() if key not in kept]
        foreign = [one for one, key in zip(found, kept, strict=True) if key not in wanted]
        problem = f"missing: {_listed(missing)}" if missing else "a label stands twice"
        problem += f"; not asked for: {_listed(foreign)}" if foreign else ""
        raise AssertionError(f"{self.name} should have the labels {shown} ({problem}).")

    def quantity(self, part: object) -> Quantity:
        return dict(self.of)[part]

    def check(self, answer: object) -> None:
        super().check(answer)
        values = list(self.read(answer).values())
        if self.rising:
            assert values == sorted(values), f"{self.name}: the numbers should rise from the first to the last."


@dataclass(frozen=True)
class _Names(Form):
    known: Column

    def read(self, answer: object) -> dict:
        known = {_label(one): str(one) for one in pd.read_csv(f"tables/{self.known.table}.csv")[self.known.column].dropna()}
        wanted = f"should be {self.known.number or 'several'} names, as the column {self.known.column} writes them"
        columns = [("", [answer])] if isinstance(answer, str) else _columns(answer)
        assert columns and columns[-1][1], f"{self.name} {wanted}, and is {_kind(answer)}."
        # Values before labels: a Series of names has numbers for labels, one of numbers has the names there.
        for _, column in [*columns[1:], columns[0]]:
            found = [_label(one) for one in column]
            if set(found) <= set(known):
                break
        else:
            texts = [one for _, column in columns for one in column if isinstance(one, str) and _label(one) not in known]
            raise AssertionError(f"{self.name} {wanted}" + (f"; {texts[0]!r} is none of them." if texts else ", and has none."))
        twice = [known[one] for one in found if found.count(one) > 1]
        assert not twice, f"{self.name} has {twice[0]!r} more than once."
        assert self.known.number in (None, len(found)), (
            f"{self.name} should have {self.known.number} names, and has {len(found)}."
        )
        return {known[one]: True for one in found}

    def parts(self, found: dict) -> list[list]:
        # Without a number asked for, somebody who gives every name would earn every part.
        return super().parts(found) if self.known.number else [list(found)]


@dataclass(frozen=True)
class _Some(Form):
    of: Quantity
    known: Column

    def read(self, answer: object) -> dict:
        labels = _Names(self.name, self.known).read(answer)
        return each(self.name, self.of, labels).read(answer)

    def quantity(self, part: object) -> Quantity:
        return self.of

    def parts(self, found: dict) -> list[list]:
        return [list(found)]


@dataclass(frozen=True)
class _Table(Form):
    key: str
    labels: tuple | Column
    of: tuple[tuple[str, Quantity], ...]

    def read(self, answer: object) -> dict:
        columns = [name for name, _ in self.of]
        wanted = f"should be a DataFrame with the columns {_listed([self.key, *columns])}"
        wanted += "" if isinstance(self.labels, Column) else f" and {len(self.labels)} rows"
        if isinstance(answer, (dict, list, tuple)) and len(answer):
            try:
                answer = pd.DataFrame(answer if isinstance(answer, dict) else list(answer))
            except (ValueError, TypeError, AttributeError):
                answer = None
        assert isinstance(answer, pd.DataFrame), f"{self.name} {wanted}, and is {_kind(answer)}."
        if not {_label(one) for one in columns} & {_label(one) for one in answer.columns}:
            answer = answer.T
        answer = answer.set_axis([_label(one) for one in answer.columns], axis="columns")
        missing = [one for one in columns if _label(one) not in answer.columns]
        assert not missing, f"{self.name} {wanted}; missing: {_listed(missing)}."
        labels = list(answer[_label(self.key)] if _label(self.key) in answer.columns else answer.index)
        found = {}
        for column, quantity in self.of:
            form = each(f"{self.name}, column {column}", quantity, self.labels)
            values = form.read(pd.Series(list(answer[_label(column)]), index=pd.Index(labels, tupleize_cols=False)))
            found |= {(column, label): value for label, value in values.items()}
        return found

    def quantity(self, part: tuple) -> Quantity:
        return dict(self.of)[part[0]]

    def parts(self, found: dict) -> list[list]:
        return [[key for key in found if key[0] == column] for column, _ in self.of]


def one(name: str, of: Quantity) -> _One:
    """Declare one number."""
    return _One(name, of)


def each(
    name: str, of: Quantity | Mapping, labels: Iterable | Column = (), in_order: bool = False, rising: bool = False
) -> _Each | _Some:
    """Declare one number for each label; `of` may give each label a quantity of its own.

    in_order: asked for as (low, high) and the like, so that labels of another text are read in their order.
    rising: the first number is the lowest.
    """
    if isinstance(labels, Column):
        return _Some(name, of, labels)
    of = of if isinstance(of, Mapping) else dict.fromkeys(labels, of)
    return _Each(name, tuple(of.items()), in_order, rising)


def names(name: str, known: Column) -> _Names:
    """Declare names that stand in a column of a table, in any order; each earns its part where their number is told."""
    return _Names(name, known)


def table(name: str, key: str, labels: Iterable | Column, **of: Quantity) -> _Table:
    """Declare a DataFrame with one row for each label of the key column, and columns of numbers."""
    return _Table(name, key, labels if isinstance(labels, Column) else tuple(labels), tuple(of.items()))


def check(form: Form | tuple[Form, ...], *answers: object) -> None:
    """Raise AssertionError with a sentence for the student where an answer has not the form asked for."""
    _same_pandas()
    for single, answer in zip(forms(form), answers, strict=True):
        single.check(answer)


def parts(form: Form | tuple[Form, ...], expected: object) -> list[tuple[int, list]]:
    """Return the parts of a question that earn points: the number of the form, and the keys of what is read."""
    return _parts(form, read(form, expected))


def _parts(form: Form | tuple[Form, ...], found: list[dict]) -> list[tuple[int, list]]:
    return [(number, keys) for number, single in enumerate(forms(form)) for keys in single.parts(found[number])]


def compare(form: Form | tuple[Form, ...], answer: Callable[[], object], part: int, *answers: object, once: str) -> None:
    """Compare one part of an answer, counted from 0; an AssertionError never says what was expected.

    What `answer` computes from tables/ is kept under `once`, which names its code: other parts ask for the same.
    """
    place = (Path.cwd(), once)
    if place not in _right:
        _right[place] = read(form, answer())
    right = _right[place]
    number, keys = _parts(form, right)[part]
    single, wanted = forms(form)[number], right[number]
    found = single.read(answers[number])
    assert (isinstance(single, _Names) and single.known.number) or set(found) == set(wanted), "these are not the right labels"
    assert all(key in found and single.right(key, found[key], wanted[key]) for key in keys), "this is not right"


def forms(form: Form | tuple[Form, ...]) -> tuple[Form, ...]:
    """Return the forms of a question, which has one for each of its variables."""
    return form if isinstance(form, tuple) else (form,)


def read(form: Form | tuple[Form, ...], expected: object) -> list[dict]:
    """Return the right answer to a question as each of its forms reads it."""
    values = expected if isinstance(form, tuple) else (expected,)
    return [single.read(value) for single, value in zip(forms(form), values, strict=True)]


def _columns(answer: object) -> Columns:
    """Return what holds several values as columns, labels first where it has any; nothing else is read as an answer."""
    if isinstance(answer, pd.DataFrame):
        frame = [(name, [_plain(one) for one in answer.iloc[:, i]]) for i, name in enumerate(answer.columns)]
        return [(answer.index.name, [_plain(one) for one in answer.index]), *frame]
    if isinstance(answer, (pd.Series, Mapping)):
        labels, values = answer.keys(), answer.values() if isinstance(answer, Mapping) else answer
        return [("", [_plain(one) for one in labels]), ("", [_plain(one) for one in values])]
    sequences = (list, tuple, range, set, frozenset, pd.Index, pd.api.extensions.ExtensionArray)
    if isinstance(answer, sequences) or (isinstance(answer, np.ndarray) and answer.ndim) or _is_view(answer):
        return [("", [_plain(one) for one in answer])]
    return []


def _is_view(answer: object) -> bool:
    return type(answer).__name__ in ("dict_keys", "dict_values")


def _plain(value: object) -> object:
    """Return a value as what comes out of the process that runs a student's notebook: a number, a text or None."""
    if value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, (np.generic, np.ndarray)) and value.ndim == 0:
        return _plain(value.item())
    if isinstance(value, (datetime.date, pd.Period)):
        return str(value)
    return float(value) if isinstance(value, (Decimal, Fraction)) else value


def _is_number(value: object) -> bool:
    """Return whether a value is a finite number; True and "3" are none."""
    return isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value)


def _number(name: str, value: object) -> float:
    value = _plain(value)
    assert not isinstance(value, str), f"{name} is the text {value!r}; a number is needed."
    missing = value is None or (isinstance(value, float) and math.isnan(value))
    assert not missing, f"{name} is missing (None or NaN)."
    assert _is_number(value), f"{name} should be a number, and is {_kind(value)}."
    return value


def _check_numbers(name: str, quantity: Quantity, values: dict) -> None:
    """Say in words when numbers have not the size, sign or precision of their quantity."""
    size = f"{quantity.unit} from {-quantity.high if quantity.signed else 0:,} to {quantity.high:,}"
    for label, value in values.items():
        label = " at ".join(map(str, label)) if isinstance(label, tuple) else label
        shown = f"{name} ({label})" if label != "" else name
        assert value >= -1e-9 or quantity.signed, f"{shown} is negative; {quantity.unit} of 0 or more is needed."
        assert abs(value) <= quantity.high, f"{shown} is {value:.6g}; {size} is needed. Look at the unit."
        assert not quantity.whole or float(value).is_integer(), f"{shown} is {value:.6g}; a whole number is needed, not rounded."
    largest = max(values.values(), key=abs)
    hint = (
        " Is it a share of 1?"
        if abs(largest) <= 1 and quantity.unit.startswith(("a percentage", "a change"))
        else " Look at the unit."
    )
    assert abs(largest) >= quantity.low, f"{name}: {largest:.6g} is too small for {size}.{hint}"
    if not (quantity.whole or quantity.even):
        decimals = max(_decimals(value) for value in values.values())
        rough = decimals < 2 and any(0.5 * 10**-decimals > slack(value, quantity) for value in values.values())
        # No single number is named: beside one that was rounded, a nought may be right as it is.
        places = "1 decimal" if decimals else "0 decimals"
        assert not rough, f"{name} looks rounded to {places}. Leave all the decimals that you computed."


def slack(value: float, quantity: Quantity) -> float:
    """Return by how much an answer may differ."""
    return max(quantity.tolerance * abs(value), ABSOLUTE)


def _decimals(value: float) -> int:
    return len(f"{value:.6f}".rstrip("0").split(".")[1])


def _label(label: object, wanted: Iterable = ()) -> str:
    """Return a label as text that is one for 1840, 1840.0, "FY1840"; for a quarter and a day of it; for any case."""
    label = _plain(label)
    if _is_number(label) and float(label).is_integer():
        label = int(label)
    text = re.sub(r"[\u2010-\u2015]", "-", " ".join(str(label).split())).casefold().removesuffix(" 00:00:00")
    kind = _times(tuple(map(str, wanted)))
    if kind == "years":
        years = re.findall(r"(?<!\d)(?:1[789]|20)\d\d(?!\d)", text)
        return years[0] if len(years) == 1 else text
    if kind == "quarters":
        # Of a quarter its first and its last day.
        day = re.fullmatch(r"(\d{4})-(\d\d)(-\d\d)?", text)
        return f"{day[1]}q{(int(day[2]) + 2) // 3}" if day else text
    return text


@functools.cache
def _times(labels: tuple[str, ...]) -> str:
    """Return whether all labels are years, or all quarters; for the labels of one form it is asked thousands of times."""
    patterns = {"years": r"\d{4}", "quarters": r"\d{4}Q[1-4]"}
    return next((k for k, pattern in patterns.items() if labels and all(re.fullmatch(pattern, one) for one in labels)), "")


def _kind(value: object) -> str:
    if value is None or value is ...:
        return "still empty"
    if isinstance(value, (bool, str, int, float)):
        return repr(value)[:60]
    word = type(value).__name__
    return f"{'an' if word[0].lower() in 'aeiou' else 'a'} {word}"


def _listed(labels: Iterable) -> str:
    """Return labels as a reader wants them: all of a few, the first and the last of many."""
    words = [str(one)[:60] for one in labels]
    return ", ".join(words) if len(words) <= 8 else f"{words[0]}, {words[1]}, … {words[-1]}"


def _same_pandas() -> None:
    """Refuse to check where pandas is of another generation than the grader's: what is right there may fail here."""
    listed = Path("requirements.txt")
    pinned = re.search(r"^pandas==(\S+)", listed.read_text(encoding="utf-8"), re.M) if listed.is_file() else None
    if pinned and pinned[1].split(".")[0] != pd.__version__.split(".")[0]:
        raise AssertionError(
            f"This is pandas {pd.__version__}, and answers are graded with {pinned[1]}. Install what requirements.txt lists "
            "(README.md says how) and restart the session."
        )
