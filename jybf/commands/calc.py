"""``jybf calc``: who is paid how much, and why."""

from collections.abc import Iterator

import polars as pl
from msgspec.structs import replace

from jybf.assess import describe, missing, with_own_columns
from jybf.assess.partial import ROWS, sliced
from jybf.commands.deliver import deliver_report, find_way, listening
from jybf.commands.opening import Opened, Say, open_run
from jybf.commands.pace import DESCRIBE, counted, of_rows
from jybf.commands.request import Delivery, Request, check_inputs
from jybf.errors import Problem, UsageError
from jybf.model import Lines, Report
from jybf.report import FORMATS, flows
from jybf.report.progress import Doing
from jybf.report.summary import summarise

_PAGES = ("table", "html")  # for people to read; the roster's own columns are for programs and for another run


def calc(request: Request, delivery: Delivery) -> None:
    """Compute what each row gets and deliver it. Raises JybfError of every kind, with all there is to say."""
    check_inputs(request)
    if delivery.split:
        from jybf.commands.parts import check_split  # of no use to who wants one file

        check_split(delivery.split, delivery.output)
    way = find_way(delivery, request.inputs, FORMATS)
    if request.carried and way.form in _PAGES:
        raise UsageError(Problem(f"{way.form} 放不下花名册自己的列", "--columns all", "加上 -f csv，或 -o 结果.xlsx"))
    if request.engine:
        from jybf.commands.larger import calc_larger

        calc_larger(request, way)
        return
    with listening(quiet=delivery.quiet) as voice:
        run = open_run(request, voice.say, voice.doing, whole=bool(delivery.split))
        report = _report(run, request, voice.doing, flowing=flows(way.form) and not delivery.split)
    report = replace(report, notices=voice.told)
    if delivery.split:
        from jybf.commands.parts import deliver_parts

        deliver_parts(report, run.verdicts, run.roster, delivery.split, way, request.inputs)
    else:
        deliver_report(report, way)


def calculated(request: Request, say: Say, progress: Doing) -> Report:
    """The verdicts on all that ``request`` names. ``say`` gets the notices, ``progress`` what is being done."""
    return _report(open_run(request, say, progress, whole=False), request, progress)


def _report(run: Opened, request: Request, progress: Doing, *, flowing: bool = False) -> Report:
    """``flowing``: the lines of a large run are put into words as they are written."""
    rows = run.roster.rows.height
    summary = summarise(run.verdicts, run.roster, missing(run.verdicts))
    if flowing and rows > ROWS:
        none = next(_worded(run, request, 0))
        return Report(
            "calc", none, summary, run.provenance, lines=Lines(run.verdicts.rows.height, lambda: _worded(run, request, rows))
        )
    progress(f"整理结果 {counted(rows)}", of_rows(DESCRIBE, rows))
    return Report("calc", pl.concat(_worded(run, request, rows)), summary, run.provenance)


def _worded(run: Opened, request: Request, rows: int) -> Iterator[pl.DataFrame]:
    """The verdicts on the first ``rows`` of the roster in words, part by part; one part without lines where there are none."""
    for part, verdicts in sliced(run.verdicts, rows):
        yield with_own_columns(verdicts, run.roster, part) if request.carried else describe(verdicts, run.roster)
