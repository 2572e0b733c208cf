"""The application and its groups: help in Chinese, nothing printed that is not ours."""

from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from jybf import __version__
from jybf.cli.chinese import chinese_help
from jybf.visible import say


class _Given:
    """What the command line gives is mostly of the right type as it stands: only for the rest Typer loads Pydantic."""

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        wanted = param.type_descriptor.annotation
        if value is None or type(value) is wanted:
            return () if value is None and (param.multiple or param.nargs == -1) else value
        if wanted == list[str]:
            return list(value)
        param._runtime_param = None  # noqa: SLF001  Typer's own takes over
        return param.get_runtime_param().coerce(value, param=param, ctx=ctx)


def _as_given(params: list[Any]) -> list[Any]:
    for param in params:
        param._runtime_param = param._runtime_param or _Given()  # noqa: SLF001  Typer asks for its own only where none is set
    return params


class Command(TyperCommand):
    def get_params(self, ctx: Any) -> list[Any]:
        return _as_given(super().get_params(ctx))

    def get_help(self, ctx: Any) -> str:
        return chinese_help(super().get_help(ctx))


ORDER = (
    "template",
    "inspect",
    "calc",
    "audit",
    "why",
    "whatif",
    "diff",
    "waive",
    "ledger",
    "export",
    "explain",
    "rules",
)  # as one works


class Group(TyperGroup):
    def get_params(self, ctx: Any) -> list[Any]:
        return _as_given(super().get_params(ctx))

    def list_commands(self, ctx: Any) -> list[str]:
        names = super().list_commands(ctx)
        return sorted(names, key=ORDER.index) if {*names} <= {*ORDER} else names

    def get_help(self, ctx: Any) -> str:
        return chinese_help(super().get_help(ctx))


_STYLE: dict[str, Any] = {
    "no_args_is_help": True,
    "add_completion": False,
    "rich_markup_mode": None,
    "pretty_exceptions_enable": False,  # its tracebacks would print people's data
    "cls": Group,
}
_NAMES = {"help_option_names": ["-h", "--help"], "max_content_width": 100}

_ABOUT = "就业帮扶补贴：读花名册，逐行算出谁能领多少、为什么；审出哪些钱不能发。"

app = typer.Typer(name="jybf", help=_ABOUT, context_settings=_NAMES, **_STYLE)
rules = typer.Typer(help="看规则包：各地政策写成的数据。", **_STYLE)
app.add_typer(rules, name="rules", cls=Group)
ledger = typer.Typer(help="账本：核准、发放、退回，谁也不会发两次。", **_STYLE)
app.add_typer(ledger, name="ledger", cls=Group)
export = typer.Typer(help="一批里要交出去的：给银行的、公示的、退回的。", **_STYLE)
app.add_typer(export, name="export", cls=Group)


def _version(wanted: bool) -> None:
    if wanted:
        say(f"jybf {__version__}")
        raise typer.Exit


Version = Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="显示版本")]


@app.callback()
def _root(_version: Version = False) -> None:
    pass
