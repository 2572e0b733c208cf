"""What became of an audit's findings in the next one. All persons are invented."""

import io
import json

import polars as pl
import pytest

from jybf.commands.diff import diff as run_diff
from jybf.commands.request import Delivery
from jybf.diff import diff, load
from jybf.diff.read import SCHEMA
from jybf.errors import InputError, OutputError, UsageError
from jybf.model import FINDING_COLUMNS, LINE, NotRun, Report, Summary
from jybf.report.diff import write
from jybf.report.formats import json as json_writer

ONE, TWO = "140926198503120013", "140926199001010026"
PROVENANCE = {"程序": "jybf 0.1.0", "规则包": "山西省 0123456789ab", "输入": "一稿.xlsx 111111111111"}


def finding(**changes):
    row = dict.fromkeys(FINDING_COLUMNS, "") | {
        "编号": "JY214", "级别": "拦截", "文件": "一稿.xlsx", "工作表": "跨省", "行号": 5, "列名": "人员类别", "单元格": "H5", "姓名": "甲示例",
        "身份证号": ONE, "当前值": "一般农户", "应为": "脱贫人口", "问题": "人员类别 一般农户，要求为 脱贫人口", "涉及金额": 80000,
    }  # fmt: skip
    return row | changes


@pytest.fixture
def past(tmp_path):
    """``past(*findings, name=…, not_run=…, mask=…, 输入=…)``: the path of the JSON that an audit wrote."""

    def make(*rows, name="上次.json", not_run=(), mask=False, kind="audit", **provenance):
        schema = {column: pl.Int64 if column in {LINE, "涉及金额"} else pl.String for column in FINDING_COLUMNS}
        facts = {key: value for key, value in (PROVENANCE | provenance).items() if value}
        summary = Summary(len(rows), {"可发放": len(rows)}, levels={"拦截": 0})
        skipped = tuple(NotRun(code, "", why) for code, why in not_run)
        with (tmp_path / name).open("wb") as out:
            json_writer.write(Report(kind, pl.DataFrame(rows, schema=schema), summary, facts, skipped), out, mask=mask)
        return str(tmp_path / name)

    return make


@pytest.fixture
def difference(past):
    def make(old, new, olds=None, news=None):
        return diff(load(past(*old, name="一.json", **(olds or {}))), load(past(*new, name="二.json", **(news or {}))))

    return make


def states(found):
    return found.frame["状态"].to_list()


def test_the_shape_that_is_read_is_the_shape_that_is_written():
    assert SCHEMA == json_writer.SCHEMA


def test_a_problem_that_moved_to_another_row_sheet_and_file_is_the_same(difference):
    moved = finding(文件="二稿.xlsx", 工作表="Sheet1", 行号=9, 单元格="J9")
    assert states(difference([finding()], [moved], news={"输入": "二稿.xlsx 222222222222"})) == ["未变"]


def test_rows_and_files_named_in_the_problem_do_not_tell_problems_apart(difference):
    first = finding(编号="JY601", 问题="几个人共用一个账号（第 5、8 行）")
    then = finding(编号="JY601", 问题="几个人共用一个账号（第 6、9、12 行）")
    assert states(difference([first], [then])) == ["未变"]


def test_another_wrong_value_in_its_place_is_the_same_problem_changed(difference):
    found = difference([finding()], [finding(当前值="边缘户", 涉及金额=None)])
    assert found.frame.select("状态", "当前值", "上次").row(0) == ("变化", "边缘户", "当前值 一般农户，涉及 800.00 元")


def test_equal_findings_are_counted(difference):
    found = difference([finding()] * 3, [finding()] * 2)
    assert (found.count("未变"), found.count("已解决"), found.count("新增")) == (2, 1, 0)


def test_another_person_or_column_or_code_is_another_problem(difference):
    others = [finding(身份证号=TWO), finding(列名="户籍省"), finding(编号="JY501")]
    assert states(difference([finding()], others)) == ["新增"] * 3 + ["已解决"]


def test_equal_values_are_matched_before_changed_ones(difference):
    old = [finding(当前值="甲"), finding(当前值="乙")]
    new = [finding(当前值="乙"), finding(当前值="丙")]
    found = difference(old, new).frame
    assert found.select("状态", "当前值", "上次").rows() == [("变化", "丙", "当前值 甲"), ("未变", "乙", "")]


def test_a_number_that_was_unreadable_and_is_right_now_leaves_the_person_the_same(difference):
    assert states(difference([finding(身份证号="")], [finding()])) == ["未变"]
    assert states(difference([finding()], [finding(身份证号="")])) == ["未变"]


def test_a_total_about_nobody_is_matched_by_its_value_only(difference):
    total = finding(编号="JY117", 姓名="", 身份证号="", 当前值="9500.00", 列名="申请金额")
    assert states(difference([total], [total])) == ["未变"]
    assert states(difference([total], [total | {"当前值": "8600.00"}])) == ["新增", "已解决"]


def test_an_employer_is_known_by_its_name_however_it_is_spaced(difference):
    old, new = (finding(编号="JY701", 姓名=name, 身份证号="") for name in ("示例 劳务公司", "示例劳务公司"))
    assert states(difference([old], [new])) == ["未变"]


@pytest.mark.parametrize(
    "news",
    [
        {"not_run": [("JY214", "花名册没有“人员类别”列")]},
        {"规则": "JY5"},
        {"规则": "除 JY2"},
        {"项目": "以工代训"},
        {"工作表": "省内"},
        {"输入": "别村.xlsx 222222222222"},
    ],
    ids=["lacks its column", "not selected", "ignored", "other programme", "other sheet", "file left out"],
)
def test_what_was_not_looked_for_again_is_not_solved(difference, news):
    olds = {"输入": "一稿.xlsx 111111111111、别村.xlsx 222222222222"}
    found = difference([finding()], [], olds=olds, news=olds | news)
    assert states(found) == ["没有再查"]
    assert found.notices


def test_a_reason_that_was_there_before_does_not_keep_a_problem_from_being_solved(difference):
    before = {"not_run": [("JY519", "花名册没有“所属期”列、“意外险开始日期”列")]}
    now = {"not_run": [("JY519", "花名册没有“所属期”列")]}
    assert states(difference([finding(编号="JY519")], [], olds=before, news=now)) == ["已解决"]


def test_without_the_history_a_collision_with_it_is_not_solved(difference):
    hit = finding(编号="JY301", 问题="与历史记录《去年.xlsx》第 3 行重复：同一项目、同一对象、同一所属期")
    assert states(difference([hit], [], olds={"历史": "去年.xlsx 333333333333"})) == ["没有再查"]


def test_other_rules_are_said_aloud(difference):
    found = difference([], [], news={"规则包": "山西省 ffffffffffff"})
    assert found.notices == ("两次的规则包不同：上次 山西省 0123456789ab，这次 山西省 ffffffffffff；增减可能由此而来",)


def test_masked_and_unmasked_audits_are_not_compared(difference):
    with pytest.raises(UsageError, match="一份隐去了证号"):
        difference([finding()], [finding()], olds={"mask": True})


def test_two_masked_audits_are_compared_by_name_too(difference):
    both = {"mask": True}
    found = difference([finding()], [finding(姓名="乙示例")], olds=both, news=both)
    assert states(found) == ["新增", "已解决"]
    assert "分不开" in found.notices[0]


def test_audits_by_the_rules_of_other_regions_are_not_compared(difference):
    with pytest.raises(UsageError, match="不同地区"):
        difference([], [], news={"规则包": "重庆市丰都县 0123456789ab"})


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "不是 json"),
        (b"[1]", "不是 json"),
        (b'{"a":1}', "不是 jybf 写出的"),
        (b'{"schema":1,"kind":"calc"}', "测算结果"),
        (b'{"schema":9,"kind":"audit"}', "格式版本 9"),
        (b'{"schema":1,"kind":"audit"}', "不完整"),
        (b'{"schema":1,"kind":"audit","provenance":{},"not_run":[],"rows":[{"\xe7\xbc\x96\xe5\x8f\xb7":"JY1"}]}', "不完整"),
        ("编号,级别,文件".encode(), "这是 csv"),
        ('{"编号":"JY1"}\n{"编号":"JY2"}'.encode(), "这是 jsonl"),
        (b"PK\x03\x04", "工作簿"),
        (b"[" * 100_000, "不是 json"),
    ],
)
def test_what_is_no_audits_json_is_refused_with_a_way_out(tmp_path, content, said):
    path = tmp_path / "结果.json"
    path.write_bytes(content)
    with pytest.raises(InputError, match=said) as caught:
        load(str(path))
    assert caught.value.problems[0].hint


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(InputError, match="没有这个文件"):
        load(str(tmp_path / "无.json"))


@pytest.mark.usefixtures("capfdbinary")
def test_the_exit_code_is_1_only_for_what_is_new_or_rose_to_the_threshold(past):
    def code(old, new, threshold="疑点"):
        paths = past(*old, name="一.json"), past(*new, name="二.json")
        return run_diff(*paths, Delivery(quiet=True), threshold=threshold)

    hint = finding(级别="提示")
    assert code([finding()], [finding()]) == 0
    assert code([finding()], []) == 0
    assert code([], [finding()]) == 1
    assert code([], [hint]) == 0
    assert code([], [hint], "提示") == 1
    assert code([hint], [finding()]) == 1
    assert code([finding()], [finding(当前值="别的")]) == 0


def test_a_pipe_gets_csv_with_the_state_first_and_what_stays_only_on_request(past, capfdbinary):
    paths = past(finding(), name="一.json"), past(finding(), finding(身份证号=TWO), name="二.json")
    run_diff(*paths, Delivery(), threshold="拦截")
    lines = capfdbinary.readouterr().out.decode().splitlines()
    assert lines[0] == ",".join(("状态", *FINDING_COLUMNS, "上次"))
    assert [line[:2] for line in lines[1:]] == ["新增"]
    run_diff(*paths, Delivery(), threshold="拦截", everything=True)
    assert [line[:2] for line in capfdbinary.readouterr().out.decode().splitlines()[1:]] == ["新增", "未变"]


def test_the_page_hides_numbers_and_counts_what_stays(difference):
    page = io.BytesIO()
    write(difference([finding()], [finding(), finding(身份证号=TWO)]), page, "table", mask=True, everything=False)
    text = page.getvalue().decode()
    assert "140926…26" in text
    assert ONE not in text
    assert TWO not in text
    assert "未变         1" in text


def test_json_has_counts_origins_and_rows(difference):
    out = io.BytesIO()
    write(difference([finding()], [finding(当前值="别的")]), out, "json", mask=False, everything=False)
    told = json.loads(out.getvalue())
    assert told["kind"] == "diff"
    assert told["条数"]["变化"] == {"拦截": 1, "疑点": 0, "提示": 0, "涉及金额": "800.00"}
    assert told["上次"]["出处"] == PROVENANCE
    assert [row["状态"] for row in told["rows"]] == ["变化"]


def test_a_row_with_two_findings_counts_its_larger_sum_once(difference):
    out = io.BytesIO()
    write(difference([], [finding(), finding(编号="JY501", 涉及金额=20000)]), out, "json", mask=False, everything=False)
    assert json.loads(out.getvalue())["条数"]["新增"]["涉及金额"] == "800.00"


def test_the_result_never_goes_onto_an_input(past):
    old, new = past(name="一.json"), past(name="二.json")
    with pytest.raises(OutputError, match="不能覆盖"):
        run_diff(old, new, Delivery(output=old), threshold="疑点")


@pytest.mark.parametrize(
    "delivery", [Delivery(form="xlsx"), Delivery(output="比较.pdf"), Delivery(form="csv", output="比较.json")]
)
def test_a_format_that_nobody_writes_is_refused(past, delivery):
    with pytest.raises(UsageError):
        run_diff(past(name="一.json"), past(name="二.json"), delivery, threshold="疑点")
