"""Yes or no, and one of a list of values."""

from collections.abc import Callable, Mapping, Sequence

from jybf.model import Field
from jybf.regex import pattern
from jybf.vocabulary.values.text import Unreadable, is_nothing, plain

_YES = frozenset(["是", "√", "✔", "✓", "☑", "1", "Y", "YES", "有", "TRUE", "T", "对", "享受"])
_NO = frozenset(["否", "×", "✗", "✘", "☒", "X", "0", "N", "NO", "无", "没有", "FALSE", "F", "不是"])
_DONE = {"已经": True, "已": True, "从未": False, "没有": False, "未": False, "没": False, "不": False}
_TICKED = pattern(r"[☑√✔✓■](是|否|有|无)")  # "☑是 □否"
_NOTE = pattern(r"\([^()]*\)")
_TURNS = pattern("[不未无没非待疑否清销除停退断原曾死亡故?]|代[签填申]")


def fold_word(text: str) -> str:
    """A word as it is compared: folded, without remarks in brackets, in capitals."""
    folded = plain(text).upper()
    return _NOTE.sub("", folded) or folded


def bool_parser(field: Field) -> Callable[[str], bool | Unreadable | None]:
    """The parser of a yes/no field: its own words first, then the common ones, then those with 已 or 未 before them.

    已停缴 is no yes because it begins so, nor 未知 a no: what follows must be a word of the field's own, or of its name.
    """
    own, names = _index(field.values), [fold_word(name) for name in (field.name, *field.aliases)]

    def said(text: str) -> bool | None:
        word = text.removesuffix("了")
        if word in own:
            return own[word] == "是"
        return word in _YES if word in _YES or word in _NO else _done(word, own, names)

    def parse_bool(text: str) -> bool | Unreadable | None:
        word = fold_word(text)
        ticked = _TICKED.findall(word)
        value = said(ticked[0] if len(ticked) == 1 else word)
        if value is None:
            return None if is_nothing(word) else Unreadable("看不出是或否")
        return next((_turned(note) for note in _turns(text) if said(note) != value), value)

    return parse_bool


def _turns(text: str) -> list[str]:
    """The remarks in brackets that may turn the word before them: 是（已停缴）, 脱贫户（不享受政策）."""
    return [note[1:-1] for note in _NOTE.findall(plain(text).upper()) if _TURNS.search(note.replace("未消除", ""))]


def _turned(note: str) -> Unreadable:
    return Unreadable(f"括号里的“{note}”可能改变意思：写明是哪一种，不要放在括号里")


def _done(word: str, own: Mapping[str, str], names: Sequence[str]) -> bool | None:
    """Yes or no of what is said to have happened, or not to; None where it is of something else."""
    for sign, done in _DONE.items():
        rest = word.removeprefix(sign)
        if rest != word and rest in own:
            return done == (own[rest] == "是")
        if rest != word and any(rest in name for name in names):
            return done
    return None


def enum_parser(field: Field) -> Callable[[str], str | Unreadable | None]:
    """The parser of a field with a list of values: the canonical value for any of its spellings."""
    own = _index(field.values) | {fold_word(value): value for value in field.values}
    vague = {fold_word(word) for word in field.vague}
    allowed = "、".join(field.values)

    def parse_enum(text: str) -> str | Unreadable | None:
        word = fold_word(text)
        if word in own:
            return next(map(_turned, _turns(text)), own[word])
        if word in vague:
            return Unreadable(f"“{text}”未细分，须写明是哪一类（可写：{allowed}）")
        return None if is_nothing(word) else Unreadable(f"不在允许的取值中（{allowed}）")

    return parse_enum


def _index(values: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    return {fold_word(spelling): value for value, spellings in values.items() for spelling in spellings}
