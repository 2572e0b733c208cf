"""The dictionary of headers: what each spelling means, and how a broken dictionary says so."""

import pytest

from jybf.errors import PackError
from jybf.model import Field
from jybf.vocabulary.fields import Choice, load_fields

FIELDS = load_fields()


def named(found):
    """The name of a field found, None when unknown."""
    return found.name if isinstance(found, Field) else found


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("＊身份证号码（必填）", "身份证号"),
        ("身份証号", "身份证号"),
        ("银行帐号", "银行账号"),
        ("联系\n电话", "联系电话"),
        ("户主姓名", "户主姓名"),
        ("法人身份证号", "法定代表人身份证号"),
        ("是否有组织输出", "有组织输出"),
        ("是否仍在缴费", "仍在缴费"),
        ("是否在缴", "仍在缴费"),
        ("目前是否参保", "仍在缴费"),
        ("是否购买意外险", "意外险"),
        ("是否劳务派遣", "劳务派遣"),
        ("享受低保情况", "低保特困"),
        ("县（市、区）", "户籍县"),
        ("务工省份", "务工省"),
        ("务工地点（省）", "务工省"),
        ("协议开始", "合同开始日期"),
        ("协议截止", "合同结束日期"),
        ("往返车票金额（元）", "票据金额"),
        ("用工单位", "单位名称"),
        ("务工企业", "务工单位"),
        ("补贴标准（元/月）", "补贴标准"),
        ("2021年度申请金额", "申请金额"),
        ("本人身份证号", "身份证号"),
        ("联系电话（请填手机号）", "联系电话"),
    ],
)
def test_a_header_is_known_in_its_spellings(header, field):
    assert named(FIELDS.find(header)) == field


@pytest.mark.parametrize("header", ["身份证号（户主）", "某某姓名", "姓名拼音", "补贴金额说明", "时间", "日期", "是否跨省"])
def test_a_header_that_only_contains_a_known_one_is_unknown(header):
    assert FIELDS.find(header) is None


@pytest.mark.parametrize(
    ("parent", "child", "field"),
    [
        ("务工情况", "省份", "务工省"),
        ("银行信息", "账号", "银行账号"),
        ("补贴金额", "岗位补贴", "岗位补贴"),
        ("户主", "姓名", "户主姓名"),
        ("基本情况", "姓名", "姓名"),
        ("法定代表人", "联系电话", None),  # not the person's own
        ("身份证号", "", "身份证号"),
    ],
)
def test_a_merged_header_is_read_with_its_parent(parent, child, field):
    assert named(FIELDS.join(parent, child)) == field


def test_a_header_of_two_fields_is_a_choice():
    assert isinstance(FIELDS.find("补贴金额（元）"), Choice)


def test_every_composite_field_has_targets_and_every_enum_values():
    assert all(f.into for f in FIELDS.by_name.values() if f.type in ("range", "worktime", "months", "address"))
    assert all(f.values for f in FIELDS.by_name.values() if f.type == "enum")


def test_all_faults_of_a_dictionary_are_told_at_once(tmp_path):
    path = tmp_path / "fields.toml"
    path.write_text(
        """
        [[field]]
        name = "甲"
        type = "text"
        aliases = ["丁", "*戊"]
        [[field]]
        name = "乙"
        type = "range"
        into = ["丙"]
        aliases = ["戊（元）"]
        [[field]]
        name = "己"
        type = "number"
        [[field]]
        name = "庚"
        type = "text"
        alias = ["辛"]
        """,
        encoding="utf-8",
    )
    with pytest.raises(PackError) as refused:
        load_fields(path)
    said = str(refused.value)
    for fault in (
        "既指“甲”又指“乙”",
        "字段“丙”没有声明",
        "第 13 行 己：“type”没有“number”这个取值",
        "庚：没有“alias”这个键，是不是“aliases”",
    ):
        assert fault in said


def test_headers_in_traditional_characters_are_known():
    fields = load_fields()
    written = [
        "身份證號碼",
        "戶編號",
        "聯繫電話",
        "務工省份",
        "申請金額",
        "申請日期",
        "銀行賬號",
        "人員類別",
        "補貼標準",
        "單位名稱",
        "鄉鎮",
        "實發金額",
    ]
    meant = [
        "身份证号",
        "户编号",
        "联系电话",
        "务工省",
        "申请金额",
        "申请日期",
        "银行账号",
        "人员类别",
        "补贴标准",
        "单位名称",
        "乡镇",
        "发放金额",
    ]
    assert [getattr(fields.find(header), "name", header) for header in written] == meant
