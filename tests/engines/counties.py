"""Random rosters of a whole province: twenty counties, each with people, homes, employers and accounts of its own.

One row in twenty has the keys of another county. Beside them payments of before, some of which were taken back, and three
lists, as canonical tables.

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
from functools import cache
from itertools import cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from jybf.api import audit, calc, yuan
from jybf.model import SHEET, Pack, Sheet
from jybf.policy import load_pack, pack_names
from jybf.roster.canonical import canonical
from jybf.roster.files import Options, read_frame
from jybf.vocabulary.facts import facts
from tests.engines import spark as own
from tests.engines.reversals import with_reversals
from tests.engines.rows import Rows, in_sheets, own_rows, telling, titles_of
from tests.laws.cells import credit_code

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

COUNTIES, SHEETS = 20, 6  # of a province, of a county
DOUBLES = 20  # one row in so many has the keys of another county
DRAWN = date(2021, 12, 31)
NAMES = 3000
ALSO = (
    "性别", "出生日期", "年龄", "联系电话", "残疾证号", "银行账号", "开户名", "开户人身份证号", "家庭人口", "审批日期", "发放日期",
    "务工单位", "月工资", "法定代表人身份证号", "对公账号", "离职日期", "培训天数", "证书编号", "创业实体", "贷款合同编号", "贷款金额",
    "结清日期", "资金来源", "单位地址",
)  # fmt: skip
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


class Province(NamedTuple):
    """Canonical tables in files: the roster, payments of before, and by kind of list the list."""

    roster: str
    history: str
    lists: Mapping[str, str]


def province(region: str, count: int, folder: Path, seed: int = 1) -> Province:
    """``count`` random rows of ``region`` in ``COUNTIES`` files, a fifth as many payments, lists as long as those."""
    pack, few = load_pack(region), max(count // 5, 100)
    size = max(count // COUNTIES // 3, 3)  # people of a county: each stands there some three times
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
    rows = _keyed(own_rows(pack, count, seed, ALSO, paid=paid), county, size, seed)
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


def _keyed(rows: pl.DataFrame, county: pl.Series, size: int, seed: int) -> pl.DataFrame:
    """``rows`` with keys of their county's own people, homes and firms where they have keys."""
    near = pl.int_range(pl.len()).hash(seed)
    away = pl.when(near % DOUBLES == 0).then(1 + near // DOUBLES % (COUNTIES - 1)).otherwise(0)
    there = (pl.lit(county).cast(pl.UInt64) + away) % COUNTIES

    def drawn(name: str, every: int = 1) -> pl.Expr:
        of = "身份证号" if name == "姓名" else name  # a name is that of the number, nearly always
        number = pl.int_range(pl.len()).hash(seed * 7 + sum(map(ord, of)))
        slip = pl.when(near % 31 == 0).then(1).otherwise(0) if name == "姓名" else 0
        return (there * size + (number % size) // every * every + slip).cast(pl.Int64)

    telling_ = {name: _text(name, drawn) for name in rows.columns if not name.startswith("_")}
    keys = [pl.when(pl.col(name).is_not_null()).then(text).alias(name) for name, text in telling_.items() if text is not None]
    return rows.with_columns(keys)


def _text(name: str, drawn) -> pl.Expr | None:
    """What stands in the column ``name`` for a number; None for one that is no key."""
    if name not in facts():
        return None
    kind = facts()[name].type
    if kind == "id":
        return identity(drawn(name))
    if kind == "credit_code":
        return (drawn(name, 3) % 1000).replace_strict(_codes(), return_dtype=pl.String)
    if kind == "account":
        return pl.format("62284800{}", drawn(name).cast(pl.String).str.zfill(10))
    if kind == "name":
        return pl.format(
            "示例{}", (drawn(name) % NAMES).replace_strict({n: chr(0x4E00 + n) for n in range(NAMES)}, return_dtype=pl.String)
        )
    texts = {
        "户编号": pl.when(drawn(name) % 5 == 0).then(pl.format("{}", drawn(name) % 50)).otherwise(pl.format("140926{}", drawn(name, 2))),
        "联系电话": pl.format("1{}", drawn(name).cast(pl.String).str.zfill(10)),
        **dict.fromkeys(("单位名称", "务工单位", "创业实体"), pl.format("示例{}有限公司", drawn("单位名称", 3))),
        **dict.fromkeys(("证书编号", "贷款合同编号", "残疾证号"), pl.format("证{}", drawn(name))),
        "乡镇": pl.format("示例{}镇", drawn(name) % 200), "行政村": pl.format("示例{}村", drawn(name) % 2000),
    }  # fmt: skip
    return texts.get(name)


@cache
def _codes() -> dict[int, str]:
    return {number: credit_code(number) for number in range(1000)}


def identity(number: pl.Expr) -> pl.Expr:
    """A sound ID of each number below 13,440,000."""
    month, day = (number % 12 + 1).cast(pl.String).str.zfill(2), (number // 12 % 28 + 1).cast(pl.String).str.zfill(2)
    year, serial = (1960 + number // 336_000 % 40).cast(pl.String), (number // 336 % 1000).cast(pl.String).str.zfill(3)
    head = pl.concat_str(pl.lit("140926"), year, month, day, serial)
    total = sum((head.str.slice(n, 1).cast(pl.Int64) * weight for n, weight in enumerate(_WEIGHTS)), pl.lit(0))
    return head + pl.lit("10X98765432").str.slice(total % 11, 1)


def _lists(count: int, size: int, seed: int) -> dict[str, pl.DataFrame]:
    """Texts as offices send them; half of the people are none of the province's, some numbers can't be read."""
    number = (pl.int_range(pl.len()).hash(seed) % (2 * size * COUNTIES)).cast(pl.Int64)
    i = pl.int_range(pl.len())
    who = pl.when(i % 41 == 0).then(pl.lit("14092619701111000")).when(i % 43 == 0).then(None).otherwise(identity(number))
    day = pl.format("20{}-{}-28", 18 + i % 6, (i % 12 + 1).cast(pl.String).str.zfill(2))
    name = (number % NAMES).replace_strict({n: f"示例{chr(0x4E00 + n)}" for n in range(NAMES)}, return_dtype=pl.String)
    home = pl.when(number % 3 == 0).then(pl.format("{}", number % 50)).otherwise(pl.format("140926{}", number // 2 * 2))
    account = pl.format("62284800{}", number.cast(pl.String).str.zfill(10))
    village = pl.format("示例{}村", number // 3 % 2000)
    rows = pl.select(i=pl.int_range(count)).select(身份证号=who, 姓名=name, 日=day, 户=home, 账=account, 村=village)
    return {
        "死亡": rows.select("姓名", "身份证号", 死亡日期="日"),
        "村干部": rows.reverse().select("姓名", "身份证号", 户编号="户", 行政村="村", 户主姓名="姓名", 银行账号="账", 职务=pl.lit("主任"), 任职开始日期="日"),
        "脱贫名单": rows.select("姓名", "身份证号", 人员类别=pl.lit("脱贫户"), 风险消除时间="日"),
    }  # fmt: skip


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
        against = {kind: f"{path}@{DRAWN}" for kind, path in given.lists.items()}
        ours = yuan(audit(given.roster, region, history=given.history, against=against))
        theirs, silent = own.here(found.findings), own.here(found.not_run)
        yield "audit", row_by_row(ours, silent), row_by_row(theirs, silent)
    for run in runs.each:
        run.judged.free()


def row_by_row(found: pl.DataFrame, silent: pl.DataFrame) -> pl.DataFrame:
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
                    _show(theirs, ours)
            session.stop()
    return int(wrong > 0)


def _show(theirs: pl.DataFrame, ours: pl.DataFrame) -> None:
    for label, a, b in (("只在一台机器上", ours, theirs), ("只在 Spark 上", theirs, ours)):
        only = a.join(b.select(ours.columns), on=ours.columns, how="anti", nulls_equal=True)
        if only.height:
            print(label, only.height)
            key = "编号" if "编号" in only.columns else "结果"
            print(only.group_by(key).len().sort(key).rows())
            for row in only.head(6).rows(named=True):
                print("  ", {name: value for name, value in row.items() if value not in (None, "")})


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
