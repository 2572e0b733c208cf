"""Which findings of two audits are the same problem.

A finding is known by its code, its person (the number, else the name; the employer where it is about one) and its column,
never by file, sheet, row or cell: rows move and files get new names. Within these, equal values are matched first, then
whatever is left: one wrong value in the place of another is the same problem, changed (变化). Findings are counted: three
before and two now are two that stay and one that is gone. A finding about nobody (a total) is matched by its value only.

What is no longer found is solved only if it was looked for again; else it is 没有再查.
"""

from collections.abc import Iterator, Sequence

import msgspec
import polars as pl

from jybf.diff.read import HINT, Past
from jybf.errors import Problem, UsageError
from jybf.model import FINDING_COLUMNS, LEVELS
from jybf.roster import fold_name
from jybf.vocabulary.yuan import yuan

NEW, CHANGED, UNSEEN, SOLVED, SAME = STATES = ("新增", "变化", "没有再查", "已解决", "未变")

_WHO, _SAID, _AT = "_谁", "_述", "_序"
_VALUES = ("级别", "当前值", "应为", "涉及金额")  # if one of them differs, the problem has changed
# Words about places in 问题: 《花名册.xlsx》跨省第 5 行, （第 5、8 行）, （K5、K6 等 9 个）.
_PLACES = r"《[^》]*》[^第，；（）]*|第 ?[0-9]+(?:、[0-9]+)* ?行|[A-Z]{1,3}[0-9]+(?:、[A-Z]{1,3}[0-9]+)*(?: 等 [0-9]+ 个)?"
_STAGES = (  # from the most alike
    ("编号", _WHO, "列名", *_VALUES, _SAID),
    ("编号", _WHO, "列名", "当前值", _SAID),
    ("编号", _WHO, "列名", "当前值"),
    ("编号", _WHO, "列名"),
)
_BY_NAME = ("编号", "_名", "列名", "当前值")  # when the number could not be read, then or now
_NARROWING = ("项目", "工作表")


class Difference(msgspec.Struct, frozen=True):
    """What became of the findings of ``old`` in ``new``; ``notices``: what to know before the numbers are believed.

    ``frame``: 状态 (one of STATES), FINDING_COLUMNS as of the newer audit (of the older for what is gone), 上次: what was said
    before where it changed, ``_级别``: the level before. By 状态, then level, then in the order of the audits.
    """

    frame: pl.DataFrame
    notices: tuple[str, ...]
    old: Past
    new: Past

    def count(self, state: str) -> int:
        """How many findings are in ``state``."""
        return int((self.frame["状态"] == state).sum())

    def worse(self, threshold: str) -> int:
        """Findings at ``threshold`` or above that are new, or were below it before."""
        grave = list(LEVELS[: LEVELS.index(threshold) + 1])
        risen = (pl.col("状态") == CHANGED) & ~pl.col("_级别").is_in(grave)
        return self.frame.filter(pl.col("级别").is_in(grave), (pl.col("状态") == NEW) | risen).height


def diff(old: Past, new: Past) -> Difference:
    """What became of the findings of ``old`` in ``new``.

    UsageError for two that can't be compared: numbers hidden in one only, or audited by the rules of other regions.
    """
    _check_pair(old, new)
    before, now = _keyed(old), _keyed(new)
    pairs, gone, came = _matched(before, now)
    both = now.join(pairs, on=_AT).join(before, left_on="_旧", right_on=_AT, suffix="_旧")
    differs = pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"{name}_旧")) for name in _VALUES)
    state = pl.when(differs).then(pl.lit(CHANGED)).otherwise(pl.lit(SAME))
    parts = [
        _laid_out(came, pl.lit(NEW)),
        _laid_out(both, state, pl.when(differs).then(_was()).otherwise(pl.lit("")), pl.col("级别_旧")),
        _laid_out(gone, pl.when(_unseen(old, new)).then(pl.lit(UNSEEN)).otherwise(pl.lit(SOLVED))),
    ]
    order = [pl.col(name).cast(pl.Enum(ranks)) for name, ranks in (("状态", STATES), ("级别", LEVELS))]
    frame = pl.concat(parts).sort(*order, _AT, maintain_order=True).drop(_AT)
    return Difference(frame, tuple(_notices(old, new)), old, new)


def _keyed(past: Past) -> pl.DataFrame:
    """The findings with what they are recognised by: a number that is hidden tells little without the name."""
    name, number = fold_name(pl.col("姓名")).alias("_名"), pl.col("身份证号")
    hidden = pl.concat_str([number, pl.lit("\x1f"), fold_name(pl.col("姓名"))])
    who = pl.when(number == "").then(fold_name(pl.col("姓名"))).when(number.str.contains("*", literal=True)).then(hidden)
    said = pl.col("问题").str.replace_all(_PLACES, "").alias(_SAID)
    return past.findings.with_row_index(_AT).with_columns(name, who.otherwise(number).alias(_WHO), said)


def _matched(before: pl.DataFrame, now: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Pairs (``_序`` of the newer, ``_旧`` of the older), what is left of the older, and of the newer."""
    pairs = [pl.DataFrame(schema={_AT: pl.UInt32, "_旧": pl.UInt32})]

    def pair(key: Sequence[str], old: pl.Expr, new: pl.Expr) -> None:
        nonlocal before, now
        found = _pairs(before.filter(old), now.filter(new), key)
        pairs.append(found)
        before, now = before.join(found, left_on=_AT, right_on="_旧", how="anti"), now.join(found, on=_AT, how="anti")

    anybody, named, unread = pl.lit(value=True), pl.col("_名") != "", pl.col("身份证号") == ""
    for key in _STAGES[:-1]:
        pair(key, anybody, anybody)
    pair(_BY_NAME, named & unread, named)
    pair(_BY_NAME, named, named & unread)
    pair(_STAGES[-1], pl.col(_WHO) != "", pl.col(_WHO) != "")
    return pl.concat(pairs), before, now


def _pairs(before: pl.DataFrame, now: pl.DataFrame, key: Sequence[str]) -> pl.DataFrame:
    """The n-th finding with a ``key`` in one with the n-th in the other."""
    turn = pl.int_range(pl.len()).over(*key).alias("_次")
    olds = before.select(*key, turn, pl.col(_AT).alias("_旧"))
    return now.select(*key, turn, _AT).join(olds, on=[*key, "_次"], nulls_equal=True).select(_AT, "_旧")


def _laid_out(rows: pl.DataFrame, state: pl.Expr, was: pl.Expr | None = None, level: pl.Expr | None = None) -> pl.DataFrame:
    """状态, FINDING_COLUMNS, 上次, the former level and the place in the audit."""
    former = pl.col("级别") if level is None else level
    said = pl.lit("") if was is None else was
    return rows.select(state.alias("状态"), *FINDING_COLUMNS, said.alias("上次"), former.alias("_级别"), _AT)


def _was() -> pl.Expr:
    """What was said before, as far as it was something else."""
    sum_ = yuan(pl.col("涉及金额_旧")) + " 元"
    told = {**{name: pl.col(f"{name}_旧") for name in _VALUES}, "涉及金额": sum_.fill_null("未写明")}
    words = {"级别": "", "当前值": "当前值 ", "应为": "应为 ", "涉及金额": "涉及 "}
    nothing = pl.lit("（空）")
    parts = [
        pl.when(pl.col(name).ne_missing(pl.col(f"{name}_旧"))).then(
            pl.lit(words[name]) + pl.when(text == "").then(nothing).otherwise(text)
        )
        for name, text in told.items()
    ]
    return pl.concat_str(parts, separator="，", ignore_nulls=True)


def _unseen(old: Past, new: Past) -> pl.Expr:
    """Whether a finding of ``old`` was not looked for in ``new``: its rule, programme, sheet, file or history was left out."""
    kept, dropped = _selected(new)
    code = pl.col("编号")
    chosen = pl.any_horizontal(code.str.starts_with(head) for head in kept or ("",))
    left_out = pl.any_horizontal(pl.lit(value=False), *(code.str.starts_with(head) for head in dropped))
    lacking = [name for name, why in new.gaps.items() if why - old.gaps.get(name, frozenset())]
    narrowed = any(new.provenance.get(key, "") not in ("", old.provenance.get(key, "")) for key in _NARROWING)
    absent = [] if new.inputs - old.inputs else sorted(old.inputs - new.inputs)  # else it may have got a new name
    lost = bool(old.provenance.get("历史")) and not new.provenance.get("历史")
    past = pl.col("问题").str.contains("历史", literal=True) & lost
    return ~chosen | left_out | code.is_in(lacking) | pl.lit(narrowed) | pl.col("文件").is_in(absent) | past


def _selected(past: Past) -> tuple[list[str], list[str]]:
    """The heads of codes that were asked for, and those that were left out."""
    asked = past.provenance.get("规则", "").upper().split("、")
    dropped = [head.removeprefix("除 ") for head in asked if head.startswith("除 ")]
    return [head for head in asked if head and not head.startswith("除 ")], dropped


def _check_pair(old: Past, new: Past) -> None:
    where = f"{old.name}，{new.name}"
    if None not in (old.masked, new.masked) and old.masked != new.masked:
        raise UsageError(Problem("一份隐去了证号，一份没有，对不上人", where, "两份都用 --mask，或都不用"))
    region = [past.provenance.get("规则包", "").rpartition(" ")[0] for past in (old, new)]
    if region[0] != region[1]:
        told = "、".join(name or "没有写明" for name in region)
        raise UsageError(Problem(f"两次按不同地区的政策审核（{told}），不能比较", where, f"用同一个 --region，{HINT}"))


def _notices(old: Past, new: Past) -> Iterator[str]:
    """What else than the roster may have made the difference."""
    if new.masked:
        yield "两份都隐去了证号：同名而证号首尾相同的人分不开"
    absent, fresh = sorted(old.inputs - new.inputs), sorted(new.inputs - old.inputs)
    if absent and fresh:
        yield f"文件名不同：上次 {'、'.join(absent)}，这次 {'、'.join(fresh)}；当作改了名，不是的话，“已解决”只是没有再查"
    elif absent:
        yield f"这次没有审 {'、'.join(absent)}：里面的发现记作“没有再查”"
    keys = [key for key in dict.fromkeys((*old.provenance, *new.provenance)) if key != "输入"]
    for key in keys:
        was, now = (past.provenance.get(key, "") for past in (old, new))
        if was != now:
            yield f"两次的{key}不同：上次 {was or '没有'}，这次 {now or '没有'}；增减可能由此而来"
    narrowed = sorted(code for code, why in new.gaps.items() if why - old.gaps.get(code, frozenset()))
    if narrowed:
        yield f"这次少了资料，没有全查：{'、'.join(narrowed)}；这些规则不再出现的发现记作“没有再查”"
    widened = sorted(code for code, why in old.gaps.items() if why - new.gaps.get(code, frozenset()))
    if widened:
        yield f"上次缺资料没有全查，这次多查了：{'、'.join(widened)}；这些规则的“新增”可能上次就有"
