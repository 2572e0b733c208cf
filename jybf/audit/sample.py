"""A sample of the rows to be paid for spot checks, as auditors draw it: the more money, the more likely, and repeatable.

Monetary-unit sampling. The population is every row that claims money and has no finding at 拦截 (those are held back and
dealt with one by one). With T 分 in all and n rows to draw, a row of T/n or more is certain to be in; it leaves, and the
same is asked of the rest. What remains is drawn systematically: n points, T/n apart, in the rows' sums laid end to end in
reading order, so that the sample spreads over files and villages. Where the first point lies, the seed tells:
SHA-256 of ``jybf sample SEED`` as a number, modulo T. All in whole numbers: the same on every machine.

Rows that state no sum can't be drawn by it. Of them as large a part is drawn, each row as likely as the other, and marked.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from hashlib import sha256

import polars as pl
from msgspec.structs import replace

from jybf.audit.roll import CLAIMED, CLAIMING
from jybf.errors import Problem, UsageError
from jybf.model import ROW, SAMPLE_COLUMNS, STOP, Report
from jybf.vocabulary.yuan import yuan

CERTAIN, BY_SUM, BY_ROW = "必抽", "按金额", "按行"
CHANCE = pl.Decimal(9, 8)
_EXACT = pl.Int128()  # sums of sums, times rows to draw, fit
_DRAWN = {ROW: pl.Int64, "抽法": pl.String, "入样概率": CHANCE}


def sampled(report: Report, size: int, seed: int, say: Callable[[str], None]) -> Report:
    """The report of an audit with a sample of its roster's rows (SAMPLE_COLUMNS) in place of its findings.

    What the sample was drawn from goes into the provenance, so that anybody can draw it again; what is out of the ordinary
    is told to ``say``. Raises UsageError if ``size`` is not above 0.
    """
    check_size(size)
    assert report.context is not None and report.findings is not None  # noqa: PT018, S101  an audit always has them
    rows = population(report.findings.roll, report.frame, report.context)
    stated, unstated = rows.filter(pl.col(CLAIMED).is_not_null()), rows.filter(pl.col(CLAIMED).is_null())
    by_sum = draw(stated.select(ROW, CLAIMED), size, seed)
    by_row = draw_rows(unstated[ROW], _share(size, stated.height, unstated.height), seed)
    drawn = rows.join(pl.concat([by_sum, by_row]), on=ROW, how="inner").sort(ROW)
    stopped = int(report.findings.roll[CLAIMING].sum()) - rows.height
    for notice in _notices(size, stopped, stated.height, unstated.height, by_row.height):
        say(notice)
    facts = {**report.provenance, **_facts(size, seed, stated, unstated.height)}
    return replace(report, kind="sample", frame=_laid_out(drawn, report), context=None, provenance=facts)


def check_size(size: int) -> None:
    """Raises UsageError unless ``size`` is above 0."""
    if size <= 0:
        raise UsageError(Problem(f"不能抽 {size} 行", "--sample", "写一个大于 0 的数，如 --sample 60"))


def population(roll: pl.DataFrame, findings: pl.DataFrame, context: pl.DataFrame) -> pl.DataFrame:
    """The lines of ``roll`` that claim money and are not held back: what is waived is paid, and so belongs to it."""
    stopped = context.filter((findings["级别"] == STOP) & (context["豁免"].fill_null("") == "")).select(ROW)
    return roll.filter(CLAIMING).join(stopped, on=ROW, how="anti", maintain_order="left")


def draw(rows: pl.DataFrame, size: int, seed: int) -> pl.DataFrame:
    """``size`` of ``rows`` (``_row``, 申领金额 in 分, all above 0), all if there are no more: ``_row``, 抽法, 入样概率."""
    if rows.height <= size:
        return _certain(rows[ROW])
    rows = rows.sort(ROW).with_columns(pl.col(CLAIMED).cast(_EXACT))
    certain = _large(rows, size)
    rest = rows.join(certain, on=ROW, how="anti", maintain_order="left")
    left, total = size - certain.height, int(rest[CLAIMED].sum())
    hit = rest[systematic(rest[CLAIMED], left, start(seed, total))]
    chances = [_quotient(int(fen) * left, total) for fen in hit[CLAIMED].to_list()]
    return pl.concat([_certain(certain[ROW]), _drawn(hit[ROW], BY_SUM, chances)])


def draw_rows(rows: pl.Series, size: int, seed: int) -> pl.DataFrame:
    """``size`` of ``rows`` (their ``_row``), each as likely as the other; in the form of :func:`draw`."""
    size = min(size, rows.len())
    if not size:
        return pl.DataFrame(schema=_DRAWN)
    hit = rows[systematic(pl.repeat(1, rows.len(), dtype=_EXACT, eager=True), size, start(seed, rows.len()))]
    return _drawn(hit, BY_ROW, [_quotient(size, rows.len())] * size)


def systematic(weights: pl.Series, size: int, first: int) -> list[int]:
    """The places in ``weights`` (each above 0 and, times ``size``, at most their total T) that ``size`` points hit.

    Point k lies at (``first`` + k × T) / ``size``, 0 ≤ ``first`` < T: weight × ``size`` of those T values hit a place.
    """
    ends: list[int] = weights.cast(_EXACT).cum_sum().to_list()
    return [bisect_right(ends, (first + k * ends[-1]) // size) for k in range(size)]


def start(seed: int, total: int) -> int:
    """Where the first point lies: 0 ≤ start < ``total``."""
    return int.from_bytes(sha256(f"jybf sample {seed}".encode()).digest()) % total


def _large(rows: pl.DataFrame, size: int) -> pl.DataFrame:
    """The rows that are in whatever the seed: the largest, as long as each one is a whole step of what is then left."""
    largest = rows.sort(CLAIMED, ROW, descending=[True, False]).head(size)
    left = pl.lit(int(rows[CLAIMED].sum()), _EXACT) - pl.col(CLAIMED).cum_sum() + pl.col(CLAIMED)
    step = pl.col(CLAIMED) * (size - pl.int_range(pl.len(), dtype=pl.Int64).cast(_EXACT)) >= left
    return largest.filter(step.cast(pl.UInt8).cum_min() == 1)


def _certain(rows: pl.Series) -> pl.DataFrame:
    return _drawn(rows, CERTAIN, [Decimal(1)] * rows.len())


def _drawn(rows: pl.Series, how: str, chances: list[Decimal]) -> pl.DataFrame:
    return pl.DataFrame(
        [rows.cast(pl.Int64), pl.repeat(how, rows.len(), eager=True).alias("抽法"), pl.Series("入样概率", chances, CHANCE)]
    )


def _quotient(part: int, whole: int) -> Decimal:
    return (Decimal(part) / Decimal(whole)).quantize(Decimal("1e-8"), ROUND_HALF_UP)


def _share(size: int, stated: int, unstated: int) -> int:
    """How many of the ``unstated`` rows to draw: as large a part as of the stated ones, rounded up; ``size`` if all are."""
    return min(unstated, -(-size * unstated // stated) if stated else size)


def _laid_out(drawn: pl.DataFrame, report: Report) -> pl.DataFrame:
    """``drawn`` in SAMPLE_COLUMNS, with the codes of all findings on each row."""
    assert report.context is not None  # noqa: S101  as above
    codes = report.frame.select("编号").with_columns(report.context[ROW]).drop_nulls().unique().sort(ROW, "编号")
    told = codes.group_by(ROW).agg(pl.col("编号").str.join("、").alias("发现"))
    rows = drawn.join(told, on=ROW, how="left", maintain_order="left").with_columns(pl.col("发现").fill_null(""))
    number = pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias("序号")
    return rows.with_columns(number, pl.lit("").alias("核查结果")).select(SAMPLE_COLUMNS)


def _facts(size: int, seed: int, stated: pl.DataFrame, unstated: int) -> dict[str, str]:
    """What anybody needs who draws the same sample again."""
    fen = int(stated[CLAIMED].cast(_EXACT).sum())
    silent = f"，另有 {unstated} 行没有写明金额" if unstated else ""
    total = f"申领而没有拦截的 {stated.height} 行，{yuan(fen)} 元{silent}"
    return {"抽样": f"按金额 {size} 行", "种子": str(seed), "总体": total}


def _notices(size: int, stopped: int, stated: int, unstated: int, extra: int) -> Iterator[str]:
    """What is out of the ordinary about the sample, in sentences."""
    if stopped:
        yield f"拦截的 {stopped} 行要逐行处理，不在抽样的总体里"
    if not stated + unstated:
        yield "没有可抽的行"
    elif stated < size and not unstated:
        yield f"要抽 {size} 行，总体只有 {stated} 行：全部列出"
    elif stated and stated < size:
        yield f"要抽 {size} 行，写明金额的只有 {stated} 行：全部列出"
    if unstated and not stated:
        yield f"{unstated} 行都没有写明金额，不能按金额抽：按行等概率抽 {extra} 行"
    elif unstated:
        yield f"{unstated} 行没有写明金额，不能按金额抽：按行等概率另抽 {extra} 行，“抽法”写着“按行”"
