"""``jybf ledger``: approve, pay, reverse, look. Bodies of a few lines; nothing heavy before they run."""

from typing import Annotated

import typer
from msgspec.structs import replace

from jybf.cli import complete, options
from jybf.cli.app import Command, ledger
from jybf.commands.request import Delivery, Request, codes_of

Book = options.Ledger
By = Annotated[str, typer.Option("--by", metavar="姓名", help="经办人；默认 JYBF_OPERATOR 或登录名")]
Form = Annotated[
    str, typer.Option("-f", "--format", metavar="格式", help="table csv json xlsx parquet", autocompletion=complete.formats)
]
Batch = Annotated[int, typer.Argument(metavar="批次", help="ledger list 列出", show_default=False)]
Groups = Annotated[
    list[str] | None, typer.Option("--by", metavar="项目,乡镇", help="按什么合计：项目 乡镇 村 年度 资金 单位 批次")
]
Returned = Annotated[
    list[str] | None, typer.Option("--returned", metavar="退票文件", help="银行退回的：账号、户名、金额、原因")
]


def listing(
    form: Form = "",
    output: options.Output = "",
    mask: options.Mask = False,
    show_pii: options.ShowPii = False,
    quiet: options.Quiet = False,
) -> Delivery:
    """Where a list goes, and how."""
    return Delivery(form, output, mask, show_pii, quiet)


def returning(returned: Returned = None, encoding: options.Encoding = None, columns: options.Map = "") -> Request:
    """The files of what a bank returned."""
    return Request(tuple(returned or ()), encoding=encoding, columns=columns)


def bringing(
    files: options.Files, region: options.Region = "", encoding: options.Encoding = None, columns: options.Map = ""
) -> Request:
    """The files of what was paid before."""
    return Request(tuple(files), region, encoding=encoding, columns=columns)


@ledger.command("init", cls=Command)
def init(where: Book = "") -> None:
    """建一本账：一个文件，或 PostgreSQL 的一个库。"""
    from jybf.commands.ledger.setup import ledger_init

    ledger_init(where)


@ledger.command("upgrade", cls=Command)
def upgrade(where: Book = "") -> None:
    """把旧版本的账本升到这个程序的版本；先备份。"""
    from jybf.commands.ledger.setup import ledger_upgrade

    ledger_upgrade(where)


@ledger.command("approve", cls=Command)
@options.given(request=options.assessing, delivery=listing)
def approve(
    request: Request,
    *,
    against: options.Against = None,
    waivers: options.Waivers = "",
    by: By = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只看会记哪些，账本不动")] = False,
    anew: Annotated[bool, typer.Option("--anew", help="冲销过的、退票后账号没有改的，也记")] = False,
    delivery: Delivery,
) -> None:
    """核准：审核花名册，可发的记成一批；没有记的列出原因。"""
    request = replace(request, against=tuple(against or ()), waivers=waivers)
    from jybf.commands.ledger.approve import ledger_approve
    from jybf.commands.ledger.opened import operator_of

    raise typer.Exit(ledger_approve(request, delivery, operator_of(by), dry_run=dry_run, anew=anew))


@ledger.command("pay", cls=Command)
@options.given(returns=returning, delivery=listing)
def pay(batch: Batch, *, where: Book = "", by: By = "", returns: Request, delivery: Delivery) -> None:
    """一批发完了；银行退回的，随时再给一次退票文件。"""
    from jybf.commands.ledger.opened import operator_of
    from jybf.commands.ledger.pay import ledger_pay

    ledger_pay(batch, where, operator_of(by), returns, delivery)


@ledger.command("reverse", cls=Command)
def reverse(
    payment: Annotated[int, typer.Argument(metavar="笔号", help="ledger show 列出", show_default=False)],
    reason: Annotated[str, typer.Option("--reason", metavar="理由")],
    where: Book = "",
    by: By = "",
) -> None:
    """冲销一笔：记一件新的事，占的名额放开；原来的那一笔还在账上。"""
    from jybf.commands.ledger.opened import operator_of
    from jybf.commands.ledger.pay import ledger_reverse

    ledger_reverse(payment, where, operator_of(by), reason)


@ledger.command("list", cls=Command)
@options.given(delivery=listing)
def list_(*, where: Book = "", delivery: Delivery) -> None:
    """有哪些批次：日期、经办、笔数、金额、发了没有、退了多少。"""
    from jybf.commands.ledger.look import ledger_list

    ledger_list(where, delivery)


@ledger.command("show", cls=Command)
@options.given(delivery=listing)
def show(batch: Batch, *, where: Book = "", delivery: Delivery) -> None:
    """一批里的每一笔：给谁、多少、哪张表哪一行、现在怎样。"""
    from jybf.commands.ledger.look import ledger_show

    ledger_show(batch, where, delivery)


@ledger.command("totals", cls=Command)
@options.given(delivery=listing)
def totals(*, groups: Groups = None, where: Book = "", delivery: Delivery) -> None:
    """合计：核准、退回、发放、待发多少。"""
    from jybf.commands.ledger.look import ledger_totals

    ledger_totals(where, codes_of(groups) or ("项目",), delivery)


@ledger.command("person", cls=Command)
@options.given(delivery=listing)
def person(
    who: Annotated[str, typer.Argument(metavar="身份证号|姓名|单位", show_default=False)],
    *,
    where: Book = "",
    delivery: Delivery,
) -> None:
    """一个人、一个单位领过什么，还可以领多少。"""
    from jybf.commands.ledger.look import ledger_person

    ledger_person(who, where, delivery)


@ledger.command("import", cls=Command)
@options.given(request=bringing, delivery=listing)
def import_(request: Request, *, where: Book = "", by: By = "", delivery: Delivery) -> None:
    """建账以前发过的：作为历史记进来；认不出的列出。"""
    from jybf.commands.ledger.bring import ledger_import
    from jybf.commands.ledger.opened import operator_of

    raise typer.Exit(ledger_import(request, delivery, where, operator_of(by)))


@ledger.command("export", cls=Command)
@options.given(delivery=listing)
def export(*, where: Book = "", delivery: Delivery) -> None:
    """整本账：每一笔和它的经过，csv 或 parquet。"""
    from jybf.commands.ledger.look import ledger_export

    ledger_export(where, delivery)


@ledger.command("verify", cls=Command)
def verify(
    where: Book = "",
    head: Annotated[str, typer.Option("--head", metavar="号:摘要", help="以前记下的那一行，核对没有换过、没有截短")] = "",
) -> None:
    """核对：没有一个字被改过，金额、名额都对得上。"""
    from jybf.commands.ledger.setup import ledger_verify

    raise typer.Exit(ledger_verify(where, head))
