"""Statistics and samples in every format: exact sums, no sum as nothing, chances as text, the same bytes, all checks unchecked."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import openpyxl
import pytest
from rich.cells import cell_len
from rich.console import Console

from jybf.audit.sample import sampled
from jybf.audit.statistics import tallied
from jybf.model import SAMPLE_COLUMNS, STATISTICS_COLUMNS, Report, Summary
from jybf.report import FORMATS, writer
from jybf.report.formats.table_txt import print_report
from tests.audit.rosters import number, report, traveller

if TYPE_CHECKING:
    from collections.abc import Callable


def audited() -> Report:
    rows = [
        traveller(乡镇="东镇", 申请金额="900"),
        traveller(乡镇="=西镇", 身份证号=number(3), 姓名="乙示例", 性别="女", 申请金额="400.50"),
        traveller(乡镇="东镇", 身份证号=number(5), 姓名="丙示例", 申请金额="700"),
    ]
    found = report(*rows, ignore=("JY118",))  # invented numbers are in sequence
    facts = {"程序": "jybf 0", "输入": "甲.xlsx 0123456789ab"}
    return Report("audit", found.rows, Summary(3, {}), facts, found.not_run, context=found.context, findings=found)


def counted() -> Report:
    return tallied(audited())


def drawn() -> Report:
    return sampled(audited(), 1, 0, lambda _: None)


def written(form: str, given: Report, *, mask: bool = False) -> bytes:
    out = io.BytesIO()
    writer(form)(given, out, mask=mask)
    return out.getvalue()


def screen(given: Report) -> str:
    out = io.StringIO()
    print_report(given, Console(file=out, width=80, force_terminal=True, color_system=None), mask=True)
    return out.getvalue()


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("make", [counted, drawn])
def test_the_same_report_gives_the_same_bytes(form: str, make: Callable[[], Report]) -> None:
    assert written(form, make()) == written(form, make())


@pytest.mark.parametrize(("make", "columns"), [(counted, STATISTICS_COLUMNS), (drawn, SAMPLE_COLUMNS)])
def test_csv_has_the_contracts_columns_in_order(make: Callable[[], Report], columns: tuple[str, ...]) -> None:
    assert tuple(csv.DictReader(io.StringIO(written("csv", make()).decode())).fieldnames or ()) == columns


def test_csv_money_is_exact_and_blank_where_no_sum_is_stated() -> None:
    lines = csv.DictReader(io.StringIO(written("csv", counted()).decode()))
    rows = {row["名称"]: row for row in lines}
    assert (rows["合计"]["拦截金额"], rows["合计"]["申领金额"]) == ("100.00", "2000.50")
    assert rows["'=西镇"]["拦截金额"] == ""
    assert [row["总行数"] for name, row in rows.items() if name.startswith("JY")] == ["", ""]


def test_json_has_sums_and_chances_as_text_and_counts_as_numbers() -> None:
    whole = json.loads(written("json", counted()))
    assert (whole["kind"], whole["rows"][-1]["拦截"], whole["rows"][-1]["申领金额"]) == ("statistics", 1, "2000.50")
    chosen = json.loads(written("json", drawn()))
    assert chosen["provenance"]["种子"] == "0"
    assert chosen["rows"][0]["入样概率"] in {"0.36392549", "0.63607451"}
    assert chosen["not_run"]


def test_xlsx_has_one_sheet_beside_the_overview_and_what_was_not_checked() -> None:
    books = [openpyxl.load_workbook(io.BytesIO(written("xlsx", make()))) for make in (counted, drawn)]
    assert [book.sheetnames for book in books] == [["汇总", "统计", "未检查"], ["汇总", "抽样核查", "未检查"]]
    sums = books[0]["统计"]
    last = list(sums[sums.max_row])
    assert (last[0].value, last[8].value, last[8].number_format) == ("合计", 100, "#,##0.00")
    assert books[1]["抽样核查"]["F2"].data_type == "s"


@pytest.mark.parametrize("form", ["csv", "json", "jsonl", "xlsx", "html", "table"])
def test_a_masked_sample_hides_the_numbers_of_persons(form: str) -> None:
    raw = written(form, drawn(), mask=True)
    text = str(list(openpyxl.load_workbook(io.BytesIO(raw))["抽样核查"].values)) if form == "xlsx" else raw.decode()
    assert "1422011985" not in text
    assert "142201" in text


def test_the_screen_shows_rows_out_of_all_and_no_zero_for_a_sum_that_nobody_stated() -> None:
    lines = {line.split()[0]: line.split()[1:] for line in screen(counted()).splitlines() if line.strip()}
    assert lines["东镇"] == ["1", "·", "·", "1/2", "100.00", "100.00"]
    assert lines["=西镇"] == ["·", "1", "·", "1/1", "—", "—"]


def test_the_screen_keeps_to_eighty_columns() -> None:
    for make in (counted, drawn):
        assert max(map(cell_len, screen(make()).splitlines())) <= 80


@pytest.mark.parametrize("form", ["table", "html"])
def test_for_people_what_was_not_checked_stands_beside_the_figures(form: str) -> None:
    assert "没有查过，不等于没有问题" in written(form, counted()).decode()


def test_no_findings_are_said_in_words() -> None:
    found = report(traveller())
    given = Report("audit", found.rows, Summary(1, {}), {}, context=found.context, findings=found)
    assert "没有发现" in screen(tallied(given))
