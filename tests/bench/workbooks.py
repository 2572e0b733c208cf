"""How long workbooks take to write, as a multiple of the same run to CSV: whole processes, seconds of the processor.

    python tests/bench/workbooks.py [rows of calc] [rows of the audit]

Goals: calc of 100,000 rows to xlsx at most 2 × CSV and 0.6 GB, of 1,000,000 at most 3 × and 1.5 GB; the audit of 30,000 rows
with a finding or two on each at most 12 seconds. The rosters are made on the spot; their people are numbers.
"""

import sys
import tempfile
from pathlib import Path

import polars as pl
from calc import roster, spent

CALC, AUDIT = 100_000, 30_000


def compared(what: str, command: str, frame: pl.DataFrame, folder: Path) -> None:
    source = folder / "花名册.csv"
    frame.write_csv(source)
    told = {
        form: spent("-m", "jybf", command, str(source), "-r", "shanxi", "-o", str(folder / f"结果.{form}"))
        for form in ("csv", "xlsx")
    }
    (floor, _), (whole, peak) = told["csv"], told["xlsx"]
    print(f"{what}：csv {floor:.1f} 秒，xlsx {whole:.1f} 秒 = {whole / floor:.1f} 倍，内存 {peak:.2f} GB")


def main() -> None:
    rows = [int(text) for text in sys.argv[1:]] + [CALC, AUDIT][len(sys.argv) - 1 :]
    with tempfile.TemporaryDirectory() as folder:
        compared(f"calc {rows[0]} 行", "calc", roster(rows[0]), Path(folder))
        compared(f"audit {rows[1]} 行", "audit", roster(rows[1]), Path(folder))


if __name__ == "__main__":
    main()
