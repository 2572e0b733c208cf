"""What can go wrong, said once: each kind of error has one exit code, and one error may carry many problems."""

from collections.abc import Iterable

import msgspec


class Problem(msgspec.Struct, frozen=True):
    """One thing that is wrong: what (``message``), where (file, sheet, cell, clause), and what to do (``hint``)."""

    message: str
    where: str = ""
    hint: str = ""

    def __str__(self) -> str:
        where = f"{self.where}：" if self.where else ""
        hint = f"（{self.hint}）" if self.hint else ""
        return f"{where}{self.message}{hint}"


class JybfError(Exception):
    """Base of every error shown to a user. ``exit_code`` is part of the command line's contract."""

    exit_code = 2

    def __init__(self, *problems: Problem) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class UsageError(JybfError):
    """The command line asks for something that does not exist or contradicts itself."""


class PackError(JybfError):
    """A rule pack, the field dictionary or a reference series is not as it must be; all its faults at once."""


class OutputError(JybfError):
    """The result could not be written; nothing was written."""


class InputError(JybfError):
    """An input file cannot be read; nothing was assessed."""

    exit_code = 3


def near(word: str, known: Iterable[str]) -> str:
    """What of ``known`` is spelt like ``word``, as the beginning of a hint; "" if nothing is."""
    from difflib import get_close_matches  # only for who has mistyped something

    close = get_close_matches(word, list(known), n=3, cutoff=0.5)
    return f"相近的有 {'、'.join(close)}；" if close else ""
