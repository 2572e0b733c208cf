"""How long a command takes on a roster of twelve rows, beside ``import polars``: whole processes, medians of five.

    python tests/bench/start.py

Goal: above ``python -c pass``, ``jybf calc`` on a small xlsx takes at most twice what ``import polars`` takes. Run ``make`` first:
without compiled rules (``python -m jybf.commands.compile_rules``) a pack is parsed anew. The roster is made on the spot.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import polars as pl
from calc import roster
from openpyxl import Workbook

RUNS, ROWS = 5, 12
JYBF = ("-m", "jybf")


def xlsx(frame: pl.DataFrame, path: Path) -> None:
    book = Workbook()
    for row in (frame.columns, *frame.rows()):
        book.active.append(row)
    book.save(path)


def seconds(arguments: tuple[str, ...], environment: dict[str, str]) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True, env=environment)
    return time.perf_counter() - start


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        book, text = Path(name, "花名册.xlsx"), Path(name, "花名册.csv")
        xlsx(roster(ROWS), book)
        roster(ROWS).write_csv(text)
        commands = {
            "python -c pass": ("-c", "pass"),
            "import polars": ("-c", "import polars"),
            "jybf --help": (*JYBF, "--help"),
            "jybf rules list": (*JYBF, "rules", "list"),
            "jybf explain JY5": (*JYBF, "explain", "JY5"),
            "jybf explain JY506": (*JYBF, "explain", "JY506"),
            "jybf calc 12 行 csv": (*JYBF, "calc", str(text), "-r", "shanxi", "-f", "csv"),
            "jybf calc 12 行 xlsx": (*JYBF, "calc", str(book), "-r", "shanxi", "-f", "csv"),
        }
        # Bytecode as an installed program has it, whatever the environment says.
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(Path(name, "bytecode"))}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        rounds = [{told: seconds(command, environment) for told, command in commands.items()} for _ in range(RUNS + 1)]
        median = {told: statistics.median(each[told] for each in rounds[1:]) for told in commands}
        least, most = median["python -c pass"], median["import polars"]
        for told, time_ in median.items():
            print(f"{told:<24}{time_ * 1000:6.0f} 毫秒  {(time_ - least) / (most - least):5.2f} × import polars")


if __name__ == "__main__":
    main()
