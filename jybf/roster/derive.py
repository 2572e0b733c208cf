"""Facts that follow from other facts of the same row. An unreadable cell is never replaced by a derived value."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from jybf.model import bad, last
from jybf.roster.homes import HEAD
from jybf.vocabulary.values.text import folded_names

_SHORT = 6  # characters of a household's number from which it is one of the whole county
_OF_MONITORED = {"脱贫不稳定户": "脱贫人口", "边缘易致贫户": "边缘易致贫人口", "突发严重困难户": "突发严重困难人口"}
_CLAIMS = ("申请金额", "核定金额", "发放金额")
_STARTS = ("就业开始日期", "务工开始日期", "招用日期")
_ENDS = ("就业结束日期", "务工结束日期", "离职日期")
_PAID_FOR = r"^〔(\d{4})年(?:；(\d+)个月)?〕"  # how a verdict of this tool begins its 说明


Columns = dict[str, pl.Expr]


def derive(rows: pl.DataFrame) -> pl.DataFrame:
    """``rows`` with the derived columns that there is something to derive from; typed as the dictionary says."""
    for step in (
        _own_history,
        _group,
        _household,
        _employer,
        _claim,
        _left,
        _insured,
        _appointed,
        _contract,
        _subsidised,
        _interest,
        _operating,
        _loan,
        _stable,
    ):
        rows = rows.with_columns(**step(rows))
    return rows


def _col(rows: pl.DataFrame, name: str, dtype: pl.DataType | None = None) -> pl.Expr:
    """The column, or nulls where the roster has none."""
    return pl.col(name) if name in rows.columns else pl.lit(None, dtype=dtype)


def _readable(rows: pl.DataFrame, name: str) -> pl.Expr:
    return ~_col(rows, bad(name), pl.Boolean()).fill_null(False)


def _fill(rows: pl.DataFrame, name: str, otherwise: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """Own cell first; a cell that can't be read stays unknown."""
    own = _col(rows, name, dtype)
    return pl.when(own.is_null() & _readable(rows, name)).then(otherwise).otherwise(own)


def _fill_date(rows: pl.DataFrame, name: str, first: pl.Expr, end: pl.Expr) -> Columns:
    """As :func:`_fill`, for the first and last possible day of a date."""
    blank = _col(rows, name, pl.Date()).is_null() & _readable(rows, name)
    days = {name: first, last(name): end}
    return {n: pl.when(blank).then(day).otherwise(_col(rows, n, pl.Date())) for n, day in days.items()}


def _folded(rows: pl.DataFrame, name: str) -> pl.Expr:
    return pl.lit(folded_names(rows[name])) if name in rows.columns else pl.lit(None, dtype=pl.String())


def _has(rows: pl.DataFrame, *names: str) -> bool:
    return set(names) <= set(rows.columns)


def _own_history(rows: pl.DataFrame) -> Columns:
    if not _has(rows, "结果", "说明"):
        return {}
    year, months = (pl.col("说明").str.extract(_PAID_FOR, group).cast(pl.Int32, strict=False) for group in (1, 2))
    return _fill_date(rows, "所属期", pl.date(year, 1, 1), pl.date(year, 12, 31)) | {
        "补贴月数": _fill(rows, "补贴月数", months.cast(pl.Int64), pl.Int64()),
    }


def _group(rows: pl.DataFrame) -> Columns:
    sources = [name for name in ("监测对象类别", "易地搬迁", "低保特困") if name in rows.columns]
    if not sources:
        return {}
    monitored = _col(rows, "监测对象类别", pl.String()).replace_strict(_OF_MONITORED, default=None, return_dtype=pl.String)
    own = _col(rows, "人员类别", pl.String())
    special = pl.coalesce(
        monitored,
        pl.when(_col(rows, "易地搬迁", pl.Boolean())).then(pl.lit("易地搬迁人口")),
        pl.when(_col(rows, "低保特困", pl.Boolean())).then(pl.lit("农村低收入人口")),
    )
    ordinary = own.is_null() | (own == "一般农户")
    return {"人员类别": pl.when(ordinary & _readable(rows, "人员类别")).then(pl.coalesce(special, own)).otherwise(own)}


def _household(rows: pl.DataFrame) -> Columns:
    names = ("户编号", "户主身份证号", "户主姓名", "与户主关系")
    if not any(name in rows.columns for name in names):
        return {}
    text = pl.String()
    head = _folded(rows, "户主姓名")
    where = [_col(rows, name, text) for name in ("乡镇", "行政村")]
    by_name = pl.when(head.is_not_null()).then(pl.concat_str([head, *where], separator="|", ignore_nulls=True))
    is_head = _col(rows, "与户主关系", text).is_in(HEAD)
    own_id = pl.when(is_head).then(_col(rows, "身份证号", text))
    number = _col(rows, "户编号", text)  # a short one counts from one again in every village
    local = pl.concat_str([number, *where], separator="|", ignore_nulls=True)
    number = pl.when(number.str.len_chars() < _SHORT).then(local).otherwise(number)
    return {"户": pl.coalesce(number, _col(rows, "户主身份证号", text), by_name, own_id)}


def _employer(rows: pl.DataFrame) -> Columns:
    if not {"统一社会信用代码", "单位名称"} & set(rows.columns):
        return {}
    name = _folded(rows, "单位名称")
    return {"单位": pl.coalesce(_col(rows, "统一社会信用代码", pl.String()), name)}


def _claim(rows: pl.DataFrame) -> Columns:
    given = [name for name in _CLAIMS if name in rows.columns]
    if not given:
        return {}
    amount = pl.coalesce(given)
    unread = [pl.col(bad(name)).fill_null(False) for name in given if bad(name) in rows.columns]
    if not unread:
        return {"申报金额": amount}
    return {"申报金额": amount, bad("申报金额"): amount.is_null() & pl.any_horizontal(unread)}


def _months_touched(start: pl.Expr, end: pl.Expr) -> pl.Expr:
    """Calendar months from ``start`` to ``end``, both counted; null when the end lies before the start."""
    months = (end.dt.year() - start.dt.year()) * 12 + end.dt.month().cast(pl.Int32) - start.dt.month() + 1
    return pl.when(months > 0).then(months.cast(pl.Int64))


def _known_month(rows: pl.DataFrame, name: str) -> pl.Expr:
    """A date that is known to the month; a date known only to the year counts no months."""
    first, end = _col(rows, name, pl.Date()), _col(rows, last(name), pl.Date())
    same = (first.dt.year() == end.dt.year()) & (first.dt.month() == end.dt.month())
    return pl.when(same).then(first)


def _known_day(rows: pl.DataFrame, name: str) -> pl.Expr:
    first = _col(rows, name, pl.Date())
    return pl.when(first == _col(rows, last(name), pl.Date())).then(first)


def _insured(rows: pl.DataFrame) -> Columns:
    if not _has(rows, "社保开始日期", "社保结束日期"):
        return {}
    months = _months_touched(_known_month(rows, "社保开始日期"), _known_month(rows, "社保结束日期"))
    return {"连续缴费月数": _fill(rows, "连续缴费月数", months, pl.Int64())}


def _subsidised(rows: pl.DataFrame) -> Columns:
    """The months of the training; and a post that is paid for one calendar month is paid for one."""
    known: list[pl.Expr] = []
    if _has(rows, "训练开始日期", "训练结束日期"):
        known.append(_months_touched(_known_month(rows, "训练开始日期"), _known_month(rows, "训练结束日期")))
    if _has(rows, "所属期", "岗位名称"):
        whole = _known_month(rows, "所属期").is_not_null() & (pl.col("所属期") != pl.col(last("所属期")))
        known.append(pl.when(whole & pl.col("岗位名称").is_not_null()).then(pl.lit(1, pl.Int64)))
    return {"补贴月数": _fill(rows, "补贴月数", pl.coalesce(known), pl.Int64())} if known else {}


def _left(rows: pl.DataFrame) -> Columns:
    """Whose contract was dissolved has left on that day."""
    if not _has(rows, "解除日期"):
        return {}
    return _fill_date(rows, "离职日期", pl.col("解除日期"), pl.col(last("解除日期")))


def _appointed(rows: pl.DataFrame) -> Columns:
    """A contract that states its length and no start runs from the day the post was taken up."""
    if not _has(rows, "上岗日期", "合同月数"):
        return {}
    stated = pl.col("合同月数").is_not_null()
    first, end = (pl.when(stated).then(pl.col(name)) for name in ("上岗日期", last("上岗日期")))
    return _fill_date(rows, "合同开始日期", first, end)


def _contract(rows: pl.DataFrame) -> Columns:
    """A contract of n months ends on the corresponding day: 2021-03-01 and 12 months → 2022-03-01."""
    if not _has(rows, "合同开始日期", "合同月数"):
        return {}
    term = pl.format("{}mo", pl.col("合同月数"))
    first, end = (pl.col(name).dt.offset_by(term) for name in ("合同开始日期", last("合同开始日期")))
    return _fill_date(rows, "合同结束日期", first, end)


def _interest(rows: pl.DataFrame) -> Columns:
    if not _has(rows, "计息开始日期", "计息结束日期"):
        return {}
    days = (_known_day(rows, "计息结束日期") - _known_day(rows, "计息开始日期")).dt.total_days()
    return {"计息天数": _fill(rows, "计息天数", pl.when(days >= 0).then(days), pl.Int64())}


def _operating(rows: pl.DataFrame) -> Columns:
    """Months in business when the application was made; the start is the registration, else the opening."""
    if "申请日期" not in rows.columns or not {"登记日期", "开业日期"} & set(rows.columns):
        return {}
    start = pl.coalesce(_known_day(rows, "登记日期"), _known_day(rows, "开业日期"))
    months = _corresponding_months(start, _known_day(rows, "申请日期"))
    return {"正常经营月数": _fill(rows, "正常经营月数", months, pl.Int64())}


def _loan(rows: pl.DataFrame) -> Columns:
    """A loan of n months falls due on the corresponding day, and its term is the months between its two days."""
    if not _has(rows, "贷款发放日期"):
        return {}
    paid_out, due = _known_day(rows, "贷款发放日期"), _known_day(rows, "贷款到期日期")
    term = _col(rows, "贷款期限", pl.Int64())
    until = paid_out.dt.offset_by(pl.format("{}mo", term))
    columns = _fill_date(rows, "贷款到期日期", until, until)
    rest = due > paid_out.dt.offset_by(pl.format("{}mo", _corresponding_months(paid_out, due)))
    months = _corresponding_months(paid_out, due) + rest.cast(pl.Int64)  # a day over is a month over
    return columns | {"贷款期限": _fill(rows, "贷款期限", months, pl.Int64())}


def _stable(rows: pl.DataFrame) -> Columns:
    start, end = _span(rows, *_STARTS), _span(rows, *_ENDS)
    if "务工月数" not in rows.columns and not (start and end):
        return {}
    months = [_col(rows, "务工月数", pl.Int64())]
    if start and end:
        months += [_whole_months(start.day, end.day), _months_touched(start.month, end.month)]
    return {"稳定就业月数": _fill(rows, "稳定就业月数", pl.coalesce(months), pl.Int64())}


class _Known(NamedTuple):
    """A date as far as it is known: to the day, or only to the month (its first day)."""

    day: pl.Expr
    month: pl.Expr


def _span(rows: pl.DataFrame, *names: str) -> _Known | None:
    """The first of the dates that a row has."""
    given = [name for name in names if name in rows.columns]
    if not given:
        return None
    first, end = pl.coalesce(given), pl.coalesce(last(name) for name in given)
    same = (first.dt.year() == end.dt.year()) & (first.dt.month() == end.dt.month())
    return _Known(pl.when(first == end).then(first), pl.when(same & (first != end)).then(first))


def _whole_months(start: pl.Expr, end: pl.Expr) -> pl.Expr:
    """Whole months from ``start`` to the day after ``end``: 3-1 to 5-31 is three."""
    return _corresponding_months(start, end.dt.offset_by("1d"))


def _corresponding_months(start: pl.Expr, after: pl.Expr) -> pl.Expr:
    """The largest n for which n months after ``start`` is not past ``after``; month ends clamp (31 January, 28 February)."""
    cut = (after.dt.day() < start.dt.day()) & (after.dt.offset_by("1d").dt.day() != 1)
    months = (after.dt.year() - start.dt.year()) * 12 + after.dt.month().cast(pl.Int32) - start.dt.month() - cut.cast(pl.Int32)
    return pl.when(months >= 0).then(months.cast(pl.Int64))
