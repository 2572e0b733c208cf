"""放行小计: what is paid, by programme, township, village and payee; each adds up to the whole."""

import polars as pl

from jybf.audit.subtotals import subtotals

COLUMNS = ("补贴项目", "乡镇", "行政村", "收款人", "账号", "身份证号", "本次可发")


def pay(*lines):
    return pl.DataFrame([dict(zip(COLUMNS, line, strict=True)) for line in lines])


WORKERS = pay(
    ("以工代训补贴", "甲镇", "一村", "甲厂", "1400", "1", 100),
    ("以工代训补贴", "甲镇", "二村", "甲厂", "1400", "2", 200),
    ("以工代训补贴", "乙镇", "一村", "甲厂", "1400", "2", 300),
    ("公益性岗位补贴", "", "", "乙示例", "6217", "", 50),
    ("公益性岗位补贴", "", "", "乙示例", "6218", "", 50),
    ("公益性岗位补贴", "甲镇", "一村", "丙示例", "6219", "3", None),
)


def test_an_employers_workers_are_one_payee_and_two_accounts_are_two():
    told = subtotals(WORKERS).filter(pl.col("按") == "收款人").rows()
    assert told == [
        ("收款人", "甲厂", "1400", 2, 3, 600),
        ("收款人", "乙示例", "6217", 1, 1, 50),
        ("收款人", "乙示例", "6218", 1, 1, 50),
    ]


def test_villages_of_one_name_stand_apart_and_what_is_unsaid_is_said():
    told = subtotals(WORKERS).filter(pl.col("按") == "行政村").select("名称", "本次可发").rows()
    assert told == [("乙镇 一村", 300), ("甲镇 二村", 200), ("未写明", 100), ("甲镇 一村", 100)]


def test_each_heading_adds_up_to_the_whole():
    sums = subtotals(WORKERS).group_by("按", maintain_order=True).agg(pl.sum("笔数", "本次可发")).rows()
    assert [row[1:] for row in sums] == [(5, 700)] * 5
