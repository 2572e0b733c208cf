"""The commands that read rosters: inspect, calc, audit, why. Bodies of a few lines; nothing heavy before they run."""

from dataclasses import replace
from typing import Annotated

import typer

from jybf.cli.app import Command, app
from jybf.cli.options import (
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
from jybf.commands.request import Delivery, Request, Shape, codes_of, level, request_of


@app.command(cls=Command)
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
    request = request_of(files, region, sheet, encoding, columns, program, settings, as_of, history)
    from jybf.commands.calc import calc

    calc(request, Delivery(form, output, mask, show_pii, quiet))


@app.command(cls=Command)
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
    request = request_of(files, region, sheet, encoding, columns, program, settings, as_of, history)
    lists, chosen, left_out = tuple(against or ()), codes_of(select), codes_of(ignore)
    request = replace(request, against=lists, waivers=waivers, select=chosen, ignore=left_out)
    delivery, shape, threshold = Delivery(form, output, mask, show_pii, quiet), Shape(statistics, sample, seed), level(fail_on)
    from jybf.commands.audit import audit

    raise typer.Exit(audit(request, delivery, shape, threshold=threshold, strict=strict))


@app.command(cls=Command)
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
    from jybf.commands.inspect import inspect

    raise typer.Exit(inspect(request, Delivery(form, "", mask, show_pii, quiet), write_map))


@app.command(cls=Command)
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
    request = request_of(files, region, sheet, encoding, columns, program, settings, as_of, history)
    request = replace(request, against=tuple(against or ()))
    from jybf.commands.why import why

    why(request, who, Delivery(form, "", mask, show_pii, quiet))
