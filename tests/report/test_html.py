"""The page: its numbers are the report's, its texts harmless, nothing is loaded, and a browser opens, filters and prints it."""

import base64
import hashlib
import io
import re
from html.parser import HTMLParser

import polars as pl
import pytest
from msgspec.structs import replace

from jybf.model import CONTEXT, Near, NotRun, Report, Roster, Summary
from jybf.report import format_of, listing, writer
from jybf.report.pictures import at_risk, risk_pictures
from tests.report.samples import TRANSPORT, audit_report, calc_report

HOSTILE = [
    "<script>alert(1)</script>",
    "</script><img src=x onerror=alert(1)>",
    "\"><b>'",
    "{{ 7 * 7 }}{% raw %}",
    '=HYPERLINK("http://x.invalid","点")',
    "javascript:alert(1)",
    "甲\u202e乙\u2066丙",
    "\x1b[31m红",
    "<!-- ]]> &amp; &#0;",
]


class Reader(HTMLParser):
    """What a browser makes of a page: its tags with attributes, and its text outside style and script."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.tags, self.texts, self._own = [], [], False
        self.feed(text)
        self.close()
        self.text = "".join(self.texts)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._own = tag in ("style", "script")

    def handle_endtag(self, _tag):
        self._own = False

    def handle_data(self, data):
        if not self._own:
            self.texts.append(data)


def page(report, *, mask=False):
    out = io.BytesIO()
    writer("html")(report, out, mask=mask)
    return out.getvalue().decode()


def shown(report, *, mask=False):
    return Reader(page(report, mask=mask)).text


def findings(*rows):
    """An audit of these rows: what differs from the sample's first finding, and its context, by column."""
    base = audit_report()
    whole = dict(zip(base.frame.columns, base.frame.row(0), strict=True)) | dict.fromkeys(CONTEXT[2:], "")
    lines = [{**whole, "_row": n, "_sheet": 0, **row} for n, row in enumerate(rows)]
    frame = pl.DataFrame([{name: line[name] for name in base.frame.columns} for line in lines], schema=base.frame.schema)
    types = {name: pl.Int64 if name.startswith("_") else pl.String for name in CONTEXT}
    context = pl.DataFrame([{name: line[name] for name in CONTEXT} for line in lines], schema=types)
    return replace(base, frame=frame, context=context)


def bars(report):
    return {p.title: [(b.label, b.figure) for b in p.bars] for p in risk_pictures(listing.lines(report, mask=False))}


def test_the_suffix_asks_for_the_page():
    assert format_of("报告.html") == "html"


def test_every_column_of_a_finding_is_on_the_page():
    report = findings(
        {"乡镇": "示例镇", "单位": "虚构厂", "补贴项目": "公益性岗位补贴"},
        {"文件": "二.xlsx", "工作表": "表二", "补贴项目": "以工代训补贴"},
    )
    text = shown(report)
    for value in (*report.frame.row(0), *report.context.row(0)[2:]):
        assert (str(value) if value != 120050 else "1,200.50") in text
    assert "表二" in text


def test_every_column_of_a_verdict_is_on_the_page():
    text = shown(calc_report())
    for value in (
        "花名册.xlsx",
        "一组",
        "第 5 行",
        "甲示例",
        "140224199001010019",
        TRANSPORT,
        "不符合",
        "800.00",
        "上限",
        "山西（四）",
        "缺“务工省”",
    ):
        assert value in text
    assert "1 件可以发，共 800.00 元，发放以审核的放行为准；1 件不符合条件；1 件要先补资料，补齐后最多 800.00 元。" in text


def test_a_rule_is_explained_once_with_its_ground_and_advice():
    text = shown(findings({}, {"行号": 9}))
    assert text.count("公益性岗位协议超过 1 年") == 2
    assert (text.count("山西（十二）"), text.count("重签协议")) == (1, 1)


def test_the_first_sentence_says_who_how_much_and_what_was_not_checked():
    report = findings({}, {"行号": 5}, {"行号": 6, "身份证号": "140224199001010019"}, {"行号": 7, "级别": "疑点"})
    assert "2 人的 3,601.50 元现在不能发；另有 1 条要先核实；1 项没有查。" in shown(report)


def test_employers_are_not_counted_as_people():
    report = findings({"身份证号": "", "姓名": "虚构厂"}, {"行号": 5})
    rows = pl.DataFrame({"_row": [0, 1], "姓名": [None, "丁示例"], "身份证号": [None, "140224199404040045"]})
    report = replace(report, roster=Roster(rows, pl.DataFrame(), ()))
    assert "1 人、1 家单位的 2,401.00 元现在不能发" in shown(report)


def test_a_wrong_total_is_no_person():
    report = findings({"编号": "JY117", "_row": None, "身份证号": "", "姓名": ""})
    assert "1 处合计与逐行相加不符" in shown(report)
    assert "1,200.50 元现在不能发" not in shown(report)


def test_a_sum_that_nobody_stated_is_no_zero():
    text = shown(findings({"涉及金额": None}))
    assert "1 人现在不能发，表上没有写明金额" in text
    assert "未知" in text
    assert "0.00" not in text


def test_the_bars_add_up_to_the_sum_at_risk_and_count_a_row_once():
    report = findings(
        {"乡镇": "甲镇"}, {"乡镇": "甲镇", "编号": "JY501", "涉及金额": 200000}, {"行号": 5, "乡镇": "", "涉及金额": 100}
    )
    assert bars(report) == {
        "按规则": [("JY501 超标准发放", "2,000.00 元"), ("JY506 公益性岗位合同一次超过一年", "1.00 元")],
        "按乡镇": [("甲镇", "2,000.00 元"), ("未写明", "1.00 元")],
        "按单位": [("未写明", "2,001.00 元")],
    }
    assert "只算金额最大的一条" in shown(report)


def test_bars_after_the_sixth_are_one():
    report = findings(*({"行号": n, "单位": f"虚构{n}厂", "涉及金额": 100 * n} for n in range(1, 14)))
    drawn = bars(report)["按单位"]
    assert (len(drawn), drawn[-1]) == (7, ("其余 7 个", "28.00 元"))
    assert {p.total for p in risk_pictures(listing.lines(report, mask=False))} == {"91.00 元"}


def test_without_any_sum_the_bars_count_findings():
    assert bars(findings({"涉及金额": None, "乡镇": "甲镇"}))["按乡镇"] == [("甲镇", "1 条")]


def test_a_group_without_a_sum_says_so_beside_those_with_one():
    drawn = bars(findings({"乡镇": "甲镇"}, {"行号": 5, "乡镇": "乙镇", "涉及金额": None}))
    assert drawn["按乡镇"] == [("甲镇", "1,200.50 元"), ("乙镇", "没有写明金额")]


def test_what_is_waived_is_listed_apart_and_not_at_risk():
    report = findings({"豁免": "县人社局，至 2022-06-30"}, {"行号": 5, "涉及金额": 100})
    text = shown(report)
    assert "1 人的 1.00 元现在不能发；1 条已豁免，不算在内" in text
    assert "县人社局，至 2022-06-30" in text[text.index("已豁免 1 条") :]


def test_what_was_and_what_was_not_checked_is_listed_with_reasons():
    skipped = (NotRun("JY203", "死亡后领取", "没有给死亡名单", ("死亡",)), NotRun("JY501", "超标准发放", "文件没有定标准"))
    text = shown(replace(audit_report(), not_run=skipped, checked=("JY501", "JY506", "JY102")))
    assert "1 项没有查；1 项没有查全" in text
    assert re.search(r"JY203\s*死亡后领取\s*没有给死亡名单\s*要给的名单：死亡", text)
    assert re.search(r"JY501\s*超标准发放\s*没有发现，只查了一部分", text)
    assert re.search(r"JY506\s*公益性岗位合同一次超过一年\s*1 条", text)


def test_the_page_says_from_what_it_was_made():
    report = replace(audit_report(), notices=("两张隐藏的工作表没有读",))
    text = shown(report)
    for said in (*report.provenance.values(), "两张隐藏的工作表没有读", "没有给基准日"):
        assert said in text


@pytest.mark.parametrize("make", [audit_report, calc_report])
def test_a_report_without_rows_is_still_a_page(make):
    report = make()
    assert "没有" in shown(replace(report, frame=report.frame.clear(), summary=Summary(0, {})))


def test_where_every_line_went_adds_up_in_words_too():
    text = shown(calc_report())
    assert "可发放 1 行；待补资料 1 行；不符合 1 行；表题、表头、合计 5 行" in text
    assert "共 8 行" in text


@pytest.mark.parametrize("column", ["姓名", "当前值", "问题", "依据", "乡镇", "单位", "工作表"])
def test_hostile_texts_are_shown_and_do_nothing(column):
    read = Reader(page(findings(*({column: text, "行号": n} for n, text in enumerate(HOSTILE, 2)))))
    assert {tag for tag, _ in read.tags} & {"img", "iframe", "object", "link", "base"} == set()
    assert [tag for tag, _ in read.tags].count("script") == 1
    assert not any(name.startswith("on") or name == "style" for _, attributes in read.tags for name in attributes)
    for text in HOSTILE:
        assert listing.lines(findings({column: text}), mask=False)[column].item() in read.text
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]", read.text)


def test_nothing_is_loaded_from_anywhere():
    text = page(audit_report())
    assert not re.search(r"https?://|//[a-z]|url\((?!#)|@import|src=", text)
    assert all(value.startswith("#") for _, attributes in Reader(text).tags if (value := attributes.get("href")))


def test_the_policy_lets_this_style_and_this_script_run_and_nothing_else():
    text = page(audit_report())
    policy = next(a["content"] for t, a in Reader(text).tags if t == "meta" and "http-equiv" in a)
    digests = [
        base64.b64encode(hashlib.sha256(re.search(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)[1].encode()).digest()).decode()
        for tag in ("style", "script")
    ]
    assert policy.split("; ")[:3] == [
        "default-src 'none'",
        f"style-src 'sha256-{digests[0]}'",
        f"script-src 'sha256-{digests[1]}'",
    ]
    assert "unsafe" not in policy


def test_no_personal_number_is_left_anywhere_when_masked():
    number, card, phone = "140224199404040045", "6210000000000001234", "19900000001"
    broken = number[:8] + "\u200b" + number[8:]
    says = f"证号 {number}、卡 {card}、电话 {phone}"
    report = findings(
        dict.fromkeys(("当前值", "问题", "应为", "依据", "建议", "单位", "乡镇", "豁免"), says),
        {"姓名": broken, "文件": f"{number}.xlsx"},
    )
    report = replace(
        report,
        notices=(says,),
        not_run=(NotRun("JY203", "死亡后领取", says),),
        summary=replace(report.summary, near=(Near("甲补贴", says, 2),), manual=(says,)),
        provenance={"输入": f"{number}.xlsx 123456789012"},
    )
    text = page(report, mask=True)
    assert not any(secret in text for secret in (number, number[8:], card, phone))
    assert "123456789012" in text
    assert "140224**********45" in text
    assert number in page(report, mask=False)


def test_the_same_report_gives_the_same_bytes_with_its_context():
    report = findings({"乡镇": "甲镇"}, {"行号": 5, "乡镇": "乙镇"}, {"行号": 6, "级别": "提示"})
    assert page(report) == page(report)


def test_what_is_too_long_to_list_is_counted_and_said(monkeypatch):
    monkeypatch.setattr("jybf.report.formats.html.MOST", 3)
    monkeypatch.setattr("jybf.report.listing.MOST", 3)
    report = findings({"行号": 2, "级别": "提示"}, *({"行号": n} for n in range(3, 8)))
    text = page(report)
    assert text.count('<tr class="r"') == 3
    assert "一共 6 条，这里只列出最要紧的 3 条" in text
    assert "1 人的 6,002.50 元现在不能发" in text


def test_every_line_at_risk_is_a_row_of_the_roster():
    risk = at_risk(listing.lines(findings({}, {}, {"行号": 5}), mask=False))
    assert risk.select("行号", "条").rows() == [(4, 2), (5, 1)]


@pytest.mark.parametrize("kind", ["statistics", "sample"])
def test_any_other_table_is_shown_as_it_is(kind):
    frame = pl.DataFrame({"名称": ["<甲镇>"], "行号": [3], "涉及金额": pl.Series([120050], dtype=pl.Int64)})
    text = shown(Report(kind, frame, Summary(3, {}), {}))
    assert "<甲镇>" in text


def test_a_leader_reads_which_lists_were_not_given():
    skipped = (
        NotRun("JY203", "死亡后领取", "没有给死亡名单", ("死亡",)),
        NotRun("JY401", "虚报", "没有给", ("社保缴费", "死亡")),
    )
    head = shown(replace(audit_report(), not_run=skipped)).split("经办")[0]
    assert "没有给的名单：死亡、社保缴费。" in head


def test_a_sample_and_statistics_begin_with_a_sentence_and_say_once_what_all_rows_share():
    frame = pl.DataFrame({"文件": ["甲.xlsx"] * 2, "工作表": ["一组"] * 2, "行号": [3, 4], "姓名": ["甲示例", "乙示例"]})
    text = shown(Report("sample", frame, Summary(3, {}), {"总体": "申领而没有拦截的 46 行"}))
    assert "抽出 2 行核查；总体是申领而没有拦截的 46 行。" in text
    assert (text.count("甲.xlsx"), "都在 甲.xlsx · 一组" in text) == (1, True)
    counted = Report("statistics", frame, Summary(3, {}, levels={"拦截": 2}, risk_fen=120050), {})
    assert "拦截 2 条，拦截涉及 1200.50 元。" in shown(counted)
