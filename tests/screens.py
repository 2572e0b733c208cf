"""The terminal as a user sees it, 80 columns wide: what the README shows and its test compares."""

import io
from contextlib import chdir
from pathlib import Path

from rich.console import Console

from jybf import run
from jybf.report import table
from jybf.report.inspect import print_survey
from jybf.request import Request

SAMPLES = Path(__file__).parent.parent / "sample_data"


def screen(command: str, file: str) -> str:
    """What ``jybf calc|audit|inspect file`` prints under stderr's notices on a terminal, without colours."""
    notices: list[str] = []
    out = io.StringIO()
    terminal = Console(file=out, width=80, force_terminal=True, color_system=None, highlight=False, markup=False, emoji=False)
    with chdir(SAMPLES):
        if command == "inspect":
            print_survey(run.look(Request((file,)), lambda _: None), terminal, mask=True)
        else:
            job = {"calc": run.calc, "audit": run.check}[command]
            table.print_report(job(Request((file,)), notices.append, lambda _: None), terminal, mask=True)
    lines = [f"提示：{notice}" for notice in notices] + out.getvalue().splitlines()
    return "\n".join(line.rstrip() for line in lines)
