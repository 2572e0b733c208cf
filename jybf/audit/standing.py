"""How far the catalogue is carried out: what a roster decides, what takes a list besides, and what no data decides."""

from collections.abc import Mapping
from functools import cache
from typing import Literal

from jybf.audit.catalogue import texts
from jybf.audit.registry import checks
from jybf.policy import load_pack, shipped_names

Standing = Literal["花名册可查", "有名单更全", "要给名单", "数据查不了"]
STANDINGS: tuple[Standing, ...] = ("花名册可查", "有名单更全", "要给名单", "数据查不了")


def standing(code: str) -> Standing:
    """What it takes to check ``code``: the roster's own columns, which the policies' clauses read too, a list, or both."""
    if texts()[code].beyond:
        return "数据查不了"
    mine = [check for check in checks() if check.code == code]
    if not any(check.lists for check in mine):
        return "花名册可查"
    return "要给名单" if code not in _cited() and all(check.lists for check in mine) else "有名单更全"


@cache
def _cited() -> frozenset[str]:
    """The codes under which the shipped policies' own clauses find something."""
    packs = [load_pack(name) for name in shipped_names()]
    programs = [program for pack in packs for program in pack.programs]
    return frozenset(clause.code for program in programs for clause in program.clauses)


def lists_of(code: str) -> tuple[str, ...]:
    """The kinds of list that some check of ``code`` compares with."""
    return tuple(dict.fromkeys(name for check in checks() if check.code == code for name in check.lists))


def columns_of(code: str) -> tuple[str, ...]:
    """The columns of the roster that the checks of ``code`` need, in words; of a policy's clause it says itself."""
    needs = (need for check in checks() if check.code == code for need in check.needs)
    return tuple(dict.fromkeys(need if isinstance(need, str) else "或".join(need) for need in needs))


def counts() -> Mapping[Standing, int]:
    """How many codes of the catalogue proper (JY1–JY7) stand how."""
    codes = [code for code in texts() if code < "JY8"]
    return {each: sum(standing(code) == each for code in codes) for each in STANDINGS}


def coverage() -> str:
    """The state of the catalogue in one line."""
    told = counts()
    return f"审核目录 {sum(told.values())} 项：" + "，".join(f"{name} {count}" for name, count in told.items())
