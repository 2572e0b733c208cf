"""Sheets built anew where the user's own workbook can't be copied: the cells as text, at their own rows and columns."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import PurePath

import polars as pl
from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from jybf.errors import InputError
from jybf.model import Report, Sheet
from jybf.report.ends import WIDTHS, needed_height
from jybf.report.layout import LINE_HEIGHT, MONEY_FORMAT, Table, clean_text
from jybf.report.marks import CLEAR, COLOURS, VERDICTS, Mark, Marked, Outcome
from jybf.report.plain import masked
from jybf.report.sheets import HEAD, AnySheet, Stencil, printable, safe, safe_text, styled
from jybf.report.tints import FILLS, note
from jybf.roster.flat import flat
from jybf.roster.grid import Grid
from jybf.roster.own import ADDED
from jybf.roster.source import Source
from jybf.roster.workbook import read_workbook
from jybf.visible import covered, sentence

MOST_CELLS = 30_000_000  # 1,000,000 rows of 30 columns
_TITLE_LENGTH = 31  # characters of a sheet's name
_ENCODINGS = (None, "utf-8", "gb18030", "big5", "utf-16")
_NAMES = ("姓名", "单位名称", "户主姓名")
_TEXT = {"number_format": "@", "alignment": Alignment(vertical="center")}
_MONEY = {"number_format": MONEY_FORMAT, "alignment": Alignment(vertical="center")}
_WORDS = {"alignment": Alignment(vertical="center", wrap_text=True)}
_MIDDLE = {"alignment": Alignment("center", "center")}
_HEADING = {"font": Font(bold=True)}


def read_again(report: Report, sources: Mapping[str, Source | None]) -> tuple[dict[int, Grid], list[str]]:
    """The cells of each sheet that was read, by its index, and why those of others are left out."""
    grids: dict[int, Grid] = {}
    said: list[str] = []
    for file, source in sources.items():
        sheets = [sheet for sheet in report.roster.sheets if sheet.file == file] if report.roster else []
        if source is None:
            said.append(f"{file}：不能再读一遍，没有附原表，只有问题清单")
            continue
        own = {sheet.index: grid for sheet, grid in _pairs(source, sheets, report)}
        size = sum(grid.cells.width * grid.cells.height for grid in own.values())
        if len(own) < len(sheets):
            said.append(f"{file}：原表没有能再读一遍，没有附上，只有问题清单")
        elif size > MOST_CELLS:
            said.append(f"{file}：原表超过 {MOST_CELLS // 10_000} 万格，没有附上，请按问题清单的“单元格”到原件里找")
        else:
            grids |= own
    return grids, said


def as_table(title: str, grid: Grid, marked: Marked, *, mask: bool) -> Table:
    """The cells of ``grid`` as a list with a verdict at the end of each data row, below the lines above its header."""
    cells = masked(grid.cells) if mask else grid.cells
    line = marked.sheet.header_line
    above = ["　".join(cell for cell in row if cell) for row in cells.head(line - 1).iter_rows()]
    names = _named([*(cell or "" for cell in cells.row(line - 1)), *ADDED])
    body = cells.slice(line)
    ends = [marked.outcomes.get(number) for number in range(line + 1, line + 1 + body.height)]
    added = {
        names[-3]: pl.Series([VERDICTS[end.rank] if end else None for end in ends], dtype=pl.String),
        names[-2]: pl.Series([end.words if end else None for end in ends], dtype=pl.String),
        names[-1]: pl.Series([end.yuan if end else None for end in ends], dtype=pl.Decimal(20, 2)),
    }
    body.columns = names[:-3]
    tints = {names[-3]: dict[str, str](zip(VERDICTS, COLOURS, strict=False))}
    money = frozenset(names[-1:])
    rows = body.with_columns(**added)
    return Table(title, names, rows, money, money, [*_widths(cells, marked), *WIDTHS], tints, above=above)


def _named(heads: Sequence[str]) -> list[str]:
    """``heads`` with blanks at the end of those that are there twice: a list knows its columns by name."""
    names: list[str] = []
    for head in heads:
        name = clean_text(head) or " "
        while name in names:
            name += " "
        names.append(name)
    return names


def titles(sheets: Sequence[Sheet], taken: Iterable[str], *, mask: bool) -> dict[int, str]:
    """A name for each sheet that no other has, also not in other letters; with that of its file if there are several."""
    several = len({sheet.file for sheet in sheets}) > 1
    used = {name.lower() for name in taken}
    names: dict[int, str] = {}
    for sheet in sheets:
        stem = PurePath(sheet.file).stem
        wish = f"{stem}_{sheet.name}" if several and sheet.name else sheet.name or stem
        names[sheet.index] = free(covered(wish) if mask else wish, used)
        used.add(names[sheet.index].lower())
    return names


def free(wish: str, used: Iterable[str]) -> str:
    """``wish`` as a sheet's name that is not among ``used`` (in small letters), with a number if it must be."""
    plain = "".join("_" if c in "[]:*?/\\" or ord(c) < 32 else c for c in wish).strip("'") or "表"
    names = (plain[: _TITLE_LENGTH - 5] + f"（{n}）" if n > 1 else plain[:_TITLE_LENGTH] for n in range(1, 10_000))
    return next(name for name in names if name.lower() not in set(used))


def rebuild(workbook: Workbook, title: str, grid: Grid, marked: Marked, caution: str, *, mask: bool, notes: int) -> None:
    """One sheet with the cells of ``grid``, marked with at most ``notes`` notes, and a verdict at the end of each data row."""
    cells = safe(masked(grid.cells) if mask else grid.cells)
    sheet = printable(workbook, title, [*_widths(cells, marked), *WIDTHS])
    line, bottom = marked.sheet.header_line, max(marked.outcomes, default=marked.sheet.header_line)
    sheet.freeze_panes = f"A{line + 1}"
    sheet.print_title_rows = f"{line}:{line}"
    sheet.auto_filter.ref = f"A{line}:{get_column_letter(cells.width + len(ADDED))}{bottom}"
    _merge_titles(sheet, grid, line)
    by_line: dict[int, dict[int, Mark]] = {}
    told = set(islice(marked.marks, max(notes, 0)))
    for (row, column), mark in marked.marks.items():
        by_line.setdefault(row, {})[column] = mark
    columns = [Stencil(sheet, _TEXT, reused=True) for _ in range(cells.width)]
    heads, headings = Stencil(sheet, HEAD, reused=False), Stencil(sheet, _HEADING, reused=False)
    tinted = [Stencil(sheet, _TEXT | {"fill": fill}, reused=False) for fill in FILLS]
    ends = {rank: _ends(sheet, rank) for rank in range(len(VERDICTS))}
    for number, row in enumerate(cells.iter_rows(), 1):
        if number <= line:
            made = [(heads if number == line else headings).cell(value) for value in row]
            made += _heads(sheet, caution) if number == line else []
        else:
            made = [stencil.cell(value) for stencil, value in zip(columns, row, strict=True)]
            for column, mark in by_line.get(number, {}).items():
                made[column] = _marked(tinted[mark.rank], row[column], mark if (number, column) in told else None)
            if outcome := marked.outcomes.get(number):
                if (height := needed_height(outcome)) > LINE_HEIGHT:
                    sheet.row_dimensions[number].height = height
                made += _end(ends[outcome.rank], outcome)
        sheet.append(made)


def _pairs(source: Source, sheets: Sequence[Sheet], report: Report) -> list[tuple[Sheet, Grid]]:
    """Each sheet with its cells; a text in the encoding in which its names come out as they were read."""
    if source.kind != "text":
        wanted = sheets[0].name if len(sheets) == 1 else None
        for name in (wanted, None):
            with suppress(InputError):
                grids, *_ = read_workbook(source, name)
                named = {s.index: [g for g in grids if sentence(g.name) == s.name] for s in sheets}
                return [(s, named[s.index][0]) for s in sheets if len(named[s.index]) == 1]
        return []
    for encoding in _ENCODINGS:
        with suppress(InputError):
            grid, _ = flat(source, encoding).read()
            if _agrees(grid, sheets[0], report):
                return [(sheets[0], grid)]
    return []


def _agrees(grid: Grid, sheet: Sheet, report: Report) -> bool:
    """Whether the names in ``grid`` are those that were read."""
    if report.roster is None:
        return False
    rows = report.roster.rows.filter(pl.col("_sheet") == sheet.index)
    name = next((n for n in _NAMES if n in sheet.columns and n in rows.columns and rows[n].count()), None)
    if name is None:
        return True
    texts = grid.cells[str(sheet.columns[name])].gather(rows["行号"] - 1)
    return bool((texts.str.strip_chars() == rows[name].str.strip_chars()).any())


def _widths(cells: pl.DataFrame, marked: Marked) -> list[float]:
    """As wide as most texts of the table, within reason."""
    wide = (pl.all().str.len_bytes() + pl.all().str.len_chars()) / 2
    lines = pl.Series([marked.sheet.header_line, *marked.outcomes], dtype=pl.Int64) - 1
    widest = cells.select(pl.all().gather(lines)).select(wide.quantile(0.95, "higher").fill_null(0))
    return [min(max(float(width) * 1.1 + 1, 6), 40) for width in widest.row(0)]


def _merge_titles(sheet: AnySheet, grid: Grid, header_line: int) -> None:
    """The merged ranges above the data, each cell of them once."""
    seen: set[tuple[int, int]] = set()
    for m in grid.merged or ():
        bottom, right = min(m.bottom, header_line - 1), min(m.right, grid.cells.width - 1)
        area = {(row, column) for row in range(m.top, bottom + 1) for column in range(m.left, right + 1)}
        if m.bottom < header_line and len(area) > 1 and not area & seen:
            seen |= area
            corners = f"{get_column_letter(m.left + 1)}{m.top + 1}:{get_column_letter(right + 1)}{bottom + 1}"
            sheet.merged_cells.add(corners)


def _heads(sheet: AnySheet, caution: str) -> list[Cell]:
    heads = [styled(sheet, name, HEAD) for name in ADDED]
    heads[0].comment = note(caution)
    return heads


def _marked(stencil: Stencil, value: str | None, told: Mark | None) -> Cell:
    made = stencil.always(value)  # also where there is no value: that may be the fault
    made.comment = note(told.text) if told else None
    return made


def _ends(sheet: AnySheet, rank: int) -> list[Stencil]:
    verdict = _MIDDLE | ({"fill": FILLS[rank]} if rank < CLEAR else {})
    return [Stencil(sheet, style, reused=True) for style in (verdict, _WORDS, _MONEY)]


def _end(stencils: Sequence[Stencil], outcome: Outcome) -> list[Cell | None]:
    values = (VERDICTS[outcome.rank], safe_text(outcome.words), outcome.yuan)
    return [stencil.cell(value) for stencil, value in zip(stencils, values, strict=True)]
