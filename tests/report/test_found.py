"""Findings on a screen: a screen says once what many rows have alike, a text file says it of each."""

import io

import polars as pl
from msgspec.structs import replace
from rich.console import Console

from jybf.report.formats.table_txt import print_report
from tests.report.samples import audit_report


def screen(rows, terminal=True):
    """What a report with ``rows`` (changes of one finding of the samples) looks like."""
    report = audit_report()
    first = report.frame.row(0, named=True)
    frame = pl.DataFrame([first | row for row in rows], report.frame.schema)
    out = io.StringIO()
    width = 80 if terminal else 1000
    console = Console(
        file=out, width=width, force_terminal=terminal, color_system=None, highlight=False, markup=False, emoji=False
    )
    print_report(replace(report, frame=frame), console, mask=True)
    return "".join(line.strip() for line in out.getvalue().splitlines())


def lines(*numbers, **alike):
    return [{"行号": n, "单元格": f"H{n}", "涉及金额": 100} | alike for n in numbers]


def test_six_rows_of_which_the_same_is_true_are_one_entry_with_their_lines_and_their_sum():
    shown = screen(lines(4, 5, 6, 7, 9, 10))
    assert "6 条" in shown
    assert "涉及 6.00 元）：第 4–7、9–10 行" in shown
    assert "H4" not in shown


def test_five_rows_are_told_one_by_one():
    shown = screen(lines(4, 5, 6, 7, 9))
    assert all(f"H{n} " in shown for n in (4, 5, 6, 7, 9))
    assert "行）" not in shown


def test_rows_that_differ_in_value_or_sheet_are_not_put_together():
    assert "：第" not in screen([*lines(4, 5, 6), *lines(7, 8, 9, 当前值="2022-09-30")])
    assert "：第" not in screen([*lines(4, 5, 6), *lines(4, 5, 6, 工作表="二组")])


def test_findings_without_a_line_stay_apart():
    assert "：第" not in screen([{"行号": None, "单元格": ""}] * 6)


def test_a_sum_that_no_row_states_is_none():
    assert "涉及" not in screen(lines(4, 5, 6, 7, 8, 9, 涉及金额=None)).split("未检查")[0]


def test_off_a_terminal_every_row_stands_for_itself():
    assert "H10" in screen(lines(4, 5, 6, 7, 9, 10), terminal=False)
