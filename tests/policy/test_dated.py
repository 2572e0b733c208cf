"""Law that changes with time: each day has one version, and a row whose day may be in two is decided only where they agree."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from jybf.assess import assess, check_cases, describe
from jybf.assess.cases import roster_of
from jybf.errors import PackError
from jybf.model import LINE
from jybf.policy import load_pack
from jybf.policy.boundary import inside
from tests.assess.test_oracle import both
from tests.policy.test_load import HEAD, PROGRAM, write

SINCE, UNTIL = date(2021, 5, 4), date(2025, 12, 31)
CASES = PROGRAM[PROGRAM.index("[[program.case]]") :].replace('"户籍省" = "山西省", ', "").replace('yuan = "800.00"\n', "")
CASES = CASES.replace('{ "人员类别" = "脱贫人口", "申请日期"', '{ "申请日期"')  # nothing here asks for the province
PLAIN = """
[[program]]
id = "返岗路费补贴"
cite = "三"
payee = "个人"
titles = ["返岗路费"]
basis = ["申请日期", "务工结束日期"]
"""
OBJECT = """
[[program.clause]]
id = "对象"
cite = "三"
text = "对象是脱贫人口"
holds = "人员类别 = '脱贫人口'"
"""
VERSIONS = PLAIN + """
[[program.amount]]
kind = "cap"
yuan = "300"

[[program.amount]]
from = 2022-01-01
cite = "四"
kind = "fixed"
yuan = "300"

[[program.amount]]
from = 2023-01-01
entered = 2023-02-15
source = "补充通知"
cite = "一"
kind = "fixed"
yuan = "500"

[[program.amount]]
from = 2025-01-01
repeal = true
cite = "五"
""" + OBJECT + OBJECT.replace("cite", "from = 2023-07-01\ncite").replace("对象是脱贫人口", "脱贫人口和一般农户").replace(
    "= '脱贫人口'", "IN ('脱贫人口', '一般农户')"
) + """
[[program.clause]]
id = "有组织"
from = 2022-07-01
cite = "六"
text = "有组织输出"
holds = "有组织输出"

[[program.clause]]
id = "有组织"
from = 2024-01-01
repeal = true
cite = "七"
""" + CASES  # fmt: skip


@pytest.fixture(scope="module")
def versions(tmp_path_factory):
    path = tmp_path_factory.mktemp("包") / "x.toml"
    path.write_text(HEAD + VERSIONS, encoding="utf-8")
    return load_pack(str(path))


def told(pack, rows, **options):
    roster = roster_of(rows)
    frame = describe(assess(roster, pack, programs=("返岗路费补贴",), force=True, **options), roster).sort(LINE)
    return [(row["结果"], row["核定金额"], row["依据"], row["说明"]) for row in frame.iter_rows(named=True)]


def row(day, category="脱贫人口", **more):
    return {"人员类别": category, "申请日期": day, "有组织输出": True} | more


@pytest.mark.parametrize(
    ("day", "result", "fen", "ground"),
    [
        (date(2021, 5, 4), "可发放", 30_000, "某县通知三"),
        (date(2022, 12, 31), "可发放", 30_000, "某县通知三、四"),
        (date(2023, 1, 1), "可发放", 50_000, "某县通知三；补充通知一"),
        (date(2024, 12, 31), "可发放", 50_000, "某县通知三；补充通知一"),
        (date(2025, 1, 1), "不符合", None, "某县通知五"),
        ("2022", "可发放", 30_000, "某县通知三、四"),
        ([date(2021, 12, 1), date(2022, 1, 31)], "待补资料", None, "某县通知三"),  # a ceiling or a fixed sum: that depends
        ([date(2022, 12, 1), date(2023, 1, 31)], "待补资料", None, "某县通知三、四"),
        ("", "待补资料", None, "某县通知三"),
        ("？", "待补资料", None, "某县通知三"),
    ],
)
def test_the_governing_day_tells_which_version_pays(versions, day, result, fen, ground):
    assert told(versions, [row(day)])[0][:3] == (result, fen, ground)


def test_what_all_versions_agree_on_needs_no_day(versions):
    results = [told(versions, [row(day, "边缘易致贫人口")])[0][0] for day in ("", "？", "2023", date(2022, 1, 1))]
    assert results == ["不符合"] * 4
    assert told(versions, [row("2023", "一般农户")])[0][0] == "待补资料"
    assert told(versions, [row("2024", "一般农户")])[0][0] == "可发放"


def test_a_later_day_of_the_basis_may_pay_but_never_refuse(versions):
    by_work = {"申请日期": "", "务工结束日期": date(2022, 6, 1)}
    assert told(versions, [row("", **by_work)])[0][0] == "可发放"
    assert told(versions, [row("", "一般农户", **by_work)])[0][0] == "待补资料"
    assert told(versions, [row(date(2022, 6, 1), "一般农户")])[0][0] == "不符合"


def test_a_failed_condition_says_when_it_is_in_force(versions):
    assert "要求为 脱贫人口（至 2023-06-30）" in told(versions, [row(date(2022, 1, 1), "一般农户")])[0][3]
    assert told(versions, [row("2023-06", "一般农户", 有组织输出=False)])[0][3].count("（") == 2


class Era:
    """The law of VERSIONS on one day, as a reader of it would say."""

    def __init__(self, day: date) -> None:
        self.kind = "cap" if day < date(2022, 1, 1) else "fixed"
        self.fen = 30_000 if day < date(2023, 1, 1) else 50_000
        self.who = {"脱贫人口"} | ({"一般农户"} if day >= date(2023, 7, 1) else set())
        self.organised = date(2022, 7, 1) <= day < date(2024, 1, 1)
        self.ended = day >= date(2025, 1, 1)

    def says(self, category, organised):
        """不符合, 待补资料, or the sum."""
        asked = [None if category is None else category in self.who, organised if self.organised else True, not self.ended]
        if False in asked:
            return "不符合"
        return "待补资料" if None in asked else (self.kind, self.fen)


DAYS = st.dates(date(2021, 6, 1), date(2025, 6, 30))
WHO = st.sampled_from(["脱贫人口", "一般农户", "边缘易致贫人口", None])


@settings(max_examples=6, deadline=None)
@given(st.lists(st.tuples(DAYS, st.integers(0, 400), WHO, st.sampled_from([True, False, None])), min_size=25, max_size=25))
@example([(date(2022, 6, 1), 395, "一般农户", False)])  # one condition refuses until the day from which another does
def test_a_vague_day_decides_what_every_day_in_it_decides(versions, drawn):
    rows, wanted = [], []
    for first, length, category, organised in drawn:
        end = min(first + timedelta(length), date(2025, 8, 1))
        says = {Era(first + timedelta(n)).says(category, organised) for n in range((end - first).days + 1)}
        (only,) = says if len(says) == 1 else ("待补资料",)
        rows.append(
            {"人员类别": category or "", "申请日期": [first, end], "有组织输出": "" if organised is None else organised}
        )
        wanted.append(only if isinstance(only, str) else "可发放")
    assert [each[0] for each in told(versions, rows)] == wanted


SINCE, UNTIL = date(2021, 5, 4), date(2025, 12, 31)  # of HEAD


@st.composite
def entries(draw):
    """From one to four versions, most of them laid out as they should be."""
    starts = [None, *draw(st.lists(st.dates(date(2021, 1, 1), date(2026, 6, 1)), max_size=3, unique=True).map(sorted))]
    made = []
    for i, start in enumerate(starts):
        meets = starts[i + 1] - timedelta(1) if i + 1 < len(starts) else UNTIL
        near = [meets, meets, meets - timedelta(1), meets + timedelta(1)]  # a day too few, a day too many
        end = draw(st.sampled_from([None, None, None, None, *near, date(2023, 5, 5)]))
        made.append((start, end, i > 0 and draw(st.integers(0, 5)) == 0))
    return draw(st.permutations(made))


def unsound(laid):
    """Whether ``laid`` (start, end, repealed), in order, leave a day to none or to two of them, or begin before the pack."""
    meets = [end is not None and end != after - timedelta(1) for (_, end, _), (after, _, _) in pairwise(laid)]
    outside = [bool(start and (start < SINCE or (end and end < start))) for start, end, _ in laid]
    _, end, repealed = laid[-1]
    return any(meets) or any(outside) or bool(end and end < UNTIL and not repealed)


@settings(max_examples=60, deadline=None)
@given(entries(), st.lists(st.dates(date(1990, 1, 1), date(2040, 1, 1)), min_size=5, max_size=5))
@example([(None, UNTIL - timedelta(1), False)], [])  # a day too few at the very end
def test_of_any_pack_each_day_has_one_version_or_the_author_is_told(tmp_path_factory, drawn, days):
    text = HEAD + PLAIN
    for n, (start, end, repealed) in enumerate(drawn):
        dates = f"from = {start}\n" * bool(start) + f"until = {end}\n" * bool(end)
        text += f"[[program.amount]]\n{dates}" + (
            'repeal = true\ncite = "九"\n' if repealed else f'kind = "cap"\nyuan = "{n + 1}00"\n'
        )
    path = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_text(text + OBJECT + CASES, encoding="utf-8")
    laid = sorted(drawn, key=lambda each: each[0] or date.min)
    if unsound(laid):
        with pytest.raises(PackError) as error:
            load_pack(str(path))
        said = list(map(str, error.value.problems))
        assert all(any(word in told for word in ("有空当", "有重叠", "早于")) and "“" in told for told in said), said
        return
    (program,) = load_pack(str(path)).programs
    for day in (*days, *(start + timedelta(n) for start, _, _ in laid if start for n in (-1, 0))):
        start, _, repealed = [each for each in laid if (each[0] or date.min) <= day][-1]
        now = program.at(program.version_on(day) if program.versions else None)
        assert sum(inside(version.span, day) for version in program.versions) == bool(program.versions)
        assert bool(program.versions and program.versions[program.version_on(day)].ended) == repealed
        assert repealed or now.amount.fen == 100_00 * (1 + [each[0] for each in drawn].index(start))


def test_the_law_as_it_was_known_leaves_out_what_was_written_down_later(tmp_path):
    path = write(tmp_path, HEAD + VERSIONS)
    rows = [row(date(2023, 1, 5)), row(date(2023, 1, 5), 申请金额="100.00")]
    known = {
        day: [fen for _, fen, *_ in told(load_pack(path, known_on=day), rows)] for day in (date(2023, 2, 14), date(2023, 2, 15))
    }
    assert known == {date(2023, 2, 14): [30_000, 30_000], date(2023, 2, 15): [50_000, 50_000]}
    with pytest.raises(PackError, match="还没有这份文件"):
        load_pack(path, known_on=date(2020, 1, 1))


def test_a_correction_takes_the_place_of_what_was_entered_before(tmp_path):
    twice = VERSIONS.replace(
        'cite = "一"\nkind = "fixed"\nyuan = "500"\n',
        'cite = "一"\nkind = "fixed"\nyuan = "500"\n\n[[program.amount]]\nfrom = 2023-01-01\nentered = 2023-06-01\ncite = "一"\nkind = "fixed"\nyuan = "600"\n',
    )
    path = write(tmp_path, HEAD + twice)
    sums = [told(load_pack(path, known_on=day), [row(date(2023, 1, 5))])[0][1] for day in (date(2023, 5, 31), date(2023, 6, 1))]
    assert sums == [50_000, 60_000]


QUOTA = PLAIN + """
quota = [
  { most = 6, unit = "月", per = ["身份证号"], cite = "八" },
  { from = 2023-01-01, most = 9, unit = "月", per = ["身份证号"], cite = "九" },
  { from = 2024-01-01, repeal = true, cite = "十" },
]

[[program.deadline]]
day = 2022-10-31
cite = "十一"

[[program.deadline]]
from = 2023-01-01
day = 2024-06-30
cite = "十二"

[program.amount]
kind = "fixed"
yuan = "100"
unit = "元/人·月"
units = "补贴月数"
""" + OBJECT + CASES  # fmt: skip


def test_quotas_and_deadlines_change_with_time_too(tmp_path):
    pack = load_pack(
        write(tmp_path, HEAD + QUOTA.replace('"申请日期" = 2021-08-01', '"申请日期" = 2021-08-01, "补贴月数" = 3'))
    )
    assert check_cases(pack) == []
    days = [
        date(2022, 10, 31),
        date(2022, 11, 1),
        date(2023, 1, 1),
        date(2024, 6, 30),
        date(2024, 7, 1),
        [date(2022, 10, 1), date(2023, 2, 1)],
    ]
    rows = [row(day, 补贴月数=12) for day in days]
    assert [each[:3] for each in told(pack, rows)] == [
        ("可发放", 60_000, "某县通知三"),
        ("不符合", None, "某县通知十一"),
        ("可发放", 90_000, "某县通知三"),
        ("可发放", 120_000, "某县通知三"),
        ("不符合", None, "某县通知十二"),
        ("待补资料", None, "某县通知三"),
    ]
    mine = [row(date(2022, 10, 1), 身份证号="甲", 补贴月数=6), row(date(2023, 2, 1), 身份证号="甲", 补贴月数=6)]
    assert [each[:2] for each in told(pack, mine)] == [("可发放", 60_000), ("可发放", 30_000)]


def test_a_sum_may_come_where_there_was_none(tmp_path):
    later = (
        PLAIN
        + '[[program.amount]]\nkind = "open"\n[[program.amount]]\nfrom = 2023-01-01\nkind = "fixed"\nyuan = "300"\n'
        + OBJECT
        + CASES
    )
    pack = load_pack(write(tmp_path, HEAD + later.replace('expect = "可发放"', 'expect = "待定标准"')))
    assert check_cases(pack) == []
    days = [date(2022, 12, 31), date(2023, 1, 1), [date(2022, 12, 1), date(2023, 1, 31)]]
    assert [each[:2] for each in told(pack, [row(day) for day in days])] == [
        ("待定标准", None),
        ("可发放", 30_000),
        ("待补资料", None),
    ]


@pytest.mark.parametrize("text", [VERSIONS, QUOTA], ids=["金额和条件", "限额和截止日"])
def test_another_engine_says_the_same_of_law_that_changes(text, tmp_path):
    ours, theirs = both(load_pack(write(tmp_path, HEAD + text)), 400)
    assert ours.equals(theirs)
    assert ours["版"].n_unique() > 2
