"""Named settings: what a document leaves open, how it is taken, and what that changes of its programme."""

from collections.abc import Collection, Mapping
from typing import Any, cast

from jybf.errors import Problem, UsageError, near
from jybf.model import Setting
from jybf.policy.loader import Loader
from jybf.policy.schema import Choice, PackSpec, SettingSpec

_ADDED = ("clause", "manual", "excluded_by")  # lists to which a choice adds, or of which it names members


def settle(loader: Loader, pack: PackSpec, raw: Mapping[str, Any], said: Mapping[str, str]) -> dict[str, tuple[Setting, ...]]:
    """The settings of each programme as they are taken, by ``said``, else the local pack, else their default.

    What a choice writes is put into the programmes of ``pack``. Faults are noted.
    """
    found: dict[str, tuple[Setting, ...]] = {}
    items = {str(item.get("id")): item for item in raw.get("program", [])}
    written = {spec.id: table for spec, table in zip(pack.setting, raw.get("setting", []), strict=False)}
    known = [spec.id for spec in pack.setting]
    for name in (name for name in raw.get("settings", {}) if name not in known):
        loader.at(raw.get("settings", {}), "settings").fault(_no_setting(name, known), about=name)
    _refuse(said, {spec.id: spec for spec in pack.setting})
    for spec in pack.setting:
        here = loader.at(written.get(spec.id), f"setting {spec.id}")
        local = raw.get("settings", {}).get(spec.id)
        _known_examples(loader, pack, spec, items, local)
        setting = _taken(here if local is None else loader.at(local, "settings", spec.id), pack, spec, said)
        for name in dict.fromkeys((*spec.programs, *(name for keys in spec.choice.values() for name in keys))):
            if name not in items or name not in spec.programs:
                told = "没有“{}”这个项目" if name not in items else "choice 里的“{}”没有列在 programs 里"
                here.fault(f"{told.format(name)}，{near(name, items)}programs 写的是 {'、'.join(spec.programs)}", about=name)
            elif setting:
                chosen = pack.settings.get(spec.id)
                _set_aside(items[name], chosen)
                by = {"source": pack.short, "cite": chosen.cite} if chosen and spec.id not in said else {}
                _put(here, items[name], spec.choice[setting.value].get(name, {}), by)
                found[name] = (*found.get(name, ()), setting)
    return found


def _set_aside(item: dict[str, Any], local: Choice | None) -> None:
    """Of the examples that the local pack says are untrue by its setting, those of this programme."""
    names = {case.get("name") for case in item.get("case", [])}
    item["aside"] = [*item.get("aside", []), *(name for name in (local.aside if local else ()) if name in names)]


def _known_examples(
    loader: Loader, pack: PackSpec, spec: SettingSpec, items: Mapping[str, Mapping[str, Any]], local: object
) -> None:
    """Note what the local pack sets aside and is no example of the setting's programmes."""
    known = [str(case.get("name")) for name in spec.programs for case in items.get(name, {}).get("case", [])]
    chosen = pack.settings.get(spec.id)
    for name in (name for name in (chosen.aside if chosen else ()) if name not in known):
        told = f"aside 的“{name}”不是上级的例子：{near(name, known).rstrip('；') or '照抄上级例子的 name'}"
        loader.at(local, "settings", spec.id).fault(told, about=name)


def _no_setting(name: str, known: Collection[str]) -> str:
    return f"没有“{name}”这个设置，{near(name, known)}可设的有 {'、'.join(known) or '（没有）'}"


def _no_choice(spec: SettingSpec, value: str) -> str:
    return f"“{spec.id}”没有“{value}”这个取值，{near(value, spec.choice)}可写：{'、'.join(spec.choice)}"


def _refuse(said: Mapping[str, str], known: Mapping[str, SettingSpec]) -> None:
    """Raises UsageError for what ``--set`` names and the pack does not leave open."""
    wrong = [_no_setting(name, known) for name in said if name not in known]
    wrong += [
        _no_choice(known[name], value) for name, value in said.items() if name in known and value not in known[name].choice
    ]
    if wrong:
        raise UsageError(*(Problem(fault, "--set", "金额写 项目.yuan=元；设置写 名称=取值") for fault in wrong))


def _taken(here: Loader, pack: PackSpec, spec: SettingSpec, said: Mapping[str, str]) -> Setting | None:
    local = pack.settings.get(spec.id)
    value = said.get(spec.id) or (local.value if local else spec.default)
    cite = "--set" if spec.id in said else f"{pack.short}{local.cite}" if local else ""
    if value not in spec.choice:
        here.fault(_no_choice(spec, value), about=value)
        return None
    return Setting(spec.id, spec.text, value, tuple(spec.choice), spec.default, cite)


def _put(here: Loader, item: dict[str, Any], choice: Mapping[str, Any], by: Mapping[str, str]) -> None:
    """Write the keys of ``choice`` into ``item``: of a table, or each of several, its keys; of a list what is in it beside.

    ``by``: the document and clause of whoever chose it, which what is added then rests on.
    """
    for key, value in choice.items():
        old = item.get(key)
        if isinstance(value, dict) and isinstance(old, dict):
            before = cast("dict[str, Any]", old)
            item[key] = here.same({**before, **cast("dict[str, Any]", value)}, before)
        elif isinstance(value, dict) and isinstance(old, list):
            item[key] = [here.same({**entry, **cast("dict[str, Any]", value)}, entry) for entry in cast("list[Any]", old)]
        elif key in _ADDED and isinstance(value, list):
            added = [{**entry, **by} for entry in cast("list[dict[str, Any]]", value)]
            names = [entry.get("id") for entry in added] if key == "clause" else []
            kept = [entry for entry in cast("list[dict[str, Any]]", old or []) if entry.get("id", "") not in names]
            item[key] = [*kept, *added]
        else:
            item[key] = value
