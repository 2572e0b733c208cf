"""Packs that are deliberately broken: what their author is told, all at once, with line, column and remedy.

Each is a sound pack with a few slips of the pen. What is said of them is kept in ``broken/``, a file each; a file that is
missing is written, to be read before it is kept.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from jybf.errors import JybfError
from jybf.policy import load_pack
from tests.policy.test_load import HEAD, PROGRAM

HERE = Path(__file__).parent / "broken"
SOUND = HEAD + PROGRAM
AMOUNT = '[program.amount]\nkind = "cap"\nyuan = "800"\n'
CLAUSE = '[[program.clause]]\nid = "对象"\ncite = "（四）"\ntext = "对象是脱贫人口"\nholds = "人员类别 = \'脱贫人口\'"\n'
OVER = (
    'id = "y"\nname = "某乡"\ndocument = "某乡办法"\nshort = "某乡办法"\nsince = 2022-01-01\nextends = "x"\n\n'
    '[[program]]\nid = "跨省务工交通补贴"\noverride = true\ncite = "二"\n'
)
SETTING = (
    '\n[[setting]]\nid = "一年两次"\nprograms = ["跨省务工交通补贴"]\ntext = "没有写"\ndefault = "不行"\n'
    '[setting.choice."不行"]\n[setting.choice."可以"."跨省务工交通补贴"]\nonce = []\n'
)


def holding(*conditions: str) -> str:
    """The sound pack with a condition more for each of these."""
    clause = '[[program.clause]]\nid = "第{}"\ncite = "五"\ntext = "x"\nholds = "{}"\n\n'
    return SOUND.replace(
        "[[program.manual]]", "".join(clause.format(n, each) for n, each in enumerate(conditions)) + "[[program.manual]]"
    )


def dated(*versions: str) -> str:
    """The sound pack with these versions of its sum."""
    tables = "".join(f'[[program.amount]]\n{version}\nkind = "cap"\n' for version in versions)
    return SOUND.replace(AMOUNT, tables)


BROKEN = {
    "键名打错": SOUND.replace("name =", "nam =", 1).replace("titles", "titels").replace("says", "say").replace("[[program.manual]]\ncite", "[[program.manual]]\ncit"),
    "缺的键": SOUND.replace('payee = "个人"\n', "").replace('basis = "申请日期"\n', "").replace("until = 2025-12-31\n", ""),
    "类型不对": SOUND.replace("2025-12-31", '"2025-12-31"').replace('yuan = "800"\n', "yuan = 800\n").replace('once = ["身份证号", "申请年度"]', "once = 1"),
    "取值不对": SOUND.replace('payee = "个人"', 'payee = "个体"').replace('kind = "cap"', 'kind = "capp"').replace('"不符合"', '"不合格"'),
    "字段打错": SOUND.replace('"身份证号"', '"身份证"').replace("务工省 <>", "务工省份 <>").replace('basis = "申请日期"', 'basis = "申请时间"'),
    "列的类型不对": SOUND.replace('basis = "申请日期"', 'basis = "务工省"').replace('once =', 'year = ["务工省", "申请日期"]\nonce ='),
    "条件的取值打错": SOUND.replace("人员类别 = '脱贫人口'\"", "人员类别 = '脱贫户口'\""),
    "条件写法不对": SOUND.replace("人员类别 = '脱贫人口'\"", "人员类别 == '脱贫人口' && 意外险\"").replace("务工省 <> 户籍省", "COALESCE(务工省, '') <> 户籍省"),
    "条件用了函数": SOUND.replace("人员类别 = '脱贫人口'\"", "UPPER(人员类别) = '脱贫人口'\"").replace("务工省 <> 户籍省", "MONTHS_TOUCHED(申请日期, 申请日期) > 1"),
    "审核编号打错": SOUND.replace("once =", 'codes = { once = "JY3O2", onec = "JY302" }\nonce =').replace('holds =', 'code = "JY2144"\nholds ='),
    "例子的值不对": SOUND.replace('"人员类别" = "一般农户"', '"人员类别" = "一般户"').replace("2021-08-01", '"2021-08-01"', 1).replace('yuan = "800.00"', 'yuan = "800元"'),
    "例子的行数不对": SOUND.replace('expect = "不符合"', 'expect = ["不符合", "可发放"]'),
    "缺例子缺条款": SOUND[: SOUND.index("[[program.case]]")].replace('cite = "（四）"\ntext', 'cite = ""\ntext'),
    "不是TOML": SOUND.replace('yuan = "800"\n', 'yuan = "800\n'),
    "键写了两次": SOUND.replace("titles =", 'cite = "（五）"\ntitles ='),
    "中文键没有引号": SOUND.replace('"务工省" = "广东省"', '务工省 = "广东省"'),
    "同一个项目写两次": SOUND + PROGRAM,
    "条件名是程序的": SOUND.replace('id = "对象"', 'id = "期限"'),
    "别的项目不在": SOUND.replace("fund =", 'excluded_by = [ { program = "跨省务工交通补助", per = ["身份证"], cite = "四", text = "x" } ]\nfund ='),
    "限额没有写全": SOUND.replace("fund =", 'quota = { most = 0, per = ["身份证号"], cite = "四" }\nfund ='),
    "金额有空当": dated('yuan = "800"\nuntil = 2022-06-30', 'yuan = "1500"\nfrom = 2023-01-01'),
    "金额有重叠": dated('yuan = "800"\nuntil = 2023-06-30', 'yuan = "1500"\nfrom = 2023-01-01'),
    "金额重叠一天": dated('yuan = "800"\nuntil = 2023-01-01', 'yuan = "1500"\nfrom = 2023-01-01'),
    "金额早于施行": dated('yuan = "800"\nfrom = 2020-01-01', 'yuan = "1500"\nfrom = 2023-01-01'),
    "金额从后来才有": dated('yuan = "1500"\nfrom = 2023-01-01'),
    "金额中途没了": dated('yuan = "800"\nuntil = 2023-06-30'),
    "两版同一天": dated('yuan = "800"', 'yuan = "1500"'),
    "几版的单位不同": dated('yuan = "800"', 'yuan = "100"\nfrom = 2023-01-01\nunit = "元/天"\nunits = "培训天数"'),
    "条件有重叠": SOUND.replace(CLAUSE, CLAUSE + CLAUSE.replace("holds", "from = 2023-01-01\nholds").replace("[[program.clause]]\nid", "[[program.clause]]\nuntil = 2024-01-01\nid") + CLAUSE.replace("holds", "from = 2023-06-01\nholds")),
    "停止没有写日子": dated('yuan = "800"', 'yuan = "1"\nrepeal = true'),
    "设置打错": SOUND + SETTING.replace('default = "不行"', 'default = "不可以"').replace('"可以"."跨省务工交通补贴"', '"可以"."跨省务工交通补助"'),
    "当地设置打错": SOUND.replace("[[program]]", '[settings]\n"一年二次" = { value = "可以", cite = "二" }\n\n[[program]]', 1) + SETTING,
    "上级不在": OVER.replace('extends = "x"', 'extends = "shanxii"'),
    "改写没有写明": OVER.replace("override = true\n", "") + 'payee = "个人"\nbasis = "申请日期"\n' + AMOUNT.replace("800", "900"),
    "改写了没有的": OVER.replace("交通补贴", "交通补助") + AMOUNT,
    "改写没有条款": OVER.replace('cite = "二"\n', "") + AMOUNT,
    "改条件没有写明": OVER + CLAUSE + CLAUSE.replace("对象", "对像").replace("[[program.clause]]\n", "[[program.clause]]\noverride = true\n"),
    "条件的全角符号": holding("人员类别 ＝ '脱贫人口'", "人员类别 IN （'脱贫人口'）", "人员类别 = ‘脱贫人口’", "连续缴费月数 ≥ 12"),
    "条件说中文": holding("人员类别 = '脱贫人口' 且 意外险", "人员类别 = 脱贫人口"),
    "条件管空白": holding("人员类别 IS NOT NULL", "CASE WHEN 意外险 THEN TRUE ELSE FALSE END", "意外险 = true"),
    "条件的类型不能比": holding("连续缴费月数 >= '12'", "合同结束日期 <= '2025-12-31'", "意外险 = '是'", "人员类别 = 3"),
    "条件没有的写法": holding("人员类别 LIKE '脱贫%'", "贷款金额 / 2 > 100", "20 <= 入驻实体数 <= 50", "SUBSTR(身份证号, 7, 4) >= '1960'"),
    "单位没有数量": SOUND.replace('yuan = "800"\n', 'yuan = "800"\nunit = "元/人·月"\n'),
    "档次打错": SOUND.replace('yuan = "800"\n', "tiers = [ { when = \"务工地 = '广东省'\", yuan = \"1\" }, { wen = \"意外险\", yuan = 5 } ]\n"),
    "金额的键打错": SOUND.replace('kind = "cap"', 'kindd = "cap"'),
    "例子的键打错": SOUND.replace('expect = "不符合"', 'expect = "不符合"\nsay = "人员类别"'),
    "日期的写法": SOUND.replace("2025-12-31", "2025-6-1"),
    "全角的逗号": SOUND.replace('payee = "个人"', 'payee = "个人"\ntitles = ["甲"，"乙，丙"] # 注，解'),
    "全角的等号": SOUND.replace('payee = "个人"', 'payee ＝ "个人"'),
    "全角的引号": SOUND.replace('payee = "个人"', "payee = “个人”"),
    "表头不对": SOUND.replace("[[program.clause]]", "[program.clause]").replace("[program.amount]", "[amount]"),
    "设置写成文字": OVER.split("\n\n", maxsplit=1)[0].replace('"x"', '"shanxi"') + '\n[settings]\n"训练月数" = "对日"\n"一年二档" = "只领一档"\n',
    "上级绕成圈": OVER.replace('extends = "x"', 'extends = "y"'),
    "空的": "",
    "搁置的例子不在": OVER + 'aside = ["脱贫人口在外省"]\n' + AMOUNT,
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_what_the_author_of_a_broken_pack_is_told(name, tmp_path):
    (tmp_path / "x.toml").write_text(SOUND, encoding="utf-8")
    path = tmp_path / ("y.toml" if BROKEN[name].startswith('id = "y"') else "x.toml")
    path.write_text(BROKEN[name], encoding="utf-8")
    with pytest.raises(JybfError) as error:
        load_pack(str(path))
    told = "".join(f"{problem}\n" for problem in error.value.problems)
    golden = HERE / f"{name}.txt"
    if not golden.exists():
        golden.write_text(told, encoding="utf-8")
    assert told == golden.read_text(encoding="utf-8")


def test_every_broken_pack_is_told_where_it_is_broken():
    told = {path.stem: path.read_text(encoding="utf-8").splitlines() for path in HERE.glob("*.txt")}
    assert told.keys() == BROKEN.keys()
    without = {name: [line for line in lines if "行" not in line.split("：")[0]] for name, lines in told.items()}
    assert {name: lines for name, lines in without.items() if lines} == {}
