"""SQL text that more than one noun is said in: names, and the calendar in whole numbers.

It is what Polars and DuckDB both run as it stands. Parts of dates are made wide: Polars' months are Int8 and would wrap.
"""

NULL = "CAST(NULL AS BIGINT)"


def quote(name: str) -> str:
    """``name`` as an SQL identifier."""
    return f'"{name}"'


def text(value: str) -> str:
    """``value`` as an SQL text."""
    return "'" + value.replace("'", "''") + "'"


def least(a: str, b: str) -> str:
    """The lesser of two, NULL if either is unknown: ``LEAST`` would drop the unknown one."""
    return f"(CASE WHEN {a} <= {b} THEN {a} WHEN {b} < {a} THEN {b} END)"


def part(unit: str, day: str) -> str:
    """``unit`` (YEAR, MONTH, DAY) of a date, as a BIGINT."""
    return f"CAST(EXTRACT({unit} FROM {day}) AS BIGINT)"


def month_number(day: str) -> str:
    """The months from year 0 to the month of ``day``."""
    return f"({part('YEAR', day)} * 12 + {part('MONTH', day)})"


def same_month(first: str, last: str) -> str:
    """TRUE where both dates lie in one month."""
    return f"({month_number(first)} = {month_number(last)})"


def whole_months(start: str, end: str) -> str:
    """The largest k with start + k months ≤ end (month ends clamp, 29 February included)."""
    short = f"{part('DAY', end)} < {part('DAY', start)} AND {part('DAY', f'({end} + INTERVAL {_ONE} DAY)')} <> 1"
    return f"({month_number(end)} - {month_number(start)} - CASE WHEN {short} THEN 1 ELSE 0 END)"


def months_begun(start: str, end: str) -> str:
    """The least k with start + k months ≥ end; NULL where ``end`` lies before ``start``."""
    over = f"CASE WHEN {part('DAY', end)} > {part('DAY', start)} THEN 1 ELSE 0 END"
    return f"(CASE WHEN {end} >= {start} THEN {month_number(end)} - {month_number(start)} + {over} END)"


def add_months(start: str, months: str) -> str:
    """The corresponding day ``months`` later, at most the last of its month; NULL beyond the years 1000 to 9999."""
    total = f"({month_number(start)} - 1 + {months})"
    year, month = f"({total} // 12)", f"({total} % 12 + 1)"
    leap = f"({year} % 4 = 0 AND ({year} % 100 <> 0 OR {year} % 400 = 0))"
    longest = f"(CASE WHEN {month} IN (4, 6, 9, 11) THEN 30 WHEN {month} <> 2 THEN 31 WHEN {leap} THEN 29 ELSE 28 END)"
    day = f"(CASE WHEN {part('DAY', start)} < {longest} THEN {part('DAY', start)} ELSE {longest} END)"
    text = f"CAST({year} AS VARCHAR) || '-' || {_two_digits(month)} || '-' || {_two_digits(day)}"
    return f"CAST(CASE WHEN {total} BETWEEN 12000 AND 119999 THEN {text} END AS DATE)"


def days(start: str, end: str) -> str:
    """The days from ``start`` to ``end``."""
    return f"({_day_number(end)} - {_day_number(start)})"


def _day_number(day: str) -> str:
    """The days from 1 March of year 0, in years that begin with March: no engine need know the day of the year."""
    month = f"(({part('MONTH', day)} + 9) % 12)"
    year = f"(({month_number(day)} - 3) // 12)"
    return f"({year} * 365 + {year} // 4 - {year} // 100 + {year} // 400 + ({month} * 306 + 5) // 10 + {part('DAY', day)})"


def _two_digits(number: str) -> str:
    return f"LPAD(CAST({number} AS VARCHAR), 2, '0')"


_ONE = "'1'"
