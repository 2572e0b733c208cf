"""The JSON Schema of a rule file takes what the program takes, and says no where the program does."""

import json
import tomllib
from datetime import date

import pytest

from jybf.commands.rules_schema import SCHEMAS, rules_schema
from jybf.errors import UsageError
from jybf.policy import pack_names
from jybf.vocabulary.fields import rules_dir
from tests.policy.test_dated import QUOTA, VERSIONS
from tests.policy.test_load import HEAD, PROGRAM
from tests.policy.test_overlay import SAMPLES

jsonschema = pytest.importorskip("jsonschema")
FILES = {
    "pack": [f"{name}.toml" for name, _ in pack_names()],
    "fields": ["fields.toml"],
    "facts": ["facts.toml"],
    "lists": ["lists.toml"],
    "bank": sorted(f"bank/{path.name}" for path in (rules_dir() / "bank").glob("*.toml")),
}
LOCAL = """
id = "y"
extends = "x"
[[program]]
id = "跨省务工交通补贴"
override = true
cite = "（二）"
[program.amount]
kind = "fixed"
yuan = "900"
"""


def faults(kind, text):
    """Where a validator of JSON finds the TOML ``text`` at fault, as an editor does, to which a day is a text."""
    plain = json.loads(json.dumps(tomllib.loads(text), default=date.isoformat))
    found = jsonschema.Draft7Validator(json.loads(rules_schema(kind))).iter_errors(plain)
    return [[*error.absolute_path] for error in found]


def test_every_kind_of_file_that_has_a_schema_is_tried():
    assert FILES.keys() == SCHEMAS.keys()


@pytest.mark.parametrize(("kind", "file"), [(kind, file) for kind, files in FILES.items() for file in files])
def test_the_shipped_files_are_valid_and_a_key_that_nobody_knows_is_not(kind, file):
    text = (rules_dir() / file).read_text(encoding="utf-8")
    assert faults(kind, text) == []
    assert faults(kind, f"jybf = 1\n{text}") == [[]]


@pytest.mark.parametrize("text", [HEAD + VERSIONS, HEAD + QUOTA, (SAMPLES / "linyi.toml").read_text(encoding="utf-8")])
def test_law_that_changes_with_time_and_a_county_over_its_province_are_valid(text):
    assert faults("pack", text) == []
    assert faults("pack", text.replace("from =", "form =", 1)) != []


def test_a_pack_that_extends_another_need_not_say_all():
    assert faults("pack", LOCAL) == []
    assert faults("pack", LOCAL.replace("override = true", "")) == [["program", 0]]


@pytest.mark.parametrize(
    ("right", "wrong", "where"),
    [
        ('text = "对象', 'texts = "对象', ["program", 0, "clause", 0]),
        ('payee = "个人"', 'payee = "人"', ["program", 0, "payee"]),
        ('basis = "申请日期"', 'basis = "申请日"', ["program", 0, "basis"]),
        ('"身份证号", "申请年度"', '"身份证号", "申请年"', ["program", 0, "once", 1]),
        ('kind = "cap"', 'kind = "cap"\nmost = 1', ["program", 0, "amount"]),
        ('{ "人员类别"', '{ "人员类型"', ["program", 0, "case", 0, "given"]),
        ("until = 2025-12-31", "until = 2025", ["until"]),
    ],
)
def test_what_is_wrong_is_pointed_at(right, wrong, where):
    assert faults("pack", HEAD + PROGRAM) == []
    assert where in faults("pack", (HEAD + PROGRAM).replace(right, wrong))


def test_another_kind_of_file_is_told():
    with pytest.raises(UsageError, match="可用：pack、fields、facts、lists、bank"):
        rules_schema("packs")
