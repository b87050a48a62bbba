"""Comparisons for hidden tests: any form of the right answer passes, whatever its type, order or labels.

An AssertionError never says what was expected, because students may see it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from numbers import Real

import pandas as pd


def is_number(value: object) -> bool:
    """Return whether a value is a finite number; True and "3" are none."""
    return isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value)


def number(answer: object, expected: float, tolerance: float = 1e-6) -> None:
    """Compare with one number; tolerance is relative, and absolute where less than 1 is expected.

    A list or Series with one value counts as that value.
    """
    if isinstance(answer, (list, tuple, pd.Series)) and len(answer) == 1:
        answer = next(iter(answer))
    answer = _plain(answer)
    assert is_number(answer), f"a number is needed, not {type(answer).__name__}"
    assert abs(answer - expected) <= tolerance * max(1.0, abs(expected)), "the number is not right"


def numbers(answer: object, expected: Iterable[float], tolerance: float = 1e-6) -> None:
    """Compare several numbers in their order: a tuple, list, array or Series."""
    expected = list(expected)
    assert isinstance(answer, (list, tuple, pd.Series)), f"{len(expected)} numbers are needed, not {type(answer).__name__}"
    assert len(answer) == len(expected), f"{len(expected)} numbers are needed, not {len(answer)}"
    for one, other in zip(answer, expected, strict=True):
        number(one, other, tolerance)


def labels(answer: object, expected: Iterable[str]) -> None:
    """Compare a collection of labels in any order, each once; one label may stand alone."""
    found = [answer] if isinstance(answer, str) else list(answer) if isinstance(answer, (list, tuple, pd.Series)) else None
    assert found is not None, f"labels are needed, not {type(answer).__name__}"
    assert sorted(map(str, found)) == sorted(map(str, expected)), "these are not the right labels"


def by_label(answer: object, expected: Mapping[str, float], tolerance: float = 1e-6) -> None:
    """Compare one number for each label in any order: a Series, a dict, or a DataFrame with one numeric column."""
    if isinstance(answer, pd.DataFrame):
        table = answer if len(answer.columns) == 1 else answer.set_index(answer.columns[0])
        assert len(table.columns) == 1, "one number for each label is needed"
        answer = table.iloc[:, 0]
    assert isinstance(answer, (pd.Series, Mapping)), f"one number for each label is needed, not {type(answer).__name__}"
    found = {_label(label): value for label, value in answer.items()}
    assert len(found) == len(answer), "a label stands twice"
    wanted = {_label(label): value for label, value in dict(expected).items()}
    assert set(found) == set(wanted), "the labels are not the ones asked for"
    for label, value in wanted.items():
        number(found[label], value, tolerance)


def table(answer: object, expected: pd.DataFrame, key: str, tolerance: float = 1e-6) -> None:
    """Compare a DataFrame of numbers row by row of the key column; rows and columns in any order, key may be the index.

    Columns beyond those expected are let pass.
    """
    assert isinstance(answer, pd.DataFrame), f"a DataFrame is needed, not {type(answer).__name__}"
    columns = [column for column in expected.columns if column != key]
    if key not in answer.columns:
        answer = answer.rename_axis(key).reset_index()
    missing = [column for column in columns if column not in answer.columns]
    assert not missing, f"columns are missing: {missing}"
    for column in columns:
        by_label(answer.set_index(key)[column], expected.set_index(key)[column], tolerance)


def _plain(value: object) -> object:
    """Return a numpy scalar as the number of Python that it holds."""
    return value.item() if hasattr(value, "item") and not isinstance(value, (pd.Series, pd.DataFrame)) else value


def _label(label: object) -> object:
    """Return a label so that 1840, 1840.0 and "1840" are one."""
    label = _plain(label)
    return str(int(label)) if is_number(label) and float(label).is_integer() else str(label)
