"""Where the money is, as bars: by rule, township, employer or programme; and where the rows of the input ended."""

from collections.abc import Mapping, Sequence
from urllib.parse import quote

import msgspec
import polars as pl
from msgspec.structs import replace

from jybf.model import LINE, STOP, Summary
from jybf.report.listing import UNSTATED, meant, money
from jybf.report.summary import PLACES

_MOST_OF = {"编号": 8}  # bars, by what they stand for; the others are one more. More of them, and the first sheet is two
_MOST = 6
_PLACE = ["文件", "工作表", LINE]


class Bar(msgspec.Struct, frozen=True):
    """``width``: percent of the longest bar; ``share``: percent of all, as text; ``link``: the filter that lists its lines."""

    label: str
    figure: str
    aside: str
    width: str
    share: str
    link: str = ""
    faint: bool = False  # 其余 and 未写明 are no name of anything


class Picture(msgspec.Struct, frozen=True):
    """Bars that add up to ``total``; ``how`` says what they count."""

    title: str
    how: str
    total: str
    bars: tuple[Bar, ...]


class Part(msgspec.Struct, frozen=True):
    """One part of the bar that is all lines of the input, from ``start`` on, ``width`` wide, both in thousandths."""

    name: str
    count: int
    kind: str  # names its pattern
    start: str
    width: str


def at_risk(found: pl.DataFrame) -> pl.DataFrame:
    """What the findings at 拦截 put at risk: a line a row, 分 its largest sum (null: none is stated), 条 its findings.

    A total that does not add up is an error of the sheet, and no money of anybody's: it is left out.
    编号, 乡镇, 单位 are those of the finding with that sum, so that whatever they are grouped by, the sums add up to the same.
    ``found``: of ``lines``, without what is waived.
    """
    stops = found.filter(pl.col("级别") == STOP, "_on").sort("分", descending=True, nulls_last=True, maintain_order=True)
    first = pl.col("分", "编号", "乡镇", "单位").first()
    return stops.group_by(_PLACE, maintain_order=True).agg(first, pl.len().alias("条"))


def unstated(risk: pl.DataFrame) -> int:
    """How many findings at 拦截 are on rows that state no sum: not zero, unknown."""
    return int(risk.filter(pl.col("分").is_null())["条"].sum())


def risk_pictures(found: pl.DataFrame) -> tuple[Picture, ...]:
    """Yuan at risk by rule, township and employer; where no sum is known, findings instead; none where nothing was found."""
    risk = at_risk(found)
    if risk["分"].sum():
        known = "拦截涉及的金额；一行有几条拦截的，只算金额最大的一条，算一次"
        silent = unstated(risk)
        how = known + (f"。另有 {silent} 条没有写明金额，不在条的长度里" if silent else "")
        return _three(risk, "元", how, STOP)
    stops = found.filter(pl.col("级别") == STOP)
    counted, level = (stops, STOP) if stops.height else (found, "")
    how = "拦截的条数；表上没有写明金额" if level else "发现的条数；没有拦截"
    return _three(counted.with_columns(pl.lit(1).alias("条")), "条", how, level)


def _three(rows: pl.DataFrame, unit: str, how: str, level: str) -> tuple[Picture, ...]:
    heads = (("编号", "按规则"), ("乡镇", "按乡镇"), ("单位", "按单位"))
    return tuple(picture(rows, name, title, how, unit, level) for name, title in heads) if rows.height else ()


def picture(rows: pl.DataFrame, name: str, title: str, how: str, unit: str, level: str) -> Picture:
    """Bars of ``rows`` (分 and 条 each) by column ``name``, the longest first; ``unit``: what they measure, 元 or 条."""
    stated = pl.when(pl.col("分").count() > 0).then(pl.sum("分")).alias("元")  # nothing stated is not zero
    silent = pl.col("条").filter(pl.col("分").is_null()).sum().alias("无")
    sums = rows.group_by(name).agg(pl.sum("条"), stated, silent)
    sums = sums.sort(unit, "条", name, descending=[True, True, False], nulls_last=True)
    most = _MOST_OF.get(name, _MOST)
    shown, rest = sums.head(most), sums.slice(most)
    sizes = {str(key): _Size(*size) for key, *size in shown.iter_rows()}
    others = _Size(int(rest["条"].sum()), int(rest["元"].sum()) if rest["元"].count() else None, int(rest["无"].sum()))
    total = int(sums[unit].sum())
    scale = (max(size.much(unit) for size in (*sizes.values(), others)), total)  # a bar of many must not look like one
    bars = [_bar(key, size, unit, scale) for key, size in sizes.items()]
    bars = [replace(bar, link=_link(level, name, bar.label), label=_label(name, bar.label)) for bar in bars]
    bars += [replace(_bar(f"其余 {rest.height} 个", others, unit, scale), faint=True)] * bool(rest.height)
    return Picture(title, how, f"{money(total)} 元" if unit == "元" else f"{total} 条", tuple(bars))


class _Size(msgspec.Struct, frozen=True):
    """Findings, their 分 (None: none stated) and how many of them state none."""

    count: int
    fen: int | None
    silent: int

    def much(self, unit: str) -> int:
        """What a bar in ``unit`` (元 or 条) measures; 分 for 元."""
        return (self.fen or 0) if unit == "元" else self.count


def _bar(key: str, size: _Size, unit: str, scale: tuple[int, int]) -> Bar:
    longest, total = scale
    much = size.much(unit)
    figure = f"{size.count} 条" if unit == "条" else "没有写明金额" if size.fen is None else f"{money(size.fen)} 元"
    aside = f"另 {size.silent} 条没有写明" if size.silent and unit == "元" and size.fen is not None else ""
    width, share = 100 * much / max(longest, 1), 100 * much / max(total, 1)
    return Bar(key or UNSTATED, figure, aside, f"{width:.2f}", f"{share:.1f}%", faint=not key)


def _label(name: str, key: str) -> str:
    return f"{key} {meant(key)[0]}" if name == "编号" and key.startswith("JY") else key


def _link(level: str, name: str, key: str) -> str:
    return "#" + "&".join(f"{quote(what)}={quote(value, safe='')}" for what, value in (("级别", level), (name, key)) if value)


def parts(summary: Summary) -> tuple[Part, ...]:
    """Where the lines of the input ended; titles, headers, totals and the like are one part. They add up to all of it."""
    counts = {name: count for name, count in summary.lines.items() if name in PLACES and count}
    kinds = {name: f"p{PLACES.index(name)}" for name in counts}
    others: Mapping[str, int] = {name: count for name, count in summary.lines.items() if name not in PLACES and count}
    if others:
        name = "、".join(others)
        counts[name], kinds[name] = sum(others.values()), "other"
    return _laid_out(list(counts.items()), kinds)


def _laid_out(counts: Sequence[tuple[str, int]], kinds: Mapping[str, str]) -> tuple[Part, ...]:
    total = sum(count for _, count in counts)
    laid: list[Part] = []
    before = 0
    for name, count in counts:
        laid.append(Part(name, count, kinds[name], f"{1000 * before / total:.2f}", f"{1000 * count / total:.2f}"))
        before += count
    return tuple(laid)
