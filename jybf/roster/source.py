"""A path or stdin → its bytes and what kind of file they are, judged by content and never by suffix."""

import contextlib
import hashlib
import io
import os
import re
import stat
import sys
import zipfile
import zlib
from pathlib import Path
from typing import Literal

import msgspec
import polars as pl
import polars.selectors as cs
from msgspec.structs import replace

from jybf.errors import InputError, Problem, near
from jybf.model import ORIGIN
from jybf.roster.delimited.encoding import wide
from jybf.roster.disk import CHUNK, OnDisk, on_disk
from jybf.roster.ole import held
from jybf.visible import sentence

Kind = Literal["xlsx", "xls", "xlsb", "ods", "text", "canonical"]

STDIN = "-"
_SAVE_AS = "用 Excel 或 WPS 打开，另存为 xlsx 工作簿后再试"
_PARQUET = b"PAR1"
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_END_OF_ZIP = 65_557  # a zip's own directory ends within so many bytes of the file's end
_HEAD = 64 * 1024
_BLANK = b' \t\r\n\v\f,;|"\0\xef\xbb\xbf\xff\xfe'  # marks, separators and newlines around nothing
_CONTROLS = bytes({*range(32), 127} - {*b"\t\r\n"})
_TEXT = 0.97  # of a text's bytes, though damaged, are no control characters
_OTHERS = (  # beginnings in small letters
    (rb"<.*urn:schemas-microsoft-com:office:spreadsheet", "“XML 电子表格 2003”"),
    (rb"<\?xml(?!.*<(?:html|table))", " XML 文件"),
    (rb"<.*<(?:table|t[rdh]|body|head|meta|div|style)\b|<!doctype html|<html|<table", "网页（HTML）表格"),
    (rb"mime-version:|.{0,400}content-type:\s*multipart/related", "网页存档（MHTML）"),
    (rb"\{\\rtf", " RTF 文档"),
    (rb"%pdf-", " PDF 文件"),
    (rb"\x89png|\xff\xd8\xff|gif8[79]a|bm.{4}\0\0\0\0|ii\*\0|mm\0\*|riff.{4}webp", "图片"),
    (rb"rar!\x1a|7z\xbc\xaf|\x1f\x8b", "压缩包"),
    (rb"id;p[^\r\n;]*[\r\n]", " SYLK 文件"),
)
_IN_ZIP = {"word/document.xml": " Word 文档", "ppt/presentation.xml": "演示文稿"}
_SUFFIXES: dict[Kind, tuple[str, ...]] = {
    "xlsx": (".xlsx", ".xlsm"),
    "xls": (".xls", ".et"),
    "xlsb": (".xlsb",),
    "ods": (".ods",),
    "text": (".csv", ".txt", ".tsv"),
}


class Source(msgspec.Struct, frozen=True):
    """One input: how messages name it, its bytes, their SHA-256 and their kind.

    Of a Parquet file also its ``frame``; of what lies on a disk, where (``disk``).
    """

    file: str
    data: bytes
    sha256: str
    kind: Kind
    notices: tuple[str, ...] = ()
    frame: pl.DataFrame | None = None
    disk: OnDisk | None = None

    @property
    def whole(self) -> pl.DataFrame:
        """The frame of one that has one."""
        return pl.DataFrame() if self.frame is None else self.frame

    def let_go(self) -> "Source":
        """Without what it holds, which is as large as its cells."""
        return replace(self, data=b"", frame=None)


def open_source(path: str) -> Source:
    """Read ``path`` ("-": stdin) whole. InputError if it can't be read or is no workbook and no text."""
    file = "标准输入" if path == STDIN else sentence(path)
    disk = None if path == STDIN else on_disk(path, file)
    data = _stdin() if path == STDIN else _read(path)
    if not data[:_HEAD].strip(_BLANK) and not data.strip(_BLANK):
        raise InputError(Problem("文件是空的", where=file, hint="检查导出是否完成"))
    digest = hashlib.sha256(data).hexdigest()
    if data.startswith(_PARQUET):
        frame = _parquet(data, file)
        own = set(ORIGIN) <= set(frame.columns)  # what jybf.roster.canonical wrote
        return Source(file, data, digest, "canonical" if own else "text", frame=frame)
    kind = _kind(data, file)
    return Source(file, data, digest, kind, _remarks(path, file, kind), disk=disk)


def _parquet(data: bytes, file: str) -> pl.DataFrame:
    try:
        return pl.read_parquet(io.BytesIO(data))
    except pl.exceptions.PolarsError:
        raise InputError(Problem("文件不完整或已损坏", where=file, hint="重新导出")) from None


def as_text(frame: pl.DataFrame, file: str = "") -> bytes:
    """``frame`` as the text of a roster: a header and its rows. Raises InputError as :func:`texts_of_frame` does."""
    out = io.BytesIO()  # a text of its own would stand there a third time
    texts_of_frame(frame, file).write_csv(out)
    return out.getvalue()


def texts_of_frame(frame: pl.DataFrame, file: str) -> pl.DataFrame:
    """``frame`` with all of its cells as texts, which are read as those of every other file: types say too little.

    Raises InputError for columns that have no text.
    """
    others = cs.nested() | cs.binary() | cs.duration() | cs.object()
    if odd := frame.select(others).columns:
        raise InputError(Problem(f"这几列的一格不是一个值，读不了：{'、'.join(odd)}", where=file, hint="改成文字，或拆成几列"))
    ticks = cs.boolean().replace_strict({True: "是", False: "否"}, return_dtype=pl.String)
    return frame.with_columns(ticks, cs.datetime().dt.to_string("iso:strict")).cast(pl.String)


def _stdin() -> bytes:
    if not sys.stdin:
        raise InputError(Problem("标准输入关着，读不到", where="标准输入", hint="用管道送进来，或写出文件名"))
    return sys.stdin.buffer.read()


def _read(path: str) -> bytes:
    if Path(path).name.startswith("~$"):
        hint = "先关闭正在编辑的工作簿，再读去掉“~$”的那个文件"
        raise InputError(Problem("这是 Excel 打开文件时的锁文件，不是花名册", where=path, hint=hint))
    try:
        mode = Path(path).stat().st_mode
        if stat.S_ISCHR(mode) or stat.S_ISBLK(mode):
            raise InputError(Problem("这是设备，不是文件", where=path))
        return _from_pipe(path) if stat.S_ISFIFO(mode) else _from_disk(path)
    except FileNotFoundError:
        raise InputError(Problem("文件不存在", where=path, hint=f"{_beside(path)}核对文件名与所在文件夹")) from None
    except IsADirectoryError:
        raise InputError(Problem("这是文件夹，不是文件", where=path, hint="写出里面的文件，如 文件夹/*.xlsx")) from None
    except PermissionError:
        reason = "这是文件夹，不是文件" if Path(path).is_dir() else "没有读取的权限，或文件正被占用"  # Windows
        raise InputError(Problem(reason, where=path, hint="关闭打开它的程序，或换一个位置")) from None
    except (OSError, ValueError) as e:
        raise InputError(Problem(f"文件读不到：{e}", where=path)) from None


def _from_pipe(path: str) -> bytes:
    """All that is written into a pipe (``<(…)`` of a shell); one that nobody writes to would be waited for for ever."""
    end = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    with os.fdopen(end, "rb") as pipe:
        try:
            first = os.read(end, _HEAD)
        except BlockingIOError:  # somebody is going to write
            first = None
        if first == b"":
            raise InputError(Problem("这是管道，没有程序往里写", where=path, hint="先启动写的程序，或给出文件名"))
        os.set_blocking(end, True)
        return (first or b"") + pipe.read()


def _from_disk(path: str) -> bytes:
    """The bytes of a file; of one that begins with nothing no more than the rest of the nothing: it may claim any size."""
    with Path(path).open("rb") as file:
        head = file.read(_HEAD)
        blank = head
        while blank and not blank.strip(_BLANK):
            blank = file.read(CHUNK)
            if b"\0" * _HEAD in blank:
                return b""
        if not blank:
            return b""
        file.seek(0)
        return file.read()


def _beside(path: str) -> str:
    """The files in the same folder that are spelt like ``path``."""
    with contextlib.suppress(OSError, ValueError):
        return near(Path(path).name, (each.name for each in Path(path).parent.iterdir()))
    return ""


def _kind(data: bytes, file: str) -> Kind:
    if data.startswith(_OLE):
        return _ole_kind(data, file)
    if data.startswith(b"PK\3\4") or b"PK\5\6" in data[-_END_OF_ZIP:]:
        return _zip_kind(data, file)
    charset = wide(data)
    head = data[:_HEAD].decode(charset, "ignore").encode() if charset else data[:_HEAD]
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    for pattern, what in _OTHERS:
        if re.match(pattern, start, re.DOTALL):
            raise InputError(Problem(f"这是{what}，不是工作簿", where=file, hint=_SAVE_AS))
    if not charset and b"\0" in data and len(head.translate(None, _CONTROLS)) < _TEXT * len(head):
        raise InputError(Problem("不是表格文件，或已损坏（含有空字节）", where=file, hint=_SAVE_AS))
    return "text"


def _zip_kind(data: bytes, file: str) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = {name.lower().replace("\\", "/") for name in archive.namelist()}
            if "xl/workbook.xml" in names or _lists_a_workbook(archive):
                return "xlsx"
            if "xl/workbook.bin" in names:
                return "xlsb"
            if "mimetype" in names and b"spreadsheet" in _beginning(archive, "mimetype"):
                return _ods_kind(archive, file)
    except (zipfile.BadZipFile, KeyError, EOFError, NotImplementedError, RuntimeError, OSError, ValueError, zlib.error):
        raise InputError(Problem("文件不完整或已损坏", where=file, hint="重新下载或重新导出")) from None
    if what := next((what for part, what in _IN_ZIP.items() if part in names), ""):
        raise InputError(Problem(f"这是{what}，不是工作簿", where=file, hint="把表格复制到 Excel 或 WPS 表格里，另存为 xlsx"))
    raise InputError(Problem("压缩包里没有工作簿", where=file, hint="解压后读里面的工作簿"))


def _lists_a_workbook(archive: zipfile.ZipFile) -> bool:
    """Whether the package says that it holds a workbook, which some programs call by another name."""
    types = "[Content_Types].xml"
    return types in archive.namelist() and b"spreadsheetml.sheet.main+xml" in _beginning(archive, types)


def _ods_kind(archive: zipfile.ZipFile, file: str) -> Kind:
    manifest = "META-INF/manifest.xml"
    if manifest in archive.namelist() and b"encryption-data" in _beginning(archive, manifest):
        raise InputError(Problem("文件有密码", where=file, hint="打开后去掉密码，另存一份再试"))
    return "ods"


def _beginning(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        return part.read(_HEAD)


def _ole_kind(data: bytes, file: str) -> Kind:
    what = held(data)
    if what == "workbook":
        return "xls"
    if what == "password":
        raise InputError(Problem("文件有密码", where=file, hint="打开后去掉密码，另存一份再试"))
    name = {"word": "这是 Word 文档，不是工作簿", "slides": "这是演示文稿，不是工作簿"}.get(what, "不是工作簿，或已损坏")
    raise InputError(Problem(name, where=file, hint=_SAVE_AS))


def _remarks(path: str, file: str, kind: Kind) -> tuple[str, ...]:
    suffix = Path(path).suffix.lower()
    remarks: list[str] = []
    if suffix and path != STDIN and suffix not in _SUFFIXES[kind]:
        actual = "文本（CSV）" if kind == "text" else kind
        remarks.append(f"{file}：后缀是 {suffix}，内容是 {actual}，已按内容读取")
    if kind == "xls":
        remarks.append(f"{file}：xls 格式没有校验码，文件若有损坏可能看不出来；建议另存为 xlsx")
    return tuple(remarks)
