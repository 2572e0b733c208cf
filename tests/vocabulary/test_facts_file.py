"""``rules/facts.toml``: its examples come out, and what is wrong with it is told."""

from __future__ import annotations

import pytest

from jybf.assess import check_facts
from jybf.errors import PackError
from jybf.policy.formula import vetted
from jybf.vocabulary import facts as vocabulary
from jybf.vocabulary.fields import rules_dir

TEXT = (rules_dir() / "facts.toml").read_text(encoding="utf-8")


@pytest.fixture
def faults(tmp_path, monkeypatch):
    """What is said of the file as it stands with something added."""

    def told(text: str) -> str:
        (tmp_path / "facts.toml").write_text(text, encoding="utf-8")
        monkeypatch.setattr(vocabulary, "rules_dir", lambda: tmp_path)
        vocabulary.entries.cache_clear()
        vocabulary.clashes.cache_clear()
        vocabulary.facts.cache_clear()
        with pytest.raises(PackError) as error:
            vetted()
        return str(error.value)

    yield told
    monkeypatch.undo()
    vocabulary.entries.cache_clear()
    vocabulary.clashes.cache_clear()
    vocabulary.facts.cache_clear()


def test_every_example_comes_out():
    assert check_facts() == []


def test_every_way_to_know_a_fact_has_an_example_but_its_own_cell():
    for entry in vocabulary.entries().values():
        ways = [way for way in (*entry.take, *entry.agree) if way != entry.name]
        assert entry.read or len({example.by for example in entry.case} - {"", entry.name}) >= min(len(ways), 1), entry.name


FACT = '[[fact]]\nname = "甲"\ntype = "int"\ntake = ["{}"]\n[[fact.case]]\nname = "例"\ngiven = {{}}\nis = 1\n'


@pytest.mark.parametrize(
    ("way", "told"),
    [
        ("COALESCE(补贴月数, 6)", "不允许"),
        ("CASE WHEN 仍在缴费 THEN 补贴月数 ELSE 6 END", "不允许的写法"),
        ("MONTHS_TOUCHED(补贴月数, 申请日期)", "MONTHS_TOUCHED() 里应是日期、日期"),
        ("WHOLE_MONTHS(登记日期, 申请日期)", "的值不定"),
        ("务工天书", "没有“务工天书”这个字段"),
        ("CASE WHEN 仍在缴费 THEN 1 WHEN 劳务派遣 THEN '是' END", "CASE 的几个值类型不同"),
        ("CASE WHEN 仍在缴费 THEN '是' END", "算出来的不是整数"),
    ],
)
def test_a_formula_outside_the_language_is_refused(faults, way, told):
    assert told in faults(TEXT + FACT.format(way))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('name = "离职日期"\ntake', 'name = "离职日期"\ntype = "date"\ntake', "不写 type"),
        ('name = "离职日期"\ntake', 'name = "离职日期"\ntakes', "没有“takes”这个键，是不是“take”"),
        ('ask = ["务工省", "户籍省"]', 'ask = ["务工省份"]', "没有“务工省份”这个字段"),
        ('agree = ["务工省 <> 户籍省"', 'take = ["跨省"]\nagree = ["务工省 <> 户籍省"', "take 和 agree 写一样"),
    ],
)
def test_a_wrong_key_is_told(faults, old, new, told):
    assert old in TEXT
    assert told in faults(TEXT.replace(old, new))


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ('of = "人员类型"', "没有“人员类型”这个字段"),
        ('about = ["申请日"]', "没有“申请日”这个字段"),
        ("", "about 和 of 至少写一样"),
    ],
)
def test_a_clash_about_nothing_is_told(faults, keys, told):
    clash = f'\n[[clash]]\nwhen = "退岗日期 < 上岗日期"\ntext = "先上岗"\nat = "退岗日期"\n{keys}\n'
    assert told in faults(TEXT + clash)
