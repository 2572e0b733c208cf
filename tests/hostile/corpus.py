"""All cases, theme by theme."""

from tests.hostile import cells, grids, markup, packages

CASES = [case for theme in (packages, markup, grids, cells) for case in theme.CASES]
