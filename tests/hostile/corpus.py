"""All cases, theme by theme."""

from tests.hostile import cells, grids, layouts, legacy, markup, packages, texts

CASES = [case for theme in (packages, markup, grids, cells, layouts, legacy, texts) for case in theme.CASES]
HEAVY = frozenset(
    {
        "zip bomb",
        "amplification: 1 string x 60,000 refs = 5.9 GB",
        "count lie",
        "sparse->dense 17.2e9 cells",
        "stray last-row cell",
        "stray last-column cell x 5,000 rows",
        "16,384 columns",
        "1,048,570 blank formatted rows",
        "over-long cell",
        "2,000 sheets",
        "many merges",
        "deep XML",
        "huge attribute",
        "quadratic blow-up 4 GB",
        "OLE header claims 4e9 sectors",
        "9 MB line",
        "100,000 columns",
        "1,000,000 blank lines",
    }
)
_APART = 2  # of each class that may burst; ``python -m tests.hostile`` runs every case apart
_BURSTING = [[case.name for case in CASES if case.group == group][:_APART] for group in sorted(HEAVY)]
MEASURED = frozenset(name for names in _BURSTING for name in names)


def needs_measuring(case):
    """Whether a case is run in a process of its own also in the tests."""
    return case.name in MEASURED
