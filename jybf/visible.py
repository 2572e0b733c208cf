"""The door to the terminal: text without the characters that steer it, turn other text around or look like nothing."""

import re
from typing import TextIO

from jybf.regex import pattern

# Control characters but tab and newline; joiners, fillers, marks of direction, tags. Variation selectors
# choose the form of a rare name's character and stay. Both Python and Polars take it as part of a pattern.
INVISIBLE = (
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U0001d173-\U0001d17a\U000e0000-\U000e00ff]"
)
_STEERS = pattern(INVISIBLE)
_BROKEN = pattern("[\ud800-\udfff]")  # bytes of a file's name that are no text
_LONGEST = 2000  # characters of one sentence


def visible(text: str) -> str:
    """``text`` as it may be shown; lines and tabs stay."""
    return _BROKEN.sub("\ufffd", _STEERS.sub("", text))


def sentence(text: str) -> str:
    """``text`` as one line that may be shown, shortened with … if it is longer than anybody reads."""
    line = re.sub(r"\s*[\n\t]\s*", " ", visible(text).strip())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"


def say(text: str, stream: TextIO | None = None) -> None:
    """Print ``text`` (default: stdout). Whatever isn't a result goes through here or through Rich's console."""
    print(visible(text), file=stream)
