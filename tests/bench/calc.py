"""How long ``jybf calc`` takes on a million rows, as a multiple of Polars' bare scan → sink of the same CSV in the same run.

Both are whole processes, from start to end.

    python tests/bench/calc.py [rows]

Goal: at most 4 × the floor and 3 GB. The roster is made on the spot; its people are numbers.
"""

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import polars as pl

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
RUNS = 3


def roster(rows: int) -> pl.DataFrame:
    """``rows`` rows of 14 columns: four categories, four provinces, twelve months, each person once."""
    i = pl.int_range(rows, dtype=pl.Int64)
    month, day = (i % 12 + 1).cast(pl.String).str.zfill(2), (i % 28 + 1).cast(pl.String).str.zfill(2)
    birth = pl.concat_str(
        pl.lit("140926"), (1960 + i % 40).cast(pl.String), month, day, (i // 12 % 1000).cast(pl.String).str.zfill(3)
    )
    total = sum(birth.str.slice(place, 1).cast(pl.Int64) * weight for place, weight in enumerate(WEIGHTS))
    check = pl.lit("10X98765432").str.slice(total % 11, 1)

    def pick(values: list[str], step: int) -> pl.Expr:
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


def best(action) -> float:
    """The shortest of a few runs: the machine's own noise only ever adds."""
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source, copy, result = folder / "花名册.csv", folder / "抄本.csv", folder / "结果.csv"

        def calc() -> None:
            """Into a pipe or a redirected file, as the floor: ``-o`` would add the disk's own time for the fsync."""
            with result.open("wb") as out:
                subprocess.run(command, check=True, stdout=out)

        roster(rows).write_csv(source)
        command = [sys.executable, "-m", "jybf", "calc", source, "-r", "shanxi", "-q", "-f", "csv"]
        bare = f"import polars; polars.scan_csv({str(source)!r}).sink_csv({str(copy)!r})"
        floor = best(lambda: subprocess.run([sys.executable, "-c", bare], check=True))
        whole = best(calc)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e6
        print(
            f"{rows} 行 {source.stat().st_size / 1e6:.0f} MB：抄一遍 {floor:.2f} 秒，calc {whole:.2f} 秒 = {whole / floor:.1f} 倍，内存 {peak:.2f} GB"
        )


if __name__ == "__main__":
    main()
