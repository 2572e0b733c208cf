"""Text on a screen that goes on below as Chinese does, wherever lines must be broken."""

import re

from rich.cells import cell_len
from rich.console import Console, JustifyMethod, OverflowMethod
from rich.containers import Lines
from rich.text import Text

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


class Origin(Prose):
    """Text of which the numbers of people are hidden already, and whose digests stay."""


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
