"""The summary off a terminal is that of the page, word for word, though Rich has no part in it."""

import subprocess
import sys

import pytest
from msgspec.structs import replace

from jybf.commands.audit import audited
from jybf.commands.calc import calculated
from jybf.commands.request import Request
from jybf.report.ending import ending
from jybf.report.notes import source
from jybf.report.progress import unheard
from jybf.report.screen import on_paper, summary
from tests.cli.program import SAMPLES
from tests.report.samples import audit_report, calc_report


def as_on_paper(report):
    return on_paper(lambda screen: summary(report, screen), mask=False).decode()


def plain(report):
    return f"{ending(report)}\n{source(report)}\n"


@pytest.mark.parametrize("make", [calc_report, audit_report])
def test_a_small_report_ends_alike(make):
    assert plain(make()) == as_on_paper(make())


@pytest.mark.parametrize("work", [calculated, audited])
@pytest.mark.parametrize("file", ["山西_跨省务工交通补贴花名册.xlsx", "丰都_创业与吸纳补贴申报.xlsx"])
def test_a_sample_ends_alike(work, file):
    report = work(Request((str(SAMPLES / file),)), unheard, unheard)
    assert plain(report) == as_on_paper(report)


def test_a_report_without_programmes_ends_alike():
    report = calc_report()
    report = replace(report, summary=replace(report.summary, programs=()))
    assert plain(report) == as_on_paper(report)


def test_what_is_piped_loads_no_rich(tmp_path):
    program = "import sys, runpy; sys.argv = ['jybf', *sys.argv[1:]]\ntry: runpy.run_module('jybf', run_name='__main__')\n"
    program += "except SystemExit: pass\nassert 'rich' not in sys.modules"
    file = SAMPLES / "山西_跨省务工交通补贴花名册.xlsx"
    command = [sys.executable, "-c", program, "calc", str(file), "-r", "shanxi", "-f", "csv"]
    done = subprocess.run(command, capture_output=True, check=False, encoding="utf-8", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "可发放" in done.stderr
