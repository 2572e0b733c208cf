"""Roster × Pack × Verdicts × history → Findings: what must not be paid, what to verify first, and what was not checked."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from jybf.audit.catalogue import Text, codes, explain

if TYPE_CHECKING:
    from jybf.audit.run import audit

__all__ = ["Text", "audit", "codes", "explain"]


def __getattr__(name: str) -> Any:
    """The audit, which takes a while to load, for whoever asks for it: the catalogue alone is read without."""
    if name != "audit":
        raise AttributeError(name)
    return import_module("jybf.audit.run").audit
