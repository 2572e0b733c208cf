"""In which province something stands: by its address, its name, or the code of who registered it."""

import polars as pl

from jybf.vocabulary.values.addresses import parse_address, parse_place
from jybf.vocabulary.values.places import areas

# GB/T 2260: the third and fourth character of a credit code say in which province its holder is registered.
PROVINCES = {
    "11": "北京市", "12": "天津市", "13": "河北省", "14": "山西省", "15": "内蒙古自治区", "21": "辽宁省", "22": "吉林省",
    "23": "黑龙江省", "31": "上海市", "32": "江苏省", "33": "浙江省", "34": "安徽省", "35": "福建省", "36": "江西省",
    "37": "山东省", "41": "河南省", "42": "湖北省", "43": "湖南省", "44": "广东省", "45": "广西壮族自治区", "46": "海南省",
    "50": "重庆市", "51": "四川省", "52": "贵州省", "53": "云南省", "54": "西藏自治区", "61": "陕西省", "62": "甘肃省",
    "63": "青海省", "64": "宁夏回族自治区", "65": "新疆维吾尔自治区",
}  # fmt: skip
MUNICIPALITIES = ("北京", "天津", "上海", "重庆")
_LENGTH = 18
_LONGEST = 12  # characters of an official name


def of_code(code: pl.Expr) -> pl.Expr:
    """The province in which the holder of a credit code is registered; null for older numbers and for national registers."""
    whole = pl.when(code.str.len_chars() == _LENGTH).then(code.str.slice(2, 2))
    return whole.replace_strict(PROVINCES, default=None, return_dtype=pl.String)


def of_address(texts: pl.Series) -> pl.Expr:
    """The province that each of ``texts`` names or lies in, as an expression on a column of that name; each text read once."""
    return _told(texts, {text: place for text in texts.drop_nulls().unique() if isinstance(place := parse_place(text), str)})


def of_name(texts: pl.Series) -> pl.Expr:
    """The province with which an employer's name begins: a province's name, or the full one of a city or county in it.

    A bare 大同 is as often a motto as the city, so that short names of cities say nothing.
    """
    known = {text: place for text in texts.drop_nulls().unique() if (place := _leading(text))}
    return _told(texts, known)


def district(texts: pl.Series) -> pl.Expr:
    """Whether each of ``texts`` begins with a city and a district of it: an address that came into the name's place."""
    named = [text for text in texts.drop_nulls().unique() if _is_district(text)]
    return pl.col(texts.name).is_in(named).fill_null(value=False)


def _is_district(text: str) -> bool:
    _, city, county = parse_address(text)
    return isinstance(county, str) and county in text and (city is not None or text.startswith(tuple(MUNICIPALITIES)))


def _told(texts: pl.Series, known: dict[str, str]) -> pl.Expr:
    return pl.col(texts.name).replace_strict(known, default=None, return_dtype=pl.String)


def _leading(text: str) -> str | None:
    for end in range(min(len(text), _LONGEST), 1, -1):
        area = areas().get(text[:end])
        if area and (area.level == "省级" or area.name == text[:end]):
            return area.province
    return None
