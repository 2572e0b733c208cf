"""SQL text that more than one noun is said in."""

from __future__ import annotations


def quote(name: str) -> str:
    """``name`` as an SQL identifier."""
    return f'"{name}"'
