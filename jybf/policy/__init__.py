"""The law as data: a pack's TOML, vetted and typed; the only caller of an SQL parser."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from jybf.model import Pack
from jybf.policy.regions import (
    detect_region,
    find_region,
    is_own,
    is_shipped,
    pack_names,
    pack_path,
    region_of,
    shipped_names,
)
from jybf.vocabulary.compiled import compiled
from jybf.vocabulary.fields import rule_files
from jybf.vocabulary.lpr import lpr_at, lpr_end

__all__ = [
    "detect_region",
    "find_region",
    "is_own",
    "load_pack",
    "lpr_at",
    "lpr_end",
    "pack_names",
    "pack_path",
    "region_of",
    "shipped_names",
]


def load_pack(region: str, settings: Mapping[str, str] | None = None, known_on: date | None = None) -> Pack:
    """The pack of ``region`` (id, Chinese name, or a path to a .toml), as the law was known on ``known_on``.

    ``settings``: "项目.yuan" → "650", or the name of what a pack leaves open → how it is taken.
    Raises :class:`~jybf.errors.UsageError` for an unknown region or setting, :class:`~jybf.errors.PackError` with all
    faults of the pack.
    """
    path = pack_path(region)
    sums = {key: value for key, value in (settings or {}).items() if "." in key}
    named = {key: value for key, value in (settings or {}).items() if "." not in key}
    as_shipped = is_shipped(path) and not named and not known_on
    pack = compiled(path.stem, rule_files(), lambda: _vetted(path), Pack) if as_shipped else _vetted(path, named, known_on)
    if not sums:
        return pack
    from jybf.policy.settings import with_settings

    return with_settings(pack, sums)


def _vetted(path: Path, named: Mapping[str, str] | None = None, known_on: date | None = None) -> Pack:
    from jybf.policy.load import load_file  # of no use where there is a compiled form

    return load_file(path, named, known_on)
