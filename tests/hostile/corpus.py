"""All cases, theme by theme."""

from tests.hostile import packages

CASES = [case for theme in (packages,) for case in theme.CASES]
