"""Right answers that have lost their form, or have another than the solution: what a student may leave by mistake."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import numpy as np
import pandas as pd

import matching


def written(form: matching.Form, values: dict) -> object:
    """Return what was read of an answer in a plain form again: a number, a dict, a list of names or a DataFrame."""
    if isinstance(form, matching._One):
        return values[""]
    if isinstance(form, matching._Names):
        return list(values)
    if isinstance(form, matching._Table):
        rows = list(dict.fromkeys(label for _, label in values))
        columns = {column: [values[column, label] for label in rows] for column, _ in form.of}
        return pd.DataFrame({form.key: rows, **columns})
    return dict(values)


def of(form: matching.Form, values: dict) -> Iterator[tuple[str, object]]:
    """Yield mutants of a right answer, each with what was done to it."""
    yield "missing", None
    yield "not begun", ...
    yield "a function", len
    yield "a text", "see above"
    yield "nothing in it", []
    if isinstance(form, matching._Names):
        yield from _of_names(form, list(values))
        return
    for what, change in NUMBERS.items():
        yield what, written(form, {key: change(value) for key, value in values.items()})
    if getattr(form, "rising", False):
        yield "the other order", list(values.values())[::-1]
    if isinstance(form, matching._One):
        value = values[""]
        yield "in a list", [value]
        yield "in a Series", pd.Series([value], index=["share"])
        yield "in a DataFrame", pd.DataFrame({"share": [value]})
        yield "in a dict", {"share": value}
        yield "in an array", np.array([value])
        yield "two of it", [value, value]
    elif isinstance(form, matching._Table):
        yield from _of_table(form, written(form, values))
    else:
        yield from _of_labelled(form, values)


NUMBERS = {
    "as text": str,
    "as text with a sign": lambda value: f"{value:.1f}%",
    "rounded to whole numbers": round,
    "rounded to 1 decimal": lambda value: round(value, 1),
    "rounded to 2 decimals": lambda value: round(value, 2),
    "rounded to 4 decimals": lambda value: round(value, 4),
    "a hundredth": lambda value: value / 100,
    "a hundredfold": lambda value: 100 * value,
    "a millionth": lambda value: value / 1e6,
    "a millionfold": lambda value: 1e6 * value,
    "in lists": lambda value: [value],
    "not a number": lambda value: float("nan"),
    "infinite": lambda value: float("inf"),
    "yes or no": lambda value: True,
    "as Decimal": lambda value: Decimal(str(value)),
    "as a scalar of NumPy": np.float64,
}


def _of_names(form: matching._Names, names: list[str]) -> Iterator[tuple[str, object]]:
    yield "upper case", [name.upper() for name in names]
    yield "with spaces", [f" {name}  " for name in names]
    yield "another text", [f"{name} (state)" for name in names]
    yield "numbers", list(range(len(names)))
    yield "one twice", [*names, names[0]]
    yield "one text of all", ", ".join(names)
    yield "a set", set(names)
    yield "an array", np.array(names)
    yield "a Series", pd.Series(names)
    yield "labels of a Series", pd.Series(range(len(names)), index=names)
    yield "a column of a DataFrame", pd.DataFrame({"name": names, "number": 1.5})
    if form.known.number:
        yield "one missing", names[1:]


def _of_labelled(form: matching.Form, values: dict) -> Iterator[tuple[str, object]]:
    labels, numbers = list(values), list(values.values())
    in_order = getattr(form, "in_order", False)
    yield "upper case", {str(label).upper(): value for label, value in values.items()}
    yield "labels as text", {str(label): value for label, value in values.items()}
    yield "labels with spaces", {f" {label} ": value for label, value in values.items()}
    if not in_order:
        yield "another text", {f"group {label} of them": value for label, value in values.items()}
        yield "labels by number", pd.Series(numbers)
    yield "one missing", dict(list(values.items())[1:])
    yield "one too many", values | {"sum of all": sum(numbers)}
    yield "a Series", pd.Series(values)
    yield "a Series in another order", pd.Series(values)[::-1]
    yield "two columns", pd.DataFrame({"label": labels, "number": numbers})
    yield "one column", pd.Series(values).to_frame("number")
    yield "one row", pd.DataFrame([numbers], columns=pd.Index(labels, tupleize_cols=False))
    yield "a column beside", pd.DataFrame({"label": labels, "number": numbers, "other": range(len(labels))})
    yield "pairs", list(values.items())
    yield "a list in order", numbers
    yield "a tuple in order", tuple(numbers)
    yield "an array in order", np.array(numbers)
    yield "a list of labels", labels
    yield "a list too short", numbers[1:]
    yield "a list too long", [*numbers, 1]
    yield "a set", set(numbers)
    yield "one number", numbers[0]
    yield "an iterator", iter(numbers)
    yield "a table of numbers", np.array([numbers])


def _of_table(form: matching._Table, frame: pd.DataFrame) -> Iterator[tuple[str, object]]:
    yield "key as index", frame.set_index(form.key)
    yield "key as an index without a name", frame.set_index(form.key).rename_axis(None)
    yield "rows in another order", frame[::-1]
    yield "columns in another order", frame[frame.columns[::-1]]
    yield "transposed", frame.set_index(form.key).T
    yield "upper case", frame.rename(columns=str.upper)
    yield "another name of a column", frame.rename(columns={form.of[0][0]: "result"})
    yield "a column missing", frame.drop(columns=form.of[-1][0])
    yield "without the key", frame.drop(columns=form.key)
    yield "one row missing", frame[1:]
    yield "one row twice", pd.concat([frame, frame[:1]])
    yield "another text of labels", frame.assign(**{form.key: [f"group {label} of them" for label in frame[form.key]]})
    yield "a dict of columns", frame.to_dict("list")
    yield "a list of rows", frame.to_dict("records")
    yield "one column alone", frame.set_index(form.key)[form.of[0][0]]
    yield "an array", frame.to_numpy()
