"""What other sums would change; and that nothing takes a trial for a result."""

import io
import json
import re

import openpyxl
import pytest
from rich.console import Console

from jybf.assess import assess
from jybf.assess.trial import GROUPS, compared
from jybf.policy.supposed import supposed
from jybf.report.trial_page import Shown, print_trial
from jybf.vocabulary.yuan import yuan
from tests.assess.completions import random_rows
from tests.assess.completions import roster as made
from tests.assess.test_completions import SPACES
from tests.policy.test_load import HEAD, PROGRAM
from tests.roster.books import idno

PACK = f'{HEAD}[defaults]\n"户籍省" = "山西省"\n{PROGRAM}'
RAISED = ("--set", "跨省务工交通补贴.yuan=1000")
ROWS = (  # more than the ceiling, less, exactly it; in the province, and not said by whom; a blank category
    ("1200", "广东省", "脱贫人口"),
    ("500", "广东省", "脱贫人口"),
    ("800", "广东省", "脱贫人口"),
    ("800", "山西省", "脱贫人口"),
    ("900", "广东省", ""),
)


@pytest.fixture
def people(tmp_path):
    lines = [
        f"李{n},{idno(f'1409261988010{n}014')},{row[2]},{row[1]},2021-08-01,{row[0]},东镇" for n, row in enumerate(ROWS, 1)
    ]
    path = tmp_path / "花名册.csv"
    head = "姓名,身份证号,人员类别,务工省,申请日期,申请金额,乡镇"
    path.write_text("\n".join(["山西省跨省务工交通补贴花名册", head, *lines, ""]), encoding="utf-8")
    return str(path)


def _of(space, count=20):
    rows = made(space, random_rows(space, count, seed=1))
    return rows, _judged(rows, space, space.pack)


def _judged(rows, space, pack):
    return assess(rows, pack, programs=(space.program.id,), force=True)


@pytest.mark.parametrize("name", [name for name, space in SPACES.items() if space.program.amount.fen is not None])
def test_the_pack_s_own_sum_changes_nothing_and_another_one_does(name):
    space = SPACES[name]
    rows, before = _of(space)
    own, more = (
        supposed(space.pack, {f"{space.program.id}.yuan": yuan(fen)}) for fen in (space.program.amount.fen, space.program.amount.fen * 2)
    )  # fmt: skip
    same = compared(before, _judged(rows, space, own), rows)
    assert same.rows.is_empty()
    assert same.groups.select("原人数", "原金额", "原最多").rows() == same.groups.select("新人数", "新金额", "新最多").rows()
    other = compared(before, _judged(rows, space, more), rows)
    assert (other.groups["新最多"] >= other.groups["原最多"]).all()
    assert other.rows.height or not same.groups["原最多"][0]


def test_another_pack_changes_what_it_says_otherwise_and_one_of_the_same_words_nothing(jybf, people, tmp_path):
    for name, text in {"今年": PACK, "明年": PACK.replace("800", "600")}.items():
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    same, less = (jybf("whatif", people, "-r", "今年.toml", "--pack", f"{year}.toml", "--changed") for year in ("今年", "明年"))
    assert same.out.splitlines()[1:] == []
    assert [line.split(",")[8] for line in less.out.splitlines()[1:]] == ["少得", "少得", "最多变了"]


def test_the_sums_of_jybf_toml_go_along_to_another_pack_by_any_of_their_names(jybf, people, tmp_path):
    (tmp_path / "明年.toml").write_text(PACK, encoding="utf-8")
    said = '[set]\n"跨省.yuan" = "600"\n"一年两档" = "可以并领"\n'
    (tmp_path / "jybf.toml").write_text(said, encoding="utf-8")
    told = json.loads(jybf("whatif", people, "-r", "shanxi", "--pack", "明年.toml", "-f", "json").out)
    assert (told["groups"][0]["原金额"], told["groups"][0]["新金额"]) == ("1700.00", "1700.00")


def test_who_gains_and_what_it_comes_to(jybf, people):
    told = json.loads(jybf("whatif", people, *RAISED, "-f", "json").out)
    whole = told["groups"][0]
    assert (whole["原人数"], whole["新人数"]) == (3, 3)
    assert (whole["原金额"], whole["新金额"], whole["增减"]) == ("2100.00", "2300.00", "200.00")
    assert (whole["多得人数"], whole["多得金额"], whole["少得人数"]) == (1, "200.00", 0)
    assert (whole["顶格人数"], whole["顶格可增"]) == (1, "200.00")  # who might have asked for more
    assert (whole["原待补金额"], whole["新待补金额"]) == ("1100.00", "1200.00")
    assert (whole["原最多"], whole["新最多"]) == ("3200.00", "3700.00")
    changed = {row["姓名"]: (row["变化"], row["原金额"], row["新金额"]) for row in told["rows"]}
    assert changed == {"李1": ("多得", "800.00", "1000.00"), "李5": ("最多变了", None, None)}
    names = {group["维度"] for group in told["groups"]}
    assert names == {"合计", "补贴项目", "乡镇", "人员类别"}


def test_a_ceiling_that_calc_keeps_is_no_bound_here(jybf, people):
    assert jybf("calc", people, *RAISED).code == 2
    assert jybf("whatif", people, *RAISED).code == 0


@pytest.mark.parametrize("name", ["试算.csv", "试算.xlsx", "试算.txt", "试算.json"])
def test_each_line_of_a_trial_says_that_it_is_one(jybf, people, tmp_path, name):
    path = tmp_path / name
    jybf("whatif", people, *RAISED, "--changed", "-o", str(path))
    if name.endswith(".xlsx"):
        sheets = openpyxl.load_workbook(path)
        lines = [str(row[0]) for sheet in sheets for row in sheet.iter_rows(min_row=3, values_only=True)]
    elif name.endswith(".json"):
        told = json.loads(path.read_text(encoding="utf-8"))
        lines = [next(iter(row.items()))[1] for row in (*told["groups"], *told["rows"])]
    else:
        lines = [line for line in path.read_text(encoding="utf-8-sig").splitlines() if line.strip(" ─")]
    assert lines
    assert [line for line in lines if not line.startswith("试算")] == []


@pytest.mark.parametrize("name", ["试算.csv", "试算.xlsx"])
def test_nothing_takes_a_trial_for_a_result(jybf, people, tmp_path, name):
    path, book = str(tmp_path / name), str(tmp_path / "账本.db")
    jybf("whatif", people, *RAISED, "--changed", "-o", path)
    jybf("ledger", "init", "--ledger", book)
    for arguments in (
        ("calc", people, "--history", path),
        ("calc", path),
        ("audit", path),
        ("audit", people, "--against", f"审批表={path}"),
        ("ledger", "approve", path, "--ledger", book, "--by", "甲"),
    ):
        run = jybf(*arguments)
        assert (run.code, "试算，不是结果" in run.err) == (3, True), arguments


def test_a_trial_of_which_the_mark_was_cut_away_is_still_no_result(jybf, people, tmp_path):
    path = tmp_path / "试算.csv"
    jybf("whatif", people, *RAISED, "--changed", "-o", str(path))
    path.write_text(re.sub(r"(?m)^\ufeff?试算,", "", path.read_text(encoding="utf-8")), encoding="utf-8")
    for arguments in (("calc", path), ("audit", people, "--history", path), ("canon", path, "-o", tmp_path / "x.parquet")):
        run = jybf(*map(str, arguments))
        assert (run.code, "试算，不是结果" in run.err) == (3, True), arguments


def test_nothing_supposed_and_what_can_not_be_supposed_is_told(jybf, people):
    assert "没有写改什么" in jybf("whatif", people).err
    assert "没有的项目" in jybf("whatif", people, "--set", "没有的项目.yuan=1").err
    assert "到分为止的金额" in jybf("whatif", people, "--set", "跨省务工交通补贴.yuan=八百").err


def test_who_spent_no_more_than_the_old_ceiling_gets_no_more_under_a_higher_one(jybf, tmp_path):
    """Of three that claimed 800: nothing more for the receipt of 800, 100 for that of 900, 200 where no receipt is."""
    lines = [
        f"李{n},{idno(f'1409261988010{n}014')},脱贫人口,广东省,2021-08-01,800,{n_}" for n, n_ in enumerate(("800", "900", ""))
    ]
    path = tmp_path / "花名册.csv"
    path.write_text("\n".join(["姓名,身份证号,人员类别,务工省,申请日期,申请金额,票据金额", *lines, ""]), encoding="utf-8")
    whole = json.loads(jybf("whatif", str(path), "-r", "shanxi", *RAISED, "-f", "json").out)["groups"][0]
    assert (whole["顶格人数"], whole["顶格可增"], whole["新最多"]) == (2, "300.00", "2700.00")


def _shown(trial, columns):
    stream = io.StringIO()
    print_trial(Shown(trial, "", {}), Console(file=stream, width=columns, force_terminal=True, color_system=None), mask=True)
    return stream.getvalue()


@pytest.mark.parametrize("columns", [48, 60, 80, 120])
@pytest.mark.parametrize("fen", [100_000, 123_456_789_00])
def test_no_figure_is_cropped_however_narrow_the_screen(columns, fen):
    space = SPACES["shanxi 跨省务工交通补贴"]
    rows, before = _of(space, 40)
    trial = compared(before, _judged(rows, space, supposed(space.pack, {f"{space.program.id}.yuan": yuan(fen)})), rows)
    told = _shown(trial, columns)
    assert {"多得", "最多变了"} <= {*trial.rows["变化"]}
    wanted = [row["增减"] for row in trial.rows.iter_rows(named=True) if row["变化"] == "多得"]
    wanted += [row["新最多"] for row in trial.groups.iter_rows(named=True)]
    wanted += [row["新待补金额"] for row in trial.rows.iter_rows(named=True) if row["变化"] == "最多变了"]
    assert [sum_ for sum_ in wanted if not re.search(rf"(?<![0-9]){yuan(sum_)}(?![0-9])", told)] == []


def test_a_programme_may_be_called_by_a_part_of_its_name(jybf, people):
    short, whole = (
        jybf("whatif", people, "--set", f"{name}.yuan=1000", "-f", "json").out for name in ("跨省", "跨省务工交通补贴")
    )
    assert short == whole
    assert "“务工”同时指跨省务工交通补贴、省内务工交通补贴" in jybf("whatif", people, "--set", "务工.yuan=1000").err
    unknown = jybf("whatif", people, "--set", "跨省交通补贴.yuan=1000").err
    assert "没有项目“跨省交通补贴”（相近的有 跨省务工交通补贴" in unknown


def test_the_columns_of_the_sums_are_those_of_the_csv(jybf, people):
    head, *_ = jybf("whatif", people, *RAISED, "-f", "csv").out.splitlines()
    assert head.split(",") == ["试算", *GROUPS]
