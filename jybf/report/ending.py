"""The summary of a run as plain text: what ``screen.summary`` shows off a terminal, without Rich, which takes long to load.

From what the figures were made stands below it (``notes.source``).
"""

from collections.abc import Iterator, Sequence
from unicodedata import east_asian_width

from jybf.model import RESULTS, Report, Summary
from jybf.report.notes import alone, lacking, notes, unchecked
from jybf.vocabulary.yuan import yuan

_GAP = "   "


def ending(report: Report) -> str:
    """What was not checked and what the run came to: money, and where every line went."""
    return "\n".join(_lines(report))


def _lines(report: Report) -> Iterator[str]:
    if report.not_run:
        yield f"\n{unchecked(report)}"
        own = [(f"  {skip.code}", skip.title, skip.why) for skip in alone(report)]
        yield from _aligned(own, "  ")
        yield from (f"  {line}" for line in lacking(report))
    yield ""
    if report.summary.programs:
        yield from _programs(report.summary)
        yield ""
    yield from notes(report)


def _programs(say: Summary) -> Iterator[str]:
    """The programmes with their counts and sums, and below several what all come to."""
    heads = ("补贴项目", *RESULTS, "可发放 元", "待补 元")
    rows = [(p.program, *(str(p.counts[r] or "·") for r in RESULTS), yuan(p.paid_fen), yuan(p.held_fen)) for p in say.programs]
    total = [str(sum(p.counts[r] for p in say.programs)) for r in RESULTS]
    paid, held = sum(p.paid_fen for p in say.programs), sum(p.held_fen for p in say.programs)
    last = [("合计", *total, yuan(paid), yuan(held))] if len(say.programs) > 1 else []
    head, *body = _aligned([heads, *rows, ("合计", *total, yuan(paid), yuan(held))], _GAP, right=True)
    yield from (head, "─" * _width(head), *body[: len(rows)], *([""] * len(last)), *body[len(rows) : len(rows) + len(last)])


def _aligned(rows: Sequence[Sequence[str]], gap: str, *, right: bool = False) -> Iterator[str]:
    """``rows`` in columns; all but the first of them to the ``right``."""
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        blanks = [" " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)]
        cells = [blank + cell if right and n else cell + blank for n, (cell, blank) in enumerate(zip(row, blanks, strict=True))]
        yield gap.join(cells).rstrip()


def _width(text: str) -> int:
    """How many cells of a terminal ``text`` takes."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
