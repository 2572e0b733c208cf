"""A list without the columns that a check reads has not been compared; headers of real registers and groups are known."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import polars as pl
import pytest

from jybf import api
from jybf.audit.cases import run_case
from jybf.audit.catalogue import Case
from jybf.roster import read

if TYPE_CHECKING:
    from pathlib import Path

CASES = [
    ("JY702", "吸纳", "工商登记", {"单位名称": "甲厂"}, "“注销日期”或“经营状态”"),
    ("JY408", "职介", "工商登记", {"单位名称": "甲职介所"}, "“经营范围”"),
    ("JY410", "公岗", "务工台账", {"姓名": "甲示例"}, "“务工省”或“务工县”或“务工区域”"),
    ("JY414", "培训", "住院", {"姓名": "甲示例"}, "“住院开始日期”"),
    ("JY405", "以工代训", "工资", {"姓名": "甲示例"}, "“所属期”"),
]


@pytest.mark.parametrize(("code", "base", "kind", "row", "column"), CASES)
def test_a_list_without_what_a_check_reads_is_said_to_be_wanting(
    code: str, base: str, kind: str, row: dict[str, object], column: str
) -> None:
    found = run_case(Case(name="", kind="缺资料", of=base, rows=({},), lists={kind: (row,)}))
    whys = [entry.why for entry in found.not_run if entry.code == code]
    assert any(column in why and kind in why for why in whys), whys


@pytest.mark.parametrize(
    ("header", "text", "field", "value"),
    [
        ("人员类别", "边缘易致贫人员", "人员类别", "边缘易致贫人口"),
        ("人员类别", "易地搬迁人员", "人员类别", "易地搬迁人口"),
        ("人员类别", "农村低收入人员", "人员类别", "农村低收入人口"),
        ("法定代表人证件号码", "14220119850101001X", "法定代表人身份证号", "14220119850101001X"),
    ],
)
def test_the_words_of_documents_and_registers_are_known(tmp_path: Path, header: str, text: str, field: str, value: str) -> None:
    path = tmp_path / "名册.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["姓名", "身份证号", header], ["甲示例", "142201198501010036", text]])
    assert read([str(path)]).rows[field].to_list() == [value]


def test_an_owner_whose_number_on_the_register_cannot_be_read_may_be_who_is_on_the_post(tmp_path: Path) -> None:
    register = tmp_path / "登记.csv"
    header = "企业名称,法定代表人,法定代表人身份证号,成立日期"
    register.write_text(f"{header}\n甲餐馆,甲示例,140926701111000,2018-01-01\n", encoding="utf-8")
    post = {"姓名": "甲示例", "身份证号": "140926197011110009", "人员类别": "脱贫户", "岗位名称": "保洁员", "所属期": "2022-06"}
    people = pl.DataFrame([post | {"岗位补贴": "600"}])
    found = api.audit(people, "shanxi", programs=["公益性岗位"], against={"工商登记": str(register)}).frame
    assert "JY108" in found["编号"].to_list()
