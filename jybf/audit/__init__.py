"""Roster × Pack × Verdicts × history → Findings: what must not be paid, what to verify first, and what was not checked."""

from jybf.audit import checks
from jybf.audit.catalogue import Text, codes, explain
from jybf.audit.run import audit

__all__ = ["Text", "audit", "checks", "codes", "explain"]
