"""What ``jybf inspect`` shows: can it be read, what must be changed, then every row and column. A page, or JSON."""

from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO

from rich.console import Console
from rich.padding import Padding
from rich.table import Table

from jybf.model.survey import NO_HEADER, Fault, FileSurvey, Seen, SheetSurvey
from jybf.report.prose import Prose
from jybf.report.screen import FOLDED, grid, labelled, on_paper, tell, tell_origin
from jybf.report.survey_json import as_json
from jybf.roster.header import ENOUGH
from jybf.roster.rows import DATA
from jybf.vocabulary.fields import fold_header
from jybf.vocabulary.yuan import yuan

Line = tuple[str, str, str, str]  # label, place, text, style

_MOST_CELLS, _MOST_RANGES = 20, 6
_LONGEST, _LONGEST_TITLE = 24, 200  # characters of a cell, and of a title, that are shown
_HOW = "  列认得不对：用 --write-map 列名.toml 写出，改好后加 --map 列名.toml；有哪些字段，用 jybf rules fields 看"
_KINDS = {"text": "文本"}
_TOLD = (
    *("不认识的列没有用到", "定不了", "没有写明单位", "编码读取"),
    *("没有读这个工作表", "隐藏的工作表没有读", "空的工作表", "图表或宏表没有读"),
)


def print_survey(files: Sequence[FileSurvey], screen: Console) -> None:
    """One page a file on ``screen``, the most important first."""
    for file in files:
        screen.print()
        tell(screen, file.file, "bold")
        tell(screen, *_verdict(file))
        if file.sha256:
            form = f" · {file.form}" if file.form else ""
            about = (_KINDS.get(file.kind, file.kind), f"{_size(file.bytes)}{form}", f"SHA-256 {file.sha256[:12]}")
            tell_origin(screen, " · ".join(about), "dim")
        _lines(screen, [("不能读", _without(str(problem), file), "red") for problem in file.problems])
        _lines(screen, [("提示", notice, "yellow") for notice in _own_notices(file)])
        for sheet in file.sheets:
            _sheet(sheet, file, screen)


def write_survey(files: Sequence[FileSurvey], out: BinaryIO, form: str, *, mask: bool) -> None:
    """The same as one JSON object, or as plain text (``form``: json or table), in UTF-8."""
    out.write(as_json(files, mask=mask) if form == "json" else on_paper(lambda page: print_survey(files, page), mask=mask))


def _verdict(file: FileSurvey) -> tuple[str, str]:
    if file.problems:
        return "不能读：改好下面写的再来", "bold red"
    people = sum(sheet.count for sheet in file.sheets)
    unit = "人" if any(sheet.of_people for sheet in file.sheets) else "行"
    cells = sum(len(fault.cells) for sheet in file.sheets for fault in sheet.faults)
    unknown = sum(not seen.field for sheet in file.sheets if sheet.rows for seen in sheet.columns)
    wrong = sum(s.stated != s.computed for sheet in file.sheets for s in sheet.sums)
    blank = sum(len(gap.cells) for sheet in file.sheets for gap in sheet.blanks)
    todo = [f"{cells} 处要改"] * bool(cells) + [f"{blank} 处必填的空着"] * bool(blank)
    todo += [f"{unknown} 列没有用到"] * bool(unknown) + [f"{wrong} 个合计不符"] * bool(wrong)
    return f"能读：{'，'.join([f'{people} {unit}', *(todo or ['没有要改的'])])}", "bold yellow" if todo else "bold green"


def _sheet(sheet: SheetSurvey, file: FileSurvey, screen: Console) -> None:
    if len(file.sheets) > 1 or sheet.name:
        count = f"{sheet.count} {'人' if sheet.of_people else '行'}" if sheet.rows else sheet.state
        tell(screen, f"\n〔{sheet.name}〕", "bold", f"  {count}")
    if sheet.header and sheet.state == NO_HEADER:
        tell(screen, f"  若第 {sheet.header[0]} 行是表头，用 --write-map 列名.toml 写出，照说明改好后加 --map 列名.toml")
        if known := [seen.field for seen in sheet.columns if seen.field]:
            tell(screen, f"  认得的列名只有 {len(known)} 个：{'、'.join(known)}；{ENOUGH}")
    lines = (*_changes(sheet), *_unused(sheet), *_sums(sheet))
    labelled(_table(3), ((label, style, [place, Prose(text)]) for label, place, text, style in lines), screen)
    _lines(screen, [(label, text, "dim") for label, text in _layout(sheet)])
    if sheet.columns:
        screen.print(Padding(_columns(sheet.columns), (1, 0, 0, 2), expand=False))
    if sheet.rows and not all(seen.field for seen in sheet.columns):
        tell(screen, _HOW, "dim")


def _lines(screen: Console, lines: Iterable[tuple[str, str, str]]) -> None:
    """Labelled lines, the label of several said once; what is long goes on below its own beginning."""
    labelled(_table(2), ((label, style, [Prose(text)]) for label, text, style in lines), screen)


def _table(columns: int) -> Table:
    return grid({"no_wrap": True, "min_width": 10}, *[FOLDED] * (columns - 1))  # 取自表题 and its padding


def _changes(sheet: SheetSurvey) -> Iterator[Line]:
    headers = {seen.at: seen.header.rsplit("/", 1)[-1] for seen in sheet.columns}
    for fault in sheet.faults:
        yield (
            "要改",
            _places(fault.cells),
            f"{_column(headers.get(fault.column, ''), fault.field)}：{fault.reason}{_cells(fault)}",
            "yellow",
        )
    for gap in sheet.blanks:
        which = f"：{_some(gap.cells)}" if len(gap.cells) > 1 else ""
        yield "没有填", _places(gap.cells), f"“{gap.field}”是必填的，空着{which}", "yellow"
    if sheet.elsewhere:
        text = f"错误值或没有算过的公式，不影响用到的单元格\n{_some(sheet.elsewhere)}"
        yield "留意", f"{len(sheet.elsewhere)} 格", text, "cyan"


def _places(cells: Sequence[str]) -> str:
    return cells[0] if len(cells) == 1 else f"{len(cells)} 格"


def _some(cells: Sequence[str]) -> str:
    return "、".join(cells[:_MOST_CELLS]) + (f" 等 {len(cells)} 格" if len(cells) > _MOST_CELLS else "")


def _column(header: str, field: str) -> str:
    """A column as it is headed on the sheet, and what it is read as where that is another word."""
    return f"“{field}”" if fold_header(header) in ("", fold_header(field)) else f"“{_short(header)}”（{field}）"


def _cells(fault: Fault) -> str:
    """What stands in the cells; of several every different text on its own, behind the cells that have it."""
    if len(fault.cells) == 1:
        text = fault.texts[0]
        return f"（{_short(text)}）" if text and text not in fault.reason else ""
    by_text: dict[str, list[str]] = {}
    for cell, text in zip(fault.cells[:_MOST_CELLS], fault.texts, strict=False):
        by_text.setdefault(text, []).append(cell)
    told = " · ".join(f"{'、'.join(cells)} {_short(text)}".rstrip() for text, cells in by_text.items())
    return f"\n{told}" + (f" … 等 {len(fault.cells)} 格" if len(fault.cells) > _MOST_CELLS else "")


def _unused(sheet: SheetSurvey) -> Iterator[Line]:
    for seen in sheet.columns:
        if seen.field:
            continue
        named = f"“{_short(seen.header)}”" if seen.header else "没有表头"
        hints = [f"相近的字段：{'、'.join(seen.near)}"] if seen.near else []
        hints += [f"内容像{seen.seems}"] if seen.seems else []
        if len(seen.open) == 1:
            text = f"{named}没有写明单位（元/月、元/天、元/人等），不能断定是“{seen.open[0]}”"
            yield "没用到", f"{seen.at} 列", text, "yellow"
        elif seen.open:
            yield "要定", f"{seen.at} 列", f"{named}可能是{'、'.join(seen.open)}，定不了", "red"
        else:
            yield "没用到", f"{seen.at} 列", "；".join([f"{named}不认识" if seen.header else named, *hints]), "yellow"


def _sums(sheet: SheetSurvey) -> Iterator[Line]:
    for total in sheet.sums:
        stated, computed = (f"{yuan(n)} 元" if total.money else str(n) for n in (total.stated, total.computed))
        if total.stated != total.computed:
            why = f"；有 {total.gaps} 格读不出，改好再核" if total.gaps else ""
            yield "合计", total.cell, f"“{total.field}” 写着 {stated}，逐行相加 {computed}，不符{why}", "red"
        elif total.gaps:
            yield "合计", total.cell, f"“{total.field}” 写着 {stated}，有 {total.gaps} 格读不出，无法核对", "yellow"
        else:
            yield "合计", total.cell, f"“{total.field}” {stated} ✓ 与逐行相加相符", "green"


def _layout(sheet: SheetSurvey) -> Iterator[tuple[str, str]]:
    if sheet.rows:
        yield "各行", " · ".join(_ranges(sheet))
    if sheet.title:
        yield "表题", _short(sheet.title, _LONGEST_TITLE)
    if sheet.taken:
        yield "取自表题", " · ".join(f"{name} {_short(value)}" for name, value in sheet.taken.items())


def _ranges(sheet: SheetSurvey) -> Iterator[str]:
    for kind in dict.fromkeys(stretch.kind for stretch in sheet.rows):
        mine = [s for s in sheet.rows if s.kind == kind]
        count = sum(s.last - s.first + 1 for s in mine)
        places = "、".join(f"{s.first}–{s.last}" if s.last > s.first else f"{s.first}" for s in mine[:_MOST_RANGES])
        more = "等" if len(mine) > _MOST_RANGES else ""
        yield f"{kind} {places}{more}" + (f"（{count} 行）" if kind == DATA or len(mine) > 1 else "")


def _columns(columns: Sequence[Seen]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("列", no_wrap=True, style="bold")
    table.add_column("表头", overflow="fold", ratio=3)
    table.add_column("读作", overflow="fold", ratio=2)
    table.add_column("怎样认出", no_wrap=True, style="dim")
    table.add_column("有值", justify="right", no_wrap=True)
    table.add_column("读不出", justify="right", no_wrap=True)
    for seen in columns:
        field = Prose(seen.field) if seen.field else Prose("待定" if seen.open else "没有用到", "yellow")
        unread = Prose(str(seen.unread), "red") if seen.unread else Prose("·", "dim")
        table.add_row(seen.at, Prose(_short(seen.header)), field, seen.how, str(seen.filled), unread)
    return table


def _own_notices(file: FileSurvey) -> Iterator[str]:
    """The notices that nothing else on the page says, without the name of the file above them."""
    for notice in file.notices:
        if not any(told in notice for told in _TOLD):
            yield _without(notice, file)


def _without(text: str, file: FileSurvey) -> str:
    head, colon, rest = text.partition("：")
    if not colon or not head.rsplit("/", 1)[-1].startswith(file.file.rsplit("/", 1)[-1]):
        return text
    place = head[head.find("〔") :] if "〔" in head else ""
    return f"{place}{rest}"


def _short(text: str, most: int = _LONGEST) -> str:
    return text if len(text) <= most else f"{text[:most]}…"


def _size(count: int) -> str:
    return f"{count / 1024:.1f} KB" if count < 1024**2 else f"{count / 1024**2:.1f} MB"
