"""The bank's file: exact to the byte, and not written at all where a payment can't arrive. All persons are invented."""

import io

import openpyxl
import polars as pl
import pytest
from msgspec.structs import replace

from jybf.errors import OutputError, PackError, UsageError
from jybf.report.bank import PAYMENT, write_bank
from jybf.report.bank_layout import Layout, find_layout, layouts, load_layout
from jybf.vocabulary.fields import rules_dir
from tests.audit.rosters import number

CARD, CARD2 = "6217000010001234569", "6228480402564890018"
CODE = "91140926MA0FAKE024"


def payments(*changes):
    """A sound payment for each of ``changes``, which say in what it differs."""
    sound = dict.fromkeys(PAYMENT, "") | {
        "补贴项目": "跨省务工交通补贴",
        "姓名": "甲示例",
        "收款人": "甲示例",
        "账号": CARD,
        "金额": 80_000,
    }
    rows = [sound | {"笔号": n, "身份证号": number(n), "收款人证号": number(n)} | one for n, one in enumerate(changes, 1)]
    return pl.DataFrame(rows, PAYMENT)


TWO = payments({}, {"姓名": "乙𠮷例", "收款人": "乙𠮷例", "账号": CARD2, "金额": 50_005, "开户银行": "示例农商行"})


def written(tmp_path, frame=TWO, layout="pipe", suffix="txt", **options):
    target = tmp_path / f"代发.{suffix}"
    sent = write_bank(frame, find_layout(layout), target, **{"stated": int(frame["金额"].sum())} | options)
    return target.read_bytes(), sent


def refused(tmp_path, frame, layout="pipe", suffix="txt", **options):
    with pytest.raises(OutputError) as error:
        written(tmp_path, frame, layout, suffix, **options)
    assert list(tmp_path.iterdir()) == []
    return [str(replace(problem, hint="") if "冲销" in problem.hint else problem) for problem in error.value.problems]


def test_a_text_file_is_as_the_layout_says_and_has_every_rare_name(tmp_path):
    data, sent = written(tmp_path)
    assert data.decode("gb18030").split("\r\n") == [
        "F|2|130005",
        f"1|{CARD}|甲示例|80000|就业帮扶补贴",
        f"2|{CARD2}|乙𠮷例|50005|就业帮扶补贴",
        "",
    ]
    assert (sent.fen, sent.lines.rows(), sent.told) == (130_005, [(1, [1]), (2, [2])], ())


def test_a_file_with_a_header_ends_in_its_control_line(tmp_path):
    data, _ = written(tmp_path, layout="逗号文本", suffix="csv")
    assert data.decode("gb18030").split("\r\n") == [
        "序号,收款账号,收款户名,证件号码,开户行,币种,金额,用途",
        f"1,{CARD},甲示例,{number(1)},,人民币,800.00,跨省务工交通补贴",
        f"2,{CARD2},乙𠮷例,{number(2)},示例农商行,人民币,500.05,跨省务工交通补贴",
        "合计,2,,,,,1300.05",
        "",
    ]


def test_a_sheet_keeps_accounts_as_text_and_sums_as_numbers(tmp_path):
    data, _ = written(tmp_path, layout="sheet", suffix="xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(data))["代发"]
    assert [cell.value for cell in sheet[1]] == ["序号", "账号", "户名", "开户银行", "金额", "备注", "笔号"]
    assert [cell.value for cell in sheet[3]][1:5] == [CARD2, "乙𠮷例", "示例农商行", 500.05]
    assert (sheet["B3"].data_type, sheet["E3"].number_format) == ("s", "#,##0.00")


FAULTS = {
    "没有账号": {"账号": ""},
    "账号写的是身份证号": {"账号": number(1), "收款人证号": number(1)},
    "账号写的是电话号码": {"账号": "13900000001"},
    "银行卡号校验位不对，可能录错一位": {"账号": "6217000010001234568"},
    "账号位数过少": {"账号": "1234567"},
    "账号夹有别的字符": {"账号": "6217****1234"},
    "没有收款人": {"收款人": ""},
    "金额不是大于零的数": {"金额": 0},
    "“户名”以“=”开头，表格软件会当成公式": {"收款人": "=甲"},
    "“户名”里有“|”，银行会读错列": {"收款人": "甲|乙"},
    "“户名”有看不见或认不出的字符": {"收款人": "甲\u202e乙"},
    "“户名”有 64 个字节，银行最多收 60 个": {"收款人": "甲" * 32},
}


def test_all_that_keeps_a_payment_from_arriving_is_told_at_once_and_nothing_is_written(tmp_path):
    told = refused(tmp_path, payments(*FAULTS.values()))
    assert sorted(told) == sorted(
        f"第 {n} 笔 {change.get('姓名', '甲示例')}：{fault}" for n, (fault, change) in enumerate(FAULTS.items(), 1)
    )


@pytest.mark.parametrize("change", [{"账号": "13900000001"}, {"账号": "140926199001010016"}], ids=["a phone's", "a citizen's"])
def test_an_employers_account_may_look_like_another_number(tmp_path, change):
    data, _ = written(tmp_path, payments({"收款人": "甲厂", "收款人证号": CODE} | change))
    assert change["账号"] in data.decode("gb18030")


def test_another_sum_than_the_batch_s_and_one_payment_twice_are_refused(tmp_path):
    told = refused(tmp_path, payments({"笔号": 7}, {"笔号": 7, "账号": CARD2}), stated=80_000)
    assert told[:2] == ["第 7 笔 甲示例：同一笔出现了两次"] * 2
    assert told[2].startswith("这一批记的是 800.00 元，各笔加起来是 1600.00 元")
    assert refused(tmp_path, payments(), stated=0) == ["没有要发的"]


def test_what_gbk_cannot_say_is_refused_and_not_replaced(tmp_path):
    text = (rules_dir() / "bank/pipe.toml").read_text(encoding="utf-8").replace("gb18030", "gbk")
    own = tmp_path / "自己的.toml"
    own.write_text(text, encoding="utf-8")
    with pytest.raises(OutputError, match="“户名”的“𠮷”，gbk 里没有这个字"):
        write_bank(TWO, find_layout(str(own)), tmp_path / "代发.txt", stated=130_005)


def test_one_person_of_several_payments_and_one_account_of_several_people_are_told(tmp_path):
    mother = {"收款人": "丙示例", "收款人证号": number(9), "账号": CARD2}
    frame = payments(
        {}, {"身份证号": number(1), "收款人证号": number(1)}, mother | {"姓名": "丁示例"}, mother | {"姓名": "戊示例"}
    )
    data, sent = written(tmp_path, frame)
    assert len(data.decode("gb18030").split()) == 5
    assert sent.told == (
        "同一个人有几笔的 2 人：甲示例 2 笔 1600.00 元；丙示例 2 笔 1600.00 元。各是一行，没有合并",
        "一个账号收几个人的钱的 1 个：丁示例、戊示例。先核对",
    )


def test_only_what_goes_to_one_payee_on_one_account_is_merged_and_only_on_request(tmp_path):
    rows = [{"补贴项目": "甲补贴"}, {"补贴项目": "乙补贴"}, {"收款人": "乙示例"}, {"账号": CARD2}]
    data, sent = written(tmp_path, payments(*rows), "comma", "csv", merge=True)
    lines = [line.split(",") for line in data.decode("gb18030").split("\r\n")[1:4]]
    assert [(line[1], line[2], line[6], line[7]) for line in lines] == [
        (CARD, "甲示例", "1600.00", "甲补贴、乙补贴"),
        (CARD, "乙示例", "800.00", "跨省务工交通补贴"),
        (CARD2, "甲示例", "800.00", "跨省务工交通补贴"),
    ]
    assert (sent.fen, sent.lines["笔号"].to_list()) == (320_000, [[1, 2], [3], [4]])


def test_the_workers_of_an_employer_are_no_several_people_of_its_account(tmp_path):
    firm = {"单位": "甲厂", "收款人": "甲厂", "收款人证号": CODE, "账号": "14000000001"}
    _, sent = written(tmp_path, payments(firm | {"姓名": "甲示例"}, firm | {"姓名": "乙示例"}), merge=True)
    assert sent.told == ("同一个人有几笔的 1 人：甲厂 2 笔 1600.00 元。账号和户名都相同的已合成一笔",)


def test_a_suffix_that_the_layout_has_not_is_refused(tmp_path):
    assert refused(tmp_path, TWO, suffix="csv")[0].endswith("“竖线文本”写不成 .csv（可用：.txt）")


def test_three_layouts_are_shipped_and_one_can_be_found_by_its_name():
    assert [*layouts()] == ["comma", "pipe", "sheet"]
    assert find_layout("电子表格") is layouts()["sheet"]
    with pytest.raises(UsageError, match="pipe（竖线文本）"):
        find_layout("竖线文")


def test_all_faults_of_a_layout_are_told_at_once_with_file_and_key(tmp_path):
    path = tmp_path / "甲行.toml"
    path.write_text(
        """
name = "甲行"
about = ""
forms = ["txt", "xlsx"]
delimiter = "||"
header = false
amount = "角"
remark = "{年月}"
[[column]]
head = "账号"
value = "账号"
text = "又写"
[[column]]
head = "账号"
value = "卡号"
[control]
place = "首行"
[[control.column]]
value = "笔数"
""",
        encoding="utf-8",
    )
    with pytest.raises(PackError) as error:
        load_layout(path)
    told = str(error.value)
    for words in ("“amount”没有“角”这个取值", "“value”没有“卡号”这个取值", "第 7 行", "第 15 行"):
        assert words in told
    path.write_text(path.read_text(encoding="utf-8").replace("角", "元").replace("卡号", "收款人"), encoding="utf-8")
    with pytest.raises(PackError) as error:
        load_layout(path)
    assert [str(problem).removeprefix("甲行.toml ") for problem in error.value.problems] == [
        "delimiter：分隔符“||”应是一个字符，不能是引号或换行",
        "header：xlsx 的表都有表头",
        "remark：附言里的“{年月}”认不得，可用 {补贴项目}",
        "column 账号：value 和 text 要写一个，只能写一个",
        "column 账号：表头不能空着，也不能与别的列一样",
        "column：“金额”要有一列，只能有一列",
        "control.place：xlsx 的控制行只能在末行",
        "control.column：控制行没有写金额",
    ]


def test_the_rules_readme_names_every_layout_key_and_value():
    text = (rules_dir() / "README.md").read_text(encoding="utf-8")
    part = text[text.index("### 银行文件") :]
    names = [f"`{path}.toml`" for path in layouts()] + [f"| {layout.name} |" for layout in layouts().values()]
    keys = [f"`{key}`" for key in Layout.__struct_fields__ if key not in ("column", "control")]
    values = [
        f"`{value}`"
        for value in ("序号", "账号", "收款人", "收款人证号", "开户银行", "金额", "附言", *list(PAYMENT)[:1], "补贴项目")
    ]
    assert [word for word in (*names, *keys, *values) if word not in part] == []
