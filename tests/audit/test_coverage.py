"""What ran, what did not, what the user chose, and the catalogue."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from jybf.audit import codes, explain
from jybf.audit.registry import checks
from jybf.errors import UsageError
from jybf.policy import pack_names
from tests.audit.rosters import POST, TRAINING, keeper, pack, report, trainee, traveller

if TYPE_CHECKING:
    from jybf.model import Findings


def why(findings: Findings, code: str) -> str:
    return next((entry.why for entry in findings.not_run if entry.code == code), "")


def test_a_check_without_its_column_is_listed_as_not_run() -> None:
    without = {k: v for k, v in traveller().items() if k != "性别"}
    found = report(without)
    assert why(found, "JY106") == "花名册没有“性别”列"
    assert "JY106" not in found.checked
    assert "JY106" in report(traveller()).checked


def test_a_column_that_is_blank_throughout_is_as_good_as_none() -> None:
    assert why(report(traveller(性别="")), "JY106")


def test_a_clause_that_no_row_can_decide_is_listed_as_not_run() -> None:
    dateless = keeper(合同开始日期="", 合同结束日期="")
    found = report(dateless, title=POST)
    assert "合同结束日期" in why(found, "JY506")
    assert "JY506" not in found.checked


def test_sums_that_no_document_sets_are_listed_as_unchecked() -> None:
    assert "--set" in why(report(keeper(), title=POST), "JY501")


def test_without_a_history_repetition_is_only_half_checked() -> None:
    assert "--history" in why(report(traveller()), "JY302")
    assert not why(report(traveller(), history=[traveller(补贴项目="跨省务工交通补贴", 申请日期="2020-01-01")]), "JY302")


def test_checks_of_programmes_that_are_not_there_are_not_mentioned() -> None:
    found = report(traveller())
    told = {*found.checked, *(entry.code for entry in found.not_run)}
    assert not told & {"JY506", "JY519", "JY512", "JY704", "JY311"}
    assert "JY704" in report(trainee(统一社会信用代码="91140000MA00000000"), title=TRAINING).checked


def test_select_and_ignore_take_beginnings_of_codes() -> None:
    rows = traveller(申请金额="900", 性别="女")
    assert report(rows, select=["jy5"]).rows["编号"].to_list() == ["JY501"]
    assert report(rows, ignore=["JY5"]).rows["编号"].to_list() == ["JY106"]
    assert report(rows, select=["JY501"]).checked == ("JY501",)


def test_a_pattern_that_no_code_begins_with_is_a_mistake() -> None:
    with pytest.raises(UsageError, match="JY4X"):
        report(traveller(), select=["JY4X"])


def test_an_unknown_code_brings_up_the_nearest() -> None:
    with pytest.raises(UsageError, match="JY506"):
        explain("506")
    assert explain("jy506").title == "公益性岗位合同一次超过一年"


def test_the_catalogue_has_every_code_that_can_be_reported_and_no_other() -> None:
    packs = [pack(name) for name, _ in pack_names()]
    cited = {clause.code for law in packs for program in law.programs for clause in program.clauses}
    cited |= {code for law in packs for program in law.programs for code in program.codes.values()}
    engine = {"JY301", "JY305", "JY306", "JY313", "JY507", "JY901", "JY903"}
    waivers = {"JY801", "JY802"}
    assert set(codes()) == cited | engine | waivers | {check.code for check in checks()}


def test_each_entry_of_the_catalogue_is_complete() -> None:
    for code in codes():
        text = explain(code)
        assert re.fullmatch(r"JY\d{3}", code)
        assert all((text.title, text.level, text.why, text.compares, text.grounds, text.todo, text.example)), code
