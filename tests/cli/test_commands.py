"""What a user types and what comes of it: formats, regions, options, streams."""

import csv
import io
import json

import openpyxl
import pytest

from jybf.commands import rules_check
from jybf.model import FINDING_COLUMNS, VERDICT_COLUMNS
from jybf.policy import pack_names
from tests.cli.program import HEADER, OPEN, PAID, SAMPLES


def test_calc_into_a_pipe_is_clean_csv_and_says_the_rest_on_stderr(jybf, roster):
    result = jybf("calc", roster(), "-r", "shanxi")
    rows = list(csv.DictReader(io.StringIO(result.out)))
    assert result.code == 0
    assert [row["核定金额"] for row in rows] == ["800.00"]
    assert tuple(rows[0]) == VERDICT_COLUMNS
    assert "行数  共 2 行 = 可发放 1 + 表头 1" in result.err


def test_quiet_leaves_stderr_empty(jybf, roster):
    assert jybf("calc", roster(), "-r", "shanxi", "-q").err == ""


def test_verdicts_are_no_failures_but_findings_are(jybf, roster):
    path = roster(OPEN)
    assert jybf("calc", path, "-r", "shanxi").code == 0
    assert jybf("audit", path, "-r", "shanxi").code == 1


def test_a_clean_roster_audits_with_0_and_lists_what_was_not_checked(jybf):
    result = jybf("audit", SAMPLES / "无问题_山西跨省务工交通补贴.csv", "-f", "table")
    assert result.code == 0
    assert "未检查" in result.out


def test_strict_takes_an_unchecked_rule_for_a_failure(jybf):
    assert jybf("audit", SAMPLES / "无问题_山西跨省务工交通补贴.csv", "--strict").code == 1


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_an_audit_into_a_pipe_lists_on_stderr_what_was_not_checked(jybf, roster, form):
    result = jybf("audit", roster(), "-r", "shanxi", "-f", form)
    assert "没有查过，不等于没有问题" in result.err
    assert "JY601" in result.err
    assert "没有查过" not in result.out


def test_the_last_line_gives_the_reason_of_exit_1_and_no_other(jybf, roster):
    def last(*arguments):
        return jybf("audit", *arguments, "-r", "shanxi").err.splitlines()[-1]

    clean = SAMPLES / "无问题_山西跨省务工交通补贴.csv"
    wrong_sum = roster(PAID.replace(",800", ",900"), "一.csv")
    assert last(wrong_sum) == "以 1 退出：拦截 1 条"
    assert last(roster(OPEN, "二.csv")) == "以 1 退出：疑点 2 条"  # within the province or across it: nobody knows
    assert last(roster(OPEN, "三.csv"), "--fail-on", "拦截") == "以 1 退出：核定不了的 2 条"
    assert last(clean, "--strict").startswith("以 1 退出：没查的规则 ")
    assert "退出" not in last(clean)


def test_fail_on_moves_the_threshold(jybf, roster):
    wrong_sex = roster(PAID.replace("姓名,", "姓名,性别,").replace("甲示例,", "甲示例,女,"))
    assert jybf("audit", wrong_sex, "-r", "shanxi").code == 1
    assert jybf("audit", wrong_sex, "-r", "shanxi", "--fail-on", "拦截").code == 0


def test_select_and_ignore_choose_the_rules(jybf, roster):
    path = roster(PAID.replace("800", "900"))
    assert "JY501" in jybf("audit", path, "-r", "shanxi", "--select", "JY5").out
    assert jybf("audit", path, "-r", "shanxi", "--ignore", "JY501").code == 0


@pytest.mark.parametrize("suffix", ["csv", "json", "jsonl", "xlsx", "txt"])
def test_an_output_file_takes_its_format_from_the_suffix(jybf, roster, tmp_path, suffix):
    result = jybf("calc", roster(), "-r", "shanxi", "-o", tmp_path / f"结果.{suffix}")
    assert (result.code, result.out) == (0, "")
    assert (tmp_path / f"结果.{suffix}").stat().st_size > 100
    assert "已写入" in result.err


def test_csv_for_excel_carries_a_byte_order_mark_and_csv_for_a_pipe_does_not(jybf, roster, tmp_path):
    jybf("calc", roster(), "-r", "shanxi", "-o", tmp_path / "结果.csv")
    assert (tmp_path / "结果.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert not jybf("calc", roster(), "-r", "shanxi").out.startswith("\ufeff")


def test_the_same_input_gives_the_same_bytes(jybf, roster, tmp_path):
    for name in ("一.xlsx", "二.xlsx"):
        jybf("audit", roster(OPEN), "-r", "shanxi", "-o", tmp_path / name)
    assert (tmp_path / "一.xlsx").read_bytes() == (tmp_path / "二.xlsx").read_bytes()


def test_json_carries_its_provenance(jybf, roster):
    whole = json.loads(jybf("calc", roster(), "-r", "shanxi", "-f", "json").out)
    assert whole["provenance"]["规则包"].startswith("山西省 ")
    assert whole["provenance"]["输入"].startswith("花名册.csv ")


def test_audit_rows_have_the_contracts_columns(jybf, roster):
    rows = csv.DictReader(io.StringIO(jybf("audit", roster(OPEN), "-r", "shanxi").out))
    assert tuple(next(rows)) == FINDING_COLUMNS


def test_a_region_is_taken_by_its_chinese_name(jybf, roster):
    assert jybf("calc", roster(), "-r", "山西省").code == 0


def test_a_region_with_a_typo_gets_a_suggestion(jybf, roster):
    result = jybf("calc", roster(), "-r", "shanxl")
    assert result.code == 2
    assert "shanxi" in result.err


def test_the_region_comes_from_the_environment_or_the_config_or_the_roster_and_says_so(jybf, roster, tmp_path, monkeypatch):
    path = roster(PAID, "名单.csv")
    assert jybf("calc", path).code == 2
    (tmp_path / "jybf.toml").write_text('region = "shanxi"\n', encoding="utf-8")
    assert "jybf.toml" in jybf("calc", path).err
    monkeypatch.setenv("JYBF_REGION", "山西")
    assert "JYBF_REGION" in jybf("calc", path).err
    titled = roster("山西省某某镇跨省务工交通补贴花名册,,,,,\n" + PAID, "有题.csv")
    monkeypatch.delenv("JYBF_REGION")
    (tmp_path / "jybf.toml").unlink()
    assert "山西" in jybf("calc", titled).err


@pytest.mark.parametrize(("place", "said"), [("静乐县", "山西省"), ("喀什市", "新疆维吾尔自治区"), ("西安市", None)])
def test_a_county_in_the_title_tells_the_province_whose_policy_it_is_under(jybf, roster, place, said):
    result = jybf("calc", roster(f"{place}示例镇2021年跨省务工交通补贴花名册,,,,,\n{PAID}"), "-f", "csv")
    assert result.code == (0 if said else 2)
    assert (f"按{said}的政策处理：表题或文件名写着“{place}”" if said else "看不出用哪个地区") in result.err


def test_a_region_that_the_title_contradicts_is_told_with_both_names(jybf, roster):
    titled = roster("新疆维吾尔自治区某县花名册,,,,,\n" + PAID, "有题.csv")
    notice = jybf("calc", titled, "-r", "shanxi").err.splitlines()[0]
    assert notice == "提示：按山西省的政策处理（--region），但表题或文件名写着“新疆维吾尔自治区”：核对地区"
    assert "核对地区" not in jybf("calc", roster("山西省某县花名册,,,,,\n" + PAID), "-r", "shanxi").err


def test_one_file_of_another_region_among_several_is_named(jybf, roster):
    ours = roster("山西省某镇花名册,,,,,\n" + PAID, "一.csv")
    theirs = roster("新疆某县花名册,,,,,\n" + PAID, "二.csv")
    assert "（--region），但二.csv 的表题或文件名写着“新疆”：核对地区" in jybf("calc", ours, theirs, "-r", "shanxi").err


def test_a_region_found_in_one_of_several_files_names_the_file(jybf, roster):
    files = roster(PAID, "一.csv"), roster("山西省某镇花名册,,,,,\n" + PAID, "二.csv")
    assert "提示：按山西省的政策处理：二.csv 的表题或文件名写着“山西省”" in jybf("calc", *files).err


def test_files_of_two_regions_are_not_put_under_one_of_them(jybf, roster):
    ours = roster("静乐县2021年跨省务工交通补贴花名册,,,,,\n" + PAID, "一.csv")
    theirs = roster("丰都县2021年跨区域交通补助花名册,,,,,\n" + PAID, "二.csv")
    result = jybf("calc", ours, theirs)
    assert (result.code, result.out) == (2, "")
    assert "表里同时提到静乐县、丰都县" in result.err


@pytest.mark.parametrize("form", ["csv", "table", "json"])
def test_what_only_a_person_can_decide_is_printed(jybf, roster, form):
    result = jybf("calc", roster(), "-r", "shanxi", "-f", form)
    assert "跨省务工交通补贴：是否当年确在省外务工，由乡镇凭佐证材料核实  （四）" in result.out + result.err
    assert "由谁组织输出" not in result.out + result.err  # of a programme that nobody here is paid by


def test_a_workbook_lists_the_notices_also_when_the_run_is_quiet(jybf, roster, tmp_path):
    extra = roster(PAID.replace("姓名,", "怪列,姓名,").replace("甲示例", "甲,甲示例"))
    jybf("calc", extra, "-r", "shanxi", "-q", "-o", tmp_path / "结果.xlsx")
    first = openpyxl.load_workbook(tmp_path / "结果.xlsx")["汇总"]
    texts = [str(cell.value) for row in first for cell in row]
    assert any(text.startswith("提示  ") and "不认识的列没有用到：怪列" in text for text in texts)
    assert any(text.startswith("须人工核实  ") for text in texts)


def test_codes_may_be_given_with_commas(jybf, roster):
    path = roster(PAID.replace("800", "900"))
    assert "JY501" in jybf("audit", path, "-r", "shanxi", "--select", "JY107,JY501").out
    assert "JY501" not in jybf("audit", path, "-r", "shanxi", "--ignore", "JY107，JY501").out


def test_explain_lists_the_codes_that_begin_so(jybf):
    lines = jybf("explain", "jy5").out.splitlines()
    assert len(lines) > 3
    assert all(line.startswith("JY5") for line in lines)


def test_a_local_sum_comes_from_the_option_or_the_config(jybf, tmp_path):
    path = SAMPLES / "新疆_转移就业交通补助花名册.xlsx"
    assert "待定标准" in jybf("calc", path).out
    assert "650.00" in jybf("calc", path, "--set", "转移就业交通补助.yuan=650").out
    (tmp_path / "jybf.toml").write_text('[set]\n"转移就业交通补助.yuan" = 700\n', encoding="utf-8")
    result = jybf("calc", path, "-f", "json")
    assert "700.00" in result.out
    assert "转移就业交通补助.yuan=700" in result.out


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('regoin = "shanxi"\n', "没有“regoin”这个键，是不是“region”"),
        ("region = 1\n", "“region”应是文字，写成了整数"),
        ("set = 1\n", "[set]"),
        ('[set]\n"甲.yuan" = [1]\n', "甲.yuan"),
        ("region =\n", "第 1 行"),
    ],
)
def test_a_faulty_config_is_told_with_file_and_fault(jybf, roster, tmp_path, text, words):
    (tmp_path / "jybf.toml").write_text(text, encoding="utf-8")
    result = jybf("calc", roster())
    assert result.code == 2
    assert "jybf.toml" in result.err
    assert words in result.err


def test_one_programme_is_picked_by_a_part_of_its_name(jybf):
    files = sorted(SAMPLES.glob("丰都_*.xlsx"))
    rows = list(csv.DictReader(io.StringIO(jybf("calc", *files, "--program", "以工代训").out)))
    assert {row["补贴项目"] for row in rows if row["补贴项目"]} == {"以工代训补贴"}


def test_rows_of_other_programmes_are_left_out_aloud_and_judged_only_by_force(jybf, roster):
    other = roster(PAID, "雨露计划花名册.csv")
    kept = jybf("calc", other, "-r", "shanxi", "--program", "跨省")
    assert len(kept.out.splitlines()) == 1
    assert "没有一行是“跨省”：有 1 行属于别的项目，没有算进来" in kept.err
    assert "--as-program 跨省" in kept.err
    forced = jybf("calc", other, "-r", "shanxi", "--as-program", "跨省")
    assert ",跨省务工交通补贴,可发放,800.00," in forced.out
    assert "都按 跨省" in forced.err
    wrong = roster(PAID.replace("140926198503120013", "140926198503120019"), "雨露.csv")
    proved = jybf("why", wrong, 2, "-r", "shanxi", "--program", "跨省")
    assert "JY102" in proved.out
    both = jybf("calc", other, "-r", "shanxi", "--as-program", "跨省", "--program", "跨省")
    assert both.code == 2


def test_who_names_the_person_before_the_roster_is_told_the_order(jybf, roster):
    told = jybf("why", "张三", roster(PAID), "-r", "shanxi")
    assert told.code == 2
    assert "要找的人写在最后：jybf why" in told.err


def test_several_files_keep_the_origin_of_each_row(jybf, roster):
    rows = csv.DictReader(io.StringIO(jybf("calc", roster(PAID, "一.csv"), roster(PAID, "二.csv"), "-r", "shanxi").out))
    results = [(row["文件"][-5:], row["行号"], row["结果"]) for row in rows]
    assert results == [("一.csv", "2", "可发放"), ("二.csv", "2", "不符合")]


def test_the_history_keeps_a_second_payment_from_leaving(jybf, roster):
    history = roster("补贴项目,年度,姓名,身份证号,发放金额\n跨省务工交通补贴,2021,甲示例,140926198503120013,800\n", "历史.csv")
    assert "不符合" in jybf("calc", roster(), "-r", "shanxi", "--history", history).out


def test_its_own_output_serves_as_history(jybf, roster, tmp_path):
    jybf("calc", roster(), "-r", "shanxi", "-o", tmp_path / "上批.xlsx")
    result = jybf("calc", roster(), "-r", "shanxi", "--history", tmp_path / "上批.xlsx")
    assert ",不符合," in result.out


def test_as_of_speaks_only_where_the_roster_is_silent(jybf, roster):
    silent = roster(PAID.replace("2021-08-01", ""))
    assert ",待补资料," in jybf("calc", silent, "-r", "shanxi").out
    for day in ("2021-12-31", "2021.12.31", "2021年12月31日", "20211231"):
        assert ",可发放," in jybf("calc", silent, "-r", "shanxi", "--as-of", day).out


def test_a_table_masks_and_machine_formats_do_not_unless_told(jybf, roster):
    path, number = roster(), "140926198503120013"
    assert number not in jybf("calc", path, "-r", "shanxi", "-f", "table").out
    assert number in jybf("calc", path, "-r", "shanxi", "-f", "table", "--show-pii").out
    assert number in jybf("calc", path, "-r", "shanxi").out
    assert number not in jybf("calc", path, "-r", "shanxi", "--mask").out


def test_explain_finds_the_rule_that_is_about_a_word(jybf):
    assert [line[:5] for line in jybf("explain", "死亡").out.splitlines()] == ["JY203", "JY904"]
    assert jybf("explain", "倒签").out.startswith("JY519")  # which has the word in its text, not in its title


def test_rules_and_explain_are_pages_to_read(jybf):
    assert "丰都" in jybf("rules", "list").out
    assert "8000.00 元" in jybf("rules", "show", "丰都").out
    assert "55 个例子，都符合" in jybf("rules", "check", "xinjiang").out
    assert "一年" in jybf("explain", "jy506").out
    assert "JY506  拦截" in jybf("explain").out


def test_without_a_name_every_shipped_pack_is_checked(jybf, monkeypatch):
    """What their examples come to, the tests of the packs say."""
    checked = []
    monkeypatch.setattr(rules_check, "outcomes", lambda pack: checked.append(pack.id) or [])
    assert jybf("rules", "check").out.count("个项目") == len(checked)
    assert checked == [name for name, _ in pack_names()]


def test_a_faulty_pack_is_told_with_all_its_faults(jybf, tmp_path):
    (tmp_path / "坏.toml").write_text('id = "x"\nname = "某地"\n', encoding="utf-8")
    result = jybf("rules", "check", tmp_path / "坏.toml")
    assert result.code == 2
    assert result.err.startswith("错误：")


def test_version(jybf):
    assert jybf("--version").out.startswith("jybf 0.")


@pytest.mark.parametrize(
    "command",
    [
        "",
        "calc",
        "audit",
        "explain",
        "rules",
        "rules list",
        "rules show",
        "rules check",
        "rules new",
        "rules test",
        "rules diff",
    ],
)
def test_every_help_page_is_chinese(jybf, command):
    page = jybf(*command.split(), "--help").out
    assert page.startswith("用法：")
    assert not {"Usage", "Options", "Commands", "Arguments", "required", "Show this"} & set(page.replace(":", " ").split())
    assert HEADER not in page


def test_a_waiver_on_stdout_is_whole_since_it_is_for_a_file(jybf, roster):
    path = roster("姓名,身份证号,单位名称\n甲示例,140926198503120013,某厂13800001234\n")
    given = ("--code", "JY501", "--reason", "略", "--approved-by", "略", "--expires", "2026-12-31")
    done = jybf("waive", path, *given, "--employer", "某厂13800001234")
    assert (done.code, "某厂13800001234" in done.out) == (0, True)
