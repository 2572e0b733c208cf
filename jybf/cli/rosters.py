"""The commands that read rosters: inspect, calc, audit, why. Bodies of a few lines; nothing heavy before they run."""

from typing import Annotated

import typer
from msgspec.structs import replace

from jybf.cli import options
from jybf.cli.app import Command, app
from jybf.commands.request import Delivery, Request, Shape, codes_of, level, request_of


@app.command(cls=Command)
def calc(
    files: options.Files,
    region: options.Region = "",
    form: options.Format = "",
    output: options.Output = "",
    sheet: options.Sheet = None,
    program: options.Programs = None,
    as_program: options.AsPrograms = None,
    as_of: options.AsOf = "",
    settings: options.Sets = None,
    history: options.History = None,
    ledger: options.Ledger = "",
    encoding: options.Encoding = None,
    columns: options.Map = "",
    whole: options.Whole = False,
    mask: options.Mask = False,
    show_pii: options.ShowPii = False,
    quiet: options.Quiet = False,
) -> None:
    """逐行测算：谁能领多少，依据哪一条，缺什么资料。"""
    request = request_of(files, region, sheet, encoding, columns, program, as_program, settings, as_of, history, ledger)
    from jybf.commands.calc import calc

    calc(request, Delivery(form, output, mask, show_pii, quiet, whole))


@app.command(cls=Command)
def audit(
    files: options.Files,
    region: options.Region = "",
    form: options.Format = "",
    output: options.Output = "",
    sheet: options.Sheet = None,
    program: options.Programs = None,
    as_program: options.AsPrograms = None,
    as_of: options.AsOf = "",
    settings: options.Sets = None,
    history: options.History = None,
    ledger: options.Ledger = "",
    against: options.Against = None,
    waivers: options.Waivers = "",
    encoding: options.Encoding = None,
    columns: options.Map = "",
    fail_on: options.FailOn = "疑点",
    select: options.Select = None,
    ignore: options.Ignore = None,
    strict: options.Strict = False,
    pay_list: options.PayList = False,
    statistics: options.Statistics = False,
    sample: options.Sample = None,
    seed: options.Seed = 0,
    whole: options.Whole = False,
    mask: options.Mask = False,
    show_pii: options.ShowPii = False,
    quiet: options.Quiet = False,
) -> None:
    """审核：哪些不能发，哪些要核实，依据哪一条；没查的也列出。"""
    request = request_of(files, region, sheet, encoding, columns, program, as_program, settings, as_of, history, ledger)
    lists, chosen, left_out = tuple(against or ()), codes_of(select), codes_of(ignore)
    request = replace(request, against=lists, waivers=waivers, select=chosen, ignore=left_out)
    delivery, shape, threshold = (
        Delivery(form, output, mask, show_pii, quiet, whole),
        Shape(pay_list, statistics, sample, seed),
        level(fail_on),
    )
    from jybf.commands.audit import audit

    raise typer.Exit(audit(request, delivery, shape, threshold=threshold, strict=strict))


@app.command(cls=Command)
def inspect(
    files: options.Files,
    form: Annotated[str, typer.Option("-f", "--format", metavar="格式", help="table json")] = "",
    sheet: options.Sheet = None,
    encoding: options.Encoding = None,
    columns: options.Map = "",
    write_map: Annotated[str, typer.Option("--write-map", metavar="文件", help="把认出的列写成 .toml，改好后给 --map")] = "",
    mask: Annotated[bool, typer.Option("--mask", help="json 里也隐去证号、卡号、电话")] = False,
    show_pii: Annotated[bool, typer.Option("--show-pii", help="显示全号")] = False,
    quiet: options.Quiet = False,
) -> None:
    """算之前先看：能不能读，哪些行是人，每一列认成什么，哪些单元格要改。"""
    request = Request(files=tuple(files), sheet=sheet, encoding=encoding, columns=columns)
    from jybf.commands.inspect import inspect

    raise typer.Exit(inspect(request, Delivery(form, "", mask, show_pii, quiet), write_map))


@app.command(cls=Command)
def why(
    files: options.Files,
    who: Annotated[str, typer.Argument(metavar="行号|姓名|身份证号", help="Excel 行号（表名!行号）、姓名、单位或证号")],
    region: options.Region = "",
    form: Annotated[str, typer.Option("-f", "--format", metavar="格式", help="table json")] = "",
    sheet: options.Sheet = None,
    program: options.Programs = None,
    as_program: options.AsPrograms = None,
    as_of: options.AsOf = "",
    settings: options.Sets = None,
    history: options.History = None,
    ledger: options.Ledger = "",
    against: options.Against = None,
    encoding: options.Encoding = None,
    columns: options.Map = "",
    mask: Annotated[bool, typer.Option("--mask", help="json 里也隐去证号、卡号、电话")] = False,
    show_pii: Annotated[bool, typer.Option("--show-pii", help="显示全号")] = False,
    quiet: options.Quiet = False,
) -> None:
    """某一行为什么能领、不能领：逐条列出条款、表上的值、金额怎么来，像证明一样。"""
    request = request_of(files, region, sheet, encoding, columns, program, as_program, settings, as_of, history, ledger)
    request = replace(request, against=tuple(against or ()))
    from jybf.commands.why import why

    why(request, who, Delivery(form, "", mask, show_pii, quiet))
