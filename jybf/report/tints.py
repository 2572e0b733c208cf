"""How findings look on a sheet: the colour of each rank, and the note that tells them."""

from math import ceil

from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from jybf.report.marks import WAIVED
from jybf.report.sheets import display_width, safe_text

# By rank; each also has its own lightness, for those who print in black and white.
FILLS = tuple(PatternFill("solid", fgColor=colour) for colour in ("F28B82", "FFF2A8", "9DC3E6", "D9D9D9"))
LEGEND = dict(zip(("拦截，更正之前不能发", "疑点，核实之后再定", "提示", "已豁免"), FILLS, strict=True))

_AUTHOR = "jybf 审核"
_LONGEST = 8_000  # characters of a note
_NARROW, _WIDE = 340, 520  # pixels
_TALLEST = 640
_LETTER, _LINE = 6.6, 16.5  # pixels of a letter's width, of a line's height


def legend(*, waived: bool) -> dict[str, PatternFill]:
    """What each colour means; the last only where something is waived."""
    return dict(list(LEGEND.items())[: WAIVED + waived])


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
