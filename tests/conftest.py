"""What every run of the tests ends with: how far the catalogue of checks is carried out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jybf.audit.standing import coverage

if TYPE_CHECKING:
    import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    terminalreporter.write_line(coverage())
