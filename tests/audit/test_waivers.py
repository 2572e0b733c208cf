"""Findings that somebody has answered for: what is lowered, what is not, and what the file of waivers may not say."""

import stat
from datetime import date

import polars as pl
import pytest

from jybf.assess import assess
from jybf.assess.cases import roster_of
from jybf.audit import audit
from jybf.audit.waiver_file import (
    KEY_NAME,
    NAME,
    entry_text,
    find_waivers,
    load_waivers,
    make_key,
    parse_waivers,
    read_key,
    waivers_of,
)
from jybf.audit.waivers import Waiver, Waivers, apply, person_hash
from jybf.commands.request import Request
from jybf.commands.waive import Wish, waive
from jybf.errors import UsageError
from jybf.model import CONTEXT, FINDING_COLUMNS
from tests.audit.rosters import HIRING, TRAINING, TRANSPORT, number, pack, titled, trainee, traveller

KEY = b"0123456789abcdef0123456789abcdef"
TODAY = date(2026, 11, 24)


def waiver(**changes):
    return Waiver(**{
        "code": "JY214", "person": person_hash(KEY, number(1)), "employer": "", "reason": "证明在卷", "approved_by": "局长",
        "issued": date(2026, 1, 1), "expires": date(2026, 12, 31),
    } | changes)  # fmt: skip


def judged(*entries, rows=None, title=TRANSPORT, on=TODAY, wanted=None, whole=True):
    """The findings on somebody whose class is none of the policy's, and then with ``entries``: before, after."""
    roster = titled(roster_of(rows or [traveller(人员类别="一般农户")]), title)
    law = pack("shanxi")
    before = audit(roster, law, assess(roster, law))
    given = Waivers(entries, "jybf-waivers.toml", "f" * 64, KEY)
    return before, apply(before, given, on, roster=roster if whole else None, wanted=wanted)


def said(findings, code):
    both = pl.concat([findings.rows, findings.context], how="horizontal")
    return both.filter(pl.col("编号") == code).rows(named=True)


def test_a_waived_finding_stays_as_a_hint_that_says_who_waived_it_until_when():
    before, after = judged(waiver())
    (was,), (now,) = said(before, "JY214"), said(after, "JY214")
    assert was["级别"] == "拦截"
    assert now["级别"] == "提示"
    assert now["问题"] == f"已豁免（原为拦截）：{was['问题']}"
    assert now["建议"] == "豁免：证明在卷；局长批准，2026-01-01 起至 2026-12-31"
    assert now["豁免"] == "局长批准，至 2026-12-31"
    unchanged = set(FINDING_COLUMNS) - {"级别", "问题", "建议"}
    assert {name: was[name] for name in unchanged} == {name: now[name] for name in unchanged}


def test_rows_and_context_keep_their_shape():
    before, after = judged(waiver(), waiver(code="JY501"))
    assert after.rows.schema == before.rows.schema
    assert after.context.schema == before.context.schema
    assert tuple(after.context.columns) == CONTEXT
    assert after.rows.height == after.context.height


def test_without_waivers_nothing_changes():
    before, after = judged()
    assert after is before


@pytest.mark.parametrize(
    "other",
    [
        {"person": person_hash(KEY, number(2))},
        {"code": "JY501"},
        {"program": "以工代训"},
        {"person": person_hash(b"x" * 32, number(1))},
    ],
    ids=["another person", "another code", "another programme", "another key"],
)
def test_what_the_waiver_is_not_about_stays(other):
    before, after = judged(waiver(**other))
    assert said(after, "JY214") == said(before, "JY214")


def test_a_waiver_of_one_programme_holds_on_its_rows():
    before, _ = judged()
    program = said(before, "JY214")[0]["补贴项目"]
    _, after = judged(waiver(program=program))
    assert said(after, "JY214")[0]["级别"] == "提示"


@pytest.mark.parametrize("on", [date(2026, 1, 1), date(2026, 12, 31)])
def test_both_the_first_and_the_last_day_count(on):
    assert said(judged(waiver(), on=on)[1], "JY214")[0]["级别"] == "提示"


def test_an_expired_waiver_lowers_nothing_and_says_so_on_the_same_row():
    before, after = judged(waiver(), on=date(2027, 1, 1))
    (was,), (note,) = said(before, "JY214"), said(after, "JY801")
    assert said(after, "JY214") == [was]
    assert note["级别"] == "疑点"
    assert "2026-12-31 到期" in note["问题"]
    place = ("_row", "文件", "工作表", "行号", "单元格", "姓名", "身份证号")
    assert {name: was[name] for name in place} == {name: note[name] for name in place}


def test_a_renewed_waiver_makes_the_expired_one_silent():
    old, new = waiver(expires=date(2026, 6, 30)), waiver(issued=date(2026, 7, 1))
    _, after = judged(old, new)
    assert said(after, "JY214")[0]["级别"] == "提示"
    assert said(after, "JY801") == []


def test_a_waiver_of_the_future_lowers_nothing_yet_and_says_so():
    _, after = judged(waiver(issued=date(2026, 11, 25)))
    assert said(after, "JY214")[0]["级别"] == "拦截"
    assert "2026-11-25 起才有效" in said(after, "JY802")[0]["问题"]


def test_a_waiver_whose_check_ran_and_found_nothing_is_told_on_no_row():
    _, after = judged(waiver(), rows=[traveller()])
    (note,) = said(after, "JY802")
    assert (note["级别"], note["文件"], note["行号"], note["_row"]) == ("提示", "jybf-waivers.toml", None, None)
    assert "第 1 条豁免" in note["问题"]


def test_a_waiver_whose_check_did_not_run_is_not_called_useless():
    _, after = judged(waiver(code="JY601"))
    assert said(after, "JY802") == []


def test_waivers_of_people_who_are_not_in_the_roster_are_told_together():
    others = [waiver(person=person_hash(KEY, number(n))) for n in (2, 3)]
    notes = said(judged(*others)[1], "JY802")
    assert [note["问题"] for note in notes] == ["第 1、2 条豁免说的人或单位不在这次的花名册里"]
    assert len(said(judged(*others, whole=False)[1], "JY802")) == 2


def test_notes_on_waivers_can_be_left_out():
    _, after = judged(waiver(), on=date(2027, 1, 1), wanted=frozenset({"JY214"}))
    assert set(after.rows["编号"]) == {"JY214"}


def test_an_employer_is_waived_by_name_however_it_is_spaced_with_all_its_workers():
    rows = [trainee(人员类别="一般农户", 身份证号=number(n), 单位名称="甲 厂", 单位="甲 厂") for n in (1, 2)]
    before, after = judged(waiver(person="", employer="甲厂"), rows=rows, title=TRAINING)
    assert [found["级别"] for found in said(before, "JY214")] == ["拦截"] * 2
    assert [found["级别"] for found in said(after, "JY214")] == ["提示"] * 2


def test_an_employer_is_waived_by_its_code_too():
    row = {
        "姓名": "甲示例", "身份证号": number(1), "人员类别": "脱贫人口", "单位名称": "甲厂", "单位": "91140100MA0GT00000",
        "统一社会信用代码": "91140100MA0GT00000", "申请日期": "2021-07-01", "申请金额": "1000",
    }  # fmt: skip
    entry = waiver(code="JY701", person="", employer="91140100MA0GT00000")
    before, after = judged(entry, rows=[row], title=HIRING)
    assert [found["级别"] for found in said(before, "JY701")] == ["拦截"]
    assert [found["级别"] for found in said(after, "JY701")] == ["提示"]


def test_what_the_file_says_is_what_was_written():
    entries = (waiver(), waiver(person="", employer='甲"厂', program="以工代训"))
    assert parse_waivers("\n".join(map(entry_text, entries)).encode(), NAME) == entries


GOOD = entry_text(waiver())


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[[waiver]", "不是正确的 TOML"),
        ("other = 1\n" + GOOD, "第 1 行：没有“other”"),
        ("waiver = 3", "[[waiver]]"),
        (GOOD + "note = 'x'", "没有“note”"),
        (GOOD.replace('reason = "证明在卷"', 'reason = "  "'), "reason 要写文字"),
        (GOOD.replace('reason = "证明在卷"\n', ""), "缺“reason”"),
        (GOOD.replace("2026-12-31", '"2026-12-31"'), "“expires”应是日期（如 2026-12-31，不加引号）"),
        (GOOD.replace("2026-12-31", "2026-12-31T00:00:00"), "“expires”应是日期（如 2026-12-31，不加引号）"),
        (GOOD.replace("2026-12-31", "2025-12-31"), "早于"),
        (GOOD.replace("JY214", "JY999"), "没有编号"),
        (GOOD.replace("JY214", "JY901"), "不能豁免"),
        (GOOD + 'employer = "甲厂"', "只写一个"),
        (GOOD.replace("person = ", "program = "), "只写一个"),
        (GOOD.replace(waiver().person, number(1)), "不能有证号"),
        (GOOD.replace("证明在卷", f"{number(1)} 的证明"), "不能有证号"),
        (GOOD.replace("person", "employer").replace(waiver().person, number(1)), "不能有证号"),
        (GOOD.replace(waiver().person, "甲示例"), "32 位编码"),
    ],
)
def test_a_file_that_says_what_it_may_not_is_refused(text, fault):
    with pytest.raises(UsageError) as caught:
        parse_waivers(text.encode(), NAME)
    assert fault in str(caught.value)


def test_all_faults_are_told_at_once():
    with pytest.raises(UsageError) as caught:
        parse_waivers((GOOD.replace("JY214", "JY999") + GOOD.replace("证明在卷", "")).encode(), NAME)
    assert [problem.where for problem in caught.value.problems] == [f"{NAME} 第 1 条", f"{NAME} 第 2 条"]


def test_a_file_in_utf_16_is_told_what_made_it():
    with pytest.raises(UsageError, match="PowerShell"):
        parse_waivers(GOOD.encode("utf-16"), NAME)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.delenv("JYBF_WAIVER_KEY", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_persons_without_a_key_are_an_error_that_says_what_to_do(folder):
    (folder / NAME).write_text(GOOD, encoding="utf-8")
    with pytest.raises(UsageError, match=KEY_NAME):
        load_waivers(folder / NAME)


def test_employers_need_no_key(folder):
    (folder / NAME).write_text(entry_text(waiver(person="", employer="甲厂")), encoding="utf-8")
    assert load_waivers(folder / NAME).entries[0].employer == "甲厂"


def test_the_key_is_random_secret_and_made_once(folder):
    path = make_key(folder / NAME)
    first = read_key(folder / NAME)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "不要随" in path.read_text(encoding="utf-8")
    assert len(first) == 64
    assert make_key(folder / NAME) is None
    assert read_key(folder / NAME) == first


def test_no_new_key_is_made_for_a_file_whose_key_is_gone(folder):
    (folder / NAME).write_text(GOOD, encoding="utf-8")
    with pytest.raises(UsageError, match="没有密钥"):
        make_key(folder / NAME)
    assert not (folder / KEY_NAME).exists()


def test_the_environments_key_goes_before_the_file_and_a_short_one_is_refused(folder, monkeypatch):
    make_key(folder / NAME)
    monkeypatch.setenv("JYBF_WAIVER_KEY", KEY.decode())
    assert read_key(folder / NAME) == KEY
    monkeypatch.setenv("JYBF_WAIVER_KEY", "123456")
    with pytest.raises(UsageError, match="至少 32"):
        read_key(folder / NAME)


def test_the_nearest_file_upwards_is_found(folder):
    (folder / "镇").mkdir()
    (folder / NAME).write_text("", encoding="utf-8")
    assert find_waivers(folder / "镇") == folder / NAME


def test_a_run_without_waivers_has_none_but_a_file_asked_for_must_be_there(folder):
    assert waivers_of("", folder) is None
    with pytest.raises(UsageError, match="没有这个文件"):
        waivers_of("无.toml", folder)


@pytest.fixture
def roster(folder):
    path = folder / "花名册.csv"
    rows = [f"甲示例,{number(1)},甲厂", f"乙示例,{number(2)},甲厂", f"乙示例,{number(3)},乙厂", "丙示例,,乙厂"]
    path.write_text("\n".join(["姓名,身份证号,单位名称", *rows]) + "\n", encoding="utf-8")
    return Request((str(path),))


def wish(**changes):
    days = {"issued": date(2026, 11, 1), "expires": date(2026, 12, 31)}
    return Wish(**{"code": "JY214", "reason": "证明在卷", "approved_by": "局长", **days} | changes)


@pytest.mark.parametrize("who", [number(1), number(1).lower(), "甲示例", "甲 示例", "2"])
def test_whoever_is_named_only_the_hash_is_printed(folder, roster, capsys, who):
    waive(roster, wish(who=who))
    out = capsys.readouterr().out
    assert parse_waivers(out.encode(), NAME)[0].person == person_hash(read_key(folder / NAME), number(1))
    assert number(1) not in out
    assert "甲示例" not in out


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"who": "乙示例"}, "第 3 行、第 4 行"),
        ({"who": "丁示例"}, "没有这个人"),
        ({"who": number(9)}, "没有这个人"),
        ({"who": "丙示例"}, "认不出"),
        ({"employer": "丙厂"}, "没有单位"),
        ({}, "只给一个"),
        ({"who": "2", "employer": "甲厂"}, "只给一个"),
        ({"who": "2", "expires": None}, "--expires"),
        ({"who": "2", "reason": " "}, "reason"),
    ],
)
def test_a_wish_that_is_not_clear_writes_nothing(folder, roster, changes, fault):
    with pytest.raises(UsageError) as caught:
        waive(roster, wish(**changes), append=True)
    assert fault in str(caught.value)
    assert {path.name for path in folder.iterdir()} == {"花名册.csv"}


def test_appending_keeps_what_is_there_and_gives_a_file_that_can_be_read(folder, roster):
    waive(roster, wish(who="2"), append=True, quiet=True)
    before = (folder / NAME).read_text(encoding="utf-8")
    waive(roster, wish(employer="乙厂", program="以工代训"), append=True, quiet=True)
    assert (folder / NAME).read_text(encoding="utf-8").startswith(before.rstrip())
    assert [entry.employer for entry in load_waivers(folder / NAME).entries] == ["", "乙厂"]


def test_nothing_is_appended_to_a_file_with_faults(folder, roster):
    (folder / NAME).write_text("oops = 1\n", encoding="utf-8")
    with pytest.raises(UsageError, match="oops"):
        waive(roster, wish(employer="乙厂"), append=True)
    assert (folder / NAME).read_text(encoding="utf-8") == "oops = 1\n"
