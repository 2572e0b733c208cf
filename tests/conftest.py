"""What every run of the tests ends with: how far the catalogue of checks is carried out."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from hypothesis import settings

from jybf.audit.standing import coverage

if TYPE_CHECKING:
    import pytest

# How long an example takes says what else the machine does: what must be fast has a test of its own. A gate says the same of
# the same commit each time it is asked: its examples are drawn from the test itself. `make explore` draws others.
settings.register_profile("tests", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None, print_blob=True)
settings.load_profile("tests")


def pytest_collection_finish() -> None:
    """Thousands of tests stay to the end: whoever looks for garbage among them finds none, each time anew."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    terminalreporter.write_line(coverage())
