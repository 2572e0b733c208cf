"""The columns of a form, and why each is there: what judges its rows, pays them, audits them, or is held against a list.

Derived from the clauses, the amount and the keys of a programme and from the registered checks, so that a form asks for what
is used and nothing else; only where a column stands among the others is said here.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

import msgspec

from jybf.assess.compile import reads
from jybf.audit.registry import Check, Need, checks, ways_of
from jybf.model import Field, ListKind, Pack, Program
from jybf.policy import load_pack, pack_names
from jybf.policy.clash import HELD
from jybf.policy.derivation import can_tell, columns_for
from jybf.vocabulary.amounts import CLAIM
from jybf.vocabulary.facts import asked
from jybf.vocabulary.fields import load_fields
from jybf.vocabulary.keys import EMPLOYER, HOUSEHOLD, PERSON, VILLAGE
from jybf.vocabulary.payee import ACCOUNTS
from jybf.vocabulary.roles import CLAIMS, STAGES

NUMBER, NAME, REMARK = "序号", "姓名", "备注"
_HOUSE, _FIRM = ("户编号", "户主姓名"), ("单位名称", "统一社会信用代码")
_FIRST = (NUMBER, "数据时点", *VILLAGE, *_FIRM, *_HOUSE, NAME, "性别", "年龄", PERSON, "与户主关系", "人员类别")
_MONEY = ("票据金额", "补贴月数", "补贴标准", *reversed(STAGES), "大写金额", "资金来源")
_LATER = ("申请日期", "审批日期", "公示开始日期", "公示结束日期", "发放日期", "发放状态")
_LAST = (*_MONEY, *_LATER, "开户名", "开户人身份证号", "开户银行", "银行账号", "对公账号", "联系电话", "签字", "备注")


class Column(msgspec.Struct, frozen=True):
    """A column of a form. ``must``: a row without it is not decided; ``uses``: what it is for, in words; ``codes``: the checks
    that need it."""  # noqa: D205, D209

    field: Field
    must: bool
    uses: tuple[str, ...]
    codes: tuple[str, ...]


class _Use(NamedTuple):
    name: str
    why: str = ""
    must: bool = False
    code: str = ""


def columns_of(pack: Pack, program: Program, *, brief: bool = False) -> tuple[Column, ...]:
    """The columns of the form of ``program``, as rosters have them in order; ``brief``: without what only the audit reads."""
    own = [*_identity(program), *_clauses(pack, program), *_amount(program), *_dates(program), *_account(program)]
    own += _ends(own)
    uses = own if brief else [*own, *_audit(program, own)]
    return _in_order([*uses, *_ends(uses)])


def columns_of_list(kind: ListKind) -> tuple[Column, ...]:
    """The columns of a list of that kind: its keys, what a hit must say to prove anything, and what the checks read in it."""
    uses = [_Use(name, "对人、对单位", must=name == kind.keys[0]) for name in kind.keys]
    uses += [_Use(name, "没有它，命中的只能算疑点", must=True) for name in kind.wants]
    uses += [_Use(NAME, "认人，与证号核对")] * (PERSON in kind.keys)
    uses += [_Use(name, "有了说得更准") for name in kind.also]
    listed = [(check, need) for check in checks() if kind.name in check.lists for need in check.listed]
    uses += _needed(listed, uses)
    drawn = _Use("数据时点", "名单是哪一天的数据；整份是一个日子的，写在表题下面就行")
    return _in_order([*uses, *_ends(uses), drawn, _Use(REMARK)])


def _in_order(uses: Iterable[_Use]) -> tuple[Column, ...]:
    """Each column once, with all its uses."""
    known, grouped = load_fields().by_name, dict[str, list[_Use]]()
    for use in (_Use(NUMBER), *uses):
        grouped.setdefault(use.name, []).append(use)
    columns = [
        Column(known[name], any(u.must for u in own), _told(u.why for u in own), _told(u.code for u in own))
        for name, own in grouped.items()
    ]
    order = {name: place for place, name in enumerate(known)}
    return tuple(sorted(columns, key=lambda column: (*_place(column.field.name), order[column.field.name])))


def _told(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, words)))


def _place(name: str) -> tuple[int, int]:
    """Where a column stands; those between are in the order of the dictionary."""
    if name in _FIRST:
        return 0, _FIRST.index(name)
    return (2, _LAST.index(name)) if name in _LAST else (1, 0)


def _cells(fact: str) -> tuple[str, ...]:
    """The columns in which a clerk writes ``fact``; none of what no cell of a row says."""
    known = load_fields().by_name
    return tuple(name for name in asked(fact) if name in known) or next(iter(columns_for(fact)), ())


def _identity(program: Program) -> Iterator[_Use]:
    """Who and where, for whoever is paid."""
    keys = {*program.once, *(program.quota.per if program.quota else ()), program.tally.per if program.tally else ""}
    to_person = program.payee in ("个人", "户")
    yield _Use(NAME, "认人，与证号、账号核对", must=to_person or PERSON in keys)
    yield _Use(PERSON, "认人", must=to_person)
    yield from (_Use(name, "按乡镇、村汇总、分送") for name in VILLAGE if to_person)
    if program.payee == "户" or HOUSEHOLD in keys:
        yield from (_Use(name, "认户：户编号、户主姓名填一样就行") for name in _HOUSE)
    if program.payee == "单位" or EMPLOYER in keys:
        yield from (_Use(name, "认单位：信用代码、名称填一样就行") for name in _FIRM)


def _clauses(pack: Pack, program: Program) -> Iterator[_Use]:
    """What the conditions ask for, the employer-level count too, and the columns by which the pack knows its rosters."""
    for clause in (clause for clause in program.clauses if clause.id not in HELD):
        depends = {name for name, _ in clause.holds.needs}
        for name in clause.holds.fields:
            default = f"；不填按{pack.defaults[name]}" if name in pack.defaults else ""
            why = "" if clause.id == CLAIM else f"{_cited(clause.text, clause.cite)}{default}"  # _amount says what to write
            must = not (clause.presume or default) and name not in depends
            yield from (_Use(cell, why, must=must) for cell in _cells(name))
    if tally := program.tally:
        yield from (_Use(cell, _cited(tally.text, tally.cite)) for name in tally.counts.fields for cell in _cells(name))
        stated = f"{_cited(tally.text, tally.cite)}；一行一个人的不用填，由程序数"
        yield from (_Use(cell, stated) for name in (tally.read, *tally.beside) for cell in _cells(name))
    known = load_fields().by_name
    yield from (_Use(name, "这个项目的花名册常有") for name in program.columns if not known[name].into)


def _cited(text: str, cite: str) -> str:
    return text + ("" if cite.startswith("（") else " ") + cite


def _amount(program: Program) -> Iterator[_Use]:
    """What is claimed, unless the programme has a column of its own for that; what bounds and what counts it."""
    amount = program.amount
    if amount.pays and not {*STAGES} & {*program.columns}:
        yield _Use(CLAIMS[0], "报多少：多报的核减，少报的按报的发")
    yield from (_Use(name, "花了多少：不超过实际支出") for name in amount.spent)
    yield from (_Use(name, f"按它计算，{amount.unit}".rstrip("，")) for name in filter(None, (amount.units,)))


def _dates(program: Program) -> Iterator[_Use]:
    yield _Use(program.basis[0], "以这一天为准：期限、年度、条件都看它")
    yield from (_Use(name, "属于哪一年：一年一次的按它数") for name in program.year)
    if period := program.period:
        yield from (_Use(name, _cited(f"执行到 {period.until}，按月数", period.cite)) for name in (period.start, period.end))


def _account(program: Program) -> Iterator[_Use]:
    yield from (_Use(name, "发到哪里") for name in ACCOUNTS[program.payee] if program.amount.pays)
    yield _Use(REMARK, "写着作废、退回、死亡的，这一行不算")


def _ends(uses: Sequence[_Use]) -> list[_Use]:
    """Of each time whose start or end is asked for, the other."""
    pairs = [field.into[:2] for field in load_fields().by_name.values() if field.type == "range"]
    have = {use.name: use for use in uses}
    halves = [(a, b) for pair in pairs for a, b in (pair, pair[::-1]) if a in have and b not in have]
    return [have[a]._replace(name=b, why="起止成对，写全" if have[a].why else "", must=False) for a, b in halves]


def _audit(program: Program, own: Sequence[_Use]) -> list[_Use]:
    """What the checks need that are about ``program``, or about anybody."""
    about = [check for check in checks() if (not check.about and not check.lists) or (check.about and check.about(program))]
    return _needed([(c, need) for c in about for need in c.needs if c.about or not _elsewhere(need)], own, {*reads(program)})


def _needed(asking: Iterable[tuple[Check, Need]], own: Sequence[_Use], read: Collection[str] = ()) -> list[_Use]:
    """What each check needs: of several columns those that are there, else the first that is ``read`` or no programme's own."""
    found, have = list[_Use](), {use.name for use in own}
    for check, ways in sorted(((check, ways_of(need)) for check, need in asking), key=lambda pair: len(pair[1])):
        met = [name for way in ways for name in (way, *_cells(way)) if name in have]
        told = any(can_tell(have, way) for way in ways)
        best = (*(way for way in ways if way in read), *(way for way in ways if way not in _business()), *ways)
        names = dict.fromkeys(met if told else _cells(best[0]))
        found += [_Use(name, code=check.code) for name in names]
        have |= {*names}
    return found


def _elsewhere(need: Need) -> bool:
    """Whether what anybody's rows are checked for by the way is the business of some programmes only: months, contributions."""
    return not _business(checked=True).isdisjoint(ways_of(need)[:1])


@cache
def _business(*, checked: bool = False) -> frozenset[str]:
    """The columns that are some programme's own: its pack says so; ``checked``: or a check that is about some programmes."""
    programs = [program for name, _ in pack_names() for program in load_pack(name).payable()]
    special = [name for check in checks() if check.about and checked for need in check.needs for name in ways_of(need)]
    return frozenset({*special, *(name for program in programs for name in program.columns)}) - {PERSON, NAME, "申请日期"}
