"""What a county writes down once instead of typing it each time: ``jybf.toml`` in the working folder or one above it."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import msgspec

from jybf.errors import Problem, UsageError

if TYPE_CHECKING:
    from pathlib import Path

NAME = "jybf.toml"


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``region``: id, Chinese name or a pack's path. ``set``: "项目.yuan" → 元, as ``--set`` takes it."""

    region: str = ""
    set: dict[str, str] = {}


def load_config(folder: Path) -> tuple[Config, Path | None]:
    """The nearest ``jybf.toml`` from ``folder`` upwards and where it stands; an empty one if there is none.

    Raises UsageError for a file that can't be read, or that has a key nobody knows.
    """
    path = next((p for p in (f / NAME for f in (folder, *folder.parents)) if p.is_file()), None)
    if path is None:
        return Config(), None
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Config), path
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        example = 'region = "shanxi"，金额写在 [set] 下："项目.yuan" = "650"'
        raise UsageError(Problem(f"配置文件写法有误：{error}", str(path), example)) from error
