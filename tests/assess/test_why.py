"""A proof says of a row what calc says, and shows what it follows from. All persons are invented."""

from functools import cache
from pathlib import Path

import pytest

from jybf.assess import assess, describe
from jybf.assess.cases import roster_of
from jybf.assess.known import know
from jybf.assess.who import find
from jybf.assess.why import prove
from jybf.errors import UsageError
from jybf.model.proof import FAILS, HOLDS, IDLE, LACKS, PRESUMED
from jybf.policy import detect_region
from jybf.roster import Options, read
from jybf.roster.inspect import inspect
from jybf.vocabulary.yuan import yuan
from tests.assess.rows import random_roster
from tests.audit.rosters import LOAN, TRAINING, TRANSPORT, number, pack, titled, trainee, traveller

FOLDER = Path(__file__).parents[2] / "sample_data"
SAMPLES = sorted(
    path for kind in ("xlsx", "csv") for path in FOLDER.glob(f"*.{kind}") if not path.name.startswith(("名单", "退票"))
)
TOLD = ["行号", "工作表", "补贴项目", "结果", "核定金额", "说明", "依据", "假定"]
HUB = "就业帮扶基地奖补花名册"


def told(roster, verdicts):
    """What the proofs of all rows say in the columns TOLD."""
    return [
        (row.line, row.sheet, one.program, one.result, one.fen, one.reason, one.grounds, "；".join(one.assumed))
        for row in prove(roster, verdicts, range(roster.rows.height))
        for one in row.proofs
        if not one.head
    ]


def region_of(path, roster):
    return "national" if path.stem.startswith("国家") else detect_region(roster)[0]


@cache
def sample(path):
    """The roster of a sample, its pack and its verdicts."""
    roster = read([str(path)])
    law = pack(region_of(path, roster))
    return roster, law, assess(roster, law)


@cache
def proved(path):
    """The proofs of every row of a sample."""
    roster, _, verdicts = sample(path)
    return prove(roster, verdicts, range(roster.rows.height))


def proofs(*rows, title=TRANSPORT, region="shanxi", history=(), which=None, **options):
    """The proofs of ``rows`` (or of those at the places ``which``) under a sheet with ``title``."""
    roster = titled(roster_of(rows), title)
    verdicts = assess(roster, pack(region), history=roster_of(history) if history else None, **options)
    wanted = range(len(rows)) if which is None else which
    return prove(roster, verdicts, wanted, options.get("programs", ()))


def proof(*rows, **options):
    """The only proof of the last row."""
    (found,) = proofs(*rows, which=[len(rows) - 1], **options)[0].proofs
    return found


def step(found, id_):
    return next(step for step in found.steps if step.id == id_)


def facts(*rows, **options):
    return {fact.name: fact for fact in proofs(*rows, **options)[-1].facts}


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
@pytest.mark.parametrize("past", [False, True], ids=["alone", "with a history"])
def test_each_row_of_each_sample_gets_what_calc_gives_it(path, past):
    history = SAMPLES[0].with_name("历史_山西2021年已发放.csv")
    if past and path == history:
        pytest.skip("a file is no history of itself")
    roster, law, verdicts = sample(path)
    if past:
        verdicts = assess(roster, law, history=read([str(history)]), known=verdicts.known)
    assert told(roster, verdicts) == describe(verdicts, roster).select(TOLD).rows()


@pytest.mark.parametrize("region", ["national", "shanxi", "fengdu", "xinjiang"])
def test_each_programme_and_row_of_a_random_roster_gets_what_calc_gives_it(region):
    law = pack(region)
    roster = random_roster(law, 4, seed=7)
    history = random_roster(law, 6, seed=8)
    known = know(roster.rows, law)
    for program in law.payable():
        verdicts = assess(roster, law, programs=(program.id,), force=True, history=history, known=known)
        assert told(roster, verdicts) == describe(verdicts, roster).select(TOLD).rows()


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_what_is_paid_is_what_the_sum_comes_to(path):
    for row in proved(path):
        for one in row.proofs:
            if one.fen is not None:
                assert yuan(one.fen) in one.sum[-1][1]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_every_programme_of_the_region_is_accounted_for_on_every_row(path):
    everything = sorted(program.id for program in sample(path)[1].programs)
    for row in proved(path):
        assert sorted(one.program for one in (*row.proofs, *row.apart)) == everything
        assert all(one.why for one in row.apart)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_the_steps_of_a_row_agree_with_its_result(path):
    for row in proved(path):
        for one in row.proofs:
            marks = {step.mark for step in one.steps}
            expected = FAILS if one.result == "不符合" else LACKS if one.result == "待补资料" else HOLDS
            assert expected in marks
            assert (FAILS in marks) == (one.result == "不符合")


def test_a_clause_shows_the_value_and_what_is_wanted_whether_it_holds_or_not():
    assert step(proof(traveller()), "对象").said == "人员类别 脱贫人口，要求为 脱贫人口"
    failed = step(proof(traveller(人员类别="一般农户")), "对象")
    assert (failed.mark, failed.said, failed.cite) == (FAILS, "人员类别 一般农户，要求为 脱贫人口", "山西省实施意见（四）")


def test_a_lacking_fact_is_named_where_it_is_asked_for():
    found = proof(traveller(务工省=""))
    assert (step(found, "适用").mark, step(found, "适用").said) == (LACKS, "缺“务工省”")
    assert (found.fen, found.hope) == (None, 80000)


def test_a_second_application_names_the_first_and_the_first_names_the_second():
    first, second = (row.proofs[0] for row in proofs(traveller(), traveller(申请日期="2021-10-01")))
    assert step(second, "一次").mark == FAILS
    assert "第 1 行" in step(second, "一次").said
    assert "第 2 行（不符合）" in step(first, "一次").said


def test_without_a_history_once_only_is_presumed_and_with_one_it_holds():
    other = {"补贴项目": "跨省务工交通补贴", "身份证号": number(9), "申请日期": "2021-03-01"}
    assert step(proof(traveller()), "一次").mark == PRESUMED
    assert step(proof(traveller(), history=[other]), "一次").mark == HOLDS


def test_what_was_paid_before_is_shown_with_its_units_and_the_claim_is_cut_in_proportion():
    past = {"补贴项目": "以工代训补贴", "身份证号": number(1), "补贴月数": 4, "申请日期": "2021-05-10"}
    row = trainee(补贴月数=6, 训练结束日期="2021-08-31", 申请日期="2021-10-08", 申请金额="3000")
    found = proof(row, title=TRAINING, region="fengdu", history=[past])
    assert "历史记录《case》第 1 行（发过 4 个月）" in step(found, "限量").said
    assert found.fen == 100000
    assert ("数量", "“补贴月数” 6，核 2") in found.sum
    assert any("按 2/6 折合 1000.00 元（四舍五入到分）" in how for _, how in found.sum)


def test_interest_is_worked_out_with_the_rate_of_the_day():
    loan = {
        "姓名": "甲示例", "贷款金额": "100000", "执行利率": "4.35", "计息天数": 90, "贷款类型": "个人", "逾期": False,
        "贷款合同日期": "2021-10-10",
    }  # fmt: skip
    found = proof(loan, title=LOAN, region="fengdu")
    assert found.fen == 50000
    assert dict(found.sum)["LPR"] == "2021-10-10 的一年期 LPR 3.85%"
    assert dict(found.sum)["贴息"] == "100000.00 元 × 2% × 90 天 ÷ 360 天 = 500.00 元（四舍五入到分）"


def test_a_tier_names_itself():
    row = {"姓名": "甲示例", "教育阶段": "高职", "学年": "2021", "申请日期": "2021-10-10"}
    found = proof(row, title="雨露计划", region="fengdu")
    assert dict(found.sum)["标准"] == "2500.00 元/生·学期（定额，档次 教育阶段 = '高职'）"
    assert dict(found.sum)["金额"] == "2500.00 × 2 = 5000.00 元"


def workers(*groups):
    return [
        {"姓名": f"甲{i}", "单位": "甲厂", "人员类别": group, "稳定就业月数": 4, "申请日期": "2022-03-01"}
        for i, group in enumerate(groups)
    ]


def test_an_employers_persons_are_counted_one_by_one():
    found = proofs(*workers(*["脱贫人口"] * 9, "一般农户", ""), title=HUB, region="fengdu", which=[0])[0].proofs[0]
    assert step(found, "人数").said.startswith("名册 11 行，能确定的 9 人，另有 1 人不能定，要求不少于 10 人")
    assert [one.mark for one in found.members] == [HOLDS] * 9 + [FAILS, LACKS]


def test_a_worker_is_shown_the_verdict_of_the_employer_and_its_own_facts():
    rows = proofs(*workers("脱贫人口", "一般农户"), title=HUB, region="fengdu")
    assert rows[1].proofs[0].head == "《case》第 1 行"
    assert rows[1].proofs[0].result == rows[0].proofs[0].result == "不符合"
    assert {fact.name: fact.value for fact in rows[1].facts}["人员类别"] == "一般农户"


def test_where_no_programme_takes_a_row_nothing_else_is_said_to_hold():
    found = proof(traveller(务工省="山西省"), programs=("跨省务工交通补贴",))
    assert step(found, "适用").mark == FAILS
    assert step(found, "对象").mark == IDLE


def test_a_programme_is_ruled_out_by_its_own_scope_by_the_title_or_by_the_user():
    (row,) = proofs(traveller())
    why = {one.program: one.why for one in row.apart}
    assert why["省内务工交通补贴"].startswith("适用不成立：务工省 广东省")
    assert why["雨露计划"] == "表题没有“雨露计划”“雨露”，也没有“教育阶段”“学校”列"
    (alone,) = proofs(traveller(), programs=("跨省务工交通补贴",))
    assert {one.why for one in alone.apart} == {"没有用 --program 选它"}


def test_a_fact_says_where_it_comes_from():
    known = facts(traveller())
    assert (known["务工省"].value, known["务工省"].cell) == ("广东省", "G1")
    assert known["户籍省"].origin == "未填，按山西省的规则取默认"
    assert known["申报金额"].origin == "由申请金额 800.00 元（I1）得出"
    assert (known["票据金额"].value, known["票据金额"].origin) == ("", "花名册没有这一列")


def test_an_unreadable_cell_shows_what_stands_in_it_and_why_it_cannot_be_read():
    roster = read([str(next(path for path in SAMPLES if path.stem == "山西_跨省务工交通补贴花名册"))])
    (row,) = prove(roster, assess(roster, pack("shanxi")), [10])
    (day,) = [fact for fact in row.facts if fact.name == "申请日期"]
    assert (day.value, day.cell, day.origin, day.unread) == ("2021.2.30", "L15", "读不出：日期不存在", True)


def test_a_row_that_names_no_programme_gets_calcs_own_words():
    (row,) = proofs({"姓名": "甲示例", "人员类别": "脱贫人口"}, title="花名册")
    assert not row.proofs
    assert row.unnamed.startswith("没有写明申请哪个项目")


def crowd():
    return titled(roster_of([traveller(姓名="甲示例"), traveller(姓名="甲 示例"), *[traveller(姓名="乙样本")] * 4]), TRANSPORT)


@pytest.mark.parametrize(
    ("who", "rows"), [("2", [1]), ("第3行", [2]), ("甲示例", [0, 1]), (number(1), [0, 1, 2, 3, 4, 5])], ids=lambda v: str(v)[:4]
)
def test_a_row_is_found_by_line_name_or_number(who, rows):
    if len(rows) > 3:
        with pytest.raises(UsageError, match=r"有 6 行.*第 6 行"):
            find(crowd(), who, tuple)
    else:
        assert find(crowd(), who, tuple) == rows


def test_a_line_of_several_sheets_is_told_apart_by_the_sheets_name():
    roster = read([str(next(path for path in SAMPLES if path.stem == "丰都_以工代训补贴花名册"))])
    both, one = find(roster, "6", tuple), find(roster, "示例农业!6", tuple)
    assert len(both) == 2
    assert one == both[1:]
    with pytest.raises(UsageError, match="没有工作表“别的”"):
        find(roster, "别的!6", tuple)


def test_nobody_of_that_name_is_told_with_near_names():
    with pytest.raises(UsageError, match=r"没有“甲示”.*相近的有 甲示例"):
        find(crowd(), "甲示", tuple)


@pytest.mark.parametrize(("line", "kind"), [("1", "表题"), ("3", "表头"), ("17", "合计"), ("18", "落款"), ("99", "在表的下面")])
def test_a_line_that_is_no_persons_says_what_it_is(line, kind):
    path = str(next(path for path in SAMPLES if path.stem == "山西_跨省务工交通补贴花名册"))
    with pytest.raises(UsageError, match=f"第 {line} 行.*{kind}.*人员在第 5–16 行"):
        find(read([path]), line, lambda: inspect([path], Options(), lambda _: None))
