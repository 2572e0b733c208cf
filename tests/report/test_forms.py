"""A form that goes out comes back readable: its columns, its example, what may be written in it, and what calc makes of it."""

import re
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from jybf.audit.forms import columns_of, columns_of_list
from jybf.commands.request import Delivery
from jybf.commands.template import template
from jybf.errors import JybfError
from jybf.model import PAID, RESULTS, UNDETERMINED
from jybf.policy.folders import VARIABLE
from jybf.report.form_sheets import guide, header
from jybf.report.screen import on_paper
from jybf.report.survey import print_survey
from jybf.roster import Options, kinds, parse_against, read, reading_lists
from jybf.roster.inspect import inspect
from jybf.vocabulary.fields import Choice, load_fields
from tests.assess.test_completions import SPACES
from tests.forms import OFFICE, filled, judged, lawful, meant, resaved
from tests.roster.books import idno, text

OWN = Path(__file__).parents[2] / "sample_data" / "规则"
KINDS = ("跨区域交通补助", "一次性创业补助", "就业帮扶基地奖补", "以工代训补贴", "创业担保贷款贴息", "雨露计划")
MUST = ("身份证号", "人员类别", "务工省", "申请日期")
GOOD = {RESULTS.index(PAID), RESULTS.index(UNDETERMINED)}


def written(folder, *names, of_list="", name="空表.xlsx", **more):
    path = folder / name
    template(names, of_list, Delivery(output=str(path), quiet=True), **{"rows": 3, **more})
    return path


def test_a_county_that_has_its_own_law_has_its_own_form(tmp_path, monkeypatch):
    monkeypatch.setenv(VARIABLE, "")  # so that the folder is forgotten afterwards
    path = written(tmp_path, "临猗县", "跨省", rules=str(OWN))
    (form, guide_) = openpyxl.load_workbook(path).worksheets
    assert "临猗县" in str(form["A1"].value)
    assert any("1500" in str(cell.value) for row in guide_ for cell in row)


def test_each_column_of_each_form_is_named_for_its_field():
    for space in SPACES.values():
        for column in columns_of(space.pack, space.program):
            found = load_fields().find(header(column))
            assert found == column.field or (isinstance(found, Choice) and found.otherwise == column.field.name)


def test_what_is_filled_in_is_what_calc_reads(tmp_path):
    """Of each kind of programme one; tests/bench/forms.py has all."""
    spaces = [SPACES[f"fengdu {name}"] for name in KINDS]
    pairs = {space.program.id: meant(space, lawful(space, 4, seed=2)) for space in spaces}
    path = filled(tmp_path / "表.xlsx", "fengdu", spaces, {name: rows for name, (rows, _) in pairs.items()})
    assert judged(path, spaces) == ([], {name: verdicts for name, (_, verdicts) in pairs.items()})
    assert all(GOOD & {result for result, _ in verdicts} for _, verdicts in pairs.values())


@pytest.mark.skipif(not OFFICE, reason="LibreOffice is not installed; tests/bench/forms.py tries all forms by it")
def test_a_form_that_libreoffice_has_saved_reads_the_same(tmp_path):
    space = SPACES["shanxi 跨省务工交通补贴"]
    rows, verdicts = meant(space, lawful(space, 4, seed=3))
    path = resaved(filled(tmp_path / "表.xlsx", "shanxi", [space], {space.program.id: rows}))
    assert judged(path, [space]) == ([], {space.program.id: verdicts})


def test_the_example_is_nobodys_row_and_an_empty_form_has_no_one_to_pay(tmp_path):
    path = written(tmp_path, "静乐县", "跨省")
    with pytest.raises(JybfError, match=r"没有一行数据.*还没有填"):
        read([str(path)])
    book = openpyxl.load_workbook(path)
    sheet = book["跨省务工交通补贴"]
    heads = {cell.value: cell.column for cell in sheet[3]}
    sheet.cell(5, heads["＊姓名"]).value, sheet.cell(5, heads["＊身份证号"]).value = "某甲", idno("14092619880101401")
    book.save(path)
    roster = read([str(path)])
    assert [notice for notice in roster.notices if "填表说明" in notice] == []
    assert roster.sheets[0].lines == {"表题": 2, "表头": 1, "数据": 1, "合计": 1, "示例": 1, "落款": 1, "空行": 2}
    assert roster.rows["姓名"].to_list() == ["某甲"]
    assert roster.sheets[0].title.startswith("静乐县跨省务工交通补贴花名册")


def test_a_form_says_what_may_be_written_in_it(tmp_path):
    sheet = openpyxl.load_workbook(written(tmp_path, "fengdu", "一次性吸纳"))["一次性吸纳就业补贴"]
    heads = {cell.value: cell.column_letter for cell in sheet[3]}
    rules = {str(rule.sqref).split(":")[0].rstrip("0123456789"): rule for rule in sheet.data_validations.dataValidation}
    assert sheet.freeze_panes == "A4"
    assert rules[heads["＊人员类别"]].formula1.startswith('"脱贫人口,')
    assert rules[heads["＊仍在缴费"]].formula1 == '"是,否"'
    assert rules[heads["申请金额（元）"]].type == "decimal"
    assert "ISNUMBER" in rules[heads["＊申请日期"]].formula1
    assert sheet.column_dimensions[heads["＊身份证号"]].number_format == "@"
    assert rules[heads["大写金额"]].type is None  # 捌佰元整 is no number
    assert sheet.column_dimensions[heads["大写金额"]].number_format == "@"
    assert sheet.print_title_cols == f"$A:${heads['＊姓名']}"
    assert [sheet[f"{heads[name]}4"].value for name in ("单位名称", "开户名")] == ["示例有限公司"] * 2
    assert not sheet[f"{heads['对公账号']}4"].value.startswith("62")


def test_a_sum_in_characters_is_read_where_the_form_asks_for_it(tmp_path):
    path = written(tmp_path, "静乐县", "跨省")
    book = openpyxl.load_workbook(path)
    sheet = book["跨省务工交通补贴"]
    heads = {cell.value: cell.column for cell in sheet[3]}
    sheet.cell(5, heads["＊姓名"]).value, sheet.cell(5, heads["大写金额"]).value = "某甲", "捌佰元整"
    book.save(path)
    assert read([str(path)]).rows["大写金额"].to_list() == [80_000]


def test_no_text_of_a_form_teaches_to_leave_a_cell_blank():
    forms = [(space.program, columns_of(space.pack, space.program)) for space in SPACES.values()]
    told = "\n".join(cell for row in guide(forms, "各地").rows.rows() for cell in row)
    assert [words for words in ("按上限核定", "按票据金额核定", "按未享受", "人工核\n", "这一行作数") if words in told] == []
    assert re.findall(r"[0-9]文末", told) == []


def test_a_brief_form_leaves_out_what_only_the_audit_reads():
    space = SPACES["shanxi 跨省务工交通补贴"]
    brief, whole = ({c.field.name for c in columns_of(space.pack, space.program, brief=b)} for b in (True, False))
    assert brief < whole
    assert {"务工省", "申请金额", "银行账号"} <= brief
    assert {"审批日期", "务工单位", "开户人身份证号"} <= whole - brief


def test_another_sheet_that_is_called_as_the_guide_is_told_as_any(tmp_path):
    path = written(tmp_path, "静乐县", "跨省")
    book = openpyxl.load_workbook(path)
    book["跨省务工交通补贴"]["E5"] = "某甲"
    book["填表说明"]["A1"] = "2021年补发的人"
    book.save(path)
    assert [notice for notice in read([str(path)]).notices if "填表说明" in notice]


def test_inspect_lists_the_blank_cells_of_the_columns_that_must_be_filled(tmp_path):
    path = written(tmp_path, "静乐县", "跨省")
    book = openpyxl.load_workbook(path)
    sheet = book["跨省务工交通补贴"]
    heads = {cell.value: cell.column for cell in sheet[3]}
    for line, name in ((5, "某甲"), (7, "某乙")):
        sheet.cell(line, heads["＊姓名"]).value = name
    sheet.cell(5, heads["＊人员类别"]).value = "脱贫人口"
    sheet.cell(7, heads["＊务工省"]).value = "不知道是哪里"
    book.save(path)
    (survey,) = inspect([str(path)], Options(), lambda _: None)
    number, category, province, day = (sheet.cell(3, heads[f"＊{n}"]).column_letter for n in MUST)
    assert {(gap.field, gap.cells) for gap in survey.sheets[0].blanks} == {
        ("身份证号", (f"{number}5", f"{number}7")),
        ("人员类别", (f"{category}7",)),
        ("务工省", (f"{province}5",)),
        ("申请日期", (f"{day}5", f"{day}7")),
    }
    shown = on_paper(lambda screen: print_survey([survey], screen), mask=True).decode()
    assert "6 处必填的空着" in shown
    assert f"2 格  “身份证号”是必填的，空着：{number}5、{number}7" in shown
    assert f"{category}7    “人员类别”是必填的，空着\n" in shown


@pytest.mark.parametrize("name", kinds())
def test_the_form_of_a_list_has_its_keys_and_what_a_hit_must_say(name):
    kind = kinds()[name]
    assert {*kind.keys, *kind.wants} <= {column.field.name for column in columns_of_list(kind)}


def test_nothing_in_the_guide_can_be_taken_for_the_header_of_a_column():
    forms = [(space.program, columns_of(space.pack, space.program)) for space in SPACES.values()]
    forms += [(kind, columns_of_list(kind)) for kind in kinds().values()]
    cells = {cell for row in guide(forms, "各地").rows.rows() for cell in row}
    assert [cell for cell in cells if load_fields().find(cell)] == []


@pytest.mark.parametrize(
    ("names", "of_list", "output", "said"),
    [
        ((), "", "空表.xlsx", "要写地区"),
        (("山西",), "死亡", "空表.xlsx", "名单不分地区"),
        (("山西",), "", "空表.csv", "只能写成 xlsx"),
        (("山西", "没有的项目"), "", "空表.xlsx", "没有项目“没有的项目”"),
        ((), "死忘", "空表.xlsx", "没有“死忘”这种名单"),
        (("山西",), "", "已有.xlsx", "不覆盖"),
    ],
)
def test_what_can_not_be_written_is_told(tmp_path, names, of_list, output, said):
    (tmp_path / "已有.xlsx").write_bytes(b"")
    with pytest.raises(JybfError, match=said):
        written(tmp_path, *names, of_list=of_list, name=output)


def test_a_list_that_was_filled_in_is_held_against_the_roster(tmp_path):
    path, number = written(tmp_path, of_list="火化"), idno("14092619880101401")
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["死亡", "填表说明"]
    assert "合计" not in {cell.value for cell in book["死亡"]["A"]}
    heads = {cell.value: cell.column for cell in book["死亡"][3]}
    for name, value in {"＊身份证号": number, "＊死亡日期": date(2021, 3, 1)}.items():
        book["死亡"].cell(5, heads[name]).value = value
    book.save(path)
    roster = read([text(tmp_path, f"姓名,身份证号,金额\n某甲,{number},800\n")])
    with reading_lists([parse_against(f"死亡={path}@2021-12-31")], Options()) as held_against:
        (listing,) = held_against(roster)
    assert listing.roster.rows.select("身份证号", "死亡日期").rows() == [(number, date(2021, 3, 1))]
    assert (listing.total, listing.dark, listing.roster.sheets[0].unknown) == (1, 0, ())
