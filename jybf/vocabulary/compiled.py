"""The rules as parsing and vetting leave them, kept in ``jybf/compiled`` by ``make``: to read them anew takes half a second.

A compiled file is used only where it was made of the very bytes at hand, of the rules and of the code that reads them, and is
whole; else it is as if it were not there. Nothing but ``make`` writes one.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar, cast

import msgspec

import jybf
from jybf.vocabulary.toml import convert

T = TypeVar("T")

FOLDER = Path(jybf.__file__).parent / "compiled"
_CODE = ("model", "vocabulary", "policy")  # what a pack is made by; whatever else reads rules is named with its sources
_DATE = 1  # msgpack's own form of a date can't be told from a text
_SIZE = 32  # bytes of a digest
_writing: ContextVar[bool] = ContextVar("_writing", default=False)


def compiled(name: str, sources: Iterable[Path], build: Callable[[], T], kind: type[T]) -> T:
    """What ``build`` makes of the files ``sources``: as it was compiled under ``name``, else built now.

    ``kind``: what msgspec is to read, made of structs, texts, numbers, dates, and lists and tables of these.
    """
    path = FOLDER / f"{name}.msgpack"
    if _writing.get():
        found = build()
        path.write_bytes(_packed(_key(sources), found))
        return found
    with suppress(OSError, ValueError, msgspec.MsgspecError):  # ValueError: a date that is none
        return _unpacked(path.read_bytes(), _key(sources), kind)
    return build()


@contextmanager
def writing() -> Iterator[None]:
    """Within it all that is built is compiled."""
    FOLDER.mkdir(exist_ok=True)
    token = _writing.set(True)
    try:
        yield
    finally:
        _writing.reset(token)


def _key(sources: Iterable[Path]) -> bytes:
    return sha256(_code() + b"".join(sha256(source.read_bytes()).digest() for source in sources)).digest()


@cache
def _code() -> bytes:
    package = Path(jybf.__file__).parent
    files = sorted(path for folder in _CODE for path in (package / folder).rglob("*.py"))
    return b"".join(sha256(path.read_bytes()).digest() for path in files)


def _packed(key: bytes, found: object) -> bytes:
    body = msgspec.msgpack.encode(_dates_marked(msgspec.to_builtins(found, builtin_types=(date,))))
    return key + sha256(body).digest() + body


def _dates_marked(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _dates_marked(item) for key, item in cast("dict[str, object]", value).items()}
    if isinstance(value, list | tuple):
        return [_dates_marked(item) for item in cast("list[object]", value)]
    return msgspec.msgpack.Ext(_DATE, value.isoformat().encode()) if isinstance(value, date) else value


def _unpacked(data: bytes, key: bytes, kind: type[T]) -> T:
    """Raises ValueError or MsgspecError for anything but what was compiled under ``key``."""
    body = data[2 * _SIZE :]
    if data[: 2 * _SIZE] != key + sha256(body).digest():
        raise ValueError("of other sources, or damaged")
    return convert(msgspec.msgpack.decode(body, ext_hook=lambda _, text: date.fromisoformat(bytes(text).decode())), kind)
