"""The law as data: a pack's TOML, vetted and typed; the only caller of an SQL parser."""

from collections.abc import Mapping
from pathlib import Path

from jybf.model import Pack
from jybf.policy.regions import detect_region, find_region, is_own, pack_names, pack_path
from jybf.vocabulary.compiled import compiled
from jybf.vocabulary.fields import rule_files
from jybf.vocabulary.lpr import lpr_at, lpr_end

__all__ = ["detect_region", "find_region", "load_pack", "lpr_at", "lpr_end", "pack_names", "pack_path"]


def load_pack(region: str, settings: Mapping[str, str] | None = None) -> Pack:
    """The pack of ``region`` (id, Chinese name, or a path to a .toml), with local ``settings`` ("项目.yuan" → "650").

    Raises :class:`~jybf.errors.UsageError` for an unknown region or setting, :class:`~jybf.errors.PackError` with all
    faults of the pack.
    """
    path = pack_path(region)
    pack = _vetted(path) if is_own(region) else compiled(path.stem, rule_files(), lambda: _vetted(path), Pack)
    if not settings:
        return pack
    from jybf.policy.settings import with_settings

    return with_settings(pack, settings)


def _vetted(path: Path) -> Pack:
    from jybf.policy.load import load_file  # of no use where there is a compiled form

    return load_file(path)
