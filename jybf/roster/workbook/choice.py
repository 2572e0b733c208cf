"""Which sheets and rows of a workbook are read, in words where that isn't plain."""

from collections.abc import Sequence

from jybf.errors import InputError, Problem

_MOST_SHEETS = 256
_MOST_NAMED = 5


def choose(sheets: Sequence[tuple[str, bool]], wanted: str | None, file: str) -> tuple[list[int], list[str]]:
    """The places of the sheets to read, out of names and whether they are shown; and the names of hidden ones left out.

    ``wanted``: a name, or a number from 1. InputError if there is no such sheet.
    """
    if wanted is not None:
        named = [place for place, (name, _) in enumerate(sheets) if name == wanted]
        numbered = [place for place in range(len(sheets)) if str(place + 1) == wanted]
        if not named and not numbered:
            names = "、".join(f"{number} {name}" for number, (name, _) in enumerate(sheets, 1))
            raise InputError(Problem(f"没有工作表“{wanted}”", where=file, hint=f"有：{names}"))
        return (named or numbered)[:1], []
    if len(sheets) > _MOST_SHEETS:
        hint = "用 --sheet 指定要读的一张"
        raise InputError(Problem(f"有 {len(sheets)} 个工作表，不像花名册", where=file, hint=hint))
    hidden = [name for name, visible in sheets if not visible]
    return [place for place, (_, visible) in enumerate(sheets) if visible], hidden


def about_hidden(where: str, lines: Sequence[int]) -> tuple[str, ...]:
    """A notice on hidden rows, if there are any: they are read like all others."""
    return (f"{where}：有 {len(lines)} 行被隐藏或筛选掉（第 {some(lines)} 行），照样读取",) * bool(lines)


def some(things: Sequence[object]) -> str:
    """The first few things, and how many there are in all."""
    return "、".join(map(str, things[:_MOST_NAMED])) + (f"等 {len(things)} 处" if len(things) > _MOST_NAMED else "")
