"""Formulas as they come: never computed, computed by another program, out of date."""

import re

import openpyxl
import pytest

from jybf.roster import read
from tests.roster.books import idno, rezip

ZHAO, QIAN = idno("50023019880101401"), idno("50023019900202402")
HEADER = ("姓名", "身份证号", "补贴标准", "补贴月数", "金额")


def computed(folder, formulas, results):
    """A workbook whose amounts are ``formulas`` with the ``results`` that some program kept for them."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.append(HEADER)
    for line, (formula, person) in enumerate(zip(formulas, (ZHAO, QIAN), strict=False), 2):
        sheet.append((f"张{line}", person, 100, 8, formula))
    path = folder / "花名册.xlsx"
    workbook.save(path)
    kept = iter(results)

    def keep(name, part):
        if "worksheets/" not in name:
            return part
        return re.sub(rb"</f><v ?/>", lambda _: b"</f><v>" + str(next(kept)).encode() + b"</v>", part)

    return rezip(str(path), keep)


@pytest.mark.parametrize("formula", ["=C2*D2", "=$C$2*8", "=SUM(C2:C2)*D2", "=ROUND(C2*D2/1,2)", "=(C2+0)*-D2*-1", "=100*8"])
def test_a_result_that_is_right_is_read(tmp_path, formula):
    roster = read([computed(tmp_path, [formula], [800])])
    assert roster.rows["申请金额"].to_list() == [80000]
    assert roster.problems.is_empty()


@pytest.mark.parametrize("formula", ["=C2*D2", "=SUM(C2,700)", "=100*8"])
def test_a_result_that_is_out_of_date_is_no_amount_and_is_named(tmp_path, formula):
    roster = read([computed(tmp_path, [formula], [80000])])
    assert roster.rows["申请金额"].to_list() == [None]
    assert roster.problems.select("字段", "原文").rows() == [("申请金额", "80000")]
    assert "存的是 80000，重新计算是 800" in roster.problems["原因"][0]


def test_what_builds_on_an_outdated_result_is_out_of_date_too(tmp_path):
    roster = read([computed(tmp_path, ["=C2*D2", "=E2+1"], [80000, 80001])])
    assert roster.rows["申请金额"].to_list() == [None, None]


@pytest.mark.parametrize(
    "formula", ["=VLOOKUP(A2,Z1:Z9,1)", "=Sheet2!A1", "=A2*2", "=SUM(C2:C9)", "=TODAY()", "=CELL(0,1)", '="8"&"00"']
)
def test_what_is_more_than_arithmetic_is_left_to_the_program_that_computed_it(tmp_path, formula):
    assert read([computed(tmp_path, [formula], [801])]).rows["申请金额"].to_list() == [80100]


def test_half_a_fen_is_no_difference(tmp_path):
    assert read([computed(tmp_path, ["=C2/3"], [33.333])]).problems.is_empty() is False  # three places are no amount
    assert "过期" not in "".join(read([computed(tmp_path, ["=C2/3"], [33.33])]).problems["原因"])


def test_shared_formulas_are_those_of_their_first_cell(tmp_path):
    path = computed(tmp_path, ["=C2*D2", "=C3*D3"], [800, 900])

    def share(_, part):
        first = part.replace(b"<f>C2*D2</f>", b'<f t="shared" ref="E2:E3" si="0">C2*D2</f>')
        return first.replace(b"<f>C3*D3</f>", b'<f t="shared" si="0"/>')

    roster = read([rezip(path, share)])
    assert roster.rows["申请金额"].to_list() == [80000, None]
