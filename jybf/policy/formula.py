"""``rules/facts.toml`` vetted: each way to know a fact, as SQL over the facts before it."""

from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace
from sqlglot import exp

from jybf.errors import PackError, Problem
from jybf.model import Field
from jybf.policy.predicate import condition, parsed
from jybf.policy.terms import Fault, Term, only, scalar
from jybf.vocabulary.facts import Clash, Entry, Fact, Way, clashes, entries, facts
from jybf.vocabulary.fields import load_fields
from jybf.vocabulary.types import TYPES, is_dated


def vetted() -> dict[str, Fact]:
    """Every fact that follows from others, in the order in which they may be worked out.

    Raises :class:`PackError` with all faults of the file.
    """
    found: dict[str, Fact] = {}
    faults = [Problem(fault, f"facts.toml clash “{clash.when}”") for clash in clashes() for fault in _unsound(clash)]
    for entry in entries().values():
        try:
            _vet(entry)
            found[entry.name] = _fact(entry, found)
        except Fault as fault:
            faults.append(Problem(str(fault), f"facts.toml {entry.name}"))
    if faults:
        raise PackError(*faults)
    return found


def _unsound(clash: Clash) -> Iterator[str]:
    """A name that is none would leave a clash about nothing, in silence."""
    yield from (f"没有“{name}”这个字段" for name in (*clash.about, clash.of, clash.at) if name and name not in facts())
    if not clash.about and not clash.of:
        yield "about 和 of 至少写一样"


def _vet(entry: Entry) -> None:
    if bool(entry.type) == (entry.name in load_fields().by_name):
        raise Fault("字段词典里的字段不写 type，别的要写")
    if not entry.read and bool(entry.take) == bool(entry.agree):
        raise Fault("take 和 agree 写一样")
    if not entry.read and not entry.case:
        raise Fault("缺 case（例子）")
    if entry.presume and len(entry.presume) != len(entry.take):
        raise Fault("presume 与 take 对不齐")
    if not set(entry.weak) <= {*range(1, len(entry.take) + 1)}:
        raise Fault("weak 写 take 的第几处，从 1 起")
    for name in (*entry.ask, *entry.at):
        if name not in facts():
            raise Fault(f"没有“{name}”这个字段")


def _fact(entry: Entry, before: Mapping[str, Fact]) -> Fact:
    field, texts = facts()[entry.name], entry.take or entry.agree
    if entry.read:
        return Fact(field, (), agree=False, cells=tuple(tuple(text.split("、")) for text in texts))
    ways = tuple(_way(text, field) for text in texts)
    cells = tuple(
        tuple(_pointed(entry, text, tuple(_cells(way, before, entry.name)))) for text, way in zip(texts, ways, strict=True)
    )
    return Fact(field, ways, bool(entry.agree), cells)


def _way(text: str, field: Field) -> Way:
    if text in facts():
        term = scalar(exp.column(text), facts())
        return Way(term.low, term.high, (text,), cell=True)
    tree = parsed(text)
    term = _value(tree)
    if term.kind == "int":  # a count is none where it would be less
        term = replace(term, low=_counted(term.low), high=_counted(term.high))
    reads = tuple(dict.fromkeys(column.name for column in tree.find_all(exp.Column, bfs=False)))
    if not reads:
        raise Fault(f"“{text}”没有读任何字段")
    if term.kind != TYPES[field.type].kind:
        raise Fault(f"“{text}”算出来的不是{TYPES[field.type].label}")
    if not term.exact and not is_dated(field):
        raise Fault(f"“{text}”的值不定")
    return Way(term.low, term.high, reads, cell=False)


def _counted(number: str) -> str:
    return f"(CASE WHEN {number} >= 0 THEN {number} END)"


def _value(node: exp.Expr) -> Term:
    """A scalar, a condition, or a choice by conditions without ELSE: where none holds, nothing is known."""
    if not isinstance(node, exp.Case):
        try:
            return scalar(node, facts())
        except Fault:
            test = condition(node, facts())
            return Term("bool", test, test)
    only(node, "ifs")
    tests = [condition(each.this, facts()) for each in node.args["ifs"]]
    terms = [_value(each.args["true"]) for each in node.args["ifs"]]
    if len({term.kind for term in terms}) > 1:
        raise Fault("CASE 的几个值类型不同")
    return Term(terms[0].kind, _case(tests, [term.low for term in terms]), _case(tests, [term.high for term in terms]))


def _case(tests: Sequence[str], values: Sequence[str]) -> str:
    whens = " ".join(f"WHEN {test} THEN {value}" for test, value in zip(tests, values, strict=True))
    return f"(CASE {whens} END)"


def _cells(way: Way, before: Mapping[str, Fact], own: str) -> Iterator[str]:
    """The columns of a roster that ``way`` comes from, the last first."""
    for name in reversed(way.reads):
        if name in before and name != own:
            yield from before[name].sources
        if name in load_fields().by_name or (name in entries() and entries()[name].read and not entries()[name].take):
            yield name  # a fact of the title has no column, and goes by its own name


def _pointed(entry: Entry, text: str, cells: Sequence[str]) -> Iterator[str]:
    """``cells``, those that ``entry`` points ``at`` first; where the way ``text`` gives what the fact's own cell says, that."""
    at = (entry.name,) if text.endswith(f"THEN {entry.name} END") else entry.at
    yield from dict.fromkeys((*(name for name in at if name in cells), *cells))
