"""The sample for spot checks: exact, fair to the fen, and the same for everybody who draws it again."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from jybf.audit.roll import CLAIMED
from jybf.audit.sample import BY_ROW, BY_SUM, CERTAIN, draw, draw_rows, sampled, start, systematic
from jybf.errors import UsageError
from jybf.model import SAMPLE_COLUMNS, Report, Summary
from tests.audit.rosters import Row, number, report, traveller

if TYPE_CHECKING:
    from jybf.model import Findings

SUMS = st.lists(st.integers(1, 10**7), min_size=1, max_size=40)
HUGE = st.lists(st.integers(1, 10**15), min_size=1, max_size=40)

SHA_OF_7 = "089e3a77feae1dab0c28588dad311bfd5760103a6f83c227c39dff7cce317440"  # printf 'jybf sample 7' | sha256sum


def rows_of(sums: list[int]) -> pl.DataFrame:
    return pl.DataFrame({"_row": range(len(sums)), CLAIMED: sums}, {"_row": pl.Int64, CLAIMED: pl.Int64})


@given(SUMS | HUGE, st.integers(1, 50), st.integers())
def test_as_many_rows_as_asked_for_and_never_one_twice(sums: list[int], size: int, seed: int) -> None:
    drawn = draw(rows_of(sums), size, seed)["_row"].to_list()
    assert len(drawn) == len(set(drawn)) == min(size, len(sums))
    assert set(drawn) <= set(range(len(sums)))


@given(st.lists(st.integers(1, 12), min_size=2, max_size=8), st.data())
def test_over_all_starts_each_row_is_drawn_as_often_as_its_sum_weighs(sums: list[int], data: st.DataObject) -> None:
    size = data.draw(st.integers(1, sum(sums) // max(sums)))
    weights = pl.Series(sums)
    hits = Counter(place for first in range(sum(sums)) for place in systematic(weights, size, first))
    assert [hits[place] for place in range(len(sums))] == [each * size for each in sums]


@given(SUMS, st.integers(1, 39), st.integers())
def test_the_stated_chances_are_the_true_ones_and_add_up_to_the_size(sums: list[int], size: int, seed: int) -> None:
    drawn = draw(rows_of(sums), size, seed)
    certain = drawn.filter(pl.col("抽法") == CERTAIN)["_row"].to_list()
    rest = sum(sums) - sum(sums[row] for row in certain)
    for row, how, chance in drawn.iter_rows():
        due = Decimal(1) if how == CERTAIN else Decimal(sums[row] * (size - len(certain))) / rest
        assert abs(chance - due) < Decimal("1e-7")
        assert how == CERTAIN or chance < 1


@given(SUMS, st.integers(1, 39), st.integers(), st.integers())
def test_what_is_certain_does_not_depend_on_the_seed(sums: list[int], size: int, one: int, other: int) -> None:
    first, second = (
        draw(rows_of(sums), size, seed).filter(pl.col("抽法") == CERTAIN)["_row"].to_list() for seed in (one, other)
    )
    assert first == second
    assert not first or min(sums[row] for row in first) >= max(
        [each for row, each in enumerate(sums) if row not in first] or [0]
    )


@given(SUMS, st.integers(1, 39), st.integers(), st.randoms())
def test_the_order_in_which_rows_are_handed_over_is_irrelevant(sums: list[int], size: int, seed: int, random: Any) -> None:
    rows = rows_of(sums)
    mixed = rows[random.sample(range(rows.height), rows.height)]
    assert draw(mixed, size, seed).sort("_row").equals(draw(rows, size, seed).sort("_row"))


def test_one_payment_larger_than_a_step_is_certain_and_leaves_the_rest_their_own_step() -> None:
    drawn = draw(rows_of([10, 1000, 10, 10, 200, 10]), 3, 0).sort("_row")
    assert drawn["_row"].to_list()[-1] in {4, 5}
    assert drawn.filter(pl.col("抽法") == CERTAIN)["_row"].sort().to_list() == [1, 4]
    assert drawn.filter(pl.col("抽法") == BY_SUM)["入样概率"].to_list() == [Decimal("0.25")]


def test_rows_without_sums_are_drawn_each_as_likely_as_the_other() -> None:
    drawn = draw_rows(pl.Series("_row", range(10), pl.Int64), 4, 1)
    assert drawn["入样概率"].to_list() == [Decimal("0.4")] * 4
    assert drawn["_row"].n_unique() == 4


def test_the_start_is_what_anybody_works_out_with_sha_256() -> None:
    assert start(7, 10**9) == int(SHA_OF_7, 16) % 10**9


def travellers(*sums: str) -> list[Row]:
    return [
        traveller(身份证号=number(2 * i + 1), 姓名="甲乙丙丁戊己庚辛壬癸"[i] + "示例", 申请金额=each)
        for i, each in enumerate(sums)
    ]


def sample(found: Findings, size: int, seed: int = 0) -> tuple[Report, list[str]]:
    said: list[str] = []
    summary = Summary(len(found.rows), {})
    given_ = Report("audit", found.rows, summary, {"输入": "甲.xlsx 12"}, found.not_run, context=found.context, findings=found)
    return sampled(given_, size, seed, said.append), said


def test_what_is_held_back_is_not_sampled_and_that_is_said() -> None:
    stopped = traveller(身份证号=number(99), 人员类别="一般农户")
    got, said = sample(report(*travellers("800", "500"), stopped), 2)
    assert got.frame["行号"].to_list() == [1, 2]
    assert said == ["拦截的 1 行要逐行处理，不在抽样的总体里"]


def test_a_row_in_doubt_is_sampled_with_the_codes_of_its_findings() -> None:
    got, _ = sample(report(*travellers("800"), traveller(身份证号=number(99), 性别="女")), 2)
    assert got.frame["发现"].to_list() == ["", "JY106"]
    assert got.frame["核查结果"].to_list() == ["", ""]


def test_a_waived_row_is_paid_and_so_can_be_drawn() -> None:
    found = report(traveller(人员类别="一般农户"))
    context = found.context.with_columns(pl.lit("甲局长").alias("豁免"))
    waived = Report("audit", found.rows, Summary(1, {}), {}, context=context, findings=found)
    assert sampled(waived, 1, 0, lambda _: None).frame.height == 1


def test_more_rows_than_there_are_is_all_of_them_said_aloud() -> None:
    got, said = sample(report(*travellers("800", "500")), 60)
    assert got.frame["抽法"].to_list() == [CERTAIN, CERTAIN]
    assert said == ["要抽 60 行，总体只有 2 行：全部列出"]


def test_rows_without_a_sum_are_drawn_apart_and_marked() -> None:
    silent = {key: value for key, value in traveller(身份证号=number(91)).items() if key != "申请金额"}
    found = report(*[silent | {"身份证号": number(81 + 2 * i)} for i in range(4)])
    got, said = sample(found, 2)
    assert got.frame["抽法"].to_list() == [BY_ROW, BY_ROW]
    assert got.frame[CLAIMED].to_list() == [None, None]
    assert said == ["4 行都没有写明金额，不能按金额抽：按行等概率抽 2 行"]


def test_of_rows_without_a_sum_as_large_a_part_is_drawn_as_of_the_others() -> None:
    found = report(*travellers("800", "700", "600", "500", "400", "300"))
    blank = found.roll.with_columns(pl.when(pl.col("_row") < 4).then(CLAIMED).alias(CLAIMED))
    given_ = Report("audit", found.rows, Summary(6, {}), {}, context=found.context, findings=replace(found, roll=blank))
    said: list[str] = []
    got = sampled(given_, 2, 0, said.append)
    assert got.frame["抽法"].to_list() == [BY_SUM, BY_SUM, BY_ROW]
    assert said == ["2 行没有写明金额，不能按金额抽：按行等概率另抽 1 行，“抽法”写着“按行”"]
    assert got.provenance["总体"].endswith("4 行，2600.00 元，另有 2 行没有写明金额")


def test_the_provenance_has_what_it_takes_to_draw_it_again() -> None:
    got, _ = sample(report(*travellers("800", "500.50", "600")), 2, seed=7)
    expected = {"输入": "甲.xlsx 12", "抽样": "按金额 2 行", "种子": "7", "总体": "申领而没有拦截的 3 行，1900.50 元"}
    assert got.provenance == expected


def test_the_sample_has_the_contracts_columns_in_reading_order() -> None:
    got, _ = sample(report(*travellers("800", "700", "600", "500", "400")), 3, seed=3)
    assert tuple(got.frame.columns) == SAMPLE_COLUMNS
    assert got.frame["序号"].to_list() == [1, 2, 3]
    assert got.frame["行号"].is_sorted()


def test_nothing_to_draw_from_is_said() -> None:
    got, said = sample(report(traveller(人员类别="一般农户")), 5)
    assert got.frame.is_empty()
    assert said[-1] == "没有可抽的行"


@pytest.mark.parametrize("size", [0, -3])
def test_a_size_that_is_no_number_of_rows_is_a_mistake(size: int) -> None:
    with pytest.raises(UsageError, match="--sample"):
        sample(report(traveller()), size)
