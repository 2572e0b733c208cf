"""Tables without sheets: the same cells are the same rows, be they text, Parquet or a frame, held in memory or read from the disk."""

from datetime import date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jybf import api
from jybf.errors import InputError
from jybf.roster import read
from jybf.roster.delimited import reading
from jybf.roster.flat import flat
from jybf.roster.source import open_source
from tests.roster.books import idno, text

ZHAO, QIAN = idno("14022419900101001"), idno("14022419900202002")
WORDS = [
    "",
    " ",
    "无",
    "/",
    "甲，乙",
    "甲,乙",
    '他说"好"',
    "张三",
    "张 三",
    "＃",
    "#N/A",
    "见附件",
    "-1",
    "=1+1",
    "8\u200b00",
    None,
]
IDS = st.sampled_from([ZHAO, QIAN, f" {ZHAO}", f"'{QIAN}", ZHAO[:17], "", None, "无"])
SUMS = st.sampled_from(["800", "800.0", "８００", "八百元", "1,500", "-", "", None, "800元", "08"])
DAYS = st.sampled_from(["2021-03-05", "2021.3", "2021年3月5日", "44260", "3月", "", None, "20210305", "待定"])
ROWS = st.lists(st.tuples(st.sampled_from(WORDS), IDS, SUMS, DAYS, st.sampled_from(WORDS)), min_size=1, max_size=8)
HEADER = ["姓名", "身份证号", "申请金额", "申请日期", "备注"]


def outcome(path):
    """What a file is read as: its rows, problems and notices, or why it is refused."""
    try:
        roster = read([str(path)])
    except InputError as error:
        return str(error).replace(".parquet", ".csv")
    return roster.rows, roster.problems, [notice.replace(".parquet", ".csv") for notice in roster.notices]


def alike(one, other):
    return all(
        a.equals(b) if isinstance(a, pl.DataFrame) else a == b
        for a, b in (zip(one, other, strict=True) if isinstance(one, tuple) else [(one, other)])
    )


@given(ROWS)
@settings(max_examples=60)
def test_the_same_cells_are_the_same_rows_as_text_and_as_parquet(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("表")
    frame = pl.DataFrame(rows, dict.fromkeys(HEADER, pl.String), orient="row")
    frame.write_csv(folder / "表.csv")
    frame.write_parquet(folder / "表.parquet")
    assert alike(outcome(folder / "表.csv"), outcome(folder / "表.parquet"))


def test_columns_with_types_of_their_own_are_read_as_what_they_show(tmp_path):
    typed = pl.DataFrame(
        {
            "姓名": pl.Series(["赵一", "钱二", None], dtype=pl.Categorical),
            "身份证号": [ZHAO, QIAN, None],
            "申请金额": [800.0, 650.5, None],
            "申请日期": [date(2021, 3, 5), None, None],
            "审批日期": [datetime.fromisoformat("2021-03-06T12:30"), None, None],
            "培训天数": [7, None, None],
            "低保特困": [True, False, None],
        }
    )
    typed.write_parquet(tmp_path / "表.parquet")
    rows = read([str(tmp_path / "表.parquet")]).rows
    assert rows.select("申请金额", "申请日期", "审批日期", "培训天数", "低保特困").rows() == [
        (80000, date(2021, 3, 5), date(2021, 3, 6), 7, True),
        (65050, None, None, None, False),
    ]


@pytest.mark.parametrize(
    "cells", [[["甲"]], [b"x"], [timedelta(days=1)], [{"a": 1}]], ids=["list", "binary", "duration", "struct"]
)
def test_a_column_without_a_text_is_refused_by_its_name_in_a_file_and_in_a_frame(tmp_path, cells):
    frame = pl.DataFrame({"姓名": ["赵一"], "身份证号": [ZHAO], "证明": cells})
    frame.write_parquet(tmp_path / "表.parquet")
    for source in (tmp_path / "表.parquet", frame):
        with pytest.raises(api.JybfError, match="证明"):
            api.read(source)


def test_a_cell_that_has_swallowed_rows_or_has_a_zero_byte_or_no_end_is_refused_in_parquet_too(tmp_path):
    whole = {"姓名": ["赵一"], "身份证号": [ZHAO], "备注": [""]}
    for bad, said in (("一,二,三\n四,五,六", "夹着好几行"), ("甲\0乙", "空字节"), ("甲" * 40_000, "超过")):
        pl.DataFrame(whole | {"备注": [bad]}).write_parquet(tmp_path / "表.parquet")
        with pytest.raises(InputError, match=f"第 2 行.*{said}"):
            read([str(tmp_path / "表.parquet")])


PEOPLE = f"姓名,身份证号,申请金额\n赵一,{ZHAO},800\n钱二,{QIAN},650\n"


@pytest.mark.parametrize(
    "content",
    [
        PEOPLE,
        PEOPLE.removesuffix("\n"),
        "\ufeff" + PEOPLE,
        "sep=,\n" + PEOPLE,
        PEOPLE.replace("\n", "\r\n"),
        PEOPLE.replace("\n", "\r"),
        PEOPLE.replace("钱二", '"钱\n二"'),
        PEOPLE.replace("钱二", '"钱二'),
        PEOPLE.replace("钱二", "钱\0二"),
        PEOPLE + "孙三\n",
        PEOPLE + f"孙三,{ZHAO},1,500\n",
        PEOPLE + f"孙三;{ZHAO};500\n",
        PEOPLE.encode("gb18030"),
        PEOPLE.encode() + "孙三".encode("gb18030") + b",1,2\n",
        PEOPLE.replace("赵一", "赵" * 40_000),
    ],
)
def test_a_text_read_from_the_disk_is_what_it_is_held_in_memory(tmp_path, monkeypatch, content):
    path = text(tmp_path, content, name="花[1]*名~册.csv")
    held = outcome(path)
    monkeypatch.setattr(reading, "_LARGE", 0)
    assert alike(outcome(path), held)


@pytest.mark.parametrize("change", [lambda path: path.write_text(PEOPLE.replace("800", "900")), lambda path: path.unlink()])
def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path, monkeypatch, change):
    monkeypatch.setattr(reading, "_LARGE", 0)
    path = tmp_path / "花名册.csv"
    path.write_text(PEOPLE)
    begun = flat(open_source(str(path)), None)
    change(path)
    with pytest.raises(InputError, match="在读的时候变了"):
        begun.read()
