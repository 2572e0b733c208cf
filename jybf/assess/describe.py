"""Verdicts in words. Integers become text only here, pattern by pattern: rows that failed alike share one sentence frame."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import polars as pl

from jybf.assess.grounds import Pattern, assumed, cites, grounds
from jybf.assess.sentences import NOTHING, lacking, places
from jybf.model import (
    APART,
    INCOMPLETE,
    LINE,
    MERGED,
    RESULTS,
    ROW,
    SHEET,
    VERDICT_COLUMNS,
    Roster,
    Verdicts,
)  # fmt: skip
from jybf.roster.canonical import CELL
from jybf.vocabulary.amounts import kind_of
from jybf.vocabulary.facts import DEFAULT, by, entries
from jybf.vocabulary.frames import at
from jybf.vocabulary.roles import EMPLOYER

_TAKEN = "_假定"
_SHARED = dict.fromkeys(("补贴项目", "结果", "标准类型", "依据", "假定"), pl.String) | {"_person": pl.Boolean}
_PATTERN = ("项目", "结果", "不符", "缺", "推定", "缘由", "依据日", "早于施行", "版")


def describe(verdicts: Verdicts, roster: Roster) -> pl.DataFrame:
    """One row a verdict in VERDICT_COLUMNS, in reading order; 行号 Int64, 核定金额 Int64 分 (null unless paid), else text."""
    return described(verdicts, roster).select(VERDICT_COLUMNS)


def described(verdicts: Verdicts, roster: Roster) -> pl.DataFrame:
    """As :func:`describe`, with the ``_row`` of each verdict before its columns.

    What the rows of one pattern share is said once, in a table; only what names a row's own values is written per row.
    """
    judged, facts = verdicts.rows, verdicts.known
    patterns, rows_of = _patterns(verdicts, facts)
    which = _numbered(rows_of)
    shared = pl.DataFrame([_shared(pattern) for pattern in patterns], schema=_SHARED, orient="row")[which]
    told = [_told(pattern, roster, facts, judged[rows]) for pattern, rows in zip(patterns, rows_of, strict=True)]
    said = _chained(told, pl.String).gather(_places_in(rows_of)).alias("说明")
    origin = at(facts, judged[ROW]).select(_origin(roster, facts.columns))
    own = [judged.select(ROW, pl.col("分").alias("核定金额")), origin, shared, said.to_frame()]
    frame = pl.concat(own, how="horizontal").with_columns(
        pl.when("_person").then(name).otherwise(NOTHING).alias(name)
        for name in ("姓名", "身份证号")
        if not shared["_person"].all()
    )
    if verdicts.unnamed.height:
        frame = pl.concat([frame.select(ROW, *VERDICT_COLUMNS), _unnamed(verdicts, roster)]).sort(ROW, maintain_order=True)
    return frame.select(ROW, *VERDICT_COLUMNS)


def with_own_columns(verdicts: Verdicts, roster: Roster) -> pl.DataFrame:
    """As :func:`describe`, and behind it the roster's own columns (``Roster.own``).

    A row that no verdict is on stands there too, unless only other programmes than those asked for are about it.
    """
    judged = described(verdicts, roster)
    seen = {*judged[ROW], *verdicts.left_out}
    rest = roster.rows.filter(pl.col(ROW).is_in(seen).not_()) if len(seen) < roster.rows.height else roster.rows.clear()
    place = pl.when(pl.col(ROW).is_in(verdicts.merged[ROW].implode())).then(pl.lit(MERGED)).otherwise(pl.lit(APART))
    blank = {name: pl.lit("") for name in VERDICT_COLUMNS} | {"结果": place, "核定金额": pl.lit(None, pl.Int64)}
    own = {name: expr for expr in _origin(roster, rest.columns) if (name := expr.meta.output_name())}
    rest = rest.select(ROW, *(expr.alias(name) for name, expr in (blank | own).items()))
    whole = pl.concat([judged, rest.select(judged.columns)]).sort(ROW, maintain_order=True)
    carried = roster.own[whole[ROW]] if roster.own is not None else pl.DataFrame()
    return pl.concat([whole.select(VERDICT_COLUMNS), carried], how="horizontal")


def missing(verdicts: Verdicts) -> pl.DataFrame:
    """``_row``, ``项目``, ``字段``: each fact that an undecided row lacks."""
    schema = {ROW: pl.Int64, "项目": pl.Int64, "字段": pl.String}
    parts = [pl.DataFrame(schema=schema)]
    undecided = verdicts.rows.filter(pl.col("结果") == RESULTS.index(INCOMPLETE))
    facts = verdicts.known
    for (index, bits), rows in undecided.select(ROW, "项目", "缺").group_by("项目", "缺", maintain_order=True):
        lacks = lacking(verdicts.pack.programs[int(str(index))], int(str(bits)), facts.columns)
        alike = pl.concat([rows, _needed(facts, lacks.values(), rows[ROW])], how="horizontal")
        parts += [alike.filter(test).select(ROW, "项目", pl.lit(name).alias("字段")) for name, test in lacks.items()]
    return pl.concat(parts).sort(ROW, "项目", maintain_order=True)


def _patterns(verdicts: Verdicts, facts: pl.DataFrame) -> tuple[list[Pattern], list[pl.Series]]:
    """The patterns of a run, and of each the places of its verdicts."""
    defaults = [name for name in verdicts.pack.defaults if by(name) in facts.columns]
    flags = _of(facts, [by(name) for name in defaults], verdicts.rows[ROW]).select(pl.all() == DEFAULT)
    keys = pl.concat([verdicts.rows.select(_PATTERN), flags], how="horizontal")
    presumed = _presumed(facts, verdicts.rows[ROW])
    keys = pl.concat([keys, presumed], how="horizontal").with_row_index("_i")
    groups = keys.group_by(*_PATTERN, *flags.columns, *presumed.columns, maintain_order=True).agg("_i")
    known = (defaults, presumed.columns)
    return [_pattern(verdicts, facts, known, key) for key in groups.drop("_i").iter_rows()], list(groups["_i"])


def _pattern(
    verdicts: Verdicts, facts: pl.DataFrame, known: tuple[Sequence[str], Sequence[str]], key: tuple[Any, ...]
) -> Pattern:
    """The pattern with this ``key``: the columns of _PATTERN, then whether each default was taken, and what was presumed."""
    (defaults, presumed), rest = known, key[len(_PATTERN) :]
    taken = [name for name, flag in zip(defaults, rest, strict=False) if flag]
    said = {name.removesuffix(_TAKEN): text for name, text in zip(presumed, rest[len(defaults) :], strict=True) if text}
    failed, lacks, presumes, reason, by_, early, version = key[2 : len(_PATTERN)]
    program = verdicts.pack.programs[int(key[0])].at(version)
    own = (failed, lacks, presumes, reason, by_, bool(early), taken, said)
    return Pattern(verdicts, program, facts.columns, RESULTS[int(key[1])], *own)


def _presumed(facts: pl.DataFrame, rows: pl.Series) -> pl.DataFrame:
    """For each fact that some rows know by a presumption only, what 假定 says of it; null where they don't."""
    named = {name: entry.presume for name, entry in entries().items() if entry.presume and by(name) in facts.columns}
    told = [
        pl.coalesce(
            *(pl.when(pl.col(by(name)) == way).then(_filled_in(text, name)) for way, text in enumerate(texts, 1) if text)
        ).alias(name + _TAKEN)
        for name, texts in named.items()
    ]
    return at(facts.select(told), rows) if told else pl.DataFrame()


def _filled_in(text: str, name: str) -> pl.Expr:
    return pl.format(text, name) if "{}" in text else pl.lit(text)


def _numbered(groups: Sequence[pl.Series]) -> pl.Series:
    """For each place that the groups divide among them, the number of its group."""
    numbers = [pl.repeat(k, rows.len(), dtype=pl.UInt32, eager=True) for k, rows in enumerate(groups)]
    return _chained(numbers, pl.UInt32).gather(_places_in(groups))


def _places_in(groups: Sequence[pl.Series]) -> pl.Series:
    """For each place that the groups divide among them, where it stands in them, one after the other."""
    places = _chained(groups, pl.UInt32)
    order = pl.int_range(places.len(), dtype=pl.UInt32, eager=True)
    return order.scatter(places, order)


def _chained(parts: Sequence[pl.Series], dtype: type[pl.DataType]) -> pl.Series:
    return pl.concat([part.alias("") for part in parts]) if parts else pl.Series(dtype=dtype)


def _needed(facts: pl.DataFrame, words: Iterable[pl.Expr], rows: pl.Series) -> pl.DataFrame:
    """The columns that ``words`` read, of ``rows``."""
    names = {name for word in words for name in word.meta.root_names()}
    return _of(facts, [name for name in facts.columns if name in names and name != ROW], rows)


def _of(facts: pl.DataFrame, names: Sequence[str], rows: pl.Series) -> pl.DataFrame:
    return at(facts.select(names), rows) if names else pl.DataFrame()


def _told(pattern: Pattern, roster: Roster, facts: pl.DataFrame, judged: pl.DataFrame) -> pl.Series:
    """说明 of the verdicts ``judged``, which came out alike."""
    words = grounds(pattern, roster)
    if pattern.reason:
        judged = judged.with_columns(places(judged["先"], pattern.verdicts, roster))
    beside = pl.concat([judged, _needed(facts, [words], judged[ROW])], how="horizontal")
    return beside.with_columns(words.alias("说明"))["说明"]


def _shared(pattern: Pattern) -> tuple[str | bool, ...]:
    """What all rows of a pattern say; an employer's verdict names no person."""
    program = pattern.program
    kind = "本地标准" if program.amount.local else kind_of(program.amount).label
    return program.id, pattern.result, kind, cites(pattern), "；".join(assumed(pattern)), program.tally is None


def _origin(roster: Roster, columns: Sequence[str]) -> Iterator[pl.Expr]:
    """Where the row stands and who it is."""
    for name, part in (("文件", "file"), ("工作表", "name")):
        labels = {sheet.index: getattr(sheet, part) for sheet in roster.sheets}
        yield pl.col(SHEET).replace_strict(labels, return_dtype=pl.String).alias(name)
    yield pl.col(LINE)
    for name in ("姓名", "身份证号"):
        yield _shown(name, roster, columns).alias(name)
    employer = [pl.col(name) for name in EMPLOYER if name in columns]
    yield pl.coalesce([*employer, NOTHING]).alias("单位")


def _shown(name: str, roster: Roster, columns: Sequence[str]) -> pl.Expr:
    """The value, or where it could not be read the cell's own text."""
    own = pl.col(name) if name in columns else pl.lit(None, pl.String)
    unread = roster.problems.filter(pl.col("字段") == name).unique(ROW)
    if unread.height:
        text = dict(zip(unread[ROW].to_list(), unread["原文"].to_list(), strict=True))
        own = pl.coalesce(own, pl.col(ROW).replace_strict(text, default=None, return_dtype=pl.String))
    return own.fill_null("")


def _unnamed(verdicts: Verdicts, roster: Roster) -> pl.DataFrame:
    """Rows of which nothing says what they apply for: undecided, with the way out."""
    rows = roster.rows[verdicts.unnamed[ROW]]
    texts = {"补贴项目": "", "结果": INCOMPLETE, "标准类型": "", "依据": verdicts.pack.short, "假定": ""}
    shared = (pl.lit(text).alias(name) for name, text in texts.items())
    said = pl.lit("没有写明申请哪个项目：在表题或“补贴项目”列写明，或用 --program 指定")
    if CELL in rows.columns:
        other = pl.format(f"“{CELL}”写的“{{}}”不是{verdicts.pack.name}的项目：改正，或用 --as-program 指定", pl.col(CELL))
        said = pl.coalesce(other, said)
    amount = pl.lit(None, pl.Int64).alias("核定金额")
    own = rows.select(ROW, *_origin(roster, rows.columns), amount, *shared, said.alias("说明"))
    return own.select(ROW, *VERDICT_COLUMNS)
