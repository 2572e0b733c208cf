"""What bad input gets: one sentence a problem, the documented exit code, no traceback, nothing half written."""

import os
import subprocess
import sys

import pytest

from jybf import cli
from jybf.commands import calc
from jybf.commands.calc import calculated
from jybf.commands.request import Request
from jybf.report.progress import unheard
from jybf.vocabulary.fields import rules_dir
from tests.cli.program import PAID, SAMPLES


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["calc"], "缺少参数"),
        (["clac"], "是不是 calc"),
        (["calc", "x.csv", "--regoin", "y"], "--region"),
        (["calc", "x.csv", "-r"], "要跟一个值"),
        (["calc", "x.csv", "--mask=1"], "不跟值"),
        (["explain", "JY506", "多余"], "多余"),
        (["explain", "JY5O6"], "JY506"),
        (["calc", "x.csv", "--as-of", "去年"], "2021-12-31"),
        (["calc", "x.csv", "--as-of", "2021.12"], "没有写到日"),
        (["calc", "x.csv", "--as-of", "2021.2.30"], "不是日期"),
        (["calc", "x.csv", "--set", "甲650"], "等号"),
        (["calc", "x.csv", "-f", "docx"], "xlsx"),
        (["calc", "x.csv", "-o", "结果.docx"], ".xlsx"),
        (["calc", "x.csv", "-o", "没有/结果.csv"], "文件夹不存在"),
        (["calc", "x.csv", "-f", "csv", "-o", "结果.xlsx"], "不一致"),
        (["calc", "没有这个文件.csv", "-r", "shanxl"], "shanxi"),
        (["calc", "x.csv", "--mask", "--show-pii"], "只能用一个"),
        (["audit", "x.csv", "--fail-on", "严重"], "拦截"),
        (["audit", "x.csv", "-r", "shanxi", "--select", "JY506,JY507", "--ignore", "JY5"], "没有剩下要查的规则"),
        (["calc", "x.csv", "./x.csv"], "x.csv、./x.csv：同一个文件给了两次"),
        (["calc", "x.csv", "--history", "x.csv"], "同一个文件给了两次"),
        (["calc", "-", "-"], "同一个文件给了两次"),
        (["calc", "x.csv", "--history", "上批.json"], "历史请用 csv 或 xlsx"),
        (["calc", "x.csv", "-r", "山四"], "--region：没有“山四”这个地区（是不是“山西”"),
        (["calc", "x.csv", "-r", "陕西"], "没有“陕西”的规则包（自带的有"),
    ],
)
def test_wrong_usage_is_one_chinese_line_and_exit_2(jybf, arguments, words):
    result = jybf(*arguments)
    assert (result.code, result.out) == (2, "")
    assert words in result.err
    assert result.err.startswith("错误：")
    assert result.err.count("\n") == 1


@pytest.mark.parametrize(
    "content", [b"", b"\x00\x01\x02\x03" * 50, "姓名,身份证号\n".encode(), b"PK\x03\x04 not a zip", b"a,b,c\n1,2,3\n"]
)
def test_what_cannot_be_read_is_exit_3_and_nothing_is_written(jybf, tmp_path, content):
    (tmp_path / "坏.xlsx").write_bytes(content)
    result = jybf("calc", "坏.xlsx", "-r", "shanxi", "-o", "结果.csv")
    assert (result.code, result.out) == (3, "")
    assert "坏.xlsx" in result.err
    assert [path.name for path in tmp_path.iterdir()] == ["坏.xlsx"]


def test_a_wrong_region_names_where_it_was_said(jybf, monkeypatch, tmp_path):
    (tmp_path / "jybf.toml").write_text('region = "陕西"\n', encoding="utf-8")
    assert "jybf.toml：没有“陕西”的规则包" in jybf("calc", "x.csv").err
    monkeypatch.setenv("JYBF_REGION", "山四")
    assert "JYBF_REGION：没有“山四”这个地区" in jybf("calc", "x.csv").err
    assert "--region" not in jybf("rules", "show", "山四").err


def test_a_text_file_has_no_sheet_to_pick(jybf, roster):
    result = jybf("calc", roster(), "-r", "shanxi", "--sheet", "一组")
    assert (result.code, result.out) == (2, "")
    assert "花名册.csv：这个文件没有工作表" in result.err


def test_a_pack_of_ones_own_that_fails_its_own_examples_computes_nothing(jybf, roster, tmp_path):
    head, *programs = (rules_dir() / "shanxi.toml").read_text(encoding="utf-8").split("[[program]]\n")
    text = "[[program]]\n".join([head, next(each for each in programs if "跨省务工交通补贴" in each)])
    (tmp_path / "某县.toml").write_text(text.replace('expect = "可发放"', 'expect = "不符合"', 1), encoding="utf-8")
    result = jybf("calc", roster(), "-r", "某县.toml")
    assert (result.code, result.out) == (2, "")
    assert "应为不符合，得到可发放" in result.err
    (tmp_path / "某县.toml").write_text(text, encoding="utf-8")
    assert jybf("calc", roster(), "-r", "某县.toml").code == 0


def test_every_missing_file_is_told_at_once(jybf):
    result = jybf("calc", "甲.xlsx", "乙.xlsx", "-r", "shanxi")
    assert result.code == 3
    assert "甲.xlsx" in result.err
    assert "乙.xlsx" in result.err


def test_the_output_is_never_the_input(jybf, roster):
    path = roster()
    assert jybf("calc", path, "-r", "shanxi", "-o", path).code == 2
    assert path.read_text(encoding="utf-8") == PAID


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="needs a folder that this user may not write to")
def test_a_folder_without_permission_is_told(jybf, roster, tmp_path):
    path = roster()
    (tmp_path / "锁").mkdir(mode=0o500)
    result = jybf("calc", path, "-r", "shanxi", "-o", tmp_path / "锁" / "结果.csv")
    assert result.code == 2
    assert "写不进去" in result.err


def test_an_error_of_ours_is_one_line_too(jybf, roster, monkeypatch):
    monkeypatch.setattr(calc, "calc", lambda *_: 1 / 0)
    result = jybf("calc", roster(), "-r", "shanxi")
    assert result.code == 2
    assert "内部错误 ZeroDivisionError" in result.err


def test_an_interrupt_is_130(jybf, roster, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(calc, "calc", interrupted)
    assert jybf("calc", roster(), "-r", "shanxi").code == 130


def test_a_reader_that_has_seen_enough_is_no_error(tmp_path):
    many = PAID + "".join(
        f"乙示例,140926198503120013,脱贫户,广东省,2021-08-01,800,{n}\n".replace(f",{n}", "") for n in range(20_000)
    )
    (tmp_path / "长.csv").write_text(many, encoding="utf-8")
    command = f'"{sys.executable}" -m jybf calc 长.csv -r shanxi -f csv | head -n 2'
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 2
    assert "错误" not in done.stderr


def test_stdin_is_a_dash(tmp_path):
    command = [sys.executable, "-m", "jybf", "calc", "-", "-r", "shanxi", "-q"]
    done = subprocess.run(command, input=PAID.encode(), cwd=tmp_path, capture_output=True, check=False)
    assert "800.00" in done.stdout.decode()


@pytest.mark.parametrize("arguments", [["--help"], ["calc", "--help"], ["--version"]])
def test_help_imports_nothing_heavy(arguments):
    program = (
        f"import sys; from jybf import cli; cli._run({arguments!r});"
        "sys.exit(str({'polars', 'sqlglot', 'openpyxl', 'python_calamine'} & set(sys.modules)) if "
        "{'polars', 'sqlglot', 'openpyxl', 'python_calamine'} & set(sys.modules) else 0)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_streams_are_utf8_whatever_the_console_says():
    environment = os.environ | {"PYTHONIOENCODING": "gbk", "PYTHONUTF8": "0"}
    sample = SAMPLES / "无问题_山西跨省务工交通补贴.csv"
    done = subprocess.run([sys.executable, "-m", "jybf", "calc", sample], capture_output=True, env=environment, check=False)
    assert "可发放" in done.stdout.decode("utf-8")


def test_main_exits_with_the_code_of_the_run(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["jybf", "explain", "JY000"])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    assert stopped.value.code == 2


def test_two_files_that_are_the_same_byte_for_byte_are_told(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("甲.csv", "乙.csv"):
        (tmp_path / name).write_text("姓名,身份证号,人员类别\n张三,140926198001010017,脱贫户\n", encoding="utf-8")
    told: list[str] = []
    calculated(Request(("甲.csv", "乙.csv"), "shanxi"), told.append, unheard)
    assert any(notice.startswith("甲.csv、乙.csv：内容一模一样") for notice in told)
