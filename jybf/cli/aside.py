"""The commands beside the money: diff, waive, explain, template."""

from datetime import date
from typing import Annotated

import typer

from jybf.cli import complete, options
from jybf.cli.app import Command, app
from jybf.commands.request import Delivery, Request, day_of, level
from jybf.visible import show


@app.command(cls=Command)
def diff(
    old: Annotated[str, typer.Argument(metavar="旧.json", show_default=False)],
    new: Annotated[str, typer.Argument(metavar="新.json", show_default=False)],
    form: Annotated[str, typer.Option("-f", "--format", metavar="格式", help="table csv json")] = "",
    output: options.Output = "",
    fail_on: options.FailOn = "疑点",
    everything: Annotated[bool, typer.Option("--all", help="没有变的也列出")] = False,
    mask: options.Mask = False,
    show_pii: options.ShowPii = False,
    quiet: options.Quiet = False,
) -> None:
    """比较两次审核：哪些新增、变化、已解决，哪些没有再查。"""
    delivery, threshold = Delivery(form, output, mask, show_pii, quiet), level(fail_on)
    from jybf.commands.diff import diff

    raise typer.Exit(diff(old, new, delivery, threshold=threshold, everything=everything))


@app.command(cls=Command)
def waive(
    file: Annotated[str, typer.Argument(metavar="花名册", show_default=False)],
    code: Annotated[str, typer.Option("--code", metavar="编号")],
    reason: Annotated[str, typer.Option("--reason", metavar="理由")],
    approved_by: Annotated[str, typer.Option("--approved-by", metavar="批准人")],
    expires: Annotated[str, typer.Option("--expires", metavar="日期", help="最后一天，如 2026-12-31")],
    who: Annotated[str, typer.Option("--who", metavar="人", help="身份证号、姓名或 Excel 行号")] = "",
    employer: Annotated[str, typer.Option("--employer", metavar="单位", help="名称或统一社会信用代码")] = "",
    issued: Annotated[str, typer.Option("--issued", metavar="日期", help="默认今天")] = "",
    program: Annotated[str, typer.Option("--program", metavar="项目", help="只豁免这个项目")] = "",
    waivers: options.Waivers = "",
    append: Annotated[bool, typer.Option("--append", help="直接加到豁免文件末尾")] = False,
    sheet: options.Sheet = None,
    encoding: options.Encoding = None,
    columns: options.Map = "",
    quiet: options.Quiet = False,
) -> None:
    """写一条豁免：谁批准、为什么、到哪一天；人只写编码，不写证号。"""
    from jybf.commands.waive import Wish, waive

    start = day_of(issued, "--issued") or date.today()  # noqa: DTZ011  the day of writing, a fact of the entry
    wish = Wish(code, reason, approved_by, start, day_of(expires, "--expires"), who, employer, program)
    request = Request((file,), sheet=sheet, encoding=encoding, columns=columns)
    waive(request, wish, waivers=waivers, append=append, quiet=quiet)


@app.command(cls=Command)
def explain(
    code: Annotated[str, typer.Argument(metavar="编号", help="如 JY506；JY5、死亡 列出这样开头、讲到它的；不给则全部")] = "",
) -> None:
    """解释一条审核规则：查什么、为什么、依据、怎么办。"""
    from jybf.commands.explain import explain

    show(explain(code))


@app.command(cls=Command)
def template(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="地区 项目…", help="如 静乐县 跨省务工；不写项目就是全部", show_default=False)
    ] = None,
    of_list: Annotated[
        str,
        typer.Option("--list", metavar="名单", help="改写名单的空表，如 死亡；rules lists 列出", autocompletion=complete.kinds),
    ] = "",
    rows: Annotated[int, typer.Option("--rows", metavar="行数", help="留多少空行")] = 50,
    brief: Annotated[bool, typer.Option("--brief", help="只要测算和发钱用的列，不要审核另外用的")] = False,
    rules: options.Rules = "",
    output: options.Output = "",
    quiet: options.Quiet = False,
) -> None:
    """写一份空表给乡镇填：列齐、有下拉和校验、附填表说明；填好直接能读。"""
    from jybf.commands.template import template

    template(names or [], of_list, Delivery(output=output, quiet=quiet), rules, rows=rows, brief=brief)
