"""``jybf why``: some rows like a proof, each programme clause by clause, and what the audit has against them."""

from pathlib import Path

import jybf.audit
from jybf.assess.who import find
from jybf.assess.why import prove
from jybf.commands.deliver import PAGE, deliver, find_way, listening
from jybf.commands.inspect import surveyed
from jybf.commands.opening import Say, open_run, shown_name
from jybf.commands.pace import AUDIT, of_rows
from jybf.commands.request import Delivery, Request, check_inputs
from jybf.errors import Problem, UsageError
from jybf.model.proof import Why
from jybf.report.progress import Doing
from jybf.report.proof import print_why, write_why


def why(request: Request, who: str, delivery: Delivery) -> None:
    """Prove the rows that ``who`` means. Raises UsageError where nobody or too many fit, and JybfError of every other kind."""
    check_inputs(request)
    if Path(who).is_file():
        hint = f"要找的人写在最后：jybf why {shown_name(who)} 张三"
        raise UsageError(Problem("没有写要找谁：最后一个是文件", shown_name(who), hint))
    way = find_way(delivery, request.inputs, PAGE, command="why", piped="table")
    with listening(quiet=delivery.quiet) as voice:
        found = proved(request, who, voice.say, voice.doing)
    deliver(
        way,
        lambda screen: print_why(found, screen, mask=way.mask),
        lambda out: write_why(found, out, way.form, mask=way.mask),
    )


def proved(request: Request, who: str, say: Say, progress: Doing) -> Why:
    """The proof of the rows that ``who`` means."""
    run = open_run(request, say, progress, AUDIT)
    rows = find(run.roster, who, lambda: surveyed(request, progress))
    proofs = prove(run.roster, run.verdicts, rows, request.programs, force=request.force)
    progress("审核", of_rows(AUDIT, run.roster.rows.height))
    verdicts = run.verdicts.whole or run.verdicts  # of a row that was left out too all is told that is found on it
    found = jybf.audit.audit(run.roster, run.pack, verdicts, history=run.history, lists=run.lists)
    return Why(proofs, found, run.provenance)
