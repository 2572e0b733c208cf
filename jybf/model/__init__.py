"""The records and column names that every stage speaks in. No input or output here.

Units: money is an integer number of 分; a rate is an integer number of millionths (3.85 % = 38500); a day is a date.
"""

from jybf.model.law import (
    Amount,
    Case,
    Clause,
    Exclusion,
    Pack,
    Period,
    Predicate,
    Prior,
    Program,
    Quota,
    Setting,
    Span,
    Tally,
    Version,
)
from jybf.model.result import (
    APART,
    ASKED,
    BALANCED,
    CLEAR,
    CONTEXT,
    CUT_OFF,
    DOUBT,
    FINDING_COLUMNS,
    HINT,
    INCOMPLETE,
    LEVELS,
    MERGED,
    MONEY,
    PAID,
    REDUCED,
    REFUSED,
    RESULTS,
    SAMPLE_COLUMNS,
    STATISTICS_COLUMNS,
    STOP,
    UNASKED,
    UNDETERMINED,
    UNPAID,
    VERDICT_COLUMNS,
    VERIFY,
    WAITING,
    Balance,
    Clearance,
    Findings,
    NotRun,
    ProgramSum,
    Release,
    Report,
    Summary,
    Verdicts,
)
from jybf.model.roster import LINE, ROW, SHEET, Field, Listing, ListKind, Note, Roster, Sheet, Total, Type, bad, last

__all__ = [
    "APART", "ASKED", "BALANCED", "CLEAR", "CONTEXT", "CUT_OFF", "DOUBT", "FINDING_COLUMNS", "HINT", "INCOMPLETE", "LEVELS",
    "LINE", "MERGED", "MONEY", "PAID", "REDUCED", "REFUSED", "RESULTS", "ROW", "SAMPLE_COLUMNS", "SHEET",
    "STATISTICS_COLUMNS",
    "STOP", "UNASKED", "UNDETERMINED", "UNPAID", "VERDICT_COLUMNS", "VERIFY", "WAITING", "Amount", "Balance", "Case",
    "Clause", "Clearance", "Exclusion", "Field", "Findings", "ListKind", "Listing", "NotRun", "Note", "Pack", "Period",
    "Predicate", "Prior", "Program", "ProgramSum", "Quota", "Release", "Report", "Roster", "Setting", "Sheet",
    "Span", "Summary", "Tally", "Total", "Type", "Verdicts", "Version", "bad", "last",
]  # fmt: skip
