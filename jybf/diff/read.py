"""An audit's JSON, as ``jybf audit -o 审核.json`` wrote it, read back."""

import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import msgspec
import polars as pl

from jybf.errors import InputError, Problem
from jybf.model import FINDING_COLUMNS, LEVELS, LINE

SCHEMA = 1  # of jybf.report.formats.json, as far as it is understood here
HINT = "用 jybf audit 花名册.xlsx -o 审核.json 重新审核一次"
_FEN = "涉及金额"
_SCHEMA = {name: pl.Int64 if name == LINE else pl.String for name in FINDING_COLUMNS}
_TYPES = [(name, int | None if name == LINE else str | None if name == _FEN else str) for name in FINDING_COLUMNS]
_Row = msgspec.defstruct("_Row", _TYPES)


class _Skipped(msgspec.Struct, rename={"code": "编号", "why": "原因"}):
    code: str
    why: str


class _Head(msgspec.Struct):
    schema: int = 0
    kind: str = ""


class _File(_Head, kw_only=True):
    provenance: dict[str, str]
    not_run: list[_Skipped]
    rows: list[_Row]  # pyright: ignore[reportInvalidTypeForm]  its fields are the contract's columns


class Past(msgspec.Struct, frozen=True):
    """One audit as it was written down.

    ``findings``: FINDING_COLUMNS, 行号 Int64, 涉及金额 Int64 in 分, the rest text. ``gaps``: code → why it, or a part of it,
    was not run. ``masked``: whether numbers of people are hidden; None if no finding names one.
    """

    name: str
    provenance: Mapping[str, str]
    gaps: Mapping[str, frozenset[str]]
    findings: pl.DataFrame
    masked: bool | None

    @property
    def inputs(self) -> frozenset[str]:
        """The names of the files that were audited; empty if nobody can tell."""
        told = re.split(r" [0-9a-f]{12}(?:、|$)", self.provenance.get("输入", ""))
        return frozenset(filter(None, told))


def load(path: str) -> Past:
    """Read the audit in ``path`` ("-": stdin). InputError, with the way out, for anything but an audit's JSON."""
    name = "标准输入" if path == "-" else path
    try:
        data = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except OSError as error:
        why = "没有这个文件" if isinstance(error, FileNotFoundError) else "是文件夹" if Path(path).is_dir() else "读不出来"
        raise InputError(Problem(why, name, "核对文件名")) from error
    data = data.removeprefix(b"\xef\xbb\xbf")
    _check_kind(data, name)
    try:
        file = msgspec.json.decode(data, type=_File)
        return _past(file, name)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, pl.exceptions.PolarsError) as error:
        raise InputError(Problem("审核结果不完整，或改动过", name, HINT)) from error


def _check_kind(data: bytes, name: str) -> None:
    """Raises InputError for what is no JSON object, no audit, or of a shape that nobody knows yet."""
    try:
        head = msgspec.json.decode(data, type=_Head)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(Problem(_no_json(data), name, f"比较要用 json：{HINT}")) from error
    if not head.schema or not head.kind:
        raise InputError(Problem("不是 jybf 写出的 json", name, HINT))
    if head.kind != "audit":
        kinds = {"calc": "测算结果", "inspect": "读表情况", "statistics": "审核统计", "sample": "抽查样本"}
        raise InputError(Problem(f"这是{kinds.get(head.kind, '别的结果')}，不是审核结果", name, HINT))
    if head.schema != SCHEMA:
        raise InputError(Problem(f"格式版本 {head.schema}，这个程序认识的是 {SCHEMA}", name, "用同一个版本的 jybf 重新审核"))


def _no_json(data: bytes) -> str:
    """What ``data`` is instead, as far as its beginning tells."""
    start = data[:200].lstrip()
    if start.startswith(b"PK\x03\x04"):
        return "这是工作簿或压缩包，不是 json"
    if start.startswith(b"{") and b'"\xe7\xbc\x96\xe5\x8f\xb7"' in start:  # "编号"
        return "这是 jsonl，只有各条发现，没有写查了什么、没查什么"
    if start.startswith("编号,级别".encode()):
        return "这是 csv，只有各条发现，没有写查了什么、没查什么"
    return "不是 json，或没有写完整"


def _past(file: _File, name: str) -> Past:
    rows = cast("list[Any]", file.rows)
    columns = {column: [getattr(row, column) for row in rows] for column in FINDING_COLUMNS}
    fen = (pl.col(_FEN).cast(pl.Decimal(20, 2)) * 100).cast(pl.Int64)
    findings = pl.DataFrame(columns, schema=_SCHEMA).with_columns(fen)
    if not findings["级别"].is_in(LEVELS).all():
        raise msgspec.ValidationError
    gaps: dict[str, frozenset[str]] = {}
    for skip in file.not_run:
        # Each reason by itself, so that one column less to miss is seen to be less.
        reasons = frozenset(filter(None, re.split("[；、]|花名册没有", skip.why)))
        gaps[skip.code] = gaps.get(skip.code, frozenset()) | reasons
    numbers = findings["身份证号"].filter(findings["身份证号"] != "")
    masked = bool(numbers.str.contains("*", literal=True).any()) if len(numbers) else None
    return Past(name, file.provenance, gaps, findings, masked)
