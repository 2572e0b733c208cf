"""放行: who may be paid today, row by row: the verdicts of calc after what the audit found on their rows."""

import polars as pl

from jybf.assess import described
from jybf.assess.tally import too_few
from jybf.audit.eligibility import code_of
from jybf.model import DOUBT, PAID, RESULTS, ROW, SHEET, STOP, Clearance, Findings, Pack

PAYOUT_COLUMNS = (
    "放行", "文件", "工作表", "行号", "姓名", "身份证号", "单位", "补贴项目", "申领金额", "核定金额", "本次可发",
    "原因", "假定",
)  # fmt: skip
CUT = "核减"  # not a level: a finding at 拦截 that paying no more than calc grants does away with
WORDS = {None: "可发", CUT: "核减后发", DOUBT: "先核实", STOP: "不发"}  # of a row that calc pays, by what stands against it
_RANKS = {level: rank for rank, level in enumerate(filter(None, WORDS), 1)}  # the gravest is the highest
_RANK, _STANDING, _WHY = "_重", "_级别", "_缘由"
_CUT_BY_CALC = ("JY501", "JY505", "JY507")  # more than the rate, too many months, months after the end; and beyond a quota
_MOST = 3  # problems told of one row
_CARRIED = "^(〔[^〕]*〕)"  # what the row is paid for, and by which keys: a later run reads it back


def clearance(findings: Findings) -> Clearance | None:
    """The rows that calc pays, by what stands against them; None where checks were left out on purpose."""
    if findings.partial:
        return None
    verdicts = findings.verdicts
    paid = verdicts.rows.filter(pl.col("结果") == RESULTS.index(PAID)).group_by(ROW).agg(pl.sum("分"))
    graves = _against(findings).group_by(ROW).agg(pl.max(_RANK))
    marked = paid.join(graves, on=ROW, how="left").group_by(_RANK).agg(pl.len(), pl.sum("分"))
    sums = {rank or 0: (rows, fen) for rank, rows, fen in marked.iter_rows()}
    clear, cut, doubted, stopped = (sums.get(rank, (0, 0)) for rank in range(len(WORDS)))
    loose = findings.context[ROW].is_null() & findings.rows["级别"].is_in([STOP, DOUBT])
    return Clearance(clear, cut, doubted, stopped, int(loose.sum()))


def payout(findings: Findings) -> pl.DataFrame | None:
    """``_sheet`` and PAYOUT_COLUMNS, one line a verdict in reading order; 行号 Int64, the sums Int64 (分), the rest text.

    放行: of WORDS where calc pays, else the verdict. A row's claim stands on its first line. 本次可发: what calc grants, but
    for rows to be verified first or stopped, so that the column adds up to what may be paid today.
    None where checks were left out on purpose.
    """
    if findings.partial:
        return None
    rows = described(findings.verdicts, findings.roster).filter(~pl.col(ROW).is_in(findings.controls))
    more = findings.ledger.select(ROW, "申领金额"), findings.roster.rows.select(ROW, SHEET), _standing(findings)
    for each in more:
        rows = rows.join(each, on=ROW, how="left", maintain_order="left")
    is_paid, repeated = pl.col("结果") == PAID, pl.col(ROW) == pl.col(ROW).shift()
    word = pl.col(_STANDING).replace_strict(WORDS, return_dtype=pl.String)
    rows = rows.join(_waived(findings), on=ROW, how="left", maintain_order="left")
    held, waived = is_paid & pl.col(_WHY).is_not_null(), pl.when(is_paid).then("_免").fill_null("")
    told = pl.when(pl.col(_STANDING) == CUT).then(pl.col("说明").str.extract(_CARRIED)).fill_null("")
    return rows.with_columns(
        pl.when(is_paid).then(word).otherwise("结果").alias("放行"),
        pl.when(repeated.fill_null(value=False)).then(None).otherwise("申领金额").alias("申领金额"),
        pl.when(is_paid & pl.col(_STANDING).is_in([STOP, DOUBT]).not_().fill_null(value=True))
        .then("核定金额")
        .alias("本次可发"),
        (pl.when(held).then(pl.col(_WHY)).otherwise("说明") + waived + pl.when(held).then(told).fill_null("")).alias("原因"),
    ).select(SHEET, *PAYOUT_COLUMNS)


def _waived(findings: Findings) -> pl.DataFrame:
    """``_row`` and ``_免``: what somebody answers for on it, and who."""
    told = findings.rows.select("编号").hstack(findings.context.select(ROW, "豁免")).filter(pl.col("豁免").fill_null("") != "")
    each = told.select(ROW, pl.format("{}（{}）", "编号", "豁免").alias("_免")).drop_nulls(ROW).unique(maintain_order=True)
    return each.group_by(ROW, maintain_order=True).agg(pl.format("；已豁免 {}", pl.col("_免").str.join("、")).first())


def _standing(findings: Findings) -> pl.DataFrame:
    """``_row``, what stands against it (a key of WORDS) and why."""
    whole = _against(findings, pl.concat_str("编号", "问题", separator=" "))
    gravest = whole.filter(pl.col(_RANK) == pl.col(_RANK).max().over(ROW))
    told = pl.col(_WHY).unique(maintain_order=True).head(_MOST).str.join("；")
    level = pl.col(_RANK).first().replace_strict(dict(enumerate(WORDS)), return_dtype=pl.String).alias(_STANDING)
    return gravest.group_by(ROW, maintain_order=True).agg(level, told)


def _against(findings: Findings, why: pl.Expr | None = None) -> pl.DataFrame:
    """``_row``, the rank among WORDS of what stands against it, and ``why`` (text): a line for each finding that holds it.

    A finding holds all rows of what it is about; an employer's row answers for those of its workers, and has to do without
    those of them that something stands against.
    """
    cut = (pl.col("级别") == STOP) & pl.col("编号").is_in(_cut_codes(findings.verdicts.pack))
    rank = pl.when(cut).then(_RANKS[CUT]).otherwise(pl.col("级别").replace_strict(_RANKS, default=None, return_dtype=pl.Int64))
    said = pl.lit("") if why is None else why
    found = findings.rows.select(rank.alias(_RANK), said.alias(_WHY)).hstack(findings.context.select(ROW, "及"))
    found = found.drop_nulls(_RANK)
    others = found.filter(pl.col("及").is_not_null()).select(_RANK, _WHY, pl.col("及").alias(ROW)).explode(ROW)
    found = pl.concat([found.drop("及"), others]).drop_nulls(ROW).unique(maintain_order=True)
    workers = findings.verdicts.merged.select(ROW, pl.col("并入").cast(pl.Int64)).filter(pl.col("并入") != pl.col(ROW))
    theirs = found.join(workers, on=ROW).select(_RANK, _WHY, pl.col("并入").alias(ROW))
    short = too_few(findings.verdicts, found.filter(pl.col(_RANK) != _RANKS[CUT])[ROW])
    short = short.select(pl.lit(_RANKS[DOUBT], pl.Int64).alias(_RANK), pl.col("缘由").alias(_WHY), ROW)
    return pl.concat([found, theirs, short])


def _cut_codes(pack: Pack) -> list[str]:
    """The codes of what calc has cut already where it pays."""
    quotas = (code_of(program, "quota") for program in pack.programs if program.quota)
    return sorted({*_CUT_BY_CALC, *quotas})
