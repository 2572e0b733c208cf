"""The command line: parse, call, exit code. Nothing heavy is imported until a command runs, so that help is instant."""

import atexit
import io
import os
import signal
import sys
from contextlib import redirect_stdout, suppress
from copy import copy
from pathlib import Path
from types import FrameType
from typing import Any

from typer import Typer
from typer.exceptions import TyperException

from jybf.cli import aside, complete, engines, export, ledger, rosters, rules
from jybf.cli.app import app
from jybf.cli.chinese import chinese_error
from jybf.errors import JybfError
from jybf.visible import say, sentence, show_numbers

_INTERRUPTED = 130
COMMANDS = (rosters, engines, aside, ledger, export, rules)  # importing them registers their commands, in the order of the help


def main() -> None:
    """Run the command line and exit; whatever happens, the user gets sentences and one of the documented exit codes."""
    signal.signal(signal.SIGTERM, _ended)
    if not sys.stdout:  # closed by who called: whoever writes to it is told
        sys.stdout = os.fdopen(os.open(os.devnull, os.O_RDONLY), "w")
    if not sys.stderr:
        sys.stderr = os.fdopen(os.open(os.devnull, os.O_WRONLY), "w")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")  # a Windows pipe would take GBK
    try:
        code = _run(sys.argv[1:])
    except SystemExit as ended:
        code = ended.code
    _leave_what_is_left(code)
    sys.exit(code)


def _leave_what_is_left(code: str | int | None) -> None:
    """End at once where a library still writes what nobody wants any more: it does not listen, and would be waited for."""
    progress = sys.modules.get("jybf.report.progress")
    if progress and progress.abandoned():
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError):
                stream.flush()
        atexit._run_exitfuncs()  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  folders that it has not taken away
        os._exit(code if isinstance(code, int) else 1)


def _ended(number: int, _: FrameType | None) -> None:
    sys.exit(128 + number)  # as Ctrl-C ends a run: what is half done is taken away


def _run(arguments: list[str]) -> int:
    show_numbers(False)
    try:
        return _completing(arguments) if complete.wanted(arguments) else _commanded(arguments)
    except JybfError as error:
        _complain(*map(str, error.problems))
        return error.exit_code
    except TyperException as error:
        _misused(error)
        return 2
    except KeyboardInterrupt:
        say("已中断：没有写入结果", sys.stderr)
        return _INTERRUPTED
    except OSError as error:  # of the streams: files have their own sentences
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what is left would be written once more at the end
        _complain(f"写不进去：{error.strerror or error}（检查磁盘空间和输出的去处）")
        return 2
    except BaseException as error:  # the last resort, also for a panic of a Rust library: no traceback reaches a user
        if isinstance(error, SystemExit) or os.environ.get("JYBF_DEBUG") == "1":
            raise
        _complain(f"内部错误 {type(error).__name__}：请把这一行和所用命令报告给我们（设 JYBF_DEBUG=1 可看详情）")
        return 2


def _commanded(arguments: list[str]) -> int:
    command = _narrowed(arguments[:1])
    code = command(arguments, prog_name="jybf", standalone_mode=False, default_map=_written(arguments)) or 0
    if code == _INTERRUPTED:  # Typer makes a code of it
        raise KeyboardInterrupt
    return code


def _completing(arguments: list[str]) -> int:
    """The whole application with Typer's own options and answers for a shell; what it says in English is said in Chinese."""
    whole = copy(app)
    whole._add_completion = True  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  loads what no other run needs
    if arguments[:1] != [complete.SCRIPTS[0]]:
        return whole(arguments, prog_name="jybf", standalone_mode=False) or 0
    said = io.StringIO()
    try:
        with redirect_stdout(said):
            return whole(arguments, prog_name="jybf", standalone_mode=False) or 0
    finally:
        say(complete.told(said.getvalue()))


def _written(arguments: list[str]) -> dict[str, dict[str, Any]]:
    """By command, what jybf.toml says of options that the command line does not give."""
    command, verb = arguments[0], "".join(arguments[1:2])
    names = _OF_VERBS.get(f"{command} {verb}")
    if not names and command not in ("calc", "audit", "why", "whatif", "inspect"):
        return {}
    from jybf.commands.config import load_defaults

    said = load_defaults(Path.cwd(), arguments)
    if names:
        return {command: {verb: {name: said[name] for name in names if name in said}}}
    own = {"why": {"form"}, "inspect": {"form"}, "whatif": {"form", "output"}}  # formats, and a file that is for results
    pages = own.get(command, set[str]())
    return {command: {name: value for name, value in said.items() if name not in pages}}


# What is booked is audited as jybf.toml says, by all checks: nothing of how an audit's result looks, or of what it leaves out.
_OF_VERBS = {
    "ledger approve": (
        "sheet", "encoding", "program", "as_program", "as_of", "law_as_of", "rules", "history", "against", "waivers",
    ),
    "ledger import": ("encoding",),
    "export bank": ("layout",),
    "export notice": ("office", "phone", "days"),
}  # fmt: skip


def _misused(error: TyperException) -> None:
    if error.message.startswith("用法"):  # a group called without a command: its help page
        say(error.message)
    else:
        context = getattr(error, "ctx", None)
        _complain(chinese_error(error.format_message(), context.command_path if context else "jybf"))


def _narrowed(said: list[str]) -> Typer:
    """The application as far as one command needs it: Typer reads the options of all that are registered."""
    commands = [command for command in app.registered_commands if command.callback and [command.callback.__name__] == said]
    if not commands:
        return app
    narrow = copy(app)
    narrow.registered_commands, narrow.registered_groups = commands, []
    return narrow


def _complain(*sentences: str) -> None:
    for each in sentences:
        say(f"错误：{sentence(each)}", sys.stderr)
