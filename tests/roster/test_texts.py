"""A column that repeats its texts is looked over by them: what is read, refused and told is that of every cell by itself."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jybf.roster import read
from jybf.vocabulary import frames

SAMPLES = sorted(path for path in Path("sample_data").iterdir() if path.suffix in {".csv", ".xlsx"} and "名单" not in path.name)
HEADS = (
    "姓名",
    "身份证号",
    "人员类别",
    "务工省份",
    "务工时间",
    "申请日期",
    "申请金额",
    "联系电话",
    "户编号",
    "月份",
    "是否逾期",
    "签字",
)
CELLS = (
    "", "张三", "张三（待核实）", " 张三", "\u200b张三", "李四 作废", "140926199004080015", "14092619900408001X", "#REF!", "####", "同上",
    "？", "张□", "\ufffd三", "8\x100", "—", "不详", "无", "待补", "脱贫户", "脱贫户（已停）", "边缘易致贫户", "山西省外", "广东", "2021年3-8月",
    "2021.1", "2021.11", "2021-07-01", "44378", "8月1日", "800", "800元", "0.08万", "13800000001", "138 0000 0001", "5002-3001000",
    "5002（旧）", "3月、4月", "是", "否", "已还", "是（已停缴）",
)  # fmt: skip


def read_both_ways(path, monkeypatch):
    """Looked over cell by cell, and by its texts."""
    for many, often in ((10**9, 4), (1, 0)):
        monkeypatch.setattr(frames, "_MANY", many)
        monkeypatch.setattr(frames, "_OFTEN", often)
        yield read([str(path)])


def same(one, other):
    assert one.rows.equals(other.rows)
    assert one.problems.equals(other.problems)
    assert (one.notices, one.sheets) == (other.notices, other.sheets)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_is_read_alike(path, monkeypatch):
    same(*read_both_ways(path, monkeypatch))


@settings(max_examples=30)
@given(st.lists(st.tuples(*(st.sampled_from(CELLS) for _ in HEADS)), min_size=1, max_size=6))
def test_whatever_stands_in_the_cells_is_read_alike(tmp_path_factory, cells):
    path = tmp_path_factory.getbasetemp() / "花名册.csv"
    lines = [HEADS, *cells, ("王五", "14092619900408001X", *cells[0][2:])]  # somebody is there at least
    path.write_text("\n".join(",".join(line) for line in lines), encoding="utf-8")
    with pytest.MonkeyPatch.context() as monkeypatch:
        same(*read_both_ways(path, monkeypatch))
