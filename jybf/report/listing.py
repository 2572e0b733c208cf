"""The lines of a report as a page lists them: harmless text, grouped under what is said of a whole group only once."""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
import polars as pl

from jybf.audit import explain
from jybf.model import INCOMPLETE, LEVELS, LINE, PAID, REFUSED, ROW, UNDETERMINED, Report
from jybf.report.plain import amount_column, masked
from jybf.visible import INVISIBLE
from jybf.vocabulary.yuan import yuan

MOST = 20_000  # lines of one list: more than anybody reads, and about what a browser still sorts at once
UNSTATED = "未写明"
_CHUNK = 50  # lines that a browser lays out together, and only when they come near the screen
_MOST_OPTIONS = 200  # values to choose from; of more one types a part
_RANKS: dict[str, int] = dict(zip((*LEVELS, REFUSED, INCOMPLETE, UNDETERMINED, PAID), (0, 1, 2, 0, 1, 2, 3), strict=True))
_ABOUT = ("乡镇", "单位", "补贴项目", "豁免")
_KEYS = ["级别", "编号", "依据", "建议"]

Line = dict[str, Any]  # a line by column, as ``lines`` names them


class Group(msgspec.Struct, frozen=True):
    """Lines of one level and rule (or result and programme) with one ground and one advice.

    ``count``: all of them; ``chunks`` holds those that are listed, in parts that a browser lays out one by one.
    """

    level: str
    code: str
    title: str
    why: str
    ground: str
    advice: str
    count: int
    chunks: tuple[tuple[Line, ...], ...]

    @property
    def listed(self) -> int:
        """How many of the lines are listed."""
        return sum(map(len, self.chunks))


class Facet(msgspec.Struct, frozen=True):
    """What the list can be filtered by: ``options`` are (value, label, lines); with ``typed`` a part of a value is enough."""

    name: str
    options: tuple[tuple[str, str, int], ...]
    typed: bool


def lines(report: Report, *, mask: bool) -> pl.DataFrame:
    """The report's own columns and, by the names of a finding, what every line has: the verdicts of ``calc`` too.

    Added: ``_n`` (place in the report), ``_on`` (is it about a row of data), 分, 乡镇 单位 补贴项目 豁免; for ``calc`` its 结果
    as 级别, its 补贴项目 as 编号, its 说明 as 问题. No text steers; personal numbers are hidden if ``mask``.
    """
    frame = report.frame.with_columns(pl.col(amount_column(report)).alias("分")).with_row_index("_n")
    if report.context is not None:
        context = report.context.select(pl.col(ROW).is_not_null().alias("_on"), *_ABOUT)
        frame = frame.hstack(context)
    else:
        frame = frame.with_columns(pl.col(LINE).is_not_null().alias("_on"))
    if report.kind == "calc":
        renamed = {"结果": "级别", "补贴项目": "编号", "说明": "问题"}
        frame = frame.with_columns(pl.col(old).alias(new) for old, new in renamed.items())
    absent = {*_ABOUT, *_KEYS, "单元格", "列名", "当前值", "应为", "问题", "标准类型", "假定"} - set(frame.columns)
    frame = frame.with_columns(pl.lit("").alias(name) for name in sorted(absent))
    filled = frame.with_columns(pl.col(pl.String).fill_null(""))
    return masked(filled) if mask else filled.with_columns(pl.col(pl.String).str.replace_all(INVISIBLE, ""))


def listed(found: pl.DataFrame) -> pl.DataFrame:
    """The gravest MOST of ``found`` (of ``lines``), by gravity, rule, ground and advice, then as the report has them."""
    rank = pl.col("级别").replace_strict(_RANKS, default=9, return_dtype=pl.Int8)
    return found.sort(rank, *_KEYS[1:], "_n").head(MOST)


def groups(found: pl.DataFrame) -> tuple[Group, ...]:
    """The ``listed`` lines of ``found`` by level, rule, ground and advice; counted are all."""
    counts = {key: part.height for key, part in found.group_by(_KEYS)}
    parts = listed(found).group_by(_KEYS, maintain_order=True)
    return tuple(_group(tuple(map(str, key)), part, counts[key]) for key, part in parts)


def _group(key: Sequence[str], part: pl.DataFrame, count: int) -> Group:
    level, code, ground, advice = key
    title, why = meant(code) if code.startswith("JY") else (code or "未指明项目", "")
    return Group(level, code, title, why, ground, advice, count, tuple(_chunks(part)))


def meant(code: str) -> tuple[str, str]:
    """The title of a finding's code, and why it matters."""
    text = explain(code)
    return text.title, text.why


def _chunks(part: pl.DataFrame) -> Iterator[tuple[Line, ...]]:
    shown = part.with_columns(pl.col("分").map_elements(money, return_dtype=pl.String, skip_nulls=True).alias("元"))
    for chunk in shown.iter_slices(_CHUNK):
        yield tuple(chunk.iter_rows(named=True))


def money(fen: int) -> str:
    """分 as 元 for people: 960000 → ``9,600.00``."""
    whole, cents = yuan(abs(fen)).split(".")
    return f"{'-' if fen < 0 else ''}{int(whole):,}.{cents}"


def facets(found: pl.DataFrame, kind: str) -> tuple[Facet, ...]:
    """What the ``listed`` lines of ``found`` differ in, in the order in which one looks for it."""
    names = ("级别", "编号", "乡镇", "单位", "补贴项目", "文件") if kind == "audit" else ("级别", "编号", "单位", "文件")
    shown = listed(found)
    return tuple(facet for facet in (_facet(name, shown) for name in names) if facet)


def _facet(name: str, shown: pl.DataFrame) -> Facet | None:
    counts = shown.group_by(name).len().sort("len", name, descending=[True, False]).rows()
    if len(counts) < 2:
        return None
    values = [(str(value) or UNSTATED, int(count)) for value, count in counts]
    if name == "级别":
        values.sort(key=lambda each: _RANKS.get(each[0], 9))
    labelled = ((value, f"{value} {meant(value)[0]}" if value.startswith("JY") else value, n) for value, n in values)
    return Facet(name, tuple(labelled)[:_MOST_OPTIONS], len(values) > _MOST_OPTIONS)
