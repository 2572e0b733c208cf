"""The terminal: widths, colours, progress, and the summary that ends every run."""

import io
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TextIO

import polars as pl
from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, JustifyMethod, OverflowMethod, RenderableType
from rich.containers import Lines
from rich.padding import Padding
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from jybf.audit import explain
from jybf.model import DOUBT, HINT, INCOMPLETE, LEVELS, PAID, REFUSED, RESULTS, STOP, UNDETERMINED, Report, Summary
from jybf.report.notes import alone, lacking, notes, source, unchecked
from jybf.visible import visible
from jybf.vocabulary.yuan import yuan

_BY_RESULT = {PAID: "green", REFUSED: "red", INCOMPLETE: "yellow", UNDETERMINED: "cyan"}
_BY_LEVEL = {STOP: "red", DOUBT: "yellow", HINT: "cyan"}
COLOURS = _BY_RESULT | _BY_LEVEL
_UNBOUNDED = 100_000  # columns: off a terminal nothing is wrapped or cropped


_OPENING, _CLOSING = re.escape("（〔“‘《【〈「([{"), re.escape("、，。；：？！）〕”’》】〉」…%％✓)]},.;:!?")
# What stays on one line: a number with the character it counts, a Latin word, a character; and the marks around it.
_PIECES = rf"[{_OPENING}]*(?:[0-9][0-9.,]* ?[\u4e00-\u9fff]|[!-~]+?(?![!-~])|[^ ])?(?:\.[0-9A-Za-z]+|[{_CLOSING}]| ·)*\x20*"


class Prose(Text):
    """Text that goes on below as Chinese does: anywhere, but no line begins with a closing mark or ends with an opening one."""

    def wrap(
        self,
        console: Console,
        width: int,
        *,
        justify: JustifyMethod | None = None,
        overflow: OverflowMethod | None = None,
        tab_size: int = 8,
        no_wrap: bool | None = None,
    ) -> Lines:
        """Its lines, each at most ``width`` cells wide, as Rich's own Text gives them."""
        plain = self.plain
        if no_wrap or justify not in (None, "default", "left") or "\t" in plain:
            return super().wrap(console, width, justify=justify, overflow=overflow, tab_size=tab_size, no_wrap=no_wrap)
        lines = Lines()
        for line in self.split(allow_blank=True):
            for part in line.divide(_breaks(line.plain, width)):
                part.rstrip()
                lines.append(part)
        return lines


def tell(screen: Console, text: str, style: str = "", aside: str = "") -> None:
    """Print ``text`` as prose, with a dimmer ``aside`` behind it. (Rich makes plain text of any text that stands alone.)"""
    prose = Prose(text, style)
    prose.append(aside, "not bold dim")
    screen.print(Padding(prose, 0, expand=False))


def _breaks(text: str, width: int) -> list[int]:
    """Where the lines of ``text`` begin, but for the first. What is wider than a line alone is cut wherever it is full."""
    if cell_len(text) <= width:
        return []
    starts: list[int] = []
    used = 0
    for piece in re.finditer(_PIECES, text):
        needed = cell_len(piece[0].rstrip(" "))
        if used and used + needed > width:
            starts.append(piece.start())
            used = 0
        if needed > width:
            cuts, used = _cuts(piece[0], width)
            starts += [piece.start() + cut for cut in cuts]
        else:
            used += cell_len(piece[0])
    return starts


def _cuts(word: str, width: int) -> tuple[list[int], int]:
    """Where a ``word`` wider than a line is cut, and the cells that its last part takes."""
    cuts: list[int] = []
    used = 0
    for at, character in enumerate(word):
        wide = cell_len(character)
        if used + wide > width and used:
            cuts.append(at)
            used = 0
        used += wide
    return cuts, used


FOLDED, WIDE = {"overflow": "fold"}, {"overflow": "fold", "ratio": 1}  # columns: as wide as needed; as wide as the page


def grid(*columns: dict[str, Any]) -> Table:
    """A table without lines and headings, of ``columns`` as Rich's ``add_column`` takes them."""
    table = Table.grid(padding=(0, 2), pad_edge=True)
    for column in columns:
        table.add_column(**column)
    return table


def labelled(table: Table, lines: Iterable[tuple[str, str, Sequence[str | Text]]], screen: Console) -> None:
    """Print ``lines``: label, its style, the other cells. The label of several is said once; no lines, no table."""
    said = ""
    for label, style, cells in lines:
        table.add_row(Prose("" if label == said else label, style), *cells)
        said = label
    if table.row_count:
        screen.print(table)


class _Door(Console):
    """A console that shows no character that would steer the terminal, but for its own colours and movements."""

    whole = False  # on a terminal too every row, and each check that did not run

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """As Rich does it: segments of text with a style, or of control codes of its own."""
        for text, style, control in super().render(renderable, options):
            yield Segment(text if control else visible(text), style, control)


def console(stream: TextIO | None = None, *, whole: bool = False) -> Console:
    """A console on ``stream`` (default: stdout). Off a terminal it has no colours and no width to speak of."""
    out = stream or sys.stdout
    width = None if out.isatty() else _UNBOUNDED
    door = _Door(file=out, width=width, highlight=False, markup=False, emoji=False)
    door.whole = whole
    return door


def brief(screen: Console) -> bool:
    """Whether ``screen`` shows what one reads at a time: a terminal of which not the ``whole`` was asked."""
    return screen.is_terminal and not getattr(screen, "whole", False)


def on_paper(show: Callable[[Console], object]) -> bytes:
    """What ``show`` prints as plain text in UTF-8: every row, nothing wrapped, cropped or coloured."""
    text = io.StringIO()
    show(_Door(file=text, width=_UNBOUNDED, color_system=None, highlight=False, markup=False, emoji=False))
    return "".join(line.rstrip() + "\n" for line in text.getvalue().splitlines()).encode()


def summary(report: Report, screen: Console) -> None:
    """Print what was not checked and what the run came to: money, where every line went, and from what it was made."""
    _unchecked(report, screen)
    screen.print()
    if report.summary.programs:
        screen.print(_programs(report.summary))
        screen.print()
    if brief(screen) and report.kind == "audit":
        _index(report, screen)
    for line in (*notes(report), source(report)):
        tell(screen, line)
    if brief(screen) and report.summary.clearance:
        tell(screen, "每一行能不能发：加 -o 批注.xlsx，看里面的“放行清单”", "dim")


def _index(report: Report, screen: Console) -> None:
    """The findings by level and rule: what scrolled by."""
    for level in LEVELS:
        part = report.frame.filter(pl.col("级别") == level)
        counts = part.group_by("编号", maintain_order=True).len().iter_rows()
        if told := "、".join(f"{explain(code).title}（{code}）{count} 条" for code, count in counts):
            screen.print(Padding(Text(f"{level}  ", COLOURS[level]) + Prose(told), 0, expand=False))


def _unchecked(report: Report, screen: Console) -> None:
    """The checks that lacked their data, each with its reason: it must be seen also by whoever pipes the findings on."""
    if not report.not_run:
        return
    tell(screen, f"\n{unchecked(report)}", "bold", "  逐项列出用 --all" * brief(screen))
    if brief(screen):
        for line in _reasons(report):
            screen.print(Padding(Prose(line, "dim"), (0, 0, 0, 2), expand=False))
        return
    table = grid(*[FOLDED] * 3)
    for skip in alone(report):
        table.add_row(skip.code, Prose(skip.title), Prose(skip.why, "dim"))
    screen.print(table)
    for line in lacking(report):
        screen.print(Padding(Prose(line, "dim"), (0, 0, 0, 2), expand=False))


def _reasons(report: Report) -> Iterator[str]:
    """Why checks did not run, a line a reason, with how many."""
    whys = Counter(skip.why for skip in report.not_run if not (skip.lists or skip.columns))
    yield from (f"{count} 项  {why}" for why, count in whys.items())
    unlisted = [skip for skip in report.not_run if skip.lists]
    names = "、".join(dict.fromkeys(name for skip in unlisted for name in skip.lists))
    yield from (f"{len(unlisted)} 项  没有给名单（--against 名单=文件）：{names}" for _ in unlisted[:1])
    if bare := sum(bool(skip.columns) and not skip.lists for skip in report.not_run):
        yield f"{bare} 项  花名册没有要看的列"


def _programs(say: Summary) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False, show_footer=len(say.programs) > 1)
    total = {result: sum(p.counts[result] for p in say.programs) for result in RESULTS}
    table.add_column("补贴项目", "合计", overflow="fold")
    for result in RESULTS:
        table.add_column(result, str(total[result]), justify="right", style=COLOURS[result], no_wrap=True)
    paid, held = sum(p.paid_fen for p in say.programs), sum(p.held_fen for p in say.programs)
    table.add_column("可发放 元", yuan(paid), justify="right", no_wrap=True)
    table.add_column("待补 元", yuan(held), justify="right", no_wrap=True)
    for p in say.programs:
        counts = [Text(str(p.counts[r]) if p.counts[r] else "·") for r in RESULTS]
        table.add_row(Prose(p.program), *counts, yuan(p.paid_fen), yuan(p.held_fen))
    return table
