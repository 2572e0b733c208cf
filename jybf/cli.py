"""The command line: parse, call, exit code. Nothing heavy is imported until a command runs, so that help is instant."""

from __future__ import annotations

import io
import os
import sys
from dataclasses import replace
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.exceptions import TyperException

from jybf import __version__
from jybf.chinese import chinese_error, chinese_help
from jybf.errors import JybfError
from jybf.options import (
    Against,
    AsOf,
    Encoding,
    FailOn,
    Files,
    Format,
    History,
    Ignore,
    Map,
    Mask,
    Output,
    Programs,
    Quiet,
    Region,
    Sample,
    Seed,
    Select,
    Sets,
    Sheet,
    ShowPii,
    Statistics,
    Strict,
    Waivers,
)
from jybf.request import Delivery, Request, asked, codes, level
from jybf.visible import say, sentence


class _Command(TyperCommand):
    def get_help(self, ctx: Any) -> str:
        return chinese_help(super().get_help(ctx))


class _Group(TyperGroup):
    def get_help(self, ctx: Any) -> str:
        return chinese_help(super().get_help(ctx))


_STYLE: dict[str, Any] = {
    "no_args_is_help": True,
    "add_completion": False,
    "rich_markup_mode": None,
    "pretty_exceptions_enable": False,  # its tracebacks would print people's data
    "cls": _Group,
}
_NAMES = {"help_option_names": ["-h", "--help"], "max_content_width": 100}

_ABOUT = "就业帮扶补贴：读花名册，逐行算出谁能领多少、为什么；审出哪些钱不能发。"

app = typer.Typer(name="jybf", help=_ABOUT, context_settings=_NAMES, **_STYLE)
rules = typer.Typer(help="看规则包：各地政策写成的数据。", **_STYLE)
app.add_typer(rules, name="rules", cls=_Group)


def _version(wanted: bool) -> None:
    if wanted:
        say(f"jybf {__version__}")
        raise typer.Exit


Version = Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="显示版本")]


@app.callback()
def _root(_version: Version = False) -> None:
    pass


@app.command(cls=_Command)
def calc(
    files: Files,
    region: Region = "",
    form: Format = "",
    output: Output = "",
    sheet: Sheet = None,
    program: Programs = None,
    as_of: AsOf = "",
    settings: Sets = None,
    history: History = None,
    encoding: Encoding = None,
    columns: Map = "",
    mask: Mask = False,
    show_pii: ShowPii = False,
    quiet: Quiet = False,
) -> None:
    """逐行测算：谁能领多少，依据哪一条，缺什么资料。"""
    request = asked(files, region, sheet, encoding, columns, program, settings, as_of, history)
    from jybf import run
    from jybf.deliver import produce

    produce(run.calc, request, Delivery(form, output, mask, show_pii, quiet))


@app.command(cls=_Command)
def audit(
    files: Files,
    region: Region = "",
    form: Format = "",
    output: Output = "",
    sheet: Sheet = None,
    program: Programs = None,
    as_of: AsOf = "",
    settings: Sets = None,
    history: History = None,
    against: Against = None,
    waivers: Waivers = "",
    encoding: Encoding = None,
    columns: Map = "",
    fail_on: FailOn = "疑点",
    select: Select = None,
    ignore: Ignore = None,
    strict: Strict = False,
    statistics: Statistics = False,
    sample: Sample = None,
    seed: Seed = 0,
    mask: Mask = False,
    show_pii: ShowPii = False,
    quiet: Quiet = False,
) -> None:
    """审核：哪些不能发，哪些要核实，依据哪一条；没查的也列出。"""
    request = asked(files, region, sheet, encoding, columns, program, settings, as_of, history)
    lists, chosen, left_out = tuple(against or ()), codes(select), codes(ignore)
    request = replace(request, against=lists, waivers=waivers, select=chosen, ignore=left_out)
    threshold = level(fail_on)
    from jybf import run
    from jybf.deliver import produce

    report = produce(run.check, request, Delivery(form, output, mask, show_pii, quiet))
    failures = run.failures(report, threshold, strict=strict)
    if failures and not quiet:
        say(f"以 1 退出：{'，'.join(failures)}", sys.stderr)
    raise typer.Exit(int(bool(failures)))


@app.command(cls=_Command)
def inspect(
    files: Files,
    form: Annotated[str, typer.Option("-f", "--format", metavar="格式", help="table json")] = "",
    sheet: Sheet = None,
    encoding: Encoding = None,
    columns: Map = "",
    write_map: Annotated[str, typer.Option("--write-map", metavar="文件", help="把认出的列写成 .toml，改好后给 --map")] = "",
    mask: Annotated[bool, typer.Option("--mask", help="json 里也隐去证号、卡号、电话")] = False,
    show_pii: Annotated[bool, typer.Option("--show-pii", help="显示全号")] = False,
    quiet: Quiet = False,
) -> None:
    """算之前先看：能不能读，哪些行是人，每一列认成什么，哪些单元格要改。"""
    request = Request(files=tuple(files), sheet=sheet, encoding=encoding, columns=columns)
    from jybf import run
    from jybf.deliver import show

    raise typer.Exit(show(run.look, request, Delivery(form, write_map, mask, show_pii, quiet)))


@app.command(cls=_Command)
def why(
    files: Files,
    who: Annotated[str, typer.Argument(metavar="行号|姓名|身份证号", help="Excel 行号（表名!行号）、姓名、单位或证号")],
    region: Region = "",
    form: Annotated[str, typer.Option("-f", "--format", metavar="格式", help="table json")] = "",
    sheet: Sheet = None,
    program: Programs = None,
    as_of: AsOf = "",
    settings: Sets = None,
    history: History = None,
    against: Against = None,
    encoding: Encoding = None,
    columns: Map = "",
    mask: Annotated[bool, typer.Option("--mask", help="json 里也隐去证号、卡号、电话")] = False,
    show_pii: Annotated[bool, typer.Option("--show-pii", help="显示全号")] = False,
    quiet: Quiet = False,
) -> None:
    """某一行为什么能领、不能领：逐条列出条款、表上的值、金额怎么来，像证明一样。"""
    request = asked(files, region, sheet, encoding, columns, program, settings, as_of, history)
    request = replace(request, against=tuple(against or ()))
    from jybf import run
    from jybf.deliver import tell_why

    tell_why(lambda say, tell: run.why(request, who, say, tell), request, Delivery(form, "", mask, show_pii, quiet))


@app.command(cls=_Command)
def explain(
    code: Annotated[str, typer.Argument(metavar="编号", help="如 JY506；JY5 列出这样开头的；不给则列出全部")] = "",
) -> None:
    """解释一条审核规则：查什么、为什么、依据、怎么办。"""
    from jybf.explain import check_list, check_text

    say(check_text(code) if code else check_list())


@rules.command("list", cls=_Command)
def rules_list() -> None:
    """列出随程序带的规则包。"""
    from jybf.explain import pack_list

    say(pack_list())


@rules.command("show", cls=_Command)
def rules_show(region: Annotated[str, typer.Argument(metavar="地区", help="如 fengdu、丰都县，或自己的 .toml")]) -> None:
    """显示一个规则包：项目、标准、条件、依据。"""
    from jybf.explain import pack_text

    say(pack_text(region))


@rules.command("fields", cls=_Command)
def rules_fields(word: Annotated[str, typer.Argument(metavar="词", help="如 金额；不给则列出全部")] = "") -> None:
    """列出花名册的字段：名称、类型、意思、认得的表头写法。"""
    from jybf.explain import field_list

    say(field_list(word))


@rules.command("lists", cls=_Command)
def rules_lists() -> None:
    """列出可以比对的名单：名称、按什么列比对、哪些规则用它。"""
    from jybf.explain import list_kinds

    say(list_kinds())


@rules.command("check", cls=_Command)
def rules_check(files: Annotated[list[str] | None, typer.Argument(metavar="规则包…", show_default=False)] = None) -> None:
    """检查规则包的写法，并跑它自带的例子；不给文件则检查全部。"""
    from jybf.explain import check_packs

    say(check_packs(files or []))


def main() -> None:
    """Run the command line and exit; whatever happens, the user gets sentences and one of the documented exit codes."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")  # a Windows pipe would take GBK
    sys.exit(_run(sys.argv[1:]))


def _run(arguments: list[str]) -> int:
    try:
        return app(arguments, prog_name="jybf", standalone_mode=False) or 0
    except JybfError as error:
        _complain(*map(str, error.problems))
        return error.exit_code
    except TyperException as error:
        context = getattr(error, "ctx", None)
        if error.message.startswith("用法"):  # a group called without a command: its help page
            say(error.message)
            return 2
        _complain(chinese_error(error.format_message(), context.command_path if context else "jybf"))
        return 2
    except KeyboardInterrupt:
        return 130
    except BaseException as error:  # the last resort, also for a panic of a Rust library: no traceback reaches a user
        if isinstance(error, SystemExit) or os.environ.get("JYBF_DEBUG") == "1":
            raise
        _complain(f"内部错误 {type(error).__name__}：请把这一行和所用命令报告给我们（设 JYBF_DEBUG=1 可看详情）")
        return 2


def _complain(*sentences: str) -> None:
    for each in sentences:
        say(f"错误：{sentence(each)}", sys.stderr)


if __name__ == "__main__":
    main()
