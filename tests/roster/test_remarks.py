"""Rows that say of themselves that perhaps nobody is to be paid are read, and told."""

import pytest

from jybf.roster import read
from tests.roster.books import book, idno

HEADER = ("序号", "姓名", "身份证号", "申请金额", "备注")
WANG, ZHAO = idno("11010119900307123"), idno("50023019880101401")
SOUND = (1, "王五", WANG, 800, "户主")


def notices(folder, *rows):
    one = read([book(folder, HEADER, *rows)])
    assert one.rows.height == len(rows)
    return [notice for notice in one.notices if "照样读取" in notice]


@pytest.mark.parametrize(
    ("row", "word"),
    [
        (("作废", "赵六", ZHAO, 800, None), "作废"),
        ((2, "赵六（已故）", ZHAO, 800, None), "已故"),
        ((2, "赵六", ZHAO, 800, "本人已死亡"), "死亡"),
        ((2, "赵六", ZHAO, 800, "不符合，退回"), "退回"),
    ],
)
def test_a_row_marked_as_void_is_read_and_told(tmp_path, row, word):
    (notice,) = notices(tmp_path, SOUND, row)
    assert f"第 3 行写着“{word}”，照样读取；不该发的请删去该行" in notice


def test_all_marked_rows_of_a_sheet_are_told_at_once(tmp_path):
    (notice,) = notices(tmp_path, (1, "王五", WANG, 800, "重复，取消"), ("作废", "赵六", ZHAO, 800, "重复"))
    assert "第 2、3 行写着“作废”“取消”“重复”" in notice


def test_an_id_without_a_name_is_told(tmp_path):
    (notice,) = notices(tmp_path, SOUND, (2, None, ZHAO, 800, None))
    assert "第 3 行有身份证号，没有姓名" in notice


def test_sound_rows_need_no_word(tmp_path):
    assert notices(tmp_path, SOUND, (2, "赵六", ZHAO, 800, None)) == []
