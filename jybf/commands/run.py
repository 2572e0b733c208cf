"""A whole run, from file names to a report: open what it is given → assess → (audit) → sum up."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from jybf.assess import describe, missing
from jybf.commands.opening import Say, check_map, check_sheet, column_map, named, open_run
from jybf.errors import Problem, UsageError
from jybf.model import LEVELS, Report, Roster
from jybf.report.summary import summarise, summarise_findings
from jybf.roster import Options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jybf.audit.waivers import Waivers
    from jybf.commands.opening import Opened
    from jybf.commands.request import Request
    from jybf.model import Findings
    from jybf.model.proof import Why
    from jybf.model.survey import FileFacts


def calc(request: Request, say: Say, progress: Say) -> Report:
    """Who is paid how much, and why. ``say`` gets the notices, ``progress`` what is being done."""
    run = open_run(request, say, progress)
    progress("整理结果")
    frame = describe(run.verdicts, run.roster)
    return Report("calc", frame, summarise(run.verdicts, run.roster, missing(run.verdicts, run.roster)), run.provenance)


def check(request: Request, say: Say, progress: Say) -> Report:
    """What must not be paid, and why."""
    from jybf.audit import audit  # calc does without it
    from jybf.audit.catalogue import chosen
    from jybf.audit.release import payout
    from jybf.audit.waiver_file import waivers_of

    wanted = chosen(request.select, request.ignore)
    if not wanted:
        raise UsageError(Problem("没有剩下要查的规则", "--select --ignore", "少排除一些"))
    waivers = waivers_of(request.waivers, Path.cwd())  # its faults are told before a large file is read
    run = open_run(request, say, progress)
    progress("审核")
    found = audit(
        run.roster, run.pack, run.verdicts, history=run.history, lists=run.lists, select=request.select, ignore=request.ignore
    )
    found, told = _waived(found, run, waivers, request, say, wanted)
    partial = bool(request.select or request.ignore)
    summary = summarise_findings(found, run.verdicts, run.roster, partial=partial)
    return Report(
        "audit", found.rows, summary, run.provenance | told, found.not_run,
        context=found.context, checked=found.checked, roster=run.roster, paths=_paths(request, run.roster), ledger=found.ledger,
        payout=None if partial else lambda: payout(found, run.verdicts, run.roster),
    )  # fmt: skip


def _waived(
    found: Findings, run: Opened, waivers: Waivers | None, request: Request, say: Say, wanted: frozenset[str]
) -> tuple[Findings, dict[str, str]]:
    """``found`` after the waivers in force, and what the provenance must say of them."""
    from jybf.audit.waivers import apply

    if not waivers:
        return found, {}
    on = request.as_of or date.today()  # noqa: DTZ011  a term ends by the user's calendar; the provenance says the day
    found = apply(found, waivers, on, roster=run.roster, wanted=wanted)
    used = int((found.context["豁免"] != "").sum())
    say(f"{waivers.name} 有 {len(waivers.entries)} 条豁免，按 {on} 判断，用在 {used} 条发现上")
    return found, {"豁免": waivers.told(on)}


def why(request: Request, who: str, say: Say, progress: Say) -> Why:
    """The proof of the rows that ``who`` means. Raises UsageError where nobody or too many fit."""
    from jybf.assess.who import find
    from jybf.assess.why import prove
    from jybf.audit import audit
    from jybf.model.proof import Why

    run = open_run(request, say, progress)
    rows = find(run.roster, who, lambda: look(request, progress))
    proofs = prove(run.roster, run.verdicts, rows, request.programs)
    progress("审核")
    return Why(proofs, audit(run.roster, run.pack, run.verdicts, history=run.history, lists=run.lists), run.provenance)


def look(request: Request, progress: Say) -> tuple[FileFacts, ...]:
    """What calc and audit would read, file by file, and why not where they would not."""
    from jybf.roster.survey import survey

    columns = column_map(request)
    files = survey(request.files, Options(request.sheet, request.encoding, columns), progress)
    check_map(request, columns, _places(request.files, files))
    check_sheet(request, (facts.file for facts in files if facts.kind == "text"))
    return files


def failures(report: Report, threshold: str, *, strict: bool) -> list[str]:
    """Why an audit is not passed, in words; empty if it is.

    Findings at ``threshold`` or above count, level by level as the summary above counts them, and at whatever level rows
    that could not be decided (JY9xx); with ``strict`` a check that did not run counts too: unchecked is never passed.
    """
    grave = LEVELS[: LEVELS.index(threshold) + 1]
    undecided = report.frame["编号"].str.starts_with("JY9")
    counts = {
        **{f"{level} {{}} 条": (report.frame["级别"] == level).sum() for level in grave},
        "核定不了的 {} 条": (undecided & ~report.frame["级别"].is_in(grave)).sum(),
        "没查的规则 {} 项（--strict）": len(report.not_run) if strict else 0,
    }
    return [words.format(count) for words, count in counts.items() if count]


def _places(paths: Sequence[str], files: Sequence[FileFacts]) -> list[tuple[str, str | None]]:
    """Each sheet of each file; of a file that could not be opened nobody knows the sheets."""
    names: list[tuple[str, str | None]] = []
    for path, facts in zip(paths, files, strict=True):
        names += [(named(path), sheet.name) for sheet in facts.sheets] or [(named(path), None)]
    return names


def _paths(request: Request, roster: Roster) -> dict[str, str]:
    """文件, as findings name it, → the path that was asked for."""
    names = [sheet.file for sheet in roster.sheets]
    return {name: path for path in request.files for name in names if name in (named(path), Path(named(path)).name)}
