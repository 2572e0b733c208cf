"""The commands for whoever has more than one machine can hold: canon, sql."""

from typing import Annotated

import typer

from jybf.cli import options
from jybf.cli.app import Command, app
from jybf.commands.request import Request, day_of, settings


@app.command(cls=Command)
@options.given(request=options.reading)
def canon(
    request: Request,
    *,
    output: Annotated[
        str,
        typer.Option("-o", "--output", metavar="文件", help="写入这个 .parquet，旁边另有一份 .json 清单", show_default=False),
    ],
    paid: Annotated[bool, typer.Option("--paid", help="这些是以前发过的，当历史用")] = False,
    quiet: options.Quiet = False,
) -> None:
    """几千个工作簿并成一张规范表：逐个读，值有类型，来处和认不出的格都在；calc、audit 和数据仓库都读它。"""
    from jybf.commands.canon import canon

    canon(request, output, paid=paid, quiet=quiet)


@app.command(cls=Command)
def sql(
    region: Annotated[
        str, typer.Argument(metavar="地区", help="如 shanxi、山西省，或自己的 .toml", autocompletion=options.complete.regions)
    ] = "",
    dialect: options.Dialect = "duckdb",
    program: options.Programs = None,
    as_of: options.AsOf = "",
    sets: options.Sets = None,
    past: Annotated[bool, typer.Option("--past", help="还有一张以前发过的表 jybf_history")] = False,
    steps: Annotated[bool, typer.Option("--steps", help="一步一张临时表，给编一条大查询要很久的引擎")] = False,
    ddl: Annotated[bool, typer.Option("--ddl", help="打印它读的表")] = False,
    probe: Annotated[bool, typer.Option("--probe", help="打印三十个容易不同的写法和应得的结果")] = False,
) -> None:
    """把一个地区的政策写成一条 SQL，在数据仓库的规范表上运行，结果与 calc 一样。"""
    request = Request((), region, programs=tuple(program or ()), settings=settings(sets), as_of=day_of(as_of, "--as-of"))
    from jybf.commands.sql import sql

    sql(request, dialect, ddl=ddl, probing=probe, steps=steps, past=past)
