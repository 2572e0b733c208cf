"""Roster × Pack × Verdicts × history → Findings: what must not be paid, what to verify first, and what was not checked.

One file a family of checks; a check is one registered function (see :mod:`jybf.audit.registry`).
"""

from jybf.audit import (
    ability,
    accounts,
    amounts,
    approval,
    at_once,
    away,
    blanks,
    cadres,
    duplicates,
    employers,
    entitled,
    groups,
    hires,
    households,
    identity,
    loans,
    owners,
    patterns,
    payees,
    payroll,
    people,
    posts,
    procedure,
    purses,
    registers,
    schools,
    startups,
    terms,
    totals,
    training,
    work,
)
from jybf.audit.catalogue import Text, codes, explain
from jybf.audit.run import audit

# Importing a family registers its checks.
FAMILIES = (
    identity, totals, people, terms, amounts, procedure, duplicates, accounts, employers, entitled,
    work, payroll, hires, posts, training, startups, schools, loans, groups, ability, cadres, registers, owners,
    households, blanks, patterns, payees, approval, at_once, away, purses,
)  # fmt: skip

__all__ = ["FAMILIES", "Text", "audit", "codes", "explain"]
