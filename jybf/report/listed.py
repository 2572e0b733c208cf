"""A plain list with its sums and sentences, such as a ledger's: a page for people, and the formats of programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

import msgspec
import polars as pl
from msgspec.structs import replace

from jybf.report.formats import csv, parquet
from jybf.report.plain import masked, yuan_columns
from jybf.visible import covered

if TYPE_CHECKING:
    from rich.console import Console

FORMS = {"table": ".txt", "csv": ".csv", "json": ".json", "xlsx": ".xlsx", "parquet": ".parquet"}
SCHEMA = 1
_MOST = 200  # rows on a terminal
_NARROW = 20  # bytes of a text that is not broken: a date, a state, a name
_NUMBERS = "^身份证号$"  # of people: on a page their ends will do


class Listed(msgspec.Struct, frozen=True):
    """``rows``: text, and integers; those in ``money`` are 分. ``shown``: the columns of the page, if not all.

    ``says``: what stands below on a page and on stderr; ``sums``: whether the money is added up below.
    """

    title: str
    rows: pl.DataFrame
    money: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    sums: bool = True
    page: pl.DataFrame | None = None  # the rows that people need to see, if not all

    @property
    def yuan(self) -> pl.DataFrame:
        """``rows`` with the money as Decimal 元."""
        return yuan_columns(self.rows, self.money)


def print_listed(listed: Listed, screen: Console, *, mask: bool) -> None:
    """The page: the columns that have anything to say, the sums, and the sentences."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    from jybf.report.prose import Prose
    from jybf.report.rows import cut, rest, short
    from jybf.report.screen import tell

    listed = listed if listed.page is None else replace(listed, rows=listed.page)
    names = [name for name in listed.shown or listed.rows.columns if _says(listed.rows[name])]
    whole = listed.yuan.select(names).cast(pl.String).fill_null("")
    page = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for name in names:
        number, wide = not isinstance(listed.rows.schema[name], pl.String), name == names[-1]
        label = f"{name.removesuffix('金额') or name} 元" if name in listed.money else name
        narrow = number or bool((whole[name].str.len_bytes() <= _NARROW).all())
        page.add_column(label, justify="right" if number else "left", overflow="fold", no_wrap=narrow, ratio=int(wide) or None)
    shown = cut(whole, _MOST, screen).with_columns(pl.col(_NUMBERS).map_elements(lambda n: short(n, mask), pl.String))
    for row in (masked(shown) if mask else shown).iter_rows():
        page.add_row(*map(Prose, row))
    if listed.sums and listed.rows.height > 1 and listed.money:
        page.add_section()
        page.add_row(*(_sum(listed, name) if name in listed.money else "合计" * (n == 0) for n, name in enumerate(names)))
    tell(screen, f"\n{listed.title}  {listed.rows.height} 行", "bold")
    if listed.rows.height:
        screen.print(page)
    rest(whole.height - shown.height, screen)
    for line in listed.says:
        tell(screen, line)


def write_listed(listed: Listed, out: BinaryIO, form: str, *, mask: bool) -> None:
    """``listed`` as ``form``, a key of FORMS."""
    rows = masked(listed.yuan) if mask else listed.yuan
    if form == "table":
        from jybf.report.screen import on_paper

        out.write(on_paper(lambda page: print_listed(listed, page, mask=mask), mask=mask))
    elif form == "csv":
        csv.write_frame(rows, out)
    elif form == "parquet":
        parquet.write_frame(rows, out)
    elif form == "json":
        lines = rows.with_columns(pl.col(pl.Decimal).cast(pl.String)).to_dicts()
        out.write(msgspec.json.encode({"schema": SCHEMA, "kind": listed.title, "says": listed.says, "rows": lines}) + b"\n")
    else:
        from jybf.report.anew import write_book
        from jybf.report.layout import table

        above = [listed.title, *_summed(listed), *listed.says]
        own = table(listed.title, rows, above=tuple(map(covered, above) if mask else above))
        write_book([replace(own, money=frozenset(listed.money))], out)


def _summed(listed: Listed) -> list[str]:
    """What the money comes to, in a line."""
    sums = "  ".join(f"{name} {_sum(listed, name)} 元" for name in listed.money)
    return [f"合计  {sums}"] * (listed.sums and listed.rows.height > 1 and bool(listed.money))


def _says(column: pl.Series) -> bool:
    return bool((column.cast(pl.String).fill_null("") != "").any())


def _sum(listed: Listed, name: str) -> str:
    from jybf.vocabulary.yuan import yuan

    return yuan(int(listed.rows[name].sum()))
