"""Formulas as they come: never computed, computed by another program, out of date."""

import re

import openpyxl
import pytest

from jybf.roster import read
from tests.roster.books import idno, rezip

ZHAO, QIAN = idno("50023019880101401"), idno("50023019900202402")
HEADER = ("姓名", "身份证号", "补贴标准", "补贴月数", "金额")


def computed(folder, formulas, results, *, to_compute=False):
    """A workbook whose amounts are ``formulas`` with the ``results`` that some program kept for them.

    ``to_compute``: it asks to have them all computed when it is opened.
    """
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
            return part if to_compute else part.replace(b'fullCalcOnLoad="1"', b"")
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


def test_a_reference_that_is_held_fast_stays_where_it_is(tmp_path):
    path = computed(tmp_path, ["=C2*$D$2", "=C3*$D$2"], [800, 800])

    def share(_, part):
        first = part.replace(b"<f>C2*$D$2</f>", b'<f t="shared" ref="E2:E3" si="0">C2*$D$2</f>')
        return first.replace(b"<f>C3*$D$2</f>", b'<f t="shared" si="0"/>')

    roster = read([rezip(path, share)])
    assert roster.rows["申请金额"].to_list() == [80000, 80000]


@pytest.mark.parametrize("formula", ["=c2*d2", "=C2*D2+&#48;", '=C2*D2" '])
def test_a_formula_in_another_dress_is_the_same_formula(tmp_path, formula):
    def dress(_, part):
        return part.replace(b"C2*D2", formula[1:].strip('" ').encode()).replace(b"><", b">\n<")

    roster = read([rezip(computed(tmp_path, ["=C2*D2"], [80000]), dress)])
    assert roster.rows["申请金额"].to_list() == [None]


@pytest.mark.parametrize(("formula", "read_as"), [("=C2*D2", 80000), ("=DATEDIF(A2,B2,1)*800", None)])
def test_results_that_are_to_be_computed_on_opening_are_none_unless_they_can_be_checked(tmp_path, formula, read_as):
    roster = read([computed(tmp_path, [formula], [800], to_compute=True)])
    assert roster.rows["申请金额"].to_list() == [read_as]
    assert ("公式没有算过" in "".join(roster.problems["原因"])) == (read_as is None)


def test_a_computed_text_of_no_length_is_a_blank_and_no_fault(tmp_path):
    def blank(_, part):
        return part.replace(b'<c r="E2"><f>', b'<c r="E2" t="str"><f>').replace(b"<v>9</v>", b"<v></v>")

    roster = read([rezip(computed(tmp_path, ['=IF(A2="","",9)'], [9]), blank)])
    assert roster.rows["申请金额"].to_list() == [None]
    assert roster.problems.is_empty()
