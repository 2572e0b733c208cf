"""Engines that are asked for by ``make test-engines`` (JYBF_ENGINES=1): without it DuckDB alone, which is always there."""

import os

import pytest

from tests.engines.engines import ENGINES, NoEngineError

ASKED = os.environ.get("JYBF_ENGINES") == "1"


@pytest.fixture
def running():
    """``running(name, tables)``: an engine with these tables, until the test ends; skips with the reason where there is none."""
    stack = []

    def start(name, tables):
        if name != "duckdb" and not ASKED:
            pytest.skip("only make test-engines")
        context = ENGINES[name](tables)
        try:
            run = context.__enter__()
        except NoEngineError as error:
            pytest.skip(f"{name}：{error}")
        stack.append(context)
        return run

    yield start
    for context in stack:
        context.__exit__(None, None, None)
