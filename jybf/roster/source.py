"""A path or stdin → its bytes and what kind of file they are, judged by content and never by suffix."""

from __future__ import annotations

import hashlib
import io
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from jybf.errors import InputError, Problem

Kind = Literal["xlsx", "xls", "xlsb", "ods", "text"]

STDIN = "-"
_SAVE_AS = "用 Excel 或 WPS 打开，另存为 xlsx 工作簿后再试"
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_SUFFIXES: dict[Kind, tuple[str, ...]] = {
    "xlsx": (".xlsx", ".xlsm"),
    "xls": (".xls", ".et"),
    "xlsb": (".xlsb",),
    "ods": (".ods",),
    "text": (".csv", ".txt", ".tsv"),
}


@dataclass(frozen=True, slots=True)
class Source:
    """One input: how messages name it, its bytes, their SHA-256 and their kind."""

    file: str
    data: bytes
    sha256: str
    kind: Kind
    notices: tuple[str, ...] = ()


def open_source(path: str) -> Source:
    """Read ``path`` ("-": stdin) whole. InputError if it can't be read or is no workbook and no text."""
    file = "标准输入" if path == STDIN else path
    data = sys.stdin.buffer.read() if path == STDIN else _read(path)
    if not data or data.isspace():
        raise InputError(Problem("文件是空的", where=file, hint="检查导出是否完成"))
    kind = _kind(data, file)
    return Source(file, data, hashlib.sha256(data).hexdigest(), kind, _remarks(path, kind))


def _read(path: str) -> bytes:
    if Path(path).name.startswith("~$"):
        hint = "先关闭正在编辑的工作簿，再读去掉“~$”的那个文件"
        raise InputError(Problem("这是 Excel 打开文件时的锁文件，不是花名册", where=path, hint=hint))
    try:
        return Path(path).read_bytes()
    except FileNotFoundError:
        raise InputError(Problem("文件不存在", where=path, hint="核对文件名与所在文件夹")) from None
    except IsADirectoryError:
        raise InputError(Problem("这是文件夹，不是文件", where=path, hint="写出里面的文件，如 文件夹/*.xlsx")) from None
    except PermissionError:
        reason = "这是文件夹，不是文件" if Path(path).is_dir() else "没有读取的权限，或文件正被占用"  # Windows
        raise InputError(Problem(reason, where=path, hint="关闭打开它的程序，或换一个位置")) from None
    except (OSError, ValueError) as e:
        raise InputError(Problem(f"文件读不到：{e}", where=path)) from None


def _kind(data: bytes, file: str) -> Kind:
    if data.startswith(b"PK"):
        return _zip_kind(data, file)
    if data.startswith(_OLE):
        return _ole_kind(data, file)
    start = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype", b"<html", b"<table", b"<meta", b"<?xml", b"<head")):
        raise InputError(Problem("这是网页或 XML 导出的表，不是工作簿", where=file, hint=_SAVE_AS))
    if not data.startswith(_UTF16_BOMS) and b"\0" in data:
        raise InputError(Problem("不是表格文件，或已损坏（含有空字节）", where=file, hint=_SAVE_AS))
    return "text"


def _zip_kind(data: bytes, file: str) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = {name.lower() for name in archive.namelist()}
            if "xl/workbook.xml" in names:
                return "xlsx"
            if "xl/workbook.bin" in names:
                return "xlsb"
            if "mimetype" in names and b"spreadsheet" in archive.read("mimetype"):
                return "ods"
    except (zipfile.BadZipFile, KeyError, EOFError, NotImplementedError, RuntimeError, OSError):
        raise InputError(Problem("文件不完整或已损坏", where=file, hint="重新下载或重新导出")) from None
    raise InputError(Problem("压缩包里没有工作簿", where=file, hint="解压后读里面的工作簿"))


def _ole_kind(data: bytes, file: str) -> Kind:
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise InputError(Problem("文件有密码", where=file, hint="打开后去掉密码，另存一份再试"))
    fat_sectors = int.from_bytes(data[44:48], "little")  # a lie here makes readers allocate without bound
    whole = len(data) >= 1536 and fat_sectors * 512 <= len(data)
    if not whole or not any(name.encode("utf-16-le") in data for name in ("Workbook", "Book")):
        raise InputError(Problem("不是工作簿，或已损坏", where=file, hint=_SAVE_AS))
    return "xls"


def _remarks(path: str, kind: Kind) -> tuple[str, ...]:
    suffix = Path(path).suffix.lower()
    remarks: list[str] = []
    if suffix and path != STDIN and suffix not in _SUFFIXES[kind]:
        actual = "文本（CSV）" if kind == "text" else kind
        remarks.append(f"{path}：后缀是 {suffix}，内容是 {actual}，已按内容读取")
    if kind == "xls":
        remarks.append(f"{path}：xls 格式没有校验码，文件若有损坏可能看不出来；建议另存为 xlsx")
    return tuple(remarks)
