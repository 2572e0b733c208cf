"""A county over its province: only what it names changes, each by its own clause; what it inherits keeps its own."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from jybf.assess import assess, describe
from jybf.assess.cases import outcomes, roster_of
from jybf.assess.why import prove
from jybf.errors import PackError
from jybf.policy import load_pack, pack_names
from tests.assess.completions import random_rows, roster
from tests.assess.test_completions import SPACES
from tests.policy.test_load import write

SAMPLES = Path(__file__).parent.parent.parent / "sample_data" / "规则"
NOTHING = """
id = "y"
name = "某县"
document = "某县办法"
short = "某县办法"
since = 2023-06-01
until = 2024-12-31
extends = "shanxi"
"""
OVER = NOTHING + '\n[[program]]\nid = "以工代训补贴"\noverride = true\ncite = "第九条"\n'


def verdicts(pack, region):
    """What ``pack`` says of random rows of each programme of ``region``, as bytes."""
    said = b""
    for space in (space for name, space in SPACES.items() if name.startswith(f"{region} ")):
        rows = roster(space, random_rows(space, 25, seed=1))
        found = assess(rows, pack, programs=(space.program.id,), force=True)
        proofs = prove(rows, found, [*range(2)])
        said += describe(found, rows).write_csv().encode() + repr(proofs).encode()
    return said


@pytest.mark.parametrize("region", [name for name, _ in pack_names()])
def test_an_overlay_that_overrides_nothing_gives_the_parents_verdicts_byte_for_byte(region, tmp_path):
    child = load_pack(write(tmp_path, NOTHING.replace("shanxi", region), "y.toml"))
    said = verdicts(load_pack(region), region)
    assert said.count(b"\n") > 200
    assert verdicts(child, region) == said


def changed(tmp_path, text):
    pack = load_pack(write(tmp_path, OVER + text, "y.toml"))
    return pack, next(p for p in pack.programs if p.id == "以工代训补贴")


def test_what_is_overridden_cites_the_county_and_what_is_inherited_the_province(tmp_path):
    amount = '[program.amount]\nfrom = 2021-07-02\nkind = "fixed"\nyuan = "400"\nunit = "元/人·月"\nunits = "补贴月数"\n'
    pack, program = changed(
        tmp_path, 'quota = { from = 2021-07-02, most = 4, unit = "月", per = ["身份证号"], cite = "第十条" }\n' + amount
    )
    row = {
        "人员类别": "脱贫人口",
        "训练开始日期": date(2021, 8, 1),
        "训练结束日期": date(2021, 12, 31),
        "补贴月数": 5,
        "申请日期": date(2023, 6, 5),
    }
    row |= {"享受过以工代训": False, "单位": "某厂"}
    assert (program.versions[0].amount.fen, program.versions[1].amount.fen) == (30_000, 40_000)
    roster = roster_of([row])
    found = assess(roster, pack, programs=(program.id,), force=True)
    told = describe(found, roster).row(0, named=True)
    assert (told["结果"], told["核定金额"], told["依据"]) == ("可发放", 160_000, "山西省实施意见（九）；某县办法第九条")
    cites = {step.id: step.cite for step in prove(roster, found, [0])[0].proofs[0].steps}
    assert cites["限量"] == "某县办法第十条"
    assert cites["领过"] == cites["期限"] == cites["对象"] == "山西省实施意见（九）"
    assert program.overrides == (("quota", "某县办法第十条"), ("amount", "某县办法第九条"))


def test_a_condition_is_overridden_added_or_repealed_by_its_name(tmp_path):
    clause = '[[program.clause]]\nid = "{}"\n{}cite = "第十一条"\ntext = "x"\nholds = "意外险"\n'
    _, program = changed(tmp_path, clause.format("对象", "override = true\n") + clause.format("保险", ""))
    early = {c.id: str(c.span) for c in program.clauses if c.source == "山西省实施意见" and c.id == "对象"}
    assert early == {"对象": "至 2023-05-31"}
    before = [c.id for c in next(p for p in load_pack("shanxi").programs if p.id == program.id).clauses]
    after = {c.id: c.source + c.cite for c in program.clauses}
    assert after["对象"] == after["保险"] == "某县办法第十一条"
    assert set(after) - set(before) == {"保险"}
    _, program = changed(tmp_path, '[[program.clause]]\nid = "对象"\noverride = true\nrepeal = true\ncite = "第十一条"\n')
    assert [str(c.span) for c in program.clauses if c.id == "对象"] == ["至 2023-05-31"]


def test_what_changes_from_a_day_leaves_the_parents_before_it(tmp_path):
    amount = '[program.amount]\nfrom = 2023-07-01\nkind = "fixed"\nyuan = "400"\nunit = "元/人·月"\nunits = "补贴月数"\n'
    _, program = changed(tmp_path, amount)
    told = [(str(v.span), v.amount.fen, program.at(i).cited(v.amount)) for i, v in enumerate(program.versions)]
    assert told == [("至 2023-06-30", 30_000, "山西省实施意见（九）"), ("2023-07-01 起", 40_000, "某县办法第九条")]
    assert program.since == date(2021, 7, 1)


def test_a_deadline_that_a_county_gives_from_a_day_leaves_the_one_of_the_province_before_it(tmp_path):
    days = (
        '[[program.deadline]]\nday = 2024-06-30\ncite = "第五条"\n[[program.deadline]]\nfrom = 2023-12-01\nday = 2024-12-31\n'
    )
    over = OVER.replace("以工代训补贴", "一次性创业补贴") + days + 'cite = "补充三"\n'
    program = next(p for p in load_pack(write(tmp_path, over, "y.toml")).programs if p.id == "一次性创业补贴")
    assert [(str(v.span), str(v.until), v.until_source + v.until_cite) for v in program.versions] == [
        ("至 2023-05-31", "2025-12-31", "山西省实施意见文末"),
        ("2023-06-01 至 2023-11-30", "2024-06-30", "某县办法第五条"),
        ("2023-12-01 起", "2024-12-31", "某县办法补充三"),
    ]


def test_a_quota_of_the_county_asks_nothing_of_the_days_before_it(tmp_path):
    text = NOTHING.replace("shanxi", "xinjiang") + '\n[[program]]\nid = "公益性岗位补贴"\noverride = true\ncite = "第二条"\n'
    text += 'quota = { most = 36, unit = "月", per = ["身份证号"], cite = "第二条" }\n'
    text += '[program.amount]\nkind = "fixed"\nyuan = "1200"\nunit = "元/人·月"\nunits = "补贴月数"\n'
    pack = load_pack(write(tmp_path, text, "y.toml"))
    person = {"身份证号": "甲", "人员类别": "脱贫人口", "意外险": True}
    before = {**person, "合同开始日期": date(2022, 7, 1), "合同结束日期": date(2023, 6, 30)}
    after = {**person, "合同开始日期": date(2023, 7, 1), "合同结束日期": date(2024, 6, 30), "补贴月数": 12}
    roster = roster_of([before, after])
    told = describe(assess(roster, pack, programs=("公益性岗位补贴",), force=True), roster)
    assert told["结果"].to_list() == ["待定标准", "待补资料"]  # nobody knows how many of the 36 months the first has used
    assert "前面的行没有写明已享受的数量" in told["说明"][1]


def tried(pack, name):
    return [outcome for outcome in outcomes(pack, name) if outcome.program.id == name]


def test_an_inherited_example_that_the_override_makes_untrue_is_set_aside_by_name(tmp_path):
    over = NOTHING + '\n[[program]]\nid = "培训生活费补贴"\noverride = true\ncite = "第九条"\n'
    amount = '[program.amount]\nkind = "fixed"\nyuan = "20"\nunit = "元/天"\nunits = "出勤天数"\n'
    pack = load_pack(write(tmp_path, over + amount, "y.toml"))
    program = next(p for p in pack.programs if p.id == "培训生活费补贴")
    failing = [outcome.case.name for outcome in tried(pack, program.id) if outcome.overridden]
    assert 0 < len(failing) < len(program.cases)
    held = next(case.name for case in program.cases if case.name not in failing)
    names = ", ".join(f'"{name}"' for name in [*failing, held])
    pack = load_pack(write(tmp_path, over + f"aside = [{names}]\n" + amount, "y.toml"))
    assert [fault for outcome in tried(pack, program.id) for fault in outcome.faults] == [
        f"“{held}”：改写以后仍然成立，不用写进 aside"
    ]


def test_the_samples_of_a_county_do_what_their_own_examples_say():
    pack = load_pack(str(SAMPLES / "linyi.toml"))
    own = tried(pack, "省内务工交通补贴")
    assert [fault for outcome in own for fault in outcome.faults] == []
    assert [outcome.case.name for outcome in own if outcome.aside] == ["最后一天申请与次日申请"]


def test_a_faulty_parent_is_told_of_its_own_file(tmp_path):
    write(tmp_path, NOTHING.replace("until", "untill"), "z.toml")
    with pytest.raises(PackError, match=r"z\.toml 第 7 行第 1 列：没有“untill”这个键"):
        load_pack(write(tmp_path, NOTHING.replace("shanxi", "z"), "y.toml"))


@pytest.mark.parametrize(
    ("region", "setting", "value", "rows", "results", "assumed"),
    [
        (
            "shanxi", "一年两档", "只领一档",
            [
                {"身份证号": "甲", "人员类别": "脱贫人口", "补贴项目": "跨省务工交通补贴", "务工省": "广东省", "申请日期": date(2021, 8, 1)},
                {"身份证号": "甲", "人员类别": "脱贫人口", "补贴项目": "省内务工交通补贴", "务工区域": "省内县外", "有组织输出": True, "申请日期": date(2021, 9, 1)},
            ],
            (["可发放", "可发放"], ["可发放", "不符合"]), "一年两档：只领一档（--set）",
        ),
        (
            "shanxi", "训练月数", "对日",
            [{"人员类别": "脱贫人口", "补贴项目": "以工代训补贴", "训练开始日期": date(2021, 11, 15), "训练结束日期": date(2021, 12, 14), "补贴月数": 2, "申请日期": date(2021, 12, 20)}],
            (["60000"], ["30000"]), "训练月数：对日（--set）",
        ),
        (
            "fengdu", "36个月", "每人合计",
            [
                {"身份证号": "甲", "单位": unit, "人员类别": "农村就业困难人员", "补贴项目": "车间带动就业示范奖补", "稳定就业月数": 36, "补贴月数": 36, "申请日期": date(2024, 12, day)}
                for day, unit in ((1, "甲车间"), (2, "乙车间"))
            ],
            (["可发放", "可发放"], ["可发放", "不符合"]), "36个月：每人合计（--set）",
        ),
        (
            "fengdu", "LPR", "发放日",
            [{"补贴项目": "创业担保贷款贴息", "贷款类型": "个人", "贷款金额": "100000", "贷款合同日期": date(2021, 12, 19), "贷款发放日期": date(2021, 12, 20), "执行利率": "4.85", "计息天数": 360, "逾期": False}],
            (["250000"], ["255000"]), "LPR：发放日（--set）",
        ),
        (
            "fengdu", "合伙贷款", "不贴息",
            [{"补贴项目": "创业担保贷款贴息", "贷款类型": "合伙", "合伙人数": 3, "贷款金额": "100000", "贷款合同日期": date(2021, 12, 19), "执行利率": "4.85", "计息天数": 360, "逾期": False}],
            (["250000"], ["不符合"]), "",
        ),
    ],
)  # fmt: skip
def test_what_a_document_leaves_open_is_taken_as_is_set_and_says_so(region, setting, value, rows, results, assumed):
    roster = roster_of(rows)
    for wanted, settings in zip(results, ({}, {setting: value}), strict=True):
        frame = describe(assess(roster, load_pack(region, settings)), roster)
        frame = frame.filter(frame["补贴项目"].is_in([row["补贴项目"] for row in rows]))
        got = [
            str(fen) if results[0][0].isdigit() and fen is not None else result
            for result, fen in frame.select("结果", "核定金额").rows()
        ]
        assert got == wanted, frame["说明"].to_list()
        assert not settings or assumed in frame[0, "假定"]


def test_what_a_county_decides_rests_on_its_own_document_and_is_no_longer_open(tmp_path):
    pack = load_pack(
        write(tmp_path, NOTHING + '\n[settings]\n"一年两档" = { value = "只领一档", cite = "第五条" }\n', "y.toml")
    )
    programs = {program.id: program for program in pack.programs}
    for name in ("跨省务工交通补贴", "省内务工交通补贴"):
        assert {(each.source, each.cite) for each in programs[name].excluded_by} == {("某县办法", "第五条")}
        assert not [text for _, text in programs[name].manual if "能否并领" in text]
    open_ = next(program for program in load_pack("shanxi").programs if program.id == "跨省务工交通补贴")
    assert [text for _, text in open_.manual if "能否并领" in text]
