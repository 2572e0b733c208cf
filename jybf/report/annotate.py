"""The user's own workbook with what the audit found: coloured cells, notes, a verdict at the end of each row, a list."""

import io
from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO

from msgspec.structs import replace
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from jybf.errors import InputError, OutputError, Problem
from jybf.model import Report
from jybf.report.anew import write_book
from jybf.report.copying import UnfitError, fit, opened
from jybf.report.ends import add_columns, merged_at
from jybf.report.fronts import OWN, lists
from jybf.report.inert import explain
from jybf.report.layout import unchecked
from jybf.report.marks import CAUTION, REBUILT, Mark, Marked, PlacedFindings, marked, too_large
from jybf.report.rebuilt import as_table, free, read_again, rebuild, titles
from jybf.report.sheets import add, save, stamped
from jybf.report.tints import FILLS, note
from jybf.roster.source import STDIN, Source, open_source

_SKIPPED = OWN[-1]
_PLAIN = "行数多，原表照原来的行列另建，每行末尾写审核结论，不逐格着色、写批注：按问题清单的“单元格”找"
_FEW = 10  # rows or columns named in one sentence
_MOST_NOTES = 20_000  # in one workbook: more make Excel slow


def annotated(report: Report, out: BinaryIO, *, mask: bool) -> list[str]:
    """Write the annotated workbook of an audit and return what the user should know of it, as sentences.

    It is a copy of the one workbook that was read, or else is built anew: 问题清单, 汇总, the sheets that were read, 未检查.
    Without ``report.roster`` there are no sheets of the user's. OutputError if an input is no longer what was audited.
    """
    found = marked(report, mask=mask)
    sources = _sources(report)
    why = _why_not_copied(report, sources, mask=mask)
    if not why:
        try:
            with fit():
                draft, notices = _copied(report, found, next(source for source in sources.values() if source))
        except UnfitError as error:
            why = f"{error}，按原来的行列另建了一份，没有原来的格式"
        else:
            out.write(draft)
            return notices
    told = [why] if sources and why not in report.notices else []  # what was said before is not said again
    return _built(report, found, sources, told, out, mask=mask)


def _sources(report: Report) -> dict[str, Source | None]:
    """Each file of the roster as it was audited; None for what can't be had twice."""
    sheets = report.roster.sheets if report.roster else ()
    return {file: _source(report.paths.get(file, STDIN), digest) for file, digest in {s.file: s.sha256 for s in sheets}.items()}


def _source(path: str, digest: str) -> Source | None:
    if path == STDIN:
        return None
    try:
        source = open_source(path)
    except InputError as error:
        raise OutputError(*(replace(p, hint="审核之后文件动过：放回原处，重新审核") for p in error.problems)) from error
    if source.sha256 != digest:
        raise OutputError(Problem("审核的时候文件又改了，批注对不上", path, "保存并关闭后重新审核"))
    return source


def _why_not_copied(report: Report, sources: Mapping[str, Source | None], *, mask: bool) -> str:
    """Why the user's own workbook can't be annotated; empty if it can."""
    built = "按原来的行列另建了一份，没有原来的格式"
    if sources and too_large(report):
        return REBUILT
    if report.roster and any(sheet.read for sheet in report.roster.sheets):
        return "读的是测算的结果，没有附原表，只有问题清单；要批注的，审原来的花名册"
    if mask:
        return f"加了 --mask，原表不能照抄：{built}，证号、卡号、电话已隐去"
    if len(sources) > 1:
        return f"不止一个文件，合在一个工作簿里：{built}"
    kinds = [source.kind if source else STDIN for source in sources.values()]
    if kinds == ["xlsx"]:
        return ""
    return "从标准输入读的，没有附原表，只有问题清单" if kinds == [STDIN] else f"原件不是 xlsx：{built}"


def _copied(report: Report, found: PlacedFindings, source: Source) -> tuple[bytes, list[str]]:
    workbook, sheets, stilled, notices = opened(source, [each.sheet for each in found.sheets])
    names = _names(workbook.sheetnames)
    notes = 0
    for each in found.sheets:
        sheet = sheets[each.sheet.index]
        notes += _paint(sheet, each, _MOST_NOTES - notes)
        notices += _out_of_sight(sheet, each)
        if not add_columns(sheet, each, CAUTION.format(names[_SKIPPED])):
            notices.append(f"工作表“{each.sheet.name}”用到了最后几列，没有加审核结论")
    notices += _about_notes(found)
    if left := explain(stilled, _MOST_NOTES - notes):
        notices.append(f"公式太多，有 {left} 个的文字没有写进批注，请看原件")
    _unselect(workbook)
    front = lists(report, found, {index: sheet.title for index, sheet in sheets.items()}, names, notices, mask=False)
    for each in front:
        add(workbook, each)
    add(workbook, unchecked(report, names[_SKIPPED]))
    for place, each in enumerate(front):
        workbook.move_sheet(each.name, place - workbook.sheetnames.index(each.name))
    workbook.active = 0
    workbook[front[0].name].sheet_view.tabSelected = True
    draft = io.BytesIO()
    save(workbook, draft)
    return draft.getvalue(), notices


def _built(
    report: Report,
    found: PlacedFindings,
    sources: Mapping[str, Source | None],
    notices: list[str],
    out: BinaryIO,
    *,
    mask: bool,
) -> list[str]:
    grids, said = read_again(report, {file: source for file, source in sources.items() if source})
    shown = [each for each in found.sheets if each.sheet.index in grids]
    names = titles([each.sheet for each in shown], OWN, mask=mask)
    large = too_large(report)
    notices = [*notices, *said, *([_PLAIN] if large else _about_notes(found))]
    front = lists(report, found, names, {own: own for own in OWN}, notices, mask=mask)
    if large or not shown:  # no cell has a colour or a note of its own
        own = [as_table(names[each.sheet.index], grids[each.sheet.index], each, mask=mask) for each in shown]
        write_book([*front, *own, unchecked(report)], out)
        return notices
    workbook = stamped(Workbook(write_only=True))
    for each in front:
        add(workbook, each)
    left = _MOST_NOTES
    for each in shown:
        index = each.sheet.index
        rebuild(workbook, names[index], grids[index], each, CAUTION.format(_SKIPPED), mask=mask, notes=left)
        left -= len(each.marks)
    add(workbook, unchecked(report))
    workbook[front[0].name].sheet_view.tabSelected = True
    save(workbook, out)
    return notices


def _unselect(workbook: Workbook) -> None:
    """No sheet selected: with several, whatever somebody types goes into all of them."""
    everything: list[Any] = [
        *(sheet.views for sheet in workbook.worksheets),
        *(sheet.sheetViews for sheet in workbook.chartsheets),
    ]
    for views in everything:
        for view in views.sheetView:
            view.tabSelected = False


def _names(taken: Sequence[str]) -> dict[str, str]:
    used = [name.lower() for name in taken]
    return {own: free(own, used) for own in OWN}


def _out_of_sight(sheet: Worksheet, each: Marked) -> list[str]:
    """PlacedFindings on hidden rows and columns: they stay hidden, as in the original, and a link to one shows nothing."""
    hidden = {line for line, dim in sheet.row_dimensions.items() if dim.hidden}
    rows = sorted({line for line, _ in each.marks} & hidden)
    folded = [(dim.min or 0, dim.max or 0) for dim in sheet.column_dimensions.values() if dim.hidden]
    columns = sorted({column for _, column in each.marks if any(low <= column + 1 <= high for low, high in folded)})
    said = [f"第 {_few(list(map(str, rows)))} 行"] * bool(rows)
    said += [f"{_few([get_column_letter(column + 1) for column in columns])} 列"] * bool(columns)
    where = "、".join(said)
    return [f"工作表“{each.sheet.name}”隐藏着的{where}有问题：取消隐藏或筛选才看得到"] if said else []


def _few(names: Sequence[str]) -> str:
    return "、".join(names[:_FEW]) + (f" 等 {len(names)}" if len(names) > _FEW else "")


def _about_notes(found: PlacedFindings) -> list[str]:
    count = sum(len(each.marks) for each in found.sheets)
    return [f"有问题的格 {count} 个，只有前 {_MOST_NOTES} 个写了批注（再多 Excel 会很慢），其余的只着色"] * (
        count > _MOST_NOTES
    )


def _paint(sheet: Worksheet, marked: Marked, notes: int) -> int:
    """Colour the cells, a merged range by the cell that shows, and write at most ``notes`` notes; how many cells there are."""
    shown = merged_at(sheet)
    joined: dict[tuple[int, int], Mark] = {}
    for (line, column), mark in marked.marks.items():
        place = shown.get((line, column + 1), (line, column + 1))
        joined.setdefault(place, Mark()).add(mark.rank, mark.notes)
    for number, (place, mark) in enumerate(joined.items()):
        cell = sheet.cell(*place)
        cell.fill = FILLS[mark.rank]
        if number < notes:
            cell.comment = note(mark.text, cell.comment)
    return len(joined)
