"""What every verb of ``jybf ledger`` begins with: which ledger, who does it, and where the list it gives goes."""

import getpass
import os
import sys
from pathlib import Path

from jybf.commands.config import load_config
from jybf.commands.deliver import Way, deliver, find_way
from jybf.commands.past import ledger_of
from jybf.commands.request import Delivery
from jybf.errors import OutputError, Problem, UsageError
from jybf.ledger.store import Ledger, open_ledger
from jybf.report.listed import FORMS, Listed, print_listed, write_listed
from jybf.visible import say


def where_of(where: str) -> str:
    """As :func:`ledger_of`, with the jybf.toml of the working folder."""
    return ledger_of(where, load_config(Path.cwd())[0])


def ledger_at(where: str) -> Ledger:
    """The open ledger of :func:`where_of`. Raises UsageError."""
    return open_ledger(where_of(where))


def operator_of(name: str) -> str:
    """Who does it: ``name``, else JYBF_OPERATOR, else whoever is logged in. Raises UsageError if nobody knows."""
    said = name or os.environ.get("JYBF_OPERATOR", "")
    if said:
        return said
    try:
        return getpass.getuser()
    except (OSError, KeyError, ModuleNotFoundError):  # what there is, differs by system
        raise UsageError(Problem("不知道是谁经办", "--by", "写 --by 姓名，或设 JYBF_OPERATOR")) from None


def list_way(delivery: Delivery, inputs: tuple[str, ...] = ()) -> Way:
    """Where a list goes. Raises UsageError and OutputError before any work is done."""
    return find_way(delivery, inputs, FORMS, command="ledger")


def deliver_booked(listed: Listed, way: Way) -> None:
    """As :func:`deliver_list`, of what stands in the ledger by now: if it can't be written, that is told too."""
    try:
        deliver_list(listed, way)
    except OutputError as error:
        told = f"没有写出的只是这张清单；账本：{listed.says[0]}"
        raise OutputError(*error.problems, Problem(told, hint="用 jybf ledger list、show 看")) from None


def deliver_list(listed: Listed, way: Way) -> None:
    """``listed`` to where ``way`` leads; what a page says itself is told on stderr otherwise."""

    def after() -> None:
        for line in listed.says:
            say(line, sys.stderr)

    deliver(
        way,
        lambda screen: print_listed(listed, screen, mask=way.mask),
        lambda out: write_listed(listed, out, way.form, mask=way.mask),
        after,
    )
