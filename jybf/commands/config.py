"""What a county writes down once instead of typing it each time: ``jybf.toml`` in the working folder or one above it."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from jybf.errors import UsageError
from jybf.vocabulary.toml import Door

NAME = "jybf.toml"
_LISTS = ("program", "as_program", "history", "against", "select", "ignore", "conf")
_SHAPES = (("pay_list", "statistics"), ("pay_list", "sample"), ("statistics", "sample"))
_RIVALS = (("mask", "show_pii"), ("program", "as_program"), *_SHAPES, ("form", "output"))  # one or the other
_SHORT = {"form": ("--format", "-f"), "output": ("-o",)}
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


class _Options(msgspec.Struct):
    """The other options, each under the name that it has on the command line: here by that of the command's argument."""

    form: str | None = msgspec.field(default=None, name="format")
    output: str | None = None
    split: str | None = None
    shown: str | None = msgspec.field(default=None, name="columns")
    engine: str | None = None
    memory: str | None = None
    master: str | None = None
    conf: str | list[str] | None = None
    bad_rows: str | None = msgspec.field(default=None, name="bad-rows")
    county: str | None = None
    county_rows: int | None = msgspec.field(default=None, name="county-rows")
    sheet: str | int | None = None
    encoding: str | None = None
    program: str | list[str] | None = None
    as_program: str | list[str] | None = msgspec.field(default=None, name="as-program")
    as_of: date | None = msgspec.field(default=None, name="as-of")
    law_as_of: date | None = msgspec.field(default=None, name="law-as-of")
    rules: str | None = None
    history: str | list[str] | None = None
    against: str | list[str] | None = None
    waivers: str | None = None
    fail_on: str | None = msgspec.field(default=None, name="fail-on")
    select: str | list[str] | None = None
    ignore: str | list[str] | None = None
    strict: bool | None = None
    pay_list: bool | None = msgspec.field(default=None, name="pay-list")
    statistics: bool | None = None
    sample: int | None = None
    seed: int | None = None
    whole: bool | None = msgspec.field(default=None, name="all")
    mask: bool | None = None
    show_pii: bool | None = msgspec.field(default=None, name="show-pii")
    quiet: bool | None = None
    office: str | None = None
    phone: str | None = None
    days: int | None = None
    layout: str | None = None


class _File(_Options):
    region: str = ""
    map: str = ""
    ledger: str = ""
    set: dict[str, str | int | float] = {}


def load_config(folder: Path) -> tuple[Config, Path | None]:
    """The nearest ``jybf.toml`` from ``folder`` upwards and where it stands; an empty one if there is none.

    Raises UsageError with all faults of a file that can't be read, or says what nobody understands.
    """
    path = _find(folder)
    if path is None:
        return Config(), None
    said = _DOOR.load(path, _File, str(path))
    columns = str(path.parent / said.map) if said.map else ""
    ledger = said.ledger if "://" in said.ledger or not said.ledger else str(path.parent / said.ledger)
    return Config(said.region, columns, ledger, {key: str(value) for key, value in said.set.items()}), path


def load_defaults(folder: Path, arguments: Sequence[str]) -> dict[str, object]:
    """What the nearest ``jybf.toml`` says of the options of a command, by the names of its arguments.

    Without those that ``arguments``, the command line, contradict. Paths are from the folder of ``jybf.toml``.
    Raises UsageError as :func:`load_config` does.
    """
    path = _find(folder)
    if path is None:
        return {}
    said = _DOOR.load(path, _File, str(path))
    values = {name: getattr(said, name) for name in _Options.__struct_fields__}
    gone = {other for pair in _RIVALS for own, other in (pair, pair[::-1]) if _given(own, arguments)}
    return {
        name: _as_typed(name, value, path.parent) for name, value in values.items() if value is not None and name not in gone
    }


def _as_typed(name: str, value: Any, home: Path) -> object:
    """``value`` as the command line would give it."""
    if name in _LISTS:
        return [_from(home, name, one) for one in ([value] if isinstance(value, str) else value)]
    if name == "layout":
        return str(home / str(value)) if str(value).endswith(".toml") else value
    texts = ("output", "waivers", "sheet", "as_of", "law_as_of", "rules", "bad_rows")
    return _from(home, name, str(value)) if name in texts else value


def _from(home: Path, name: str, text: str) -> str:
    if name == "against":
        kind, sign, file = text.partition("=")
        return f"{kind}{sign}{home / file}" if sign else text
    return str(home / text) if name in ("output", "waivers", "history", "rules", "bad_rows") else text


def _given(name: str, arguments: Sequence[str]) -> bool:
    options = (f"--{name.replace('_', '-')}", *_SHORT.get(name, ()))
    return any(one == option or one.startswith(f"{option}=") for one in arguments for option in options)


def _find(folder: Path) -> Path | None:
    return next((p for p in (f / NAME for f in (folder, *folder.parents)) if p.is_file()), None)
