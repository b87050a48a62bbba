"""Lines of a drawn figure that run across a break which a table declares: what is drawn is looked at, not how."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, partial
from itertools import combinations

import numpy as np
import pandas as pd
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.dates import date2num
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from essay import meaning, tables

# What charts divide by, or multiply with: as it is, thousands, millions, billions, a hundred.
SCALES = (1, 1e-3, 1e-6, 1e-9, 1e-2, 1e2)
DATE = r"\d{4}(?:-\d\d(?:-\d\d)?)?"
# How far, in days, from the year or from the month or day of a value its point may stand: half a year, a month.
NEAR = {"year": 184, "day": 31}
# By how many days the start of a year is off where an axis counts years.
ROUNDING = 2


def crossings(figure: Figure, sources: list[str], data: pd.DataFrame) -> Iterator[str]:
    """Yield what is joined, and across which break, for each column of `sources` that a line of the figure draws so.

    A point is taken for a value where it has the value's height (or length), in one of SCALES, and stands at its year or
    date. Values are those of a column with a declared break and their sums, in the table and, under the column's name, in
    `data`. What is computed further, as ratios are, is not recognised.
    """
    # A column may have several breaks, and few tables have any.
    drawn, read = cache(partial(list, _drawn(figure))), cache(partial(_values, data=data))
    for name in sources:
        for each in (found for column in _broken(name) for found in meaning.declared_breaks(name, column)):
            if re.fullmatch(DATE, str(each.value)):
                first = _days(pd.Series([str(each.value)]))[0]
                across = [line for line in drawn() if np.nanmin(line[:, 0]) < first - ROUNDING <= np.nanmax(line[:, 0])]
                values = read(name, each.field, each.column) if across else None
                if any(_joins(line, values, first) for line in across):
                    yield f"{each.column} of {name} across {each.field} {each.value} ({each.why})"


def _broken(name: str) -> list[str]:
    """Return the columns of a table that declare breaks."""
    return list(dict.fromkeys(each["column"] for each in tables.resource(name).get("breaks", ())))


def _days(dates: pd.Series) -> np.ndarray:
    """Return the first day of years, months and days as axes count days."""
    return date2num(pd.to_datetime(dates, format="ISO8601"))


def _drawn(figure: Figure) -> Iterator[np.ndarray]:
    """Yield the points of each line and of each edge of an area, in both directions: rows of day (or place) and value."""
    # Matplotlib makes all ticks anew whenever it is asked for what a figure is made of.
    artists = figure.findobj()
    lines = [artist for artist in artists if isinstance(artist, Line2D)]
    paths = [_points(line) for line in lines if line.get_visible() and line.get_linestyle() not in ("None", " ")]
    for group in (artist for kind in (LineCollection, PolyCollection) for artist in artists if isinstance(artist, kind)):
        paths += [path.vertices for path in group.get_paths()]
    for path in paths:
        for points in (path, path[:, ::-1]):
            if np.isfinite(points[:, 0]).sum() > 1:
                years = points[:, 0]
                yield np.column_stack([np.where((years > 1500) & (years < 2100), (years - 1970) * 365.2425, years), points[:, 1]])


def _points(line: Line2D) -> np.ndarray:
    """Return the points of a line; years that were given as text, which an axis puts at 0, 1, 2 ..., as numbers."""
    points = line.get_xydata().astype(float)
    for axis, given in enumerate((line.get_xdata(orig=True), line.get_ydata(orig=True))):
        if len(points) and all(isinstance(place, str) and re.fullmatch(r"\d{4}", place) for place in given):
            points[:, axis] = [float(place) for place in given]
    return points


def _values(name: str, field: str, column: str, data: pd.DataFrame) -> pd.DataFrame:
    """Return the values of a column as `day`, `value` and `series`, and whether each is one of a whole year (`of_year`).

    A series is made of the rows that agree in some columns of the table's key, or in none, summed by `field`, its year or date.
    """
    described = tables.resource(name)
    key = [each for each in described["schema"].get("primaryKey", ()) if each not in (field, column)]
    cells = pd.read_csv(tables.DATA / described["path"], usecols=[field, column, *key])
    parts, count = [], 0
    for frame in (cells, data):
        if {field, column} <= set(frame.columns) and pd.api.types.is_numeric_dtype(frame[column]):
            labels = [each for each in key if each in frame]
            for some in (list(subset) for length in range(len(labels) + 1) for subset in combinations(labels, length)):
                summed = frame.groupby([field, *some])[column].sum(min_count=1).dropna().reset_index()
                series = count + (summed.groupby(some).ngroup() if some else 0)
                count += len(summed)
                parts.append(pd.DataFrame({"place": summed[field], "value": summed[column], "series": series}))
    values = pd.concat([part.astype({"place": "string", "value": float}) for part in parts]).query("value != 0")
    places = values["place"].str.extract(f"^({DATE})", expand=False)
    values, places = values[places.notna()], places.dropna()
    return values.assign(day=_days(places), of_year=places.str.len() == 4)


def _joins(line: np.ndarray, values: pd.DataFrame, first: float) -> bool:
    """True where two points of a line that follow each other are values of one series from both sides of the day `first`."""
    place, height = line[:, :1], line[:, 1:]
    day, series, of_year = (values[column].to_numpy() for column in ("day", "series", "of_year"))
    near = np.where(of_year, NEAR["year"], NEAR["day"])
    # A value of one side is never drawn on the other.
    side = (place >= first - ROUNDING) == (day >= first)
    there = side & (place >= day - near) & (place <= day + 365 * of_year + near)
    for scale in SCALES:
        point, value = np.nonzero(there & np.isclose(height, values["value"].to_numpy() * scale, rtol=1e-6, atol=0))
        old, new = (
            set(zip(point[those], series[value[those]], strict=True)) for those in (day[value] < first, day[value] >= first)
        )
        if any((at + step, which) in new for at, which in old for step in (1, -1)):
            return True
    return False
