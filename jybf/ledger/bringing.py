"""Years that were paid before there was a ledger: a history of any form as one batch, with what can't be placed told."""

from collections.abc import Mapping

import polars as pl

from jybf.assess.history import earlier_payments, unmatched
from jybf.audit.book import complete
from jybf.ledger import schema
from jybf.ledger.booking import Draft, identity_of
from jybf.ledger.claims import COLUMNS, LINE, OF_YEAR, TOLD, UNITS, claims_of
from jybf.ledger.drafting import digests, fund_of, slots, texts_of
from jybf.model import LINE as AT
from jybf.model import ROW, SHEET, Pack, Roster
from jybf.vocabulary.facts import GOVERNING_YEAR as YEAR
from jybf.vocabulary.fields import load_fields
from jybf.vocabulary.keys import VILLAGE
from jybf.vocabulary.payee import PAYEE, payees
from jybf.vocabulary.roles import EMPLOYER
from jybf.vocabulary.types import written

_SOURCE = "_source"
_SAID = ("补贴项目", "姓名", "身份证号", *VILLAGE, *PAYEE)


def brought(
    history: Roster, pack: Pack, inputs: Mapping[str, str], identity: Mapping[str, object]
) -> tuple[Draft, dict[int, str], dict[int, str]]:
    """The draft of a batch of 导入; ``_row`` → why a row of the history is not in it; → what one that is in it lacks.

    A row of two programmes is in none: nobody knows which of them was paid. One without a key can be held against nobody.
    """
    past = earlier_payments(history, pack)
    there = set((-1 - past[ROW]).to_list())
    dark = dict(unmatched(history, past, pack))
    bare, lost = ({row: why for row, why in dark.items() if (row in there) is known} for known in (True, False))
    past = past.with_columns((-1 - pl.col(ROW)).alias(_SOURCE)).sort(_SOURCE)
    twice = past.filter(pl.len().over(_SOURCE) > 1)[_SOURCE].unique()
    lost |= dict.fromkeys(twice.to_list(), "分不出是几个项目里的哪一个")
    rows = past.filter(~pl.col(_SOURCE).is_in(twice.implode())).with_row_index(LINE, 1).cast({LINE: pl.Int64})
    draft = Draft(
        schema.IMPORTED, identity_of(identity), pack.id, pack.digest, inputs, _payments(rows, history, pack),
        _claims(rows, pack), slots(pack),
    )  # fmt: skip
    return draft, lost, {row: why for row, why in bare.items() if row not in lost}


def _payments(rows: pl.DataFrame, history: Roster, pack: Pack) -> pl.DataFrame:
    own = history.rows[rows[_SOURCE]]
    told = complete(rows.drop(LINE, _SOURCE)).with_columns(
        rows[LINE], pl.col("项目").replace_strict(_ids(pack)).alias("补贴项目")
    )
    told = told.with_columns(payees(*(pl.col("项目").is_in(_paying(pack, who)) for who in ("单位", "项目"))))
    sheets = {sheet.index: sheet for sheet in history.sheets}
    facts = _facts(own, history).with_columns(told["补贴项目"])
    return told.select(
        LINE, *(pl.col(name) for name in _SAID), pl.coalesce(*EMPLOYER, "单位").alias("单位"), pl.col("联系电话").alias("电话"),
        fund_of(pack), pl.col(YEAR).cast(pl.Int64).alias(OF_YEAR), pl.col("_units").cast(pl.Int64).alias(UNITS),
        pl.when(pl.col("申报金额") > 0).then("申报金额").cast(pl.Int64).alias("fen"),
        pl.Series("文件", [sheets[n].file for n in own[SHEET]], pl.String),
        pl.Series("工作表", [sheets[n].name for n in own[SHEET]], pl.String),
        own[AT].cast(pl.Int64).alias("行号"), pl.Series("facts", texts_of(facts), pl.String),
        pl.Series("cells", list(digests(own)), pl.String),
    ).with_columns(pl.col(pl.String).fill_null(""))  # fmt: skip


def _ids(pack: Pack) -> dict[int, str]:
    return {index: program.id for index, program in enumerate(pack.programs)}


def _paying(pack: Pack, payee: str) -> list[int]:
    return [index for index, program in enumerate(pack.programs) if program.payee == payee]


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


def _claims(rows: pl.DataFrame, pack: Pack) -> pl.DataFrame:
    found = [pl.DataFrame(schema=COLUMNS)]
    for (index,), part in rows.group_by("项目", maintain_order=True):
        own = part.with_columns(
            pl.col("_units").cast(pl.Int64).alias(UNITS), pl.col(YEAR).cast(pl.Int64).alias(OF_YEAR), pl.lit("").alias(TOLD)
        ).drop("项目")
        found.append(claims_of(own, pack.programs[int(str(index))], pack))
    return pl.concat(found).sort(LINE, maintain_order=True)
