"""Roster × Pack → Verdicts: the pack compiled to one SQL query, run, and said in words."""

from jybf.assess.cases import check_cases
from jybf.assess.describe import describe, described, missing
from jybf.assess.run import assess
from jybf.assess.select import named
from jybf.assess.sentences import place, places, sentences, value, yuan

__all__ = [
    "assess",
    "check_cases",
    "describe",
    "described",
    "missing",
    "named",
    "place",
    "places",
    "sentences",
    "value",
    "yuan",
]
