"""Years that were paid before there was a ledger: a history of any form as one batch, with what can't be placed told."""

from collections.abc import Iterator, Mapping

import polars as pl

from jybf.assess.history import earlier_payments, unmatched
from jybf.ledger import schema
from jybf.ledger.booking import Draft, as_json, identity_of
from jybf.ledger.claims import COLUMNS, LINE, OF_YEAR, TOLD, UNITS, claims_of
from jybf.ledger.drafting import digests, fund_of, slots
from jybf.model import LINE as AT
from jybf.model import ROW, SHEET, Pack, Roster, bad
from jybf.vocabulary.facts import GOVERNING_YEAR as YEAR
from jybf.vocabulary.fields import load_fields
from jybf.vocabulary.types import written

_SOURCE = "_source"


def brought(history: Roster, pack: Pack, inputs: Mapping[str, str], identity: Mapping[str, object]) -> tuple[Draft, dict[int, str]]:
    """The draft of a batch of 导入, and ``_row`` → why a row of the history is not in it.

    A row of two programmes is in none: nobody knows which of them was paid. What is there without a key is there, and told.
    """
    past = earlier_payments(history, pack)
    lost = dict(unmatched(history, past, pack))
    past = past.with_columns((-1 - pl.col(ROW)).alias(_SOURCE)).sort(_SOURCE)
    twice = past.filter(pl.len().over(_SOURCE) > 1)[_SOURCE].unique()
    told = lost | dict.fromkeys(twice.to_list(), "分不出是几个项目里的哪一个")
    rows = past.filter(~pl.col(_SOURCE).is_in(twice.implode())).with_row_index(LINE, 1).cast({LINE: pl.Int64})
    draft = Draft(
        schema.IMPORTED, identity_of(identity), pack.id, pack.digest, inputs, _payments(rows, history, pack),
        _claims(rows, pack), slots(pack),
    )  # fmt: skip
    return draft, told


def _payments(rows: pl.DataFrame, history: Roster, pack: Pack) -> pl.DataFrame:
    names = dict(enumerate(program.id for program in pack.programs))
    sheets = {sheet.index: (sheet.file, sheet.name) for sheet in history.sheets}
    own = history.rows[rows[_SOURCE]]
    program = rows["项目"].replace_strict(names, return_dtype=pl.String)
    facts = _facts(own, history).with_columns(program.alias("补贴项目"))
    texts = [as_json({name: value for name, value in row.items() if value}) for row in facts.iter_rows(named=True)]
    said = {
        "补贴项目": program,
        **{name: _text(rows, name) for name in ("姓名", "身份证号", "乡镇", "行政村", "开户银行")},
        "单位": _first(rows, ("单位名称", "务工单位", "创业实体", "单位")), "收款人": _first(rows, ("开户名", "姓名", "单位名称")),
        "收款人证号": _first(rows, ("开户人身份证号", "身份证号")), "账号": _first(rows, ("银行账号", "对公账号")),
        "电话": _text(rows, "联系电话"),
        "文件": pl.Series([sheets[n][0] for n in own[SHEET]], dtype=pl.String),
        "工作表": pl.Series([sheets[n][1] for n in own[SHEET]], dtype=pl.String),
    }  # fmt: skip
    frame = pl.DataFrame({LINE: rows[LINE], **said}).with_columns(fund_of(pack), pl.col(pl.String).fill_null(""))
    fen = rows["申报金额"] if "申报金额" in rows.columns else pl.Series([None]).new_from_index(0, rows.height)
    fen = fen.cast(pl.Int64)
    return frame.select(LINE, *schema.SAID).with_columns(
        own[AT].cast(pl.Int64).alias("行号"), rows[YEAR].cast(pl.Int64).alias(OF_YEAR), rows["_units"].cast(pl.Int64).alias(UNITS),
        pl.Series("fen", [each if each and each > 0 else None for each in fen], pl.Int64), pl.Series("facts", texts, pl.String),
        pl.Series("cells", list(digests(own)), pl.String),
    )  # fmt: skip


def _facts(own: pl.DataFrame, history: Roster) -> pl.DataFrame:
    """What each row says, cell by cell, as a roster would say it again: what could not be read as it stands there."""
    fields = load_fields().by_name
    names = [name for name in own.columns if name in fields]
    texts = own.select(ROW, *(written(fields[name], own.columns).alias(name) for name in names))
    problems = history.problems.filter(pl.col(ROW).is_in(own[ROW].implode()), pl.col("字段").is_in(names))
    for (name,), part in problems.group_by("字段", maintain_order=True):
        raw = part.unique(ROW, keep="first").select(ROW, "原文")
        texts = texts.join(raw, on=ROW, how="left", maintain_order="left")
        unread = pl.col(str(name)).is_null() & pl.col("原文").is_not_null()
        texts = texts.with_columns(pl.when(unread).then("原文").otherwise(str(name)).alias(str(name))).drop("原文")
    return texts.drop(ROW)


def _text(rows: pl.DataFrame, name: str) -> pl.Series:
    return rows[name].cast(pl.String) if name in rows.columns else pl.Series([None], dtype=pl.String).new_from_index(0, rows.height)


def _first(rows: pl.DataFrame, names: tuple[str, ...]) -> pl.Series:
    return pl.select(pl.coalesce(*(pl.lit(_text(rows, name)) for name in names))).to_series()


def _claims(rows: pl.DataFrame, pack: Pack) -> pl.DataFrame:
    found = [pl.DataFrame(schema=COLUMNS)]
    for (index,), part in rows.group_by("项目", maintain_order=True):
        own = part.with_columns(
            pl.col("_units").cast(pl.Int64).alias(UNITS), pl.col(YEAR).cast(pl.Int64).alias(OF_YEAR), pl.lit("").alias(TOLD)
        ).drop("项目")
        found.append(claims_of(own, pack.programs[int(str(index))], pack))
    return pl.concat(found).sort(LINE, maintain_order=True)
