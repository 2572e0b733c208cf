"""The house rules that a reader may rely on: which way imports run, who may import what, how long a piece of code gets."""

import ast
import re
import sys
import tomllib
from pathlib import Path

import pytest

from jybf.vocabulary.amounts import KINDS

PACKAGE = Path(__file__).parent.parent / "jybf"
MODULES = sorted(PACKAGE.rglob("*.py"))
FLOORS = (  # each may import itself and what stands before it
    ("visible", "errors", "model", "__init__"),
    ("vocabulary",),
    ("roster", "policy"),
    ("assess",),
    ("audit", "diff"),
    ("report",),
    ("commands",),
    ("cli", "__main__"),
)
ONLY = {
    "typer": {"cli", "cli.app", "cli.options", "cli.money", "cli.aside"},
    "rich": {"report.table", "report.found", "report.rows", "report.screen", "report.survey", "report.proof", "report.diff"},
    "openpyxl": {
        f"report.{name}" for name in ("xlsx", "sheets", "overview", "annotate", "copying", "ends", "rebuilt", "tints")
    },
    "sqlglot": None,
}


def _name(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)


def _imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
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


@pytest.mark.parametrize(
    ("library", "allowed"), [(k, v) for k, v in ONLY.items() if v], ids=lambda v: v if isinstance(v, str) else ""
)
def test_a_library_has_one_door(library, allowed):
    users = {_name(path) for path in MODULES if any(name.split(".")[0] == library for name in _imports(path))}
    assert users <= allowed


def test_every_library_that_the_package_imports_is_declared():
    project = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {re.split(r"[^\w-]", line)[0].replace("-", "_") for line in project["dependencies"]}
    imported = {name.split(".")[0] for path in MODULES for name in _imports(path)}
    assert imported - set(sys.stdlib_module_names) - {"jybf"} == declared


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


def test_only_the_policy_parses_sql():
    parsers = {_name(p) for p in MODULES if "parse_one" in p.read_text(encoding="utf-8")}
    assert {name.split(".")[0] for name in parsers} <= {"policy"}


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_a_module_fits_in_the_head(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 280


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_a_function_fits_on_a_screen(path):
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    functions = [node for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    long = {f.name: f.end_lineno - f.lineno + 1 for f in functions if f.end_lineno and f.end_lineno - f.lineno >= 45}
    assert not long
