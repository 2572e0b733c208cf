"""Situations that nobody plans for: nobody is paid twice, nothing is lost, and a sentence says what happened."""

import errno
import os
from pathlib import Path

import pytest

from jybf.cli import _run
from tests.ledger.county import COLUMNS, POST, Batch, Row, write
from tests.ledger.test_verbs import CARDS, IDS, approve, roster, rows, told

INSIDE = "姓名,身份证号,人员类别,务工省份,务工县,户籍县,有组织输出,务工单位,申请日期,申请金额,银行账号"
ONE_OF_TWO = ("-r", "shanxi", "--set", "一年两档=只领一档")


def file(folder: Path, name: str, *lines: str) -> str:
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


def inside(folder: Path, day: str) -> str:
    """A roster of 省内 for the first person."""
    line = f"示例甲,{IDS[0]},脱贫户,山西省,阳曲县,静乐县,是,示例厂,{day},300,{CARDS[0]}"
    return file(folder, f"省内{day}.csv", INSIDE, line)


def test_two_that_exclude_each_other_within_a_year_do_so_in_no_other(ledger: Path) -> None:
    assert [row["记账"] for row in approve(roster(ledger, "跨省.csv", 0), *ONE_OF_TWO[2:])] == ["已记"]
    (same,) = rows("approve", inside(ledger, "2021-11-20"), *ONE_OF_TWO)
    assert (same["记账"], "当年领跨省档的" in str(same["原因"])) == ("未记", True)
    assert [row["记账"] for row in rows("approve", inside(ledger, "2022-10-20"), *ONE_OF_TWO)] == ["已记"]


def test_nothing_is_written_over_a_ledger_whatever_it_is_called(
    ledger: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    paid = roster(ledger, "一.csv", 0)
    approve(paid)
    book = (ledger / "账本.db").rename(ledger / "账本.csv")
    monkeypatch.setenv("JYBF_LEDGER", str(book))
    before = book.read_bytes()
    for words in (["ledger", "list"], ["ledger", "export"], ["ledger", "pay", "1"], ["calc", paid, "-r", "shanxi"]):
        assert _run([*words, "-o", "账本.csv"]) == 2
        assert "不能覆盖" in capsys.readouterr().err
    assert book.read_bytes() == before


def test_an_account_that_another_had_is_met_again_in_the_ledger(ledger: Path) -> None:
    approve(roster(ledger, "一.csv", 0))
    (other,) = approve(roster(ledger, "二.csv", 1, card=CARDS[0]))
    assert (other["记账"], "JY601" in str(other["原因"]), "第 1 批" in str(other["原因"])) == ("未记", True, True)


def test_a_ticket_of_another_is_met_again_in_the_ledger(ledger: Path) -> None:
    def with_ticket(name: str, person: int) -> str:
        path = Path(roster(ledger, name, person))
        head, line = path.read_text(encoding="utf-8").splitlines()
        return file(ledger, name, f"{head},票据编号", f"{line},A0012345")

    assert [row["记账"] for row in approve(with_ticket("一.csv", 0))] == ["已记"]
    (other,) = approve(with_ticket("二.csv", 1))
    assert (other["记账"], "票据编号与另一人的相同" in str(other["原因"])) == ("未记", True)


@pytest.mark.parametrize("verb", ["approve", "pay"])
def test_what_was_booked_is_told_though_its_list_can_t_be_written(
    ledger: Path, verb: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = roster(ledger, "一.csv", 0)
    words = ["approve", path, "-r", "shanxi", "--program", "跨省"]
    if verb == "pay":
        approve(path)
        words = ["pay", "1"]

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "")

    monkeypatch.setattr(os, "fsync", full)
    assert _run(["ledger", *words, "-o", "清单.csv"]) == 2
    said = capsys.readouterr().err
    assert "磁盘满了" in said
    assert ("第 1 批，1 笔 700.00 元" if verb == "approve" else "第 1 批  记为已发放：1 笔") in said
    assert [batch["状态"] for batch in rows("list")] == ["核准" if verb == "approve" else "发放"]


def test_a_file_whose_payments_are_in_the_ledger_is_no_history_beside_it(
    ledger: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = roster(ledger, "一.csv", 0), roster(ledger, "二.csv", 1)
    approve(first)
    assert _run(["ledger", "approve", second, "-r", "shanxi", "--history", first]) == 2
    assert "《一.csv》发的已经在账本里" in capsys.readouterr().err
    told("reverse", "1", "--reason", "错")
    assert [row["记账"] for row in approve(second, "--history", first)] == ["已记"]


def test_a_batch_is_held_against_what_the_county_wrote_down_once(ledger: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file(ledger, "死亡.csv", "姓名,身份证号,死亡日期", f"示例甲,{IDS[0]},2021-04-10")
    file(ledger, "jybf.toml", 'against = "死亡=死亡.csv@2021-12-31"', 'ignore = ["JY203", "JY605"]', 'output = "别处.xlsx"')
    path = roster(ledger, "一.csv", 0, 1)
    assert _run(["ledger", "approve", path, "-r", "shanxi", "--program", "跨省", "-f", "csv"]) == 1
    said = capsys.readouterr().out.splitlines()
    assert [("已记" in line, "JY203" in line) for line in said[1:]] == [(False, True), (True, False)]
    assert not (ledger / "别处.xlsx").exists()


def test_whom_to_tell_of_a_notice_is_written_down_once(ledger: Path, capsys: pytest.CaptureFixture[str]) -> None:
    approve(roster(ledger, "一.csv", 0))
    assert _run(["export", "notice", "1", "-o", "公示.html", "--title", "公示"]) == 2
    file(ledger, "jybf.toml", 'office = "示例县局"', 'phone = "0350-0000000"')
    assert _run(["export", "notice", "1", "-o", "公示.html", "--title", "公示"]) == 0
    page = (ledger / "公示.html").read_text(encoding="utf-8")
    assert ("示例县局" in page, "0350-0000000" in page) == (True, True)
    capsys.readouterr()


def test_a_ledger_that_moves_into_another_keeps_what_was_taken_back_free(ledger: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    approve(roster(ledger, "一.csv", 0, 1, 2))
    told("pay", "1", "--returned", file(ledger, "退票.csv", "笔号,退票原因", "1,账户已销户"))
    told("reverse", "2", "--reason", "填错了人")
    told("export", "-o", "全部.csv")
    monkeypatch.setenv("JYBF_LEDGER", "另一本.db")
    told("init")
    code, said = told("import", "全部.csv", "-r", "shanxi")
    assert (code, "1 笔 720.00 元" in said, "2 行写着没有发到、退回了" in said) == (0, True, True)
    assert [row["记账"] for row in approve(roster(ledger, "二.csv", 0, 1, 2))] == ["已记", "已记", "未记"]


def test_a_list_of_returns_is_of_one_batch(ledger: Path, capsys: pytest.CaptureFixture[str]) -> None:
    approve(roster(ledger, "一.csv", 0))
    year = Path(roster(ledger, "二.csv", 0)).read_text(encoding="utf-8").replace("2021-10", "2022-10")
    approve(file(ledger, "二.csv", *year.splitlines()))
    back = file(ledger, "退票.csv", "账号,户名,金额,退票原因", f"{CARDS[0]},示例甲,700,销户")
    for batch, code in (("1", 0), ("2", 2), ("1", 0)):
        assert _run(["ledger", "pay", batch, "--returned", back, "-q"]) == code
    assert "这份退票文件已经记在第 1 批" in capsys.readouterr().err
    assert [row["状态"] for row in rows("export")] == ["退票", "核准"]
    assert told("verify")[0] == 0


PAST = "姓名,身份证号,补贴项目,申请日期,发放金额,备注"


@pytest.mark.parametrize(("taken", "booked"), [("-700", "已记"), ("（700）", "已记"), ("-300", "未记")])
def test_what_was_paid_and_taken_back_in_full_was_not_paid(ledger: Path, taken: str, booked: str) -> None:
    who = f"示例甲,{IDS[0]},跨省务工交通补贴,2021-06-01"
    past = file(ledger, "以前.csv", PAST, f"{who},700,", f"{who},{taken},冲销")
    code, said = told("import", past, "-r", "shanxi")
    assert ("全额冲回" in said, code) == (booked == "已记", 0)
    assert [row["记账"] for row in approve(roster(ledger, "一.csv", 0))] == [booked]


def test_who_was_paid_again_after_it_was_taken_back_was_paid(ledger: Path) -> None:
    who = f"示例甲,{IDS[0]},跨省务工交通补贴,2021-06-01"
    told("import", file(ledger, "以前.csv", PAST, f"{who},700,", f"{who},-700,冲销", f"{who},700,重发"), "-r", "shanxi")
    assert [row["记账"] for row in approve(roster(ledger, "一.csv", 0))] == ["未记"]


@pytest.mark.parametrize("columns", ["笔号,退票原因", "笔号,失败原因", "账号,退票原因"])
def test_a_return_of_two_columns_is_understood(ledger: Path, columns: str) -> None:
    approve(roster(ledger, "一.csv", 0, 1))
    told("pay", "1")
    back = file(ledger, "退票.csv", columns, f"{'1' if columns.startswith('笔号') else CARDS[0]},账户已销户")
    assert [(row["笔号"], row["经过"]) for row in rows("pay", "1", "--returned", back)] == [(1, "账户已销户")]


def test_what_was_paid_under_an_old_number_is_found_by_either(ledger: Path) -> None:
    old = IDS[0][:6] + IDS[0][8:17]
    told("import", file(ledger, "以前.csv", PAST, f"示例甲,{old},跨省务工交通补贴,2021-06-01,700,"), "-r", "shanxi")
    (row,) = approve(roster(ledger, "一.csv", 0))
    assert (row["记账"], "JY109" in str(row["原因"])) == ("未记", True)
    for who in (old, IDS[0]):
        assert [found["金额"] for found in rows("person", who)] == ["700.00"]


POSTS = f"{COLUMNS[POST]},户编号"


def test_another_of_the_same_house_is_met_again_in_the_ledger(ledger: Path) -> None:
    def posted(name: str, person: int, month: int) -> str:
        (path,) = write(Batch(0, month, (Row(POST, person, month),)), ledger)
        return file(ledger, name, POSTS, f"{path.read_text(encoding='utf-8').splitlines()[1]},6532220000001")

    def booked(path: str) -> list[dict[str, object]]:
        return rows("approve", path, "-r", "xinjiang", "--set", f"{POST}.yuan=800")

    assert [row["记账"] for row in booked(posted("夫.csv", 1, 1))] == ["已记"]
    (wife,) = booked(posted("妻.csv", 2, 1))
    assert (wife["记账"], "同户另一人同期也在公益性岗位" in str(wife["原因"])) == ("未记", True)
    assert [row["记账"] for row in booked(posted("妻二月.csv", 2, 2))] == ["已记"]
