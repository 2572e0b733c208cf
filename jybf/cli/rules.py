"""``jybf rules``: the law as packs, to look at, to write and to try."""

from typing import Annotated

import typer

from jybf.cli import complete, options
from jybf.cli.app import Command, rules
from jybf.visible import show

Files = Annotated[list[str] | None, typer.Argument(metavar="规则包…", show_default=False)]
Region = Annotated[str, typer.Argument(metavar="地区", help="如 fengdu、丰都县，或自己的 .toml")]


@rules.command("list", cls=Command)
def rules_list(rules: options.Rules = "") -> None:
    """列出有哪些规则包：随程序带的，和自己文件夹里的。"""
    from jybf.commands.rules import rules_list

    show(rules_list(rules))


@rules.command("show", cls=Command)
def rules_show(
    region: Region,
    form: Annotated[str, typer.Option("-f", "--format", metavar="格式", help="table md html")] = "",
    output: options.Output = "",
    law_as_of: options.LawAsOf = "",
    rules: options.Rules = "",
) -> None:
    """显示一个规则包：项目、标准、条件、依据；html 可以打印了贴出来。"""
    from jybf.commands.rules_show import rules_show

    rules_show(region, form, output, rules, law_as_of)


@rules.command("diff", cls=Command)
def rules_diff(
    old: Annotated[str, typer.Argument(metavar="甲", help="地区；@日期 只看那一天，如 shanxi@2022-12-31")],
    new: Annotated[str, typer.Argument(metavar="乙", help="同上，如 fengdu 或 shanxi@2023-01-01")],
    form: Annotated[str, typer.Option("-f", "--format", metavar="格式", help="table md html")] = "",
    output: options.Output = "",
    everything: Annotated[bool, typer.Option("--all", help="相同的也列出")] = False,
    rules: options.Rules = "",
) -> None:
    """两个地区或两个年份对着看：逐项金额，逐条条件。"""
    from jybf.commands.rules_diff import rules_diff

    rules_diff(old, new, form, output, rules, everything=everything)


@rules.command("new", cls=Command)
def rules_new(
    name: Annotated[str, typer.Argument(metavar="代号", help="英文小写，如 qinghe")],
    extends: Annotated[str, typer.Option("--extends", metavar="上级", help="在哪个规则包的基础上改，如 shanxi")] = "",
    rules: options.Rules = "",
) -> None:
    """写一个带注释的规则包样子，照着填。"""
    from jybf.commands.rules_new import rules_new

    show(rules_new(name, extends, rules))


@rules.command("schema", cls=Command)
def rules_schema(
    kind: Annotated[str, typer.Argument(metavar="文件", help="pack fields facts lists bank", autocompletion=complete.schemas)],
) -> None:
    """规则文件的 JSON Schema，给编辑器补全、检查用，如 > 规则包.schema.json。"""
    from jybf.commands.rules_schema import rules_schema

    show(rules_schema(kind))


@rules.command("check", cls=Command)
def rules_check(
    files: Files = None,
    boundaries: Annotated[
        bool, typer.Option("--boundaries", help="只写出边界例子，供照抄：少一点、正好、多一点、空白")
    ] = False,
    rules: options.Rules = "",
) -> None:
    """检查规则包的写法，并跑它自带的例子；不给文件则检查全部。"""
    from jybf.commands.rules_check import rules_check

    show(rules_check(files or [], rules, boundaries=boundaries))


@rules.command("test", cls=Command)
def rules_test(
    files: Files = None,
    word: Annotated[str, typer.Option("-k", "--only", metavar="词", help="只跑项目名或例子名里有这个词的")] = "",
    rules: options.Rules = "",
) -> None:
    """逐个跑规则包的例子，有不符合的以 1 退出。"""
    from jybf.commands.rules_check import rules_test

    told, passed = rules_test(files or [], rules, word)
    show(told)
    raise typer.Exit(0 if passed else 1)


@rules.command("fields", cls=Command)
def rules_fields(word: Annotated[str, typer.Argument(metavar="词", help="如 金额；不给则列出全部")] = "") -> None:
    """列出花名册的字段：名称、类型、意思、认得的表头写法。"""
    from jybf.commands.rules import rules_fields

    show(rules_fields(word))


@rules.command("lists", cls=Command)
def rules_lists() -> None:
    """列出可以比对的名单：名称、按什么列比对、哪些规则用它。"""
    from jybf.commands.rules import rules_lists

    show(rules_lists())
