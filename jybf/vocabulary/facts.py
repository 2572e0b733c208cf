"""What a clause may ask of a row: the dictionary's fields and what the engine derives from them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from jybf.model import Field
from jybf.vocabulary.fields import load_fields

if TYPE_CHECKING:
    from collections.abc import Mapping

GOVERNING_YEAR = "申请年度"
STATED_PERIOD = "所属期"  # the month or year that a row says it is paid for

_DERIVED = (
    Field("户", "text", meaning="户编号、户主身份证号或户主与村，能认定是哪一户"),
    Field("单位", "text", meaning="统一社会信用代码或单位名称，能认定是哪一家"),
    Field("申报金额", "money", meaning="申请、核定、发放金额中第一个填了的"),
    Field("表题年度", "period", meaning="表题写明的唯一年度"),
    Field("跨省", "bool", meaning="务工省与户籍省不同，或务工区域写明省外"),
    Field("县外", "bool", meaning="务工县与户籍县不同，或务工区域写明不在县内"),
    Field(GOVERNING_YEAR, "int", meaning="作准日期所在的年"),
)

SOURCES = {  # a derived fact → the columns that a clerk can fill
    "户": ("户编号",), "单位": ("统一社会信用代码",), "跨省": ("务工省", "户籍省"), "县外": ("务工县", "户籍县"),
}  # fmt: skip


@cache
def facts() -> Mapping[str, Field]:
    """Name → field: all that predicates, keys and dates of a pack may name."""
    return {**load_fields().by_name, **{field.name: field for field in _DERIVED}}
