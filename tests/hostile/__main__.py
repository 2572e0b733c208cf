"""Make the corpus, run it and print a table: ``python -m tests.hostile [words] [--keep folder]``."""

import argparse
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.hostile import run
from tests.hostile.corpus import CASES


def _one(case, folder):
    folder.mkdir(parents=True)
    with run.place(folder) as where:
        case.write(where)
        done = run.apart(case, where)
        wrong = run.faults(case, done, where)
        if case.expect.cells and done.code in (0, 1) and (missed := run.unnamed(case, run.apart(case, where, "audit"))):
            wrong.append(f"audit does not name {missed}")
    return case, done, wrong


def _arguments():
    parser = argparse.ArgumentParser(
        prog="python -m tests.hostile", description="Make the hostile files, run the program on each, print a table."
    )
    parser.add_argument("words", nargs="?", default="", help="only the cases with these words in their name or class")
    parser.add_argument(
        "--keep", type=Path, metavar="FOLDER", help="leave the files in this new folder, with a list of what each must get"
    )
    return parser.parse_args()


def main():
    """Print a line a case and the sums."""
    asked = _arguments()
    chosen = [(n, c) for n, c in enumerate(CASES, 1) if asked.words in c.name or asked.words in c.group]
    print("class | file | expected | exit | s | cpu s | MB | ok")
    results = []
    with tempfile.TemporaryDirectory() as temporary, ThreadPoolExecutor(2) as pool:
        home = (asked.keep or Path(temporary)).resolve()
        for case, done, wrong in pool.map(lambda nc: _one(nc[1], home / f"{nc[0]:03}"), chosen):
            figures = f"{done.code} | {done.seconds:.1f} | {done.cpu:.1f} | {done.memory / 1e6:.0f}"
            print(f"{case.group} | {case.name} | {case.expect.kind} | {figures} | {'; '.join(wrong) or 'ok'}", flush=True)
            results.append((case, done, wrong))
    bad = sum(bool(wrong) for _, _, wrong in results)
    print(
        f"{len(results)} files, {bad} not as expected; slowest {max(d.seconds for _, d, _ in results):.1f} s, most memory {max(d.memory for _, d, _ in results) / 1e6:.0f} MB"
    )
    if asked.keep:
        lines = [f"{n:03}/work/{c.file}\t{c.group}\t{c.name}\t{c.expect}" for n, c in chosen]
        (home / "expectations.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main())
