"""What a county writes down once instead of typing it each time: ``jybf.toml`` in the working folder or one above it."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from jybf.errors import Problem, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

NAME = "jybf.toml"
_EXAMPLE = 'region = "shanxi"；金额写在 [set] 下，如 "公益性岗位补贴.yuan" = "850"'


@dataclass(frozen=True, slots=True)
class Config:
    """``region``: id, Chinese name or a pack's path. ``settings``: "项目.yuan" → 元, as ``--set`` takes it.

    ``columns``: a map of columns, as ``--map`` takes it; a path from the folder of ``jybf.toml``.
    """

    region: str = ""
    columns: str = ""
    settings: Mapping[str, str] = field(default_factory=dict[str, str])


def load_config(folder: Path) -> tuple[Config, Path | None]:
    """The nearest ``jybf.toml`` from ``folder`` upwards and where it stands; an empty one if there is none.

    Raises UsageError with all faults of a file that can't be read, or says what nobody understands.
    """
    path = next((p for p in (f / NAME for f in (folder, *folder.parents)) if p.is_file()), None)
    if path is None:
        return Config(), None
    raw = _parse(path)
    problems = [Problem(fault, str(path), _EXAMPLE) for fault in _faults(raw)]
    if problems:
        raise UsageError(*problems)
    columns = str(path.parent / raw["map"]) if raw.get("map") else ""
    return Config(raw.get("region", ""), columns, {key: str(value) for key, value in raw.get("set", {}).items()}), path


def _parse(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(Problem("配置文件读不出来", str(path), "存成 UTF-8 文本")) from error
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        where = f"{path} 第 {line[1]} 行" if line else str(path)
        raise UsageError(Problem("不是正确的 TOML", where, _EXAMPLE)) from error


def _faults(raw: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"没有“{key}”这个设置" for key in raw if key not in {"region", "map", "set"})
    yield from (f"{key} 应是文字" for key in ("region", "map") if not isinstance(raw.get(key, ""), str))
    sums: object = raw.get("set", {})
    if not isinstance(sums, dict):
        yield "[set] 应是一组“项目.yuan = 金额”"
        return
    yield from (
        f"{key} 的金额应是数" for key, value in cast("dict[str, object]", sums).items() if isinstance(value, dict | list | bool)
    )
