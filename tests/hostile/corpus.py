"""All cases, theme by theme."""

from tests.hostile import cells, grids, layouts, legacy, markup, packages, texts

CASES = [case for theme in (packages, markup, grids, cells, layouts, legacy, texts) for case in theme.CASES]
