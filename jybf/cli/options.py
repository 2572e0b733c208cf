"""The options of the command line, each said once, and what several commands make of the same ones."""

from collections.abc import Callable
from inspect import Parameter, Signature, signature
from typing import Annotated, Any

import typer

from jybf.cli import complete
from jybf.commands.request import Cluster, Delivery, Request, request_of

Files = Annotated[
    list[str], typer.Argument(metavar="花名册…", help="xlsx、csv、xls、ods、parquet；- 为标准输入", show_default=False)
]
Region = Annotated[
    str,
    typer.Option("-r", "--region", metavar="地区", help="如 shanxi 或 山西省；不给则看花名册", autocompletion=complete.regions),
]
Format = Annotated[
    str,
    typer.Option(
        "-f", "--format", metavar="格式", help="table csv json jsonl xlsx html parquet", autocompletion=complete.formats
    ),
]
Page = Annotated[str, typer.Option("-f", "--format", metavar="格式", help="table json")]
Output = Annotated[str, typer.Option("-o", "--output", metavar="文件", help="写入文件，格式看后缀，如 -o 结果.xlsx")]
Split = Annotated[
    str,
    typer.Option(
        "--split", metavar="乡镇|单位|村", help="分成几个文件，如 -o 文件夹/ --split 乡镇", autocompletion=complete.parts
    ),
]
Sheet = Annotated[str | None, typer.Option("--sheet", metavar="表", help="只读这张工作表（名称或序号），如 --sheet 2")]
Programs = Annotated[
    list[str] | None,
    typer.Option(
        "--program", metavar="项目", help="只看这个补贴项目的行，如 --program 跨省，可重复", autocompletion=complete.programs
    ),
]
AsPrograms = Annotated[
    list[str] | None,
    typer.Option(
        "--as-program", metavar="项目", help="不看表上写的，每一行都按这个项目算，可重复", autocompletion=complete.programs
    ),
]
LawAsOf = Annotated[
    str, typer.Option("--law-as-of", metavar="日期", help="按那一天所知的规定判断，如 2022-06-30；后来录入的不算")
]
Rules = Annotated[str, typer.Option("--rules", metavar="文件夹", help="自己的规则包在这个文件夹里，如 规则/")]
AsOf = Annotated[str, typer.Option("--as-of", metavar="日期", help="花名册没写日期时用，如 2021-12-31")]
Sets = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="项目.yuan=元",
        help="补上文件未定的标准，如 公益性岗位补贴.yuan=850；或 设置=取值；可重复；whatif：设想的标准",
    ),
]
History = Annotated[
    list[str] | None, typer.Option("--history", metavar="文件", help="以前发放的花名册或本工具的输出，如 去年.xlsx，可重复")
]
Ledger = Annotated[str, typer.Option("--ledger", metavar="账本", help="账本.db 或 postgresql://…；账上的算历史")]
Against = Annotated[
    list[str] | None,
    typer.Option(
        "--against",
        metavar="名单=文件",
        help="与名单比对，如 死亡=名单.xlsx@2021-12-31，可重复；rules lists 列出",
        autocompletion=complete.lists,
    ),
]
Waivers = Annotated[
    str, typer.Option("--waivers", metavar="文件", help="豁免文件，如 豁免.toml；默认当前或上级文件夹的 jybf-waivers.toml")
]
PayList = Annotated[bool, typer.Option("--pay-list", help="只出放行清单：每一行能不能发、发多少、发到哪个账号")]
Statistics = Annotated[bool, typer.Option("--statistics", help="只出统计：按规则、乡镇、单位、项目的条数和金额")]
Sample = Annotated[int | None, typer.Option("--sample", metavar="行数", help="按金额抽样，抽这么多行供核查，如 --sample 30")]
Seed = Annotated[int, typer.Option("--seed", metavar="数", help="抽样的种子，如 --seed 7；同样的种子抽到同样的行")]
Encoding = Annotated[str | None, typer.Option("--encoding", metavar="编码", help="csv 的编码，如 gb18030")]
Map = Annotated[str, typer.Option("--map", metavar="文件", help="按这份列名文件认列，如 列名.toml，inspect 可以写出来")]
Columns = Annotated[
    str,
    typer.Option(
        "--columns",
        metavar="own|all",
        help="own：只有本工具的列（默认）；all：花名册自己的列跟在后面，还能再审",
        show_default=False,
        autocompletion=complete.carried,
    ),
]
Whole = Annotated[bool, typer.Option("--all", help="屏幕上也逐条列出，不合并、不省略")]
Mask = Annotated[bool, typer.Option("--mask", help="隐去证号、卡号、电话")]
ShowPii = Annotated[bool, typer.Option("--show-pii", help="终端表格也显示全号")]
Quiet = Annotated[bool, typer.Option("-q", "--quiet", help="只输出数据和错误")]
Engine = Annotated[str, typer.Option("--engine", metavar="引擎", help="duckdb：比内存大的，落到磁盘上算；spark：在集群上")]
EngineOfAudit = Annotated[str, typer.Option("--engine", metavar="引擎", help="spark：在集群上，一县一县地审")]
Memory = Annotated[str, typer.Option("--memory", metavar="大小", help="--engine duckdb 用多少内存，如 4GB", show_default=False)]
Dialect = Annotated[
    str,
    typer.Option("--dialect", metavar="方言", help="duckdb postgres spark clickhouse mysql hive tsql oracle"),
]
FailOn = Annotated[
    str,
    typer.Option("--fail-on", metavar="级别", help="达到此级别就以 1 退出：拦截 疑点 提示", autocompletion=complete.levels),
]
Select = Annotated[
    list[str] | None,
    typer.Option("--select", metavar="编号", help="只查这些规则，如 JY5 或 JY506,JY507", autocompletion=complete.codes),
]
Ignore = Annotated[
    list[str] | None,
    typer.Option("--ignore", metavar="编号", help="不查这些规则，如 JY107", autocompletion=complete.codes),
]
Strict = Annotated[bool, typer.Option("--strict", help="有没查的规则也以 1 退出")]

Master = Annotated[str, typer.Option("--master", metavar="主节点", help="Spark 的，如 local[4]、spark://主机:7077")]
Conf = Annotated[list[str] | None, typer.Option("--conf", metavar="键=值", help="如 spark.executor.memory=8g，可重复")]
BadRows = Annotated[str, typer.Option("--bad-rows", metavar="文件夹", help="集群上认不出的格、不是数据的行写到这里")]
County = Annotated[str, typer.Option("--county", metavar="列", help="集群上按哪一列一县一县地审，默认 户籍县")]
CountyRows = Annotated[int, typer.Option("--county-rows", metavar="行数", help="一个县连同有关的行最多几行，默认 200 万")]


def reading(files: Files, sheet: Sheet = None, encoding: Encoding = None, columns: Map = "") -> Request:
    """What is asked of every command that reads rosters."""
    return Request(files=tuple(files), sheet=sheet, encoding=encoding, columns=columns)


def assessing(
    files: Files,
    region: Region = "",
    sheet: Sheet = None,
    program: Programs = None,
    as_program: AsPrograms = None,
    as_of: AsOf = "",
    settings: Sets = None,
    history: History = None,
    ledger: Ledger = "",
    encoding: Encoding = None,
    columns: Map = "",
    law_as_of: LawAsOf = "",
    rules: Rules = "",
) -> Request:
    """What is asked of every command that assesses them."""
    law = (law_as_of, rules)
    return request_of(files, region, sheet, encoding, columns, program, as_program, settings, as_of, history, ledger, *law)


def clustered(master: Master = "local[*]", conf: Conf = None, bad_rows: BadRows = "") -> Cluster:
    """Where a run goes that is not of this machine."""
    return Cluster(master, tuple(conf or ()), bad_rows)


def by_county(
    master: Master = "local[*]", conf: Conf = None, bad_rows: BadRows = "", county: County = "", county_rows: CountyRows = 0
) -> Cluster:
    """As :func:`clustered`, county by county."""
    return Cluster(master, tuple(conf or ()), bad_rows, county, county_rows)


def delivering(
    form: Format = "",
    output: Output = "",
    split: Split = "",
    whole: Whole = False,
    mask: Mask = False,
    show_pii: ShowPii = False,
    quiet: Quiet = False,
) -> Delivery:
    """Where a table goes, and how."""
    return Delivery(form, output, mask, show_pii, quiet, whole, split)


def showing(form: Page = "", mask: Mask = False, show_pii: ShowPii = False, quiet: Quiet = False) -> Delivery:
    """Where a page goes."""
    return Delivery(form, "", mask, show_pii, quiet)


def given(**makers: Callable[..., Any]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """A command some of whose arguments ``makers`` make, each of options of its own: Typer is shown those and the command's."""

    def told(command: Callable[..., None]) -> Callable[..., None]:
        theirs = {name: list(signature(maker).parameters.values()) for name, maker in makers.items()}
        groups = {name: theirs.get(name, [own]) for name, own in signature(command).parameters.items()}
        every = [one.replace(kind=Parameter.KEYWORD_ONLY) for group in groups.values() for one in group]

        def run(**said: Any) -> None:
            made = {name: makers[name](**{one.name: said.pop(one.name) for one in ones}) for name, ones in theirs.items()}
            command(**made, **said)

        run.__name__, run.__doc__ = command.__name__, command.__doc__
        run.__annotations__ = {one.name: one.annotation for one in every}
        run.__signature__ = Signature(every)  # pyright: ignore[reportFunctionMemberAccess]
        return run

    return told
