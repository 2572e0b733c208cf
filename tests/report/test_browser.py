"""The page in a real headless Chromium: from the disk, its own script at work, clicked, typed into, printed; nothing fetched."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from msgspec.structs import replace

from jybf.audit.catalogue import texts
from jybf.model import BALANCED, Balance, NotRun, Report, Summary
from tests.report.chromium import CHROMIUM, NO_CHROMIUM, Tab, browser
from tests.report.samples import calc_report
from tests.report.test_html import HOSTILE, findings, page

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not CHROMIUM, reason=NO_CHROMIUM)]

THREE = ({"乡镇": "甲镇"}, {"行号": 5, "乡镇": "乙镇", "涉及金额": 500000}, {"行号": 6, "级别": "疑点", "姓名": "<b>辛示例"})
UPRIGHT, ACROSS = (595, 842), (842, 595)  # A4, in points
SETTLED = "new Promise(done => setTimeout(done, 400))"  # typing is answered after 150 ms


@pytest.fixture(scope="module")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    with browser(tmp_path_factory.mktemp("profile")) as opened:
        opened.wide(1280)
        yield opened


def visit(tab: Tab, folder: Path, report: Report, state: str = "") -> None:
    """Open the page of ``report`` from the disk as a double click does; ``state`` is what a link carries along."""
    path = folder / "报告.html"
    path.write_text(page(report, mask=True), encoding="utf-8")
    tab.open("about:blank")  # a new fragment alone would be no new page
    tab.open(path.as_uri() + (f"#{quote(state, safe='=&')}" if state else ""))


def left(tab: Tab) -> list[int]:
    """The lines that are to be seen, in the order in which they stand: measured, not read from an attribute."""
    return tab.run(
        "[...document.querySelectorAll('#list tr.r')].filter(tr => tr.getClientRects().length && tr.offsetHeight)"
        ".map(tr => +tr.dataset.i)"
    )


def said(tab: Tab) -> str:
    return tab.run("document.getElementById('said').textContent")


def sheets(pdf: bytes) -> list[tuple[int, ...]]:
    """The size of each sheet, in points."""
    return [tuple(round(float(edge)) for edge in box.split()[2:]) for box in re.findall(rb"/MediaBox \[([^\]]+)\]", pdf)]


@pytest.mark.parametrize(
    ("state", "lines", "says"),
    [
        ("", [0, 1, 2], "显示 3 / 3 条"),
        ("级别=拦截", [0, 1], "显示 2 / 3 条（级别：拦截）"),
        ("乡镇=未写明", [2], "显示 1 / 3 条（乡镇：未写明）"),
        ("找=<b>辛", [2], "显示 1 / 3 条（找：<b>辛）"),
        ("乡镇=没有这个镇", [], "显示 0 / 3 条（乡镇：没有这个镇）"),
        ("排=涉及金额 元 从大到小", [1, 0, 2], "显示 3 / 3 条（排序：涉及金额 元 从大到小）"),
        ("明细", [0, 1, 2], "显示 3 / 3 条"),
    ],
)
def test_it_filters_and_sorts_as_the_link_says(tab: Tab, tmp_path: Path, state: str, lines: list[int], says: str) -> None:
    visit(tab, tmp_path, findings(*THREE), state)
    assert (left(tab), said(tab), tab.complaints()) == (lines, says, [])


def test_a_choice_and_typed_words_filter_and_a_click_clears(tab: Tab, tmp_path: Path) -> None:
    visit(tab, tmp_path, findings(*THREE))
    tab.choose("select[name=级别]", "拦截")
    tab.run(SETTLED)
    assert (left(tab), said(tab)) == ([0, 1], "显示 2 / 3 条（级别：拦截）")
    tab.type("input[name=找]", "乙镇")
    tab.run(SETTLED)
    assert left(tab) == [1]
    assert "找=" in tab.run("decodeURIComponent(location.hash)")
    tab.click("#filter button[type=reset]")
    tab.run(SETTLED)
    assert (left(tab), said(tab), tab.complaints()) == ([0, 1, 2], "显示 3 / 3 条", [])


def test_clicks_on_a_heading_sort_down_up_and_back(tab: Tab, tmp_path: Path) -> None:
    visit(tab, tmp_path, findings({"涉及金额": 200}, {"行号": 5, "涉及金额": 1000}, {"行号": 6, "涉及金额": 300}))
    orders = []
    for _ in range(3):
        tab.click("#list th.m button")
        orders.append(left(tab))
    assert orders == [[1, 2, 0], [0, 2, 1], [0, 1, 2]]
    assert tab.run("document.querySelector('#list th.m').getAttribute('aria-sort')") is None


def test_a_click_on_a_bar_lists_what_it_stands_for(tab: Tab, tmp_path: Path) -> None:
    visit(tab, tmp_path, findings(*THREE))
    tab.click(".bars.short tr:first-child a")
    tab.run(SETTLED)
    assert (left(tab), said(tab)) == ([1], "显示 1 / 3 条（级别：拦截；乡镇：乙镇）")


@pytest.mark.parametrize("report", [findings(*({"姓名": text, "行号": n} for n, text in enumerate(HOSTILE, 2))), calc_report()])
def test_it_asks_for_nothing_but_itself_and_no_text_of_a_roster_does_anything(tab: Tab, tmp_path: Path, report: Report) -> None:
    visit(tab, tmp_path, report)
    tab.type("input[name=找]", "示例")
    tab.run(SETTLED)
    tab.pdf()
    asked = [address for address in tab.requested() if not address.startswith("about:")]
    assert (asked, tab.complaints()) == ([(tmp_path / "报告.html").as_uri()], [])


def test_its_policy_stops_whatever_would_go_out(tab: Tab, tmp_path: Path) -> None:
    visit(tab, tmp_path, findings({}))
    tried = "fetch('http://127.0.0.1:9/').then(() => 'out', () => 'stopped')"
    assert tab.run(tried) == "stopped"
    assert any("Content Security Policy" in complaint for complaint in tab.complaints())


@pytest.mark.parametrize("width", [1280, 400])
def test_nothing_of_the_first_screen_is_cut_off_or_wider_than_the_window(tab: Tab, tmp_path: Path, width: int) -> None:
    visit(tab, tmp_path, crowded())
    tab.wide(width)
    try:
        assert tab.run("document.documentElement.scrollWidth <= innerWidth")
        cut = "[...document.querySelectorAll('header *')].filter(at => at.clientWidth && at.scrollWidth > at.clientWidth + 1"
        assert tab.run(cut + " && getComputedStyle(at).display !== 'inline').map(at => at.textContent)") == []
    finally:
        tab.wide(1280)


@pytest.mark.parametrize("width", [1280, 800, 500])
def test_no_column_of_the_list_is_cut_off(tab: Tab, tmp_path: Path, width: int) -> None:
    visit(tab, tmp_path, findings(*THREE))
    tab.wide(width)
    try:
        cells = "[...document.querySelectorAll('#list tr.r td')].filter(at => at.offsetParent)"
        assert tab.run(cells + ".every(at => at.getBoundingClientRect().right <= innerWidth)")
    finally:
        tab.wide(1280)


def test_the_first_sheet_is_one_sheet_however_much_there_is(tab: Tab, tmp_path: Path) -> None:
    visit(tab, tmp_path, crowded())
    printed = sheets(tab.pdf())
    assert (printed[0], set(printed[1:3]), printed[-1]) == (UPRIGHT, {ACROSS}, UPRIGHT)


def test_only_what_is_filtered_is_printed(tab: Tab, tmp_path: Path) -> None:
    report = findings(*({"行号": n, "姓名": f"示例{n}"} for n in range(2, 302)))
    visit(tab, tmp_path, report)
    everything = len(sheets(tab.pdf()))
    visit(tab, tmp_path, report, "找=示例77")
    assert len(sheets(tab.pdf())) < everything / 2


def test_a_table_begins_on_the_sheet_with_its_title(tab: Tab, tmp_path: Path) -> None:
    frame = findings(*({"行号": n} for n in range(2, 6))).frame.select("姓名", "行号", "涉及金额")
    visit(tab, tmp_path, Report("sample", frame, Summary(3, {}), {}))
    assert sheets(tab.pdf())[:2] == [ACROSS, UPRIGHT]


def crowded() -> Report:
    """As much as a first sheet can have: every picture full, long names, waivers, sums unstated, twelve lists missing."""
    codes = [code for code in texts() if not code.startswith("JY9")][:30]
    some: list[dict[str, Any]] = [
        {
            "行号": n,
            "编号": codes[n],
            "乡镇": f"示例第{n}镇",
            "单位": f"样本建筑劳务有限责任公司第{n}分公司",
            "涉及金额": n * 100_000,
            "豁免": "县人社局，至 2022-06-30" if n == 29 else "",
            "文件": f"花名册之第{n % 5}本.xlsx",
        }
        for n in range(2, 30)
    ]
    places = ("可发放", "待定标准", "待补资料", "不符合", "已并入", "未指明项目", "表题", "表头", "合计", "落款")
    lists = [
        "脱贫名单",
        "死亡",
        "服刑",
        "财政供养",
        "特困供养",
        "在校生",
        "协作资金",
        "上级汇总",
        "审批表",
        "工商登记",
        "养老待遇",
        "社保缴费",
    ]
    terms = (term for side in BALANCED for term in side)
    whole = Balance("合计", dict.fromkeys(terms, (99_999, 99_999, 10**9)), 9)
    files = "、".join(f"花名册之第{n}本.xlsx 1234567890a{n}" for n in range(5))
    return replace(
        findings(*some, {"涉及金额": None, "行号": 99}, {"行号": 98, "级别": "疑点"}),
        not_run=tuple(NotRun("JY203", "死亡后领取", "没有给", (name,)) for name in lists),
        checked=tuple(codes),
        summary=Summary(1000, dict.fromkeys(places, 100), balances=(whole,)),
        provenance={"程序": "jybf 0.1.0", "规则包": "山西省 aaaaaaaaaaaa", "输入": files, "基准日": "2021-12-31"},
    )
