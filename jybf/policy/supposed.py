"""What a trial supposes: other sums than the documents set, also above their ceilings. For ``whatif`` alone."""

from collections.abc import Mapping
from functools import partial

from msgspec.structs import replace

from jybf.errors import Problem, UsageError
from jybf.model import Amount, Pack
from jybf.policy.loader import Loader
from jybf.policy.named import settings_by_id
from jybf.policy.settings import counted, each_amount
from jybf.vocabulary.amounts import KINDS, kind_of

_FORMS = " 或 ".join(dict.fromkeys(f"项目.{each.form}" for kind in KINDS.values() for each in kind.supposes.values()))
_ELSE = "别的改动写成规则包，用 --pack"


def supposed(pack: Pack, settings: Mapping[str, str]) -> Pack:
    """``pack`` as if ``settings`` ("项目.yuan" → 元, "项目.days") held, whatever its documents say.

    An unambiguous part of a programme's name will do.
    Raises :class:`UsageError` with all that is no programme, no such thing of it, or no number.
    """
    loader, programs = Loader("--set", {}), {program.id: program for program in pack.programs}
    for key, value in settings_by_id(pack, settings, _FORMS).items():
        name, _, what = key.rpartition(".")
        if what not in kind_of(programs[name].amount).supposes:
            raise UsageError(Problem(f"--set {key}：{name}没有这一项可改", "", f"应写 {_FORMS}；{_ELSE}"))
        programs[name] = counted(each_amount(programs[name], partial(_as_if, loader.at(None, key), what, value)))
    if loader.faults:
        raise UsageError(*loader.faults)
    return replace(pack, programs=tuple(programs.values()))


def _as_if(loader: Loader, what: str, value: str, amount: Amount) -> Amount:
    setting = kind_of(amount).supposes.get(what)
    return setting.apply(amount, value, loader) if setting else amount
