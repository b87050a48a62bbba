"""The rules that descriptors name: each function turns its parameters into a sentence and a query.

A rule is what is wrong when it does not hold, and the SQL query that returns the rows that break it. In the query `this`
is the table itself; see `essay.rules`, which runs it whenever the table is loaded.
"""

from __future__ import annotations


def says(says: str, failing: str = "", holds: str = "", wanted: str = "") -> dict:
    """A rule of one table alone: the query `failing`, or a condition that `holds` in every row.

    `wanted` is an expression for what a row should have, as text. A row where the condition cannot be told, because a cell
    is blank, passes.
    """
    told = f", {wanted}" if wanted else ""
    return {"says": says, "failing": failing or f"SELECT row_nr{told} FROM this WHERE NOT ({holds})"}


def covers(column: str, first: int | str, last: int | str) -> dict:
    """The years or dates of `column` run from `first` to `last`: for tables that do not grow."""
    return says(
        f"{column} does not run from {first} to {last}",
        f"{_bound(column, 'ASC')} <> {first!r} UNION ALL {_bound(column, 'DESC')} <> {last!r}",
    )


def grows(column: str, since: int | str) -> list[dict]:
    """The years or dates of `column` begin with `since`, and none lies in the future: for tables that grow."""
    return [not_in_future(column), says(f"the earliest {column} is not {since}", f"{_bound(column, 'ASC')} <> {since!r}")]


def not_in_future(column: str) -> dict:
    """No year or date of `column` lies in the future."""
    return says(
        f"{column} lies in the future",
        f"SELECT row_nr FROM this WHERE last_date({column}) > today() OR CAST({column} AS INTEGER) > 9999",
    )


def within_the_record(column: str, ends: str) -> dict:
    """No year or date of a column that `grows` is later than the day on which the record of the table ends."""
    return says(
        f"{column} is later than record_ends, {ends}, in the descriptor",
        f"SELECT row_nr FROM this WHERE last_date({column}) > {ends!r}",
    )


def _bound(column: str, order: str) -> str:
    """Return a query for the row with the least or greatest value of `column`, up to the comparison with a value."""
    first = f"SELECT row_nr, {column} AS bound FROM this WHERE {column} NOT NULL ORDER BY {column} {order} LIMIT 1"
    return f"SELECT row_nr FROM ({first}) WHERE bound"


def numbered(column: str) -> dict:
    """`column` counts the rows from 1 on and leaves no number out."""
    return says(
        f"{column} does not count the rows",
        "SELECT row_nr, CASE WHEN n > place THEN place || ' is left out' ELSE n || ' stands twice' END FROM (SELECT row_nr, "
        f"[{column}] AS n, ROW_NUMBER() OVER (ORDER BY [{column}]) AS place FROM this) WHERE n <> place ORDER BY n LIMIT 1",
    )


def every_year(column: str, by: list[str] | None = None) -> dict:
    """No year is left out between the first and the last, within each group of `by`."""
    return says(f"a year is missing before {column}", f"{_steps(column, column, by)} > 1")


def every_month(column: str) -> dict:
    """No month is left out between the first and the last."""
    return says(
        "a month is missing before this one",
        f"SELECT row_nr FROM (SELECT row_nr, {column}, LAG({column}) OVER (ORDER BY {column}) AS before FROM this) "
        f"WHERE {column} > DATE(before, '+1 month')",
    )


def never_falls(column: str, along: str, by: list[str] | None = None) -> dict:
    """A cumulative count does not fall as time goes on, within each group of `by`."""
    return says(f"{column} falls, and a cumulative count cannot", f"{_steps(column, along, by)} < 0")


def never_repeats(column: str, along: str, by: list[str] | None = None) -> dict:
    """A count differs from that of the period before; the same to the last unit means a row that was copied."""
    return says(f"{column} is to the last unit what it was in the period before", f"{_steps(column, along, by)} = 0")


def _steps(column: str, along: str, by: list[str] | None) -> str:
    """Return a query for the rows that differ from the one before them by a step, up to the comparison with a number."""
    partition = f"PARTITION BY {', '.join(by)} " if by else ""
    step = f"{column} - LAG({column}) OVER ({partition}ORDER BY {along})"
    return f"SELECT row_nr FROM (SELECT row_nr, {step} AS step FROM this) WHERE step"


def same(column: str, within: str | list[str]) -> dict:
    """Rows that have the same `within` have the same `column`: a title has one publisher, an address one title."""
    group = within if isinstance(within, str) else ", ".join(within)
    return says(
        f"{column} is another than in a row with the same {group}",
        f"SELECT MAX(row_nr), MIN({column}) || ' or ' || MAX({column}) FROM this WHERE {column} NOT NULL GROUP BY {group} "
        f"HAVING COUNT(DISTINCT {column}) > 1",
    )


def in_per_cent(column: str) -> dict:
    """Shares are per cent; where none is above 1, they are fractions."""
    return says(f"{column} is a fraction, not per cent", f"{_bound(column, 'DESC')} <= 1")


def country_of_code(column: str = "country", also: dict[str, str | list[str]] | None = None) -> dict:
    """`column` is the country that `iso3` stands for on the map, or one of the spellings in `also`: code to names."""
    pairs = [(code, name) for code, names in (also or {}).items() for name in ([names] if isinstance(names, str) else names)]
    listed = ", ".join(f"('{code}', '{name.replace(chr(39), chr(39) * 2)}')" for code, name in pairs) or "('', '')"
    return says(
        f"iso3 and {column} are not the same country",
        f"SELECT row_nr FROM this WHERE iso3 NOT NULL AND (iso3, {column}) NOT IN (VALUES {listed}) "
        f"AND (iso3, {column}) NOT IN (SELECT iso3, name FROM countries WHERE iso3 NOT NULL)",
    )


def in_its_country() -> dict:
    """Latitude and longitude lie in the country, or near its coast."""
    return says("lat and lon lie outside the country of iso3", holds="near_country(lon, lat, iso3)")


def in_constant_dollars(nominal: str, constant: str, deflator: str) -> dict:
    """Constant dollars are nominal dollars times the deflator of their year.

    Fiscal 1976 has a quarter of the next year in it, so its lines have deflators of their own.
    """
    return says(
        f"{constant} is not {nominal} times {deflator} of table us_dollar_deflator",
        f"SELECT t.row_nr, 'write ' || CAST(ROUND(t.{nominal} * d.{deflator}) AS INTEGER) FROM this AS t "
        "JOIN us_dollar_deflator AS d ON t.fiscal_year = d.fiscal_year "
        f"WHERE ABS(t.{constant} - t.{nominal} * d.{deflator}) > "
        f"CASE t.fiscal_year WHEN 1976 THEN 0.04 ELSE 0.00001 END * ABS(t.{constant}) + 6",
    )


def states_its_value(but: list[str]) -> dict:
    """The statement of a fact gives a numeric value in digits, whole or in millions or billions.

    `but` are the facts whose statement gives the value in words, or that were computed from what it gives.
    """
    plain = "REPLACE(statement, ',', '')"
    scaled = " OR ".join(
        f"INSTR({plain}, RTRIM(RTRIM(ROUND(value / 1e{digits}, 3), '0'), '.') || ' {word}')"
        for digits, word in ((6, "million"), (9, "billion"))
    )
    named = ", ".join(f"'{id}'" for id in but)
    return says(
        "the statement does not give the value",
        "SELECT row_nr FROM this WHERE value NOT GLOB '*[^0-9.-]*' AND value NOT GLOB '?*-*' "
        f"AND NOT (INSTR({plain}, value) OR {scaled}) AND id NOT IN ({named})",
    )
