"""``jybf rules``: packs, fields and kinds of list as pages to read, and the packs' own examples carried out."""

from collections.abc import Iterator, Sequence

from jybf.audit import codes
from jybf.errors import PackError, Problem, UsageError
from jybf.model import Field, ListKind, Program
from jybf.policy import load_pack, pack_names
from jybf.vocabulary.amounts import kind_of
from jybf.vocabulary.facts import entries
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


def rules_list() -> str:
    """The shipped packs, a line each: id, name, how many programmes."""
    lines = [(name, label, len(load_pack(name).payable())) for name, label in pack_names()]
    return "\n".join(f"{name:<10}{label}  {count} 个补贴项目" for name, label, count in lines)


def rules_show(region: str) -> str:
    """A pack as a page: its document, then every programme with its sum, conditions, limits and clause numbers."""
    pack = load_pack(region)
    head = [f"{pack.name}  {pack.document}", f"发文 {pack.issued}，有效至 {pack.until}，规则包 {pack.digest[:12]}"]
    return "\n".join([*head, *(line for program in pack.programs for line in _program(program))])


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


def _program(program: Program) -> Iterator[str]:
    yield f"\n{program.id}  {program.cite}  {kind_of(program.amount).page(program.amount)}"
    yield f"  发给{program.payee}，至 {program.until}" + (f"，资金：{program.fund}" if program.fund else "")
    for clause in program.clauses:
        if clause.text:
            yield f"  · {clause.text}  {clause.cite}" + (f"；{clause.presume}" if clause.presume else "")
    if program.once:
        yield f"  · 每个{'、'.join(program.once)}一次"
    if program.quota:
        yield f"  · 每个{'、'.join(program.quota.per)}最多 {program.quota.most} {program.quota.unit}  {program.quota.cite}"
    if program.tally:
        yield f"  · {program.tally.text}  {program.tally.cite}"
    for exclusion in program.excluded_by:
        yield f"  · {exclusion.text}  {exclusion.cite}"
    for cite, text in program.manual:
        yield f"  ○ 须人工核实：{text}  {cite}"


def rules_check(files: Sequence[str]) -> str:
    """Load each pack (default: every shipped one) and run its cases. Raises PackError with all failures."""
    from jybf.assess import check_cases, check_facts

    lines: list[str] = []
    faults: list[Problem] = []
    for name in files or [name for name, _ in pack_names()]:
        pack = load_pack(name)
        faults += [Problem(failure, name, "改正规则或例子") for failure in check_cases(pack)]
        cases = sum(len(program.cases) for program in pack.programs)
        lines.append(f"{pack.name}：{len(pack.programs)} 个项目，{cases} 个例子，都符合")
    if not files:
        faults += [Problem(failure, "facts.toml", "改正算式或例子") for failure in check_facts()]
        examples = sum(len(entry.case) for entry in entries().values())
        lines.append(f"由列得出的事实：{len(entries())} 个，{examples} 个例子，都符合")
    if faults:
        raise PackError(*faults)
    return "\n".join(lines)
