"""退回: what was not paid, a file a township, village or employer, each row with its reason and what to hand in for it."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from typing import BinaryIO

import polars as pl

from jybf.audit import codes, explain
from jybf.errors import OutputError, Problem, UsageError
from jybf.regex import pattern
from jybf.report.anew import write_book
from jybf.report.layout import MOST_LINES, Table
from jybf.report.output import check_folder
from jybf.report.plain import masked, yuan_columns
from jybf.report.split import BY, PART, file_names, headings, write_parts

TODO = "要补什么"
COLUMNS: Mapping[str, float] = {  # of each file, with their widths
    "序号": 6, "姓名": 10, "身份证号": 21, "单位": 22, "乡镇": 10, "行政村": 10, "补贴项目": 16, "金额": 12,
    "收款人": 10, "账号": 22, "原因": 36, TODO: 36,
}  # fmt: skip
_BACK = "，改好后与材料一起重新报送"
# What a bank or an office writes, from the more certain; whatever else there is has to be read.
_WORDS = (
    ("户名|姓名不[符一]|名字不", "核对收款人姓名与账户户名，交银行卡或存折复印件"),
    ("销户|冻结|挂失|止付|睡眠|长期不动|状态", "换一个本人能正常收款的账户，交银行卡或存折复印件"),
    ("账号|卡号|账户|帐号|没有这个户", "核对账号，交银行卡或存折复印件"),
    ("证件|身份证", "核对身份证号，交身份证复印件"),
    ("异议|举报|公示", "核实异议，交核实的材料和结论"),
)
_PAID_BEFORE = pattern("核定一次|历史记录|账本《|享受过|领过|已满|已经给过|只给一次|不能兼得")
_CODE, _LACKS = pattern(r"JY\d{3}"), pattern("缺“([^”]*)”")


def write_returns(
    frame: pl.DataFrame, folder: Path, by: str, *, inputs: Sequence[str] = (), mask: bool = False
) -> dict[str, int]:
    """Write what was not paid (``frame``: ``bank.PAYMENT``) into ``folder``: a workbook a part (``by``: of BY).

    Gives the files with how many rows each has; all of them are written or none. ``mask`` hides numbers of people. Raises
    UsageError for a way to split that nobody knows, OutputError.
    """
    if by not in BY:
        raise UsageError(Problem(f"不能按“{by}”分", "--split", f"可用：{'、'.join(BY)}"))
    if frame.is_empty():
        raise OutputError(Problem("没有要退回的"))
    if frame.height >= MOST_LINES:
        raise OutputError(Problem("行数太多，Excel 一张表放不下"))
    check_folder(str(folder))
    parts = _parts(frame, by)
    names = file_names(parts, ".xlsx")
    files: dict[str, Callable[[BinaryIO], object]] = {
        names[part]: partial(write_book, [_sheet(rows, part, mask=mask)]) for part, rows in parts.items()
    }
    write_parts(folder, files, inputs)
    return {names[part]: rows.height for part, rows in parts.items()}


def _parts(frame: pl.DataFrame, by: str) -> dict[str, pl.DataFrame]:
    """Part → its rows, in their order."""
    told = frame.with_columns(headings(frame, by).alias(PART)).partition_by(PART, as_dict=True, include_key=False)
    return {str(part): rows for (part,), rows in told.items()}


def _sheet(rows: pl.DataFrame, part: str, *, mask: bool) -> Table:
    """One part: its rows numbered from 1, with what to hand in; the sum stands above."""
    todo = pl.col("原因").map_elements(to_hand_in, return_dtype=pl.String).alias(TODO)
    told = rows.with_columns(pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias("序号"), todo).select(*COLUMNS)
    shown = yuan_columns(told, ("金额",))
    shown = masked(shown) if mask else shown
    above = (f"{part}：退回的 {rows.height} 笔，照“原因”和“{TODO}”逐行处理",)
    return Table(
        "退回", shown.columns, shown, frozenset({"序号", "金额"}), frozenset({"金额"}), [*COLUMNS.values()], above=above
    )


@cache
def to_hand_in(reason: str) -> str:
    """What to do about ``reason`` and which paper to hand in: by the checks and the facts that it names, else by its words."""
    if _PAID_BEFORE.search(reason):
        return "以前已经领过，或者名额已满：不再报；认为不对的，拿证明来核对"
    found = [explain(code).todo for code in dict.fromkeys(_CODE.findall(reason)) if code in codes()]
    found += [f"补填“{fact}”，交能证明的材料" for fact in dict.fromkeys(_LACKS.findall(reason))]
    if not found:
        found = [todo for words, todo in _WORDS if pattern(words).search(reason)][:1]
    return "；".join(todo.rstrip("。；") for todo in found or ["按原因更正"]) + _BACK
