"""Findings on a screen: a screen says once what many rows have alike, a text file says it of each."""

import io

import polars as pl
from msgspec.structs import replace
from rich.console import Console

from jybf.model import NotRun
from jybf.report.formats.table_txt import print_report
from tests.report.samples import audit_report


def screen(rows, terminal=True, whole=False, **changes):
    """What a report with ``rows`` (changes of one finding of the samples) looks like."""
    report = audit_report()
    first = report.frame.row(0, named=True)
    frame = pl.DataFrame([first | row for row in rows], report.frame.schema)
    out = io.StringIO()
    width = 80 if terminal else 1000
    console = Console(
        file=out, width=width, force_terminal=terminal, color_system=None, highlight=False, markup=False, emoji=False
    )
    console.whole = whole
    print_report(replace(report, frame=frame, **changes), console, mask=True)
    return "".join(line.strip() for line in out.getvalue().splitlines())


def lines(*numbers, **alike):
    return [{"行号": n, "单元格": f"H{n}", "涉及金额": 100} | alike for n in numbers]


def test_rows_of_which_the_same_is_true_are_one_entry_with_their_lines_and_their_sum():
    shown = screen(lines(4, 5, 6, 7, 9, 10))
    assert "6 条" in shown
    assert "涉及 6.00 元）：第 4–7、9–10 行" in shown
    assert "H4" not in shown


def test_of_few_rows_every_cell_and_every_name_is_said():
    one, two = lines(4, 5)
    shown = screen([one | {"姓名": "甲示例"}, two | {"姓名": "乙示例"}])
    assert "2 条" in shown
    assert "甲示例、乙示例" in shown
    assert "涉及 2.00 元）：H4、H5" in shown


def test_lines_that_the_problem_names_are_not_said_again():
    shown = screen(lines(4, 5, 6, 7, 问题="几个人共用一个账号（第 4–7 行）"))
    assert shown.count("第 4–7 行") == 1


def test_the_whole_is_told_row_by_row_on_a_terminal_too():
    assert all(f"H{n} " in screen(lines(4, 5, 6, 7, 9), whole=True) for n in (4, 5, 6, 7, 9))


def test_where_findings_stand_is_said_only_where_there_is_more_than_one_sheet():
    assert "台账.xlsx" not in screen(lines(4))
    assert screen([*lines(4), *lines(4, 工作表="二组")]).count("台账.xlsx") == 2


def unchecked(**options):
    skips = [
        NotRun("JY601", "多人共用一个账户", "花名册没有“银行账号”列", columns=("“银行账号”列",)),
        NotRun("JY602", "开户名不符", "花名册没有“开户名”列", columns=("“开户名”列",)),
        NotRun("JY203", "死亡", "没有给死亡名单", lists=("死亡",)),
        NotRun("JY303", "重复", "没有给历史发放"),
        NotRun("JY304", "重复", "没有给历史发放"),
    ]
    return screen(lines(4, 5), not_run=tuple(skips), **options)


def test_what_was_not_checked_is_a_line_a_reason_and_all_of_it_where_it_is_asked_for():
    shown = unchecked()
    assert "未检查  5 项：没有查过，不等于没有问题  逐项列出用 --all" in shown
    assert all(line in shown for line in ("2 项  没有给历史发放", "1 项  没有给名单", "2 项  花名册没有要看的列"))
    assert "JY601" not in shown
    for all_ in (unchecked(whole=True), unchecked(terminal=False)):
        assert "JY601 银行账号；JY602 开户名" in all_
        assert "JY303、JY304" in all_


def test_the_end_names_the_rules_that_scrolled_by():
    end = screen(lines(4, 5, 6)).split("未检查")[1]
    assert "拦截  公益性岗位合同一次超过一年（JY506）3 条" in end


def test_rows_that_differ_in_value_or_sheet_are_not_put_together():
    shown = screen([*lines(4, 5, 6), *lines(7, 8, 9, 当前值="2022-09-30")])
    assert all(f"：H{n}、H{n + 1}、H{n + 2}" in shown for n in (4, 7))
    assert screen([*lines(4, 5, 6), *lines(4, 5, 6, 工作表="二组")]).count("：H4、H5、H6") == 2


def test_findings_without_a_line_stay_apart():
    assert "：第" not in screen([{"行号": None, "单元格": ""}] * 6)


def test_a_sum_that_no_row_states_is_none():
    assert "涉及" not in screen(lines(4, 5, 6, 7, 8, 9, 涉及金额=None)).split("未检查")[0]


def test_off_a_terminal_every_row_stands_for_itself():
    assert "H10" in screen(lines(4, 5, 6, 7, 9, 10), terminal=False)
