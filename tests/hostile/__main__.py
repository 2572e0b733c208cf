"""Make the corpus, run it and print a table: ``python -m tests.hostile [folder] [words of a name or group]``.

With a folder the files stay there, each in its own, beside ``expectations.tsv``.
"""

import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.hostile import run
from tests.hostile.corpus import CASES


def _one(case, folder):
    folder.mkdir(parents=True)
    with run.place(folder) as where:
        begun = time.perf_counter()
        done = run.calc(case, where)
        wrong = run.faults(case, done, where)
        if not wrong and case.expect.cells and done.code != 3:
            missed = set(case.expect.cells) - (named := run.audit_cells(case, where))
            wrong += [f"audit does not name {sorted(missed)} (but {sorted(named)})"] if missed else []
    return case, done, wrong, time.perf_counter() - begun - done.seconds


def main(folder="", words=""):
    """Print a line a case and the sums."""
    chosen = [(n, c) for n, c in enumerate(CASES, 1) if words in c.name or words in c.group]
    with tempfile.TemporaryDirectory() as temporary, ThreadPoolExecutor(2) as pool:
        home = Path(folder or temporary)
        results = list(pool.map(lambda nc: _one(nc[1], home / f"{nc[0]:03}"), chosen))
    print("class | file | expected | exit | s | cpu s | MB | ok")
    for case, done, wrong, _ in results:
        print(
            f"{case.group} | {case.name} | {case.expect.kind} | {done.code} | {done.seconds:.1f} | {done.cpu:.1f} | {done.memory / 1e6:.0f} | {'; '.join(wrong) or 'ok'}"
        )
    bad = sum(bool(wrong) for _, _, wrong, _ in results)
    print(
        f"{len(results)} files, {bad} not as expected; slowest {max(d.seconds for _, d, _, _ in results):.1f} s, most memory {max(d.memory for _, d, _, _ in results) / 1e6:.0f} MB"
    )
    if folder:
        lines = [f"{n:03}/work/{c.file}\t{c.group}\t{c.name}\t{c.expect}" for n, c in chosen]
        (home / "expectations.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
