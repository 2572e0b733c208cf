"""How findings look on a sheet: the colour of each rank, and the note that tells them."""

from math import ceil

from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from jybf.report.layout import display_width
from jybf.report.marks import COLOURS
from jybf.report.sheets import safe_text

FILLS = tuple(PatternFill("solid", fgColor=colour) for colour in COLOURS)

_AUTHOR = "jybf 审核"
_LONGEST = 8_000  # characters of a note
_NARROW, _WIDE = 340, 520  # pixels
_TALLEST = 640
_LETTER, _LINE = 6.6, 16.5  # pixels of a letter's width, of a line's height


def note(text: str, existing: Comment | None = None) -> Comment:
    """A note as large as its text needs; one that is already there stays, and ours stands below it."""
    own = safe_text(text)
    whole = f"{existing.text}\n\n{own}" if existing else own
    if len(whole) > _LONGEST:
        whole = f"{whole[:_LONGEST]}…"
    width = next((w for w in (_NARROW, _WIDE) if _height(whole, w) <= _TALLEST), _WIDE)
    return Comment(whole, existing.author if existing else _AUTHOR, min(_height(whole, width), _TALLEST), width)


def _height(text: str, width: int) -> int:
    lines = sum(max(1, ceil(display_width(line) * _LETTER / (width - 16))) for line in text.split("\n"))
    return ceil(lines * _LINE + 12)
