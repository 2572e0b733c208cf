"""Cells that say something by themselves, and are told for what else the sheet says."""

import re
import zipfile
from datetime import date

import polars as pl
import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Font

from jybf.assess import assess, describe
from jybf.audit import audit
from jybf.errors import InputError
from jybf.policy import load_pack
from jybf.roster import read
from jybf.vocabulary.values.names import odd_name
from tests.hostile import sheets as x
from tests.hostile.people import HEADER, PEOPLE
from tests.roster import books
from tests.roster.books import book, idno, people, rezip

ZHAO, QIAN, SUN = (idno(f"14092619{n}0312001"[:17]) for n in (85, 77, 69))
HEAD = ("姓名", "身份证号", "人员类别", "务工省", "申请日期", "申请金额", "签字")
TITLE = ("静乐县示例镇2021年跨省务工交通补贴花名册",)
PACK, FENGDU = load_pack("shanxi"), load_pack("fengdu")


def person(name, number, day="2021-10-20", amount="800", signed=None):
    return [name, number, "脱贫户", "广东省", day, amount, signed]


def written(folder, *rows, change=None, file="表.xlsx"):
    """A workbook with these rows of people, ``change`` done to its sheet."""
    workbook = Workbook()
    sheet = workbook.active
    for row in (TITLE, HEAD, *rows):
        sheet.append(row)
    if change:
        change(sheet)
    workbook.save(folder / file)
    return str(folder / file)


def told(path):
    """Code, level and cell of what the audit says beside the ceilings that all ask for."""
    roster = read([path])
    found = audit(roster, PACK, assess(roster, PACK)).rows
    rows = found.select("编号", "级别", "单元格").rows()
    return [row for row in rows if row[0] not in ("JY503", "JY901", "JY404")]


def struck(old, new):
    return CellRichText(TextBlock(InlineFont(strike=True), old), TextBlock(InlineFont(), new))


def plain(old, new):
    return CellRichText(TextBlock(InlineFont(b=True), old), TextBlock(InlineFont(strike=False), new))


def test_what_is_struck_out_of_a_cell_does_not_stand(tmp_path):
    rows = [
        person("张三", ZHAO, amount=struck("800", "500")),
        person(struck("李肆", "李四"), QIAN),
        person("王五", SUN, day=struck("2020", "2021-10-20")),
    ]
    roster = read([written(tmp_path, *rows)])
    assert roster.problems.select("_row", "字段").rows() == [(0, "申请金额"), (1, "姓名"), (2, "申请日期")]
    assert "划去“800”，留下“500”" in roster.problems["原因"][0]
    assert roster.rows["申请金额"].to_list() == [None, 80000, 80000]


def test_parts_of_a_cell_in_another_font_stand(tmp_path):
    roster = read([written(tmp_path, person("张三", ZHAO, amount=plain("8", "00")))])
    assert roster.problems.height == 0
    assert roster.rows["申请金额"].to_list() == [80000]


def test_a_cell_that_is_struck_out_by_its_style_does_not_stand_and_a_row_is_told_as_void(tmp_path):
    def strike(sheet):
        sheet["F3"].font = Font(strike=True)
        for cell in sheet[4]:
            cell.font = Font(strike=True)

    path = written(tmp_path, person("张三", ZHAO), person("李四", QIAN), person("王五", SUN), change=strike)
    assert read([path]).rows["申请金额"].to_list() == [None, 80000, 80000]
    assert told(path) == [("JY902", "疑点", "F3"), ("JY904", "疑点", "A4")]


def test_a_row_of_which_most_cells_are_struck_out_is_void(tmp_path):
    def strike(sheet):
        for cell in sheet[3][:5]:
            cell.font = Font(strike=True)

    assert told(written(tmp_path, person("张三", ZHAO), change=strike)) == [("JY904", "疑点", "A3")]


def test_comments_are_told_by_cell_and_one_of_a_death_stops_the_money(tmp_path):
    def comment(sheet):
        for cell, text in {"A3": "已死亡，停发", "F4": "按 500 发", "A1": "初稿", "D5": "未死亡，核实过"}.items():
            sheet[cell].comment = Comment(text, "经办人")

    path = written(tmp_path, person("张三", ZHAO), person("李四", QIAN), person("王五", SUN), change=comment)
    assert told(path) == [("JY904", "疑点", "A3"), ("JY904", "提示", "F4"), ("JY904", "提示", "D5")]
    assert any("A1“初稿”、A3“已死亡，停发”" in notice for notice in read([path]).notices)


def test_comments_that_no_sheet_refers_to_are_told_and_those_that_are_gone_are_refused(tmp_path):
    def note(sheet):
        sheet["A3"].comment = Comment("已死亡", "经办人")

    path = written(tmp_path, person("张三", ZHAO), change=note)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    (own,) = (name for name in parts if "comment" in name.rpartition("/")[2] and name.endswith(".xml"))
    for lost in ("xl/worksheets/_rels/sheet1.xml.rels", own):
        (tmp_path / "少.xlsx").write_bytes(x.zipped({name: part for name, part in parts.items() if name != lost}))
        if lost == own:
            with pytest.raises(InputError, match="缺少批注"):
                read([str(tmp_path / "少.xlsx")])
        else:
            assert any("批注没有归到哪张工作表" in notice for notice in read([str(tmp_path / "少.xlsx")]).notices)


def test_signatures_that_are_pictures_are_told_once_and_hold_nothing(tmp_path):
    def broken(sheet):
        for line in (3, 4):
            sheet.cell(line, 7).value = "#NAME?"
            sheet.cell(line, 7).data_type = "e"

    path = written(tmp_path, person("张三", ZHAO), person("李四", QIAN), change=broken)
    assert told(path) == [("JY902", "提示", "G3")]
    assert read([path]).problems.height == 0


@pytest.mark.parametrize(
    "kept",
    [
        '<c r="@" t="str"><f>_xlfn.DISPIMG("ID_A",1)</f><v>=DISPIMG("ID_A",1)</v></c>',
        '<c r="@" t="e"><f>_xlfn.DISPIMG("ID_A",1)</f><v>#NAME?</v></c>',
        '<c r="@"><f>_xlfn.DISPIMG("ID_A",1)</f></c>',
        '<c r="@" t="e" vm="1"><v>#VALUE!</v></c>',
    ],
)
def test_a_signature_that_is_a_picture_is_one_hint_however_it_is_kept(tmp_path, kept):
    table = [[*HEADER, "签字"], *([*one, x.Raw(kept.replace("@", f"H{n}"))] for n, one in enumerate(PEOPLE, 2))]
    (tmp_path / "表.xlsx").write_bytes(x.workbook(table))
    assert told(str(tmp_path / "表.xlsx")) == [("JY902", "提示", "H2")]


@pytest.mark.parametrize("shape", ['m"月"d"日"', "m-d", "d-mmm"])
def test_a_day_shown_without_its_year_is_not_of_a_year_that_the_title_is_not_of(tmp_path, shape):
    def show(sheet):
        for line in (3, 4):
            sheet.cell(line, 5).number_format = shape

    rows = [
        person("张三", ZHAO, date(2022, 10, 20)),
        person("李四", QIAN, date(2021, 10, 20)),
        person("王五", SUN, date(2022, 10, 20)),
    ]
    roster = read([written(tmp_path, *rows, change=show)])
    assert roster.rows["申请日期"].to_list() == [None, date(2021, 10, 20), date(2022, 10, 20)]
    assert roster.problems.select("_row", "字段", "原文").rows() == [(0, "申请日期", "2022-10-20")]


@pytest.mark.parametrize(
    "name",
    [
        "吕\ufffd一", "吕?二", "吕□三", "吕&#19886;", "吕&nbsp;", "吕\\u4dae", "吕_x4DAE_", "吕%E5%8D%8E", "鐜嬪皬鏄\ufffd", "鐜嬪皬鏄庤", "ÍõÐ¡Ã÷",
        "吕\uf8f0", "吕**", "吕某某", "吕某", "吕XX", "吕○○", "吕戊七、吕戊八", "张三/李四", "张三和李四", "吕戊九等3人", "吕戊九等", "测试", "张三测试", "test1",
    ],
)  # fmt: skip
def test_what_is_not_the_name_of_one_person_is_told(name):
    assert odd_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "吕戊十", "王䶮", "王\ue843", "阿卜杜热合曼·买买提", "张三（已故）", "Tom Smith", "欧阳 娜娜", "和平", "张和平", "李及第", "余与归", "冯等", "甲示例",
        "李〇", "古丽巴哈尔·阿卜杜热依木", "张三(小)", "卓玛",
    ],
)  # fmt: skip
def test_a_name_is_left_alone(name):
    assert odd_name(name) is None


def test_an_odd_name_is_kept_and_told_by_cell(tmp_path):
    path = written(tmp_path, person("吕**", ZHAO), person("李四", QIAN))
    assert read([path]).rows["姓名"].to_list() == ["吕**", "李四"]
    assert told(path) == [("JY902", "疑点", "A3")]


def test_months_as_text_beside_two_digit_ones_may_have_lost_a_zero(tmp_path):
    def starts(*texts):
        path = tmp_path / "表.csv"
        path.write_text(
            "姓名,身份证号,就业开始日期\n" + "".join(f"张{n},{ZHAO},{t}\n" for n, t in enumerate(texts)), encoding="utf-8"
        )
        roster = read([str(path)])
        return roster.problems["原文"].to_list()

    assert starts("2021.1", "2021.11") == ["2021.1"]
    assert starts("2022.1", "2021.12", "2021.1") == ["2022.1", "2021.1"]
    assert starts("2021.1", "2021.03") == ["2021.1"]
    assert starts("2021.1", "2021.11", "2021.10") == []
    assert starts("2021.1", "2021.3") == []
    assert starts("2021-1", "2021-11") == []


def test_work_that_goes_on_ends_on_the_day_of_filling_in(tmp_path):
    header = ("姓名", "身份证号", "外出时间", "返乡时间")
    rows = [("张三", ZHAO, "2021年3月", "至今"), ("李四", QIAN, "2021年3月", "未返乡"), ("王五", SUN, "2022年3月", "至今")]
    dated = read([book(tmp_path, ("填报日期：2021年12月10日",), header, *rows)])
    assert dated.rows["务工结束日期"].to_list() == [date(2021, 12, 10)] * 2 + [None]
    assert dated.problems["_row"].to_list() == [2]
    silent = read([book(tmp_path, header, *rows, name="二.xlsx")])
    assert silent.rows["务工结束日期"].null_count() == 3
    assert "填报日期" in silent.problems["原因"][0]


def test_a_row_of_nothing_but_sums_is_a_total(tmp_path):
    header = ("姓名", "身份证号", "申请金额")
    people = [("张三", ZHAO, 800), ("李四", QIAN, 700)]
    below = read([book(tmp_path, header, *people, (None, None, 2500))])
    assert below.rows.height == 2
    assert [(total.stated, total.computed) for total in below.sheets[0].totals] == [(250000, 150000)]
    between = read(
        [book(tmp_path, header, *people, (None, None, 1500), ("王五", SUN, 600), (None, None, 2100), name="二.xlsx")]
    )
    assert between.rows["姓名"].to_list() == ["张三", "李四", "王五"]
    shared = read([book(tmp_path, header, *people, (None, None, 300), ("王五", SUN, 600), name="三.xlsx")])
    assert shared.rows.height == 4


def test_what_is_struck_out_of_a_shared_text_does_not_stand_either(tmp_path):
    path = written(tmp_path, person("张三", ZHAO, amount=struck("800", "500")), person("李四", QIAN, amount="900"))
    texts = b"".join(
        f"<si>{item}</si>".encode()
        for item in ("<t>900</t>", "<r><rPr><strike/><sz val='11'/></rPr><t>800</t></r><r><rPr><b/></rPr><t>500</t></r>")
    )
    space = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'

    def shared(name, part):
        if name.endswith("sheet1.xml"):
            part = re.sub(rb'(<c r="F3"[^>]*?) ?t="inlineStr">.*?</c>', rb'\1 t="s"><v>1</v></c>', part)
            return re.sub(rb'(<c r="F4"[^>]*?) ?t="inlineStr">.*?</c>', rb'\1 t="s"><v>0</v></c>', part)
        if name == "xl/_rels/workbook.xml.rels":
            kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
            one = f'<Relationship Id="rId99" Type="{kind}" Target="sharedStrings.xml"/></Relationships>'
            return part.replace(b"</Relationships>", one.encode())
        return part

    rezip(path, shared)
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("xl/sharedStrings.xml", b"<sst " + space + b">" + texts + b"</sst>")
    roster = read([path])
    assert roster.problems.select("_row", "字段", "原文").rows() == [(0, "申请金额", "500")]
    assert roster.rows["申请金额"].to_list() == [None, 90000]


def test_what_is_presumed_of_a_place_or_of_whole_months_is_stated(tmp_path):
    header = ("姓名", "身份证号", "人员类别", "务工省", "务工县", "有组织输出", "申请日期", "申请金额")
    rows = [(*("张三", ZHAO, "脱贫户", "山西省"), county, "是", "2021-10-20", 300) for county in ("静乐", "清徐")]
    roster = read([book(tmp_path, ("静乐县2021年省内务工交通补贴花名册",), header, *rows)])
    near, far = describe(assess(roster, PACK), roster).select("结果", "假定").rows()
    assert near[0] == "不符合"
    assert far[0] == "可发放"
    assert "户籍县未填，按表题的静乐县" in far[1]
    workshop = ("姓名", "身份证号", "人员类别", "单位名称", "就业开始日期", "就业结束日期", "补贴月数", "申请日期", "申请金额")
    spans = [
        ("2021年1月", "2021年3月"),
        ("2021年1月", "2021-03-31"),
        ("2021-01-01", "2021-03-31"),
        ("2021-01-31", "2021-03-01"),
    ]
    people = [("张三", ZHAO, "农村就业困难人员", "示例车间", *span, 3, "2021-12-15", 1500) for span in spans]
    shops = [
        read([book(tmp_path, ("就业帮扶车间带动就业示范奖补花名册",), workshop, one, name=f"{n}.xlsx")])
        for n, one in enumerate(people)
    ]
    said = [describe(assess(shop, FENGDU), shop).select("结果", "假定").rows()[0] for shop in shops]
    assert [result for result, _ in said] == ["可发放", "可发放", "可发放", "不符合"]
    assert ["按整月算" in assumed for _, assumed in said] == [True, True, False, False]


def test_what_an_audit_wrote_into_a_copy_is_not_the_clerk_s_own(tmp_path):
    path = book(tmp_path, books.HEADER, *people(3))
    workbook = load_workbook(path)
    sheet = workbook.active
    sheet["A2"].comment = Comment("JY904 疑点  行上写着死亡，却照样申领\n建议：从表上删去", "jybf 审核")
    sheet["A3"].comment = Comment("已电话核实\n\nJY501 拦截  多出 200.00 元", "会计")
    for column, name in enumerate(("审核结论", "审核说明", "涉及金额"), len(books.HEADER) + 1):
        sheet.cell(1, column, name)
        sheet.cell(2, column, "疑点：死亡，却照样申领")
    workbook.save(path)
    assert [(note.kind, note.text) for note in read([path]).sheets[0].notes] == [("批注", "已电话核实")]


def test_of_two_columns_of_one_name_the_second_is_heard_too(tmp_path):
    path = book(tmp_path, (*books.HEADER, "备注", "备注"), (*people(1)[0], "", "已死亡"))
    assert [note.text for note in read([path]).sheets[0].notes] == ["“备注”里写着“已死亡”，这一列没有用到"]


def test_a_finding_shows_the_cell_that_says_it_and_says_what_to_do_with_that_cell(tmp_path):
    head, row = (*HEAD, "务工单位", "其他"), person("张三", ZHAO)
    path = book(tmp_path, head, [*row, "某厂（已停发）", ""], [*person("李四", QIAN), "某厂", "已死亡"])
    roster = read([path])
    found = audit(roster, PACK, assess(roster, PACK)).rows.filter(pl.col("编号") == "JY904")
    assert found.select("单元格", "当前值").rows() == [("H2", "某厂（已停发）"), ("I3", "已死亡")]
    assert [todo for todo in found["建议"] if "备注" in todo] == []
