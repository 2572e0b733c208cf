"""Engines that are asked for by ``make test-engines`` (JYBF_ENGINES=1): without it DuckDB alone, which is always there."""

import os
import shutil

import pytest

from tests.engines import spark
from tests.engines.engines import ENGINES, NoEngineError

ASKED = os.environ.get("JYBF_ENGINES") == "1"


@pytest.fixture(scope="module")
def session():
    """A session of Spark on this machine; skips where it is not asked for, or can't be."""
    if not ASKED:
        pytest.skip("only make test-spark")
    pytest.importorskip("pyspark", reason="PySpark is not installed: make test-spark")
    if not shutil.which("java"):
        pytest.skip("there is no Java here")
    found = spark.session()
    yield found
    found.stop()


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
