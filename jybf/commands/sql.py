"""``jybf sql``: the law of a region as one query over the canonical table, in the dialect of a warehouse."""

from jybf import __version__
from jybf.assess.warehouse import HISTORY, ROSTER, Warehouse, over_canonical
from jybf.commands.own_pack import load_checked
from jybf.commands.probe import probe
from jybf.commands.request import Request
from jybf.errors import Problem, UsageError, near
from jybf.model import Pack
from jybf.policy.dialects import BEFORE, DIALECTS, RUN, STEPPED, common, declared, settings, step, translated
from jybf.roster.canonical import columns
from jybf.visible import say

_ABOUT = {
    "keys": "每一行的户和单位，照它自己的格",
    "tied": "各行归到一户、一家",
    "called": "每个项目在表题、补贴项目列里写了几处",
    "roster": "规范表的一行，和它申请哪个项目（_hits_项目）",
    "known": "事实：值、误、自",
    "scoped": "每一行是哪个项目的事",
    "judged": "判出来的：每行、每个项目一个结果",
    "verdicts": "全部的行：判出来的，几个项目都不适用的，没有写申请哪个项目的",
    "results": "结果的码",
    "reasons": "缘由的码",
    "programs": "项目的码",
    "clauses": "条件的位：不符、缺、推定里的位是它的，那一条不成立、缺事实、按推定",
}
_OF_PROGRAM = {
    "rows": "的行和作准日期",
    "group": "的行，按单位分",
    "counts": "每个单位数几个人",
    "heads": "一个单位一行",
    "dated": "的行和年度",
    "facts": "：每个条件一个整数（1 成立，0 不成立，2 推定，NULL 缺事实），数量，金额要的数",
    "judged": "：条件的位，以前发过、互斥的",
    "pool": "：争一次、争限额的行",
    "turns": "：谁先谁后",
    "shares": "：限额还剩多少",
    "final": "：结果和金额（分）",
    "merged": "：并入单位的行",
}


def sql(
    request: Request, dialect: str, *, ddl: bool = False, probing: bool = False, steps: bool = False, past: bool = False
) -> None:
    """Print the query of the region; ``ddl``: the tables that it reads instead, ``probing``: the probe.

    ``steps``: a temporary table a stage, for engines that take long to plan one large query; ``past``: a table of what was paid
    before is there too. Raises UsageError, PackError.
    """
    if dialect not in DIALECTS:
        raise UsageError(Problem(f"没有方言“{dialect}”", "--dialect", f"{near(dialect, DIALECTS)}可选：{'、'.join(DIALECTS)}"))
    if steps and dialect not in STEPPED:
        raise UsageError(Problem(f"{dialect} 不能一步一张表", "--steps", f"可以的：{'、'.join(STEPPED)}"))
    if ddl:
        say(_tables(dialect))
    elif probing:
        say(probe(dialect))
    else:
        if not request.region:
            raise UsageError(Problem("没有写地区", "jybf sql", "如 jybf sql shanxi --dialect spark"))
        pack = load_checked(request.region, "jybf sql", dict(request.settings), request.law_as_of)
        made = over_canonical(pack, request.programs, force=request.force, as_of=request.as_of, past=past)
        say(written(pack, made, dialect, steps=steps))


def _tables(dialect: str) -> str:
    history = "-- 以前发过的，一行一笔；没有就不用建，jybf sql 也不加 --past"
    roster = "-- 规范表：jybf canon 写的就是它；用不到的列可以不建，查询里写到的要有"
    return "\n".join(
        [_head(dialect), roster, declared(ROSTER, columns(), dialect), history, declared(HISTORY, columns(), dialect)]
    )


def written(pack: Pack, made: Warehouse, dialect: str, *, steps: bool = False) -> str:
    """The query ``made`` of ``pack``, commented, in ``dialect``."""
    stages, select = translated(made.stages, made.select, dialect)
    head = f"{_head(dialect)}\n-- {pack.name}，{pack.document}，规则包 {pack.digest[:12]}，jybf {__version__}\n{_READ}"
    if steps:
        tables = "\n".join(f"{_about(pack, name)}{step(name, text, dialect)}" for name, text in stages)
        return f"{head}\n{tables}\n{select}{settings(dialect)};"
    tables = ",\n".join(f"{_about(pack, name)}{common(name, text, dialect)}" for name, text in stages)
    return f"{head}\nWITH\n{tables}\n{select}{settings(dialect)};"


def _head(dialect: str) -> str:
    tried = (
        f"{dialect}：在测试里用真的引擎逐行比对过"
        if dialect in RUN
        else f"{dialect}：只是写成这种方言的文字，没有在引擎上运行过"
    )
    run, text = "、".join(RUN), "、".join(one for one in DIALECTS if one not in RUN)
    before = [f"-- 同一个会话里先运行：{BEFORE[dialect]}"] if dialect in BEFORE else []
    first = f"-- {tried}。先运行 jybf sql --probe --dialect {dialect}，逐条相同再用。"
    return "\n".join([first, f"-- 运行过的：{run}；只有文字的：{text}", *before])


_READ = f"""-- 读 {ROSTER}（jybf sql --ddl；jybf canon 写出），一行、一个项目一个结果。
-- 码的意思在 results、reasons、programs、clauses 四张小表里：结果 0 可发放，1 不符合，2 待补资料，3 待定标准，4 并入单位的行；
-- 分、可望是整数分；项目是 NULL 的，没有写明申请哪个项目。
-- 不符、缺、推定是位：clauses.位 在里面的，那一条不成立、缺事实、按推定。
-- 先 是抢先的那一行的 _row，负的是历史的第几行（-1 是第一行）。"""


def _about(pack: Pack, name: str) -> str:
    """The comment above a table."""
    number, _, stage = name.removeprefix("p").partition("_")
    if name.startswith("p") and number.isdigit():
        return f"-- {pack.programs[int(number)].id}{_OF_PROGRAM.get(stage, '')}\n"
    return f"-- {_ABOUT[name]}\n" if name in _ABOUT else ""
