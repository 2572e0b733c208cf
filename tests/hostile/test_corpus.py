"""Every hostile file through the command line: refused in words, or read as exactly what it says."""

import pytest

from tests.hostile import run
from tests.hostile.corpus import CASES


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name.replace(" ", "_"))
def test_a_hostile_file_is_refused_or_read_as_what_it_says(case, tmp_path):
    with run.place(tmp_path) as where:
        done = run.calc(case, where)
        assert not run.faults(case, done, where)
        if case.expect.cells and done.code != 3:
            named = run.audit_cells(case, where)
            assert set(case.expect.cells) <= named


def test_the_corpus_is_large_and_its_names_tell_cases_apart():
    assert len(CASES) >= 120
    assert len({case.name for case in CASES}) == len(CASES)
