"""``jybf rules``: packs, fields and kinds of list as pages to read."""

from collections.abc import Iterator, Sequence

from jybf.audit import codes
from jybf.errors import Problem, UsageError
from jybf.model import Field, ListKind
from jybf.policy import load_pack, pack_names
from jybf.policy.folders import use_folder
from jybf.vocabulary.fields import Choice, fold_header, load_fields
from jybf.vocabulary.types import TYPES


def rules_lists() -> str:
    """The kinds of list that ``--against`` knows: name, what it holds, by which columns it is matched, what it should say."""
    from jybf.roster import kinds

    return "\n".join(line for kind in kinds().values() for line in _kind(kind))


def _kind(kind: ListKind) -> Iterator[str]:
    from jybf.audit.standing import lists_of

    yield f"{kind.name}  {kind.meaning}"
    wants = "".join(f"；{word} {'、'.join(names)}" for word, names in (("应有", kind.wants), ("还看", kind.also)) if names)
    yield f"  按 {'、'.join(kind.keys)} 比对{wants}" + (f"；也写作 {'、'.join(kind.aliases)}" if kind.aliases else "")
    checks = [code for code in codes() if kind.name in lists_of(code)]
    yield f"  用它的规则：{'、'.join(checks) or '没有'}"


def rules_list(rules: str = "") -> str:
    """The packs at hand, those in the folder ``rules`` too, a line each: id, name, how many programmes."""
    use_folder(rules)
    lines = [(name, label, len(load_pack(name).payable())) for name, label in pack_names()]
    return "\n".join(f"{name:<10}{label}  {count} 个补贴项目" for name, label, count in lines)


def rules_fields(word: str = "") -> str:
    """The fields of a roster that a header may be read as: name, type, meaning, values, headers that name it.

    With a ``word`` only those in which it stands. Raises UsageError with near fields when there is none.
    """
    fields = load_fields()
    shared: dict[str, list[str]] = {}
    for header, target in fields.headers.items():
        for name in target.fields if isinstance(target, Choice) else ():
            shared.setdefault(name, []).append(header)
    pages = ["\n".join(_field(field, shared.get(name, []))) for name, field in fields.by_name.items()]
    found = [page for page in pages if fold_header(word) in fold_header(page)]
    if not found:
        near = "、".join(fields.near(word))
        raise UsageError(Problem(f"没有字段提到“{word}”", "", f"相近的：{near}" if near else "不写词就列出全部字段"))
    return "\n".join(found)


def _field(field: Field, shared: Sequence[str]) -> Iterator[str]:
    into = f"，拆成{'、'.join(field.into)}" if field.into else ""
    yield f"{field.name}  {TYPES[field.type].label}{into}" + (f"  {field.meaning}" if field.meaning else "")
    if field.aliases:
        yield f"  表头也写作：{'、'.join(field.aliases)}"
    if shared:
        yield f"  看表题、同表的列或取值才能定：{'、'.join(shared)}"
    if field.values:
        yield f"  取值：{'、'.join(field.values)}"
