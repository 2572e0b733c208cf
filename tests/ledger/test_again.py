"""The same roster once more: what it has had is not booked again, what it has not is told, and booked as soon as it is due."""

import csv

import pytest

from tests.ledger.county import POST, Batch, Row, approving, jybf, write


@pytest.fixture
def approve(where, tmp_path, monkeypatch):
    """The exit code of an approval, and what became of each row."""
    monkeypatch.chdir(tmp_path)

    def run(town, *people, more=()):
        (roster,) = write(Batch(town, 1, tuple(Row(POST, n, 1) for n in people)), tmp_path)
        out = tmp_path / "结果.csv"
        code = approving([roster], where, out, "--set", f"{POST}.yuan=800", *more)
        with out.open(encoding="utf-8-sig", newline="") as lines:
            return code, [line["记账"] for line in csv.DictReader(lines)]

    return run


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_row_that_was_refused_is_not_told_as_booked_and_is_booked_when_it_is_free(where, approve):
    assert approve(0, 1) == (0, ["已记"])
    assert approve(1, 1, 2) == (1, ["未记", "已记"])
    assert approve(1, 1, 2) == (1, ["未记", "以前已记"])
    assert jybf("ledger", "reverse", 1, "--reason", "错", "--ledger", where, "--by", "乙") == 0
    assert approve(1, 1, 2) == (1, ["未记", "以前已记"]), "somebody took it back for a reason"
    assert approve(1, 1, 2, more=("--anew",)) == (0, ["已记", "以前已记"])
    assert approve(1, 1, 2) == (0, ["以前已记", "以前已记"])
