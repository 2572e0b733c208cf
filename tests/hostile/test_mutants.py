"""Damage by chance is refused, or changes nothing that is read."""

import pytest

from tests.hostile import mutants

AT_ONCE = 40


@pytest.mark.parametrize("first", range(0, 320, AT_ONCE))
def test_a_damaged_workbook_is_refused_or_read_as_the_same_data(first, tmp_path):
    data, facts = mutants.control(tmp_path)
    answers = {number: mutants.verdict(tmp_path, facts, data, number) for number in range(first, first + AT_ONCE)}
    assert {number: answer for number, answer in answers.items() if answer not in ("refused", "same")} == {}


def test_the_workbook_that_mutants_are_made_of_is_read():
    assert mutants.original() == mutants.original()
    assert mutants.mutant(mutants.original(), 7) != mutants.original()
