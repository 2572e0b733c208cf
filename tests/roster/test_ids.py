from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from jybf.roster import credit_code_ok, id_ok
from jybf.vocabulary.values.ids import parse_account, parse_credit_code, parse_id, sound_ids
from tests.roster.books import WANG, idno

SOUND = idno(WANG)
ENDS_IN_X = next(i for n in range(100) if (i := idno(f"110101199003070{n:02d}")).endswith("X"))


@pytest.mark.parametrize(
    "written",
    [
        SOUND,
        f" {SOUND} ",
        f"'{SOUND}",
        f'="{SOUND}"',
        f"{SOUND[:6]} {SOUND[6:14]} {SOUND[14:]}",
        f"{SOUND}\u200b",
        SOUND.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
        f"{SOUND}43",  # a disability number: type and grade after the ID
        f"{SOUND}43B1",
    ],
)
def test_an_id_is_read_through_the_tricks_that_keep_it_text(written):
    assert parse_id(written) == SOUND


@pytest.mark.parametrize("x", ["x", "Ｘ", "ｘ"])
def test_the_check_digit_x_is_always_a_capital(x):
    assert parse_id(ENDS_IN_X[:17] + x) == ENDS_IN_X


@pytest.mark.parametrize(
    ("written", "code"),
    [
        (SOUND[:17], "JY101"),
        ("110101900307123", "JY101"),  # the 15 characters of before 1999
        (SOUND.replace("0", "O", 1), "JY101"),
        (SOUND[:17] + "叉", "JY101"),
        ("1101011990****1234", "JY101"),
        ("٢" * 18, "JY101"),
        (SOUND[:17] + str((int(SOUND[17]) + 1) % 10 if SOUND[17] != "X" else 1), "JY102"),
        ("5.0023E+17", "JY103"),
        (idno("11010119900230123"), "JY104"),
        (idno("11010118991231123"), "JY104"),
        (idno("11010120260101123"), "JY104"),
    ],
)
def test_an_unsound_id_is_refused_under_its_code(written, code):
    assert parse_id(written).code == code


@pytest.mark.parametrize(
    ("written", "why"),
    [
        (SOUND[:17], "身份证号 17 位，应为 18 位"),
        ("110101901307123", "身份证号 15 位，应为 18 位"),  # no month 13: no number of before 1999 either
        (f"{SOUND}99", "身份证号 20 位，应为 18 位"),
        (f"{SOUND[:6]}-{SOUND[6:14]}-{SOUND[14:]}", "身份证号里夹有“-”，须连写成 18 位"),
        (f"{SOUND} （补）", "身份证号之外还写了“(补)”"),
        (f"父：{SOUND}", "身份证号之外还写了“父:”"),
        (f"{SOUND}/{SOUND}", "一格写了 2 个身份证号"),
        ("办理中", "写的是“办理中”，不是身份证号"),
        ("E12345678", "身份证号 8 位，应为 18 位，含有不该有的字符“E”"),
        ("000000199001010026", "身份证号前六位 000000 不是地区代码"),
        (f"{SOUND[:9]}X{SOUND[10:]}", "身份证号的 X 只能在末位"),
    ],
)
def test_what_is_no_id_is_named_as_what_it_is(written, why):
    assert (parse_id(written).reason, parse_id(written).code) == (why, "JY101")


@pytest.mark.parametrize("prefix", ["810000", "820000", "830000", "500230"])
def test_permits_and_areas_younger_than_their_holder_are_sound(prefix):
    assert id_ok(idno(f"{prefix}19800101123"))


def test_blank_ways_to_write_nothing_are_blank():
    assert [parse_id(nothing) for nothing in ("无", "/", "-")] == [None, None, None]


@given(st.dates(date(1900, 1, 1), date(2025, 12, 31)), st.integers(0, 999))
def test_every_id_with_the_right_check_digit_is_sound_and_no_other(born, order):
    number = idno(f"140224{born:%Y%m%d}{order:03d}")
    wrong = [number[:17] + check for check in "0123456789X" if check != number[17]]
    cells = pl.DataFrame({"c": [number, *wrong]}).select(sound_ids(pl.col("c"))).to_series().to_list()
    assert cells == [True] + [False] * 10
    assert [id_ok(each) for each in (number, *wrong)] == cells


@given(st.text(st.sampled_from("0123456789ABCDEFGHJKLMNPQRTUWXY"), min_size=17, max_size=17))
def test_a_credit_code_has_the_one_check_character_that_the_oracle_computes(seventeen):
    body = "91110000" + seventeen[8:]
    assert credit_code_ok(body + uscc.calc_check_digit(body))
    assert sum(credit_code_ok(body + c) for c in "0123456789ABCDEFGHJKLMNPQRTUWXY") == 1


def test_an_unsound_credit_code_is_kept_for_the_audit():
    assert parse_credit_code(" 91110000ma00000000 ") == "91110000MA00000000"


def test_an_account_loses_its_blanks_and_nothing_else():
    assert parse_account("6217 0012 3456 7890 123") == "6217001234567890123"
    assert parse_account("6.217E+18").code == "JY605"
