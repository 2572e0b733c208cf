"""Two packs side by side: programme by programme, amount by amount, condition by condition."""

from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import TypeVar

import msgspec

from jybf.model import Pack
from jybf.report.pack_page import Line, ProgramPage, page_of

T = TypeVar("T")

_ALIKE = 0.6  # of two names that mean one thing in two documents: 跨省务工交通补贴, 跨省务工交通补助
_ONE_OF = ("发给", "标准")  # what a programme has one of, or one a version
SAME, CHANGED, GONE, NEW = "相同", "不同", "只在左边", "只在右边"


class Pair(msgspec.Struct, frozen=True):
    """What stands on either side ("": nothing does), under ``title``; ``how`` the two differ."""

    title: str
    left: str
    right: str
    how: str
    cites: tuple[str, str] = ("", "")


class Beside(msgspec.Struct, frozen=True):
    """Two documents: their names, and for each programme its pairs."""

    left: str
    right: str
    documents: tuple[str, str]
    programs: tuple[tuple[Pair, tuple[Pair, ...]], ...]
    same: int


def compared(old: Pack, new: Pack, named: tuple[str, str], *, everything: bool) -> Beside:
    """``old`` beside ``new``; what is the same only where ``everything`` is asked for."""
    a, b = page_of(old), page_of(new)
    pairs = _matched(a.programs, b.programs, lambda program: program.id)
    found = [(_program(x, y), tuple(_rules(x, y))) for x, y in pairs]
    kept = [(head, rules if everything else tuple(r for r in rules if r.how != SAME)) for head, rules in found]
    shown = [(head, rules) for head, rules in kept if everything or rules or head.how != SAME]
    heads = [
        f"{page.name}{'@' + said.rpartition('@')[2] if '@' in said else ''}" for page, said in zip((a, b), named, strict=True)
    ]
    return Beside(heads[0], heads[1], (a.document, b.document), tuple(shown), len(found) - len(shown))


def _program(x: ProgramPage | None, y: ProgramPage | None) -> Pair:
    left, right = x.id if x else "", y.id if y else ""
    how = GONE if not y else NEW if not x else SAME if left == right else CHANGED
    return Pair("项目", left, right, how, (x.cite if x else "", y.cite if y else ""))


def _rules(x: ProgramPage | None, y: ProgramPage | None) -> Iterator[Pair]:
    def of(get: Callable[[ProgramPage], Sequence[Line]]) -> tuple[Sequence[Line], Sequence[Line]]:
        return (get(x) if x else (), get(y) if y else ())

    heads = ([Line(f"发给{each.payee}，以{each.basis}为准", "")] if each else [] for each in (x, y))
    yield from _lines("发给", *heads)
    yield from _lines("标准", *of(lambda page: page.sums))
    yield from _lines("条件", *of(lambda page: page.conditions))
    yield from _lines("限制", *of(lambda page: page.limits))
    yield from _lines("须人工核实", *of(lambda page: page.manual))


def _lines(title: str, left: Sequence[Line], right: Sequence[Line]) -> Iterator[Pair]:
    alone = title in _ONE_OF and len(left) == len(right)
    for a, b in zip(left, right, strict=True) if alone else _matched(left, right, lambda line: line.name or line.text):
        told = (_told(a), _told(b))
        same = told[0] == told[1] or (a and b and a.reads and a.reads == b.reads and a.when == b.when)
        how = GONE if b is None else NEW if a is None else SAME if same else CHANGED
        yield Pair(title, *told, how, (a.cite if a else "", b.cite if b else ""))


def _told(line: Line | None) -> str:
    return "" if line is None else line.text + (f"（{line.when}）" if line.when else "")


def _matched(left: Sequence[T], right: Sequence[T], name: Callable[[T], str]) -> list[tuple[T | None, T | None]]:
    """What is called the same, then what is called much the same, then what stands alone; in the order of ``left``."""
    rest = list(right)
    found: dict[int, T] = {}
    for least in (1.0, _ALIKE):
        for i, one in enumerate(left):
            scored = [(SequenceMatcher(None, name(one), name(other)).ratio(), j) for j, other in enumerate(rest)]
            best = max(scored, key=lambda each: (each[0], -each[1]), default=(0.0, 0))
            if i not in found and best[0] >= least:
                found[i] = rest.pop(best[1])
    return [*((one, found.get(i)) for i, one in enumerate(left)), *((None, other) for other in rest)]


def in_lines(beside: Beside) -> Iterator[str]:
    """As plain text."""
    yield f"左  {beside.left}  {beside.documents[0]}"
    yield f"右  {beside.right}  {beside.documents[1]}"
    for head, rules in beside.programs:
        yield f"\n{_name(head)}"
        for rule in rules:
            sign = {SAME: "＝", CHANGED: "≠", GONE: "－", NEW: "＋"}[rule.how]
            yield f"  {sign} {rule.title}"
            yield from (f"      {side} {text}  {cite}" for side, text, cite in _sides(rule))
    yield _rest(beside)


def in_markdown(beside: Beside) -> Iterator[str]:
    """As Markdown."""
    yield f"# {beside.left} 与 {beside.right}\n"
    for head, rules in beside.programs:
        yield f"\n## {_name(head)}\n\n| | {beside.left} | {beside.right} |\n|---|---|---|"
        for rule in rules:
            cells = [
                f"{text} *{cite}*" if text else "—" for text, cite in zip((rule.left, rule.right), rule.cites, strict=True)
            ]
            yield f"| {rule.title} | {cells[0]} | {cells[1]} |".replace("\n", " ")
    yield f"\n{_rest(beside)}"


def _sides(rule: Pair) -> Iterator[tuple[str, str, str]]:
    if rule.how == SAME:
        yield "  ", rule.left, "；".join(dict.fromkeys(rule.cites))
        return
    yield from (
        (side, text, cite) for side, text, cite in (("左", rule.left, rule.cites[0]), ("右", rule.right, rule.cites[1])) if text
    )


def _name(head: Pair) -> str:
    if head.how in (GONE, NEW):
        return f"{head.left or head.right}  {head.how}"
    return head.left if head.how == SAME else f"{head.left}（右边叫{head.right}）"


def _rest(beside: Beside) -> str:
    return f"\n另有 {beside.same} 个项目相同，--all 列出" if beside.same else ""
