"""Run the checks that apply, and lay their findings out in the columns of the contract."""

from collections.abc import Sequence

import polars as pl
from msgspec.structs import replace

from jybf.assess.partial import left_out
from jybf.audit.book import Book, narrowed, open_book
from jybf.audit.catalogue import chosen, texts
from jybf.audit.coverage import not_run, ran
from jybf.audit.eligibility import assessed
from jybf.audit.registry import Check, checks
from jybf.audit.roll import roll
from jybf.audit.wording import CELL, HELD, NUMBER, stack
from jybf.model import CONTEXT, FINDING_COLUMNS, LINE, ROW, SHEET, Findings, Listing, Pack, Roster, Sheet, Verdicts
from jybf.policy.derivation import cells_of, derived
from jybf.roster import cell
from jybf.vocabulary.facts import by
from jybf.vocabulary.fields import load_fields
from jybf.vocabulary.frames import at, looked_up, put_in_order

WAY = "_路"
_PLACE = (pl.col(SHEET).cast(pl.Int64).alias("_表"), pl.col(LINE).cast(pl.Int64).alias("_行"))


def audit(
    roster: Roster,
    pack: Pack,
    verdicts: Verdicts,
    *,
    history: Roster | None = None,
    lists: Sequence[Listing] = (),
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
) -> Findings:
    """All findings on ``roster``, by file, sheet, line and code. ``verdicts`` were assessed with the same ``history``.

    ``select``, ``ignore``: beginnings of codes to keep to or leave out; UsageError for one that no code begins with.
    """
    wanted = chosen(select, ignore)
    book = open_book(roster, pack, verdicts.whole or verdicts, history, lists)
    due = [check for check in checks() if check.code in wanted and check.concerns(book)]
    lacking = {check: check.lacks(book) for check in due}
    able = [check for check in due if not (lacking[check] or check.unlisted(book))]
    claims = roll(book)
    rows = _laid_out(book, claims, in_order(_placed(book, _found(book, able, wanted))))
    asked = narrowed(book, verdicts) if verdicts.whole else book
    lacking = {check: lacks for check, lacks in lacking.items() if check.concerns(asked)}
    silent = tuple(entry for entry in not_run(asked, lacking) if entry.code in wanted)
    checked = tuple(sorted(ran(asked, lacking, silent) & wanted))
    ours = pl.when(pl.col(SHEET) < len(roster.sheets)).then(SHEET).alias(SHEET)  # a list's sheets are none of the roster's
    context = rows.select(CONTEXT).with_columns(ours)
    partial, controls = bool(select or ignore), _controls(book)
    found = Findings(rows.select(FINDING_COLUMNS), context, silent, checked, claims, verdicts, roster, partial, controls)
    return _kept(found) if verdicts.whole else found


def _kept(found: Findings) -> Findings:
    """``found`` without what is on rows, or on sheets, that only other programmes than those asked for are about."""
    out = pl.col(ROW).is_in(left_out(found.verdicts).implode())
    sheets = found.roster.rows.filter(~out)[SHEET].unique()
    ours = pl.col(SHEET).is_null() | pl.col(SHEET).is_in(sheets.implode())
    own = found.context.select((pl.when(pl.col(ROW).is_null()).then(ours).otherwise(~out)).fill_null(value=True)).to_series()
    kept = {"rows": found.rows.filter(own), "context": found.context.filter(own), "roll": found.roll.filter(~out)}
    return replace(found, **kept)


def _controls(book: Book) -> frozenset[int]:
    """The rows that only a control of the pack is about, and that claim nothing."""
    asking = book.claims().select(ROW)
    own = book.controls.rows.select(ROW).join(book.members, on=ROW, how="anti").join(asking, on=ROW, how="anti")
    return frozenset(own[ROW])


def _found(book: Book, due: Sequence[Check], wanted: frozenset[str]) -> pl.DataFrame:
    """What the checks that are ``due`` find, and what follows from the verdicts; the codes ``wanted`` only."""
    told = stack(assessed(book), *(_coded(check.find(book), check.code) for check in due))
    return told if told["编号"].is_in(list(wanted)).all() else told.filter(pl.col("编号").is_in(list(wanted)))


def _coded(frame: pl.DataFrame, code: str) -> pl.DataFrame:
    """``frame`` with ``code`` where the check did not say another."""
    return frame.with_columns(pl.when(pl.col("编号") == "").then(pl.lit(code)).otherwise("编号").alias("编号"))


def _placed(book: Book, found: pl.DataFrame) -> pl.DataFrame:
    """``found`` with sheet, 行号, 列名 and 单元格; a finding on no row of data says by itself where it stands."""
    rows = found.hstack(at(book.roster.rows.select(_PLACE), found[ROW]))
    for name, own in ((SHEET, "_表"), (LINE, "_行")):
        stated = pl.col(name) if name in found.columns else pl.lit(None)
        rows = rows.with_columns(pl.coalesce(stated.cast(pl.Int64), own).alias(name))
    rows = _with_ways(rows.drop("_表", "_行"), book)
    rows = rows.hstack(looked_up(rows, _cells(rows, book), SHEET, "字段", WAY, nulls_equal=True))
    own_cell = pl.col(CELL) if CELL in found.columns else pl.lit(None, pl.String)
    rows = rows.drop("字段", WAY).with_columns(pl.coalesce(own_cell, pl.concat_str("_栏", LINE)).alias("单元格"))
    return rows.drop("_栏")


def in_order(rows: pl.DataFrame) -> pl.DataFrame:
    """``rows`` by file, sheet, line and code, the same text on the same cell once.

    A cell may be read into two fields, and two programmes may say the same of it. The long texts are only compared where
    all else is alike: there may be millions.
    """
    order = _sorted(rows, "列名")
    near = _near(rows.select(SHEET, LINE, "编号")[order])
    cell = pl.col("单元格").fill_null("")
    place = pl.when(cell == "").then(pl.col("列名").fill_null("")).otherwise(cell).alias("_处")
    few = rows.select(SHEET, LINE, "编号", "列名", place, "当前值", "问题")[order.gather(near)]
    by_text = _sorted(few, "列名", "问题")
    first = few.drop("列名")[by_text].select(pl.struct(pl.all()).is_first_distinct()).to_series()
    placed = order.gather(near).gather(by_text)
    order, again = order.scatter(near, placed), placed.filter(~first)
    return put_in_order(rows, order.filter(~order.is_in(again.implode())) if again.len() else order)


def _sorted(rows: pl.DataFrame, *more: str) -> pl.Series:
    return rows.select(pl.arg_sort_by(SHEET, LINE, "编号", *more, nulls_last=True, maintain_order=True)).to_series()


def _near(rows: pl.DataFrame) -> pl.Series:
    """The places of sorted ``rows`` that are the same as the one before or behind."""
    again = rows.select(pl.all_horizontal(pl.all().eq_missing(pl.all().shift()))).to_series()
    return (again | again.shift(-1, fill_value=False)).arg_true()


def _laid_out(book: Book, claims: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """``rows`` in FINDING_COLUMNS and CONTEXT: who, the catalogue's words where a check is silent.

    There may be millions: no text stands there twice for longer than it takes to choose.
    """
    rows = rows.hstack(looked_up(rows, _catalogue(), "编号"))
    for name in ("级别", "依据", "建议"):
        rows = rows.with_columns(pl.when(pl.col(name) != "").then(name).otherwise(f"_{name}").alias(name)).drop(f"_{name}")
    rows = rows.hstack(looked_up(rows, _sheets(book), SHEET)).hstack(at(_people(book.roster), rows[ROW]))
    of_row, number = pl.col("对象") == "", pl.col(NUMBER) if NUMBER in rows.columns else pl.lit(None, pl.String)
    for name, other in (("身份证号", number), ("姓名", pl.col("对象"))):
        rows = rows.with_columns(pl.when(of_row).then(name).otherwise(other).alias(name))
    rows = rows.drop("对象").hstack(at(claims.select(CONTEXT[2:5]), rows[ROW]))
    named = {"涉及金额": pl.col("分"), "及": pl.col(HELD), "豁免": pl.lit("")}
    texts = dict.fromkeys(name for name in (*FINDING_COLUMNS, *CONTEXT[2:]) if name not in (LINE, *named))
    rows = rows.with_columns(expr.alias(name) for name, expr in named.items()).with_columns(pl.col(*texts).fill_null(""))
    return rows.select(ROW, SHEET, *dict.fromkeys((*FINDING_COLUMNS, *CONTEXT[2:])))


def _catalogue() -> pl.DataFrame:
    entries = [(text.code, text.level, text.grounds, text.todo) for text in texts().values()]
    return pl.DataFrame(entries, schema=["编号", "_级别", "_依据", "_建议"], orient="row")


def _people(roster: Roster) -> pl.DataFrame:
    """Who each row is about: a person, or the employer of a row without one."""
    rows = roster.rows
    nobody = pl.repeat("", pl.len())  # a literal alone would be one row
    names = [pl.col(name) for name in ("姓名", "单位名称") if name in rows.columns]
    number = pl.col("身份证号") if "身份证号" in rows.columns else nobody
    return rows.select(pl.coalesce(*names, nobody).alias("姓名"), number.alias("身份证号"))


def _all_sheets(book: Book) -> dict[int, Sheet]:
    """The sheets of the roster and of the lists."""
    rosters = (book.roster, *(listing.roster for listing in book.lists.values()))
    return {sheet.index: sheet for roster in rosters for sheet in roster.sheets}


def _sheets(book: Book) -> pl.DataFrame:
    sheets = [(sheet.index, sheet.file, sheet.name) for sheet in _all_sheets(book).values()]
    return pl.DataFrame(sheets, schema={SHEET: pl.Int64, "文件": pl.String, "工作表": pl.String}, orient="row")


def _cells(rows: pl.DataFrame, book: Book) -> pl.DataFrame:
    """Sheet, 字段 and way → ``_栏``: the letters of its column, null if there is none; 列名: the field as a clerk knows it."""
    sheets = _all_sheets(book)
    which = rows.select(SHEET, "字段", WAY).unique().drop_nulls([SHEET, "字段"])
    known = [(field, sheets[index], _held(sheets[index], field, way)) for index, field, way in which.iter_rows()]
    letters = [cell(sheet, held, 1).removesuffix("1") if held else None for _, sheet, held in known]
    names = [field if field in load_fields().by_name else held or field for field, _, held in known]
    return which.with_columns(pl.Series("_栏", letters, pl.String), pl.Series("列名", names, pl.String))


def _with_ways(rows: pl.DataFrame, book: Book) -> pl.DataFrame:
    """``rows`` with ``_路``: which way the row knows the fact of its 字段."""
    names = [name for name in rows["字段"].unique() if by(name) in book.rows.columns and name in derived()]
    ways = pl.Series(WAY, [None], pl.Int64).new_from_index(0, rows.height)
    for name in names:
        here = ((rows["字段"] == name) & rows[ROW].is_not_null()).arg_true()
        ways.scatter(here, book.rows[by(name)].gather(rows[ROW].gather(here)))
    return rows.with_columns(ways)


def _held(sheet: Sheet, field: str, way: int | None) -> str | None:
    """The column of ``sheet`` that holds ``field``, or what the row knows it from."""
    fact = derived().get(field)
    own = (field,) if way is None or not fact or field in cells_of(fact, way) else ()
    names = (*own, *(cells_of(fact, way) if fact else ()), field, *(fact.sources if fact else ()))
    return next((name for name in names if name in sheet.columns), None)
