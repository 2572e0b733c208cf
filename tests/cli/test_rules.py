"""``jybf rules`` as a county's officer uses it: a folder of one's own, a skeleton, checks, tests, pages, comparisons."""

import pytest

from tests.cli.program import HEADER
from tests.policy.test_dated import QUOTA, VERSIONS
from tests.policy.test_load import HEAD, PROGRAM

ROSTER = "某县返岗路费补贴花名册\n姓名,身份证号,人员类别,有组织输出,申请日期\n甲示例,140926197011110009,脱贫户,是,2023-02-01\n"


@pytest.fixture
def county(tmp_path):
    """The folder of a county with one pack, whose sums change with time."""
    folder = tmp_path / "规则"
    folder.mkdir()
    text = (HEAD + VERSIONS).replace('id = "x"', 'id = "x"\naliases = ["小县"]\nplaces = ["某县"]')
    (folder / "x.toml").write_text(text, encoding="utf-8")
    return folder


def test_a_folder_of_ones_own_is_looked_into_by_every_command(jybf, county, roster, monkeypatch):
    path = roster(ROSTER)
    assert "某县" in jybf("rules", "list", "--rules", county).out
    assert "500.00" in jybf("calc", path, "-r", "小县", "--rules", county, "-f", "csv").out
    monkeypatch.setenv("JYBF_RULES", str(county))
    found = jybf("calc", path, "-f", "csv")  # its title names the place
    assert (found.code, "500.00" in found.out, "某县" in found.err) == (0, True, True)
    assert "没有“无”这个文件夹" in jybf("rules", "list", "--rules", "无").err
    assert jybf("rules", "list", "--rules", "无").code == 2


def test_two_packs_of_one_id_are_told_instead_of_one_of_them_used(jybf, county):
    (county / "y.toml").write_text((county / "x.toml").read_text(encoding="utf-8"), encoding="utf-8")
    told = jybf("rules", "list", "--rules", county)
    assert (told.code, "y.toml：id“x”与x.toml相同" in told.err) == (2, True)
    (county / "y.toml").write_text(HEAD.replace('"x"', '"shanxi"'), encoding="utf-8")
    assert "与自带的规则包相同" in jybf("rules", "list", "--rules", county).err


def test_the_law_as_it_was_known_is_asked_for_by_a_day(jybf, county, roster):
    path = roster(ROSTER)
    before = jybf("calc", path, "-r", "x", "--rules", county, "-f", "table", "--law-as-of", "2023-02-14")
    assert "300.00" in before.out
    assert "规定截至 2023-02-14" in before.out + before.err
    assert "还没有这份文件" in jybf("calc", path, "-r", "x", "--rules", county, "--law-as-of", "2020-01-01").err
    assert "500.00" not in jybf("rules", "show", "x", "--rules", county, "--law-as-of", "2023-02-14").out


def test_why_says_which_version_was_applied(jybf, county, roster):
    page = jybf("why", roster(ROSTER), "3", "-r", "x", "--rules", county).out
    assert "2023-01-01 至 2023-06-30的规定，补充通知一" in page
    assert "对象是脱贫人口（至 2023-06-30）" in page
    assert "脱贫人口和一般农户" not in page


def test_a_skeleton_passes_as_it_stands_and_is_never_written_over(jybf, tmp_path):
    made = jybf("rules", "new", "qinghe")
    assert made.code == 0
    assert jybf("rules", "check", "qinghe.toml").code == 0
    assert "已经有“qinghe”" in jybf("rules", "new", "qinghe").err
    assert "不能作代号" in jybf("rules", "new", "青禾").err
    assert jybf("rules", "new", "linxian", "--extends", "山西").code == 0
    assert "#   跨省务工交通补贴 （四）\n" in (tmp_path / "linxian.toml").read_text(encoding="utf-8")


def test_a_skeleton_says_how_to_check_it_where_it_is_and_what_its_parent_leaves_open(jybf, county):
    made = jybf("rules", "new", "linxian", "--extends", "shanxi", "--rules", county)
    assert f"jybf rules check linxian --rules {county}\n" in made.out
    assert '# "一年两档" = { value = "可以并领", cite = ' in (county / "linxian.toml").read_text(encoding="utf-8")


OVER = """
id = "y"
name = "某乡"
document = "某乡办法"
short = "某乡办法"
since = 2022-01-01
extends = "x"

[[program]]
id = "返岗路费补贴"
override = true
cite = "二"
once = ["身份证号"]

[program.amount]
kind = "fixed"
yuan = "200"
"""


def test_what_an_example_says_otherwise_is_told_by_its_line_and_the_parents_examples_together(jybf, county):
    clause = '\n[[program.clause]]\nid = "对象"\noverride = true\ncite = "二"\ntext = "都是"\nholds = "人员类别 IN (\'脱贫人口\', \'一般农户\')"\n'
    case = '\n[[program.case]]\nname = "一"\ngiven = { "人员类别" = "脱贫人口", "申请日期" = 2021-08-01 }\nexpect = "不符合"\nyuan = "1.00"\n'
    (county / "y.toml").write_text(OVER.replace("2022-01-01", "2021-05-04") + clause + case, encoding="utf-8")
    own, parents, together = jybf("rules", "check", "y", "--rules", county).err.splitlines()
    assert own.startswith("错误：y.toml 第 26 行 返岗路费补贴：“一”第 1 行：应为不符合，得到可发放")
    assert parents.startswith("错误：y.toml 返岗路费补贴 上级的例子：“一般农户：不符合”第 1 行：应为不符合，得到可发放")
    assert "本地改写了 once、amount、clause，上级的 1 个例子不再成立：" in together
    assert 'aside = ["一般农户：不符合"]' in together


def test_what_is_overridden_without_versions_is_told_to_hold_of_the_days_before_too(jybf, county):
    (county / "y.toml").write_text(OVER, encoding="utf-8")
    assert "改写的 once 没有版本，2022-01-01 以前的也照本地的" in jybf("rules", "check", "y", "--rules", county).out


def test_the_boundary_examples_of_a_county_are_of_what_it_says_itself(jybf, county):
    own = OVER.replace("返岗路费补贴", "公益性岗位补贴").replace('"x"', '"shanxi"')
    (county / "y.toml").write_text(own, encoding="utf-8")
    told = jybf("rules", "check", "y", "--rules", county, "--boundaries").out
    assert [line for line in told.splitlines() if "以下抄到" in line] == [
        "# ══ 以下抄到“公益性岗位补贴”那个 [[program]] 里，下一个 [[program]] 以前 ══"
    ]


def test_the_boundary_examples_are_text_that_the_pack_takes(jybf, county):
    told = jybf("rules", "check", "x", "--rules", county, "--boundaries").out
    assert 'name = "日子：申请日期改版前一天 2022-12-31"' in told
    assert 'name = "有组织（2022-07-01 至 2023-12-31）：有组织输出空白"' in told
    path = county / "x.toml"
    path.write_text(path.read_text(encoding="utf-8") + told, encoding="utf-8")
    assert jybf("rules", "test", "x", "--rules", county, "-k", "日子").code == 0


def test_a_side_that_no_example_has_tried_is_told(jybf, county):
    assert (
        "“有组织”（2022-07-01 至 2023-12-31）：没有例子看过它成立、不成立、不知道"
        in jybf("rules", "check", "x", "--rules", county).out
    )


def test_the_examples_are_run_one_by_one(jybf, county):
    passed = jybf("rules", "test", "x", "--rules", county, "-k", "一般农户")
    assert (passed.code, passed.out.splitlines()[-2:]) == (0, ["    ✓ 一般农户：不符合", "符合 1，不符合 0"])
    (county / "x.toml").write_text((HEAD + PROGRAM).replace('"800.00"', '"700.00"'), encoding="utf-8")
    failed = jybf("rules", "test", "x", "--rules", county)
    assert failed.code == 1
    assert "    ✗ 脱贫人口在外省：可发放\n      第 1 行：应为 700.00 元，得到 800.00" in failed.out


@pytest.mark.parametrize(("form", "mark"), [("table", "  标准\n"), ("md", "## 返岗路费补贴"), ("html", "<h2>返岗路费补贴")])
def test_a_pack_is_a_page_in_every_form(jybf, county, form, mark):
    page = jybf("rules", "show", "x", "--rules", county, "-f", form).out
    assert mark in page
    for words in ("500.00 元", "2023-01-01 起", "停止执行", "补充通知一", "程序看：“人员类别”是脱贫人口或一般农户"):
        assert words in page
    assert "没有格式“pdf”" in jybf("rules", "show", "x", "--rules", county, "-f", "pdf").err


def test_a_page_goes_into_a_file_by_its_suffix_and_never_over_the_pack(jybf, county, tmp_path):
    jybf("rules", "show", "x", "--rules", county, "-o", tmp_path / "县.html")
    assert (tmp_path / "县.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert jybf("rules", "show", "x", "--rules", county, "-o", county / "x.toml").code == 2


@pytest.mark.parametrize("form", ["table", "md", "html"])
def test_two_days_of_one_law_stand_side_by_side(jybf, county, form):
    page = jybf("rules", "diff", "x@2022-12-31", "x@2023-07-01", "--rules", county, "-f", form).out
    for words in ("300.00 元", "500.00 元", "对象是脱贫人口", "脱贫人口和一般农户"):
        assert words in page
    assert "另有 1 个项目相同" in jybf("rules", "diff", "x@2021-06-01", "x@2021-06-02", "--rules", county).out


def test_a_setting_that_is_not_there_is_told_with_those_that_are(jybf, roster):
    told = jybf("calc", roster(HEADER), "-r", "shanxi", "--set", "一年两挡=只领一档")
    assert told.code == 2
    assert "--set：没有“一年两挡”这个设置，相近的有 一年两档" in told.err


def test_the_audit_holds_a_claim_against_the_version_of_its_day(jybf, county, roster):
    lines = [("甲示例", "140926197011110009", "2022-02-01"), ("乙示例", "140926197112120003", "2023-02-01")]
    rows = "".join(f"{name},{number},脱贫户,是,{day},510\n" for name, number, day in lines)
    path = roster(ROSTER.splitlines()[0] + "\n姓名,身份证号,人员类别,有组织输出,申请日期,申请金额\n" + rows)
    found = [
        line
        for line in jybf("audit", path, "-r", "x", "--rules", county, "-f", "csv", "--select", "JY501").out.splitlines()
        if "JY501" in line
    ]
    assert ["应发 300.00 元，表上多出 210.00 元" in found[0], "应发 500.00 元，表上多出 10.00 元" in found[1]] == [True, True]
    assert ["某县通知三、四" in found[0], "某县通知三；补充通知一" in found[1]] == [True, True]


def test_the_audit_counts_by_the_quota_of_the_day(jybf, county, roster):
    text = (HEAD + QUOTA).replace('"申请日期" = 2021-08-01', '"申请日期" = 2021-08-01, "补贴月数" = 3')
    (county / "x.toml").write_text(text, encoding="utf-8")
    lines = [("甲示例", "140926197011110009", "2022-02-01"), ("乙示例", "140926197112120003", "2023-02-01")]
    rows = "".join(f"{name},{number},脱贫户,{day},8,800\n" for name, number, day in lines)
    path = roster("某县返岗路费补贴花名册\n姓名,身份证号,人员类别,申请日期,补贴月数,申请金额\n" + rows)
    found = jybf("audit", path, "-r", "x", "--rules", county, "-f", "csv", "--select", "JY505").out
    assert ("甲示例" in found, "乙示例" in found) == (True, False)
    assert "返岗路费补贴申领 8 个月，最长 6 个月" in found
