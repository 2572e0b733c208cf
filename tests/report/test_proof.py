"""The page of a proof: eighty columns of Chinese, numbers hidden; the same for programs."""

import io

import msgspec
from rich.cells import cell_len

from jybf.assess import assess
from jybf.assess.cases import roster_of
from jybf.assess.why import prove
from jybf.audit import audit
from jybf.model.proof import Why
from jybf.report.proof import as_json, print_why, write_why
from jybf.report.screen import console
from tests.audit.rosters import TRANSPORT, number, pack, titled, traveller

HERS = number(1)
REFUSED = traveller(人员类别="一般农户", 联系电话="13800001234", 备注=HERS)


def why(*rows):
    roster = titled(roster_of(rows or [REFUSED]), TRANSPORT)
    law = pack("shanxi")
    verdicts = assess(roster, law)
    return Why(prove(roster, verdicts, range(len(rows or [REFUSED]))), audit(roster, law, verdicts), {"程序": "jybf"})


def page(found, *, mask=True):
    out = io.StringIO()
    screen = console(out)
    screen.width, screen.hides = 80, mask
    print_why(found, screen, mask=mask)
    return out.getvalue()


def test_a_page_begins_with_the_row_and_its_result():
    lines = page(why()).splitlines()
    assert lines[1:4] == ["case 第 1 行", f"甲示例  {HERS[:6]}…{HERS[-2:]}", "跨省务工交通补贴  不符合"]


def test_a_page_shows_the_clause_with_its_sign_and_the_finding_with_its_cell():
    text = page(why())
    assert "✗  对象" in text
    assert "人员类别 一般农户，要求为 脱贫人口" in text
    assert "审核发现" in text
    assert "JY214  拦截  F1" in text
    assert "项没有数据可查，不等于没有问题" in text


def test_no_line_of_a_page_is_wider_than_the_terminal():
    assert max(map(cell_len, page(why()).splitlines())) <= 80


def test_numbers_are_hidden_unless_they_are_asked_for():
    assert HERS not in page(why())
    assert HERS in page(why(), mask=False)
    assert HERS not in as_json(why(), mask=True).decode()


def test_off_a_terminal_nothing_is_wrapped_and_the_same_row_gives_the_same_bytes():
    first, second = io.BytesIO(), io.BytesIO()
    write_why(why(), first, "table", mask=True)
    write_why(why(), second, "table", mask=True)
    assert first.getvalue() == second.getvalue()
    assert not any(line.endswith(" ") for line in first.getvalue().decode().splitlines())


def test_for_programs_sums_are_yuan_as_text_and_every_step_has_its_mark():
    paid, refused = msgspec.json.decode(as_json(why(traveller(), traveller(申请日期="2021-10-01")), mask=False))["行"]
    assert paid["项目"][0]["核定金额"] == "800.00"
    assert refused["项目"][0]["核定金额"] is None
    assert {step["名称"]: step["判断"] for step in refused["项目"][0]["条件"]}["一次"] == "不成立"
    assert refused["发现"][0]["编号"] == "JY302"
