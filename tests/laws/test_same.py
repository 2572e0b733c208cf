"""Who and what is the same, from the file to the yuan: however it is written, and whatever another file leaves out."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest

from jybf.assess import assess, describe
from jybf.audit import audit
from jybf.policy import load_pack
from jybf.roster import Options, parse_against, read, reading_lists, same_homes
from tests.laws.cells import credit_code
from tests.roster.books import idno

if TYPE_CHECKING:
    from pathlib import Path

ONE, TWO = idno("50023019850312011"), idno("50023019900701012")
CODE = credit_code(5)
STARTUP = (
    "丰都县一次性创业补助花名册",
    "姓名,身份证号,户编号,户主姓名,乡镇,行政村,人员类别,登记日期,带动就业人数,员工缴保月数,申请日期,申请金额,正常经营月数",
)
WORKSHOP = (
    "丰都县车间带动就业示范奖补花名册",
    "姓名,身份证号,人员类别,单位名称,统一社会信用代码,就业开始日期,就业结束日期,补贴月数,申请日期,申请金额",
)
INSURED = ("丰都县社会保险补贴花名册", "姓名,身份证号,单位名称,统一社会信用代码,人员类别,申请日期,申请金额")
LOAN = (
    "丰都县创业担保贷款贴息花名册",
    "姓名,身份证号,贷款合同编号,贷款类型,贷款金额,贷款发放日期,贷款合同日期,贷款到期日期,执行利率,计息开始日期,计息结束日期,是否逾期,申请日期,人员类别",
)
PAST = "姓名,户主姓名,身份证号,发放金额,发放日期"


def starter(name: str, number: str, home: str = "50023001000") -> str:
    return f"{name},{number},{home},甲主,双路镇,东村,脱贫人口,2021-01-01,3,6,2021-09-01,8000,8"


def worker(code: str, first: str, last: str, months: int) -> str:
    return f"乙一,{TWO},农村就业困难人员,丰都示例车间,{code},{first},{last},{months},{last},{500 * months}"


def borrower(contract: str, first: str, last: str) -> str:
    return f"丙一,{TWO},{contract},个人,100000,2021-03-25,2021-03-20,2023-03-24,4.5,{first},{last},否,2021-12-01,脱贫人口"


def sheet(path: Path, table: tuple[str, str], *rows: str) -> str:
    title, header = table
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([[title], header.split(","), *(row.split(",") for row in rows)])
    return str(path)


def run(tmp_path: Path, table: tuple[str, str], rows: list[str], *past: str, header: str = ""):
    """Result and 元 of each row, and what the audit finds at 拦截 and 疑点: (code, level, line)."""
    pack = load_pack("fengdu")
    roster = read([sheet(tmp_path / "本次.csv", table, *rows)])
    history = None
    if past:
        history = read([sheet(tmp_path / "历史.csv", (table[0], header or table[1]), *past)], paid=True)
        roster, history = same_homes([roster, history])
    verdicts = assess(roster, pack, history=history)
    told = describe(verdicts, roster)
    found = audit(roster, pack, verdicts, history=history).rows.select("编号", "级别", "行号").rows()
    paid = [(result, (fen or 0) // 100) for result, fen in told.select("结果", "核定金额").rows()]
    return paid, [entry for entry in found if entry[1] != "提示"], told["说明"].to_list()


@pytest.mark.parametrize(
    "row", [f"甲一,,{ONE},8000,2021-03-01", f"甲一,甲主,{ONE},8000,2021-03-01", f"甲改名,,{ONE},8000,2021-03-01"]
)
def test_the_persons_own_number_decides_whatever_the_history_says_of_the_household(row: str, tmp_path: Path) -> None:
    paid, _, told = run(tmp_path, STARTUP, [starter("甲一", ONE)], row, header=PAST)
    assert paid == [("不符合", 0)]
    assert "历史记录《历史.csv》第 3 行" in told[0]


def test_another_member_of_that_persons_household_is_refused_too(tmp_path: Path) -> None:
    rows = [starter("甲一", ONE), starter("甲二", TWO)]
    paid, *_ = run(tmp_path, STARTUP, rows, f"甲一,,{ONE},8000,2021-03-01", header=PAST)
    assert paid == [("不符合", 0), ("不符合", 0)]


@pytest.mark.parametrize(
    "row", [f"甲二,甲主,{TWO},8000,2021-03-01", "甲一,,,8000,2021-03-01", "甲一,,5002301985,8000,2021-03-01"]
)
def test_whoever_may_be_meant_by_a_payment_that_matches_nobody_is_a_doubt(row: str, tmp_path: Path) -> None:
    paid, found, _ = run(tmp_path, STARTUP, [starter("甲一", ONE)], row, header=PAST)
    assert paid == [("可发放", 8000)]
    assert ("JY315", "疑点", 3) in found


def test_a_payment_to_somebody_else_is_no_doubt(tmp_path: Path) -> None:
    paid, found, _ = run(tmp_path, STARTUP, [starter("甲一", ONE)], f"甲二,别家,{TWO},8000,2021-03-01", header=PAST)
    assert (paid, found) == ([("可发放", 8000)], [])


@pytest.mark.parametrize("home", ["5002-3001000", "５００２３００１０００", "5002 3001000", "5002—3001000", " 50023001000"])
def test_a_households_number_is_one_however_it_is_written(home: str, tmp_path: Path) -> None:
    paid, *_ = run(tmp_path, STARTUP, [starter("甲一", ONE), starter("甲二", TWO, home)])
    assert paid == [("可发放", 8000), ("不符合", 0)]


def test_short_numbers_of_households_keep_their_parts(tmp_path: Path) -> None:
    paid, *_ = run(tmp_path, STARTUP, [starter("甲一", ONE, "1-12"), starter("甲二", TWO, "11-2")])
    assert paid == [("可发放", 8000), ("可发放", 8000)]


@pytest.mark.parametrize(
    "past",
    [
        [worker("", "2021-01-01", "2023-10-31", 34)],
        [worker(CODE, "2021-01-01", "2022-06-30", 18), worker("", "2022-07-01", "2023-10-31", 16)],
    ],
)
def test_an_employer_known_by_its_name_alone_is_the_one_of_that_name(past: list[str], tmp_path: Path) -> None:
    paid, found, _ = run(tmp_path, WORKSHOP, [worker(CODE, "2024-01-01", "2024-06-30", 6)], *past)
    assert paid == [("可发放", 1000)]
    assert ("JY505", "拦截", 3) in found


@pytest.mark.parametrize(("first", "second"), [("", ""), (TWO, ""), ("", TWO)])
def test_one_name_at_one_employer_without_a_number_may_be_one_person(first: str, second: str, tmp_path: Path) -> None:
    rows = [f"乙一,{number},丰都示例公司,{CODE},脱贫人口,2021-12-01,900" for number in (first, second)]
    assert ("JY301", "疑点", 4) in run(tmp_path, INSURED, rows)[1]


def test_one_name_at_two_employers_is_two_people(tmp_path: Path) -> None:
    rows = [f"乙一,,丰都示例{code[-1]}公司,{code},脱贫人口,2021-12-01,900" for code in (CODE, credit_code(6))]
    assert "JY301" not in {code for code, *_ in run(tmp_path, INSURED, rows)[1]}


@pytest.mark.parametrize("work", ["就业", "务工", "训练"])
def test_a_year_after_the_work_is_not_the_time_that_was_paid_for(work: str, tmp_path: Path) -> None:
    row = f"{worker(CODE, '2018-03-27', '2021-09-26', 12)},42"
    header = WORKSHOP[1].replace("就业", work) + ",稳定就业月数"
    paid, found, _ = run(tmp_path, (WORKSHOP[0], header), [row], f"{row},2025", header=f"{header},所属期")
    assert paid == [("可发放", 6000)]
    assert ("JY301", "疑点", 3) in found


@pytest.mark.parametrize("other", ["fd2022005", "FD2022-005", "ＦＤ2022-005", "FD 2022 005"])
def test_a_contracts_number_is_one_however_it_is_written(other: str, tmp_path: Path) -> None:
    rows = [borrower("FD2022-005", "2021-03-25", "2021-09-20"), borrower(other, "2021-03-25", "2021-09-20")]
    assert ("JY301", "拦截", 4) in run(tmp_path, LOAN, rows)[1]


def test_interest_for_days_that_were_paid_is_a_second_payment_and_the_day_between_is_not(tmp_path: Path) -> None:
    first = borrower("FD2022-005", "2021-03-25", "2021-06-20")
    assert ("JY301", "拦截", 4) in run(tmp_path, LOAN, [first, borrower("FD2022-005", "2021-06-10", "2021-09-20")])[1]
    assert not [
        e for e in run(tmp_path, LOAN, [first, borrower("FD2022-005", "2021-06-20", "2021-09-20")])[1] if e[0] == "JY301"
    ]


def held_against_list(tmp_path: Path, against: str):
    """What the audit finds on two people of two households with a list."""
    pack = load_pack("fengdu")
    path = sheet(tmp_path / "本次.csv", STARTUP, starter("甲一", ONE), starter("甲二", TWO, "50023009999"))
    with reading_lists([parse_against(against)], Options()) as lists_of:
        roster = read([path])
        lists = lists_of(roster)
    return audit(roster, pack, assess(roster, pack), lists=lists)


@pytest.mark.parametrize("kind", ["死亡", "村干部", "财政供养"])
def test_a_number_of_15_digits_in_a_list_is_the_one_of_18_that_it_makes(kind: str, tmp_path: Path) -> None:
    listed = sheet(
        tmp_path / f"{kind}.csv", (f"{kind}人员名单", "姓名,身份证号"), f"甲一,{ONE[:6]}{ONE[8:17]}", "别人,500230198001010"
    )
    found = held_against_list(tmp_path, f"{kind}={listed}@2021-12-31").rows.filter(编号="JY109")
    assert found.select("级别", "行号").rows() == [("疑点", 3)]
    assert kind in found["问题"][0]


@pytest.mark.parametrize("number", ["140926********0013", "看不清", f"{ONE[:17]}*"])
def test_whoever_has_the_name_of_a_listed_row_that_nobody_can_match_is_a_doubt(number: str, tmp_path: Path) -> None:
    listed = sheet(
        tmp_path / "死亡.csv",
        ("死亡人员名单", "姓名,身份证号,死亡日期"),
        f"甲 一,{number},2021-01-01",
        f"甲二,{idno('50023019700101001')},2021-02-01",
    )
    found = held_against_list(tmp_path, f"死亡={listed}@2021-12-31")
    assert found.rows.filter(编号="JY108").select("级别", "行号").rows() == [("疑点", 3)]
    assert any("认不出" in entry.why for entry in found.not_run)


@pytest.mark.parametrize(
    "title", ["死亡人员名单 填报日期：2021年12月31日", "死亡人员名单（截至2021年12月31日）", "死亡名单 制表日期 2021.12.31"]
)
def test_a_list_that_meets_nobody_has_the_day_of_its_title(title: str, tmp_path: Path) -> None:
    listed = sheet(tmp_path / "名单.csv", (title, "姓名,身份证号,死亡日期"), f"别人,{idno('50023019700101001')},2021-03-01")
    with reading_lists([parse_against(f"死亡={listed}")], Options()) as held_against:
        (listing,) = held_against(read([sheet(tmp_path / "本次.csv", STARTUP, starter("甲一", ONE))]))
    assert str(listing.drawn) == "2021-12-31"
