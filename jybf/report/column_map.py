"""The map of columns that ``jybf inspect --write-map`` writes: TOML to be edited by hand, which says how."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence

from jybf.model.survey import BY_MONTH, NO_HEADER, FileSurvey, Seen, SheetSurvey
from jybf.roster.columns import BY_BOTH, BY_MAP, BY_NAME
from jybf.roster.mapping import OPEN
from jybf.visible import sentence

_HEAD = """\
# 列名文件：每张表的表头在哪几行、每一列是什么。改好后这样用：
#   jybf calc 花名册.xlsx --map 列名.toml      （audit、inspect 也一样）
#
# 改法：只改 field。
#   写字段名，如 "身份证号"，这一列就按它读；有哪些字段，用 jybf rules fields 看，如 jybf rules fields 金额；
#   写 ""，这一列不读；
#   写着 "?" 的必须改：程序定不了，不改不能用。
# at 是 Excel 的列号；header 是表头原文，用来核对表没有换版式，不要改。
# 表头行认错了，改 header = [行号]，两层的写 [3, 4]，再照表头改下面各行。
# file、name 可以用 * 代表任意字，如 file = "*跨省*"，一份给多个版式相同的文件用；不写就是任何文件、任何表。
"""


def map_text(files: Sequence[FileSurvey]) -> str:
    """The map of every sheet with a header. Sheets without one are named in a comment."""
    return "\n".join([_HEAD, *(line for file in files for sheet in file.sheets for line in _sheet(sheet, file.file))]) + "\n"


def _sheet(sheet: SheetSurvey, file: str) -> Iterator[str]:
    if sheet.header is None:
        yield f"# {sentence(f'{file}〔{sheet.name}〕{sheet.state}')}；没有列入，要读它就照别的表写一段。\n"
    elif sheet.state == NO_HEADER:
        about = sentence(f"{file}〔{sheet.name}〕{sheet.state}")
        yield f"# {about}；第 {sheet.header[0]} 行若是表头，去掉下面各行的 #，写上 field。"
        yield from (f"# {line}".rstrip() for line in _table(sheet, sheet.header, file))
        yield ""
    else:
        yield from _table(sheet, sheet.header, file)
        yield ""


def _table(sheet: SheetSurvey, header: tuple[int, int], file: str) -> Iterator[str]:
    first, last = header
    yield "[[sheet]]"
    yield f"file = {_quoted(file)}"
    yield f"name = {_quoted(sheet.name)}"
    yield f"header = {list(range(first, last + 1))}"
    yield "column = ["
    claims = Counter(seen.field for seen in sheet.columns if seen.field)
    for seen in sheet.columns:
        field = "" if seen.how == BY_MONTH else seen.field or (OPEN if seen.open else "")
        line = f"  {{ at = {_quoted(seen.at)}, header = {_quoted(seen.header)}, field = {_quoted(field)} }},"
        rivals = claims[field] > 1 and bool(sheet.problems)
        yield line + (f"  # {remark}" if (remark := _remark(seen, rivals=rivals)) else "")
    yield "]"


def _remark(seen: Seen, *, rivals: bool) -> str:
    if seen.open:
        return f"定不了：写 {' 或 '.join(seen.open)}"
    if rivals:
        return f'不止一列是“{seen.field}”：只留一列，别的写 ""'
    if seen.how == BY_MONTH:
        return f"一月一列，自动合成“{seen.field}”，不用写"
    if seen.field:
        return "" if seen.how in (BY_NAME, BY_BOTH, BY_MAP) else seen.how
    near = f"，相近的：{'、'.join(seen.near)}" if seen.near else ""
    return f"不认识{near}" + (f"，内容像{seen.seems}" if seen.seems else "")


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
