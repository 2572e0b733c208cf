"""What stands above the header: the title, its year, its unit of money, and facts that hold for every row."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jybf.model import Field
from jybf.roster.grid import joined
from jybf.roster.values.dates import arabic_date
from jybf.roster.values.text import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jybf.fields import Fields

# 联系电话 and the like above the header are those of whoever filled in the form, not of the people below.
_OF_ALL_ROWS = frozenset(
    [
        "填报单位",
        "填报日期",
        "单位名称",
        "统一社会信用代码",
        "所属期",
        "乡镇",
        "行政村",
        "户籍县",
        "补贴项目",
        "批次",
        "法定代表人",
    ]
)
_NAME = r"[^\s:：()（）]{2,12}(?:\s*[(（][^()（）]{1,6}[)）])?"
_PAIR = re.compile(rf"({_NAME})\s*[:：]\s*(.*?)(?=\s+{_NAME}\s*[:：]|$)", re.DOTALL)
_YEAR = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})年")
_UNITS = frozenset({"元", "万元", "人民币元", "元、人", "人、元", "人民币"})


@dataclass(frozen=True, slots=True)
class Title:
    """``text`` in one line; ``year`` if it names exactly one; ``unit`` 万元 or ""; ``constants`` field → text."""

    text: str = ""
    year: int | None = None
    unit: str = ""
    constants: Mapping[str, str] = field(default_factory=dict[str, str])


def read_title(rows: Iterable[tuple[str | None, ...]], fields: Fields) -> Title:
    """The title above the header, from the rows of cells there."""
    lines = [joined(row) for row in rows]
    pairs = [pair for line in lines for pair in _PAIR.findall(line)]
    heading = plain("".join(_PAIR.sub("", line) for line in lines))
    years = set(_YEAR.findall(arabic_date(heading)))
    unit = "万元" if any(plain(label) in ("单位", "金额单位") and plain(value) == "万元" for label, value in pairs) else ""
    return Title(joined(lines), int(years.pop()) if len(years) == 1 else None, unit, dict(_constants(pairs, fields)))


def _constants(pairs: Iterable[tuple[str, str]], fields: Fields) -> Iterable[tuple[str, str]]:
    for label, value in pairs:
        found = fields.find("填报单位" if plain(label) in ("单位", "单位(盖章)", "单位(公章)") else label)
        given = value.strip().strip("_").strip()
        has_blanks_to_fill = re.fullmatch(r"[年月日_\s]*", given)
        if isinstance(found, Field) and found.name in _OF_ALL_ROWS and not has_blanks_to_fill and given not in _UNITS:
            yield found.name, given
