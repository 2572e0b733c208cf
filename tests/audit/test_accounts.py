"""Accounts: shared, in another's name, mistyped."""

from __future__ import annotations

import pytest

from tests.audit.rosters import TRAINING, finding, lines, number, report, trainee, traveller

CARD = "6217000010001234567"  # invented; its Luhn digit is set right below


def luhn(head: str) -> str:
    total = sum(sum(divmod(int(d) * (2 - i % 2), 10)) for i, d in enumerate(reversed(head)))
    return head + str(-total % 10)


def test_an_account_of_two_persons_is_a_doubt_and_within_one_household_a_hint() -> None:
    one, other = {"银行账号": luhn(CARD[:-1])}, number(3)
    strangers = report(traveller(**one), traveller(**one, 身份证号=other)).rows
    assert strangers.select("编号", "级别", "行号").rows() == [("JY601", "疑点", 1), ("JY601", "疑点", 2)]
    family = report(traveller(**one, 户="一户"), traveller(**one, 身份证号=other, 户="一户")).rows
    assert family["级别"].to_list() == ["提示", "提示"]


def test_one_person_s_own_account_on_two_rows_is_fine() -> None:
    rows = traveller(银行账号=luhn(CARD[:-1])), traveller(银行账号=luhn(CARD[:-1]), 申请日期="2022-08-01")
    assert lines("JY601", *rows) == []


def test_an_employer_s_account_may_stand_beside_all_its_workers() -> None:
    one = {"银行账号": "04123456789012"}
    assert lines("JY601", trainee(**one), trainee(**one, 身份证号=number(3)), title=TRAINING) == []
    named = {"银行账号": luhn(CARD[:-1]), "开户名": "甲厂"}
    assert lines("JY601", trainee(**named), trainee(**named, 身份证号=number(3)), title=TRAINING) == []
    assert lines("JY602", trainee(开户名="甲厂"), title=TRAINING) == []
    assert lines("JY602", trainee(开户名="某县甲服饰有限公司"), title=TRAINING) == []


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
    assert lines("JY601", traveller(**one), traveller(**one, 身份证号="")) == []
    assert lines("JY601", traveller(**one, 身份证号=""), traveller(**one, 姓名="乙示例", 身份证号="")) == [1, 2]


@pytest.mark.parametrize("holder", ["甲 示例", "甲示例", ""])
def test_the_holder_s_name_may_be_spaced(holder: str) -> None:
    assert lines("JY602", traveller(开户名=holder)) == []


def test_another_holder_is_a_doubt_and_family_a_hint() -> None:
    assert finding("JY602", traveller(开户名="乙示例"))["级别"] == "疑点"
    assert finding("JY602", traveller(开户名="乙示例", 户主姓名="乙示例"))["级别"] == "提示"
    assert finding("JY602", traveller(开户名="乙示例", 监护人姓名="乙示例"))["级别"] == "提示"
    family = traveller(姓名="乙示例", 身份证号=number(3), 户="一户")
    assert finding("JY602", traveller(开户名="乙示例", 户="一户"), family)["级别"] == "提示"


def test_a_bank_card_ends_in_its_luhn_digit() -> None:
    right = luhn(CARD[:-1])
    wrong = right[:-1] + str((int(right[-1]) + 1) % 10)
    assert lines("JY605", traveller(银行账号=right)) == []
    assert finding("JY605", traveller(银行账号=wrong))["级别"] == "提示"


def test_a_passbook_has_no_luhn_digit() -> None:
    assert lines("JY605", traveller(银行账号="601234567890123456")) == []


@pytest.mark.parametrize("account", ["1234567", "6217OOOO1234"])
def test_an_account_of_odd_shape_is_a_hint(account: str) -> None:
    assert lines("JY605", traveller(银行账号=account)) == [1]
    assert lines("JY605", traveller(银行账号="")) == []
