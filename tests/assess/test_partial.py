"""A large run is put into words part by part: what is written is what the whole would be."""

from pathlib import Path

import pytest

from jybf.assess import partial
from jybf.commands import calc as command
from jybf.commands.calc import calc
from jybf.commands.opening import open_run
from jybf.commands.request import Delivery, Request
from jybf.errors import JybfError

SAMPLES = Path(__file__).parents[2] / "sample_data"
ROSTERS = tuple(sorted(str(path) for path in SAMPLES.glob("山西_*花名册*")))


def written(folder, form, **more):
    target = folder / f"结果.{form}"
    calc(Request(ROSTERS, "shanxi", **more), Delivery(output=str(target), quiet=True))
    return target.read_bytes()


def in_parts(monkeypatch, rows):
    """Parts of a few rows, so that a sample has many."""
    monkeypatch.setattr(partial, "ROWS", rows)
    monkeypatch.setattr(command, "ROWS", rows)


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet"])
@pytest.mark.parametrize("more", [{}, {"carried": True}, {"programs": ("跨省",)}, {"programs": ("跨省",), "carried": True}])
def test_the_bytes_are_the_same_in_parts(tmp_path, monkeypatch, form, more):
    whole = written(tmp_path, form, **more)
    in_parts(monkeypatch, 3)
    assert written(tmp_path, form, **more) == whole


@pytest.mark.parametrize("carried", [False, True])
def test_what_stands_before_the_parts_has_their_columns_and_no_line(monkeypatch, carried):
    in_parts(monkeypatch, 3)
    request = Request(ROSTERS, "shanxi", programs=("跨省",), carried=carried)
    run = open_run(request, lambda _: None, lambda *_: None)
    report = command._report(run, request, lambda *_: None, flowing=True)
    assert report.frame.is_empty()
    assert {part.schema == report.frame.schema for part in report.lines.parts()} == {True}


def test_a_large_run_is_never_put_into_words_at_once(tmp_path, monkeypatch):
    in_parts(monkeypatch, 7)
    heights, describe = [], command.describe
    monkeypatch.setattr(command, "describe", lambda *given: heights.append(len(described := describe(*given))) or described)
    written(tmp_path, "csv")
    assert max(heights) <= 2 * 7
    assert sum(heights) > 7


def test_what_fails_in_the_middle_leaves_no_file(tmp_path, monkeypatch):
    in_parts(monkeypatch, 7)
    parts, describe = [], command.describe

    def fail(*given):
        parts.append(given)
        if len(parts) > 2:
            raise KeyboardInterrupt
        return describe(*given)

    monkeypatch.setattr(command, "describe", fail)
    with pytest.raises((KeyboardInterrupt, JybfError)):
        written(tmp_path, "csv")
    assert list(tmp_path.iterdir()) == []
