"""The house rules that a reader may rely on: which way imports run, who may import what, how long a piece of code gets."""

import ast
import re
import sys
import tomllib
from collections import Counter
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest
import typer

from jybf.cli import app
from jybf.vocabulary.amounts import KINDS

PACKAGE = Path(__file__).parent.parent / "jybf"
MODULES = sorted(PACKAGE.rglob("*.py"))
FLOORS = (  # each may import itself and what stands before it
    ("regex", "visible", "errors", "model", "__init__"),
    ("vocabulary",),
    ("roster", "policy"),
    ("assess",),
    ("audit", "diff"),
    ("ledger", "report"),
    ("spark",),
    ("commands",),
    ("cli", "__main__", "api"),
)
_OF_LEDGER = (
    "booking", "events", "history", "looking", "paying", "queries", "returns", "sayings", "schema", "store", "taking",
    "unasked", "undone", "verifying",
)  # fmt: skip
ONLY = {
    "typer": {
        "cli",
        "cli.app",
        "cli.options",
        "cli.rosters",
        "cli.aside",
        "cli.ledger",
        "cli.export",
        "cli.rules",
        "cli.engines",
    },
    "rich": {
        "report.formats.table_txt",
        "report.found",
        "report.listed",
        "report.rows",
        "report.prose",
        "report.screen",
        "report.survey",
        "report.progress",
        "report.proof",
        "report.diff",
        "report.trial_page",
    },
    "openpyxl": {f"report.{name}" for name in ("sheets", "annotate", "copying", "ends", "inert", "rebuilt", "tints")},
    "rustpy_xlsxwriter": {"report.anew"},
    "sqlalchemy": {"commands.export", "commands.ledger.look", "commands.ledger.pay"}
    | {f"ledger.{name}" for name in _OF_LEDGER},
    "sqlglot": {f"policy.{name}" for name in ("predicate", "terms", "formula", "boundary", "reading", "dialects", "unboolean")},
    "duckdb": {"assess.spilled"},
}
SAME_FILE_NAME = {  # in several packages, and why
    **dict.fromkeys(("diff", "inspect", "why"), "the command and what it calls"),
    "export": "a command, and how it is typed",
    "history": "what of a history was paid, and a ledger as one",
    "schema": "of a pack's file, of a ledger's tables",
    **dict.fromkeys(("proof", "survey"), "what is shown and the page that shows it"),
    "xlsx": "a format that is written, found by its name; one that is read",
    **dict.fromkeys(("remarks", "schools", "terms", "totals"), "a family of checks is named for what it looks at"),
    **dict.fromkeys(("cases", "run"), "of verdicts and of findings"),
    "money": "an amount in a cell, the amount of a programme",
    "reading": "of any file, of a text file",
    "regions": "which pack covers a place, which places a check knows",
    "rules": "the commands, and how they are typed",
    "rows": "which rows are data, which rows a screen shows",
    "sql": "a command, and SQL that several nouns are said in",
    "spans": "a span of time in a cell, spans that overlap",
    "typed": "a table's columns, a workbook that says its cells' types",
}


def _name(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)


@cache
def _nodes(path: Path) -> list[ast.AST]:
    return list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


@cache
def _imports(path: Path) -> set[str]:
    found = set()
    for node in _nodes(path):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def _floor(name: str) -> int:
    room = name.split(".", maxsplit=1)[0]
    return next(level for level, rooms in enumerate(FLOORS) if room in rooms)


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_imports_run_one_way(path):
    own = _name(path)
    rooms = {name.split(".")[1] for name in _imports(path) if name.startswith("jybf.")}
    known = {room for rooms_ in FLOORS for room in rooms_}
    upwards = {room for room in rooms & known if _floor(room) > _floor(own)}
    assert not upwards, f"{own} imports {upwards} from a floor above its own"


def test_nothing_but_the_audit_itself_knows_a_check():
    users = {_name(path) for path in MODULES if any(name.startswith("jybf.audit.checks") for name in _imports(path))}
    assert {name for name in users if not name.startswith("audit.checks")} <= {"audit"}


@pytest.mark.parametrize(("library", "allowed"), ONLY.items(), ids=lambda v: v if isinstance(v, str) else "")
def test_a_library_has_one_door(library, allowed):
    users = {_name(path) for path in MODULES if any(name.split(".")[0] == library for name in _imports(path))}
    assert users == allowed


def test_only_what_is_for_spark_imports_it():
    users = {_name(path) for path in MODULES if {name.split(".")[0] for name in _imports(path)} & {"pyspark", "py4j"}}
    assert users
    assert all(name.startswith("spark.") for name in users)


def test_every_library_that_the_package_imports_is_declared():
    project = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {re.split(r"[^\w-]", line)[0].replace("-", "_") for line in project["dependencies"]}
    asked_for = {re.split(r"[^\w-]", line)[0] for line in project["optional-dependencies"]["duckdb"]}  # where it is wanted
    imported = {name.split(".")[0] for path in MODULES for name in _imports(path)}
    extras = {"pyarrow", "pyspark", "py4j"}  # of jybf[spark], and only there
    assert imported - set(sys.stdlib_module_names) - {"jybf"} - extras == declared | asked_for


def test_all_words_for_the_user_go_through_one_door():
    calls = {_name(p): re.findall(r"(?<![\w.])(?:print|Console|_Door)\(", p.read_text(encoding="utf-8")) for p in MODULES}
    assert {name for name, found in calls.items() if found} == {"visible", "report.screen"}


def _kinds_told(tree: ast.AST) -> set[str]:
    """The kinds of amount that code tells by their names: in a comparison, a match or the keys of a table."""
    told = set()
    for node in ast.walk(tree):
        asked = [node] if isinstance(node, ast.Compare | ast.MatchValue) else node.keys if isinstance(node, ast.Dict) else []
        constants = [part for each in asked if each for part in ast.walk(each) if isinstance(part, ast.Constant)]
        told |= {constant.value for constant in constants if constant.value in KINDS}
    return told


@pytest.mark.parametrize("code", ['a.kind == "cap"', 'a.kind in {"cap", "other"}', '{"cap": 1}[a.kind]'])
def test_a_kind_told_by_its_name_is_found(code):
    assert _kinds_told(ast.parse(code)) == {"cap"}


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_nobody_tells_a_kind_of_amount_by_its_name(path):
    told = _kinds_told(ast.parse(path.read_text(encoding="utf-8")))
    assert not told or _name(path).startswith("vocabulary.amounts"), f"ask jybf.vocabulary.amounts.kind_of instead of {told}"


def _parses_sql(path: Path) -> bool:
    """Whether a module calls sqlglot's parser, under any of its names."""
    nodes = _nodes(path)
    used = {n.attr for n in nodes if isinstance(n, ast.Attribute) and isinstance(n.value, ast.Name) and n.value.id == "sqlglot"}
    imported = {name.rpartition(".")[2] for name in _imports(path) if name.startswith("sqlglot.")}
    return bool((used | imported) & {"parse", "parse_one", "parse_into", "maybe_parse", "transpile", "condition", "Parser"})


def test_only_the_policy_parses_sql():
    assert {_name(path) for path in MODULES if _parses_sql(path)} == {
        "policy.predicate",
        "policy.dialects",
    }  # of an author, and of the engine itself


def _commands() -> list[tuple[str, str]]:
    """The module and the function of each command: ``rules show`` is ``rules_show`` in ``rules``."""
    commands = typer.main.get_command(app).commands.items()
    return [(name, f"{name}_{sub}" if sub else name) for name, one in commands for sub in getattr(one, "commands", {"": None})]


@pytest.mark.parametrize(("module", "function"), _commands())
def test_a_command_is_a_file_and_a_function_of_its_name(module, function):
    homes = [_name(path) for path in MODULES if _name(path).startswith(f"commands.{module}")]
    found = [home for home in homes if hasattr(import_module(f"jybf.{home}"), function)]
    assert found, "in a file of its name, or in one of a package of its name"


def test_a_file_s_name_is_its_own():
    counts = Counter(path.stem for path in MODULES if path.stem != "__init__")
    assert {name for name, count in counts.items() if count > 1} == set(SAME_FILE_NAME)


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_a_module_fits_in_the_head(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 260


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_a_function_fits_on_a_screen(path):
    functions = [node for node in _nodes(path) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    long = {f.name: f.end_lineno - f.lineno + 1 for f in functions if f.end_lineno and f.end_lineno - f.lineno >= 45}
    assert not long
