"""Forms filled in with random rows, as a clerk would, and what calc makes of them beside what is meant."""

from __future__ import annotations

import random
import shutil
import subprocess
from itertools import count
from typing import TYPE_CHECKING, Any

import openpyxl
import polars as pl

from jybf.assess import assess
from jybf.audit.forms import columns_of
from jybf.commands.request import Delivery
from jybf.commands.template import template
from jybf.model import LINE, ROW, SHEET
from jybf.report.form_sheets import sheet_name
from jybf.roster import read
from jybf.vocabulary.facts import facts
from tests.assess.completions import judge
from tests.laws.cells import credit_code
from tests.roster.books import idno

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from tests.assess.completions import Space

_KEYS = {
    "身份证号": ("身份证号",),
    "统一社会信用代码": ("统一社会信用代码", "单位"),
    "户编号": ("户",),
}  # column → the cells of a space
_BLANK = 0.05  # of the cells
_OF_A_COUNTY = {"务工省", "务工市"}  # what the reader knows by the county, of which a row of places alone knows nothing
FIRST = 5  # the row below the example
OFFICE = shutil.which("soffice")


def filled(path: Path, region: str, spaces: Sequence[Space], rows: Mapping[str, pl.DataFrame]) -> Path:
    """The forms of ``region`` with ``rows`` (by programme, as places), written by openpyxl."""
    template([region, *(space.program.id for space in spaces)], "", Delivery(output=str(path), quiet=True), rows=100)
    book = openpyxl.load_workbook(path)
    numbers = count(1)  # nobody stands in two of the forms
    for space in spaces:
        sheet, columns = book[sheet_name(space.program.id)], columns_of(space.pack, space.program)
        for line, row in enumerate(rows[space.program.id].iter_rows(named=True), FIRST):
            number = next(numbers)
            for place, column in enumerate(columns, 1):
                sheet.cell(line, place).value = _value(space, column.field.name, row, number) or sheet.cell(line, place).value
    book.save(path)
    return path


def _value(space: Space, name: str, row: Mapping[str, int | None], number: int) -> Any:
    if name == "姓名":
        return None if space.program.tally else f"示例{chr(0x4E00 + number)}"
    if name in _KEYS and any(row.get(key) is not None for key in _KEYS[name]):
        own = {"身份证号": idno(f"140926{1960 + number % 40}{1 + number // 40 % 12:02}15{100 + number % 900}")}
        return (own | {"户编号": f"140926{number:06}"}).get(name, credit_code(number))
    if row.get(name) is None:
        return None
    first, *end = space.values[name].row(row[name])
    return _written(facts()[name].type, first, *end)


def _written(kind: str, value: Any, end: Any = None) -> Any:
    """As it is typed: days as days, figures as figures, a day that is not known as what is."""
    match kind:
        case "date" | "period" if value != end:
            return f"{value:%Y年}" if (end - value).days > 31 else f"{value:%Y-%m}"
        case "money":
            return value / 100
        case "rate":
            return f"{value / 10_000}%"
        case "bool":
            return "是" if value else "否"
    return value


def resaved(path: Path) -> Path:
    """``path`` opened and saved again by LibreOffice."""
    folder = path.parent / "resaved"
    home = f"-env:UserInstallation=file://{path.parent / 'office'}"
    command = [
        OFFICE or "soffice",
        home,
        "--headless",
        "--convert-to",
        "xlsx:Calc MS Excel 2007 XML",
        "--outdir",
        str(folder),
        str(path),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return folder / path.name


def lawful(space: Space, many: int, seed: int) -> pl.DataFrame:
    """``many`` rows of places, each that of an example which is paid, now and then with a blank."""
    rng = random.Random(seed)  # noqa: S311  reproducible, not secret
    kept = {*space.pack.defaults, *_OF_A_COUNTY}  # the defaults: without one the row may be another programme's
    rows = [{n: at for n, at in rng.choice(space.good).items() if n in kept or rng.random() > _BLANK} for _ in range(many)]
    return pl.DataFrame(rows, schema=dict.fromkeys(space.values, pl.Int16))


def meant(space: Space, rows: pl.DataFrame) -> tuple[pl.DataFrame, list[tuple[Any, ...]]]:
    """``rows`` as far as the form has columns for them, each with its own keys; and result and 分 of each."""
    names = {column.field.name for column in columns_of(space.pack, space.program)}
    blank = [pl.lit(None, pl.Int16).alias(name) for name in rows.columns if name not in names]
    own = [pl.lit(0, pl.Int16).alias(key) for name in names for key in _KEYS.get(name, ()) if key in rows.columns]
    kept = rows.with_columns(*blank).with_columns(*own)
    return kept, judge(space, kept).select("结果", "分").rows()


def judged(path: Path, spaces: Sequence[Space]) -> tuple[list[str], Mapping[str, list[tuple[Any, ...]]]]:
    """What is unknown or unreadable in the file; and by programme the verdicts of its rows."""
    roster = read([str(path)])
    faults = [name for sheet in roster.sheets for name in sheet.unknown]
    faults += [f"{name} {text}" for name, text in roster.problems.select("字段", "原文").iter_rows()]
    found = assess(roster, spaces[0].pack).rows.join(roster.rows.select(ROW, LINE, SHEET), on=ROW)
    by = {space.program.id: index for index, space in enumerate(spaces)}
    verdicts = {name: list[tuple[Any, ...]]() for name in by}
    ids = [program.id for program in spaces[0].pack.programs]
    for program, result, fen in found.sort(SHEET, LINE).select("项目", "结果", "分").iter_rows():
        verdicts.setdefault(ids[program], []).append((result, fen))
    return faults, verdicts
