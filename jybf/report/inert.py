"""The copy of the user's own workbook without anything that runs or reaches outside: shown values instead of formulas."""

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.formula import DataTableFormula
from openpyxl.worksheet.worksheet import Worksheet

from jybf.regex import pattern
from jybf.report.layout import runs
from jybf.report.sheets import put
from jybf.report.tints import note

UNCOMPUTED = "没有算过的公式，格里是它的文字"

# Functions of a list to choose from, a condition or a name that look at the workbook and nowhere else. Of what isn't here
# nobody knows: WEBSERVICE, RTD, IMAGE, CALL and their like come with every version.
_AT_HOME = (
    " ABS ADDRESS AND AVERAGE CHOOSE COLUMN COLUMNS COUNT COUNTA COUNTBLANK COUNTIF COUNTIFS DATE DATEDIF DATEVALUE DAY EDATE "
    "EOMONTH EXACT FIND HLOOKUP IF IFERROR INDEX INDIRECT INT ISBLANK ISERROR ISNA ISNUMBER ISTEXT LARGE LEFT LEN LENB LOOKUP "
    "LOWER MATCH MAX MID MIN MOD MONTH N NOT NOW OFFSET OR RANK REPT RIGHT ROUND ROUNDDOWN ROUNDUP ROW ROWS SEARCH SMALL "
    "SUBSTITUTE SUBTOTAL SUM SUMIF SUMIFS SUMPRODUCT TEXT TODAY TRIM UPPER VALUE VLOOKUP WEEKDAY YEAR "
)
_QUOTED = pattern(r'"[^"]*"')
_CALLED = pattern(r"([^\W\d][\w.]*)\s*\(")
# Another workbook ([1]表!A1, 'C:\[b.xlsx]表'!A1; the brackets of a table follow its name), an address, DDE (cmd|'/C calc'!A0).
_ELSEWHERE = pattern(r"(?<![\w\]\[.])\[[^\[\]]*\][^\[\](),+*/&<>=]*!|://|\\\\|\|")


class Stilled(NamedTuple):
    """A cell that had a formula, and the text of it."""

    cell: Cell
    formula: str
    computed: bool


def reaches(formula: str) -> bool:
    """Whether ``formula`` looks, or may look, anywhere but into its own workbook."""
    bare = _QUOTED.sub('""', formula)
    called = (name.upper().rpartition(".")[2] for name in _CALLED.findall(bare))
    return bool(re.search(r"://|\\\\", formula) or _ELSEWHERE.search(bare)) or any(
        f" {name} " not in _AT_HOME for name in called
    )


def formulas(workbook: Workbook) -> bool:
    """Whether any cell of ``workbook`` has one."""
    return any(True for _ in _running(workbook))


def still(workbook: Workbook, values: Workbook) -> list[Stilled]:
    """Put what ``values`` (the same file, opened for its values) shows for every formula of ``workbook``.

    A formula that was never computed has no value: its text stands there as text, so that nobody takes the cell for empty.
    """
    done: list[Stilled] = []
    for sheet, cell in list(_running(workbook)):
        shown: Any = values[sheet.title].cell(cell.row, cell.column)
        text = _text(cell)
        computed = shown.value is not None
        if computed:
            own: Any = cell
            own._value, own.data_type = shown.value, shown.data_type  # noqa: SLF001 - as it is: "=1" may be a result
            own.quotePrefix = own.quotePrefix or runs(shown.value)  # also when somebody edits it
        else:
            put(cell, text)
            cell.quotePrefix = True  # pyright: ignore[reportAttributeAccessIssue]
        done.append(Stilled(cell, text, computed))
    return done


def explain(stilled: Iterable[Stilled], most: int) -> int:
    """Write the formulas of the first ``most`` as notes, below what is noted there; how many got none."""
    left = 0
    for number, (cell, formula, computed) in enumerate(stilled):
        if number < most:
            words = "原来的公式" if computed else UNCOMPUTED
            cell.comment = note(f"{words}：{formula}", cell.comment)
        else:
            left += 1
    return left


def cut_off(workbook: Workbook) -> list[str]:
    """Take away what reaches outside ``workbook`` and what fills in formulas by itself; the kinds of it, in words."""
    sheets = workbook.worksheets
    gone = {
        "指向外面的名称": sum([_names(workbook.defined_names), *(_names(sheet.defined_names) for sheet in sheets)]),
        "指向外面的链接": sum(map(_links, sheets)),
        "指向外面的下拉选项": sum(map(_choices, sheets)),
        "指向外面的条件格式": sum(map(_conditions, sheets)),
        "取自外面的图表": sum(_charts(sheet) for sheet in [*sheets, *workbook.chartsheets]),
        "取自外面的透视表": sum(map(_pivots, sheets)),
    }
    for sheet in sheets:
        _tables(sheet)
    return [what for what, count in gone.items() if count]


def _running(workbook: Workbook) -> Iterator[tuple[Worksheet, Cell]]:
    for sheet in workbook.worksheets:
        existing: Any = sheet._cells  # noqa: SLF001 - the public ways to go over the cells make those that aren't there
        yield from ((sheet, cell) for cell in existing.values() if cell.data_type == "f")


def _text(cell: Any) -> str:
    if isinstance(cell.value, DataTableFormula):
        return f"模拟运算表（{cell.value.ref}）"
    return str(getattr(cell.value, "text", None) or cell.value)


def _names(names: Any) -> int:
    """Of names also those that start a macro, or are one."""
    macro = (name for name, own in names.items() if name.lower().startswith("_xlnm.auto_") or own.xlm or own.function)
    outside = {*macro, *(name for name, own in names.items() if reaches(own.value or ""))}
    for name in outside:
        del names[name]
    return len(outside)


def _links(sheet: Worksheet) -> int:
    """Links of cells to pages, files and letters; those to other cells stay."""
    existing: Any = sheet._cells  # noqa: SLF001
    outside = [cell for cell in existing.values() if cell.hyperlink and not (cell.hyperlink.target or "#").startswith("#")]
    for cell in outside:
        cell._hyperlink = None  # noqa: SLF001 - the setter makes a new one
    return len(outside)


def _choices(sheet: Worksheet) -> int:
    every: list[Any] = sheet.data_validations.dataValidation
    inside = [each for each in every if not any(reaches(str(text or "")) for text in (each.formula1, each.formula2))]
    sheet.data_validations.dataValidation = inside
    return len(every) - len(inside)


def _conditions(sheet: Worksheet) -> int:
    formats: Any = sheet.conditional_formatting
    own: dict[Any, list[Any]] = formats._cf_rules  # noqa: SLF001 - there is no way to take away one rule of several
    gone = 0
    for area, rules in list(own.items()):
        inside = [rule for rule in rules if not any(map(reaches, _said(rule)))]
        gone += len(rules) - len(inside)
        if inside:
            own[area] = inside
        else:
            del own[area]
    return gone


def _said(rule: Any) -> Iterator[str]:
    yield from (str(text) for text in rule.formula or ())
    for scale in filter(None, (rule.colorScale, rule.dataBar, rule.iconSet)):
        yield from (str(each.val) for each in scale.cfvo if each.type == "formula")


def _charts(sheet: Any) -> int:
    every = sheet._charts  # noqa: SLF001
    sheet._charts = [each for each in every if not any(map(reaches, _sources(each)))]  # noqa: SLF001
    return len(every) - len(sheet._charts)  # noqa: SLF001


def _sources(chart: Any) -> Iterator[str]:
    drawn = chart._write()  # noqa: SLF001
    yield from (part.text or "" for part in drawn.iter() if str(part.tag).rpartition("}")[2] == "f")


def _pivots(sheet: Any) -> int:
    every = sheet._pivots  # noqa: SLF001
    sheet._pivots = [each for each in every if each.cache.cacheSource.type == "worksheet"]  # noqa: SLF001
    return len(every) - len(sheet._pivots)  # noqa: SLF001


def _tables(sheet: Worksheet) -> None:
    """Tables fetch nothing, and put no formula into a row that somebody adds."""
    for table in sheet.tables.values():
        table.tableType = table.connectionId = None
        for column in table.tableColumns:
            column.queryTableFieldId = column.calculatedColumnFormula = None
            column.totalsRowFormula = column.totalsRowFunction = None
