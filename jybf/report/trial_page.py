"""A trial on a screen and in files. Every line says that it is one: nobody may take it for a result."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import copy
from dataclasses import replace
from typing import TYPE_CHECKING, Any, BinaryIO

import msgspec
import polars as pl
from rich.box import SIMPLE_HEAD
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from jybf.assess.trial import CHANGES, GAIN, HOPE, LOSS, MORE, SUMS, WHOLE, Trial
from jybf.model import LINE
from jybf.report.anew import write_book
from jybf.report.formats.csv import write_frame
from jybf.report.layout import table
from jybf.report.plain import masked, without_numbers, yuan_columns
from jybf.report.prose import Prose
from jybf.report.rows import cut, person, rest
from jybf.report.screen import on_paper, tell, tell_origin
from jybf.roster.own import TRIAL
from jybf.vocabulary.yuan import yuan

if TYPE_CHECKING:
    from rich.console import Console

SCHEMA = 1
FORMS = {"table": ".txt", "csv": ".csv", "json": ".json", "xlsx": ".xlsx"}
NO_RESULT = "试算，不是结果：只看改了会怎样，不能据此发钱"
_BOUNDLESS = 10_000  # cells, to measure what a table would take
_MOST = 20  # lines of changes on a terminal
_STYLES = {GAIN: "green", MORE: "green", LOSS: "red"}


class Shown(msgspec.Struct, frozen=True):
    """A trial, what it supposes in words, and where its figures came from."""

    trial: Trial
    supposes: str
    provenance: Mapping[str, str]


def print_trial(shown: Shown, screen: Console, *, mask: bool) -> None:
    """The page: what is supposed, what it comes to, who gains and who loses."""
    tell(screen, f"\n{NO_RESULT}", "bold yellow")
    tell(screen, f"{TRIAL}  设想  {shown.supposes}")
    some = pl.any_horizontal(pl.col("原最多", "新最多", "原待定标准", "新待定标准") != 0)
    for (name,), part in shown.trial.groups.filter(some).group_by("维度", maintain_order=True):
        if name != WHOLE and part.height > 1:
            _whole_or_told(_groups(part, str(name)), (_group(row) for row in part.iter_rows(named=True)), screen)
    screen.print()
    for line in _sentences(shown.trial):
        tell(screen, line)
    rows = shown.trial.rows
    tell(screen, f"\n{TRIAL}  变了 {rows.height} 行" + ("" if rows.height else "：什么都没有变"), "bold")
    if rows.height:
        order = pl.col("变化").replace_strict({change: rank for rank, change in enumerate(CHANGES)}, return_dtype=pl.Int8)
        few = cut(rows.sort(order, maintain_order=True), _MOST, screen)
        shown_rows = masked(few) if mask else few
        _whole_or_told(
            _changes(shown_rows, mask=mask), (_line(row, mask=mask) for row in shown_rows.iter_rows(named=True)), screen
        )
        rest(rows.height - few.height, screen)
    tell_origin(screen, f"{TRIAL}  出处  " + " · ".join(f"{key} {value}" for key, value in shown.provenance.items()))


def _sentences(trial: Trial) -> Iterator[str]:
    """What it comes to in all: heads and 元, certain, possible and most, before and after."""
    whole = trial.groups.row(0, named=True)
    yield f"{TRIAL}  可发放  {_turned(whole, '人数', str)} 人  {_turned(whole, '金额')} 元（{_signed(whole['增减'])}）"
    yield f"{TRIAL}  待补    {_turned(whole, '待补金额')} 元，缺的资料都补齐、都符合才有"
    yield f"{TRIAL}  最多    {_turned(whole, '最多')} 元"
    if whole["顶格人数"]:
        told = f"{whole['顶格人数']} 人报的正好是现在的上限，照表上报的没有变；可能多报，最多再多 {yuan(whole['顶格可增'])} 元"
        yield f"{TRIAL}  顶格    {told}，算在“最多”里"
    if whole["原待定标准"] or whole["新待定标准"]:
        yield f"{TRIAL}  待定    {_turned(whole, '待定标准', str)} 行没有标准，不知道多少"


def _groups(part: pl.DataFrame, dimension: str) -> Table:
    made = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False, collapse_padding=True)
    made.add_column(TRIAL, no_wrap=True, style="yellow")
    made.add_column(dimension, overflow="fold", min_width=12)
    for name in ("人数", "原 元", "新 元", "增减 元", "多得", "少得", "最多 元"):
        made.add_column(name, justify="right", no_wrap=True)
    for row in part.iter_rows(named=True):
        more, less = (f"{row[f'{word}人数']} 人" if row[f"{word}人数"] else "·" for word in ("多得", "少得"))
        sums = (yuan(int(row["原金额"])), yuan(int(row["新金额"])), _signed(row["增减"]))
        made.add_row(TRIAL, Prose(row["名称"]), _turned(row, "人数", str), *sums, more, less, yuan(int(row["新最多"])))
    return made


def _group(row: Mapping[str, Any]) -> str:
    """A line of the sums as a sentence."""
    sums = f"{_turned(row, '人数', str)} 人  {_turned(row, '金额')} 元（{_signed(row['增减'])}）"
    return f"{row['名称']}  {sums}  最多 {yuan(row['新最多'])} 元"


def _turned(row: Mapping[str, Any], name: str, said: Callable[[int], str] = yuan) -> str:
    old, new = said(row[f"原{name}"]), said(row[f"新{name}"])
    return new if old == new else f"{old} → {new}"


def _signed(fen: int) -> str:
    return f"+{yuan(fen)}" if fen > 0 else yuan(fen) if fen else "不变"


def _changes(rows: pl.DataFrame, *, mask: bool) -> Table:
    made = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False, collapse_padding=True)
    made.add_column(TRIAL, no_wrap=True, style="yellow")
    for name in ("变化", "行"):
        made.add_column(name, no_wrap=True)
    made.add_column("姓名", overflow="fold", min_width=6)
    made.add_column("身份证号", no_wrap=True)
    made.add_column("项目", overflow="fold", min_width=8)
    for name in ("原", "新", "增减 元"):
        made.add_column(name, justify="right", no_wrap=True)
    for row in rows.iter_rows(named=True):
        word = Text(row["变化"], _STYLES.get(row["变化"], ""))
        more = "" if row["变化"] == HOPE else _signed(row["增减"])
        made.add_row(
            TRIAL, word, str(row[LINE]), *person(row, mask), Prose(row["补贴项目"]), _side(row, "原"), _side(row, "新"), more
        )
    return made


def _line(row: Mapping[str, Any], *, mask: bool) -> str:
    """A row that changes as a sentence."""
    more = "" if row["变化"] == HOPE else f"（{_signed(row['增减'])}）"
    who = "  ".join(filter(None, person(dict(row), mask)))
    return f"{row['变化']}  第 {row[LINE]} 行  {who}  {row['补贴项目']}  {_side(row, '原')} → {_side(row, '新')}{more}"


def _side(row: Mapping[str, Any], mark: str) -> str:
    """What the row gets, else how much at most, if that is what changes, else its result."""
    if row["变化"] == HOPE:
        held = row[f"{mark}待补金额"]
        return "最多不明" if held is None else f"最多 {yuan(held)}"
    fen = row[f"{mark}金额"]
    return str(row[f"{mark}结果"]) if fen is None else yuan(int(fen))


def _whole_or_told(made: Table, lines: Iterable[str], screen: Console) -> None:
    """Print ``made``, or if the screen is too narrow for its figures ``lines`` instead: no figure is ever cropped."""
    narrow = copy(made)
    narrow.columns = [replace(column, max_width=column.min_width) for column in made.columns]
    if Measurement.get(screen, screen.options.update(max_width=_BOUNDLESS), narrow).maximum <= screen.width:
        screen.print(made)
        return
    screen.print()
    for line in lines:
        tell(screen, f"{TRIAL}  {line}")


def write_trial(shown: Shown, out: BinaryIO, form: str, *, mask: bool, who: bool) -> None:
    """``shown`` as ``form`` (a key of FORMS); ``who``: a CSV of the rows that change instead of the sums."""
    if form == "table":
        out.write(on_paper(lambda page: print_trial(shown, page, mask=mask), mask=mask))
        return
    groups, rows = (_marked(masked(frame) if mask else frame) for frame in (shown.trial.groups, shown.trial.rows))
    if form == "csv":
        write_frame(rows if who else groups, out)
    elif form == "xlsx":
        above = (NO_RESULT, f"设想：{shown.supposes}")
        write_book([table(f"{TRIAL}汇总", groups, above=above), table(f"{TRIAL}明细", rows, above=above)], out)
    else:
        head = {
            "schema": SCHEMA,
            "kind": "whatif",
            TRIAL: NO_RESULT,
            "设想": shown.supposes,
            "provenance": dict(shown.provenance),
        }
        told = msgspec.json.encode(without_numbers(head) if mask else head).removesuffix(b"}")
        out.write(told + b',"groups":[\n' + _lines(groups) + b'\n],"rows":[\n' + _lines(rows) + b"\n]}\n")


def _marked(frame: pl.DataFrame) -> pl.DataFrame:
    """``frame`` in 元, with the mark at the head of each line."""
    sums = yuan_columns(frame, [name for name in SUMS if name in frame.columns])
    return sums.select(pl.lit(TRIAL).alias(TRIAL), pl.all())


def _lines(frame: pl.DataFrame) -> bytes:
    lines = io.BytesIO()
    frame.with_columns(pl.selectors.decimal().cast(pl.String)).write_ndjson(lines)
    return lines.getvalue().rstrip(b"\n").replace(b"\n", b",\n")
