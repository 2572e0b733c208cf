"""The words of SQL that queries are made of, as text that Polars and DuckDB both run as it stands."""

from __future__ import annotations

NULL = "CAST(NULL AS BIGINT)"


def quote(name: str) -> str:
    """``name`` as an SQL identifier."""
    return f'"{name}"'


def least(a: str, b: str) -> str:
    """The lesser of two, NULL if either is unknown: ``LEAST`` would drop the unknown one."""
    return f"(CASE WHEN {a} <= {b} THEN {a} WHEN {b} < {a} THEN {b} END)"
