"""Which programme of a pack a user means by a name that he typed."""

from collections.abc import Mapping

from jybf.errors import Problem, UsageError, near
from jybf.model import Pack


def program_named(pack: Pack, name: str, option: str) -> int:
    """The index of the programme that ``name``, its id or an unambiguous part of it, means.

    Raises :class:`UsageError` for a name, given by ``option``, that is of none or of several.
    """
    ids = [program.id for program in pack.programs]
    if name in ids:
        return ids.index(name)
    matches = [i for i, known in enumerate(ids) if name in known]
    if len(matches) == 1:
        return matches[0]
    what = f"“{name}”同时指{'、'.join(ids[i] for i in matches)}" if matches else f"{pack.name}没有项目“{name}”"
    raise UsageError(Problem(what, option, f"{near(name, ids)}可选：{'、'.join(ids)}"))


def settings_by_id(pack: Pack, settings: Mapping[str, str], forms: str) -> dict[str, str]:
    """``settings`` with the whole id of the programme in each key ("项目.yuan"); ``forms``: how a key may be written.

    Raises :class:`UsageError` for a key that names no programme, or several.
    """
    found = dict[str, str]()
    for key, value in settings.items():
        name, _, what = key.rpartition(".")
        if not name:
            known = "、".join(program.id for program in pack.payable())
            raise UsageError(Problem(f"--set {key}：应写 {forms}", "", f"{pack.name}的项目：{known}"))
        found[f"{pack.programs[program_named(pack, name, f'--set {key}')].id}.{what}"] = value
    return found
