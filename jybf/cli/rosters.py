"""The commands that read rosters: inspect, calc, audit, why. Bodies of a few lines; nothing heavy before they run."""

from typing import Annotated

import typer
from msgspec.structs import replace

from jybf.cli import options
from jybf.cli.app import Command, app
from jybf.commands.request import Cluster, Delivery, Request, Shape, carries, codes_of, engine_of, level, on_cluster


@app.command(cls=Command)
@options.given(request=options.assessing, cluster=options.clustered, delivery=options.delivering)
def calc(
    request: Request,
    *,
    shown: options.Columns = "own",
    engine: options.Engine = "",
    memory: options.Memory = "4GB",
    cluster: Cluster,
    delivery: Delivery,
) -> None:
    """逐行测算：谁能领多少，依据哪一条，缺什么资料。"""
    request = replace(request, carried=carries(shown), engine=engine_of(engine), memory=memory)
    if on_cluster(request.engine, cluster):
        from jybf.commands.cluster import calc_on

        calc_on(request, delivery, cluster)
        return
    from jybf.commands.calc import calc

    calc(request, delivery)


@app.command(cls=Command)
@options.given(request=options.assessing, cluster=options.by_county, delivery=options.delivering)
def audit(
    request: Request,
    *,
    against: options.Against = None,
    waivers: options.Waivers = "",
    fail_on: options.FailOn = "疑点",
    select: options.Select = None,
    ignore: options.Ignore = None,
    strict: options.Strict = False,
    pay_list: options.PayList = False,
    statistics: options.Statistics = False,
    sample: options.Sample = None,
    seed: options.Seed = 0,
    engine: options.EngineOfAudit = "",
    cluster: Cluster,
    delivery: Delivery,
) -> None:
    """审核：哪些不能发，哪些要核实，依据哪一条；没查的也列出。"""
    lists, chosen, left_out = tuple(against or ()), codes_of(select), codes_of(ignore)
    request = replace(request, against=lists, waivers=waivers, select=chosen, ignore=left_out)
    shape, threshold = Shape(pay_list, statistics, sample, seed), level(fail_on)
    if on_cluster(engine_of(engine, ("spark",)), cluster):
        from jybf.commands.cluster import audit_on

        raise typer.Exit(audit_on(request, delivery, shape, cluster, threshold, strict=strict))
    from jybf.commands.audit import audit

    raise typer.Exit(audit(request, delivery, shape, threshold=threshold, strict=strict))


@app.command(cls=Command)
@options.given(request=options.assessing)
def whatif(
    request: Request,
    *,
    pack: Annotated[str, typer.Option("--pack", metavar="规则包", help="换成这份规则包算，如 明年.toml")] = "",
    who: Annotated[bool, typer.Option("--changed", help="csv 里写变了的各行，不写汇总")] = False,
    form: Annotated[str, typer.Option("-f", "--format", metavar="格式", help="table csv json xlsx")] = "",
    output: options.Output = "",
    whole: options.Whole = False,
    mask: options.Mask = False,
    show_pii: options.ShowPii = False,
    quiet: options.Quiet = False,
) -> None:
    """试算：标准改了、换了规则包，谁多得、谁少得、一共差多少。不是结果。"""
    delivery = Delivery(form, output, mask, show_pii, quiet, whole)
    from jybf.commands.whatif import whatif

    whatif(request, delivery, pack, who=who)


@app.command(cls=Command)
@options.given(request=options.reading, delivery=options.showing)
def inspect(
    request: Request,
    *,
    write_map: Annotated[
        str, typer.Option("--write-map", metavar="文件", help="把认出的列写成 .toml，如 列名.toml，改好后给 --map")
    ] = "",
    delivery: Delivery,
) -> None:
    """算之前先看：能不能读，哪些行是人，每一列认成什么，哪些单元格要改。"""
    from jybf.commands.inspect import inspect

    raise typer.Exit(inspect(request, delivery, write_map))


@app.command(cls=Command)
@options.given(request=options.assessing, delivery=options.showing)
def why(
    request: Request,
    who: Annotated[str, typer.Argument(metavar="行号|姓名|身份证号", help="Excel 行号（表名!行号）、姓名、单位或证号")],
    *,
    against: options.Against = None,
    delivery: Delivery,
) -> None:
    """某一行为什么能领、不能领：逐条列出条款、表上的值、金额怎么来，像证明一样。"""
    request = replace(request, against=tuple(against or ()))
    from jybf.commands.why import why

    why(request, who, delivery)
