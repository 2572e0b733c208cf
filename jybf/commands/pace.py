"""What the stages of a run take on an ordinary machine, in seconds: good enough to say how long one has to wait."""

import contextlib
from collections.abc import Sequence
from pathlib import Path

_MILLION, _LARGE = 1_000_000, 5_000_000
ASSESS, DESCRIBE, AUDIT = 1.1, 0.5, 20.0  # a million rows
WRITE = {"csv": 1.0, "json": 3.0, "jsonl": 1.0, "parquet": 1.0, "table": 20.0, "html": 5.0, "xlsx": 8.0}
_ANNOTATE = 60.0  # by an audit's workbook, cell by cell
_BYTES = {".xlsx": 80, ".xlsm": 80, ".parquet": 30}  # of a row
_BYTES_OF_TEXT = 150
_READ, _READ_BOOK = 2.7, 20.0


def of_rows(stage: float, rows: int) -> float:
    """Seconds for ``rows`` of a stage that takes ``stage`` for a million."""
    return stage * rows / _MILLION


def writing(form: str, rows: int, *, annotated: bool = False) -> float:
    """Seconds to write so many rows; an ``annotated`` workbook is written cell by cell."""
    return of_rows(_ANNOTATE if annotated and form == "xlsx" else WRITE.get(form, 1.0), rows)


def reading(files: Sequence[str], then: float) -> tuple[float, float]:
    """Seconds to read ``files``, by their size, and to assess their rows and do with them what takes ``then`` for a million."""
    seconds = rows = 0.0
    for path in map(Path, files):
        suffix = path.suffix.lower()
        own = _size(path) / _BYTES.get(suffix, _BYTES_OF_TEXT)
        seconds += of_rows(_READ_BOOK if suffix in (".xlsx", ".xlsm", ".xls", ".ods") else _READ, int(own))
        rows += own
    return seconds, of_rows(ASSESS + then, int(rows))


def counted(rows: int) -> str:
    """How many rows, as a line of progress says it."""
    return f"{rows:,} 行"


def sized(path: str) -> str:
    """How large a file is, if reading it takes a while: （29 MB）."""
    size = _size(Path(path))
    return f"（{size // 1_000_000} MB）" if size >= _LARGE else ""


def _size(path: Path) -> int:
    with contextlib.suppress(OSError):
        return path.stat().st_size
    return 0
