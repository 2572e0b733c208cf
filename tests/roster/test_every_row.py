"""Whatever a sheet is made of: every row that is not blank ends in exactly one place, and every cell is named as it stands."""

import csv
import io

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter

from jybf.model import LINE
from jybf.roster import cell, read
from tests.roster.books import book, idno, text

HEADER = ("序号", "行政村", "姓名", "身份证号", "金额", "备注")
DOUBLE = (("序号", "行政村", "人员信息", None, "金额", "备注"), (None, None, "姓名", "身份证号", None, None))
ZHAO = idno("50023019880101401")
NAMES = st.sampled_from(["张三", "欧阳小小", "阿卜杜拉·买买提", "合家欢", "总小妹", "注小明", "例阿妹"])
VILLAGES = st.sampled_from([None, "东村", "总计村", "西村（二组）"])
REMARKS = st.sampled_from([None, "合计见另表", "小计：无", "已公示", "第2页", "填表人代填"])
SERIALS = st.integers(1, 99999)
SUMS = st.sampled_from([800, "800.00", "１，５００元", "捌佰元整"])

PEOPLE = st.one_of(
    st.tuples(SERIALS, VILLAGES, NAMES, st.just(ZHAO), SUMS, REMARKS),
    st.tuples(SERIALS, VILLAGES, NAMES, st.none(), SUMS, REMARKS),
    st.tuples(st.none(), st.none(), NAMES, st.just(ZHAO), st.none(), REMARKS),
    st.tuples(SERIALS, VILLAGES, st.none(), st.just(ZHAO), SUMS, REMARKS),
    st.tuples(st.none(), VILLAGES, NAMES, st.none(), SUMS, REMARKS),
    st.tuples(SERIALS, VILLAGES, NAMES, st.none(), st.none(), REMARKS),
)
TOTALS = st.sampled_from(
    [
        ("小计", None, None, None, 800, None),
        (None, "东村小计", None, None, 800, None),
        ("本页合计", None, "2人", None, 800, None),
        (None, None, "累计", None, 800, None),
        ("合计：3人，2400元",),
    ]
)
SIGNATURES = st.sampled_from(
    [
        ("填表人：赵六", None, None, "审核人：钱七"),
        ("审核人", "赵六", "填表人", "钱七"),
        ("第 2 页 共 5 页",),
        (None, None, None, None, "2021年9月1日"),
        ("备注：以上名单已在村务公开栏公示五个工作日，合计以实发为准",),
        (None, None, None, "双路镇人民政府（盖章）"),
    ]
)
TITLES = st.sampled_from([("双路镇2021年花名册",), (None, "双路镇2021年补贴公示名单")])
EXAMPLES = st.just(("示例", "东村", "某某", ZHAO, 800, None))
BLANKS = st.sampled_from([(), (7, None, None, None, None, None)])
KINDS = {
    "数据": PEOPLE, "合计": TOTALS, "落款": SIGNATURES, "空行": BLANKS, "示例": EXAMPLES, "表题": TITLES,
}  # fmt: skip
ROWS = st.one_of(*(rows.map(lambda row, kind=kind: (kind, row)) for kind, rows in KINDS.items()), st.just(("表头", None)))


@st.composite
def sheets(draw):
    """(rows with their kinds, how many columns stand blank at the left, merged cells)."""
    header = draw(st.sampled_from([(HEADER,), DOUBLE]))
    heads = [("表头", row) for row in header]
    above = [("空行", ())] * draw(st.integers(0, 3)) + [("表题", draw(TITLES)) for _ in range(draw(st.integers(0, 2)))]
    body = draw(st.lists(ROWS, max_size=14))
    pages = [page for row in body for page in (heads if row[0] == "表头" else [row])]
    person = ("数据", (1, "东村", "张三", ZHAO, 800, None))
    return [*above, *heads, person, *pages], draw(st.integers(0, 2)), len(above) if len(header) > 1 else None


def merges(first, shift):
    """The merged cells of the double header whose upper row is row ``first`` of the sheet, from 0."""
    if first is None:
        return ()
    letters = [get_column_letter(shift + column) for column in range(1, len(HEADER) + 1)]
    tall = [f"{letters[c]}{first + 1}:{letters[c]}{first + 2}" for c in (0, 1, 4, 5)]
    return (*tall, f"{letters[2]}{first + 1}:{letters[3]}{first + 1}")


def written(folder, rows, shift, first, as_text):
    """The sheet as a file: a workbook, or text with separators."""
    shifted = [(*[None] * shift, *row) for _, row in rows]
    if not as_text:
        return book(folder, *shifted, merge=merges(first, shift))
    width = shift + len(HEADER)
    content = io.StringIO()
    csv.writer(content).writerows([*row, *[None] * (width - len(row))] for row in shifted)
    return text(folder, content.getvalue())


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(sheets(), st.booleans())
def test_every_row_is_in_exactly_one_place_and_every_cell_has_its_own_name(tmp_path_factory, sheet, as_text):
    rows, shift, first = sheet
    roster = read([written(tmp_path_factory.mktemp("s"), rows, shift, first, as_text)])
    filled = [i for i, (kind, _) in enumerate(rows) if kind != "空行"]
    kept = rows[: filled[-1] + 1]  # what is blank below the last row is no row
    assert roster.sheets[0].lines == {kind: sum(k == kind for k, _ in kept) for kind in roster.sheets[0].lines}

    people = {i + 1: row for i, (kind, row) in enumerate(rows) if kind == "数据"}
    assert roster.rows[LINE].to_list() == list(people)
    for column, name in enumerate(("行政村", "姓名", "身份证号"), shift + 2):
        assert roster.rows[name].to_list() == [row[column - shift - 1] for row in people.values()]
        assert [cell(roster.sheets[0], name, line) for line in people] == [f"{get_column_letter(column)}{n}" for n in people]
