"""The terminal as a user sees it, 80 columns wide: what the README shows and its test compares."""

import io
from contextlib import chdir
from pathlib import Path

from rich.console import Console

from jybf import run
from jybf.report import table
from jybf.request import Request

SAMPLES = Path(__file__).parent.parent / "sample_data"


def screen(command: str, file: str) -> str:
    """What ``jybf calc|audit file`` prints under stderr's notices on a terminal, without colours."""
    job = {"calc": run.calc, "audit": run.check}[command]
    notices: list[str] = []
    with chdir(SAMPLES):
        report = job(Request((file,)), notices.append, lambda _: None)
    out = io.StringIO()
    terminal = Console(file=out, width=80, force_terminal=True, color_system=None, highlight=False, markup=False, emoji=False)
    table.print_report(report, terminal, mask=True)
    lines = [f"提示：{notice}" for notice in notices] + out.getvalue().splitlines()
    return "\n".join(line.rstrip() for line in lines)
