"""放行清单: each verdict of calc on one line, with what the audit has against its row."""

from decimal import Decimal

import openpyxl
import polars as pl
import pytest
from msgspec.structs import replace

from jybf.audit.release import PAYOUT_COLUMNS, payout
from jybf.commands import audit
from jybf.commands.request import Request
from jybf.report.formats.xlsx import write
from jybf.report.overview import overview
from jybf.report.progress import unheard
from tests.roster.books import idno

TRANSPORT = "静乐县示例镇2021年脱贫人口跨省务工交通补贴花名册\n序号,姓名,性别,身份证号,人员类别,务工省,申请日期,申请金额\n"
MEN = [idno(f"1409261990010{day}001") for day in range(1, 7)]  # odd: men


@pytest.fixture
def audited(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def run(text, region="shanxi", **options):
        (tmp_path / "花名册.csv").write_text(text, encoding="utf-8")
        return audit.audited(Request(("花名册.csv",), region, **options), lambda _: None, unheard)

    return run


def roster(*rows):
    return TRANSPORT + "".join(f"{n},{','.join(map(str, row))}\n" for n, row in enumerate(rows, 1))


ROSTER = roster(
    ("甲示例", "男", MEN[0], "脱贫户", "广东省", "2021-08-01", 500),
    ("乙示例", "男", MEN[1], "脱贫户", "广东省", "2021-08-02", 1000),
    ("丙示例", "女", MEN[2], "脱贫户", "广东省", "2021-08-03", 800),
    ("丁示例", "男", MEN[3], "一般农户", "广东省", "2021-08-04", 800),
    ("戊示例", "男", MEN[4], "脱贫户", "", "2021-08-05", 800),
)


def test_each_row_says_whether_it_may_be_paid_what_and_why_not(audited):
    rows = payout(audited(ROSTER).findings)
    assert rows.columns == ["_sheet", *PAYOUT_COLUMNS]
    told = rows.select("行号", "放行", "申领金额", "核定金额", "本次可发").rows()
    assert told == [
        (3, "可发", 50_000, 50_000, 50_000),
        (4, "核减后发", 100_000, 80_000, 80_000),
        (5, "先核实", 80_000, 80_000, None),
        (6, "不符合", 80_000, None, None),
        (7, "待补资料", 80_000, None, None),
    ]
    whys = rows["原因"].to_list()
    assert [why[:5] for why in whys[1:3]] == ["JY501", "JY106"]
    assert "要求为 脱贫人口" in whys[3]
    assert "缺“务工省”" in whys[4]


def test_the_list_agrees_with_the_sums_that_the_run_ends_with(audited):
    report = audited(ROSTER)
    rows, left = payout(report.findings), report.summary.clearance
    assert set(rows.filter(rows["核定金额"].is_not_null())["放行"]) == {"可发", "核减后发", "先核实"}
    for word, (count, fen) in {"可发": left.clear, "核减后发": left.cut, "先核实": left.doubted, "不发": left.stopped}.items():
        mine = rows.filter(rows["放行"] == word)
        assert (mine.height, mine["核定金额"].sum()) == (count, fen)


def test_the_workbook_of_an_audit_has_the_list_with_links_to_the_rows(audited, tmp_path):
    out = tmp_path / "批注.xlsx"
    with out.open("wb") as file:
        write(audited(ROSTER), file, mask=False)
    sheet = openpyxl.load_workbook(out)["放行清单"]
    assert [cell.value for cell in sheet[1]] == list(PAYOUT_COLUMNS)
    assert [sheet.cell(3, column).value for column in (1, 4, 9, 10, 11)] == ["核减后发", 4, 1000, 800, 800]
    assert sheet.cell(3, 4).hyperlink.location == "'花名册'!A4"
    assert sheet.max_row == 6
    colours = {sheet.cell(line, 1).value: sheet.cell(line, 1).fill.fgColor.rgb for line in range(2, 7)}
    assert len(set(colours.values())) == 3  # may be paid, must not, wants something first
    assert colours["核减后发"] == colours["可发"]


def test_the_summary_has_the_sums_of_the_list(audited):
    report = audited(ROSTER)
    shown = overview(report, released=payout(report.findings))
    lines = [tuple(row.values()) for row in shown.rows]
    first = next(n for n, line in enumerate(lines) if line[0] == "放行")
    assert first in shown.heads
    sums = {line[0]: (line[1], line[5], line[6]) for line in lines[first + 1 :] if len(line) == 7}
    assert sums["核减后发"] == (1, 800, 800)
    rows = payout(report.findings)
    assert sums["合计"] == (rows.height, Decimal(rows["核定金额"].sum()) / 100, Decimal(rows["本次可发"].sum()) / 100)


def test_no_list_is_made_where_checks_were_left_out(audited):
    assert payout(audited(ROSTER, select=("JY5",)).findings) is None


def test_what_somebody_answers_for_is_told_on_the_row_that_is_paid_for_it(audited):
    findings = audited(ROSTER).findings
    doubt = findings.rows["编号"] == "JY106"
    waived = findings.context.with_columns(
        pl.when(doubt).then(pl.lit("局长批准，至 2026-12-31")).otherwise("豁免").alias("豁免")
    )
    rows = findings.rows.with_columns(pl.when(doubt).then(pl.lit("提示")).otherwise("级别").alias("级别"))
    line = payout(replace(findings, rows=rows, context=waived)).row(2, named=True)
    assert (line["放行"], line["本次可发"]) == ("可发", 80_000)
    assert line["原因"].endswith("；已豁免 JY106（局长批准，至 2026-12-31）")
