"""What a row is that has no ID to tell: people are never lost among totals and signatures, nor those taken for people."""

import pytest

from jybf.model import LINE
from jybf.roster import read
from tests.roster.books import book, idno, people, text

HEADER = ("序号", "乡镇", "行政村", "姓名", "身份证号", "金额", "备注")
ZHAO = idno("50023019880101401")


def kinds(tmp_path, *rows, header=HEADER, above=()):
    """What ``rows`` are that stand between two people."""
    person = tuple({"姓名": "某某", "身份证号": ZHAO, "单位名称": "某某公司", "金额": 800}.get(name) for name in header)
    roster = read([book(tmp_path, *above, header, person, *rows, person)])
    lines = roster.sheets[0].lines
    start = len(above) + 2
    return {k: n for k, n in lines.items() if n and k != "表头"}, set(roster.rows[LINE]) - {start, start + len(rows) + 1}


@pytest.mark.parametrize(
    "row",
    [
        (2, None, None, "张三", None, 800, None),
        (None, None, None, "张三", None, 800, None),
        ("2.", None, None, "张三", None, None, None),
        ("（2）", "双路镇", "总计村", "张三", None, 800, None),
        (None, "双路镇", "总计村", "张三", None, 800, None),
        (2, "双路镇", "东村", "王小计", None, 800, None),
        (2, "双路镇", "东村", "张三", None, 800, "合计见另表"),
        (None, None, None, "张三", None, 800, "小计：见另表"),
        (2, "双路镇：东片", None, "张三", None, 800, None),
        (None, "双路镇：东片", None, "张三", None, 800, None),
        (2, "双路镇（盖章）", "东村", "张三", None, 800, None),
        ("新增", None, None, "张三", None, 800, None),
        (2, None, None, "阿卜杜拉·买买提·吐尔逊", None, 800, None),
        (2, None, None, "花名册", None, None, None),
        (2, None, None, "注", None, None, None),
        (None, None, None, None, None, 800, None),
        (2, None, None, None, "不详", 800, None),
    ],
    ids=str,
)
def test_a_person_without_an_id_stays_a_person(tmp_path, row):
    counts, data = kinds(tmp_path, row)
    assert (counts, data) == ({"数据": 3}, {3})


@pytest.mark.parametrize(
    "row",
    [
        ("合计", None, None, "1人", None, 800, None),
        ("合计", None, None, "捌佰元整", None, 800, None),
        (None, None, "东村小计", None, None, 800, None),
        (None, "双路镇", "小计", None, None, 800, None),
        (None, None, None, "小计", None, 800, None),
        (None, None, None, "东村小计", None, 800, None),
        (2, None, None, "小计", None, 800, None),
        (None, None, None, None, "合计", 800, None),
        ("合计（人）", None, None, 1, None, 800, None),
        ("本页合计", None, None, None, None, 800, None),
        ("累计：1人，800元", None, None, None, None, None, None),
        ("共计1人", None, None, None, None, None, None),
        ("合计人民币（大写）捌佰元整", None, None, None, None, None, None),
    ],
    ids=str,
)
def test_a_total_wherever_its_label_stands_is_no_person(tmp_path, row):
    counts, data = kinds(tmp_path, row)
    assert (counts, data) == ({"数据": 2, "合计": 1}, set())


@pytest.mark.parametrize(
    "row",
    [
        ("填表人：赵六", None, None, "审核人：钱七", None, None, None),
        ("填表人", "赵六", "审核人", "钱七", None, None, None),
        (None, None, None, "负责人签字", None, None, None),
        ("第 2 页 共 5 页",),
        ("第2页", None, None, None, None, "共5页", None),
        ("备注：以上名单已公示，合计以实际发放为准",),
        ("注", "以上人员经村两委审核"),
        ("以上名单自2021年9月1日起公示五个工作日，如有异议请与镇政府联系",),
        (None, None, None, None, None, "2021年9月1日", None),
        (None, None, None, None, "双路镇人民政府（盖章）", None, None),
        ("公示时间", "2021.9.1-2021.9.7"),
        ("一、东村",),
    ],
    ids=str,
)
def test_signatures_page_numbers_and_remarks_are_no_people(tmp_path, row):
    counts, data = kinds(tmp_path, row)
    assert (counts, data) == ({"数据": 2, "落款": 1}, set())


def test_title_and_header_of_the_next_page_are_what_they_are_on_the_first(tmp_path):
    title = ("双路镇2021年公示",)
    spaced = tuple(name.replace("姓名", "姓 名") for name in HEADER)
    counts, data = kinds(tmp_path, title, spaced, ("西片2021年花名册",), HEADER, above=(title,))
    assert (counts, data) == ({"表题": 3, "数据": 2}, set())


def test_units_below_the_header_are_part_of_it_on_every_page(tmp_path):
    header, units = ("姓名", "身份证号", "贷款金额", "贷款期限"), (None, None, "万元", "月")
    path = book(tmp_path, header, units, ("某某", ZHAO, 15, 12), header, units, ("某某", ZHAO, 20, 12))
    roster = read([path])
    assert roster.rows.select(LINE, "贷款金额").rows() == [(3, 15_000_000), (6, 20_000_000)]
    assert roster.sheets[0].header_line == 2
    assert roster.sheets[0].lines["表头"] == 4


def test_a_row_of_employers_is_told_by_the_employers_name(tmp_path):
    header = ("序号", "单位名称", "吸纳人数", "金额")
    rows = [
        (2, "合计商贸公司", 3, 800),
        (3, "说明：某某公司", 1, 800),
        (None, "注册某某公司", 1, 800),
        ("合计", "2家", 5, 2400),
    ]
    counts, data = kinds(tmp_path, *rows, header=header)
    assert (counts["数据"], counts["合计"], data) == (5, 1, {3, 4, 5})


# ── totals against what the rows add up to ──────────────────────────

SHORT = ("序号", "姓名", "身份证号", "金额")


def compared(tmp_path, *shape):
    """The totals of a sheet given as numbers of people and labels with what they state: (stated yuan, computed, grand)."""
    rows, at = [], 1000
    for part in shape:
        if isinstance(part, int):
            rows += [(at + i, f"张{at + i}", idno(f"1101011990030{at + i}"), 100) for i in range(part)]
            at += part
        else:
            rows.append((part[0], None, None, part[1]))
    return [(t.stated // 100, t.computed // 100, t.grand) for t in read([book(tmp_path, SHORT, *rows)]).sheets[0].totals]


@pytest.mark.parametrize(
    "shape",
    [
        (2, ("小计", 200), 3, ("小计", 300), ("合计", 500)),
        (2, ("东村小计", 200), 1, ("西村小计", 100), ("双路镇合计", 300), 2, ("南村小计", 200), ("总计", 500)),
        (2, ("东村合计", 200), 3, ("西村合计", 300)),
        (2, ("东村合计", 200), 3, ("西村合计", 300), ("合计", 500)),
        (2, ("合计", 200), 3, ("合计", 300)),
        (2, ("本页合计", 200), ("累计", 200), 3, ("本页合计", 300), ("累计", 500)),
        (2, ("本页小计", 200), 3, ("本页小计", 300), ("本页累计", 500)),
        (2, ("本页合计", 200), 1, ("东村小计", 300), 2, ("本页合计", 300), 1, ("西村小计", 300), ("总计", 600)),
        (1, ("一组小计", 100), 2, ("二组小计", 200), ("东村小计", 300), 1, ("一组小计", 100), ("西村小计", 100), ("合计", 400)),
        (("合计", 500), 5),
        (5, ("合计", 500), ("总计", 500)),
    ],
    ids=str,
)
def test_totals_of_villages_and_pages_in_any_order_are_sound(tmp_path, shape):
    assert all(stated == computed for stated, computed, _ in compared(tmp_path, *shape))


@pytest.mark.parametrize(
    ("shape", "wrong"),
    [
        ((2, ("小计", 200), 3, ("小计", 400), ("合计", 500)), (400, 300, False)),
        ((2, ("小计", 200), 3, ("小计", 300), ("合计", 300)), (300, 500, True)),
        ((2, ("东村小计", 200), 3, ("西村小计", 500), ("合计", 500)), (500, 300, False)),
        ((2, ("本页合计", 200), ("累计", 200), 3, ("本页合计", 300), ("累计", 300)), (300, 500, False)),
        ((2, ("合计", 300)), (300, 200, True)),
        ((("合计", 300), 2), (300, 200, True)),
        ((2, ("东村合计", 250), 3, ("西村合计", 300), ("合计", 500)), (250, 200, False)),
    ],
    ids=str,
)
def test_a_total_that_is_wrong_is_told_against_what_it_should_sum_up(tmp_path, shape, wrong):
    assert [t for t in compared(tmp_path, *shape) if t[0] != t[1]] == [wrong]


def test_totals_are_alike_in_text(tmp_path):
    lines = [",".join(map(str, row)) for row in (SHORT, *people(2))]
    roster = read([text(tmp_path, "\n".join([*lines, "小计,,,1600", "合计,,,1600", ""]))])
    assert [(t.line, t.stated, t.computed) for t in roster.sheets[0].totals] == [(4, 160000, 160000), (5, 160000, 160000)]
