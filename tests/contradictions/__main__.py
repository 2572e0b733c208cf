"""python -m tests.contradictions [first seed] [last seed] [part of a name]: every contradiction on each of its forms."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.contradictions.run import COUNTY, EVERY, run

first, last, only = (*sys.argv[1:], *("1", "3", "")[len(sys.argv) - 1 :])
for seed in range(int(first), int(last) + 1):
    for law in COUNTY:
        for kind in dict.fromkeys(case.kind for case in EVERY):
            with TemporaryDirectory() as folder:
                wrong = run(Path(folder), law, (kind,), seed, only=only)
            print(seed, law, kind, len(wrong), *wrong, sep="\n  ")
