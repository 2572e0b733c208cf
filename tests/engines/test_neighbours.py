"""A county sees by its neighbours what the whole province sees: so it can be audited alone."""

from tests.engines.counties import province
from tests.engines.neighbours import compared, without_what_cancels
from tests.engines.spark import differing


def test_what_is_found_on_a_county_s_rows_is_told_by_those_that_share_a_key_with_them(tmp_path) -> None:
    ours, theirs = compared(without_what_cancels(province("shanxi", 200, tmp_path)), "shanxi", counties=1)
    assert ours.height > 100
    assert not differing(theirs, ours)
