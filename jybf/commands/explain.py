"""Rule packs and finding codes as pages to read: what ``jybf rules`` and ``jybf explain`` print."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jybf.assess import check_cases
from jybf.audit import Text, codes, explain
from jybf.audit.cases import run_case
from jybf.audit.catalogue import bases
from jybf.audit.standing import columns_of, coverage, lists_of
from jybf.errors import PackError, Problem, UsageError
from jybf.policy import load_pack, pack_names
from jybf.roster import kinds
from jybf.vocabulary.amounts import kind_of
from jybf.vocabulary.fields import Choice, fold_header, load_fields
from jybf.vocabulary.types import TYPES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from jybf.model import Field, ListKind, Program


def check_list() -> str:
    """Every finding code, a line each: code, level, title; then how many of them data can decide."""
    return f"{_lines(codes())}\n\n{coverage()}"


def _lines(wanted: Sequence[str]) -> str:
    return "\n".join(f"{code}  {explain(code).level}  {explain(code).title}" for code in wanted)


def check_text(code: str) -> str:
    """The catalogue's page on a finding code, or the list of those that begin with it.

    Raises UsageError with near codes when there is none.
    """
    heads = [known for known in codes() if known.startswith(code.strip().upper())]
    if len(heads) > 1:
        return _lines(heads)
    text = explain(heads[0] if heads else code)
    parts = {
        "为什么": [text.why],
        "怎么查": [text.compares, *_data(text)],
        "依据": [text.grounds, *_clauses(text.code)],
        "怎么办": [text.todo],
        "例子": [text.example, *_worked(text)],
    }
    told = ("\n".join([f"\n{word}", *(f"  {line}" for line in lines if line)]) for word, lines in parts.items())
    return "\n".join([f"{text.code}  {text.title}（{text.level}）", *told])


def _data(text: Text) -> Iterator[str]:
    """What it takes to check: columns, lists; or why no data can."""
    if text.beyond:
        yield f"数据查不了：{text.beyond}"
    if columns := columns_of(text.code):
        yield f"要的列：{'、'.join(columns)}"
    if lists := lists_of(text.code):
        yield f"比对名单（--against）：{'、'.join(lists)}"


def _clauses(code: str) -> Iterator[str]:
    """The clauses of the shipped policies that carry ``code``, each once."""
    packs = [load_pack(name) for name, _ in pack_names()]
    found = ((p, clause) for pack in packs for p in pack.programs for clause in p.clauses if clause.code == code)
    told = (f"{clause.source}{clause.cite}  {program.id}：{clause.text}" for program, clause in found if clause.text)
    yield from dict.fromkeys(told)


def _worked(text: Text) -> Iterator[str]:
    """The first example that finds something, carried out: what stands where, and the finding that comes of it."""
    case = next((case for case in text.case if case.kind == "发现"), None)
    if not case:
        return
    base = bases()[case.of]
    yield f"\n  演算：{case.name}"
    yield f"  表题  {case.title or base.title}（{load_pack(case.region or base.region).name}）"
    yield from (f"  第 {line} 行  {_facts(base.row | row)}" for line, row in enumerate(() if case.table else case.rows, 1))
    yield from (f"  第 {line} 行  {'，'.join(row)}" for line, row in enumerate(case.table, 1))
    yield from (f"  {name}名单  {_facts(row)}".replace("名单名单", "名单") for name, rows in case.lists.items() for row in rows)
    yield from (f"  历史发放  {_facts(base.row | row)}" for row in case.history)
    rows = run_case(case, text.code).rows
    for row in rows.filter(rows["编号"] == text.code).iter_rows(named=True):
        now = "" if row["当前值"].startswith("身份证号") else f"现为 {row['当前值'] or '空白'}"  # a stand-in for a number
        aside = "；".join(part for part in (now, f"应为 {row['应为']}" if row["应为"] else "") if part)
        yield f"  → 第 {row['行号']} 行  {row['级别']}：{row['问题']}" + (f"（{aside}）" if aside else "")


def _facts(row: Mapping[str, object]) -> str:
    said = {True: "是", False: "否", "": "空白", "？": "（认不出）"}
    words = {name: said.get(value, value) if isinstance(value, bool | str) else value for name, value in row.items()}
    return "，".join(f"{name} {value}" for name, value in words.items())


def list_kinds() -> str:
    """The kinds of list that ``--against`` knows: name, what it holds, by which columns it is matched, what it should say."""
    return "\n".join(line for kind in kinds().values() for line in _kind(kind))


def _kind(kind: ListKind) -> Iterator[str]:
    yield f"{kind.name}  {kind.meaning}"
    wants = f"；应有 {'、'.join(kind.wants)}" if kind.wants else ""
    yield f"  按 {'、'.join(kind.keys)} 比对{wants}" + (f"；也写作 {'、'.join(kind.aliases)}" if kind.aliases else "")
    checks = [code for code in codes() if kind.name in lists_of(code)]
    yield f"  用它的规则：{'、'.join(checks) or '没有'}"


def pack_list() -> str:
    """The shipped packs, a line each: id, name, how many programmes."""
    lines = [(name, label, len(load_pack(name).payable())) for name, label in pack_names()]
    return "\n".join(f"{name:<10}{label}  {count} 个补贴项目" for name, label, count in lines)


def pack_text(region: str) -> str:
    """A pack as a page: its document, then every programme with its sum, conditions, limits and clause numbers."""
    pack = load_pack(region)
    head = [f"{pack.name}  {pack.document}", f"发文 {pack.issued}，有效至 {pack.until}，规则包 {pack.digest[:12]}"]
    return "\n".join([*head, *(line for program in pack.programs for line in _program(program))])


def field_list(word: str = "") -> str:
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


def check_packs(files: Sequence[str]) -> str:
    """Load each pack (default: every shipped one) and run its cases. Raises PackError with all failures."""
    lines: list[str] = []
    faults: list[Problem] = []
    for name in files or [name for name, _ in pack_names()]:
        pack = load_pack(name)
        faults += [Problem(failure, name, "改正规则或例子") for failure in check_cases(pack)]
        cases = sum(len(program.cases) for program in pack.programs)
        lines.append(f"{pack.name}：{len(pack.programs)} 个项目，{cases} 个例子，都符合")
    if faults:
        raise PackError(*faults)
    return "\n".join(lines)
