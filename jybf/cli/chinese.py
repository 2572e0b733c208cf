"""Typer's own words in Chinese: its help page's headings and its usage errors. Pure text, so that it can be tested."""

import re
from unicodedata import east_asian_width

_HELP = (
    ("Usage:", "用法："),
    ("[OPTIONS]", "[选项]"),
    ("COMMAND [ARGS]...", "命令 [参数]…"),
    ("Arguments:", "参数："),
    ("Options:", "选项："),
    ("Commands:", "命令："),
    ("Show this message and exit.", "显示这页帮助。"),
    ("[required]", "（必填）"),
    ("[default: ", "[默认 "),
    ("Install completion for the current shell.", "给正在用的 shell 装上按 Tab 补全"),
    ("  <list[str]>", ""),
    (" <list[str]>", ""),
    (" <str>", ""),
)

_SHOWS = "Show completion for the current shell, to copy it or customize the installation."
_SHOWS_SCRIPT = re.compile(_SHOWS.replace(" ", r"\s+"))

_ERRORS = (
    (r"No such option: (\S+)(?: \(Possible options: (.*)\))?", "没有选项 {0}", "相近的有 {1}"),
    (r"No such command '(.*?)'\.(?: Did you mean '?(.*?)'?\?)?", "没有命令“{0}”", "是不是 {1}"),
    (r"Missing argument '(.*?)'.*", "缺少参数“{0}”", ""),
    (r"Missing option '(.*?)'.*", "缺少选项 {0}", ""),
    (r"Missing command\.", "缺少命令", ""),
    (r"Option '(.*?)' requires an argument\.", "选项 {0} 后面要跟一个值", ""),
    (r"Option '(.*?)' does not take a value\.", "选项 {0} 后面不跟值", ""),
    (r"Got unexpected extra argument\S* \((.*)\)", "多出了参数“{0}”", "文件名有空格时要加引号"),
    (r"Invalid value for '(.*?)': .*valid integer.*", "{0} 的值不对", "要写整数"),
    (r"Invalid value for '(.*?)': (.*)", "{0} 的值不对", "{1}"),
)


def chinese_help(page: str) -> str:
    """A help page with its fixed English words replaced."""
    page = _SHOWS_SCRIPT.sub("显示补全的脚本，自己放", page)  # long enough to be broken into two lines
    for english, chinese in _HELP:
        page = page.replace(english, chinese)
    return _aligned(re.sub(r"\{(\S+?…)\}\.\.\.", r"\1", page))


def _aligned(page: str) -> str:
    """The page with its second column in one place: Typer counts characters, but a Chinese one is two columns wide."""
    rows = [re.fullmatch(r"(  \S.*?)  +(\S.*)", line) for line in page.splitlines()]
    edge = max((_width(row[1]) for row in rows if row), default=0) + 2
    pairs = zip(page.splitlines(), rows, strict=True)
    return "\n".join(row[1] + " " * (edge - _width(row[1])) + row[2] if row else line for line, row in pairs)


def _width(text: str) -> int:
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def chinese_error(message: str, command: str) -> str:
    """A usage error as one Chinese line that says where to read on: ``jybf calc --help``."""
    for pattern, what, more in _ERRORS:
        found = re.fullmatch(pattern, message, re.DOTALL)
        if found:
            groups = [group or "" for group in found.groups()]
            hint = more.format(*groups) + "；" if more and groups[-1] else ""
            return f"{what.format(*groups)}（{hint}{command} --help 有说明）"
    return f"{message}（{command} --help 有说明）"
