"""The pages a user reads, and the parts of them that the program writes: its screens and the tables of its data.

python -m tests.readme        writes them anew into README.md, docs/ and the other pages

A screen is a block ```console with lines "$ jybf …". A comment before the block keeps parts of it: "<!-- 画面：A…B；C…D -->"
are the lines from the first that holds A to the next that holds B, and so on; nothing for A or B is the start or the end.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from jybf.audit.catalogue import texts
from jybf.audit.standing import STANDINGS, coverage, lists_of, standing
from jybf.roster import kinds
from tests.screens import ROOT, screens

README = ROOT / "README.md"
PAGES = (README, *sorted(ROOT.glob("docs/*.md")), *sorted(ROOT.glob("rules/**/README.md")), ROOT / "sample_data/README.md")

_FAMILIES: Mapping[str, str] = {
    "JY1": "身份与数据质量",
    "JY2": "资格",
    "JY3": "重复与互斥",
    "JY4": "务工、用工、岗位、培训的事实",
    "JY5": "金额、期限、程序",
    "JY6": "账户与支付",
    "JY7": "单位",
    "JY8": "豁免",
    "JY9": "没有查成的",
}
DIGEST = re.compile(r"\b(?:[0-9a-f]{12}|[0-9a-f]{64})\b")  # changes with each file that it is of
_SCREEN = re.compile(r"((?:<!-- 画面：([^\n]*) -->\n)?```console\n)(.*?)(?=^```)", re.MULTILINE | re.DOTALL)
_TYPED = re.compile(r"^\$ jybf (.+)$", re.MULTILINE)
_TABLE = re.compile(r"(<!-- (\w+) -->\n).*?(?=<!-- \2完 -->)", re.DOTALL)


def today() -> Mapping[Path, str]:
    """Every page with what the program prints today. ValueError for a part that names a line nobody prints."""
    read = {page: page.read_text(encoding="utf-8") for page in PAGES}
    shown = screens(line for text in read.values() for _, _, block in _SCREEN.findall(text) for line in _TYPED.findall(block))
    return {page: _SCREEN.sub(lambda found: _block(found, shown), _TABLE.sub(_table, text)) for page, text in read.items()}


def _table(found: re.Match[str]) -> str:
    return found[1] + "\n".join([*_TABLES[found[2]](), ""])


def _block(found: re.Match[str], shown: Mapping[str, str]) -> str:
    lines: list[str] = []
    for command in _TYPED.findall(found[3]):
        told = shown[command].splitlines()
        lines += [f"$ jybf {command}", *(_kept(told, found[2]) if found[2] else told)]
    return found[1] + "\n".join([*lines, ""])


def _kept(lines: list[str], parts: str) -> Iterator[str]:
    """The ``parts`` of a screen, and between them how many lines are left out."""
    done = 0
    for part in parts.split("；"):
        first, _, last = part.partition("…")
        start = _place(lines, first, done) if first else done
        end = _place(lines, last, start) + 1 if last else len(lines)
        yield from _left_out(start - done)
        yield from lines[start:end]
        done = end
    yield from _left_out(len(lines) - done)


def _place(lines: list[str], words: str, start: int) -> int:
    found = next((place for place in range(start, len(lines)) if words in lines[place]), None)
    if found is None:
        raise ValueError(f"no line with “{words}” in:\n" + "\n".join(lines[start:]))
    return found


def _left_out(count: int) -> Iterator[str]:
    if count:
        yield f"……（略 {count} 行）"


def _catalogue() -> Iterator[str]:
    """The catalogue by family: which codes take what to be checked."""
    yield f"{coverage()}。"
    yield ""
    yield "| 编号 | 查什么 | " + " | ".join(STANDINGS) + " |"
    yield "|---" * (2 + len(STANDINGS)) + "|"
    for family, name in _FAMILIES.items():
        codes = [code for code in texts() if code.startswith(family)]
        by = {each: [code.removeprefix("JY") for code in codes if standing(code) == each] for each in STANDINGS}
        if codes:
            yield f"| {family} | {name} | " + " | ".join("、".join(by[each]) or "·" for each in STANDINGS) + " |"


def _lists() -> Iterator[str]:
    """The kinds of lists: what each is, by what it is matched, and which checks use it."""
    yield "| 名单 | 里面是什么 | 靠哪些列对人、对单位 | 用它的规则 |"
    yield "|---|---|---|---|"
    for name, kind in kinds().items():
        codes = [code for code in texts() if name in lists_of(code)]
        yield f"| {name} | {kind.meaning} | {'、'.join(kind.keys)} | {'、'.join(codes)} |"


_TABLES: Mapping[str, Callable[[], Iterator[str]]] = {"审核目录": _catalogue, "比对名单": _lists}


if __name__ == "__main__":
    for page, text in today().items():
        page.write_text(text, encoding="utf-8")
