"""Every hostile file through the command line: refused in words, or read as exactly what it says."""

from functools import partial

import pytest

from tests.hostile import run
from tests.hostile.corpus import CASES, HEAVY, needs_measuring


def _parameter(case):
    name = case.name.encode("ascii", "replace").decode().replace(" ", "_")
    return pytest.param(case, id=name, marks=[pytest.mark.slow] if case.group in HEAVY else [])


@pytest.mark.parametrize("case", [_parameter(case) for case in CASES])
def test_a_hostile_file_is_refused_or_read_as_what_it_says(case, tmp_path, capfd):
    go = run.apart if needs_measuring(case) else partial(run.inside, capture=capfd.readouterr)
    with run.place(tmp_path) as where:
        case.write(where)
        done = go(case, where)
        assert not run.faults(case, done, where)
        if case.expect.cells and done.code in (0, 1):
            assert not run.unnamed(case, go(case, where, command="audit"))


def test_the_corpus_is_large_and_its_names_tell_cases_apart():
    assert len(CASES) >= 120
    assert len({case.name for case in CASES}) == len(CASES)
