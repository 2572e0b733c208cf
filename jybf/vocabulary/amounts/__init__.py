"""The kinds of amount, one file a kind; a file that is put here is found.

Whoever needs to know what a programme pays, how that follows, or how it is said asks its kind, never for its name.
"""

from collections.abc import Iterator, Mapping
from importlib import import_module
from pkgutil import iter_modules

from jybf.model import Amount
from jybf.vocabulary.amounts.kind import CLAIM, Kind, Line, Row

__all__ = ["CLAIM", "KINDS", "Kind", "Line", "Row", "kind_of"]


def _found() -> Iterator[Kind]:
    for file in iter_modules(__path__):
        if isinstance(kind := getattr(import_module(f"{__name__}.{file.name}"), "KIND", None), Kind):
            yield kind


KINDS: Mapping[str, Kind] = {kind.name: kind for kind in _found()}


def kind_of(amount: Amount) -> Kind:
    """The kind that ``amount`` is of."""
    return KINDS[amount.kind]
