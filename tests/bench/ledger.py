"""How long one batch takes to book, as a multiple of ``executemany`` of the same rows in one transaction in the same run.

    python tests/bench/ledger.py [payments]

100,000 payments of posts by the month: each claims its month, every other one a place in a quota too. Booking works out what
is still to be had, hashes every payment and writes it all; the floor is plain sqlite3, the same rows into the same tables.
CPU time of this process, the least of several turns. Goal: at most 5 × the floor.
"""

import gc
import sqlite3
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from jybf.ledger import schema
from jybf.ledger.booking import Draft, as_json, book
from jybf.ledger.claims import COLUMNS
from jybf.ledger.events import Act
from jybf.ledger.store import create_ledger, open_ledger, writing

RUNS = 3
PROGRAM = "公益性岗位补贴"
SAID = {
    "补贴项目": PROGRAM, "单位": "示例县示例乡人民政府", "乡镇": "示例乡", "行政村": "示例村", "开户银行": "示例农村信用社",
    "资金": "衔接推进乡村振兴补助资金", "文件": "示例乡_公益性岗位台账_202101.xlsx", "工作表": "台账",
}  # fmt: skip


def drafted(rows: int) -> Draft:
    i = pl.int_range(rows, dtype=pl.Int64, eager=True)
    number = pl.format("1409261985{}", i.cast(pl.String).str.zfill(8))
    people = {"姓名": pl.format("示例{}", i), "收款人": pl.format("示例{}", i), "身份证号": number, "收款人证号": number}
    more = {
        "账号": pl.format("6210{}", i.cast(pl.String).str.zfill(15)),
        "电话": pl.format("139{}", i.cast(pl.String).str.zfill(8)),
    }
    payments = pl.select(_line=i + 1).with_columns(
        **{name: pl.lit(text) for name, text in SAID.items()}, **people, **more, 行号=i + 4, 年度=pl.lit(2021, pl.Int64), 数量=pl.lit(1, pl.Int64),
        fen=pl.lit(80_000, pl.Int64), cells=pl.lit("0" * 64),
    )  # fmt: skip
    facts = [
        as_json(
            {"放行": "可发", **dict(zip(("姓名", "身份证号"), row, strict=True)), "补贴项目": PROGRAM, "本次可发": "800.00"}
        )
        for row in payments.select("姓名", "身份证号").iter_rows()
    ]
    payments = payments.with_columns(pl.Series("facts", facts)).select(
        "_line", *schema.SAID, "行号", "年度", "数量", "fen", "facts", "cells"
    )
    key = pl.format("身份证号={}", "身份证号")
    months = payments.select(
        "_line",
        kind=pl.lit("按月"),
        program=pl.lit(PROGRAM),
        key=key,
        slot=pl.lit(202101, pl.Int64),
        count=pl.lit(1, pl.Int64),
        holder=pl.lit(""),
    )
    quota = months.filter(pl.col("_line") % 2 == 0).with_columns(kind=pl.lit("限额"), slot=pl.lit(None, pl.Int64))
    claims = pl.concat([months, quota]).sort("_line", maintain_order=True).select(*COLUMNS).cast(dict(COLUMNS))
    return Draft(schema.APPROVED, "0" * 64, "xinjiang", "0" * 64, {"输入": "示例"}, payments, claims, {PROGRAM: 6})


def timed(action) -> float:
    gc.collect()
    start = time.process_time()
    action()
    return time.process_time() - start


def booking(draft: Draft, path: Path) -> float:
    path.unlink(missing_ok=True)
    ledger = create_ledger(str(path))[0]

    def run() -> None:
        with writing(ledger) as connection:
            assert book(connection, draft, Act("示例", datetime(2026, 1, 1, tzinfo=UTC))).rows == draft.payments.height

    return timed(run)


def rows_of(path: Path) -> dict[str, list[tuple]]:
    with sqlite3.connect(path) as connection:
        names = [table.name for table in schema.TABLES if table.name != "version"]
        return {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in names}


def bare(rows: dict[str, list[tuple]], path: Path) -> float:
    path.unlink(missing_ok=True)
    create_ledger(str(path))

    def run() -> None:
        connection = sqlite3.connect(path)
        for name, those in rows.items():
            if those:
                connection.executemany(f"INSERT INTO {name} VALUES ({','.join('?' * len(those[0]))})", those)
        connection.commit()
        connection.close()

    return timed(run)


def main() -> None:
    size = int([*sys.argv[1:], "100000"][0])
    draft, times, floors = drafted(size), list[float](), list[float]()
    with tempfile.TemporaryDirectory() as name:
        ledger, plain = Path(name, "账本.db"), Path(name, "光写.db")
        for _ in range(RUNS):
            times.append(booking(draft, ledger))
            floors.append(bare(rows_of(ledger), plain))
        open_ledger(str(ledger))
    whole, floor = min(times), min(floors)
    print(f"{size} 笔一批：光写 {floor:.2f} 秒，记账 {whole:.2f} 秒 = {whole / floor:.1f} 倍")


if __name__ == "__main__":
    main()
