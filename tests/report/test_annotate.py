"""The annotated workbook: what was the user's stays, what we add is found where it belongs, and nothing of it runs."""

import io
import warnings
import zipfile
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from msgspec.structs import replace
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Border, Font, PatternFill, Side
from openpyxl.utils import range_boundaries
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.dimensions import ColumnDimension
from openpyxl.worksheet.table import Table

from jybf.errors import OutputError
from jybf.model import FINDING_COLUMNS, NotRun, Report, Summary
from jybf.report import annotate, copying, marks, rebuilt
from jybf.report.annotate import annotated
from jybf.report.tints import FILLS
from jybf.roster import read
from tests.roster.books import HEADER, book, people, rezip, text

ROWS = (("某县示例镇补贴花名册",), HEADER, *people(4), ("合计", "", "", 3200))
STOP, DOUBT, HINT, WAIVED = (fill.fgColor.rgb for fill in FILLS)


def found(line, cell="", level="拦截", problem="多出 200.00 元", fen=20000, waived="", sheet=0, row=None, **texts):
    """One finding in the columns of the contract, and its context."""
    values = dict.fromkeys(FINDING_COLUMNS, "") | {
        "编号": "JY501", "级别": level, "行号": line, "单元格": cell, "问题": problem, "应为": "800.00", "依据": "某文件（四）",
        "建议": "核减", "涉及金额": fen,
    } | texts  # fmt: skip
    return values, {"_row": line - 3 if row is None else row, "_sheet": sheet, "豁免": waived}


def report(paths, *findings, encoding=None):
    roster = read(paths, encoding=encoding)
    frame = pl.DataFrame(
        [f[0] for f in findings], {n: pl.Int64 if n in {"行号", "涉及金额"} else pl.String for n in FINDING_COLUMNS}
    )
    context = pl.DataFrame([f[1] for f in findings], {"_row": pl.Int64, "_sheet": pl.Int64, "豁免": pl.String})
    names = {sheet.file: path for path in paths for sheet in roster.sheets if sheet.file in path}
    made = Report("audit", frame, Summary(7, {"可发放": 4}), {}, (NotRun("JY601", "同户", "没有列"),), roster=roster)
    return replace(made, context=context, paths=names)


def written(made, *, mask=False):
    """The workbook, and what is said of it."""
    out = io.BytesIO()
    notices = annotated(made, out, mask=mask)
    return openpyxl.load_workbook(out, rich_text=True), notices


def after(path, change):
    """The workbook at ``path`` after ``change`` (of its only sheet)."""
    own = openpyxl.load_workbook(path)
    change(own.worksheets[0])
    own.save(path)
    return path


def column(sheet, letter):
    return [cell.value for cell in sheet[letter]]


def colour(cell):
    return cell.fill.fgColor.rgb if cell.fill.fill_type else None


def test_the_summary_stands_first_and_open_then_the_list_then_the_users_sheets(tmp_path):
    path = book(tmp_path, sheets={"一组": ROWS, "底稿": [("不要看",)]}, hidden=("底稿",))
    made, notices = written(report([path], found(4, "D4")))
    assert made.sheetnames == ["汇总", "问题清单", "一组", "底稿", "未检查"]
    assert made.active.title == "汇总"
    assert [s.title for s in made.worksheets if s.sheet_view.tabSelected] == ["汇总"]
    assert made["底稿"].sheet_state == "hidden"
    assert notices == []


def test_a_cell_is_coloured_by_its_gravest_finding_and_its_note_tells_all(tmp_path):
    two = found(4, "D4", "提示", "看一看"), found(4, "D4"), found(5, "C5", "疑点"), found(6, "C6", "提示")
    sheet = written(report([book(tmp_path, *ROWS)], *two))[0]["Sheet1"]
    assert [colour(sheet[at]) for at in ("D4", "C5", "C6", "D3")] == [STOP, DOUBT, HINT, None]
    told = "JY501 拦截  多出 200.00 元\n应为：800.00\n依据：某文件（四）\n建议：核减"
    assert sheet["D4"].comment.text == f"{told}\n\nJY501 提示  看一看\n应为：800.00\n依据：某文件（四）\n建议：核减"


def test_the_colours_differ_in_lightness():
    grey = [0.3 * int(c[2:4], 16) + 0.59 * int(c[4:6], 16) + 0.11 * int(c[6:8], 16) for c in (STOP, DOUBT, HINT, WAIVED)]
    assert min(abs(a - b) for i, a in enumerate(grey) for b in grey[:i]) > 14


def test_the_users_own_comment_stays_above_ours(tmp_path):
    path = after(book(tmp_path, *ROWS), lambda sheet: setattr(sheet["D4"], "comment", Comment("已电话核实", "会计")))
    note = written(report([path], found(4, "D4")))[0]["Sheet1"]["D4"].comment
    assert note.text.startswith("已电话核实\n\nJY501 拦截")
    assert note.author == "会计"


def test_a_finding_without_a_cell_marks_who_the_row_is_about(tmp_path):
    sheet = written(report([book(tmp_path, *ROWS)], found(5)))[0]["Sheet1"]
    assert [c.coordinate for row in sheet.iter_rows() for c in row if colour(c) == STOP] == ["B5", "E5"]


def test_a_finding_that_stands_nowhere_is_in_the_list_only(tmp_path):
    whole = {"行号": None}, {"_row": None, "_sheet": None}
    nowhere = tuple(part | change for part, change in zip(found(4), whole, strict=True))
    made, _ = written(report([book(tmp_path, *ROWS)], nowhere))
    assert column(made["Sheet1"], "E")[2:6] == ["未发现问题"] * 4
    assert (made["问题清单"]["L2"].value, made["问题清单"]["G2"].hyperlink) == ("多出 200.00 元", None)


def test_every_row_of_data_and_no_other_ends_with_a_verdict(tmp_path):
    findings = [found(3, "D3"), found(3, "C3", "拦截", "证号不对", 30000), found(3, "C3", "疑点", "核对", 90000)]
    findings += [
        found(4, "D4", waived="张三 豁免至 2022-12-31"),
        found(5, "D5", "提示", "看一看", None),
        found(7, "D7", row=-1),
    ]
    findings[-1][1]["_row"] = None  # on the line of the total
    sheet = written(report([book(tmp_path, *ROWS)], *findings))[0]["Sheet1"]
    assert [c.value for c in sheet[2]][4:] == ["审核结论", "审核说明", "涉及金额"]
    assert column(sheet, "E") == [None, "审核结论", "拦截", "已豁免", "提示", "未发现问题", None]
    assert sheet["F3"].value == "多出 200.00 元；证号不对；核对"
    assert sheet["F4"].value == "多出 200.00 元（已豁免：张三 豁免至 2022-12-31）"
    assert [(sheet[at].value, sheet[at].number_format) for at in ("G3", "G4", "G5")] == [
        (300, "#,##0.00"),
        (200, "#,##0.00"),
        (None, "#,##0.00"),
    ]
    assert colour(sheet["D4"]) == WAIVED
    assert "已豁免：张三" in sheet["D4"].comment.text
    assert colour(sheet["D7"]) == STOP


def test_nothing_found_is_said_to_mean_what_was_checked(tmp_path):
    sheet = written(report([book(tmp_path, *ROWS)], found(3)))[0]["Sheet1"]
    assert "没有查的规则见“未检查”" in sheet["E2"].comment.text


def test_the_new_columns_look_like_the_last_one_of_the_sheet(tmp_path):
    def style(sheet):
        for cell in sheet[2]:
            cell.font, cell.fill = Font(name="黑体", bold=True), PatternFill("solid", fgColor="00FF00")
        for cell in sheet[4]:
            cell.border = Border(*[Side(style="thin")] * 4)

    sheet = written(report([after(book(tmp_path, *ROWS), style)], found(4, "D4")))[0]["Sheet1"]
    assert [(sheet[at].font.name, colour(sheet[at])) for at in ("E2", "G2")] == [("黑体", "0000FF00")] * 2
    assert [sheet[at].border.left.style for at in ("E4", "F4", "G4", "E5")] == ["thin", "thin", "thin", None]
    assert colour(sheet["E4"]) == STOP


def test_a_header_of_two_merged_rows_gets_merged_neighbours(tmp_path):
    rows = [("序号", "姓名", "身份证号", "金额"), ("", "", "", ""), *people(2)]
    path = book(tmp_path, *rows, merge=("A1:A2", "B1:B2", "C1:C2", "D1:D2"))
    roster = read([path])
    line = roster.sheets[0].header_line
    sheet = written(report([path], found(3, "D3", row=0)))[0]["Sheet1"]
    assert line == 2
    assert {"E1:E2", "F1:F2", "G1:G2"} <= {str(each) for each in sheet.merged_cells.ranges}
    assert (sheet["E1"].value, sheet["E3"].value) == ("审核结论", "拦截")


def test_a_title_wider_than_the_table_pushes_nothing_aside(tmp_path):
    sheet = written(report([book(tmp_path, *ROWS, merge=("A1:Z1",))], found(4, "D4")))[0]["Sheet1"]
    assert sheet["E2"].value == "审核结论"


def test_a_note_on_a_merged_cell_stands_on_the_one_that_shows(tmp_path):
    sheet = written(report([book(tmp_path, *ROWS, merge=("D3:D4",))], found(4, "D4"), found(3, "D3", "提示")))[0]["Sheet1"]
    assert colour(sheet["D3"]) == STOP
    assert sheet["D3"].comment.text.count("JY501") == 2


def test_the_list_has_every_column_links_to_the_cells_and_begins_with_the_gravest(tmp_path):
    path = book(tmp_path, sheets={"甲's 组": ROWS})
    findings = [found(5, "D5", "提示"), found(6, "D6", waived="张三"), found(4, "D4"), found(3, "", "疑点")]
    made, _ = written(report([path], *findings))
    sheet = made["问题清单"]
    assert [c.value for c in sheet[1]] == [*FINDING_COLUMNS, "豁免"]
    assert column(sheet, "B")[1:] == ["拦截", "疑点", "提示", "拦截"]
    assert sheet["G3"].value is None
    assert [(c.value, c.hyperlink.ref, c.hyperlink.location) for c in sheet["G"][1:] if c.value] == [
        ("D4", "G2", "'甲''s 组'!D4"),
        ("D5", "G4", "'甲''s 组'!D5"),
        ("D6", "G5", "'甲''s 组'!D6"),
    ]
    assert sheet["E3"].hyperlink.location == "'甲''s 组'!B3"
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.page_setup.orientation) == ("A2", "A1:P5", "landscape")
    assert (sheet["N2"].value, sheet["N2"].number_format) == (200, "#,##0.00")


def test_our_sheets_leave_the_names_of_the_users_alone(tmp_path):
    made, _ = written(report([book(tmp_path, sheets={"汇总": ROWS, "问题清单": [("我的",)]})], found(4, "D4")))
    assert made.sheetnames == ["汇总（2）", "问题清单（2）", "汇总", "问题清单", "未检查"]
    assert made["问题清单"]["A1"].value == "我的"
    assert made["问题清单（2）"]["G2"].hyperlink.location == "'汇总'!D4"


def test_filter_print_area_and_widths_take_in_the_new_columns(tmp_path):
    def lay_out(sheet):
        sheet.auto_filter.ref, sheet.print_area, sheet.freeze_panes, sheet.print_title_rows = "A2:D6", "A1:D7", "C3", "1:2"
        sheet.column_dimensions["E"] = ColumnDimension(sheet, index="E", min=5, max=16384, hidden=True)

    sheet = written(report([after(book(tmp_path, *ROWS), lay_out)], found(4, "D4")))[0]["Sheet1"]
    assert (sheet.auto_filter.ref, sheet.print_area, sheet.freeze_panes) == ("A2:G6", "'Sheet1'!$A$1:$G$7", "C3")
    assert sheet.print_title_rows == "$1:$2"
    stretches = sorted((dim.min, dim.max, dim.hidden) for dim in sheet.column_dimensions.values() if dim.min >= 5)
    assert stretches == [(5, 5, False), (6, 6, False), (7, 7, False), (8, 16384, True)]


def test_what_else_was_in_the_sheet_survives(tmp_path):
    def fill(sheet):
        sheet.protection.sheet = True
        listed = DataValidation("list", formula1='"是,否"', sqref="B3:B6")
        sheet.add_data_validation(listed)
        sheet.conditional_formatting.add("D3:D6", CellIsRule("greaterThan", ["900"], fill=PatternFill(bgColor="FF0000")))
        sheet.row_dimensions[3].height = 33

    sheet = written(report([after(book(tmp_path, *ROWS), fill)], found(4, "D4")))[0]["Sheet1"]
    assert sheet.protection.sheet
    assert str(sheet.data_validations.dataValidation[0].sqref) == "B3:B6"
    assert [str(each.sqref) for each in sheet.conditional_formatting] == ["D3:D6"]
    assert sheet.row_dimensions[3].height == 33


def test_a_table_keeps_its_range_and_the_columns_stand_beside_it(tmp_path):
    path = after(book(tmp_path, *ROWS[1:6]), lambda sheet: sheet.add_table(Table(displayName="花名册", ref="A1:D5")))
    sheet = written(report([path], found(3, "D3", row=1)))[0]["Sheet1"]
    assert sheet.tables["花名册"].ref == "A1:D5"
    assert range_boundaries(sheet.tables["花名册"].ref)[2] < sheet["E1"].column
    assert sheet["E3"].value == "拦截"


@pytest.mark.parametrize("hostile", ["=1+1", "+cmd|' /C calc'!A0", "＝1+1", "@SUM(1)", "\x1b[31m=1", "_x0041_"])
def test_no_text_that_we_add_runs_or_turns_into_another(tmp_path, hostile):
    texts = dict.fromkeys(("当前值", "应为", "依据", "建议", "姓名"), hostile)
    made, _ = written(report([book(tmp_path, *ROWS)], found(4, "D4", problem=hostile, **texts)))
    cells = [made["Sheet1"]["F4"], *(made["问题清单"][f"{c}2"] for c in "HJKLMO")]
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.quotePrefix for cell in cells if cell.value.startswith(("=", "+", "@", "＝")))
    assert not any("\x1b" in cell.value for cell in cells)


def package(made, *, mask=False):
    """The parts of the workbook as they are written."""
    out = io.BytesIO()
    annotated(made, out, mask=mask)
    with zipfile.ZipFile(out) as archive:
        return {name: archive.read(name).decode("utf-8", "replace") for name in archive.namelist()}


def test_text_that_looks_like_an_escape_is_written_as_itself_and_that_of_the_user_stays(tmp_path):
    rows = [*ROWS[:3], ("2", "_x0042_", people(2)[1][2], 800), *ROWS[4:]]
    path = rezip(book(tmp_path, *rows), lambda _, part: part.replace(b"_x0042_", b"_x005F_x0042_"))
    parts = package(report([path], found(3, "D3", problem="_x0041_")))
    texts = [text for name, text in parts.items() if name.startswith(("xl/worksheets", "xl/comments"))]
    assert sum(text.count("_x005F_x0041_") for text in texts) == sum(text.count("x0041_") for text in texts) == 3
    assert any("_x005f_x0042_" in text for text in texts)


def test_what_the_user_wrote_as_text_stays_text(tmp_path):
    def write(sheet):
        sheet["B4"].value, sheet["B4"].data_type = "=1+1", "s"

    sheet = written(report([after(book(tmp_path, *ROWS), write)], found(4, "D4")))[0]["Sheet1"]
    assert (sheet["B4"].value, sheet["B4"].data_type) == ("=1+1", "s")


def test_the_same_input_gives_the_same_bytes(tmp_path):
    made = report([book(tmp_path, *ROWS)], found(4, "D4"))
    assert package(made) == package(made)
    assert "2021-01-01T00:00:00Z</dcterms:modified>" in package(made)["docProps/core.xml"]


def test_a_file_that_has_changed_since_is_refused(tmp_path):
    path = book(tmp_path, *ROWS)
    made = report([path], found(4, "D4"))
    after(path, lambda sheet: setattr(sheet["D4"], "value", 1))
    with pytest.raises(OutputError, match="又改了"):
        written(made)


def test_a_file_that_is_gone_is_no_input_error(tmp_path):
    path = book(tmp_path, *ROWS)
    made = report([path], found(4, "D4"))
    Path(path).unlink()
    with pytest.raises(OutputError, match="不存在"):
        written(made)


def test_what_the_copy_lacks_is_named(tmp_path):
    path = book(tmp_path, *ROWS)
    with zipfile.ZipFile(path, "a") as archive:
        for part in ("xl/vbaProject.bin", "xl/slicers/slicer1.xml", "xl/threadedComments/threadedComment1.xml"):
            archive.writestr(part, b"<x/>")
    _, notices = written(report([path], found(4, "D4")))
    assert notices == ["花名册.xlsx：批注副本里没有宏、切片器、批注里的对话（文字还在），要用请看原件"]


def test_an_extension_that_is_dropped_is_named(tmp_path):
    lists = b'<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}"/></extLst></worksheet>'
    path = rezip(book(tmp_path, *ROWS), lambda _, part: part.replace(b"</worksheet>", lists))
    assert "取自别的工作表的下拉选项" in written(report([path], found(4, "D4")))[1][0]


def test_the_summary_says_what_the_copy_lacks_and_what_the_colours_mean(tmp_path):
    path = book(tmp_path, *ROWS)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"")
    sheet = written(report([path], found(4, "D4")))[0]["汇总"]
    texts = [value for value in column(sheet, "A") if value]
    assert any(text.startswith("提示") and "没有宏" in text for text in texts)
    assert {cell.value: colour(cell) for cell in sheet["A"] if str(cell.value).startswith("底色")} == {
        "底色：拦截，更正之前不能发": STOP,
        "底色：疑点，核实之后再定": DOUBT,
        "底色：提示": HINT,
    }


def test_a_text_file_becomes_a_workbook_with_its_cells_at_their_places(tmp_path):
    lines = "\r\n".join(",".join(map(str, row)) for row in ROWS[1:6])
    made, notices = written(report([text(tmp_path, lines)], found(3, "D3", row=1), found(4, "", "疑点", row=2)))
    sheet = made["花名册"]
    assert made.sheetnames == ["汇总", "问题清单", "花名册", "未检查"]
    assert [c.value for c in sheet[1]] == [*HEADER, "审核结论", "审核说明", "涉及金额"]
    assert (sheet["D3"].value, colour(sheet["D3"]), colour(sheet["B4"])) == ("800", STOP, DOUBT)
    assert column(sheet, "E")[1:] == ["未发现问题", "拦截", "疑点", "未发现问题"]
    assert made["问题清单"]["G2"].hyperlink.location == "'花名册'!D3"
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:G5")
    assert notices == ["原件不是 xlsx：按原来的行列另建了一份，没有原来的格式"]


def test_a_text_in_an_encoding_that_was_stated_is_read_in_it_again(tmp_path):
    rows = [("姓名", "身份證號", "金額"), *((f"張{n}", number, 800) for n, _, number, _ in people(3))]
    path = text(tmp_path, "\n".join(",".join(map(str, row)) for row in rows), "big5")
    made, _ = written(report([path], found(2, "C2", row=0), encoding="big5"))
    assert made["花名册"]["A2"].value == "張1000"


def test_several_files_stand_in_one_workbook(tmp_path):
    first, second = (book(tmp_path, *ROWS, name=f"{name}.xlsx") for name in ("一村", "二村"))
    there = found(4, "D4", sheet=1, row=5, 文件="二村.xlsx")
    made, notices = written(report([first, second], found(3, "D3"), there))
    assert made.sheetnames == ["汇总", "问题清单", "一村_Sheet1", "二村_Sheet1", "未检查"]
    assert [colour(made[f"{name}_Sheet1"]["D4"]) for name in ("一村", "二村")] == [None, STOP]
    assert made["问题清单"]["G3"].hyperlink.location == "'二村_Sheet1'!D4"
    assert "不止一个文件" in notices[0]


def test_masked_nothing_of_a_number_is_left_anywhere(tmp_path):
    number = people(1)[0][2]
    made = report([book(tmp_path, *ROWS)], found(3, "C3", problem=f"证号 {number} 重复", 身份证号=number, 当前值=number))
    assert "--mask" in written(made, mask=True)[1][0]
    assert not [name for name, part in package(made, mask=True).items() if number in part]
    assert written(made, mask=True)[0]["Sheet1"]["C3"].value == f"{number[:6]}**********{number[16:]}"


def test_from_stdin_there_is_the_list_only(tmp_path):
    made = report([book(tmp_path, *ROWS)], found(4, "D4"))
    own, notices = written(replace(made, paths=dict.fromkeys(made.paths, "-")))
    assert own.sheetnames == ["汇总", "问题清单", "未检查"]
    assert (own["问题清单"]["G2"].value, own["问题清单"]["G2"].hyperlink) == ("D4", None)
    assert notices == ["从标准输入读的，没有附原表，只有问题清单"]


def test_a_workbook_that_cannot_be_copied_is_built_anew(tmp_path, monkeypatch):
    def stumble(*_, **__):
        raise KeyError("styles")

    monkeypatch.setattr(copying.openpyxl, "load_workbook", stumble)
    out = io.BytesIO()
    notices = annotated(report([book(tmp_path, *ROWS, merge=("A1:D1",))], found(4, "D4")), out, mask=False)
    monkeypatch.undo()
    sheet = openpyxl.load_workbook(out)["Sheet1"]
    assert notices == ["工作簿的写法不常见，不能带格式复制，按原来的行列另建了一份，没有原来的格式"]
    assert [str(each) for each in sheet.merged_cells.ranges] == ["A1:D1"]
    assert (sheet["A7"].value, sheet["D4"].value, sheet["E4"].value) == ("合计", "800", "拦截")


@pytest.mark.parametrize("spread", ["A9:XFD90000", "A9:A1048576"])
def test_merges_of_millions_of_cells_are_not_copied(tmp_path, spread):
    merges = f'<mergeCells><mergeCell ref="{spread}"/></mergeCells><pageMargins'.encode()
    path = rezip(book(tmp_path, *ROWS), lambda _, part: part.replace(b"<pageMargins", merges))
    _, notices = written(report([path], found(4, "D4")))
    assert notices == ["原表超过 70 万格，按原来的行列另建了一份，没有原来的格式"]


def test_a_sheet_too_large_to_be_written_is_left_out_and_that_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(rebuilt, "MOST_CELLS", 10)
    made, notices = written(
        report([text(tmp_path, "\n".join(",".join(map(str, r)) for r in ROWS[1:6]))], found(3, "D3", row=1))
    )
    assert made.sheetnames == ["汇总", "问题清单", "未检查"]
    assert "没有附上" in notices[1]


def test_past_the_most_notes_cells_are_coloured_only(tmp_path, monkeypatch):
    monkeypatch.setattr(annotate, "_MOST_NOTES", 1)
    made, notices = written(report([book(tmp_path, *ROWS)], found(3, "D3"), found(4, "D4")))
    assert [colour(made["Sheet1"][at]) for at in ("D3", "D4")] == [STOP, STOP]
    assert made["Sheet1"]["D4"].comment is None
    assert "只有前 1 个写了批注" in notices[0]


def test_a_fill_without_a_pattern_does_not_cost_the_formats(tmp_path):
    path = rezip(book(tmp_path, *ROWS), lambda _, part: part.replace(b"<fill><patternFill /></fill>", b"<fill/>"))
    with zipfile.ZipFile(path) as archive:
        assert b"<fill/>" in archive.read("xl/styles.xml")
    assert written(report([path], found(4, "D4")))[1] == []


def test_what_openpyxl_warns_of_reaches_nobody(tmp_path):
    title = "一" * 31
    path = rezip(book(tmp_path, sheets={title: ROWS}), lambda _, part: part.replace(title.encode(), f"{title}长名".encode()))
    out = io.BytesIO()
    annotated(report([path], found(4, "D4")), out, mask=False)  # a warning here would fail the test: all are errors
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns again of the user's own title, when the test reads the copy
        assert openpyxl.load_workbook(out).sheetnames[2] == f"{title}长名"


def test_what_was_hidden_stays_hidden_and_findings_there_are_told(tmp_path):
    def hide(sheet):
        sheet.row_dimensions[4].hidden = sheet.row_dimensions[5].hidden = True
        sheet.column_dimensions["C"].hidden = True

    path = after(book(tmp_path, *ROWS), hide)
    made, notices = written(report([path], found(4, "D4"), found(3, "C3"), found(6, "D6")))
    sheet = made["Sheet1"]
    assert (sheet.row_dimensions[4].hidden, sheet.row_dimensions[5].hidden, sheet.column_dimensions["C"].hidden) == (True,) * 3
    assert notices == ["工作表“Sheet1”隐藏着的第 4 行、C 列有问题：取消隐藏或筛选才看得到"]


def test_the_summary_says_how_much_was_not_checked(tmp_path):
    sheet = written(report([book(tmp_path, *ROWS)], found(4, "D4")))[0]["汇总"]
    assert any("没有查过，不等于没有问题" in str(value) for value in column(sheet, "A"))


def test_a_large_workbook_is_built_anew_with_a_verdict_a_row_and_links_to_the_cells(tmp_path, monkeypatch):
    monkeypatch.setattr(marks, "_MOST_BY_CELL", 10)
    path = book(tmp_path, sheets={"一组": ROWS})
    made, notices = written(report([path], found(4, "D4"), found(5, "C5", "疑点", "核对", None)))
    assert made.sheetnames == ["汇总", "问题清单", "一组", "未检查"]
    own, listed = made["一组"], made["问题清单"]
    assert [cell.value for cell in own[2]][-3:] == ["审核结论", "审核说明", "涉及金额"]
    assert own["A1"].value == ROWS[0][0]
    assert [row[: len(HEADER)] for row in own.iter_rows(3, values_only=True)] == [
        tuple(None if cell == "" else str(cell) for cell in row) for row in ROWS[2:]
    ]
    assert column(own, "E")[2:] == ["未发现问题", "拦截", "疑点", "未发现问题", None]
    assert column(own, "G")[2:] == [None, 200, None, None, None]
    assert [(cell.value, cell.hyperlink.location) for cell in listed["P"][1:]] == [
        ("'一组'!D4", "'一组'!D4"),
        ("'一组'!C5", "'一组'!C5"),
    ]
    assert any("不逐格着色" in notice for notice in notices)


def test_a_header_that_is_blank_or_there_twice_does_not_stop_a_large_workbook(tmp_path, monkeypatch):
    monkeypatch.setattr(marks, "_MOST_BY_CELL", 10)
    rows = [ROWS[0], (*HEADER, "备注", "", "备注"), *((*row, "甲", "乙", "丙") for row in ROWS[2:])]
    own = written(report([book(tmp_path, sheets={"一组": rows})], found(4, "D4")))[0]["一组"]
    assert [(cell.value or "").strip() for cell in own[2]][4:7] == ["备注", "", "备注"]
    assert [cell.value for cell in own[4]][4:7] == ["甲", "乙", "丙"]
