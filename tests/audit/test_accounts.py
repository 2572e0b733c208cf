"""Accounts: shared, in another's name, mistyped."""

from __future__ import annotations

import polars as pl

from jybf.api import audit
from tests.audit.rosters import TRAINING, lines, number, trainee, traveller

CARD = "6217000010001234567"  # invented; its Luhn digit is set right below


def luhn(head: str) -> str:
    total = sum(sum(divmod(int(d) * (2 - i % 2), 10)) for i, d in enumerate(reversed(head)))
    return head + str(-total % 10)


def test_workers_with_accounts_of_their_own_are_looked_at_though_their_employer_is_paid() -> None:
    card = {"银行账号": luhn(CARD[:-1])}
    held = card | {"开户名": "甲示例"}
    second = {"姓名": "乙示例", "身份证号": number(3)}
    assert lines("JY601", trainee(**held), trainee(**held, **second), title=TRAINING) == [1, 2]
    assert lines("JY601", trainee(**card), trainee(**card, **second), title=TRAINING) == [1, 2]
    assert lines("JY602", trainee(**held), trainee(**held, **second), title=TRAINING) == [2]


def test_two_names_on_one_account_are_two_persons_though_an_id_can_t_be_read() -> None:
    one = {"银行账号": luhn(CARD[:-1])}
    assert lines("JY601", traveller(**one), traveller(**one, 姓名="乙示例", 身份证号="？")) == [1, 2]


def test_who_shares_an_account_in_another_file_is_named_and_nobody_of_another_account(tmp_path) -> None:
    cards = [luhn(CARD[:-1]), luhn(CARD[:-3] + "00")]
    files = [tmp_path / "甲.csv", tmp_path / "乙.csv"]
    for first, file in enumerate(files):
        pl.DataFrame([
            traveller(姓名=f"{file.stem}示例", 身份证号=number(2 * n + first), 银行账号=card) for n, card in enumerate(cards)
        ]).write_csv(file)  # fmt: skip
    told = audit(files, "shanxi", programs=["跨省"], select=["JY601"]).frame.select("文件", "行号", "问题").rows()
    named = {line: f"几个人共用一个账号（《甲.csv》第 {line} 行、《乙.csv》第 {line} 行）" for line in (2, 3)}
    assert sorted(told) == sorted((file.name, line, problem) for file in files for line, problem in named.items())
