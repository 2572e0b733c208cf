"""The terminal: widths, colours, progress, and the summary that ends every run."""

import io
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TextIO

import polars as pl
from rich.box import SIMPLE_HEAD
from rich.console import Console, ConsoleOptions, RenderableType
from rich.padding import Padding
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from jybf.audit import explain
from jybf.model import DOUBT, HINT, INCOMPLETE, LEVELS, PAID, REFUSED, RESULTS, STOP, UNDETERMINED, Report, Summary
from jybf.report.notes import alone, lacking, notes, source, unchecked
from jybf.report.prose import Origin, Prose
from jybf.visible import covered, covered_origin, hides_numbers, visible
from jybf.vocabulary.yuan import yuan

_BY_RESULT = {PAID: "green", REFUSED: "red", INCOMPLETE: "yellow", UNDETERMINED: "cyan"}
_BY_LEVEL = {STOP: "red", DOUBT: "yellow", HINT: "cyan"}
COLOURS = _BY_RESULT | _BY_LEVEL
_UNBOUNDED = 100_000  # columns: off a terminal nothing is wrapped or cropped


def tell(screen: Console, text: str, style: str = "", aside: str = "") -> None:
    """Print ``text`` as prose, with a dimmer ``aside`` behind it. (Rich makes plain text of any text that stands alone.)"""
    prose = Prose(text, style)
    prose.append(aside, "not bold dim")
    screen.print(Padding(prose, 0, expand=False))


def tell_origin(screen: Console, text: str, style: str = "") -> None:
    """Print ``text``, which names files with their digests."""
    hidden = covered_origin(text) if getattr(screen, "hides", False) else text
    screen.print(Padding(Origin(hidden, style), 0, expand=False))


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
    """A console that shows no character that would steer the terminal, but for its own colours and movements.

    While it ``hides`` numbers of people it does so before lines are broken, so that no number goes on below.
    """

    whole = False  # on a terminal too every row, and each check that did not run
    hides = True

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """As Rich does it: segments of text with a style, or of control codes of its own."""
        for text, style, control in super().render(_covered(renderable) if self.hides else renderable, options):
            yield Segment(text if control else visible(text), style, control)


def _covered(renderable: RenderableType) -> RenderableType:
    """A text without numbers of people; whatever else there is to show comes to texts in the end."""
    if isinstance(renderable, str):
        return covered(renderable)
    if not isinstance(renderable, Text) or isinstance(renderable, Origin):
        return renderable
    plain = covered(renderable.plain)
    if plain == renderable.plain:
        return renderable
    hidden = Prose(plain, renderable.style, justify=renderable.justify, overflow=renderable.overflow, end=renderable.end)
    hidden.no_wrap = renderable.no_wrap
    hidden.spans = [span for span in renderable.spans if span.end <= len(plain)]
    return hidden


def console(stream: TextIO | None = None, *, whole: bool = False) -> Console:
    """A console on ``stream`` (default: stdout). Off a terminal it has no colours and no width to speak of."""
    out = stream or sys.stdout
    width = None if out.isatty() else _UNBOUNDED
    door = _Door(file=out, width=width, highlight=False, markup=False, emoji=False)
    door.whole, door.hides = whole, hides_numbers()
    return door


def brief(screen: Console) -> bool:
    """Whether ``screen`` shows what one reads at a time: a terminal of which not the ``whole`` was asked."""
    return screen.is_terminal and not getattr(screen, "whole", False)


def on_paper(show: Callable[[Console], object], *, mask: bool) -> bytes:
    """What ``show`` prints as plain text in UTF-8: every row, nothing wrapped, cropped or coloured; ``mask`` hides numbers."""
    text = io.StringIO()
    page = _Door(file=text, width=_UNBOUNDED, color_system=None, highlight=False, markup=False, emoji=False)
    page.hides = mask
    show(page)
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
    for line in notes(report):
        tell(screen, line)
    tell_origin(screen, source(report))
    if brief(screen) and report.summary.clearance and report.kind != "pay_list":
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
