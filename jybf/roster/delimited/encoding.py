"""The bytes of a text file → UTF-8, and the encoding that they were in. What can't be told for certain is asked."""

import codecs
import re

import polars as pl

from jybf.errors import InputError, Problem
from jybf.regex import pattern

HEAD = 64 * 1024  # bytes that the encoding is judged by
_ASK = "用 --encoding 写明编码，如 --encoding gb18030，或另存为 xlsx"
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# gb18030 holds all of gbk and gb2312, big5hkscs all of big5: whoever asks for the small one has the large one.
_ASKED = {
    "utf-8-sig": "utf-8",
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "big5": "big5hkscs",
    "cp950": "big5hkscs",
} | {name: name for name in ("utf-8", "gb18030", "big5hkscs", "utf-16", "utf-16-le", "utf-16-be", "utf-32")}
_PROOF_OF_UTF8 = 8  # so many characters in a row are no accident of another encoding
_TELLING = pattern(
    "姓名|身份[证證]|身分證|序[号號]|金[额額]|[单單]位|[备備]注|備註|[补補][贴貼助]|[电電][话話]|性[别別]|[银銀]行|合[计計]"
)
_COMMON = 0.9  # of a roster's characters are in GB 2312, even where every name is a rare one
_UTF8_LINE = "^[^\ufffd\u0080-\u00b6\u00b8-\u07ff]*[\u4e00-\u9fff][^\ufffd\u0080-\u00b6\u00b8-\u07ff]*[\u4e00-\u9fff]"


def as_utf8(data: bytes, file: str, asked: str | None) -> tuple[bytes, str]:
    """``data`` in UTF-8 without byte order marks, and the encoding it was in. InputError asks, or names the line.

    What looks like UTF-8 is handed on unchecked, so that 150 MB aren't decoded twice.
    """
    used = _named(asked, file) if asked else _told(data, file)
    data = data.removeprefix(codecs.BOM_UTF8).removeprefix(codecs.BOM_UTF8)
    if used == "utf-8":
        return data, used
    try:
        text = data.decode(used).lstrip("\ufeff").encode()
    except UnicodeDecodeError as e:
        raise InputError(_undecodable(data, used, e.start, file)) from None
    except UnicodeError:
        raise InputError(Problem(f"不能按 {used} 读出文字", where=file, hint=_ASK)) from None
    if used == "gb18030" and not asked:
        _refuse_mixed(data, file)
    return text, used


def wide(data: bytes) -> str:
    """The name of the UTF-16 or UTF-32 that ``data`` begins in, by its mark or by where its zeros stand; else ""."""
    by_mark = next((name for bom, name in _BOMS if data.startswith(bom)), "")
    head = data[:4096]
    zeros = (head[0::2].count(0), head[1::2].count(0))  # the upper halves of separators and digits
    if by_mark or not 0.04 <= sum(zeros) / len(head) <= 0.5:
        return by_mark
    for upper, lower, name in ((1, 0, "utf-16-le"), (0, 1, "utf-16-be")):
        text = head[: len(head) & ~1].decode(name, "ignore")
        if zeros[upper] > 4 * zeros[lower] and "\0" not in text and re.search("[,\t;\r\n]", text):
            return name
    return ""


def _named(asked: str, file: str) -> str:
    try:
        return _ASKED[codecs.lookup(asked).name]
    except (LookupError, ValueError):
        hint = "可用 utf-8、gb18030、big5、utf-16"
        raise InputError(Problem(f"没有叫“{asked}”的编码", where=file, hint=hint)) from None


def _told(data: bytes, file: str) -> str:
    """The encoding that the bytes tell."""
    if name := wide(data):
        return name
    head = data[:HEAD] if not data[:HEAD].isascii() else data
    if head.isascii():
        return "utf-8"
    chinese = head.decode("gb18030", "ignore")
    if _starts_as_utf8(head, whole=len(head) == len(data)):
        foreign = not re.search("[\u0800-\U0010ffff]", head.decode(errors="ignore"))  # Chinese in UTF-8 takes 3 bytes
        return "gb18030" if foreign and _TELLING.search(chinese) else "utf-8"
    if _TELLING.search(chinese):
        return "gb18030"
    if _TELLING.search(head.decode("big5hkscs", "ignore")):
        raise InputError(Problem("像是 Big5（繁体）编码", where=file, hint="确认后加 --encoding big5，或另存为 xlsx"))
    letters = [c for c in chinese if c > "\x7f"]
    if letters and sum(_is_common(c) for c in letters) >= _COMMON * len(letters):
        return "gb18030"
    raise InputError(Problem("认不出文字编码，不像 UTF-8，也不像 GB18030", where=file, hint=_ASK))


def _starts_as_utf8(head: bytes, *, whole: bool) -> bool:
    """Whether the beginning is UTF-8; a later line that isn't is then a fault of that line."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head, whole)
    except UnicodeDecodeError as e:
        return sum(ord(c) > 127 for c in head[: e.start].decode()) >= _PROOF_OF_UTF8
    return True


def _is_common(letter: str) -> bool:
    """Whether GB 2312 has it as a Chinese character or its punctuation, and not as Greek, kana or a line to draw with."""
    try:
        return letter.encode("gb2312")[0] not in range(0xA4, 0xB0)
    except UnicodeEncodeError:
        return False


def _undecodable(data: bytes, used: str, position: int, file: str) -> Problem:
    before = data[:position].decode(used, "ignore")
    line = max(before.count("\n"), before.count("\r")) + 1
    cut = "，文件在半个字处断了" if position >= len(data) - 4 else ""
    return Problem(f"第 {line} 行不能按 {used} 读出文字{cut}", where=file, hint=_ASK)


def _refuse_mixed(data: bytes, file: str) -> None:
    """Lines of UTF-8 in a file of GB18030 decode without an error, to other characters."""
    lines = data.replace(b"\r", b"\n") if b"\n" not in data else data
    unused = next((c for c in map(chr, (*range(1, 9), *range(14, 32))) if c.encode() not in data), None)
    if not unused:
        raise InputError(Problem("不是表格文件，或已损坏（满是控制符）", where=file, hint=_ASK))
    lossy = pl.scan_csv(
        lines, has_header=False, separator=unused, quote_char=None, schema={"行": pl.String()}, encoding="utf8-lossy"
    ).with_row_index("n", 1)
    numbers = lossy.filter(pl.col("行").str.contains(_UTF8_LINE)).collect()["n"].to_list()
    if numbers:
        reason = f"第 {enumerated(numbers)} 行的文字是 UTF-8，与其他各行的 gb18030 不同"
        raise InputError(Problem(reason, where=file, hint="把这些行改成同一种编码，或另存为 xlsx"))


def enumerated(numbers: list[int], most: int = 9) -> str:
    """1、2、3, and of many how many there are."""
    shown = "、".join(map(str, numbers[:most]))
    return shown if len(numbers) <= most else f"{shown} 等 {len(numbers)}"
