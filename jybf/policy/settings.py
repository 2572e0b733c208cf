"""What a user may set from outside: a local sum or day count where the documents leave it open, never over what they say."""

from collections.abc import Callable, Mapping
from functools import partial

from msgspec.structs import replace

from jybf.errors import Problem, UsageError
from jybf.model import Amount, Pack, Program
from jybf.policy.implicit import UNITS, units
from jybf.policy.loader import Loader
from jybf.policy.named import settings_by_id
from jybf.vocabulary.amounts import KINDS, kind_of

_SETTINGS = {key: setting for kind in KINDS.values() for key, setting in kind.settings.items()}
_FORMS = " 或 ".join(f"项目.{setting.form}" for setting in _SETTINGS.values())


def with_settings(pack: Pack, settings: Mapping[str, str]) -> Pack:
    """``pack`` with what a kind of amount lets be set ("项目.yuan", "项目.days") where its documents leave it open.

    An unambiguous part of a programme's name will do.
    Raises :class:`UsageError` for a programme that is not there and for a sum over what a document sets.
    """
    loader, programs = Loader("--set", {}), {program.id: program for program in pack.programs}
    for key, value in settings_by_id(pack, settings, _FORMS).items():
        name, _, what = key.rpartition(".")
        if what not in _SETTINGS:
            raise UsageError(Problem(f"--set {key}：应写 {_FORMS}", "", "金额是元，到分为止，如 800 或 650.50"))
        programs[name] = counted(each_amount(programs[name], partial(_local, loader.at(None, key), what, value)))
    if loader.faults:
        raise UsageError(*loader.faults)
    return replace(pack, programs=tuple(programs.values()))


def counted(program: Program) -> Program:
    """``program`` with the clause on its units: a sum by the month asks for months, which nobody needed without a sum."""
    if not program.amount.units or any(clause.id == UNITS for clause in program.clauses):
        return program
    return replace(program, clauses=(*program.clauses, units(program)))


def each_amount(program: Program, change: Callable[[Amount], Amount]) -> Program:
    """``program`` with the sum of each of its versions as ``change`` makes it."""
    versions = tuple(replace(version, amount=change(version.amount)) for version in program.versions)
    return replace(program, amount=change(program.amount), versions=versions)


def _local(loader: Loader, what: str, value: str, amount: Amount) -> Amount:
    if setting := kind_of(amount).settings.get(what):
        return setting.apply(amount, value, loader)
    loader.fault(_SETTINGS[what].refusal)
    return amount
