"""The texts that all sheets of an xlsx share."""

import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET

import polars as pl

from jybf.errors import InputError, Problem
from jybf.regex import pattern
from jybf.roster.workbook.grammar import OddError, unescaped
from jybf.roster.workbook.limits import REPAIR
from jybf.roster.workbook.package import refuse_doctype

_MOST_XML = 64 * 1024 * 1024  # of a list in another form, which is read whole
_CHUNK = 16 * 1024 * 1024
_T = r'<t(?: xml:space="preserve")?(?: ?/>|>[^<]*</t>)'
_RUN = rf"<r>(?:<rPr>(?:<[a-zA-Z]+(?: [a-z]+=\"[^\"<>]*\")* ?/>)*</rPr>|<rPr ?/>)?{_T}</r>"
_PHONETIC = rf"(?:<rPh [^<>]*>{_T}</rPh>)*(?:<phoneticPr[^<>]*/>)?"
_ITEMS = rf"^(?:<si>(?:{_T}|(?:{_RUN})*){_PHONETIC}</si>|<si ?/>)*$"
_T_OF = pattern("<t([^>]*)>([^<]*)")
_PRONOUNCED = pattern("<rPh .*?</rPh>", re.DOTALL)
_CODE = pattern("_x([0-9A-Ca-cE-Fe-f][0-9A-Fa-f]{3}|[Dd][0-7][0-9A-Fa-f]{2})_")  # no half of a pair
_LIST = pattern(rb"\s*(?:<\?xml [^<>]*\?>)?\s*<sst[^<>]*?(/?)>")
_END = pattern(rb"(?:<extLst>.*?</extLst>)?</sst>\s*$", re.DOTALL)


def shared_texts(xml: bytes, file: str) -> pl.Series:
    """The texts in their order. InputError for a DOCTYPE, and for what is unclear."""
    refuse_doctype(xml, "sharedStrings", file)
    begin, end = _LIST.match(xml), _END.search(xml, max(len(xml) - 4096, 0))
    if begin and begin[1]:
        return pl.Series([], dtype=pl.String)
    try:
        if begin and end:
            chunks = _chunks(xml, begin.end(), end.start())
            return decoded(pl.concat([pl.Series([], dtype=pl.String), *(_listed(chunk) for chunk in chunks)]))
    except (OddError, pl.exceptions.PolarsError):  # or it is not UTF-8
        pass
    return decoded(pl.Series(_texts(xml, file), dtype=pl.String))


def decoded(texts: pl.Series) -> pl.Series:
    """Texts with the characters that XML can't hold, and Excel writes _x000D_."""
    places = texts.str.contains("_x", literal=True).fill_null(value=False).arg_true()
    return texts.clone().scatter(places, [_CODE.sub(_character, text) for text in texts.gather(places)])


def _character(found: re.Match[str]) -> str:
    return chr(int(found[1], 16))


def _listed(chunk: bytes) -> pl.Series:
    listed = pl.Series([chunk]).cast(pl.String)
    if not listed.str.contains(_ITEMS).item():
        raise OddError
    items = listed.str.replace_all("<si ?/>", "<si></si>").str.split("<si>").explode().slice(1)
    texts = items.str.extract("^<t[^>]*>([^<]*)</t>(?:<phoneticPr[^<>]*/>)?</si>$")
    places = texts.is_null().arg_true()
    return unescaped(texts.scatter(places, [_joined(item) for item in items.gather(places)]))


def _joined(item: str) -> str:
    """The texts of all runs. Blanks around one count only where it says so."""
    return "".join(text if kept else text.strip() for kept, text in _T_OF.findall(_PRONOUNCED.sub("", item)))


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
    beside = (item.text, *(part.tail for part in item))
    if _tag(item) not in ("si", "r") or any(text and text.strip() for text in beside):
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
    return InputError(Problem("工作簿已损坏：共享文字（sharedStrings）的写法认不出", where=file, hint=REPAIR))
