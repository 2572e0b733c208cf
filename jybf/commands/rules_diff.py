"""``jybf rules diff``: two regions, or one in two years, side by side."""

import sys
from collections.abc import Iterator
from datetime import date

from msgspec.structs import replace

from jybf.commands.request import day_of
from jybf.commands.rules_show import FORMS
from jybf.errors import Problem, UsageError
from jybf.model import Pack, Program
from jybf.policy import load_pack
from jybf.policy.boundary import inside
from jybf.policy.folders import use_folder
from jybf.report.output import check_target, replacing
from jybf.report.pack_diff import Beside, compared, in_lines, in_markdown
from jybf.report.pages import rendered
from jybf.visible import show


def rules_diff(old: str, new: str, form: str = "", output: str = "", rules: str = "", *, everything: bool = False) -> None:
    """Write ``old`` and ``new`` (a region, or region@day for what was in force on that day) side by side, in ``form``.

    ``everything``: what is the same too. Raises UsageError and OutputError.
    """
    use_folder(rules)
    form = form or next((name for name, end in FORMS.items() if output.lower().endswith(end)), "table")
    if form not in FORMS:
        raise UsageError(Problem(f"没有格式“{form}”", "--format", f"可选：{'、'.join(FORMS)}"))
    beside = compared(_pack(old), _pack(new), (old, new), everything=everything)
    if not output:
        told = b"".join(_written(beside, form)).decode()
        show(told.rstrip("\n")) if form == "table" else sys.stdout.write(told)
        return
    with replacing(check_target(output, [])) as out:
        out.writelines(_written(beside, form))


def _pack(said: str) -> Pack:
    """The pack that ``said`` names; with @day only what was in force on it."""
    region, sign, text = said.rpartition("@")
    pack = load_pack(region if sign else said)
    day = day_of(text, "@") if sign else None
    return replace(pack, programs=tuple(_on(program, day) for program in pack.programs)) if day else pack


def _on(program: Program, day: date) -> Program:
    clauses = [clause for clause in program.clauses if clause.span is None or inside(clause.span, day)]
    then = program.at(program.version_on(day))
    return replace(then, versions=(), clauses=tuple(replace(clause, span=None) for clause in clauses))


def _written(beside: Beside, form: str) -> Iterator[bytes]:
    if form == "html":
        yield from rendered("pack_diff", {"beside": beside})
        return
    yield from (f"{line}\n".encode() for line in (in_lines(beside) if form == "table" else in_markdown(beside)))
