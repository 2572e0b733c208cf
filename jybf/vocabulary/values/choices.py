"""Yes or no, and one of a list of values."""

from collections.abc import Callable, Mapping

from jybf.model import Field
from jybf.regex import pattern
from jybf.vocabulary.values.text import Unreadable, is_nothing, plain

_YES = frozenset(["是", "√", "✔", "✓", "☑", "1", "Y", "YES", "有", "TRUE", "T", "对", "享受"])
_NO = frozenset(["否", "×", "✗", "✘", "☒", "X", "0", "N", "NO", "无", "没有", "FALSE", "F", "不是"])
_TICKED = pattern(r"[☑√✔✓■](是|否|有|无)")  # "☑是 □否"
_NOTE = pattern(r"\([^()]*\)")


def fold_word(text: str) -> str:
    """A word as it is compared: folded, without remarks in brackets, in capitals."""
    folded = plain(text).upper()
    return _NOTE.sub("", folded) or folded


def bool_parser(field: Field) -> Callable[[str], bool | Unreadable | None]:
    """The parser of a yes/no field: its own words first, then the common ones, then 已… and 未…"""
    own = _index(field.values)

    def parse_bool(text: str) -> bool | Unreadable | None:
        word = fold_word(text)
        ticked = _TICKED.findall(word)
        word = ticked[0] if len(ticked) == 1 else word
        if word in own:
            return own[word] == "是"
        if word in _YES or word.startswith("已"):
            return True
        if word in _NO or word.startswith("未"):
            return False
        return None if is_nothing(word) else Unreadable("看不出是或否")

    return parse_bool


def enum_parser(field: Field) -> Callable[[str], str | Unreadable | None]:
    """The parser of a field with a list of values: the canonical value for any of its spellings."""
    own = _index(field.values) | {fold_word(value): value for value in field.values}
    vague = {fold_word(word) for word in field.vague}
    allowed = "、".join(field.values)

    def parse_enum(text: str) -> str | Unreadable | None:
        word = fold_word(text)
        if word in own:
            return own[word]
        if word in vague:
            return Unreadable(f"“{text}”未细分，须写明是哪一类（可写：{allowed}）")
        return None if is_nothing(word) else Unreadable(f"不在允许的取值中（{allowed}）")

    return parse_enum


def _index(values: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    return {fold_word(spelling): value for value, spellings in values.items() for spelling in spellings}
