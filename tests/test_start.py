"""Starting is quick: no command loads what it has no use for, and compiled rules are used only if they are what they say."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from jybf.commands.compile_rules import compile_rules
from jybf.errors import PackError
from jybf.model import Pack
from jybf.policy import load_pack, pack_names
from jybf.policy.load import load_file
from jybf.vocabulary import compiled as module
from jybf.vocabulary import fields
from jybf.vocabulary.compiled import compiled, writing

ROSTER = "姓名,身份证号,人员类别,务工省,户籍省,申请日期\n甲示例,140926198503120013,脱贫户,广东省,山西省,2021-08-01\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """All that ``make`` compiles, made by a process of its own: what this one has read stays as it is."""
    into = tmp_path_factory.mktemp("compiled")
    run(into, "from jybf.commands.compile_rules import compile_rules", "compile_rules()")
    return into


def run(into, *lines):
    """The modules that a process has loaded after ``lines``, with its compiled rules in ``into``."""
    told = (
        "import pathlib, sys",
        "from jybf.vocabulary import compiled",
        f"compiled.FOLDER = pathlib.Path({str(into)!r})",
        *lines,
        "print('\\n', *sys.modules, file=sys.stderr)",
    )
    done = subprocess.run([sys.executable, "-c", "\n".join(told)], capture_output=True, text=True, check=True, cwd=into)
    return set(done.stderr.splitlines()[-1].split())


def command(into, *arguments):
    return run(into, "from jybf.cli import _run", f"assert not _run({list(arguments)!r})")


HEAVY = {"polars", "sqlglot", "rich.console", "openpyxl", "jinja2", "pydantic", "psutil"}


@pytest.mark.parametrize(
    ("arguments", "idle"),
    [
        (("--help",), HEAVY),
        (("calc", "--help"), HEAVY),
        (("rules", "list"), HEAVY),
        (("explain", "JY5"), HEAVY),
        (("calc", "花名册.csv", "-r", "shanxi", "-f", "csv"), HEAVY - {"polars", "rich.console"} | {"rich.progress", "http.client", "jybf.audit.checks", "jybf.policy.load"}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)  # fmt: skip
def test_a_command_loads_nothing_that_it_has_no_use_for(folder, arguments, idle):
    (folder / "花名册.csv").write_text(ROSTER, encoding="utf-8")
    assert not idle & command(folder, *arguments)


def test_the_law_and_the_catalogue_are_read_without_what_computes_by_them(folder):
    packs = "[load_pack(name).payable() for name, _ in pack_names()]"
    texts = "[explain(code) for code in codes()]"
    assert not HEAVY & run(folder, "from jybf.audit import codes, explain", "from jybf.policy import *", packs, texts)


def test_what_was_compiled_is_what_the_sources_say(folder, monkeypatch):
    monkeypatch.setattr(module, "FOLDER", folder)
    monkeypatch.setattr("jybf.policy._vetted", lambda path: pytest.fail(f"{path} was read anew"))
    for name, _ in pack_names():
        assert load_pack(name) == load_file(fields.rules_dir() / f"{name}.toml")
    fields._shipped.cache_clear()
    assert fields.load_fields() == fields.load_fields(fields.rules_dir() / "fields.toml")


@pytest.fixture
def pack(tmp_path, monkeypatch):
    """A compiled pack: its source, its compiled file, and a function that loads it."""
    source = tmp_path / "某县.toml"
    shutil.copy(fields.rules_dir() / "shanxi.toml", source)
    monkeypatch.setattr(module, "FOLDER", tmp_path / "compiled")
    with writing():
        compiled("某县", [source], lambda: load_file(source), Pack)
    return source, tmp_path / "compiled" / "某县.msgpack", lambda: compiled("某县", [source], lambda: load_file(source), Pack)


def test_a_changed_rule_holds_at_once(pack):
    source, _, load = pack
    source.write_text(
        source.read_text(encoding="utf-8").replace('yuan = "800"', 'yuan = "700"').replace("800.00", "700.00"), encoding="utf-8"
    )
    assert 70_000 in {program.amount.fen for program in load().programs}
    source.write_text("id = 1", encoding="utf-8")
    with pytest.raises(PackError):
        load()


def test_changed_code_reads_the_rules_anew(pack, monkeypatch):
    monkeypatch.setattr(module, "_code", lambda: b"other")
    with pytest.raises(ZeroDivisionError):
        compiled("某县", [pack[0]], lambda: 1 // 0, Pack)


@pytest.mark.parametrize(
    "damage",
    [lambda data: data[:-1], lambda data: data[:70] + bytes([data[70] ^ 1]) + data[71:], lambda _: b"", lambda data: data[:64]],
)
def test_a_damaged_file_is_as_if_it_were_not_there(pack, damage):
    _, path, load = pack
    whole = load()
    path.write_bytes(damage(path.read_bytes()))
    assert load() == whole
    path.unlink()
    assert load() == whole


def test_nothing_is_written_but_by_make(pack):
    _, path, load = pack
    path.unlink()
    load()
    assert not path.exists()
    assert compile_rules.__module__ in (Path(__file__).parent.parent / "Makefile").read_text(encoding="utf-8")
