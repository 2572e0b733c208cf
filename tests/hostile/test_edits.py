"""A file that was edited by chance is refused, told of, or read as another program reads it; what is paid never changes silently."""

import pytest

from tests.hostile import edits

A_KIND = 8
_APART = frozenset(("xls bytes", "ods XML", "ods elements"))  # a process each


@pytest.mark.parametrize("name", edits.KINDS)
def test_a_file_edited_by_chance_changes_no_payment_without_a_word(name, tmp_path):
    count = 2 if name in _APART else A_KIND
    answers = {number: edits.verdict(name, number, str(tmp_path)) for number in range(count)}
    assert {number: answer for number, answer in answers.items() if answer not in edits.GOOD} == {}


@pytest.mark.parametrize(
    ("kind", "old", "new"),
    [
        ("xlsx", b"</sheets>", b'</sheets><sheets><sheet name="z" sheetId="9" r:id="rId1"/></sheets>'),
        ("ods", b'office:value-type="float"', b'office:value-type="floats"'),
        ("ods", b'office:value-type="float" ', b""),
        ("ods", b' office:value="702"', b""),
        ("ods", b"</text:p>", b"</text:p><table:table-cell/>"),
        ("ods", b"</table:table-cell></table:table-row>", b"</table:table-cell><table:x/></table:table-row>"),
    ],
)
def test_what_readers_take_in_two_ways_is_refused(kind, old, new, tmp_path):
    assert edits.of(kind, old, new, str(tmp_path)) == "refused"


def test_an_ods_that_shows_another_sum_than_it_keeps_is_told_by_cell(tmp_path):
    assert edits.of("ods", b'office:value="703"', b'office:value="1"', str(tmp_path)) == "told"
    assert edits.of("ods", b'office:value="703"><text:p>703', b'office:value="703"><text:p>703.00', str(tmp_path)) == "same"
