"""Raw TOML → one of the tables of ``schema``; every key that is missing, unknown or of a wrong type, in the author's words."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, TypeVar

from jybf.vocabulary import toml

if TYPE_CHECKING:
    from jybf.policy.loader import Loader

T = TypeVar("T")


def convert(loader: Loader, raw: dict[str, object], kind: type[T], *where: str) -> T | None:
    """``raw``, the pack or (``where``, else the loader's place) a part of it, as ``kind``; None after noting all its faults."""
    wrong, within = list(toml.faults(raw, kind)), where or loader.place
    start = _start(loader.text, within) if wrong else ()
    for place, fault in wrong:
        line = "" if start is None else toml.line(loader.text, (*start, *within[1:], *place))
        loader.fault(fault, line, *where, toml.label(raw, place))
    return None if wrong else toml.convert(raw, kind)


def _start(text: str, where: tuple[str, ...]) -> toml.Place | None:
    """Where the programme stands in the pack's own text; None if it is inherited."""
    if not where:
        return ()
    tables = tomllib.loads(text)
    kinds = ((kind, tables.get(kind, [])) for kind in ("program", "control"))
    return next(((kind, i) for kind, items in kinds for i, item in enumerate(items) if item.get("id") == where[0]), None)
