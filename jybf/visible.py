"""The door of every text to a human: without characters that steer a terminal or hide others, and without people's numbers.

What is told, shown or printed hides IDs, cards and phones wherever they stand, in a file's name as in a cell, unless the whole
of it was asked for (``show_numbers``).
"""

import re
from typing import TextIO

from jybf.regex import pattern

# Control characters but tab and newline; joiners, fillers, marks of direction, tags. Variation selectors
# choose the form of a rare name's character and stay. Both Python and Polars take it as part of a pattern.
INVISIBLE = (
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U0001d173-\U0001d17a\U000e0000-\U000e00ff]"
)
# Longest first: what is left of a longer run of digits is never taken for a shorter number. Digits may be full-width.
# Both Python and Polars take these patterns; what they show is written as Polars takes it.
MASKS = (
    (r"\d{15,}(\d{3}[\dXxＸｘ])", "********${1}"),  # a card, or IDs typed too long
    (r"(\d{6})[ -]?(?:19|20)\d\d[ -]?\d{4}[ -]?\d\d(\d[\dXxＸｘ])", "${1}**********${2}"),  # citizen ID, also in groups
    (r"(\d{6})\d{10}(\d[\dXxＸｘ])", "${1}**********${2}"),  # … born whenever, or an 18-digit card
    (r"\d{12,}(\d{3}[\dXxＸｘ])", "********${1}"),  # 16 or 17 digits
    (r"(\d{6})\d{7}(\d\d)", "${1}*******${2}"),  # citizen ID of 15 digits
    (r"\d{8,}(\d{4})", "********${1}"),  # bank account or card
    (r"\d{4}(?:[ -]\d{4}){2,4}[ -](\d{1,4})", "********${1}"),  # card in groups of four
    (r"(1[3-9]\d)[ -]?\d{4}[ -]?(\d{4})", "${1}****${2}"),  # mobile phone
)
_MANY = pattern(r"\d(?:[ -]?\d){10}")  # what every one of them needs
_MASKS = [(pattern(sign), shown.replace("${", r"\g<").replace("}", ">")) for sign, shown in MASKS]
_DIGEST = pattern(
    r"( [0-9a-f]{12}(?=[、，）]|$| · )|\b[0-9a-f]{64}\b)"
)  # of a file or a pack: no personal number, whatever its digits
_STEERS = pattern(INVISIBLE)
_BROKEN = pattern("[\ud800-\udfff]")  # bytes of a file's name that are no text
_LONGEST = 2000  # characters of one sentence


def visible(text: str) -> str:
    """``text`` as it may be shown; lines and tabs stay."""
    return _BROKEN.sub("\ufffd", _STEERS.sub("", text))


def covered(text: str) -> str:
    """``text`` as ``visible`` shows it, with most of each ID, card and phone number hidden."""
    shown = visible(text)
    if not _MANY.search(shown):
        return shown
    for sign, instead in _MASKS:
        shown = sign.sub(instead, shown)
    return shown


def covered_origin(text: str) -> str:
    """As ``covered``, of a text that tells the origin of figures: names of files, each with its digest, which stays."""
    pieces = _DIGEST.split(text)
    pieces[::2] = map(covered, pieces[::2])
    return "".join(pieces)


def sentence(text: str) -> str:
    """``text`` as one line that may be shown, shortened with … if it is longer than anybody reads."""
    line = re.sub(r"\s*[\n\t]\s*", " ", visible(text).strip())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"


_whole = False


def show_numbers(whole: bool) -> None:
    """From now on numbers of people are shown as they are, or are not: the user's word, for all that a run tells."""
    global _whole  # noqa: PLW0603 - there is one user
    _whole = whole


def hides_numbers() -> bool:
    """Whether numbers of people are hidden in what is told."""
    return not _whole


def say(text: str, stream: TextIO | None = None) -> None:
    """Print ``text`` (default: stdout). Whatever isn't a result goes through here or through Rich's console."""
    print(covered(text) if hides_numbers() else visible(text), file=stream)


def say_origin(text: str, stream: TextIO | None = None) -> None:
    """As ``say``, of a text that names files with their digests."""
    print(covered_origin(text) if hides_numbers() else visible(text), file=stream)


def show(text: str) -> None:
    """Print a result on stdout as it is: what the law says, or an entry for a file."""
    print(visible(text))
