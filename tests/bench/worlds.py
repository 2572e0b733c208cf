"""Random worlds by the hundred: whatever of them the tests of the house do not try.

    python tests/bench/worlds.py [worlds a programme] [first seed] [programme or region]

Each fault is told with the seed that makes its world; how many worlds there were stands at the end. A region's own world has
rows of all its programmes.
"""

import sys
import tempfile
from collections import Counter
from pathlib import Path

from jybf.commands import own_pack
from tests.laws.test_cells import PROGRAMS
from tests.laws.test_worlds import LOAD, faults
from tests.laws.worlds import PACKS, world

CLAIMS, OF_EACH = 10, 3  # of one programme, and of each where a world has all of a region
ALONE = {f"{region} {program.id}": (region, [program], CLAIMS) for region, program in PROGRAMS}
ALL = {region: (region, [p for name, p in PROGRAMS if name == region], OF_EACH) for region in PACKS}


def main(many: int = 20, first: int = 0, only: str = "") -> None:
    own_pack.load_pack = LOAD
    tried, wrong = 0, Counter[str]()
    for seed in range(first, first + many):
        for name, (region, programs, claims) in {**ALONE, **ALL}.items():
            if only not in name:
                continue
            tried += 1
            with tempfile.TemporaryDirectory() as folder:
                for fault in faults(Path(folder), world(region, programs, seed, claims), seed):
                    wrong[f"{name}: {fault.split()[0]}"] += 1
                    print(f"{name} seed {seed}: {fault}", flush=True)
    print(f"{tried} worlds", dict(wrong))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]), *sys.argv[3:4])
