"""Every line of the input is counted once, money is certain or held back, and a missing fact says what it would release."""

from datetime import date

import polars as pl
import pytest
from msgspec.structs import replace

from jybf.audit.release import clearance
from jybf.model import (
    FINDING_COLUMNS,
    ROW,
    SHEET,
    Amount,
    Clause,
    Findings,
    Near,
    Pack,
    Predicate,
    Program,
    Report,
    Roster,
    Sheet,
    Verdicts,
)
from jybf.report.notes import cleared, notes
from jybf.report.summary import summarise, summarise_findings

END = date(2025, 12, 31)
MONTHS = Clause("缴费", "（一）", "连续缴费不少于 12 个月", Predicate("", "", ("连续缴费月数",), "不少于 12"))
PERSON = Clause("对象", "（一）", "对象是脱贫人口", Predicate("", "", ("人员类别",), "为 脱贫人口"))
PROGRAM = Program("甲补贴", "（一）", "个人", Amount("fixed", 80000), (MONTHS, PERSON), (), END, "")
OTHER = Program("乙补贴", "（二）", "个人", Amount("fixed", 30000), (), (), END, "")
PACK = Pack("x", "某地", (), (), "", "", "", date(2021, 1, 1), END, {}, (PROGRAM, OTHER))
ROWS = {
    ROW: pl.Int64,
    "项目": pl.Int64,
    "结果": pl.Int64,
    "分": pl.Int64,
    "可望": pl.Int64,
    "不符": pl.Int64,
    "缺": pl.Int64,
    "缘由": pl.String,
}


def _verdicts(*rows, merged=(), unnamed=()):
    full = [(*row, 0, 0, "")[: len(ROWS)] if len(row) == 5 else row for row in rows]
    return Verdicts(
        pl.DataFrame(full, ROWS, orient="row"),
        pl.DataFrame(
            [(row, 0, head) for row, head in merged], [(ROW, pl.Int64), ("项目", pl.Int64), ("并入", pl.Int64)], orient="row"
        ),
        pl.DataFrame({ROW: list(unnamed)}, {ROW: pl.Int64}),
        PACK,
        pl.DataFrame(),
    )


def _roster(count, **lines):
    sheet = Sheet(0, "花名册.csv", "", "", 1, {}, lines={"数据": count, **lines})
    return Roster(pl.DataFrame({ROW: range(count)}, {ROW: pl.Int64}), pl.DataFrame(), (sheet,))


NONE_MISSING = pl.DataFrame(schema={ROW: pl.Int64, "项目": pl.Int64, "字段": pl.String})


def test_each_line_is_counted_once_and_the_counts_add_up():
    verdicts = _verdicts((0, 0, 0, 80000, None), (1, 0, 1, None, None), merged=[(2, 0)], unnamed=[3])
    summary = summarise(verdicts, _roster(5, 表头=1, 空行=2), NONE_MISSING)
    assert summary.lines == {"可发放": 1, "不符合": 1, "并入单位": 1, "未指明项目": 1, "不涉及": 1, "表头": 1, "空行": 2}
    assert summary.total == 8


def test_a_row_of_two_programmes_counts_at_its_best():
    verdicts = _verdicts((0, 0, 1, None, None), (0, 1, 0, 30000, None), (1, 0, 2, None, 80000), (1, 1, 3, None, None))
    assert summarise(verdicts, _roster(2), NONE_MISSING).lines == {"可发放": 1, "待定标准": 1}


def test_money_is_certain_or_held_back_by_missing_facts():
    verdicts = _verdicts((0, 0, 0, 80000, None), (1, 0, 2, None, 80000), (2, 1, 2, None, None))
    first, second = summarise(verdicts, _roster(3), NONE_MISSING).programs
    assert (first.program, first.paid_fen, first.held_fen) == ("甲补贴", 80000, 80000)
    assert (second.counts["待补资料"], second.held_fen) == (1, 0)


def test_missing_facts_say_what_they_would_release_the_largest_sum_first():
    verdicts = _verdicts((0, 0, 2, None, 80000), (1, 0, 2, None, 80000), (2, 1, 2, None, 30000))
    missing = pl.DataFrame({ROW: [0, 1, 2, 2], "项目": [0, 0, 1, 1], "字段": ["务工省", "务工省", "县", "务工省"]})
    releases = summarise(verdicts, _roster(3), missing).releases
    assert [(r.fact, r.rows, r.fen) for r in releases] == [("务工省", 2, 160000), ("务工省、县", 1, 30000)]


def _findings(*rows, verdicts=None, partial=False):
    rows = [{"编号": "JY301", "问题": "有问题", **row} for row in rows]
    schema = {name: pl.Int64 if name in {"行号", "涉及金额"} else pl.String for name in FINDING_COLUMNS}
    frame = pl.DataFrame([{name: row.get(name) for name in FINDING_COLUMNS} for row in rows], schema)
    places = [{ROW: row.get(ROW, row["行号"]), SHEET: 0, "及": row.get("及")} for row in rows]
    context = pl.DataFrame(places, {ROW: pl.Int64, SHEET: pl.Int64, "及": pl.List(pl.Int64)})
    claims = pl.DataFrame({ROW: [0], "身份证号": ["甲"], "单位": [""], "申领": [True], "申领金额": [80000]})
    return Findings(frame, context, (), (), claims, verdicts or _verdicts((0, 0, 0, 80000, None)), _roster(1), partial)


def test_a_row_with_two_findings_puts_its_larger_sum_at_risk_once():
    row = {"文件": "a", "工作表": "", "行号": 4, "级别": "拦截"}
    findings = _findings(row | {"涉及金额": 30000}, row | {"涉及金额": 80000}, row | {"级别": "疑点", "涉及金额": 90000})
    summary = summarise_findings(findings)
    assert (summary.risk_fen, summary.levels) == (80000, {"拦截": 2, "疑点": 1, "提示": 0})


def test_a_total_that_does_not_add_up_is_no_money_of_anybody_s():
    total = {"文件": "a", "工作表": "", "行号": 9, "级别": "拦截", "涉及金额": 80000, ROW: None}
    summary = summarise_findings(_findings(total))
    assert (summary.risk_fen, summary.risk_unstated, summary.levels["拦截"]) == (0, 0, 1)


def test_a_row_at_risk_that_states_no_sum_is_counted_and_not_taken_for_zero():
    row = {"文件": "a", "工作表": "", "级别": "拦截"}
    findings = _findings(row | {"行号": 4, "涉及金额": 30000}, row | {"行号": 5}, row | {"行号": 5}, row | {"行号": 4})
    summary = summarise_findings(findings)
    assert (summary.risk_fen, summary.risk_unstated) == (30000, 2)
    assert notes(Report("audit", findings.rows, summary, {}))[0].endswith("拦截涉及 300.00 元，另有 2 条没有写明金额")
    unknown = replace(summary, risk_fen=0)
    assert notes(Report("audit", findings.rows, unknown, {}))[0].endswith("其中拦截 2 条没有写明金额")


def test_what_calc_pays_is_split_by_the_gravest_finding_on_its_row():
    paid = _verdicts(*((row, 0, 0, 10000 * (row + 1), None) for row in range(4)), (4, 0, 1, None, None))
    found = [(0, "疑点"), (0, "拦截"), (1, "疑点"), (2, "提示"), (4, "拦截"), (None, "疑点")]
    findings = _findings(*({ROW: row, "行号": 1, "级别": level} for row, level in found), verdicts=paid)
    left = clearance(findings)
    assert (left.clear, left.doubted, left.stopped, left.elsewhere) == ((2, 70000), (1, 20000), (1, 10000), 1)
    assert cleared(left) == (
        "放行  测算可发放 4 行 1000.00 元 = 可发 2 行 700.00 元 + 先核实 1 行 200.00 元 + 不发 1 行 100.00 元"
        "；另有 1 条发现不在某一行上，先处理"
    )


def test_a_claim_of_too_much_may_be_paid_as_calc_cuts_it_unless_something_else_stands_against_it():
    paid = _verdicts((0, 0, 0, 80000, None), (1, 0, 0, 80000, None))
    found = [(0, "JY501", "拦截"), (1, "JY501", "拦截"), (1, "JY106", "疑点")]
    findings = _findings(*({ROW: row, "行号": 1, "编号": code, "级别": level} for row, code, level in found), verdicts=paid)
    left = clearance(findings)
    assert (left.cut, left.doubted, left.stopped) == ((1, 80000), (1, 80000), (0, 0))


def test_a_finding_on_a_worker_holds_back_what_the_employer_is_paid_for_all():
    paid = _verdicts((0, 0, 0, 50000, None), merged=[(0, 0), (1, 0)])
    assert clearance(_findings({ROW: 1, "行号": 6, "级别": "拦截"}, verdicts=paid)).stopped == (1, 50000)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ([], "测算可发放 1 行 800.00 元，都可发"),
        (["疑点"], "测算可发放 1 行 800.00 元，都先核实"),
        (["疑点", "拦截"], "测算可发放 1 行 800.00 元，都不发"),
    ],
)
def test_one_word_is_enough_where_all_that_calc_pays_is_alike(found, said):
    findings = _findings(*({ROW: 0, "行号": 1, "级别": level} for level in found))
    assert cleared(clearance(findings)) == f"放行  {said}"


def test_nothing_is_said_of_what_may_be_paid_where_checks_were_left_out():
    assert summarise_findings(_findings(partial=True)).clearance is None


def test_what_only_a_person_can_decide_is_said_of_programmes_that_pay_or_would():
    asked = replace(PROGRAM, manual=(("（四）", "由乡镇核实"),))
    pack = replace(PACK, programs=(asked, replace(OTHER, manual=(("（二）", "由县里核实"),))))
    verdicts = replace(_verdicts((0, 0, 3, None, None), (1, 1, 1, None, None)), pack=pack)
    assert summarise(verdicts, _roster(2), NONE_MISSING).manual == ("甲补贴：由乡镇核实  （四）",)


def test_a_near_miss_fails_one_measured_condition_and_nothing_else():
    near = (0, 0, 1, None, None, 0b01, 0, "")
    verdicts = _verdicts(near, (1, *near[1:]), (2, 0, 1, None, None, 0b10, 0, ""), (3, 0, 1, None, None, 0b11, 0, ""))
    assert summarise(verdicts, _roster(4), NONE_MISSING).near == (Near("甲补贴", "连续缴费不少于 12 个月", 2),)
