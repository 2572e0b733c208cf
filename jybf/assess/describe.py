"""Verdicts in words. Integers become text only here, pattern by pattern: rows that failed alike share one sentence frame."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from jybf.assess.grounds import Pattern, assumed, cites, grounds
from jybf.assess.lines import places
from jybf.assess.partial import left_out
from jybf.assess.sentences import NOTHING, lacking
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
from jybf.vocabulary.frames import at, grouped, inverse
from jybf.vocabulary.roles import EMPLOYER

_DEFAULT, _VALUE = "_默认", "_值"
_SHARED = dict.fromkeys(("补贴项目", "结果", "标准类型", "依据", "假定"), pl.String) | {"_person": pl.Boolean}
_PATTERN = ("项目", "结果", "不符", "缺", "推定", "缘由", "依据日", "早于施行", "版")


def describe(verdicts: Verdicts, roster: Roster) -> pl.DataFrame:
    """One row a verdict in VERDICT_COLUMNS, in reading order; 行号 Int64, 核定金额 Int64 分 (null unless paid), else text."""
    return described(verdicts, roster).select(VERDICT_COLUMNS)


def nothing_described() -> pl.DataFrame:
    """:func:`describe` of no verdict at all."""
    numbers = (LINE, "核定金额")
    return pl.DataFrame(schema={name: pl.Int64 if name in numbers else pl.String for name in VERDICT_COLUMNS})


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
    named = [*_origin(roster, facts.columns)]
    origin = _needed(facts, named, judged[ROW]).with_columns(judged[ROW]).select(named)
    own = [judged.select(ROW, pl.col("分").alias("核定金额")), origin, shared, said.to_frame()]
    frame = pl.concat(own, how="horizontal").with_columns(
        pl.when("_person").then(name).otherwise(NOTHING).alias(name)
        for name in ("姓名", "身份证号")
        if not shared["_person"].all()
    )
    if verdicts.unnamed.height:
        frame = pl.concat([frame.select(ROW, *VERDICT_COLUMNS), _unnamed(verdicts, roster)]).sort(ROW, maintain_order=True)
    return frame.select(ROW, *VERDICT_COLUMNS)


def with_own_columns(verdicts: Verdicts, roster: Roster, part: range | None = None) -> pl.DataFrame:
    """As :func:`describe`, and behind it the roster's own columns (``Roster.own``).

    A row that no verdict is on stands there too, unless only other programmes than those asked for are about it.
    ``part``: the rows that ``verdicts`` are about, if not all.
    """
    judged = described(verdicts, roster)
    here = roster.rows if part is None else roster.rows.slice(part.start, len(part))
    rest = here.filter(~pl.col(ROW).is_in(pl.concat([judged[ROW], left_out(verdicts)]).implode()))
    place = pl.when(pl.col(ROW).is_in(verdicts.merged[ROW].implode())).then(pl.lit(MERGED)).otherwise(pl.lit(APART))
    blank = {name: pl.lit("") for name in VERDICT_COLUMNS} | {"结果": place, "核定金额": pl.lit(None, pl.Int64)}
    own = {name: expr for expr in _origin(roster, rest.columns) if (name := expr.meta.output_name())}
    rest = rest.select(ROW, *(expr.alias(name) for name, expr in (blank | own).items()))
    whole = pl.concat([judged, rest.select(judged.columns)]).sort(ROW, maintain_order=True)
    carried = at(roster.own, whole[ROW]) if roster.own is not None else pl.DataFrame()
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
    presumed = {name: entry.presume for name, entry in entries().items() if entry.presume and by(name) in facts.columns}
    ways = [(pl.col(by(name)) == DEFAULT).alias(_DEFAULT + name) for name in defaults]
    ways += [column for name, texts in presumed.items() for column in _supposed(name, texts)]
    known = _needed(facts, ways, verdicts.rows[ROW]).select(ways)
    keys, rows_of = grouped(pl.concat([verdicts.rows.select(_PATTERN), known], how="horizontal"))
    return [_pattern(verdicts, facts, defaults, presumed, key) for key in keys.iter_rows(named=True)], rows_of


def _supposed(name: str, texts: Sequence[str]) -> Iterator[pl.Expr]:
    """Which of ``texts``, from 1, is said of a row that only presumes ``name``, and the value that it names; else null."""
    own = pl.col(by(name))
    said = {way: text for way, text in enumerate(texts, 1) if text}
    yield pl.when(own.is_in([*said])).then(own).alias(name)
    if naming := [way for way, text in said.items() if "{}" in text]:
        yield pl.when(own.is_in(naming)).then(pl.col(name).cast(pl.String)).alias(_VALUE + name)


def _pattern(
    verdicts: Verdicts,
    facts: pl.DataFrame,
    defaults: Sequence[str],
    presumed: Mapping[str, Sequence[str]],
    key: Mapping[str, Any],
) -> Pattern:
    """The pattern with this ``key``: _PATTERN, whether each of ``defaults`` was taken, which of ``presumed`` was presumed."""
    taken = [name for name in defaults if key[_DEFAULT + name]]
    ways = {name: texts[int(key[name]) - 1] for name, texts in presumed.items() if key[name]}
    said = {name: text.replace("{}", key.get(_VALUE + name) or "") for name, text in ways.items()}
    program = verdicts.pack.programs[int(key["项目"])].at(key["版"])
    own = (key["不符"], key["缺"], key["推定"], key["缘由"], key["依据日"], bool(key["早于施行"]), taken, said)
    return Pattern(verdicts, program, facts.columns, RESULTS[int(key["结果"])], *own)


def _numbered(groups: Sequence[pl.Series]) -> pl.Series:
    """For each place that the groups divide among them, the number of its group."""
    numbers = [pl.repeat(k, rows.len(), dtype=pl.UInt32, eager=True) for k, rows in enumerate(groups)]
    return _chained(numbers, pl.UInt32).gather(_places_in(groups))


def _places_in(groups: Sequence[pl.Series]) -> pl.Series:
    """For each place that the groups divide among them, where it stands in them, one after the other."""
    return inverse(_chained(groups, pl.UInt32))


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
