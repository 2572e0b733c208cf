"""Roster × Pack → Verdicts: the pack compiled to one SQL query, run, and said in words."""

from jybf.assess.cases import check_cases, check_facts
from jybf.assess.describe import describe, described, missing, with_own_columns
from jybf.assess.known import known_from
from jybf.assess.lines import place, places
from jybf.assess.run import assess
from jybf.assess.select import named
from jybf.assess.sentences import sentences, value

__all__ = [
    "assess",
    "check_cases",
    "check_facts",
    "describe",
    "described",
    "known_from",
    "missing",
    "named",
    "place",
    "places",
    "sentences",
    "value",
    "with_own_columns",
]
