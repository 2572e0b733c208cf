"""The forms of all programmes, filled in at random, by hand: what is meant is what calc reads.

    python tests/bench/forms.py [rows a form] [first seed] [seeds]

Each form is filled in by openpyxl and read; then opened and saved again by LibreOffice (where it is installed) and read. By
region: forms, rows, columns that nobody knows, cells that can't be read, verdicts that are other than meant.
"""

import sys
import tempfile
from pathlib import Path

from jybf.policy import pack_names
from tests.assess.test_completions import SPACES
from tests.forms import OFFICE, filled, judged, lawful, meant, resaved


def main(many: int = 50, first: int = 1, seeds: int = 3) -> None:
    for region, _ in pack_names():
        spaces = [space for name, space in SPACES.items() if name.startswith(f"{region} ")]
        for seed in range(first, first + seeds):
            pairs = {space.program.id: meant(space, lawful(space, many, seed)) for space in spaces}
            with tempfile.TemporaryDirectory() as folder:
                path = filled(Path(folder, "表.xlsx"), region, spaces, {name: rows for name, (rows, _) in pairs.items()})
                for how, file in (("openpyxl", path), ("LibreOffice", resaved(path) if OFFICE else None)):
                    if file:
                        faults, found = judged(file, spaces)
                        other = [name for name, (_, verdicts) in pairs.items() if found[name] != verdicts]
                        print(
                            region,
                            how,
                            f"seed {seed}:",
                            len(spaces),
                            "forms",
                            many * len(spaces),
                            "rows",
                            faults,
                            other,
                            flush=True,
                        )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]))
