"""What the parser of TOML says of a text that is none, in its author's words."""

from jybf.regex import pattern

_TOLD = {  # what the parser says → what its author should know
    "Cannot overwrite a value": "同一个键或表写了两次",
    "Cannot declare": "同一个表头写了两次；几条并列的写成 [[…]]",
    "Cannot mutate immutable": "已经写成一行的表，不能再加键",
    "Duplicate inline table key": "同一个键写了两次",
    "Expected '=' after a key": "键的后面要有 =",
    "Invalid initial character for a key": "键名里有中文或空格的，要加引号",
    "Expected ']' at the end of a table": "表头少一个 ]",
    "Expected ']]' at the end of an array": "[[…]] 少一个 ]",
    "Unclosed array": "方括号没有收尾",
    "Unclosed inline table": "花括号没有收尾，或不在一行里",
    "Invalid value": "值认不出：文字要加半角的双引号，是非写 true、false，日期写 2021-08-01",
    "Invalid date or datetime": "没有这个日期",
    "Illegal character": "文字的引号没有收尾，或有看不见的字",
    "Unescaped '\\'": "反斜杠不能这样写；路径用 /，文字用单引号括起来",
    "Expected newline or end of document": "这一行的后面多了字；日期写 2021-08-01，月、日都是两位",
}
_WIDE = str.maketrans("＝，［］｛｝＂．＃。、", '=,[]{}".#.,')
_QUOTED = pattern(r"""\"(?:[^"\\]|\\.)*\"|'[^']*'|#.*""")


def told_of(error: str, line: str = "") -> str:
    """：and why, for the parser's ``error`` at ``line``; "" for one that says nothing to an author."""
    wide = "".join(dict.fromkeys(mark for mark in _QUOTED.sub("", line) if mark != mark.translate(_WIDE)))
    if wide:
        return f"：这一行的“{wide}”是全角的，改成半角的 {wide.translate(_WIDE)}"
    return next((f"：{told}" for sign, told in _TOLD.items() if sign in error), "")
