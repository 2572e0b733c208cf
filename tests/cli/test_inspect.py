"""``jybf inspect`` and the map of columns through the program itself."""

import json
from pathlib import Path

import openpyxl
import pytest

from tests.cli.program import HEADER, PAID
from tests.roster.books import book, idno

SAMPLES = sorted(
    path.name
    for path in (Path(__file__).parent.parent.parent / "sample_data").glob("*.*")
    if path.suffix != ".md"
    and not path.name.startswith(("名单_", "退票_"))  # what an audit or a ledger is given beside rosters
)
REGIONS = {"山西": "shanxi", "丰都": "fengdu", "新疆": "xinjiang", "国家": "national", "历史": "shanxi", "无问": "shanxi"}
WANG, ZHAO = idno("11010119900307123"), idno("50023019880101401")


@pytest.fixture
def sample():
    return lambda name: Path(__file__).parent.parent.parent / "sample_data" / name


@pytest.fixture
def odd(tmp_path):
    """A workbook with something of everything that inspect has to tell."""
    path = book(
        tmp_path,
        sheets={
            "甲村": [
                ("某县2021年补贴发放表",),
                ("序号", "姓名", "身份证号", "金额", "爱好", "联系人手机"),
                (1, "王五", WANG, 800, "钓鱼", "13800000001"),
                (2, "赵六", ZHAO[:17] + ("1" if ZHAO[17] != "1" else "2"), "八百多", "下棋", "13800000002"),
                ("合计", None, "3人", 1600, None, None),
                ("填表人：某某",),
            ],
            "说明": [("请如实填写",)],
            "空表": [],
            "底稿": [("姓名", "身份证号"), ("甲", WANG)],
        },
        hidden=("底稿",),
    )
    workbook = openpyxl.load_workbook(path)
    workbook["甲村"].row_dimensions[3].hidden = True
    workbook.save(path)
    return path


def test_a_page_tells_first_whether_it_can_be_read_and_what_must_be_changed(jybf, odd):
    shown = jybf("inspect", odd)
    assert (shown.code, shown.err) == (0, "")
    lines = shown.out.splitlines()
    assert lines[1:3] == ["花名册.xlsx", "能读：2 人，2 处要改，2 列没有用到，2 个合计不符"]
    for said in (
        "“身份证号”：身份证号校验位不符",
        "D4    “金额”（发放金额）：",
        "“爱好”不认识",
        "内容像手机号",
        "D5    “发放金额” 写着 1600.00 元，逐行相加 800.00 元，不符；有 1 格读不出，改好再核",
        "C5    “人数” 写着 3，逐行相加 2，不符",
        "有 1 行被隐藏或筛选掉（第 3 行）",
        "按“发放金额”理解（按表题）",
        "表题 1 · 表头 2 · 数据 3–4（2 行） · 合计 5 · 落款 6",
        "年度 2021",
        "〔说明〕  没有认得的表头，没有读",
        "〔空表〕  空的，没有读",
        "〔底稿〕  隐藏的，没有读",
    ):
        assert said in shown.out, said


def test_ids_are_hidden_on_the_page_and_whole_in_json(jybf, odd):
    broken = ZHAO[:17] + ("1" if ZHAO[17] != "1" else "2")
    assert broken not in jybf("inspect", odd).out
    assert broken in jybf("inspect", odd, "--show-pii").out
    assert broken in jybf("inspect", odd, "-f", "json").out
    assert broken not in jybf("inspect", odd, "-f", "json", "--mask").out


def test_json_has_the_same_facts(jybf, odd):
    found = json.loads(jybf("inspect", odd, "-f", "json").out)
    assert (found["schema"], found["kind"]) == (1, "inspect")
    file = found["files"][0]
    assert (file["文件"], file["类型"], file["能读"], len(file["SHA-256"])) == ("花名册.xlsx", "xlsx", True, 64)
    assert [(s["名称"], s["状态"]) for s in file["工作表"]] == [
        ("甲村", "已读"),
        ("说明", "没有认得的表头，没有读"),
        ("底稿", "隐藏的，没有读"),
        ("空表", "空的，没有读"),
    ]
    sheet = file["工作表"][0]
    assert sheet["隐藏行"] == [3]
    assert {(row["是"], row["从"], row["到"]) for row in sheet["行"]} >= {("表头", 2, 2), ("数据", 3, 4), ("合计", 5, 5)}
    amount = sheet["列"][3]
    assert (amount["列"], amount["表头"], amount["字段"], amount["怎样认出"]) == ("D", "金额", "发放金额", "按表题")
    assert (amount["有值"], amount["读不出"]) == (2, 1)
    assert [(fault["字段"], fault["单元格"]) for fault in sheet["读不出"]] == [("身份证号", ["C4"]), ("发放金额", ["D4"])]
    assert sheet["合计"][0] == {
        "单元格": "D5",
        "项": "发放金额",
        "写着": "1600.00",
        "逐行相加": "800.00",
        "读不出": 1,
        "相符": False,
    }


def test_the_rest_is_shown_where_one_file_or_sheet_cannot_be_read(jybf, roster, tmp_path):
    twice = book(tmp_path, ("姓名", "人员姓名", "身份证号"), ("张三", "李四", WANG), name="两名.xlsx")
    shown = jybf("inspect", tmp_path / "无.xlsx", twice, roster())
    assert shown.code == 3
    assert shown.out.count("不能读：改好下面写的再来") == 2
    assert "文件不存在" in shown.out
    assert "“姓名”（A1）、“人员姓名”（B1）都是“姓名”" in shown.out
    assert "B   人员姓名" in shown.out
    assert "能读：1 人，没有要改的" in shown.out
    assert jybf("calc", twice, "-r", "shanxi").code == 3


def test_what_inspect_calls_unreadable_calc_refuses_and_the_other_way_round(jybf, roster):
    for text, code in ((PAID, 0), (f"{HEADER}\n", 3), ("甲,乙\n1,2\n", 3), ("", 3)):
        path = roster(text)
        assert (jybf("inspect", path).code, jybf("calc", path, "-r", "shanxi").code) == (code, code)


def test_a_text_tells_its_encoding_and_separator(jybf, tmp_path):
    path = tmp_path / "花名册.csv"
    path.write_text(PAID.replace(",", ";"), encoding="gb18030")
    assert "gb18030，分号分隔" in jybf("inspect", path).out


def test_an_ambiguous_column_is_asked_by_calc_and_answered_by_a_map(jybf, roster, tmp_path):
    text = PAID.replace("身份证号", "社会保障号码") + PAID.splitlines()[1].replace("140926198503120013", "A12345678") + "\n"
    path, answers = roster(text), tmp_path / "列名.toml"
    asked = jybf("calc", path, "-r", "shanxi")
    assert asked.code == 3
    assert "“社会保障号码”（B1）可能是“身份证号”、“社会保障卡号”" in asked.err
    assert "--map" in asked.err
    assert jybf("inspect", path, "--write-map", answers).code == 3
    unanswered = jybf("calc", path, "-r", "shanxi", "--map", answers)
    assert (unanswered.code, "还没有定" in unanswered.err) == (2, True)
    answers.write_text(answers.read_text(encoding="utf-8").replace('field = "?"', 'field = "身份证号"'), encoding="utf-8")
    for command in ("calc", "audit"):
        answered = jybf(command, path, "-r", "shanxi", "--map", answers, "-f", "json")
        assert answered.code in (0, 1)
        assert json.loads(answered.out)["provenance"]["列名"].startswith("列名.toml ")
    columns = json.loads(jybf("inspect", path, "--map", answers, "-f", "json").out)["files"][0]["工作表"][0]["列"]
    assert (columns[1]["字段"], columns[1]["怎样认出"], columns[1]["读不出"]) == ("身份证号", "--map", 1)


def test_a_map_is_never_written_over_another_file(jybf, roster, tmp_path):
    path, answers = roster(), tmp_path / "列名.toml"
    answers.write_text("我改了半天", encoding="utf-8")
    refused = jybf("inspect", path, "--write-map", answers)
    assert (refused.code, "已经有这个文件" in refused.err) == (2, True)
    assert answers.read_text(encoding="utf-8") == "我改了半天"
    assert jybf("inspect", path, "--write-map", "列名.txt").code == 2
    assert jybf("inspect", path, "--write-map", path).code == 2


@pytest.fixture
def written(jybf, roster, tmp_path):
    """A roster and the map of it, as written."""
    path, answers = roster(), tmp_path / "列名.toml"
    assert jybf("inspect", path, "--write-map", answers, "-q").err == ""
    return path, answers


@pytest.mark.parametrize("command", [("calc", "-r", "shanxi"), ("audit", "-r", "shanxi"), ("inspect",)])
def test_a_map_that_meets_no_sheet_at_all_is_refused(jybf, written, command):
    path, answers = written
    path = path.rename(path.with_name("改了名.csv"))
    refused = jybf(command[0], path, *command[1:], "--map", answers)
    assert (refused.code, refused.out) == (2, "")
    assert "里面写的是 花名册.csv，读的是 " in refused.err
    assert "改了名.csv" in refused.err


def test_a_map_meant_for_another_sheet_of_the_same_file_is_refused(jybf, tmp_path):
    path, answers = book(tmp_path, ("姓名", "身份证号"), ("张三", WANG), name="某.xlsx"), tmp_path / "列名.toml"
    jybf("inspect", path, "--write-map", answers)
    answers.write_text(answers.read_text(encoding="utf-8").replace('name = "', 'name = "非'), encoding="utf-8")
    for command in (("calc", "-r", "shanxi"), ("inspect",)):
        assert jybf(command[0], path, *command[1:], "--map", answers).code == 2


def test_a_part_of_a_map_that_meets_no_sheet_is_said_aloud(jybf, written):
    path, answers = written
    text = answers.read_text(encoding="utf-8")
    idle = text[text.index("[[sheet]]") :].replace("花名册.csv", "别的.csv")
    answers.write_text(f"{text}\n{idle}", encoding="utf-8")
    assert "别的.csv没有对上任何工作表" in jybf("calc", path, "-r", "shanxi", "--map", answers).err


def test_a_map_of_jybf_toml_that_is_for_other_files_is_no_part_of_the_origin(jybf, written, tmp_path):
    path, _ = written
    (tmp_path / "jybf.toml").write_text('map = "列名.toml"\n', encoding="utf-8")
    path = path.rename(path.with_name("改了名.csv"))
    result = jybf("calc", path, "-r", "shanxi", "-f", "json")
    assert (result.code, "列名.toml" in result.out) == (0, False)


def test_jybf_toml_may_name_a_map(jybf, roster, tmp_path):
    path = roster(PAID.replace("申请金额", "要的钱"))
    assert jybf("inspect", path, "--write-map", "列名.toml").code == 0
    text = (tmp_path / "列名.toml").read_text(encoding="utf-8")
    (tmp_path / "列名.toml").write_text(
        text.replace('header = "要的钱", field = ""', 'header = "要的钱", field = "申请金额"'), encoding="utf-8"
    )
    (tmp_path / "jybf.toml").write_text('map = "列名.toml"\n', encoding="utf-8")
    assert "没有用到" not in jybf("inspect", path).out
    assert '"列名":"列名.toml ' in jybf("calc", path, "-r", "shanxi", "-f", "json").out
    (tmp_path / "jybf.toml").write_text("map = 3\n", encoding="utf-8")
    assert "“map”应是文字" in jybf("calc", path, "-r", "shanxi").err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("-f", "csv"), "可用：table、json"),
        (("--mask", "--show-pii"), "只能用一个"),
        (("--sheet", "1"), "没有工作表"),
        (("--map", "无.toml"), "列名文件读不到"),
    ],
)
def test_what_the_command_line_gets_wrong_is_said(jybf, roster, options, said):
    refused = jybf("inspect", roster(), *options)
    assert (refused.code, refused.out) == (2, "")
    assert said in refused.err


def test_one_sheet_is_shown_alone(jybf, odd):
    shown = jybf("inspect", odd, "--sheet", "底稿").out
    assert "〔底稿〕  1 人" in shown
    assert "甲村" not in shown


def test_no_character_of_a_roster_steers_the_terminal(jybf, tmp_path):
    nasty = "坏\x1b[31m列\u202e"
    path = tmp_path / "花名册.csv"
    path.write_text(f"{nasty}标题\n姓名,身份证号,{nasty}\n{nasty},{WANG},{nasty}\n", encoding="utf-8")
    shown = jybf("inspect", path, "--write-map", "列名.toml").out
    written = (tmp_path / "列名.toml").read_text(encoding="utf-8")
    assert not {"\x1b", "\u202e"} & set(shown + written)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_map_as_written_changes_no_byte_of_the_result(jybf, sample, tmp_path, name):
    path, region = sample(name), REGIONS[name[:2]]
    plain = jybf("calc", path, "-r", region, "-f", "csv", "-q")
    assert jybf("inspect", path, "--write-map", tmp_path / "列名.toml", "-q").code == 0
    mapped = jybf("calc", path, "-r", region, "-f", "csv", "--map", tmp_path / "列名.toml")
    assert (mapped.code, mapped.out) == (0, plain.out)
    assert "没有对上" not in mapped.err


def test_numbers_of_persons_in_a_title_are_hidden_too(jybf, roster):
    path = roster(f"某镇2021年花名册 联系电话：13912345678\n{PAID}")
    assert "13912345678" not in jybf("inspect", path).out
    assert "13912345678" in jybf("inspect", path, "-f", "json").out


def test_numbers_of_persons_that_stand_as_headers_are_hidden_but_whole_in_a_map(jybf, roster):
    path = roster(f"甲,{WANG},脱贫户,6222020000001234567\n乙,{ZHAO},脱贫户,6222020000001234568\n")
    shown = jybf("inspect", path, "--write-map", "列名.toml")
    assert shown.code == 3
    assert not {WANG, "6222020000001234567"} & set(shown.out.replace("”", " ").replace("“", " ").split())
    assert WANG in Path("列名.toml").read_text(encoding="utf-8")


def test_a_folder_is_named_above_its_refusal(jybf):
    shown = jybf("inspect", ".")
    assert (shown.code, shown.out.splitlines()[1]) == (3, ".")


def test_every_text_that_cannot_be_read_is_shown_with_its_cells(jybf, tmp_path):
    people = [
        (f"张{n}", WANG, text) for n, text in enumerate(("六百五", "约800", "六百五", 800, *(f"看{n}" for n in range(30))))
    ]
    shown = jybf("inspect", book(tmp_path, ("姓名", "身份证号", "申请金额（元）"), *people)).out
    assert "C2、C4 六百五 · C3 约800 · C6 看0 · " in shown
    assert "C22 看16 … 等 33 格" in shown
    assert "看17" not in shown


def test_a_total_over_cells_that_cannot_be_read_is_not_said_to_be_right(jybf, tmp_path):
    people = [("张三", WANG, 800), ("李四", WANG, "八百左右")]
    path = book(tmp_path, ("姓名", "身份证号", "申请金额"), *people, ("合计：800元",))
    assert "A4  “申请金额” 写着 800.00 元，有 1 格读不出，无法核对" in jybf("inspect", path).out
    total = json.loads(jybf("inspect", path, "-f", "json").out)["files"][0]["工作表"][0]["合计"][0]
    assert (total["单元格"], total["读不出"], total["相符"]) == ("A4", 1, False)


def test_rows_below_a_merged_sum_leave_no_gap_in_the_total(jybf, tmp_path):
    people = [("张三", WANG, 800), ("李四", WANG, None)]
    path = book(tmp_path, ("姓名", "身份证号", "申请金额"), *people, ("合计", None, 800), merge=("C2:C3",))
    assert "✓ 与逐行相加相符" in jybf("inspect", path).out


def test_a_header_that_names_too_little_is_told_what_is_missing(jybf, roster):
    shown = jybf("inspect", roster("姓名,甲,乙\n张三,1,2\n"))
    assert shown.code == 3
    assert "认得的列名只有 1 个：姓名；至少要 3 个，或 2 个且有姓名、身份证号、单位名称之一" in shown.out
    assert "“姓名”不认识" not in shown.out


def test_the_fields_that_a_map_may_name_are_listed(jybf, roster):
    jybf("inspect", roster(), "--write-map", "列名.toml")
    assert "jybf rules fields" in Path("列名.toml").read_text(encoding="utf-8")
    listed = jybf("rules", "fields").out
    assert "\n身份证号  身份证号\n  表头也写作：" in listed
    some = jybf("rules", "fields", "一卡通").out
    assert "银行账号  账号" in some
    assert "务工省" not in some
    unknown = jybf("rules", "fields", "申请金客")
    assert (unknown.code, "相近的：申请金额" in unknown.err) == (2, True)


def test_what_stands_in_a_month_is_told_by_its_own_cell_and_alike_cells_together(jybf, roster):
    head = f"某公司2021年以工代训花名册\n姓名,身份证号,1月,2月,3月\n甲某,{WANG},√,v,√\n"
    out = jybf("inspect", roster(f"{head}乙某,{ZHAO},√,v,√\n")).out
    assert "“2月”" in out
    assert "D3、D4 v" in out
    assert "C3" not in out
