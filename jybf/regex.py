"""Regular expressions that are compiled when they are first used: a run meets few of the odd texts that they are for."""

import re
from collections.abc import Callable
from typing import AnyStr, cast


class _Pattern:
    def __init__(self, source: str | bytes, flags: int) -> None:
        self.pattern = source
        self.flags = flags

    def __getattr__(self, name: str) -> Callable[..., object]:
        method = getattr(re.compile(self.pattern, self.flags), name)
        setattr(self, name, method)
        return method


def pattern(source: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """As ``re.compile``, without its errors until the first match. Of its methods; the functions of ``re`` do not take it."""
    return cast("re.Pattern[AnyStr]", _Pattern(source, flags))
