"""``jybf diff``: from two audits' JSON to what changed."""

import sys

import jybf.diff
from jybf.commands.deliver import deliver, find_way, tell_notices
from jybf.commands.request import Delivery
from jybf.errors import Problem, UsageError
from jybf.report.diff import FORMS, print_difference, write
from jybf.visible import say


def diff(old: str, new: str, delivery: Delivery, *, threshold: str, everything: bool = False) -> int:
    """Deliver what changed from the audit in ``old`` to that in ``new`` (paths; one may be "-"). Gives the exit code.

    1 if anything at ``threshold`` or above is new or was below it before, else 0. Raises UsageError for two that can't be
    compared, InputError for a file that is no audit's JSON, OutputError.
    """
    way = find_way(delivery, (old, new), FORMS, command="diff")
    if old == new == "-":
        raise UsageError(Problem("标准输入只能用一次", "", "另一份给文件名"))
    found = jybf.diff.diff(jybf.diff.load(old), jybf.diff.load(new))
    deliver(
        way,
        lambda screen: print_difference(found, screen, mask=way.mask, everything=everything),
        lambda out: write(found, out, way.form, mask=way.mask, everything=everything),
        lambda: tell_notices(found.notices),
    )
    worse = found.worse(threshold)
    if worse and not delivery.quiet:
        say(f"以 1 退出：新增或升到“{threshold}”以上的 {worse} 条", sys.stderr)
    return int(bool(worse))
