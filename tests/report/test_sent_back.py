"""What was not paid goes back, a file a township, village or employer: each row with its reason and what to hand in."""

import openpyxl
import pytest

from jybf.errors import OutputError, UsageError
from jybf.report.sent_back import COLUMNS, TODO, to_hand_in, write_returns
from tests.audit.rosters import number
from tests.report.test_bank import payments

RETURNED = payments(
    {"乡镇": "甲镇", "行政村": "一村", "原因": "JY106 性别填“男”，身份证号第 17 位表示女"},
    {"乡镇": "乙镇", "行政村": "一村", "原因": "户名不符", "金额": 50_005},
    {"乡镇": "甲镇", "行政村": "二村", "原因": "=缺“务工省”"},
    {"原因": "", "单位": "甲厂"},
)


def rows(path):
    return [[cell.value for cell in row] for row in openpyxl.load_workbook(path)["退回"].iter_rows(min_row=2)]


@pytest.mark.parametrize(
    ("by", "files"),
    [
        ("乡镇", {"乙镇.xlsx": 1, "甲镇.xlsx": 2, "未写明.xlsx": 1}),
        ("村", {"甲镇_一村.xlsx": 1, "乙镇_一村.xlsx": 1, "甲镇_二村.xlsx": 1, "未写明.xlsx": 1}),
        ("单位", {"未写明.xlsx": 3, "甲厂.xlsx": 1}),
    ],
)
def test_each_goes_to_its_own_file_and_none_is_lost(tmp_path, by, files):
    assert write_returns(RETURNED, tmp_path / "退回", by) == files
    assert {path.name: len(rows(path)) - 1 for path in (tmp_path / "退回").iterdir()} == files


def test_a_row_says_who_why_and_what_to_hand_in(tmp_path):
    write_returns(RETURNED, tmp_path / "退回", "乡镇")
    head, first, second = rows(tmp_path / "退回" / "甲镇.xlsx")
    assert head == list(COLUMNS)
    told = dict(zip(head, first, strict=True))
    assert (told["序号"], told["姓名"], told["身份证号"], told["金额"]) == (1, "甲示例", number(1), 800)
    assert told["原因"].startswith("JY106")
    assert second[-2:] == ["=缺“务工省”", "补填“务工省”，交能证明的材料，改好后与材料一起重新报送"]


@pytest.mark.parametrize(
    ("reason", "todo"),
    [
        ("JY601 共用账号；JY106 性别不符", "核实代领授权，换成本人账户；"),
        ("缺“务工省”、缺“申请日期”", "补填“务工省”，交能证明的材料；补填“申请日期”"),
        ("账号户名不符", "核对收款人姓名与账户户名"),
        ("账户已销户", "换一个本人能正常收款的账户"),
        ("帐号不存在", "核对账号"),
        ("JY999 以后才有的", "按原因更正"),
        ("", "按原因更正"),
    ],
)
def test_what_to_hand_in_follows_from_the_reason(reason, todo):
    assert to_hand_in(reason).startswith(todo)


def test_numbers_are_hidden_where_that_is_asked_for(tmp_path):
    write_returns(RETURNED, tmp_path / "退回", "乡镇", mask=True)
    assert number(1) not in str(rows(tmp_path / "退回" / "甲镇.xlsx"))


def test_what_cannot_be_split_or_is_nothing_is_refused_and_nothing_is_written(tmp_path):
    with pytest.raises(UsageError, match="不能按“县”分"):
        write_returns(RETURNED, tmp_path / "退回", "县")
    with pytest.raises(OutputError, match="没有要退回的"):
        write_returns(RETURNED.clear(), tmp_path / "退回", "乡镇")
    assert list(tmp_path.iterdir()) == []
    assert TODO in COLUMNS
