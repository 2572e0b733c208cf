"""The process that reads xls, xlsb and ods: a request and a workbook on stdin, its cells on stdout.

Started by its path and on its own (it imports nothing of this package), because a hostile workbook can make the libraries
panic, abort, never end or take all memory: here that costs this process and nothing else.

stdin: one line of JSON ({"ceiling"}), then the workbook. stdout: the byte "." when ready, then one frame a sheet:
length of head and body (two 32-bit integers, little endian), head as JSON, body (JSON).
The last frame has the head {"end": true}, or {"error", "password"}.
"""

import io
import json
import os
import struct
import sys
from datetime import datetime, time
from typing import Any

_FRAME = struct.Struct("<II")
_WIDEST, _MOST_CELLS = 702, 20_000_000


def main() -> None:
    """Read one workbook and send what is in it."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not get between the frames
    request = json.loads(sys.stdin.buffer.readline())
    _limit(request["ceiling"])
    try:
        _read(out)
    except BaseException as error:  # noqa: BLE001 - a panic is no Exception; the parent says what happened
        said = str(error).splitlines() or [""]
        _send(out, {"error": f"{type(error).__name__}: {said[0]}"[:300], "password": "Password" in type(error).__name__})
    else:
        _send(out, {"end": True})
    out.close()
    os._exit(0)  # the memory goes all at once, not object by object


def _limit(ceiling: int) -> None:
    try:
        import resource
    except ImportError:  # Windows: the parent watches
        return
    resource.setrlimit(resource.RLIMIT_DATA, (ceiling, ceiling))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _send(out: io.BufferedWriter, head: dict[str, Any], body: bytes = b"") -> None:
    text = json.dumps(head).encode()
    out.write(_FRAME.pack(len(text), len(body)) + text)
    out.write(body)
    out.flush()


def _read(out: io.BufferedWriter) -> None:
    """Every cell as text, and which of them are numbers."""
    import python_calamine as calamine

    out.write(b".")
    out.flush()
    workbook = calamine.CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
    for place, about in enumerate(workbook.sheets_metadata):
        if about.typ != calamine.SheetTypeEnum.WorkSheet:
            _send(out, {"name": about.name, "place": place, "cells": False})
            continue
        sheet = workbook.get_sheet_by_name(about.name)
        if sheet.total_width > _WIDEST or sheet.total_width * sheet.total_height > _MOST_CELLS:
            raise ValueError(f"{about.name}: {sheet.total_height} rows x {sheet.total_width} columns is no roster")
        rows = sheet.to_python(skip_empty_area=False)
        width = len(rows[0]) if rows else 0
        columns = [[_text(row[c]) for row in rows] for c in range(width)]
        numbers = [[line for line, row in enumerate(rows) if type(row[c]) in (float, int)] for c in range(width)]
        merged = sheet.merged_cell_ranges
        visible = about.visible == calamine.SheetVisibleEnum.Visible
        head = {"name": about.name, "place": place, "visible": visible, "merged": merged, "cells": True}
        _send(out, head, json.dumps({"columns": columns, "numbers": numbers}).encode())


def _text(value: object) -> str | None:
    if isinstance(value, str):
        return value or None
    if isinstance(value, float):
        return f"{value:.15G}"  # a spreadsheet keeps 15 digits: an 18-digit ID turns into E notation, as it should
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime) and value.time() == time():
        return str(value.date())
    return str(value)


if __name__ == "__main__":
    main()
