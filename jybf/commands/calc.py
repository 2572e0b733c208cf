"""``jybf calc``: who is paid how much, and why."""

from msgspec.structs import replace

from jybf.assess import describe, missing
from jybf.commands.deliver import deliver_report, find_way, listening
from jybf.commands.opening import Say, open_run
from jybf.commands.request import Delivery, Request, check_inputs
from jybf.model import Report
from jybf.report import FORMATS
from jybf.report.summary import summarise


def calc(request: Request, delivery: Delivery) -> None:
    """Compute what each row gets and deliver it. Raises JybfError of every kind, with all there is to say."""
    check_inputs(request)
    way = find_way(delivery, request.inputs, FORMATS)
    with listening(quiet=delivery.quiet) as voice:
        report = calculated(request, voice.say, voice.doing)
    deliver_report(replace(report, notices=voice.told), way)


def calculated(request: Request, say: Say, progress: Say) -> Report:
    """The verdicts on all that ``request`` names. ``say`` gets the notices, ``progress`` what is being done."""
    run = open_run(request, say, progress)
    progress("整理结果")
    summary = summarise(run.verdicts, run.roster, missing(run.verdicts))
    return Report("calc", describe(run.verdicts, run.roster), summary, run.provenance)
