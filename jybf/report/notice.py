"""公示: who is to be paid what, as it is put up where everybody reads it: names whole, numbers hidden, no telephone."""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import msgspec
import polars as pl

from jybf.errors import OutputError, Problem, UsageError
from jybf.report.anew import write_book
from jybf.report.layout import MOST_LINES, Table
from jybf.report.output import replacing
from jybf.report.pages import rendered
from jybf.report.plain import masked, yuan_columns
from jybf.visible import visible
from jybf.vocabulary.yuan import yuan

COLUMNS: Mapping[str, float] = {  # of the list, with their widths; those that are blank on every line are left out
    "序号": 6, "姓名": 12, "身份证号": 22, "乡镇": 12, "行政村": 12, "单位": 32, "补贴项目": 20, "账号": 11, "金额": 14,
}  # fmt: skip
_ALWAYS = ("序号", "姓名", "补贴项目", "金额")
_STARS = "****"
_HEAD, _TAIL, _ENDS = 6, 2, 4  # characters that are shown of a person's number, and at the end of an account


class Notice(msgspec.Struct, frozen=True):
    """What stands around the list. ``first``: the first of the ``days`` on which one may object, to ``office`` by ``phone``."""

    title: str
    first: date
    office: str
    phone: str
    days: int = 7

    @property
    def last(self) -> date:
        """The last day on which one may object: the first one counts."""
        return self.first + timedelta(days=self.days - 1)

    @property
    def period(self) -> str:
        """From which day to which, in words."""
        return f"公示期 {self.days} 天：{_day(self.first)}至{_day(self.last)}"

    @property
    def objections(self) -> str:
        """To whom one objects."""
        return f"对名单有异议的，公示期内向{self.office}反映，电话 {self.phone}。"


def write_notice(frame: pl.DataFrame, notice: Notice, target: Path) -> None:
    """Write the payments ``frame`` (see ``bank.PAYMENT``) to ``target``, an xlsx or a html, as a list for the public.

    Raises UsageError for a notice by which nobody could object, OutputError where nothing can be written.
    """
    form = target.suffix.lower()
    _check(notice)
    if form not in (".xlsx", ".html"):
        raise OutputError(Problem(f"公示写不成“{form or '没有后缀的文件'}”", str(target), "可用：.xlsx .html"))
    if frame.is_empty() or frame.height >= MOST_LINES:
        raise OutputError(Problem("没有要公示的" if frame.is_empty() else "行数太多，Excel 一张表放不下"))
    rows = public(frame)
    with replacing(target) as out:
        if form == ".xlsx":
            write_book([_sheet(rows, notice)], out)
        else:
            shown = rows.with_columns(pl.col("金额").map_elements(yuan, return_dtype=pl.String))
            total = yuan(int(rows["金额"].sum()))
            facts = {"notice": notice, "columns": rows.columns, "rows": shown.rows(named=True), "total": total}
            out.writelines(rendered("notice", facts))


def public(frame: pl.DataFrame) -> pl.DataFrame:
    """``frame`` as the public may see it: of COLUMNS those that say anything, 序号 Int64, 金额 Int64 (分), the rest text.

    Of a number of a person the first 6 and the last 2 characters are shown, of an account the last 4 and not how many there
    are, of shorter ones nothing; a number that stands in any other text is hidden as well. Where no person is named, the
    employer is.
    """
    named = pl.when(pl.col("姓名") == "").then("单位").otherwise("姓名").alias("姓名")
    rows = masked(frame.select(named, "乡镇", "行政村", "单位", "补贴项目")).with_columns(
        pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias("序号"),
        frame.select(_hidden("身份证号")).to_series(),
        frame.select(_ending("账号")).to_series(),
        frame["金额"],
    )
    said = [name for name in COLUMNS if name in _ALWAYS or (rows[name] != "").any()]
    return rows.select(said)


def _hidden(name: str) -> pl.Expr:
    text, left = pl.col(name), pl.col(name).str.len_chars().cast(pl.Int64) - _HEAD - _TAIL
    ends = pl.concat_str(text.str.head(_HEAD), pl.lit("*").repeat_by(left.clip(0)).list.join(""), text.str.tail(_TAIL))
    return pl.when(left > 0).then(ends).when(text != "").then(pl.lit(_STARS)).otherwise(text).alias(name)


def _ending(name: str) -> pl.Expr:
    text = pl.col(name)
    shown = pl.when(text.str.len_chars() > _ENDS).then(pl.lit(_STARS) + text.str.tail(_ENDS))
    return shown.when(text != "").then(pl.lit(_STARS)).otherwise(text).alias(name)


def _check(notice: Notice) -> None:
    said = (("标题", "--title", notice.title), ("受理单位", "--office", notice.office), ("电话", "--phone", notice.phone))
    faults = [Problem(f"公示没有写{what}", hint=f"用 {option} 写明") for what, option, text in said if not text.strip()]
    faults += [Problem(f"公示期不能是 {notice.days} 天", "--days")] * (notice.days < 1)
    if faults:
        raise UsageError(*faults)


def _sheet(rows: pl.DataFrame, notice: Notice) -> Table:
    """The list on one sheet, its sum in the last row."""
    total = pl.DataFrame({"姓名": ["合计"], "金额": [int(rows["金额"].sum())]})
    whole = yuan_columns(pl.concat([rows, total], how="diagonal"), ("金额",))
    told = f"以下 {rows.height} 笔、共 {yuan(int(rows['金额'].sum()))} 元，拟予发放，现予公示。"
    foot = f"{notice.office}　{_day(notice.first)}"
    above = tuple(visible(line) for line in (notice.title, told, notice.period, notice.objections, foot))
    figures = frozenset({"序号", "金额"})
    return Table(
        "公示", whole.columns, whole, figures, frozenset({"金额"}), [COLUMNS[name] for name in whole.columns], above=above
    )


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
