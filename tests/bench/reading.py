"""How long `read` takes on 100,000 rows of a workbook, against what calamine takes for its cells alone.

Run it by hand: ``python tests/bench/reading.py [rows]``. Both are measured in the same run, in turn, best of five.
"""

import contextlib
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import python_calamine

from jybf.roster import read

HEADER = [
    "序号",
    "乡镇",
    "行政村",
    "户主姓名",
    "姓名",
    "性别",
    "身份证号码",
    "与户主关系",
    "人员类别",
    "务工省份",
    "务工单位",
    "申请日期",
    "申请金额",
    "联系电话",
]
CHECKS = "10X98765432"
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def idno(number):
    """A sound ID of an invented person."""
    body = f"140224{date(1960, 1, 1) + timedelta(days=number * 37 % 14000):%Y%m%d}{number % 1000:03d}"
    return body + CHECKS[sum(int(c) * w for c, w in zip(body, WEIGHTS, strict=True)) % 11]


def row(i):
    """One person."""
    home = ("某某镇", f"东村{i % 40}", f"张三{i % 1000}", f"张三{i % 1000}", "男女"[i % 2], idno(i))
    work = (("脱贫户", "边缘易致贫户", "一般农户")[i % 3], ("广东省", "北京市", "浙江")[i % 3], f"某某电子厂{i % 300}")
    return (i + 1, *home, "本人", *work, date(2021, i % 12 + 1, i % 28 + 1), (800, 500, 300)[i % 3], f"139{i:08d}")


def write(path, count):
    """Write the workbook, row by row."""
    workbook = openpyxl.Workbook(write_only=True)
    sheet = workbook.create_sheet("花名册")
    sheet.append(["某县2021年跨省务工交通补助花名册"])
    sheet.append(HEADER)
    for i in range(count):
        sheet.append(row(i))
    workbook.save(path)


def seconds(work):
    """How long ``work`` takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main(count):
    """Print both times and their ratio."""
    with tempfile.TemporaryDirectory() as folder, contextlib.suppress(KeyboardInterrupt):
        path = str(Path(folder) / "花名册.xlsx")
        write(path, count)
        beneath = lambda: python_calamine.load_workbook(path).get_sheet_by_index(0).to_python()  # noqa: E731
        times = [(seconds(beneath), seconds(lambda: read([path]))) for _ in range(5)]
        alone, whole = (min(column) for column in zip(*times, strict=True))
        print(f"{count} rows: calamine {alone:.2f} s, read {whole:.2f} s, ratio {whole / alone:.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
