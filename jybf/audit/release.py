"""放行: who may be paid today, row by row: the verdicts of calc after what the audit found on their rows."""

import polars as pl
from msgspec.structs import replace

from jybf.assess import described
from jybf.assess.tally import too_few
from jybf.audit.book import complete
from jybf.audit.eligibility import code_of
from jybf.audit.roll import CLAIMED, CLAIMING
from jybf.model import (
    CLEAR,
    CUT_OFF,
    DOUBT,
    PAID,
    REDUCED,
    RESULTS,
    ROW,
    SHEET,
    STOP,
    UNPAID,
    VERIFY,
    Clearance,
    Findings,
    Pack,
    Report,
    Verdicts,
)
from jybf.vocabulary.keys import VILLAGE
from jybf.vocabulary.payee import PAYEE, PAYEE_FIELDS, payees

PAY_COLUMNS = (
    "放行", "文件", "工作表", "行号", "姓名", "身份证号", "单位", *VILLAGE, "补贴项目", "申领金额", "核定金额", "本次可发",
    *PAYEE, "原因", "假定",
)  # fmt: skip
CUT = CUT_OFF  # not a level: a finding at 拦截 that paying no more than calc grants does away with
WORDS = {None: CLEAR, CUT: REDUCED, DOUBT: VERIFY, STOP: UNPAID}  # of a row that calc pays, by what stands against it
_RANKS = {level: rank for rank, level in enumerate(filter(None, WORDS), 1)}  # the gravest is the highest
STANDING, LACKS, _RANK, _WHY, _HEAD = "_级别", "_不明", "_重", "_缘由", "_主"
_CUT_BY_CALC = ("JY501", "JY505", "JY507")  # more than the rate, too many months, months after the end; and beyond a quota
_MOST = 3  # problems told of one row
_CARRIED = "^(〔[^〕]*〕)"  # what the row is paid for, and by which keys: a later run reads it back


def clearance(findings: Findings, worst: pl.DataFrame | None = None) -> Clearance | None:
    """The rows that calc pays, by the gravest that stands against them; None where checks were left out on purpose.

    ``worst``: :func:`gravest`, where it is at hand.
    """
    if findings.partial:
        return None
    verdicts = findings.verdicts
    paid = verdicts.rows.filter(pl.col("结果") == RESULTS.index(PAID)).group_by(ROW).agg(pl.sum("分"))
    worst = gravest(findings) if worst is None else worst
    marked = paid.join(worst, on=ROW, how="left").group_by(STANDING).agg(pl.len(), pl.sum("分"))
    sums = {level: (rows, fen) for level, rows, fen in marked.iter_rows()}
    clear, cut, doubted, stopped = (sums.get(level, (0, 0)) for level in WORDS)
    loose = findings.context[ROW].is_null() & findings.rows["级别"].is_in([STOP, DOUBT])
    return Clearance(clear, cut, doubted, stopped, int(loose.sum()))


def pay_list(findings: Findings) -> pl.DataFrame | None:
    """放行清单: ``_row``, ``_sheet`` and PAY_COLUMNS, one line a verdict in reading order.

    行号 is Int64, the sums are Int64 (分), the rest is text.
    放行: of WORDS where calc pays, else the verdict. A row's claim stands on its first line. 本次可发: what calc grants, but
    for rows to be verified first or stopped, so that the column adds up to what may be paid today. PAYEE and where its people
    live: "" where the roster doesn't say it. None where checks were left out on purpose.
    """
    if findings.partial:
        return None
    rows = described(findings.verdicts, findings.roster).filter(~pl.col(ROW).is_in(findings.controls))
    more = (
        asked(findings).drop(LACKS),
        findings.roster.rows.select(ROW, SHEET),
        standing(findings),
        _waived(findings),
    )
    for each in more:
        rows = rows.join(each, on=ROW, how="left", maintain_order="left")
    rows = rows.join(_payees(findings), on=[ROW, "补贴项目"], how="left", maintain_order="left")
    repeated = (pl.col(ROW) == pl.col(ROW).shift()).fill_null(value=False)
    rows = rows.with_columns(pl.when(repeated).then(None).otherwise("申领金额").alias("申领金额"), *_released())
    return rows.with_columns(pl.col(*VILLAGE, *PAYEE).fill_null("")).select(ROW, SHEET, *PAY_COLUMNS)


def paid(report: Report) -> Report:
    """The report of an audit, its pay list (PAY_COLUMNS) in place of its findings. No check may have been left out."""
    rows = pay_list(report.findings) if report.findings else None
    assert rows is not None  # noqa: S101  of which the caller made sure
    return replace(report, kind="pay_list", frame=rows.select(PAY_COLUMNS), context=None)


def asked(findings: Findings) -> pl.DataFrame:
    """``_row``, 申领金额 (分; null: no sum is stated) and ``_不明``, whether it claims a sum that nobody knows.

    An employer's workers that have no verdict of their own claim with their employer.
    """
    merged = findings.verdicts.merged.select(pl.col(ROW, "并入").cast(pl.Int64)).unique(ROW, keep="first", maintain_order=True)
    alone = merged.join(findings.verdicts.rows.select(pl.col(ROW).cast(pl.Int64)), on=ROW, how="anti")
    claims = findings.roll.filter(CLAIMING).select(pl.col(ROW).cast(pl.Int64), CLAIMED)
    heads = claims.join(alone, on=ROW, how="left").with_columns(pl.coalesce("并入", ROW).alias(ROW))
    fen, lacks = pl.col(CLAIMED), pl.col(CLAIMED).is_null().any().alias(LACKS)
    return heads.group_by(ROW).agg(pl.when(fen.count() > 0).then(fen.sum()).alias(CLAIMED), lacks)


def _released() -> tuple[pl.Expr, ...]:
    """放行, 本次可发 and 原因."""
    is_paid = pl.col("结果") == PAID
    word = pl.col(STANDING).replace_strict(WORDS, return_dtype=pl.String)
    held, waived = is_paid & pl.col(_WHY).is_not_null(), pl.when(is_paid).then("_免").fill_null("")
    told = pl.when(pl.col(STANDING) == CUT).then(pl.col("说明").str.extract(_CARRIED)).fill_null("")
    free = is_paid & pl.col(STANDING).is_in([STOP, DOUBT]).not_().fill_null(value=True)
    why = pl.when(held).then(pl.col(_WHY)).otherwise("说明") + waived + pl.when(held).then(told).fill_null("")
    return (
        pl.when(is_paid).then(word).otherwise("结果").alias("放行"),
        pl.when(free).then("核定金额").alias("本次可发"),
        why.alias("原因"),
    )


def _payees(findings: Findings) -> pl.DataFrame:
    """``_row``, 补贴项目, VILLAGE and PAYEE of each verdict; an employer's workers may say where its money goes."""
    verdicts, pack = findings.verdicts, findings.verdicts.pack
    facts = complete(verdicts.known).select(ROW, *VILLAGE, *dict.fromkeys(PAYEE_FIELDS))
    whole = pl.concat([verdicts.rows.select(ROW, "项目", pl.col(ROW).alias(_HEAD)), _workers(verdicts)])
    to = [pl.col("项目").is_in([n for n, each in enumerate(pack.programs) if each.payee == who]) for who in ("单位", "项目")]
    told = whole.join(facts, on=ROW, how="left", maintain_order="left").with_columns(payees(*to))
    name = pl.col("项目").replace_strict({n: each.id for n, each in enumerate(pack.programs)}, return_dtype=pl.String)
    own = told.filter(pl.col(ROW) == pl.col(_HEAD))
    if own.height < told.height:
        own = own.join(_agreed(told), on=[_HEAD, "项目"], how="left", maintain_order="left")
        own = own.with_columns(pl.coalesce("收款人", "收款人_共").alias("收款人"), *(_one(name) for name in PAYEE[1:]))
    return own.select(ROW, name.alias("补贴项目"), *VILLAGE, *PAYEE)


def _workers(verdicts: Verdicts) -> pl.DataFrame:
    """``_row``, 项目 and ``_主``, the row that their employer's verdict stands on."""
    heads = verdicts.merged.select(ROW, "项目", pl.col("并入").cast(pl.Int64).alias(_HEAD))
    return heads.filter(pl.col(ROW) != pl.col(_HEAD))


def _agreed(told: pl.DataFrame) -> pl.DataFrame:
    """``_主``, 项目 and PAYEE as all rows of an employer say it that say anything (``_共``); null where they contradict."""
    others = told.join(told.filter(pl.col(ROW) != pl.col(_HEAD)).select(_HEAD, "项目").unique(), on=[_HEAD, "项目"], how="semi")
    same = (pl.when(pl.col(name).drop_nulls().n_unique() == 1).then(pl.col(name).drop_nulls().first()) for name in PAYEE)
    return others.group_by(_HEAD, "项目").agg(each.name.suffix("_共") for each in same).with_columns(pl.lit(1).alias("_几"))


def _one(name: str) -> pl.Expr:
    return pl.when(pl.col("_几").is_null()).then(name).otherwise(f"{name}_共").alias(name)


def _waived(findings: Findings) -> pl.DataFrame:
    """``_row`` and ``_免``: what somebody answers for on it, and who."""
    told = findings.rows.select("编号").hstack(findings.context.select(ROW, "豁免")).filter(pl.col("豁免").fill_null("") != "")
    each = told.select(ROW, pl.format("{}（{}）", "编号", "豁免").alias("_免")).drop_nulls(ROW).unique(maintain_order=True)
    return each.group_by(ROW, maintain_order=True).agg(pl.format("；已豁免 {}", pl.col("_免").str.join("、")).first())


def standing(findings: Findings) -> pl.DataFrame:
    """``_row``, what stands against it (a key of WORDS) and why."""
    if findings.standing is not None:
        return findings.standing
    whole = _against(findings, pl.concat_str("编号", "问题", separator=" "))
    worst = whole.filter(pl.col(_RANK) == pl.col(_RANK).max().over(ROW))
    told = pl.col(_WHY).unique(maintain_order=True).head(_MOST).str.join("；")
    return _leveled(worst.group_by(ROW, maintain_order=True).agg(pl.first(_RANK), told))


def gravest(findings: Findings) -> pl.DataFrame:
    """As :func:`standing`, without the reasons: texts by the million, that who only counts has no use for."""
    if findings.standing is not None:
        return findings.standing.select(ROW, STANDING)
    return _leveled(_against(findings).group_by(ROW).agg(pl.max(_RANK)))


def _leveled(ranked: pl.DataFrame) -> pl.DataFrame:
    level = pl.col(_RANK).replace_strict(dict(enumerate(WORDS)), return_dtype=pl.String).alias(STANDING)
    return ranked.select(ROW, level, pl.exclude(ROW, _RANK))


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
    found = pl.concat([found.drop("及"), others]).drop_nulls(ROW)
    theirs = found.join(_workers(findings.verdicts), on=ROW).select(_RANK, _WHY, pl.col(_HEAD).alias(ROW))
    short = too_few(findings.verdicts, found.filter(pl.col(_RANK) != _RANKS[CUT])[ROW])
    short = short.select(pl.lit(_RANKS[DOUBT], pl.Int64).alias(_RANK), pl.col("缘由").alias(_WHY), ROW)
    return pl.concat([found, theirs, short])


def _cut_codes(pack: Pack) -> list[str]:
    """The codes of what calc has cut already where it pays."""
    quotas = (code_of(program, "quota") for program in pack.programs if program.quota)
    return sorted({*_CUT_BY_CALC, *quotas})
