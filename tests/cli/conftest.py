"""The program itself, run in this process: arguments in, exit code and both streams out."""

from typing import NamedTuple

import pytest

from jybf import cli
from tests.cli.program import PAID


class Result(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def jybf(capfd, monkeypatch, tmp_path):
    """``jybf(*arguments)`` in an empty folder, with nothing of the machine's own environment."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("JYBF_REGION", raising=False)
    monkeypatch.delenv("JYBF_DEBUG", raising=False)
    monkeypatch.setenv("JYBF_RULES", "")  # --rules sets it for as long as the program runs

    def run(*arguments):
        code = cli._run([str(a) for a in arguments])
        return Result(code, *capfd.readouterr())

    return run


@pytest.fixture
def roster(tmp_path):
    """``roster(text, name)`` writes a CSV roster and gives its path."""

    def write(text=PAID, name="花名册.csv"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write
