"""The texts that all sheets of an xlsx share, in the one form in which every reader understands them alike."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import polars as pl

from jybf.errors import InputError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

_REPAIR = "用 Excel 打开后另存为 xlsx"
_MOST_XML = 64 * 1024 * 1024  # of a list in another form, which is read whole
_CHUNK = 16 * 1024 * 1024
_T = r'<t(?: xml:space="preserve")?(?: ?/>|>[^<]*</t>)'
_RUN = rf"<r>(?:<rPr>(?:<[a-zA-Z]+(?: [a-z]+=\"[^\"<>]*\")* ?/>)*</rPr>|<rPr ?/>)?{_T}</r>"
_PHONETIC = rf"(?:<rPh [^<>]*>{_T}</rPh>)*(?:<phoneticPr[^<>]*/>)?"
_ITEMS = rf"^(?:<si>(?:{_T}|(?:{_RUN})*){_PHONETIC}</si>|<si ?/>)*$"
_LIST = re.compile(rb"\s*(?:<\?xml [^<>]*\?>)?\s*<sst[^<>]*?(/?)>")
_END = re.compile(rb"(?:<extLst>.*?</extLst>)?</sst>\s*$", re.DOTALL)


def plain_strings(xml: bytes, file: str) -> tuple[bytes, int]:
    """``xml`` as it is, or written anew if it is in another form; and how many texts it has. InputError for what is unclear."""
    begin, end = _LIST.match(xml), _END.search(xml, max(len(xml) - 4096, 0))
    if begin and begin[1]:
        return xml, 0
    if begin and end and all(_matches(chunk) for chunk in _chunks(xml, begin.end(), end.start())):
        return xml, xml.count(b"</si>") + xml.count(b"<si/>") + xml.count(b"<si />")
    texts = _texts(xml, file)
    items = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in texts)
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<sst xmlns="{main}">{items}</sst>'.encode(), len(texts)


def _matches(chunk: bytes) -> bool:
    try:
        return bool(pl.Series([chunk]).cast(pl.String).str.contains(_ITEMS).item())
    except pl.exceptions.PolarsError:  # not UTF-8
        return False


def _chunks(xml: bytes, begin: int, end: int) -> Iterator[bytes]:
    while begin < end:
        cut = xml.find(b"<si>", begin + _CHUNK, end)
        stop = cut if cut > 0 else end
        yield xml[begin:stop]
        begin = stop


def _texts(xml: bytes, file: str) -> list[str]:
    try:
        root = ET.fromstring(xml) if len(xml) <= _MOST_XML else None  # noqa: S314 - its DOCTYPE was looked for
    except (ET.ParseError, RecursionError, ValueError, LookupError):
        root = None
    if root is None or _tag(root) != "sst":
        raise _refusal(file)
    return ["".join(_parts(item, file)) for item in root if _tag(item) != "extLst"]


def _parts(item: ET.Element, file: str) -> Iterator[str]:
    """The text of one item and of its runs, without the signs for how to pronounce it."""
    if _tag(item) not in ("si", "r"):
        raise _refusal(file)
    for part in item:
        match _tag(part):
            case "t" if not len(part):
                yield part.text or ""
            case "r" if _tag(item) == "si":
                yield from _parts(part, file)
            case "rPr" | "rPh" | "phoneticPr":
                pass
            case _:
                raise _refusal(file)


def _tag(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _refusal(file: str) -> InputError:
    return InputError(Problem("工作簿已损坏：共享文字（sharedStrings）的写法认不出", where=file, hint=_REPAIR))
