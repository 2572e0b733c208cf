"""Random rosters of a whole province: twenty counties, each with people, homes, employers and accounts of its own.

The keys of a row are those of one person, but for one cell in sixteen; one row in twenty has the keys of another county. Beside
them payments of before, some of which were taken back, and three lists, as canonical tables.

python -m tests.engines.counties [rows] [region ...]   by hand: calc and audit on one machine and on Spark, what differs
python -m tests.engines.counties --calc [rows] [region ...]   calc alone
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import polars as pl

from jybf.api import audit, calc, yuan
from jybf.model import SHEET, Pack, Sheet, bad, last
from jybf.policy import load_pack, pack_names
from jybf.roster.canonical import canonical
from jybf.roster.files import Options, read_frame
from tests.engines import spark as own
from tests.engines.keys import MOST, PERSON, TOGETHER, text
from tests.engines.reversals import with_reversals
from tests.engines.rows import Rows, in_sheets, own_rows, telling, titles_of

Frame = TypeVar("Frame", pl.DataFrame, pl.LazyFrame)

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

COUNTIES, SHEETS = 20, 6  # of a province, of a county
DOUBLES = 20  # one row in so many has the keys of another county
SLIPS = 16  # one cell in so many has the key of somebody else in the county
POOL = 10_000
DRAWN = date(2021, 12, 31)
ALSO = (
    "性别", "出生日期", "年龄", "联系电话", "残疾证号", "银行账号", "开户名", "开户人身份证号", "家庭人口", "审批日期", "发放日期",
    "务工单位", "月工资", "法定代表人身份证号", "对公账号", "离职日期", "培训天数", "证书编号", "创业实体", "贷款合同编号", "贷款金额",
    "结清日期", "资金来源", "单位地址",
)  # fmt: skip


class Province(NamedTuple):
    """Canonical tables in files: the roster, payments of before, and by kind of list the list."""

    roster: str
    history: str
    lists: Mapping[str, str]


def province(region: str, count: int, folder: Path, seed: int = 1) -> Province:
    """``count`` random rows of ``region`` in ``COUNTIES`` files, a fifth as many payments, lists as long as those."""
    pack, few = load_pack(region), max(count // 5, 100)
    assert count < MOST  # half of those on a list are none of the province's
    size = max(count // COUNTIES // 3 // TOGETHER, 1) * TOGETHER  # people of a county: each stands there some three times
    tables = {
        "花名册": _rows(pack, count, seed, size).frame,
        "历史": with_reversals(_rows(pack, few, seed + 1, size, paid=True).frame),
        **{kind: _list(kind, frame) for kind, frame in _lists(few, size, seed).items()},
    }
    for name, frame in tables.items():
        frame.write_parquet(folder / f"{name}.parquet")
    roster, history, *lists = (str(folder / f"{name}.parquet") for name in tables)
    return Province(roster, history, dict(zip(list(tables)[2:], lists, strict=True)))


def _rows(pack: Pack, count: int, seed: int, size: int, *, paid: bool = False) -> Rows:
    rng = random.Random(seed)  # noqa: S311  reproducible, not secret
    county = pl.Series([i * COUNTIES // count for i in range(count)], dtype=pl.Int64)
    page = sorted(county * SHEETS + pl.Series([rng.randrange(SHEETS) for _ in range(count)], dtype=pl.Int64))
    rows = _keyed(_many(pack, count, seed, paid=paid), county, size, seed)
    sheets = [
        Sheet(n, f"{'历史' if paid else '示例'}{n // SHEETS}县.xlsx", f"表{n % SHEETS}", title, 1, _columns(pack, title))
        for n, title in enumerate(_titles(pack))
    ]
    return in_sheets(pack, rows, sheets, pl.Series(SHEET, page, dtype=pl.Int64), rng, paid=paid)


def _titles(pack: Pack) -> list[str]:
    """Of each county's sheets: none, one that names no programme, and the programmes in turn."""
    none, unsaid, *named = titles_of(pack)
    turn = cycle(named)
    return [title for _ in range(COUNTIES) for title in (none, unsaid, *islice(turn, SHEETS - 2))]


def _columns(pack: Pack, title: str) -> dict[str, int]:
    return {"姓名": 0, "身份证号": 1} if title else telling(pack)


def _many(pack: Pack, count: int, seed: int, *, paid: bool) -> pl.DataFrame:
    """Random rows of all columns; of more than ``POOL`` the cells are those of so many, each field drawn by itself."""
    rows = own_rows(pack, min(count, POOL), seed, ALSO, paid=paid)
    if count <= POOL:
        return rows
    at = pl.int_range(pl.len()).hash
    place = pl.select(_=pl.int_range(count)).select(
        (at(seed * 11 + n) % POOL).alias(name) for n, name in enumerate(dict.fromkeys(map(_field, rows.columns)))
    )
    return pl.DataFrame([rows[name].gather(place[_field(name)]) for name in rows.columns])


def _field(name: str) -> str:
    return name.removesuffix(bad("")).removesuffix(last(""))


def _keyed(rows: pl.DataFrame, county: pl.Series, size: int, seed: int) -> pl.DataFrame:
    """``rows`` with keys of their county's own people, homes and firms where they have keys."""
    near = pl.int_range(pl.len()).hash(seed)
    away = pl.when(near % DOUBLES == 0).then(1 + near // DOUBLES % (COUNTIES - 1)).otherwise(0)
    there = (pl.lit(county).cast(pl.UInt64) + away) % COUNTIES

    def drawn(name: str) -> pl.Expr:
        own = pl.int_range(pl.len()).hash(seed * 7 + sum(map(ord, name)))
        person = pl.int_range(pl.len()).hash(seed * 7 + sum(map(ord, PERSON)))
        number = pl.when(own % SLIPS == 0).then(own // SLIPS).otherwise(person)
        return (there * size + number % size).cast(pl.Int64)

    told = {name: text(name, drawn(name)) for name in rows.columns if not name.startswith("_")}
    return rows.with_columns(
        pl.when(pl.col(name).is_not_null()).then(key).alias(name) for name, key in told.items() if key is not None
    )


def _lists(count: int, size: int, seed: int) -> dict[str, pl.DataFrame]:
    """Texts as offices send them; half of the people are none of the province's, some numbers can't be read."""
    number = (pl.int_range(pl.len()).hash(seed) % (2 * size * COUNTIES)).cast(pl.Int64)
    i = pl.int_range(pl.len())
    who = pl.when(i % 41 == 0).then(pl.lit("14092619701111000")).when(i % 43 == 0).then(None).otherwise(text(PERSON, number))
    day = pl.format("20{}-{}-28", 18 + i % 6, (i % 12 + 1).cast(pl.String).str.zfill(2))
    own = {name: text(name, number) for name in ("姓名", "户编号", "户主姓名", "行政村", "银行账号")}
    rows = pl.select(i=pl.int_range(count)).select(**own, 身份证号=who, 日=day)
    return {
        "死亡": rows.select("姓名", "身份证号", 死亡日期="日"),
        "村干部": rows.reverse().select(*own, "身份证号", 职务=pl.lit("主任"), 任职开始日期="日"),
        "脱贫名单": rows.select("姓名", "身份证号", 人员类别=pl.lit("脱贫户"), 风险消除时间="日"),
    }


def _list(kind: str, frame: pl.DataFrame) -> pl.DataFrame:
    return canonical([read_frame(frame, f"{kind}.parquet", Options())])


def compared(
    session: SparkSession, given: Province, region: str, *, audits: bool = True
) -> Iterator[tuple[str, pl.DataFrame, pl.DataFrame]]:
    """Calc and then the audit: its name, what it says on one machine, and on Spark county by county."""
    from jybf.spark.doors import MOST, audited, words_of
    from jybf.spark.runs import Given, judged

    read = session.read.parquet
    runs = judged(Given(read(given.roster)), region, past=Given(read(given.history), "历史"))
    yield "calc", yuan(calc(given.roster, region, history=given.history)), own.here(words_of(runs)[0])
    if audits:
        found = audited(runs, own.COUNTY, {kind: (read(path), DRAWN) for kind, path in given.lists.items()}, (), (), MOST)
        ours = audited_here(given, region)
        theirs, silent = own.here(found.findings), own.here(found.not_run)
        yield "audit", row_by_row(ours, silent), row_by_row(theirs, silent)
    for run in runs.each:
        run.judged.free()


def audited_here(given: Province, region: str) -> pl.DataFrame:
    """The findings on the whole province on one machine."""
    against = {kind: f"{path}@{DRAWN}" for kind, path in given.lists.items()}
    return yuan(audit(given.roster, region, history=given.history, against=against))


def row_by_row(found: Frame, silent: Frame) -> Frame:
    """``found`` without clauses that no row of a county can decide: they stand in ``silent``, what was not run there.

    One machine lists them so where no row of all the roster can; else each row has its JY901.
    """
    clauses = silent.select("县", _条=pl.col("原因").str.extract("“(.+?)”缺“")).drop_nulls().unique()
    told = found.with_columns(pl.col("文件").alias("_县"), pl.col("问题").str.extract("^不能判定“(.+?)”：").alias("_条"))
    return told.join(clauses, left_on=["_县", "_条"], right_on=["县", "_条"], how="anti").drop("_县", "_条")


def main(*words: str) -> int:
    count = next((int(word) for word in words if word.isdigit()), 10_000)
    asked = [word for word in words if not word.startswith("-") and not word.isdigit()]
    wrong = 0
    for region in asked or [name for name, _ in pack_names()]:
        with tempfile.TemporaryDirectory() as folder:
            given, session = province(region, count, Path(folder)), own.session(spark_driver_memory="8g")
            begun = time.perf_counter()
            for what, ours, theirs in compared(session, given, region, audits="--calc" not in words):
                wrong += (found := own.differing(theirs, ours))
                took = time.perf_counter() - begun
                print(f"{region:9} {what:6} {count} 行，{ours.height} 条，{found} 条不同，共 {took:.0f} 秒", flush=True)
                if found:
                    show(theirs, ours)
            session.stop()
    return int(wrong > 0)


def show(theirs: pl.DataFrame, ours: pl.DataFrame, label: str = "只在 Spark 上") -> None:
    """Prints some of what differs; ``label``: what only ``theirs`` has."""
    for told, a, b in (("只在一台机器上", ours, theirs), (label, theirs, ours)):
        only = a.join(b.select(ours.columns), on=ours.columns, how="anti", nulls_equal=True)
        if only.height:
            print(told, only.height)
            key = "编号" if "编号" in only.columns else "结果"
            print(only.group_by(key).len().sort(key).rows())
            for row in only.head(6).rows(named=True):
                print("  ", {name: value for name, value in row.items() if value not in (None, "")})


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
