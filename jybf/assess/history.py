"""Earlier payments: the rows of a history that count for once-only, quotas and exclusions, and those that can't be matched."""

from collections.abc import Iterator, Sequence

import polars as pl

from jybf.assess.compile import belongs, keys_of, limits, reads, scoped
from jybf.assess.known import columns_of, know
from jybf.assess.select import candidates
from jybf.assess.stages import hits, text
from jybf.assess.tables import lay_out
from jybf.model import ROW, Pack, Program, Roster, last
from jybf.roster.own import GRANTED
from jybf.vocabulary.amounts import kind_of
from jybf.vocabulary.facts import GOVERNING_YEAR as YEAR
from jybf.vocabulary.facts import STATED_YEARS, asked
from jybf.vocabulary.keys import PERSON, alternatives
from jybf.vocabulary.sql import quote

_NONE = {ROW: pl.Int64, "项目": pl.Int64, "_at": pl.Date, YEAR: pl.Int64, "_units": pl.Int64}
FAILED = ("失败", "退票", "退汇", "未发", "待发", "冲销")
AGAIN = ("补发", "重发", "再发", "重新发", "重新打", "重汇")  # of a payment that failed: it was made a second time
NOT_AGAIN = (  # … or is to be, or failed too
    *(f"{before}{each}" for before in "待未需须拟应将等请" for each in "补重再"),
    "发失败", "发又退", "发退票", "发被退", "发未成",
)  # fmt: skip
PAID_ON = ("发放日期", "申请日期", "所属期", "表题年度")  # behind what governs the programme


def earlier_payments(history: Roster, pack: Pack) -> pl.DataFrame:
    """The history as the table of paid rows: ``_row`` (negative), ``项目``, ``_at``, ``_units``, 申请年度 and all key columns.

    A row of this tool's own output counts if it was paid; any other unless its 发放状态 says that it was not.
    """
    rows = know(history.rows, pack)
    parts = [_paid(_settled(own), pack.programs[i], i) for i, own in _by_program(rows, candidates(history, pack), pack)]
    return pl.concat(parts, how="diagonal_relaxed") if parts else pl.DataFrame(schema=_NONE)


def _by_program(rows: pl.DataFrame, named: pl.DataFrame, pack: Pack) -> Iterator[tuple[int, pl.DataFrame]]:
    """The rows of each programme that any is about, told apart as the rows of a roster are.

    What was paid under the name of a programme was paid by it, though its own 适用 rules the row out.
    """
    active = [i for i in range(len(pack.programs)) if hits(i) in named.columns]
    if not active:
        return
    named_best = "GREATEST(" + ", ".join(["0", *(quote(hits(i)) for i in active)]) + ")"
    tests = ", ".join(
        f'({belongs(pack.programs[i], i)}) OR ({quote(hits(i))} > "_best" AND {quote(hits(i))} = {named_best}) AS {hits(i)}_own'
        for i in active
    )
    sql = text([scoped(pack, active)], f'SELECT "_row", {tests} FROM "scoped"')
    wanted = {name for i in active for name in reads(pack.programs[i])} - {YEAR}
    table = lay_out(rows.hstack(named), {ROW: "BIGINT", **columns_of(wanted), **{hits(i): "BIGINT" for i in active}})
    told = pl.SQLContext(known=table.lazy()).execute(sql).collect().sort(ROW)
    for i in active:
        yield i, rows.filter(told[f"{hits(i)}_own"])


def _paid(rows: pl.DataFrame, program: Program, index: int) -> pl.DataFrame:
    dates = [name for name in (*program.basis, *PAID_ON) if name in rows.columns]
    first, end = (pl.coalesce([*(pl.col(wrap(name)) for name in dates), pl.lit(None, pl.Date)]) for wrap in (str, last))
    periods = [program.year, *((name, name) for name in STATED_YEARS)] if program.year else []
    years = [_one_year(pl.col(a), pl.col(last(b))) for a, b in periods if {a, b} <= set(rows.columns)]
    year = pl.coalesce(*years, _one_year(first, end))
    return rows.with_columns(
        (-1 - pl.col(ROW)).alias(ROW),
        pl.lit(index, pl.Int64).alias("项目"),
        first.alias("_at"),
        year.alias("申请年度"),
        _units(rows, program).alias("_units"),
    )


def _one_year(first: pl.Expr, end: pl.Expr) -> pl.Expr:
    return pl.when(first.dt.year() == end.dt.year()).then(first.dt.year().cast(pl.Int64))


def _units(rows: pl.DataFrame, program: Program) -> pl.Expr:
    """Units paid: as stated, else the sum over the fixed rate where that divides evenly; else unknown."""
    amount = program.amount
    if not amount.units:
        return pl.lit(1, pl.Int64)
    stated = [pl.col(amount.units)] if amount.units in rows.columns else []
    if not program.versions and amount.fen and kind_of(amount).exact and "申报金额" in rows.columns:
        stated.append(pl.when(pl.col("申报金额") % amount.fen == 0).then(pl.col("申报金额") // amount.fen))
    return pl.coalesce([*stated, pl.lit(None, pl.Int64)])


def unmatched(history: Roster, past: pl.DataFrame, pack: Pack) -> tuple[tuple[int, str], ...]:
    """The paid rows of the history that can be held against nobody, each with what it lacks: a programme's name, or a key."""
    there = (-1 - past[ROW]).implode()
    rest = _settled(know(history.rows.filter(~pl.col(ROW).is_in(there)), pack))
    lacks = dict.fromkeys(rest[ROW].to_list(), "看不出是哪个项目")
    for index in past["项目"].unique().sort():  # a row of two programmes is told of where it lacks a key of either
        told = _lacking(past.filter(pl.col("项目") == index), pack.programs[index])
        lacks |= {-1 - number: lacks.get(-1 - number) or why for number, why in told.iter_rows()}
    return tuple((row, why) for row, why in sorted(lacks.items()) if why)


def _lacking(rows: pl.DataFrame, program: Program) -> pl.DataFrame:
    """``_row``, and 缺: the keys that it lacks, in words; "" if it can be matched for every limit of the programme."""
    counted = _counted(program)
    names = {*keys_of(program), *(key for per in counted for key in per), YEAR}
    known = {key: pl.col(key).is_not_null() if key in rows.columns else pl.lit(value=False) for key in names}
    met = [pl.any_horizontal(pl.all_horizontal(known[key] for key in way) for way in alternatives(per)) for per in counted]
    wanted = sorted({key for per in counted for key in per})
    gaps = [pl.when(~known[key]).then(pl.lit(f"“{asked(key)[0]}”")).otherwise(pl.lit("")) for key in wanted]
    told = pl.concat_str([pl.lit("缺"), *gaps])
    return rows.select(ROW, pl.when(pl.all_horizontal(pl.lit(value=True), *met)).then(pl.lit("")).otherwise(told).alias("缺"))


def _counted(program: Program) -> Sequence[tuple[str, ...]]:
    """The keys by which payments are held against claims; where nothing limits them, a person is still one person."""
    return tuple(limits(program)) or (((PERSON,),) if program.payee in {"个人", "户"} else ())


def _failed(rows: pl.DataFrame) -> pl.Expr:
    """Whether a payment failed, and neither its state nor a remark says that it was made again."""
    state = pl.col("发放状态").fill_null("")
    text = state + pl.col("备注").fill_null("") if "备注" in rows.columns else state
    again = text.str.contains_any(list(AGAIN)) & ~text.str.contains_any(list(NOT_AGAIN))
    return state.str.contains_any(list(FAILED)) & ~again


def _settled(rows: pl.DataFrame) -> pl.DataFrame:
    """Without the rows of this tool's own output that were not paid, payments that failed, and payments of nothing."""
    if "结果" in rows.columns:
        rows = rows.filter(pl.col("结果").is_null() | pl.col("结果").is_in(GRANTED))
    if "发放状态" in rows.columns:
        rows = rows.filter(~_failed(rows))
    if "申报金额" in rows.columns:
        rows = rows.filter(pl.col("申报金额").ne_missing(0))
    return rows
