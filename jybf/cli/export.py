"""``jybf export``: what leaves the house of a batch of the ledger."""

from typing import Annotated

import typer

from jybf.cli import complete, options
from jybf.cli.app import Command, export
from jybf.cli.ledger import Batch, Book
from jybf.commands.request import day_of


@export.command("bank", cls=Command)
def bank(
    batch: Batch,
    output: options.Output = "",
    layout: Annotated[
        str, typer.Option("--layout", metavar="格式", help="comma pipe sheet，或自己的 .toml", autocompletion=complete.layouts)
    ] = "comma",
    merge: Annotated[bool, typer.Option("--merge", help="同一个人、同一个账号的几笔合成一行")] = False,
    where: Book = "",
    quiet: options.Quiet = False,
) -> None:
    """给银行的代发文件；有一笔不能发，就整个不写，全部的毛病一次说出来。"""
    from jybf.commands.export import export_bank

    export_bank(batch, where, output, layout, merge=merge, quiet=quiet)


@export.command("notice", cls=Command)
def notice(
    batch: Batch,
    title: Annotated[str, typer.Option("--title", metavar="标题", help="如 静乐县2021年第二批交通补贴公示")],
    office: Annotated[str, typer.Option("--office", metavar="单位", help="向谁反映")],
    phone: Annotated[str, typer.Option("--phone", metavar="电话", help="反映的电话")],
    output: options.Output = "",
    first: Annotated[str, typer.Option("--from", metavar="日期", help="从哪天起公示，默认明天")] = "",
    days: Annotated[int, typer.Option("--days", metavar="天数", help="公示几天，第一天也算")] = 7,
    where: Book = "",
    quiet: options.Quiet = False,
) -> None:
    """公示表：姓名写全，证号、账号隐去，没有电话；xlsx 或 html，A4 打印。"""
    from jybf.commands.export import export_notice, notice_of

    whole = notice_of(title, day_of(first, "--from"), days, office, phone)
    export_notice(batch, where, output, whole, quiet=quiet)


@export.command("return", cls=Command)
def return_(
    batch: Batch,
    output: Annotated[str, typer.Option("-o", "--output", metavar="文件夹", help="写到这个文件夹，如 -o 退回/")] = "",
    split: options.Split = "乡镇",
    mask: options.Mask = False,
    where: Book = "",
    quiet: options.Quiet = False,
) -> None:
    """没有发的退回去：一个乡镇、村或单位一个文件，每行写着为什么、要补什么。"""
    from jybf.commands.export import export_return

    export_return(batch, where, output, split, mask=mask, quiet=quiet)
