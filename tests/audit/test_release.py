"""放行清单: each verdict of calc on one line, with what the audit has against its row."""

import csv
import io

import openpyxl
import polars as pl
import pytest
from msgspec.structs import replace

from jybf.audit.balance import balances
from jybf.audit.release import PAY_COLUMNS, paid, pay_list
from jybf.commands import audit
from jybf.commands.request import Delivery, Request, Shape
from jybf.errors import UsageError
from jybf.report import writer
from jybf.report.formats.table_txt import print_report
from jybf.report.formats.xlsx import write
from jybf.report.overview import overview
from jybf.report.progress import unheard
from jybf.report.screen import on_paper
from tests.audit.rosters import LOAN, TRAINING, number, report, trainee, traveller
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
    rows = pay_list(audited(ROSTER).findings)
    assert rows.columns == ["_row", "_sheet", *PAY_COLUMNS]
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
    rows, left = pay_list(report.findings), report.summary.clearance
    assert set(rows.filter(rows["核定金额"].is_not_null())["放行"]) == {"可发", "核减后发", "先核实"}
    for word, (count, fen) in {"可发": left.clear, "核减后发": left.cut, "先核实": left.doubted, "不发": left.stopped}.items():
        mine = rows.filter(rows["放行"] == word)
        assert (mine.height, mine["核定金额"].sum()) == (count, fen)


def test_the_workbook_of_an_audit_has_the_list_with_links_to_the_rows(audited, tmp_path):
    out = tmp_path / "批注.xlsx"
    with out.open("wb") as file:
        write(audited(ROSTER), file, mask=False)
    sheet = openpyxl.load_workbook(out)["放行清单"]
    assert [cell.value for cell in sheet[1]] == list(PAY_COLUMNS)
    assert [sheet.cell(3, column).value for column in (1, 4, 11, 12, 13)] == ["核减后发", 4, 1000, 800, 800]
    assert sheet.cell(3, 4).hyperlink.location == "'花名册'!A4"
    assert sheet.max_row == 6
    colours = {sheet.cell(line, 1).value: sheet.cell(line, 1).fill.fgColor.rgb for line in range(2, 7)}
    assert len(set(colours.values())) == 3  # may be paid, must not, wants something first
    assert colours["核减后发"] == colours["可发"]


def test_the_workbook_opens_on_the_list_and_says_what_it_comes_to(audited, tmp_path):
    out = tmp_path / "批注.xlsx"
    with out.open("wb") as file:
        write(audited(ROSTER), file, mask=False)
    book = openpyxl.load_workbook(out)
    assert book.sheetnames[:4] == ["放行清单", "放行小计", "汇总", "问题清单"]
    assert book.active.title == "放行清单"
    assert [cell.value for cell in book["放行小计"][2]] == ["补贴项目", "跨省务工交通补贴", None, 2, 2, 1300]


def test_the_summary_begins_with_both_sides_of_the_account(audited):
    shown = overview(audited(ROSTER))
    lines = [(shown.columns[0], "人", "行", "元")] + [
        tuple(row.values())[::2][:1] + tuple(row.values())[3:6] for row in shown.rows
    ]
    assert lines[:12] == [
        ("对账  跨省务工交通补贴", "人", "行", "元"),
        ("申领", 5, 5, 3900),
        ("＋ 未申领即核定", 0, 0, 0),
        ("＝", 5, 5, 3900),
        ("可发", 1, 1, 500),
        ("＋ 核减后发", 1, 1, 800),
        ("＋ 核减", None, None, 200),
        ("＋ 先核实", 1, 1, 800),
        ("＋ 待补", 1, 1, 800),
        ("＋ 不发", 1, 1, 800),
        ("＝", 5, 5, 3900),
        ("规则", "条数", " ", "涉及金额"),
    ]


def test_what_is_claimed_is_accounted_for_in_people_rows_and_money(audited):
    one, whole = audited(ROSTER).summary.balances
    assert (one.program, whole.program) == ("跨省务工交通补贴", "合计")
    assert one.parts == whole.parts == {
        "申领": (5, 5, 390_000),
        "未申领即核定": (0, 0, 0),
        "可发": (1, 1, 50_000),
        "核减后发": (1, 1, 80_000),
        "核减": (0, 0, 20_000),
        "先核实": (1, 1, 80_000),
        "待补": (1, 1, 80_000),
        "不发": (1, 1, 80_000),
    }  # fmt: skip


def accounts(*rows, **options):
    findings = report(*rows, **options)
    return balances(findings)


def test_what_is_granted_unclaimed_stands_beside_what_is_claimed():
    two = traveller(), traveller(姓名="乙示例", 身份证号=number(3), 申请金额=None)
    parts = accounts(*two)[0].parts
    assert (parts["申领"], parts["未申领即核定"], parts["可发"]) == ((1, 1, 80_000), (1, 1, 80_000), (2, 2, 160_000))


def test_a_claim_that_nobody_can_read_is_a_claim_of_an_unknown_sum(audited):
    row = ("甲示例", "男", MEN[0], "一般农户", "广东省", "2021-08-01", "多少")
    one, _ = audited(roster(row)).summary.balances
    assert (one.parts["申领"], one.parts["不发"], one.unstated) == ((1, 1, 0), (1, 1, 0), 1)


def test_a_person_of_several_rows_counts_once_where_he_is_best_off():
    rows = [traveller(), traveller(申请日期="2021-09-01")]
    one, _ = accounts(*rows)
    assert (one.parts["申领"], one.parts["可发"], one.parts["不发"]) == ((1, 2, 160_000), (1, 1, 80_000), (0, 1, 80_000))


def test_workers_claim_with_their_employer():
    rows = [trainee(身份证号=number(n), 申请金额="50000") for n in (1, 2)]
    findings = report(*rows, title=BASE)
    one, _ = balances(findings)
    assert pay_list(findings)["申领金额"].to_list() == [10_000_000]
    assert (one.program, one.parts["申领"], one.parts["不发"]) == ("就业帮扶基地奖励", (1, 1, 10_000_000), (1, 1, 10_000_000))


def test_the_list_is_offered_by_itself_as_what_one_pays_by(audited):
    report = paid(audited(ROSTER))
    out = io.BytesIO()
    writer("csv")(report, out, mask=False)
    head, first, *rest = csv.reader(io.StringIO(out.getvalue().decode()))
    assert (head, first[0], first[12], len(rest)) == (list(PAY_COLUMNS), "可发", "500.00", 4)
    text = on_paper(lambda screen: print_report(report, screen, mask=True), mask=True).decode()
    assert "放行清单  2 笔 1300.00 元" in text
    assert "这次不发  先核实 1 行、不符合 1 行、待补资料 1 行" in text


def test_the_page_prints_the_list_with_lines_to_sign_on(audited):
    out = io.BytesIO()
    writer("html")(audited(ROSTER), out, mask=True)
    page = out.getvalue().decode()
    pay = page[page.index('id="放行清单"') : page.index('id="明细"')]
    assert "这次发 2 笔，共 1,300.00 元" in pay
    assert pay.index("1,300.00</td>") < pay.index("经办") < pay.index("这次不发的")
    assert page.index("未申领即核定") < page.index('id="放行清单"')
    assert MEN[0] not in page


def test_one_can_ask_for_one_thing_of_an_audit_and_for_the_list_of_all_checks_only():
    request, delivery = Request(("花名册.csv",)), Delivery()
    with pytest.raises(UsageError, match="--pay-list 与 --statistics 只能用一个"):
        audit.audit(request, delivery, Shape(pay_list=True, statistics=True), threshold="疑点")
    with pytest.raises(UsageError, match="只查一部分规则"):
        audit.audit(replace(request, ignore=("JY5",)), delivery, Shape(pay_list=True), threshold="疑点")


def test_no_list_is_made_where_checks_were_left_out(audited):
    assert pay_list(audited(ROSTER, select=("JY5",)).findings) is None


def test_what_somebody_answers_for_is_told_on_the_row_that_is_paid_for_it(audited):
    findings = audited(ROSTER).findings
    doubt = findings.rows["编号"] == "JY106"
    waived = findings.context.with_columns(
        pl.when(doubt).then(pl.lit("局长批准，至 2026-12-31")).otherwise("豁免").alias("豁免")
    )
    rows = findings.rows.with_columns(pl.when(doubt).then(pl.lit("提示")).otherwise("级别").alias("级别"))
    line = pay_list(replace(findings, rows=rows, context=waived)).row(2, named=True)
    assert (line["放行"], line["本次可发"]) == ("可发", 80_000)
    assert line["原因"].endswith("；已豁免 JY106（局长批准，至 2026-12-31）")


def paid_to(*rows, **options):
    """By 姓名 or 单位 of each line of the list: who gets the money, and where."""
    told = pay_list(report(*rows, **options))
    return told.select("收款人", "收款人证号", "开户银行", "账号").rows()


HOME = {"户编号": "5", "银行账号": "6217000000000000001", "开户银行": "示例农商行"}


@pytest.mark.parametrize(
    ("changes", "payee"),
    [
        ({}, ("甲示例", number(1), "示例农商行", "6217000000000000001")),
        ({"开户名": "本人"}, ("甲示例", number(1), "示例农商行", "6217000000000000001")),
        ({"开户名": "甲示例（一卡通）"}, ("甲示例", number(1), "示例农商行", "6217000000000000001")),
        ({"开户名": "乙示例"}, ("乙示例", "", "示例农商行", "6217000000000000001")),
        ({"开户名": "乙示例", "开户人身份证号": number(3)}, ("乙示例", number(3), "示例农商行", "6217000000000000001")),
        ({"开户人身份证号": number(3)}, ("", number(3), "示例农商行", "6217000000000000001")),
        ({"银行账号": None}, ("甲示例", number(1), "示例农商行", "")),
        ({"银行账号": None, "对公账号": "14000000001"}, ("甲示例", number(1), "示例农商行", "")),
    ],
    ids=["own", "said to be own", "with a remark", "another name", "another", "another number", "none", "an employer's"],
)
def test_a_person_is_paid_in_the_name_of_whoever_holds_the_account(changes, payee):
    assert paid_to(traveller(**HOME | changes)) == [payee]


@pytest.mark.parametrize(
    ("changes", "payee"),
    [
        ({"对公账号": "14000000001", "开户银行": "示例银行"}, ("甲厂", "", "示例银行", "14000000001")),
        (
            {"对公账号": "14000000001", "银行账号": "6217000000000000001", "开户银行": "示例银行"},
            ("甲厂", "", "", "14000000001"),
        ),
        ({"银行账号": "6217000000000000001"}, ("甲厂", "", "", "")),
        ({"银行账号": "14000000001"}, ("甲厂", "", "", "")),
        ({"银行账号": "14000000001", "开户名": "甲示例"}, ("甲厂", "", "", "")),
        ({"银行账号": "14000000001", "开户名": "示例县甲厂"}, ("示例县甲厂", "", "", "14000000001")),
        ({"对公账号": "14000000001", "开户名": "乙示例"}, ("乙示例", "", "", "14000000001")),
    ],
    ids=["its own", "beside the worker's", "a card", "one worker's", "the worker's", "in its name", "in another's name"],
)
def test_an_employer_is_paid_on_its_own_account_only(changes, payee):
    assert paid_to(trainee(**changes), title=TRAINING) == [payee]


def test_an_account_that_all_rows_of_an_employer_share_is_its_own():
    two = [trainee(身份证号=number(n), 姓名=f"{n}示例", 银行账号="14000000001") for n in (1, 2)]
    assert [line[3] for line in paid_to(*two, title=TRAINING)] == ["14000000001"] * 2


BASE = "就业帮扶基地奖励申请表"


def test_an_account_that_one_worker_s_row_states_is_the_employer_s_unless_another_contradicts():
    rows = [{**trainee(身份证号=number(n)), "对公账号": account} for n, account in ((1, None), (2, "14000000001"))]
    assert paid_to(*rows, title=BASE) == [("甲厂", "", "", "14000000001")]
    third = {**trainee(身份证号=number(3)), "对公账号": "14000000002"}
    assert paid_to(*rows, third, title=BASE) == [("甲厂", "", "", "")]


@pytest.mark.parametrize(
    ("changes", "payee"),
    [
        ({"姓名": "甲示例", "身份证号": number(1)}, ("甲示例", number(1), "", "6217000000000000001")),
        ({"姓名": "甲示例", "单位名称": "甲厂", "贷款类型": "小微企业"}, ("甲厂", "", "", "14000000001")),
        ({"单位名称": "甲厂", "统一社会信用代码": "911400000000000001"}, ("甲厂", "911400000000000001", "", "14000000001")),
    ],
    ids=["a person", "an employer by the kind of loan", "an employer"],
)
def test_a_loan_is_paid_to_the_borrower_whoever_it_is(changes, payee):
    accounts = {"银行账号": "6217000000000000001", "对公账号": "14000000001", "贷款合同日期": "2022-05-10"}
    assert paid_to(accounts | changes, title=LOAN) == [payee]
