"""How long ``jybf audit`` takes with lists to compare, as a multiple of the bare reading of the same files in the same run.

A roster of 100,000 rows; three lists of 1,000,000 rows each. Both sides are whole processes, from start to end.

    python tests/bench/lists.py [rows of the roster] [rows of a list]

The package is compiled first, as pip compiles what it installs. Once with the roster as a workbook, as townships send it, and once as CSV, which Polars reads in no time, so that the program's
own start is most of what is measured. Goal: at most 3 × the floor. The people are numbers.
"""

import compileall
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import polars as pl
from calc import READ
from openpyxl import Workbook

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
RUNS = 3
READ_CSV = "import polars; polars.read_csv({source!r}, infer_schema_length=0)"
AREAS = 40  # the first of them has the roster's people


def people(rows: int, first: int = 0) -> pl.DataFrame:
    """``rows`` different IDs with check digits from the ``first`` on, and the sex that they tell."""
    i = pl.int_range(first, first + rows, dtype=pl.Int64)
    month, day = (i % 12 + 1).cast(pl.String).str.zfill(2), (i // 12 % 28 + 1).cast(pl.String).str.zfill(2)
    serial = (i // 336 % 1000).cast(pl.String).str.zfill(3)
    year = 1960 + i // 336_000 % 40
    head = pl.concat_str(pl.lit("140926"), year.cast(pl.String), month, day, serial)
    total = sum(head.str.slice(place, 1).cast(pl.Int64) * weight for place, weight in enumerate(WEIGHTS))
    odd = head.str.slice(16, 1).cast(pl.Int64) % 2 == 1
    return pl.select(
        身份证号=head + pl.lit("10X98765432").str.slice(total % 11, 1),
        性别=pl.when(odd).then(pl.lit("男")).otherwise(pl.lit("女")),
        姓名=pl.format("示例{}", i % 9000),
        乡镇=pl.format("示例{}镇", i % AREAS),
    )


def roster(rows: int) -> pl.DataFrame:
    """Lawful claims of the transport subsidy, 14 columns."""
    i = pl.int_range(pl.len(), dtype=pl.Int64)
    return people(rows).select(
        序号=i + 1,
        乡镇="乡镇",
        行政村=pl.format("示例{}村", i % 40),
        姓名="姓名",
        性别="性别",
        身份证号="身份证号",
        人员类别=pl.lit("脱贫户"),
        务工省份=pl.lit("广东省"),
        务工单位=pl.format("示例电子厂{}", i % 300),
        申请日期=pl.format("2021-{}-{}", (i % 9 + 1).cast(pl.String).str.zfill(2), (i % 28 + 1).cast(pl.String).str.zfill(2)),
        申请金额=500 + i % 300,
        银行账号=pl.format("1409{}", (i + 10**12).cast(pl.String)),
        联系电话=pl.format("199{}", (i % 100_000_000).cast(pl.String).str.zfill(8)),
        备注=pl.lit(""),
    )


def lists(rows: int, known: int) -> dict[str, pl.DataFrame]:
    """Deaths and payroll of others, and the list that has everybody of the roster (``known``) and many more."""
    others = people(rows, known)
    i = pl.int_range(pl.len(), dtype=pl.Int64)
    day = pl.format("2020-{}-{}", (i % 12 + 1).cast(pl.String).str.zfill(2), (i % 28 + 1).cast(pl.String).str.zfill(2))
    return {
        "死亡": others.select("姓名", "身份证号", "性别", "乡镇", day.alias("死亡日期")),
        "财政供养": others.select("姓名", "身份证号", "乡镇", pl.lit("示例局").alias("单位名称"), pl.lit("科员").alias("职务")),
        "脱贫名单": people(rows).select("乡镇", "姓名", "身份证号", "性别", pl.lit("脱贫户").alias("人员类别")),
    }


def best(action) -> float:
    """The shortest of a few runs: the machine's own noise only ever adds."""
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> None:
    rows, long = (int(text) for text in (*sys.argv[1:], "100000", "1000000")[:2])
    compileall.compile_dir(Path(__file__).parents[2] / "jybf", quiet=1)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sources = [folder / "花名册.xlsx", folder / "花名册.csv"]
        roster(rows).write_csv(sources[1])
        write_workbook(roster(rows), sources[0])
        paths = {kind: folder / f"{kind}20211231.csv" for kind in ("死亡", "财政供养", "脱贫名单")}
        for kind, frame in lists(long, rows).items():
            frame.write_csv(paths[kind])
        for source in sources:
            print(measured(source, list(paths.items()), folder / "结果.csv"))


def write_workbook(frame: pl.DataFrame, path: Path) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("花名册")
    sheet.append(frame.columns)
    for row in frame.iter_rows():
        sheet.append(row)
    book.save(path)


def measured(source: Path, lists: list[tuple[str, Path]], result: Path) -> str:
    against = [word for kind, path in lists for word in ("--against", f"{kind}={path}")]
    command = [sys.executable, "-m", "jybf", "audit", source, "-r", "shanxi", "-q", "-f", "csv", *against]
    files = [str(path) for path in (source, *(path for _, path in lists))]
    reads = [(READ if name.endswith("xlsx") else READ_CSV).format(source=name) for name in files]

    def audit() -> None:
        with result.open("wb") as out:
            code = subprocess.run(command, check=False, stdout=out).returncode
        if code > 1:
            raise SystemExit(f"audit ended with {code}")

    floor = best(lambda: subprocess.run([sys.executable, "-c", "\n".join(reads)], check=True))
    whole = best(audit)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e6
    found = pl.read_csv(result, infer_schema=False).height
    size = sum(Path(path).stat().st_size for path in files) / 1e6
    return f"{source.name} 与名单 {size:.0f} MB：读一遍 {floor:.2f} 秒，audit {whole:.2f} 秒 = {whole / floor:.1f} 倍，内存 {peak:.2f} GB，发现 {found} 条"


if __name__ == "__main__":
    main()
