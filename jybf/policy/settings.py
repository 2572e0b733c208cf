"""What a user may set from outside: a local sum or day count where the documents leave it open, never over what they say."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from jybf.errors import Problem, UsageError
from jybf.policy.implicit import UNITS, units
from jybf.policy.loader import Loader
from jybf.vocabulary.yuan import short_yuan

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jybf.model import Amount, Pack, Program


def with_settings(pack: Pack, settings: Mapping[str, str]) -> Pack:
    """``pack`` with local sums ("项目.yuan") and day counts ("项目.days") where its documents leave them open.

    Raises :class:`UsageError` for a programme that is not there and for a sum over what a document sets.
    """
    loader, programs = Loader("--set", {}), {program.id: program for program in pack.programs}
    for key, value in settings.items():
        name, _, what = key.rpartition(".")
        program = programs.get(name)
        if program is None or what not in {"yuan", "days"}:
            known = "、".join(p.id for p in pack.payable())
            raise UsageError(
                Problem(f"--set {key}：应写 项目.yuan=金额 或 项目.days=360/365", "", f"{pack.name}的项目：{known}")
            )
        programs[name] = _counted(replace(program, amount=_local(loader, program, what, value)))
    if loader.faults:
        raise UsageError(*loader.faults)
    return replace(pack, programs=tuple(programs.values()))


def _counted(program: Program) -> Program:
    """A sum by the month asks for the months, which nobody needed while there was no sum."""
    if not program.amount.units or any(clause.id == UNITS for clause in program.clauses):
        return program
    return replace(program, clauses=(*program.clauses, units(program)))


def _local(loader: Loader, program: Program, what: str, value: str) -> Amount:
    amount, where = program.amount, f"{program.id}.{what}"
    if what == "days":
        if amount.kind == "interest" and value in {"360", "365"}:
            return replace(amount, days=int(value))
        loader.fault("只有贴息有计息天数，取 360 或 365", where)
        return amount
    if amount.kind in {"fixed", "interest", "control"}:
        loader.fault("这个项目的标准由文件定死，不能另设", where)
        return amount
    fen = loader.fen(value, where)
    if amount.kind == "cap" and fen > (amount.fen or 0):
        loader.fault(f"{value} 元超过文件的上限 {short_yuan(amount.fen or 0)} 元", where)
    return replace(amount, kind="cap" if amount.kind == "cap" else "fixed", fen=fen, tiers=(), local=True)
