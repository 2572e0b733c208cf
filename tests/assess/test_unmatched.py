"""Payments of a history that can be held against nobody: the same ones, in whatever order they stand."""

from jybf.assess.history import earlier_payments, unmatched
from jybf.policy import load_pack
from tests.engines.rows import random_rows


def test_a_payment_of_two_programmes_is_told_of_where_it_lacks_a_key_of_either():
    pack = load_pack("national")
    history = random_rows(pack, 200, 4, paid=True).roster
    past = earlier_payments(history, pack)
    by_program = [past.filter(past["项目"] == index) for index in past["项目"].unique().sort()]
    sole = [dict(unmatched(history, part, pack)) for part in by_program]
    lacking = [{row for row, why in each.items() if why.startswith("缺")} for each in sole]
    matched = [{-1 - row for row in part["_row"]} - own for part, own in zip(by_program, lacking, strict=True)]
    assert {row for own in lacking for row in own if any(row in others for others in matched)}, "of two, and lacks a key of one"
    whole = set[int]().union(*lacking)
    for seed in range(8):
        told = unmatched(history, past.sample(fraction=1, shuffle=True, seed=seed), pack)
        assert {row for row, why in told if why.startswith("缺")} == whole
