"""What a county writes down once instead of typing it each time: ``jybf.toml`` in the working folder or one above it."""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from jybf.errors import UsageError
from jybf.vocabulary.toml import Door

NAME = "jybf.toml"
_DOOR = Door("配置文件", UsageError, 'region = "shanxi"；金额写在 [set] 下，如 "公益性岗位补贴.yuan" = "850"')


class Config(msgspec.Struct, frozen=True):
    """``region``: id, Chinese name or a pack's path. ``settings``: "项目.yuan" → 元, as ``--set`` takes it.

    ``columns``: a map of columns, as ``--map`` takes it; ``ledger``: as ``--ledger`` takes it; paths are from the folder of
    ``jybf.toml``.
    """

    region: str = ""
    columns: str = ""
    ledger: str = ""
    settings: Mapping[str, str] = {}


class _File(msgspec.Struct):
    region: str = ""
    map: str = ""
    ledger: str = ""
    set: dict[str, str | int | float] = {}


def load_config(folder: Path) -> tuple[Config, Path | None]:
    """The nearest ``jybf.toml`` from ``folder`` upwards and where it stands; an empty one if there is none.

    Raises UsageError with all faults of a file that can't be read, or says what nobody understands.
    """
    path = next((p for p in (f / NAME for f in (folder, *folder.parents)) if p.is_file()), None)
    if path is None:
        return Config(), None
    said = _DOOR.load(path, _File, str(path))
    columns = str(path.parent / said.map) if said.map else ""
    ledger = said.ledger if "://" in said.ledger or not said.ledger else str(path.parent / said.ledger)
    return Config(said.region, columns, ledger, {key: str(value) for key, value in said.set.items()}), path
