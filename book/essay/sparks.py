"""Small pictures of a series within a line of text: inline SVG in the colours of the page, light or dark.

A full figure of Matplotlib takes a tenth of a second and ten kilobytes; a page for each country has two series.
"""

from __future__ import annotations

import html

import pandas as pd

from essay import meaning

# In pixels, as large as it is drawn at most; the edge leaves room for half a line and for dots.
WIDTH, HEIGHT, EDGE = 320, 72, 4


def spark(frame: pd.DataFrame, year: str, columns: dict[str, str], alt: str) -> str:
    """Return lines of a yearly table as SVG, from zero up, one for each column: name -> class, which the style colours.

    A line stops where the table declares a break for its column, where a year is missing and where a value is; what then
    stands alone is a dot. `alt` says what the lines show. `frame` has one row a year in order and names its table.

    Raises ValueError where no column has a value.
    """
    lines = {name: runs(frame, year, column) for column, name in columns.items()}
    values = [value for pieces in lines.values() for run in pieces for _, value in run]
    if not values:
        raise ValueError(f"{', '.join(columns)}: no value to draw")
    low, high = min(0.0, *values), max(0.0, *values)
    years = frame[year].tolist()
    across, up = (WIDTH - 2 * EDGE) / max(1, years[-1] - years[0]), (HEIGHT - 2 * EDGE) / ((high - low) or 1)

    def y(value: float) -> float:
        return round(HEIGHT - EDGE - up * (value - low), 1)

    marks = [f'<path class="spark-zero" d="M0 {y(0)}H{WIDTH}"/>']
    for name, pieces in lines.items():
        for run in pieces:
            points = [(round(EDGE + across * (at - years[0]), 1), y(value)) for at, value in run]
            if len(points) > 1:
                marks.append(f'<path class="{name}" d="M{"L".join(f"{x} {height}" for x, height in points)}"/>')
            else:
                marks.append(f'<circle class="{name}" cx="{points[0][0]}" cy="{points[0][1]}" r="2"/>')
    return (
        f'<svg class="spark" role="img" aria-label="{html.escape(alt, quote=True)}" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}">{"".join(marks)}</svg>'
    )


def runs(frame: pd.DataFrame, year: str, column: str) -> list[list[tuple[int, float]]]:
    """Return the pieces in which a yearly column may be joined, each as (year, value) pairs: never across a break."""
    found: list[list[tuple[int, float]]] = []
    for piece in meaning.pieces(frame, column):
        before = None
        for at, value in zip(piece[year].tolist(), piece[column].tolist(), strict=True):
            if pd.isna(value):
                continue
            if before is None or at > before + 1:
                found.append([])
            found[-1].append((at, float(value)))
            before = at
    return found
