"""``jybf ledger``, verb by verb, as a fund officer types it: from the roster to the bank's returns."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from jybf import api
from jybf.cli import _run
from jybf.cli.app import app
from tests.roster.books import idno

IDS = [idno(f"1409261986081{n:03d}"[:14] + f"{n:03d}") for n in range(1, 6)]
HEADER = "序号,乡镇,姓名,身份证号,人员类别,务工省份,务工单位,申请日期,申请金额,银行账号"
CARDS = [f"62284800{n:011d}" for n in range(1, 6)]


def roster(folder: Path, name: str, *people: int, card: str = "") -> str:
    lines = [
        f"{place},示例镇,示例{'甲乙丙丁戊'[n]},{IDS[n]},脱贫户,广东省,示例厂,2021-10-2{n},{700 + n * 10},{card if card and place == 1 else CARDS[n]}"
        for place, n in enumerate(people, 1)
    ]
    path = folder / name
    path.write_text("\n".join([HEADER, *lines]), encoding="utf-8")
    return str(path)


def told(*arguments: str) -> tuple[int, str]:
    """The exit code of a verb, and all that it printed."""
    found = CliRunner().invoke(app, ["ledger", *arguments], catch_exceptions=True)
    return found.exit_code, found.output


def rows(*arguments: str) -> list[dict[str, object]]:
    return json.loads(CliRunner().invoke(app, ["ledger", *arguments, "-q", "-f", "json"]).stdout)["rows"]


def approve(path: str, *more: str) -> list[dict[str, object]]:
    return rows("approve", path, "-r", "shanxi", "--program", "跨省", *more)


def test_a_first_roster_is_booked_and_the_same_again_is_not(ledger: Path) -> None:
    path = roster(ledger, "一.csv", 0, 1)
    assert [(row["记账"], row["本次可发"]) for row in approve(path)] == [("已记", "700.00"), ("已记", "710.00")]
    assert [row["记账"] for row in approve(path)] == ["以前已记", "以前已记"]
    assert [(batch["笔数"], batch["金额"]) for batch in rows("list")] == [(2, "1410.00")]


def test_the_same_bytes_under_another_name_are_the_same_batch(ledger: Path) -> None:
    approve(roster(ledger, "一.csv", 0))
    assert [row["记账"] for row in approve(roster(ledger, "二.csv", 0))] == ["以前已记"]


def test_whoever_is_in_the_ledger_is_not_paid_by_another_roster(ledger: Path) -> None:
    approve(roster(ledger, "一.csv", 0))
    first, second = approve(roster(ledger, "二.csv", 0, 1))
    assert (first["记账"], second["记账"]) == ("未记", "已记")
    assert "第 1 批" in str(first["原因"])
    assert "）一.csv》第 2 行" in str(first["原因"])


def test_whoever_was_refused_for_a_list_is_not_booked_without_it(ledger: Path) -> None:
    dead = ledger / "死亡.csv"
    dead.write_text(f"姓名,身份证号,死亡日期\n示例甲,{IDS[0]},2021-04-10\n", encoding="utf-8")
    lists = ("--against", f"死亡={dead}@2021-12-31")
    assert [row["记账"] for row in approve(roster(ledger, "一.csv", 0, 1), *lists)] == ["未记", "已记"]
    (again,) = approve(roster(ledger, "二.csv", 0))
    assert (again["记账"], "JY203" in str(again["原因"]), "没有给那份名单" in str(again["原因"])) == ("未记", True, True)
    dead.write_text(f"姓名,身份证号,死亡日期\n示例乙,{IDS[1]},2021-04-10\n", encoding="utf-8")
    assert [row["记账"] for row in approve(roster(ledger, "三.csv", 0), *lists)] == ["已记"]  # it was another person
    assert "没有比对：" in told("approve", roster(ledger, "四.csv", 2), "-r", "shanxi", "--program", "跨省")[1]


def test_a_dry_run_leaves_the_ledger_as_it_was(ledger: Path) -> None:
    assert [row["记账"] for row in approve(roster(ledger, "一.csv", 0), "--dry-run")] == ["可记"]
    assert rows("list") == []


def test_what_the_bank_returns_can_be_approved_again_with_another_card(ledger: Path) -> None:
    approve(roster(ledger, "一.csv", 0, 1))
    told("pay", "1")
    back = ledger / "退票.csv"
    back.write_text(f"账号,户名,金额,退票原因\n{CARDS[0]},示例甲,700,账号不存在\n", encoding="utf-8")
    assert [(row["笔号"], row["状态"], row["经过"]) for row in rows("pay", "1", "--returned", str(back))] == [
        (1, "退票", "账号不存在")
    ]
    assert rows("pay", "1", "--returned", str(back)) == [], "the same list again takes nothing back"
    first, second = approve(roster(ledger, "三.csv", 0, 1))
    assert (first["记账"], second["记账"]) == ("未记", "以前已记"), "the bank would return it once more"
    assert "已退票（账号不存在），账号没有改" in str(first["原因"])
    again = approve(roster(ledger, "四.csv", 0, 1, card=CARDS[4]))
    assert [row["记账"] for row in again] == ["已记", "未记"]
    sums = {row["补贴项目"]: row for row in rows("totals")}["跨省务工交通补贴"]
    assert [sums[name] for name in ("核准金额", "退票金额", "发放金额", "待发金额")] == [
        "2110.00",
        "700.00",
        "710.00",
        "700.00",
    ]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (f"{CARDS[4]},示例甲,700,销户", "这一批里没有这一笔"),
        (f"{CARDS[0]},示例乙,700,销户", "户名与账上的不一样"),
        (f"{CARDS[0]},示例甲,701,销户", "金额 701.00 元与账上的 700.00 元不一样"),
        (",示例甲,700,销户", "没有笔号，账号空着"),
        (f"{CARDS[0]},示例甲,700,", "没有写退票原因"),
    ],
)
def test_a_return_that_means_no_payment_takes_nothing_back(ledger: Path, line: str, why: str) -> None:
    approve(roster(ledger, "一.csv", 0, 1))
    back = ledger / "退票.csv"
    back.write_text(f"账号,户名,金额,退票原因\n{CARDS[1]},示例乙,710,销户\n{line}\n", encoding="utf-8")
    with pytest.raises(Exception, match=why):
        CliRunner().invoke(app, ["ledger", "pay", "1", "--returned", str(back)], catch_exceptions=False)
    assert {row["状态"] for row in rows("show", "1")} == {"核准"}, "neither paid nor returned"


@pytest.mark.parametrize("said", ["成功", "交易成功", "已入账"])
def test_a_row_of_the_banks_list_that_says_success_is_left_alone(ledger: Path, said: str) -> None:
    approve(roster(ledger, "一.csv", 0, 1))
    back = ledger / "回单.csv"
    lines = [f"1,{CARDS[0]},示例甲,700,{said}", f"2,{CARDS[1]},示例乙,710,交易不成功：户名不符"]
    back.write_text("\n".join(["序号,账号,户名,金额,失败原因", *lines]), encoding="utf-8")
    assert [row["笔号"] for row in rows("pay", "1", "--returned", str(back))] == [2]


def test_a_history_of_no_known_programme_is_told(ledger: Path) -> None:
    past = ledger / "以前.csv"
    past.write_text(f"姓名,身份证号,金额\n示例甲,{IDS[0]},800\n", encoding="utf-8")
    code, output = told("import", str(past), "-r", "shanxi", "-f", "csv")
    assert code == 1
    assert "看不出是哪个项目" in output


def test_a_reversed_payment_is_free_again_and_stays_in_the_book(ledger: Path) -> None:
    path = roster(ledger, "一.csv", 0, 1)
    approve(path)
    assert told("reverse", "2", "--reason", "填错了人")[0] == 0
    assert "以前已冲销" in told("reverse", "2", "--reason", "填错了人")[1]
    assert [row["记账"] for row in approve(path)] == ["以前已记", "未记"], "somebody had a reason"
    assert "已冲销（填错了人）" in str(approve(path)[1]["原因"])
    assert [row["记账"] for row in approve(path, "--anew")] == ["以前已记", "已记"]
    assert [(row["笔号"], row["状态"]) for row in rows("export")] == [(1, "核准"), (2, "冲销"), (3, "核准")]
    assert told("verify")[0] == 0


def test_a_person_is_shown_with_all_payments_and_what_is_left(ledger: Path) -> None:
    approve(roster(ledger, "一.csv", 0))
    for who in (IDS[0], IDS[0].lower(), "示例甲"):
        assert [row["金额"] for row in rows("person", who)] == ["700.00"]


def test_a_ledger_is_a_history_for_calc_audit_and_why(ledger: Path) -> None:
    path = roster(ledger, "一.csv", 0)
    approve(path)
    calc = CliRunner().invoke(app, ["calc", path, "-r", "shanxi", "--program", "跨省", "-f", "json"])
    assert json.loads(calc.stdout)["rows"][0]["结果"] == "不符合"
    assert "第 1 件" in json.loads(calc.stdout)["provenance"]["账本"]
    why = CliRunner().invoke(app, ["why", path, "2", "-r", "shanxi", "--program", "跨省", "-f", "json"])
    assert "第 1 批" in why.stdout


def test_a_ledger_is_a_history_in_python_too(ledger: Path) -> None:
    path = roster(ledger, "一.csv", 0)
    approve(path)
    where = str(ledger / "账本.db")
    assert api.calc(path, "shanxi", programs=["跨省"], ledger=where).frame["结果"].to_list() == ["不符合"]
    assert "拦截" in set(api.audit(path, "shanxi", programs=["跨省"], ledger=where).frame["级别"])
    assert "第 1 批" in str(api.why(path, "2", "shanxi", programs=["跨省"], ledger=where))


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("show", "7"), 2, "账本里没有第 7 批"),
        (("pay", "7"), 2, "账本里没有第 7 批"),
        (("reverse", "7", "--reason", "错"), 2, "账本里没有第 7 笔"),
        (("reverse", "1", "--reason", " "), 2, "没有写为什么冲销"),
        (("show", "99999999999999999999"), 2, "账本里没有这个号"),
        (("reverse", "99999999999999999999", "--reason", "错"), 2, "账本里没有这个号"),
        (("person", "没有的人"), 2, "没有这个人或单位"),
        (("totals", "--by", "天气"), 2, "可选：项目、乡镇"),
        (("verify", "--head", "1"), 2, "写 verify 打印的"),
        (("list", "--ledger", "没有.db"), 2, "没有这本账"),
        (("list", "--ledger", "mysql://u:p@h/d"), 2, "不能用 mysql"),
    ],
)
def test_a_wrong_word_is_one_sentence(
    ledger: Path, arguments: tuple[str, ...], code: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(["ledger", *arguments]) == code
    assert words in capsys.readouterr().err
    assert (ledger / "账本.db").exists()
