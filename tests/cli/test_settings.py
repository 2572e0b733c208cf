"""jybf.toml may say what the command line says, and the shell may ask what can be said."""

import os
import re

import pytest
import typer

from jybf.cli import _run
from jybf.cli.app import app
from jybf.commands.config import _File, load_config, load_defaults
from jybf.errors import UsageError
from tests.test_start import HEAVY, folder, run  # noqa: F401  a fixture

COMMANDS = typer.main.get_command(app).commands


@pytest.fixture
def written(tmp_path):
    """``written(text)`` writes jybf.toml into the working folder."""
    return lambda text: (tmp_path / "jybf.toml").write_text(text, encoding="utf-8")


def test_every_option_of_calc_and_audit_is_a_key():
    options = {
        opt[2:] for name in ("calc", "audit") for param in COMMANDS[name].params for opt in param.opts if opt[:2] == "--"
    }
    assert set(_File.__struct_encode_fields__) - {"office", "phone", "days", "layout"} == options - {"help"}


def test_what_is_written_holds_unless_the_command_line_says_otherwise(jybf, roster, written):
    written('region = "shanxi"\nformat = "jsonl"\nquiet = true\nprogram = "跨省"\n')
    assert jybf("calc", roster()).out.startswith('{"文件"')
    assert jybf("calc", roster(), "-f", "csv").out.startswith("文件,")
    done = jybf("calc", roster(), "--program", "省内")
    assert (done.code, "跨省" in done.out, done.err) == (0, False, "")


def test_the_environment_stands_between(jybf, roster, written, monkeypatch):
    written('region = "shanxi"\nformat = "csv"\n')
    monkeypatch.setenv("JYBF_REGION", "fengdu")
    assert "丰都县" in jybf("calc", roster()).err
    assert "山西省实施意见" in jybf("calc", roster(), "-r", "shanxi").out


@pytest.mark.parametrize(
    ("text", "options", "sign"),
    [
        ("mask = true", ("--show-pii",), "140926198503120013"),
        ("show-pii = true", ("--mask",), "140926**********13"),
        ('as-program = "跨省"', ("--program", "跨省"), "跨省务工交通补贴"),
        ('output = "结果.xlsx"', ("-f", "csv"), "140926198503120013"),
    ],
)
def test_the_command_line_puts_aside_what_contradicts_it(text, options, sign, jybf, roster, written):
    written(text)
    done = jybf("calc", roster(), "-r", "shanxi", *options)
    assert (done.code, sign in done.out) == (0, True)


def test_a_file_is_looked_for_beside_jybf_toml_and_a_list_may_be_one_word(tmp_path):
    (tmp_path / "jybf.toml").write_text(
        'history = ["去年.xlsx"]\nagainst = "死亡=名单.xlsx@2021-12-31"\noutput = "结果.csv"\nas-of = 2021-12-31\nsheet = 2\n',
        encoding="utf-8",
    )
    (tmp_path / "下级").mkdir()
    assert load_defaults(tmp_path / "下级", ["audit", "x.csv"]) == {
        "history": [str(tmp_path / "去年.xlsx")],
        "against": [f"死亡={tmp_path / '名单.xlsx@2021-12-31'}"],
        "output": str(tmp_path / "结果.csv"),
        "as_of": "2021-12-31",
        "sheet": "2",
    }


def test_a_page_has_a_format_of_its_own(jybf, roster, written):
    written('region = "shanxi"\nformat = "csv"\n')
    assert jybf("why", roster(), "2").code == 0
    assert jybf("inspect", roster()).code == 0


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('formt = "csv"', "没有“formt”这个键，是不是“format”"),
        ('fail_on = "拦截"', "没有“fail_on”这个键，是不是“fail-on”"),
        ("sample = true", "“sample”应是整数"),
        ("mask = 1", "“mask”应是true 或 false"),
        ("select = [5]", "“select 第 1 个”应是文字"),
    ],
)
def test_what_nobody_understands_is_told_with_its_line_whatever_the_command(text, told, tmp_path, written):
    written(text)
    for load in (load_config, lambda here: load_defaults(here, ["calc"])):
        with pytest.raises(UsageError, match=re.escape(f"jybf.toml 第 1 行：{told}")):
            load(tmp_path)


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("jybf ca", "calc"),
        ("jybf calc --sp", "--split"),
        ("jybf calc -r sh", "shanxi"),
        ("jybf calc -r 重", "重庆市丰都县"),
        ("jybf calc -r fengdu --program 以工", "以工代训补贴"),
        ("jybf audit -f pa", "parquet"),
        ("jybf audit --select JY50", "JY501"),
        ("jybf audit --against 死", "死亡="),
        ("jybf audit --fail-on 拦", "拦截"),
        ("jybf calc --columns a", "all"),
        ("jybf calc --split 村", "村"),
    ],
)
def test_the_shell_is_offered_what_there_is(line, offered, monkeypatch, capfd):
    words = line.split()
    monkeypatch.setitem(os.environ, "COMP_WORDS", line)
    monkeypatch.setitem(os.environ, "COMP_CWORD", str(len(words) - 1))
    monkeypatch.setitem(os.environ, "_JYBF_COMPLETE", "complete_bash")
    with pytest.raises(SystemExit):
        _run([])
    assert offered in capfd.readouterr().out.splitlines()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "pwsh"])
def test_there_is_a_script_for_each_shell(shell, monkeypatch, capfd):
    monkeypatch.setattr("typer.completion._get_shell_name", lambda: shell)
    with pytest.raises(SystemExit):
        _run(["--show-completion"])
    assert "_JYBF_COMPLETE" in capfd.readouterr().out


def test_a_script_is_put_where_the_shell_looks_and_that_is_said(monkeypatch, tmp_path, capfd):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr("typer._completion_shared._get_shell_name", lambda: "fish")
    with pytest.raises(SystemExit):
        _run(["--install-completion"])
    assert (tmp_path / ".config/fish/completions/jybf.fish").exists()
    assert capfd.readouterr().out.startswith("fish 的补全装在 ")


def test_completing_loads_nothing_heavy(folder, monkeypatch):  # noqa: F811
    monkeypatch.setenv("_JYBF_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", "jybf audit -r shanxi --program 跨")
    monkeypatch.setenv("COMP_CWORD", "5")
    ask = ("from jybf.cli import _run", "try: _run([])", "except SystemExit: pass")
    assert not (HEAVY - {"rich.console"}) & run(folder, *ask)
