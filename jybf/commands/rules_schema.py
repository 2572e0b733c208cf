"""``jybf rules schema``: the JSON Schema of a kind of rule file, for editors that complete and check while one types.

Made from the records that read the files, so that there is no second word on what they may hold.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, cast

import msgspec

from jybf.errors import Problem, UsageError, near
from jybf.policy.schema import AmountHead, PackSpec, ProgramSpec
from jybf.report.bank_layout import Layout
from jybf.roster.listkinds import ListsFile
from jybf.vocabulary.amounts import KINDS
from jybf.vocabulary.facts import FactsFile, facts
from jybf.vocabulary.fields import FieldsFile, load_fields

Schema = dict[str, Any]
Change = Callable[[str, Schema], Schema]

_DRAFT = "http://json-schema.org/draft-07/schema#"  # what the editors' TOML extensions know
_FACTS = frozenset((  # the keys of a pack whose texts name facts
    "basis", "year", "once", "columns", "per", "read", "beside", "start", "end", "proof", "field", "units", "spent",
))  # fmt: skip
_ROWS = frozenset(("given", "history", "defaults"))  # … and those whose keys do
_FIELDS = frozenset(("keys", "wants", "also", "whole"))  # the keys of a list whose texts name fields
_WORDS = ("title", "description", "default")  # what a schema says that is none of the file's


def rules_schema(kind: str) -> str:
    """The JSON Schema of that ``kind`` of file as text. Raises UsageError for a kind that there is not."""
    if kind not in SCHEMAS:
        raise UsageError(Problem(f"没有“{kind}”这种规则文件", "", f"{near(kind, SCHEMAS)}可用：{'、'.join(SCHEMAS)}"))
    return json.dumps({"$schema": _DRAFT, "title": f"jybf {kind}", **SCHEMAS[kind]()}, ensure_ascii=False, indent=2)


def _pack() -> Schema:
    """A pack; of one that extends another, and of a programme that it overrides, only what is said anew need stand there."""
    kinds = {name: kind.spec for name, kind in KINDS.items() if kind.spec}
    made = _components(PackSpec, ProgramSpec, AmountHead, *kinds.values())
    head = made.pop("AmountHead")
    ended = {**head, "required": ["from", "repeal"]}
    made["Amount"] = {"anyOf": [ended, *(_amount(name, made[spec.__name__], head) for name, spec in kinds.items())]}
    made["ClauseSpec"]["properties"]["override"] = {"type": "boolean"}
    control, pack = made.pop("ProgramSpec"), made["PackSpec"]
    amount = _mapped(
        control["properties"].pop("amount"), lambda _, part: _ref("Amount") if part == {"type": "object"} else part
    )
    control["properties"]["override"] = {"type": "boolean"}
    overriding = {"properties": {"override": {"const": True}}, "required": ["id", "cite", "override"]}
    control["anyOf"] = [overriding, {"required": control.pop("required")}]
    pack["anyOf"] = [{"required": ["id", "extends"]}, {"required": pack.pop("required")}]
    made["Control"], made["Program"] = control, control | {"properties": {**control["properties"], "amount": amount}}
    pack["properties"] |= {name: {"type": "array", "items": _ref(name.title())} for name in ("program", "control")}
    return {**_ref("PackSpec"), "$defs": {**_mapped(made, _naming_facts), "Fact": {"type": "string", "enum": [*facts()]}}}


def _amount(name: str, spec: Schema, head: Schema) -> Schema:
    """``[program.amount]`` of one kind, with what any of them may say besides (``head``)."""
    own = {"kind": {"const": name}, **head["properties"], **spec["properties"]}
    return spec | {"properties": own, "required": ["kind", *spec["required"]]}


def _naming_facts(key: str, part: Schema) -> Schema:
    """``part``, the schema of ``key``, with the names of facts where facts are named."""
    if key in _ROWS:
        return _mapped(part, lambda _, row: row | {"propertyNames": _ref("Fact")} if row.get("type") == "object" else row)
    return _mapped(part, lambda _, text: _ref("Fact") if text == {"type": "string"} else text) if key in _FACTS else part


def _lists() -> Schema:
    known: Schema = {"type": "string", "enum": [*load_fields().by_name]}
    named = _mapped(_file(ListsFile), lambda key, part: part | {"items": _ref("Field")} if key in _FIELDS else part)
    return {**named, "$defs": {**named["$defs"], "Field": known}}


def _file(record: type) -> Schema:
    return {**_ref(record.__name__), "$defs": _components(record)}


SCHEMAS: Mapping[str, Callable[[], Schema]] = {
    "pack": _pack,
    "fields": lambda: _file(FieldsFile),
    "facts": lambda: _file(FactsFile),
    "lists": _lists,
    "bank": lambda: _file(Layout),
}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _components(*records: type) -> dict[str, Schema]:
    """The schemas of ``records`` and of all in them by name, as strict as their door: no unknown key, and nothing is null."""
    _, made = msgspec.json.schema_components(records, ref_template="#/$defs/{name}")
    return {name: _strict(schema) for name, schema in made.items()}


def _strict(schema: Schema) -> Schema:
    own: Schema = {key: value for key, value in schema.items() if key not in _WORDS}
    if "properties" in own:
        own["properties"] = {name: _strict(part) for name, part in own["properties"].items()}
        own["additionalProperties"] = False
    if isinstance(own.get("items"), dict):
        own["items"] = _strict(own["items"])
    if "enum" in own:
        own["enum"] = [each for each in own["enum"] if each is not None]  # TOML has no word for it
    if "anyOf" in own:
        some = [_strict(each) for each in own.pop("anyOf") if each != {"type": "null"}]
        own |= {"anyOf": some} if len(some) > 1 else some[0]
    return own


def _mapped(schema: Any, change: Change, key: str = "") -> Any:
    """``schema`` with each table in it, from the inmost, put through ``change`` with the key under which it stands."""
    if isinstance(schema, list):
        return [_mapped(each, change, key) for each in cast("list[Any]", schema)]
    if not isinstance(schema, dict):
        return schema
    return change(key, {name: _mapped(each, change, name) for name, each in cast("Schema", schema).items()})
