"""What runs over large rosters cost, as multiples of their floors in the same run: whole processes, from start to end.

    python tests/bench/calc.py [rows ...]      default: 1,000,000
    python tests/bench/calc.py --draw          10,000 to 10,000,000 rows, and docs/bench.svg

Seconds of the processor (all threads, the system's too) and GB at the peak. Goals: calc of a CSV at most 3 × Polars' bare scan → sink
of the same file and 2 × the rule by hand in DuckDB; of 10,000,000 rows at most 4 × and 4 GB; of a workbook 1.2 × the library
beneath; the audit of 1,000,000 rows, with two findings on each, at most 15 seconds and 2 GB. The roster is made on the spot;
its people are numbers.
"""

import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from plot import draw

if TYPE_CHECKING:  # what this process holds counts as its children's peak: it holds next to nothing
    import polars as pl

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
FEW, MANY = 1_000_000, 10_000_000  # rows: a run of the fewer is told three times and the least counts
RUNS = 3
SIZES = (10_000, 100_000, FEW, MANY)
MAKE = "--make"
PLOT = Path(__file__).parents[2] / "docs" / "bench.svg"

COPY = "import polars; polars.scan_csv({source!r}).sink_csv({result!r})"
COPY_PARQUET = "import polars; polars.scan_parquet({source!r}).sink_parquet({result!r})"
READ = "import python_calamine; python_calamine.load_workbook({source!r}).get_sheet_by_index(0).to_python()"
# The transport subsidy by whoever has a clean roster and needs no reasons: who, where, once a year, and the cap.
RULE = """
import duckdb
duckdb.sql('''
    COPY (
        WITH typed AS (SELECT *, TRY_CAST(申请日期 AS DATE) AS 日, TRY_CAST(申请金额 AS DECIMAL(12, 2)) AS 元,
                              人员类别 IN ('脱贫户', '边缘易致贫户') AND 务工省份 NOT LIKE '山西%' AS 对象
                       FROM read_csv({source!r}, all_varchar = true)),
             turns AS (SELECT *, row_number() OVER (PARTITION BY 身份证号码, year(日), 对象 ORDER BY 序号::INT) AS 次 FROM typed)
        SELECT * EXCLUDE (日, 元, 对象, 次),
               CASE WHEN 日 IS NULL OR 元 IS NULL THEN '待补资料' WHEN 对象 AND 次 = 1 AND year(日) >= 2021 THEN '可发放'
                    ELSE '不符合' END AS 结果,
               CASE WHEN 对象 AND 次 = 1 AND year(日) >= 2021 THEN least(元, 800) END AS 核定金额
        FROM turns ORDER BY 序号::INT
    ) TO {result!r}
''')
"""


def roster(rows: int) -> "pl.DataFrame":
    """``rows`` rows of 14 columns: three categories, four provinces, twelve months; of many rows each person a dozen times."""
    import polars as pl

    i = pl.int_range(rows, dtype=pl.Int64)
    month, day = (i % 12 + 1).cast(pl.String).str.zfill(2), (i % 28 + 1).cast(pl.String).str.zfill(2)
    birth = pl.concat_str(
        pl.lit("140926"), (1960 + i % 40).cast(pl.String), month, day, (i // 12 % 1000).cast(pl.String).str.zfill(3)
    )
    total = sum(birth.str.slice(place, 1).cast(pl.Int64) * weight for place, weight in enumerate(WEIGHTS))
    check = pl.lit("10X98765432").str.slice(total % 11, 1)

    def pick(values: list[str], step: int) -> "pl.Expr":
        return (i // step % len(values)).replace_strict(dict(enumerate(values)), return_dtype=pl.String)

    return pl.select(
        序号=i + 1,
        乡镇=pl.lit("示例镇"),
        行政村=pl.format("示例{}村", i % 40),
        户主姓名=pick(list("赵钱孙李周吴郑王冯陈"), 1) + pick(["演甲", "演乙", "演丙", "演丁", "演戊"], 10),
        姓名=pick(list("赵钱孙李周吴郑王冯陈"), 1) + pick(["演甲", "演乙", "演丙", "演丁", "演戊"], 10),
        性别=pick(["男", "女"], 12),
        身份证号码=birth + check,
        与户主关系=pick(["本人", "配偶", "之子"], 5),
        人员类别=pick(["脱贫户", "边缘易致贫户", "一般农户"], 7),
        务工省份=pick(["广东省", "山西省", "北京市", "浙江"], 11),
        务工单位=pl.format("示例电子厂{}", i % 300),
        申请日期=pl.concat_str(pl.lit("2021-"), month, pl.lit("-"), day),
        申请金额=pick(["800", "300", "500"], 3),
        联系电话=pl.format("199{}", (i % 100_000_000).cast(pl.String).str.zfill(8)),
    )


class Cost(NamedTuple):
    """Seconds of the processor, GB at the peak."""

    seconds: float
    peak: float


class Job(NamedTuple):
    """What is run on ``source``: Python's text, or words of ``jybf``; up to ``most`` rows, beside its ``floors``."""

    source: str
    run: str | tuple[str, ...]
    most: int = MANY
    floors: Mapping[str, float] = {}  # → how many times its cost is the goal


JOBS = {
    "抄一遍 csv": Job("csv", COPY),
    "手写 DuckDB": Job("csv", RULE),
    "calc csv": Job("csv", ("calc", "-f", "csv"), floors={"抄一遍 csv": 3, "手写 DuckDB": 2}),
    "抄一遍 parquet": Job("parquet", COPY_PARQUET),
    "calc parquet": Job("parquet", ("calc", "-f", "parquet"), floors={"抄一遍 parquet": 4}),
    "audit csv": Job("csv", ("audit", "-f", "csv"), FEW, {"抄一遍 csv": 20}),
    "读 xlsx": Job("xlsx", READ, FEW),
    "calc xlsx": Job("xlsx", ("calc", "-f", "csv"), FEW, {"读 xlsx": 1.2}),
}
DRAWN = ("抄一遍 csv", "手写 DuckDB", "calc csv", "calc xlsx", "audit csv")


def spent(*words: str, out: str = os.devnull) -> Cost:
    """What Python costs with ``words``; its stdout goes to ``out``, as of a redirected command. Only an audit may end with 1."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    files = [(os.POSIX_SPAWN_OPEN, stream, path, flags, 0o600) for stream, path in ((1, out), (2, os.devnull))]
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}  # users have it compiled
    child = os.posix_spawn(sys.executable, [sys.executable, *words], kept, file_actions=files)
    _, status, usage = os.wait4(child, 0)
    assert os.waitstatus_to_exitcode(status) <= ("audit" in words), words
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1e6)


def cost(job: Job, folder: Path, rows: int) -> Cost:
    """The least of a few runs: whatever else the machine does only ever adds."""
    source, result = str(folder / f"花名册.{job.source}"), str(folder / "结果")
    if isinstance(job.run, str):
        words = ("-c", job.run.format(source=source, result=result))
    else:
        command, *options = job.run
        words = ("-m", "jybf", command, source, "-r", "shanxi", "-q", *options)
    runs = [spent(*words, out=result) for _ in range(RUNS if rows <= FEW else 1)]
    return Cost(*map(min, zip(*runs, strict=True)))


def measured(rows: int) -> dict[str, Cost]:
    """Each job that is for so many rows, told as it ends."""
    told: dict[str, Cost] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        spent(__file__, MAKE, str(rows), name)
        for what, job in JOBS.items():
            if rows <= job.most:
                own = told[what] = cost(job, folder, rows)
                ratios = [f"{own.seconds / told[f].seconds:.1f} × {f}（目标 {goal:g}）" for f, goal in job.floors.items()]
                print(f"{rows:>9} 行 {what:<12} {own.seconds:7.2f} 秒 {own.peak:5.2f} GB  {'，'.join(ratios)}", flush=True)
    return told


def make(rows: int, folder: Path) -> None:
    """The roster in every format that a job reads."""
    from rustpy_xlsxwriter import FastExcel

    frame = roster(rows)
    frame.write_csv(folder / "花名册.csv")
    frame.write_parquet(folder / "花名册.parquet")
    if rows <= FEW:
        book = FastExcel(str(folder / "花名册.xlsx"))
        book.sheet("花名册", frame)
        book.save()


def main(*words: str) -> None:
    if words[:1] == (MAKE,):
        make(int(words[1]), Path(words[2]))
        return
    draws = words == ("--draw",)
    sizes = SIZES if draws else [int(word) for word in words] or [FEW]
    told = {rows: measured(rows) for rows in sizes}
    if draws:
        curves = {what: {rows: costs[what] for rows, costs in told.items() if what in costs} for what in DRAWN}
        PLOT.write_text(draw(curves), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
