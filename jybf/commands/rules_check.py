"""``jybf rules check`` and ``jybf rules test``: whether a pack is as it must be, and does what its examples say."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from jybf.assess import check_facts
from jybf.assess.cases import Outcome, UnfitError, outcomes, verdicts_of
from jybf.assess.describe import describe
from jybf.assess.unseen import unseen
from jybf.errors import PackError, Problem
from jybf.model import PAID, UNDETERMINED, Case, Pack, Program
from jybf.policy import load_pack, pack_names, pack_path
from jybf.policy.boundary import Edge, edges, in_force, turning_days
from jybf.policy.folders import use_folder
from jybf.policy.implicit import IDS
from jybf.vocabulary.facts import entries
from jybf.vocabulary.yuan import yuan

_REMEDY = "改正规则或例子"
_TIMELESS = ("applies", "basis", "once", "tally", "period", "prior", "excluded_by")


def rules_check(files: Sequence[str], rules: str = "", *, boundaries: bool = False) -> str:
    """Load each pack (default: every one at hand) and run its cases. Raises PackError with all failures.

    ``boundaries``: instead, examples about every turn of its conditions, as text to put into the pack.
    """
    use_folder(rules)
    lines: list[str] = []
    faults: list[Problem] = []
    for name in files or [name for name, _ in pack_names()]:
        pack, wrong = _loaded(name)
        faults += wrong
        if pack is None:
            continue
        if boundaries:
            lines += _boundaries(pack)
            continue
        done = list(outcomes(pack))
        file = pack_path(name).name
        wrong_ones = [outcome for outcome in done if not outcome.overridden]
        faults += [Problem(fault, f"{file} {one.at}", _REMEDY) for one in wrong_ones for fault in one.faults]
        faults += _to_set_aside(file, done)
        named = f"{name} --rules {rules}" if rules else name
        lines += [_came_out(pack, done), *_asides(done), *_timeless(pack), *_hints(pack, done, named, everything=bool(files))]
    if not files and not boundaries:
        faults += [Problem(failure, "facts.toml", "改正算式或例子") for failure in check_facts()]
        examples = sum(len(entry.case) for entry in entries().values())
        lines.append(f"由列得出的事实：{len(entries())} 个，{examples} 个例子，都符合")
    if faults:
        raise PackError(*faults)
    return "\n".join(lines)


def rules_test(files: Sequence[str], rules: str = "", word: str = "") -> tuple[str, bool]:
    """The examples of each pack (default: every one at hand) one by one, and whether all came out as they say.

    ``word``: only those in whose programme or name it stands. Raises PackError for a pack that can't be loaded.
    """
    use_folder(rules)
    lines: list[str] = []
    counts = [0, 0, 0]
    for name in files or [name for name, _ in pack_names()]:
        done = list(outcomes(load_pack(name), word))
        lines += [f"{name}", *_tested(done)]
        for outcome in done:
            counts[1 if outcome.faults else 2 if outcome.aside else 0] += 1
    passed, failed, aside = counts
    lines.append(f"符合 {passed}，不符合 {failed}" + (f"，搁置 {aside}" if aside else ""))
    return "\n".join(lines), not failed


def _loaded(name: str) -> tuple[Pack | None, Sequence[Problem]]:
    try:
        return load_pack(name), ()
    except PackError as error:
        return None, error.problems


def _came_out(pack: Pack, done: Sequence[Outcome]) -> str:
    cases = sum(not outcome.aside for outcome in done)
    return f"{pack.name}：{len(pack.programs)} 个项目，{cases} 个例子，都符合"


def _to_set_aside(file: str, done: Sequence[Outcome]) -> Iterator[Problem]:
    """The inherited examples of each programme that fail for what the local pack overrides, and what to write there."""
    failing = [outcome for outcome in done if outcome.overridden]
    programs = {outcome.program.id: outcome.program for outcome in failing}
    for name, program in programs.items():
        mine = [outcome for outcome in failing if outcome.program.id == name]
        names = ", ".join(f'"{outcome.case.name}"' for outcome in mine)
        keys, ways = [key for key, _ in program.overrides], [one for one in program.settings if one.value != one.default]
        what = f"本地改写了 {'、'.join(keys)}" if keys else f"“{ways[0].name}”取“{ways[0].value}”"
        where = "这个项目" if keys else f"[settings] 的“{ways[0].name}”"
        yield from (Problem(fault, f"{file} {name} 上级的例子") for outcome in mine for fault in outcome.faults)
        remedy = f"逐个看过、确是应当这样的，在{where}里写 aside = [{names}]；不应当的，改那处改写"
        yield Problem(f"{what}，上级的 {len(mine)} 个例子不再成立：{remedy}", f"{file} {name}")


def _asides(done: Sequence[Outcome]) -> Iterator[str]:
    """The inherited examples that an override makes untrue, by name."""
    aside = [outcome for outcome in done if outcome.aside]
    if aside:
        yield f"  搁置上级的例子 {len(aside)} 个，本地的改写使它们不再成立："
        yield from (f"    {outcome.program.id}“{outcome.case.name}”" for outcome in aside)


def _timeless(pack: Pack) -> Iterator[str]:
    """What the pack overrides of its parent that has no versions, and so holds of the days before it too."""
    for program in (program for program in pack.programs if program.since < pack.since):
        keys = [key for key, cite in program.overrides if key in _TIMELESS and cite.startswith(pack.short)]
        if keys:
            yield f"  提示  {program.id}：改写的 {'、'.join(keys)} 没有版本，{pack.since} 以前的也照本地的"


def _hints(pack: Pack, done: Sequence[Outcome], named: str, *, everything: bool) -> Iterator[str]:
    """The pack's own conditions of which no example tries a side; ``named``: the pack, as a command asks for it."""
    own = [(program, clause, never) for program, clause, never in unseen(done) if clause.source == pack.short]
    found = [
        f"  提示  {program}“{clause.id}”{f'（{clause.span}）' if clause.span else ''}：没有例子看过它{'、'.join(never)}"
        for program, clause, never in own
    ]
    if found and not everything:
        yield f"  提示  {len(found)} 个条件有没看过的一面，jybf rules check {named} 列出"
    elif found:
        yield from found
        yield f"  提示  边界例子可以照抄：jybf rules check {named} --boundaries"


def _tested(done: Sequence[Outcome]) -> Iterator[str]:
    before = ""
    for outcome in done:
        if outcome.program.id != before:
            before = outcome.program.id
            yield f"  {before}"
        sign = "✗" if outcome.faults else "○" if outcome.aside else "✓"
        yield f"    {sign} {outcome.case.name}{'（搁置：本地改写）' if outcome.aside and not outcome.faults else ''}"
        told = (fault.partition(f"“{outcome.case.name}”")[2] for fault in outcome.faults)
        yield from (f"      {each.lstrip('：')}" for each in told)


def _boundaries(pack: Pack) -> Iterator[str]:
    """Examples about every turn of every condition, with what comes out now: the author holds it against the document.

    Of the programmes of which the pack itself says something.
    """
    yield f"# {pack.name}的边界例子。expect 是程序现在算出的，逐个对照文件，对的留下"
    for program in pack.programs:
        base = _payable(pack, program) if _own(pack, program) else None
        if base is None:
            continue
        yield f"\n# ══ 以下抄到“{program.id}”那个 [[{_kind(program)}]] 里，下一个 [[program]] 以前 ══"
        for clause in (clause for clause in program.clauses if clause.id not in IDS):
            row, when = in_force(clause, program, base), f"（{clause.span}）" if clause.span else ""
            for edge in edges(clause, row):
                yield f"\n# {program.id}“{clause.id}”{when}：{clause.holds.source}"
                yield from _examples(pack, program, f"{clause.id}{when}", edge, row)
        yield f"\n# {program.id}：日子"
        yield from _examples(pack, program, "日子", turning_days(program), base)


def _own(pack: Pack, program: Program) -> bool:
    return program.source == pack.short or any(cite.startswith(pack.short) for _, cite in program.overrides)


def _kind(program: Program) -> str:
    return "program" if program.amount.pays else "control"


def _payable(pack: Pack, program: Program) -> dict[str, Any] | None:
    """A row of an example that qualifies, best of all by itself; None where there is none."""
    rows = [(case, row, result) for case in program.cases for row, result in zip(case.given, case.expect, strict=False)]
    settled = [each for each in rows if each[2] in (PAID, UNDETERMINED)]
    return {**min(settled, key=lambda each: _strangeness(pack, each[0], each[2]))[1]} if settled else None


def _strangeness(pack: Pack, case: Case, result: str) -> tuple[bool, ...]:
    """The least of them is paid, by itself, in the pack's own words, in an example of one row."""
    return result != PAID, bool(case.history), case.source == pack.extends, len(case.given) > 1


def _examples(pack: Pack, program: Program, about: str, edge: Edge, base: Mapping[str, Any]) -> Iterator[str]:
    for word, value in edge.values:
        given = {**base, edge.field: value}
        try:
            roster, verdicts = verdicts_of(pack, program, Case("", (given,), ("",)))
        except UnfitError:
            continue
        told = describe(verdicts, roster)
        if told.is_empty():
            continue
        result, fen = told.select("结果", "核定金额").row(0)
        shown = ", ".join(f'"{name}" = {_toml(one)}' for name, one in given.items() if one != "" or name == edge.field)
        yield f"\n[[{_kind(program)}.case]]"
        told = f"{word} {value}" if isinstance(value, date) else word
        yield f'name = "{about}：{edge.field}{told}"'
        yield f"given = {{ {shown} }}"
        yield f'expect = "{result}"'
        if fen is not None:
            yield f'yuan = "{yuan(fen).replace(",", "")}"'


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value)
