"""A result in parts, one file each: by township, village or employer. All of them whole, or none."""

import os
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain, count
from pathlib import Path
from typing import BinaryIO

import polars as pl

from jybf.errors import OutputError, Problem
from jybf.model import LINE, SHEET, Sheet
from jybf.report.output import replacing_all
from jybf.visible import covered
from jybf.vocabulary.keys import VILLAGE
from jybf.vocabulary.roles import EMPLOYER

BY: Mapping[str, Sequence[str]] = {
    "乡镇": VILLAGE[:1],
    "单位": (*EMPLOYER, "单位"),
    "村": VILLAGE,
}  # and the columns that tell it
UNSAID, PART = "未写明", "部分"

_LONGEST = 150  # bytes of a name without its suffix, which a number may follow
_RISKY = '<>:"/\\|?*\x7f'  # what a system of files, or a shell, takes for something else
_LEADING = " .-~=+@＝＋－＠"  # a hidden file, an option, a formula where names are listed in a sheet
_DEVICES = frozenset({"CON", "PRN", "AUX", "NUL", *(f"{device}{n}" for device in ("COM", "LPT") for n in range(1, 10))})


def headings(rows: pl.DataFrame, by: str) -> pl.Series:
    """The part that each of ``rows`` belongs to; UNSAID where nothing tells it. A village goes by its township's name too."""
    told = [pl.col(name).cast(pl.String).str.strip_chars() for name in BY[by] if name in rows.columns]
    filled = [pl.when(text != "").then(text) for text in told]
    if by == "村":
        last = filled[-1] if BY[by][-1] in rows.columns else pl.lit(None, pl.String)
        part = pl.when(last.is_not_null()).then(pl.concat_str(filled or [last], separator="_", ignore_nulls=True))
    else:
        part = pl.coalesce(*filled, pl.lit(None, pl.String))
    return rows.with_columns(part.fill_null(UNSAID).alias(PART))[PART]


def heading_of(frame: pl.DataFrame, rows: pl.DataFrame, sheets: Sequence[Sheet], by: str) -> pl.Series:
    """As ``headings``, of the lines of a result, which say in which of ``sheets`` and on which of its ``rows`` they are."""
    files = [(sheet.index, sheet.file, sheet.name) for sheet in sheets]
    named = pl.DataFrame(files, schema={SHEET: pl.Int64, "文件": pl.String, "工作表": pl.String}, orient="row")
    where = rows.select(pl.col(SHEET).cast(pl.Int64), LINE, headings(rows, by)).join(named, on=SHEET)
    place = ["文件", "工作表", LINE]
    told = frame.select(place).join(where.unique(place, keep="first"), on=place, how="left", maintain_order="left")
    return told[PART].fill_null(UNSAID)


def file_names(parts: Iterable[str], suffix: str) -> dict[str, str]:
    """Part → the name of its file: inert, no whole number of anybody's in it, and no two alike, also not in other letters."""
    names: dict[str, str] = {}
    used = set[str]()
    for part in sorted(parts, key=lambda one: one != UNSAID):  # a place that is called so gets another name
        stem = _safe(part)
        name = next(n for n in chain([stem], (f"{stem}（{k}）" for k in count(2))) if n.casefold() not in used)
        used.add(name.casefold())
        names[part] = name + suffix
    return names


def _safe(part: str) -> str:
    plain = "".join(
        "_" if c in _RISKY or unicodedata.category(c).startswith("C") else c for c in covered(part).replace("*", "x")
    )
    plain = " ".join(plain.split()).lstrip(_LEADING).rstrip(" .")
    while len(plain.encode()) > _LONGEST:
        plain = plain[:-1]
    return f"_{plain}" if plain.upper().partition(".")[0] in _DEVICES else plain or "_"


def write_parts(folder: Path, files: Mapping[str, Callable[[BinaryIO], object]], inputs: Sequence[str]) -> None:
    """Write each of ``files`` (name → what writes it) into ``folder``, which is made at need. OutputError: none is there."""
    read = {os.path.realpath(path) for path in inputs}
    if taken := [name for name in files if os.path.realpath(folder / name) in read]:
        raise OutputError(Problem("输出不能覆盖输入文件", "、".join(taken), "换一个文件夹"))
    with replacing_all(folder) as stage:
        for name, write in files.items():
            with (stage / name).open("wb") as out:
                write(out)
