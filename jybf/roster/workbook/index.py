"""What the package of an xlsx says of itself: its sheets in order, its shared parts, its calendar; nothing may be missing."""

import posixpath
from collections.abc import Mapping
from xml.etree import ElementTree as ET

import msgspec

from jybf.errors import InputError, Problem
from jybf.roster.workbook.limits import REPAIR
from jybf.roster.workbook.package import Entry, refuse_doctype, unpack

_MOST_XML = 16 * 1024 * 1024  # of the small parts, which are read whole
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_ONE = ("officeDocument", "styles", "sharedStrings")  # of which there is one at most
_NEEDED = (*_ONE, "worksheet")
_NO_CELLS = ("chartsheet", "dialogsheet", "xlMacrosheet", "xlIntlMacrosheet")


class Listed(msgspec.Struct, frozen=True):
    """A worksheet as the workbook lists it."""

    name: str
    visible: bool
    entry: Entry


class Index(msgspec.Struct, frozen=True):
    """``styles`` and ``strings`` are None where the workbook has none. ``unlisted``: sheets that no list names.

    ``others``: what is listed among the sheets and holds no cells, by name: charts, dialogues, old macros.
    ``to_compute``: who wrote it asks to have all formulas computed on opening, so that no kept result counts.
    """

    sheets: tuple[Listed, ...]
    others: tuple[str, ...]
    styles: Entry | None
    strings: Entry | None
    since_1904: bool
    to_compute: bool
    unlisted: tuple[str, ...]


def read_index(parts: Mapping[str, Entry], file: str) -> Index:
    """The index of an xlsx. InputError for a list that names what isn't there, and for a DOCTYPE."""
    home = _home(parts, file)
    workbook, relations = (_tree(parts, path, file) for path in (home, _relations_of(home)))
    targets = _targets(relations, home, parts, file)
    sheets, others = _listed(workbook, targets, file)
    if not sheets:
        raise InputError(Problem("工作簿里没有工作表", where=file, hint=REPAIR))
    for names in ([sheet.name.lower() for sheet in sheets], [sheet.entry.name for sheet in sheets]):
        if len(set(names)) < len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise InputError(Problem(f"工作簿里“{twice}”列了两次，不能断定是几张工作表", where=file, hint=REPAIR))
    shared = dict(targets.values())
    listed = {sheet.entry.name for sheet in sheets}
    worksheets = (e for path, e in parts.items() if path.startswith("xl/worksheets/") and path.endswith(".xml"))
    return Index(
        sheets,
        others,
        shared.get("styles"),
        shared.get("sharedStrings"),
        _says(workbook, "workbookPr", "date1904"),
        _says(workbook, "calcPr", "fullCalcOnLoad"),
        tuple(e.name for e in worksheets if e.name not in listed),
    )


def _says(workbook: ET.Element, tag: str, attribute: str) -> bool:
    found = workbook.find(f"{{*}}{tag}")
    return found is not None and found.get(attribute, "0") in ("1", "true")


def _home(parts: Mapping[str, Entry], file: str) -> str:
    """The path of the workbook part, as the package itself names it."""
    named = _targets(_tree(parts, "_rels/.rels", file), "", parts, file).values() if "_rels/.rels" in parts else ()
    paths = [entry.name.replace("\\", "/").lower() for kind, entry in named if kind == "officeDocument" and entry]
    return paths[0] if paths else "xl/workbook.xml"


def _relations_of(path: str) -> str:
    folder, name = posixpath.split(path)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _tree(parts: Mapping[str, Entry], path: str, file: str) -> ET.Element:
    if path not in parts:
        raise InputError(Problem(f"工作簿不完整，缺少 {path}", where=file, hint=REPAIR))
    return parsed(unpack(parts[path], file), path, file)


def parsed(xml: bytes, path: str, file: str) -> ET.Element:
    """The tree of a small part. InputError if it is damaged, large, or has a DOCTYPE."""
    refuse_doctype(xml, path, file)
    try:
        if len(xml) <= _MOST_XML:
            return ET.fromstring(xml)  # noqa: S314 - without a DOCTYPE, XML can neither fetch files nor expand
    except (ET.ParseError, RecursionError, ValueError, LookupError):
        pass
    raise InputError(Problem(f"工作簿已损坏：{path} 不是正确的 XML，或者过大", where=file, hint=REPAIR))


def _targets(relations: ET.Element, home: str, parts: Mapping[str, Entry], file: str) -> dict[str, tuple[str, Entry | None]]:
    """Identity → kind and part, of the relations of part ``home``; a part that cells depend on must be there."""
    found: dict[str, tuple[str, Entry | None]] = {}
    for relation in relations:
        kind, target = relation.get("Type", "").rpartition("/")[2], relation.get("Target", "").replace("\\", "/")
        identity = relation.get("Id", "")
        path = posixpath.normpath(target.lstrip("/") if target.startswith("/") else f"{posixpath.dirname(home)}/{target}")
        entry = parts.get(path.lstrip("/").lower()) if kind in _NEEDED else None
        if kind in _NEEDED and entry is None:
            raise InputError(Problem(f"工作簿不完整，缺少 {path}", where=file, hint=REPAIR))
        if identity in found or (kind in _ONE and kind in (k for k, _ in found.values())):
            raise InputError(
                Problem(f"工作簿的目录里 {identity or kind} 写了两次，不能断定哪个是真的", where=file, hint=REPAIR)
            )
        found[identity] = kind, entry
    return found


def _listed(
    workbook: ET.Element, targets: Mapping[str, tuple[str, Entry | None]], file: str
) -> tuple[tuple[Listed, ...], tuple[str, ...]]:
    """The worksheets, and the names of what else is listed among them."""
    sheets: list[Listed] = []
    others: list[str] = []
    for sheet in workbook.iterfind("{*}sheets/{*}sheet"):
        name = sheet.get("name", "")
        identity = next((sheet.get(f"{{{space}}}id", "") for space in (_OFFICE, _STRICT) if sheet.get(f"{{{space}}}id")), "")
        kind, entry = targets.get(identity, ("", None))
        if not kind:
            raise InputError(Problem(f"工作簿不完整：工作表“{name}”的内容不见了", where=file, hint=REPAIR))
        if kind == "worksheet" and entry:
            sheets.append(Listed(name, sheet.get("state", "visible") == "visible", entry))
        elif kind in _NO_CELLS:
            others.append(name)
        else:
            raise InputError(Problem(f"工作簿已损坏：工作表“{name}”的种类“{kind[:20]}”认不出", where=file, hint=REPAIR))
    return tuple(sheets), tuple(others)
