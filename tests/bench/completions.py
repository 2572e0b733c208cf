"""Rows with blanks by the ten thousand, and all that they may turn out to be, by hand.

    python tests/bench/completions.py [rows a programme] [programme or region] [first seed]

By programme: rows, fillings of one cell, and what the laws of tests/assess/test_completions.py found, told by kind. A law is
broken where a kind is ""; an example of each stands below.
"""

import sys
from collections import Counter
from itertools import chain
from time import process_time

import polars as pl

from tests.assess.completions import Space, broken, judge, random_rows, said, unneeded
from tests.assess.test_completions import SPACES

CHUNK = 1_000  # rows a run
WAYS = 4  # in which each blank of a row is filled by itself, of its twenty or so: in each run others
VAIN = 50  # rows a programme of which it is sought what they are asked for in vain


def main(rows: int = 20_000, only: str = "", first: int = 1) -> None:
    totals, told, started = Counter[str](), Counter[str](), process_time()
    for name, space in SPACES.items():
        if only not in name:
            continue
        found, begun, shown = Counter[str](), process_time(), set[str]()
        for seed in range(first, first + -(-rows // CHUNK)):
            places = random_rows(space, CHUNK, seed)
            judged = judge(space, places)
            few = VAIN if seed == 1 else 0
            vain = unneeded(space, places[:few], judged[:few], seed, found)
            for law, kind, cell, example in chain(broken(space, places, judged, seed, found, WAYS), vain):
                told[f"{law} {kind}: {cell}"] += 1
                if kind == "" and law + cell not in shown:
                    shown.add(law + cell)
                    _show(space, law, cell, example)
        totals += found
        print(name, dict(found), f"{process_time() - begun:.0f} s", flush=True)
    print(len(SPACES), "programmes", dict(totals), f"{process_time() - started:.0f} s")
    for kind, count in told.most_common():
        print(f"{count:9} {kind}")


def _show(space: Space, law: str, what: str, rows: pl.DataFrame) -> None:
    print(f"  {law}: {what}")
    for row, words in zip(rows.iter_rows(named=True), said(space, rows).iter_rows(), strict=True):
        cells = {name: space.values[name].row(at) for name, at in row.items() if at is not None}
        print("    ", {name: "..".join(map(str, dict.fromkeys(value))) for name, value in cells.items()})
        print("    ", words)


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 20_000, *sys.argv[2:3], *map(int, sys.argv[3:4]))
