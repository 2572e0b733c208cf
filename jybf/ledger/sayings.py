"""What a database says, as sentences: what it means, and what to do."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec
from msgspec.structs import replace
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from jybf.errors import InputError, JybfError, OutputError, Problem, UsageError

_NOTHING = "什么也没有记"
_VERIFY = "用 jybf ledger verify 核对"
_NO_SUCH = Problem("账本里没有这个号", hint="用 jybf ledger list、show 查")
ALTERED = Problem("账本里有一处不是它自己写的样子", hint="jybf ledger verify 会说是哪一处")


class _Saying(msgspec.Struct, frozen=True):
    """``sign``: how an engine says it; ``kind``: InputError where nothing could be read, OutputError where nothing was kept."""

    sign: str
    kind: type[JybfError]
    told: str
    hint: str


_SAYINGS = (
    _Saying("database is locked|lock timeout|could not obtain lock", OutputError, "别人一直在写这本账", "等一等再试"),
    _Saying("disk is full|no space left", OutputError, f"磁盘满了，{_NOTHING}", "腾出空间再试"),
    _Saying("readonly database|read-only", OutputError, f"没有写这本账的权限，{_NOTHING}", "检查文件和文件夹的权限"),
    _Saying("disk i/o error", OutputError, f"磁盘读写出错，{_NOTHING}", f"检查磁盘，{_VERIFY}"),
    _Saying("not a database", InputError, "这个文件不是账本", "核对 --ledger 写的文件"),
    _Saying("malformed|corrupt|invalid page|could not read block", InputError, "账本坏了", "从备份恢复"),
    _Saying("unable to open", InputError, "打不开这本账", "检查文件和文件夹的权限"),
    _Saying("password authentication failed|no password supplied", InputError, "用户名或密码不对", "检查 --ledger"),
    _Saying("does not exist", InputError, "没有这个库或用户", "请管理员建库：createdb 库名"),
    _Saying("permission denied", OutputError, "这个用户没有权限", "请管理员授权"),
    _Saying(
        "connection refused|could not translate|failed to resolve|timeout expired|connection timeout|no route to host"
        "|no such file or directory",
        InputError, "连不上数据库", "检查主机、端口和网络",
    ),
    _Saying(
        "server closed|terminating connection|connection .*lost|consuming input failed|connection is closed|ssl",
        OutputError, "和数据库的连接断了，不知道这一次记了没有", "用 jybf ledger list 看；再做一次也不会记两遍",
    ),
    _Saying("could not serialize|deadlock", OutputError, f"别人同时在写这本账，{_NOTHING}", "再试一次"),
    _Saying("out of range", UsageError, _NO_SUCH.message, _NO_SUCH.hint),
    _Saying('near "strict"', UsageError, "这台机器的 SQLite 太旧", "需要 3.37 以上"),
)  # fmt: skip


@contextmanager
def telling(name: str) -> Iterator[None]:
    """Whatever the database of ledger ``name`` says becomes a sentence: its own words may hold people's data or a password."""
    try:
        yield
    except DBAPIError as error:
        raise _told(str(error.orig), type(error.orig).__name__, name) from None
    except OverflowError:  # a number that no column holds, as SQLite's driver says it
        raise UsageError(_NO_SUCH) from None
    except msgspec.DecodeError:
        raise InputError(replace(ALTERED, where=name)) from None
    except SQLAlchemyError as error:
        raise OutputError(Problem(f"数据库出错（{type(error).__name__}），{_NOTHING}", name, _VERIFY)) from None


def _told(said: str, kind: str, name: str) -> JybfError:
    for saying in _SAYINGS:
        if re.search(saying.sign, said, re.IGNORECASE):
            return saying.kind(Problem(saying.told, name, saying.hint))
    return OutputError(Problem(f"数据库拒绝了（{kind}），{_NOTHING}", name, _VERIFY))
