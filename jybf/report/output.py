"""Where a result goes: whole or absent, and never onto an input."""

import errno
import os
import re
import shutil
import stat
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile, mkdtemp
from typing import BinaryIO, cast

from jybf.errors import OutputError, Problem


def check_target(path: str, inputs: Sequence[str]) -> Path:
    """The real path that ``path`` means, fit to be written, before any work is done for it.

    Raises OutputError for an input file, a database such as a ledger, a folder or a device, or a folder that does not exist.
    """
    target = Path(os.path.realpath(path))
    if len(os.fsencode(target.name)) > _LONGEST:
        raise OutputError(Problem("文件名太长", path, f"最多 {_LONGEST} 个字节，约 80 个汉字"))
    if any(target == Path(os.path.realpath(source)) for source in inputs if source != "-"):
        raise OutputError(Problem("输出不能覆盖输入文件", path, "换一个文件名"))
    if target.exists() and not stat.S_ISREG(target.stat().st_mode):
        raise OutputError(Problem("这里不是普通文件，不能写入", path, "给出一个文件名"))
    if _is_database(target):
        raise OutputError(Problem("这个文件是账本或别的数据库，不能覆盖", path, "换一个文件名"))
    if not target.parent.is_dir():
        raise OutputError(Problem("文件夹不存在", str(Path(path).parent), "先建好文件夹，或换一个位置"))
    return target


def check_folder(path: str) -> Path:
    """The real path of the folder that ``path`` means, which is made at need. Raises OutputError if it can't be one."""
    folder = Path(os.path.realpath(path))
    if folder.exists() and not folder.is_dir():
        raise OutputError(Problem("这里是文件，不是文件夹", path, "分成几个文件时，-o 后面写文件夹"))
    if not folder.parent.is_dir():
        raise OutputError(Problem("文件夹不存在", str(Path(path).parent), "先建好上一级文件夹，或换一个位置"))
    return folder


def _is_database(path: Path) -> bool:
    with suppress(OSError), path.open("rb") as file:
        return file.read(len(_DATABASE)) == _DATABASE
    return False


_LONGEST = 255  # bytes of a file's name
_DATABASE = b"SQLite format 3\0"
_PREFIX, _SUFFIX = ".jybf.", ".part"
_STALE = 3600  # seconds
_WHY = {
    errno.EACCES: "没有权限，或文件正被占用",
    errno.EPERM: "没有权限",
    errno.EROFS: "磁盘是只读的",
    errno.ENOSPC: "磁盘满了",
    errno.EBADF: "关着",
    errno.ENAMETOOLONG: "文件名太长",
    errno.ENOENT: "这个位置不能存文件",
}


def reason(error: OSError) -> str:
    """Why something could not be written, in words."""
    told = re.search(r"os error (\d+)", str(error))  # as Polars tells of it
    number = error.errno or (int(told[1]) if told else 0)
    return _WHY.get(number, f"系统错误 {number}")


@contextmanager
def replacing(target: Path) -> Iterator[BinaryIO]:
    """A stream whose bytes become ``target`` at once when the block ends well; otherwise nothing has changed.

    Raises OutputError where the file can't be written, such as a workbook that is open in Excel.
    """
    part: Path | None = None
    try:
        _clear(target.parent)
        with NamedTemporaryFile(dir=target.parent, prefix=_PREFIX, suffix=_SUFFIX, delete=False) as out:
            part = Path(out.name)
            yield cast("BinaryIO", out)
            out.flush()
            os.fsync(out.fileno())
        part.chmod(_mode(target))
        part.replace(target)
    except OSError as error:
        raise _unwritten(error, target) from error
    finally:
        if part:
            with suppress(OSError):
                part.unlink(missing_ok=True)


@contextmanager
def replacing_all(folder: Path) -> Iterator[Path]:
    """A folder whose files stand in ``folder`` at once when the block ends well; otherwise nothing has changed there.

    Raises OutputError.
    """
    home = folder if folder.is_dir() else folder.parent
    stage: Path | None = None
    try:
        _clear(home)
        stage = Path(mkdtemp(dir=home, prefix=_PREFIX, suffix=_SUFFIX))
        yield stage
        for path in stage.iterdir():
            with path.open("rb+") as file:
                os.fsync(file.fileno())
            path.chmod(_mode(folder / path.name))
        if home == folder:
            _move(stage, folder)
        else:
            stage.chmod(_rights(0o777))
            stage.replace(folder)
    except OSError as error:
        raise _unwritten(error, folder) from error
    finally:
        if stage:
            shutil.rmtree(stage, ignore_errors=True)


def _move(stage: Path, folder: Path) -> None:
    """The files of ``stage`` into ``folder``; where one can't be replaced, what was there before is put back."""
    names = sorted(path.name for path in stage.iterdir())
    old = stage / "old"
    old.mkdir()
    moved: list[str] = []
    try:
        for name in names:
            moved.append(name)
            with suppress(FileNotFoundError):
                (folder / name).replace(old / name)
            (stage / name).replace(folder / name)
    except BaseException:
        for name in moved:
            with suppress(OSError):
                if not (stage / name).exists():
                    (folder / name).unlink(missing_ok=True)
                if (old / name).exists():
                    (old / name).replace(folder / name)
        raise


def _unwritten(error: OSError, target: Path) -> OutputError:
    hint = "若它正在 Excel 或 WPS 中打开，请先关闭；否则检查权限和磁盘空间"
    return OutputError(Problem(f"写不进去：{reason(error)}", str(target), hint))


def _mode(target: Path) -> int:
    """The rights of the file that is replaced, or those that a new file gets here."""
    if target.exists():
        return stat.S_IMODE(target.stat().st_mode)
    return _rights(0o666)


def _rights(most: int) -> int:
    """``most`` without those that nobody gets here."""
    now = os.umask(0)
    os.umask(now)
    return most & ~now


def _clear(folder: Path) -> None:
    """Take away what a run that was killed an hour ago or longer has left."""
    with suppress(OSError):
        for left in folder.glob(f"{_PREFIX}*{_SUFFIX}"):
            if time.time() - left.stat().st_mtime > _STALE:
                shutil.rmtree(left) if left.is_dir() else left.unlink()
