"""Random worlds by the hundred: whatever of them the tests of the house do not try.

    python tests/bench/worlds.py [worlds a programme] [first seed] [programme or region]

Each fault is told with the seed that makes its world; how many worlds there were stands at the end.
"""

import sys
import tempfile
from collections import Counter
from pathlib import Path

from jybf.commands import opening
from tests.laws.test_cells import PROGRAMS
from tests.laws.test_worlds import LOAD, faults
from tests.laws.worlds import world

CLAIMS = 10


def main(many: int = 20, first: int = 0, only: str = "") -> None:
    opening.load_pack = LOAD
    tried, wrong = 0, Counter[str]()
    for seed in range(first, first + many):
        for region, program in PROGRAMS:
            if only not in (program.id, region, ""):
                continue
            tried += 1
            with tempfile.TemporaryDirectory() as folder:
                for fault in faults(Path(folder), world(region, [program], seed, CLAIMS), seed):
                    wrong[f"{region} {program.id}: {fault.split()[0]}"] += 1
                    print(f"{region} {program.id} seed {seed}: {fault}", flush=True)
    print(f"{tried} worlds", dict(wrong))


if __name__ == "__main__":
    numbers = [int(text) for text in sys.argv[1:3]]
    main(*numbers, *sys.argv[3:4])
