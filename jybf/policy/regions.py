"""Which pack: by name, with a suggestion on a typo, or by what the roster says of itself."""

import difflib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from jybf.errors import PackError, Problem, UsageError
from jybf.model import Pack, Roster, Sheet
from jybf.policy.folders import own_packs
from jybf.vocabulary.compiled import compiled
from jybf.vocabulary.fields import rules_dir
from jybf.vocabulary.values.addresses import Place, locate_county
from jybf.vocabulary.values.places import areas

_PROGRAMS = "\n[[program]]"
_PLACES = ("户籍省", "户籍市", "户籍县")


@cache
def _heads() -> Mapping[str, dict[str, Any]]:
    """What the shipped packs say of themselves above their first table, by id; a pack is a TOML file that has programmes."""
    paths = sorted(rules_dir().glob("*.toml"))
    return compiled("heads", paths, lambda: _above_the_tables(paths), dict[str, dict[str, Any]])


def _above_the_tables(paths: Sequence[Path]) -> dict[str, dict[str, Any]]:
    import tomllib  # of no use where the rules are compiled

    texts = {path.stem: path.read_text(encoding="utf-8") for path in paths}
    packs = {name: text for name, text in texts.items() if _PROGRAMS in text}
    return {name: tomllib.loads(text[: text.index("\n[")]) for name, text in packs.items()}


@lru_cache(1)
def _own_heads(files: tuple[tuple[Path, int], ...]) -> Mapping[str, tuple[Path, dict[str, Any]]]:
    """The packs of the user's own folder by id, each with what it says of itself; a file that is no TOML by its name.

    ``files``: each with the time at which it was written. Raises :class:`PackError` for two packs of one id.
    """
    found: dict[str, tuple[Path, dict[str, Any]]] = {}
    for path, _ in files:
        raw = _head_of(path)
        name = str(raw.get("id", path.stem))
        if name in found or name in _heads():
            other = found[name][0].name if name in found else "自带的规则包"
            raise PackError(Problem(f"id“{name}”与{other}相同，不知道用哪一个", path.name, "换一个代号"))
        found[name] = (path, raw)
    return found


def _head_of(path: Path) -> dict[str, Any]:
    import tomllib  # of no use without a folder of one's own

    with suppress(OSError, ValueError):
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    return {}


def _own() -> Mapping[str, tuple[Path, dict[str, Any]]]:
    return _own_heads(tuple((path, path.stat().st_mtime_ns) for path in own_packs() if not is_shipped(path)))


def _all_heads() -> Mapping[str, dict[str, Any]]:
    """Those that are shipped, and over them the user's own."""
    return {**_heads(), **{name: raw for name, (_, raw) in _own().items()}}


def pack_names() -> list[tuple[str, str]]:
    """(id, Chinese name) of every pack at hand, the most general first."""
    order = sorted(_all_heads().items(), key=lambda item: (len(item[1].get("places", [])) > 0, item[0]))
    return [(name, raw.get("name", name)) for name, raw in order]


def shipped_names() -> list[str]:
    """The ids of the packs that come with the program."""
    return list(_heads())


def is_own(region: str) -> bool:
    """Whether ``region`` is a pack of the user's own: a path, or the id of one in the user's own folder."""
    return region.endswith(".toml") or region in _own()


def is_shipped(path: Path) -> bool:
    """Whether the pack at ``path`` came with the program."""
    return path.resolve().parent == rules_dir().resolve()


def pack_path(region: str) -> Path:
    """The file of a region given by id, Chinese name or alias, or of a pack of the user's own (a path to a .toml)."""
    if region.endswith(".toml"):
        return Path(region)
    if region in _own():
        return _own()[region][0]
    if (name := find_region(region)) in _own():
        return _own()[name][0]
    return rules_dir() / f"{name}.toml"


def find_region(text: str, said: str = "") -> str:
    """The id of the pack that ``text`` names; raises :class:`UsageError` with where it was ``said`` and the nearest name.

    A county or a city (静乐) is under the pack of its province. A place that exists but has no pack (陕西) is no slip of the
    pen for one that has (山西): it gets no suggestion.
    """
    names = {alias: name for name, raw in _all_heads().items() for alias in _aliases(name, raw)}
    if text.strip().lower() in names:
        return names[text.strip().lower()]
    place = locate_county(text.strip())
    if isinstance(place, Place) and place.province in names:  # a county's people are under the policy of its province
        return names[place.province]
    if isinstance(place, Place) and place.province:
        raise UsageError(Problem(f"没有“{text}”的规则包", said, f"自带的有：{_choices()}；或写一份自己的 .toml"))
    near = difflib.get_close_matches(text.strip().lower(), names, n=1, cutoff=0.5)
    hint = f"是不是“{near[0]}”？可选：{_choices()}" if near else f"可选：{_choices()}"
    raise UsageError(Problem(f"没有“{text}”这个地区", said, hint))


def _choices() -> str:
    return "、".join(f"{name}（{label}）" for name, label in pack_names())


def _aliases(name: str, raw: Mapping[str, Any]) -> list[str]:
    return [name, raw.get("name", name), *raw.get("aliases", []), *raw.get("places", [])]


def detect_region(roster: Roster) -> tuple[str, str]:
    """(id, why) of the most local pack whose place the titles or 户籍 columns name.

    Raises :class:`UsageError` when nothing, or more than one place of the same level, is named.
    """
    found = _named_by_files(roster.sheets)
    if len(found) == 1:
        name, place = found.popitem()
        naming = [sheet for sheet in roster.sheets if name in _named(_title(sheet))]
        return name, f"{_where(roster, naming)}写着“{place}”"
    columns = [name for name in _PLACES if name in roster.rows.columns]
    if not found:
        found = _named(" ".join(str(v) for name in columns for v in roster.rows[name].drop_nulls().unique().to_list()))
    if len(found) == 1:
        name, place = found.popitem()
        return name, f"花名册的{'、'.join(columns)}列写着“{place}”"
    message = f"看不出用哪个地区的政策：表里同时提到{'、'.join(found.values())}" if found else "看不出用哪个地区的政策"
    raise UsageError(Problem(message, "", f"用 --region 指定：{_choices()}"))


def region_of(title: str, places: Sequence[str]) -> str:
    """The pack of one row: the most local one whose place the ``title`` of its sheet names, else the ``places`` of its 户籍.

    "" where nothing, or more than one place of the same level, is named.
    """
    found = _named(title) or _named(" ".join(places))
    return next(iter(found)) if len(found) == 1 else ""


def named_elsewhere(roster: Roster, pack: Pack) -> str:
    """What the titles of some sheets say if they name the place of another pack and none of ``pack``'s own, else ""."""
    ours = (*pack.places, *pack.defaults.values())  # a county's pack extends the province's: a title may name the province
    strange: dict[str, list[Sheet]] = {}
    for sheet in roster.sheets:
        title = _title(sheet)
        for name, place in _named(title).items():
            if name != pack.id and not any(own in title for own in pack.places) and not any(place in own for own in ours):
                strange.setdefault(place, []).append(sheet)
    return "，".join(f"{_where(roster, sheets)}写着“{place}”" for place, sheets in strange.items())


def _title(sheet: Sheet) -> str:
    return f"{sheet.title} {sheet.name} {Path(sheet.file).stem}"


def _where(roster: Roster, naming: Sequence[Sheet]) -> str:
    """Whose title it is: said with the files' names if there are others."""
    files = dict.fromkeys(sheet.file for sheet in naming)
    others = {sheet.file for sheet in roster.sheets} - set(files)
    return f"{'、'.join(files)} 的表题或文件名" if others else "表题或文件名"


def _named(text: str) -> dict[str, str]:
    """The packs one of whose places occurs in ``text``, with the longest such place; else those of whose province one does."""
    hits: dict[str, str] = {}
    for name, raw in _all_heads().items():
        places = [place for place in raw.get("places", []) if place in text]
        if places:
            hits[name] = max(places, key=len)
    return _most_local(hits) or _within(text)


def _most_local(named: Mapping[str, str]) -> dict[str, str]:
    """``named`` without the packs that another of them extends: a county's own speaks for it, not its province's."""
    above = {str(_all_heads()[name].get("extends", "")) for name in named}
    return {name: place for name, place in named.items() if name not in above}


def _named_by_files(sheets: Sequence[Sheet]) -> dict[str, str]:
    """The packs that the titles name, each file for itself: a file that names a county is not under what another file names."""
    files = {sheet.file: "" for sheet in sheets}
    for sheet in sheets:
        files[sheet.file] += f" {_title(sheet)}"
    return _most_local({name: place for text in files.values() for name, place in _named(text).items()})


def _within(text: str) -> dict[str, str]:
    """The packs of a province in which a prefecture or county lies that ``text`` names in full, with the longest such name."""
    inside = [area for name, area in areas().items() if name == area.name and area.level != "省级" and name in text]
    owners = {place: name for name, raw in _all_heads().items() for place in raw.get("places", [])}
    found = sorted((area for area in inside if area.province in owners), key=lambda area: len(area.name))
    return {owners[area.province]: area.name for area in found}
