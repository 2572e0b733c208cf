"""What an audit releases, as the draft of a batch; and what it does not, with the reason."""

import hashlib
from collections.abc import Iterator, Mapping

import polars as pl

from jybf.audit.release import CUT, WORDS, pay_list
from jybf.errors import Problem, UsageError
from jybf.ledger import schema
from jybf.ledger.booking import Draft, as_json, identity_of
from jybf.ledger.claims import COLUMNS, LINE, OF_YEAR, TOLD, UNITS, claims_of
from jybf.model import PAID, RESULTS, ROW, Findings, Pack, Verdicts
from jybf.roster.own import HEAD
from jybf.vocabulary.keys import VILLAGE
from jybf.vocabulary.yuan import yuan

RELEASED = (WORDS[None], WORDS[CUT])
# What a later run must know of a payment, as it reads it from a 放行清单.
_FACTS = ("放行", "姓名", "身份证号", "单位", *VILLAGE, "补贴项目", "本次可发", "原因", "假定")
# What else of the row a later audit holds against another's.
_COMPARED = ("户编号", "户主身份证号", "户主姓名", "与户主关系", "票据编号")
_PHONE = "联系电话"


def drafted(
    findings: Findings, inputs: Mapping[str, str], identity: Mapping[str, object], *, anew: bool = False
) -> tuple[Draft, pl.DataFrame]:
    """The draft, and the lines of the 放行清单 (``_line``, its columns, ``cells``) of which it is a part.

    ``anew``: what was taken back before may be booked again as it stands. Raises UsageError where checks were left out: of
    such an audit nothing is released.
    """
    lines = pay_list(findings)
    if lines is None:
        raise UsageError(Problem("只查了一部分规则，不能记账", "--select --ignore", "去掉它们再核准"))
    known = findings.verdicts.known
    read = pl.Series("cells", digests(known[lines[ROW]]), pl.String)
    lines = lines.with_row_index(LINE, 1).cast({LINE: pl.Int64}).with_columns(read)
    ready = lines.filter(pl.col("放行").is_in(RELEASED), pl.col("本次可发") > 0)
    judged = _judged(findings.verdicts).join(ready.select(LINE, ROW, "补贴项目", "原因"), on=(ROW, "补贴项目")).sort(LINE)
    pack = findings.verdicts.pack
    draft = Draft(
        schema.APPROVED, identity_of(identity), pack.id, pack.digest, inputs, _payments(ready, judged, known, pack),
        _claims(judged, known, pack), slots(pack), _refused(lines.join(ready, on=LINE, how="anti"), known, pack), anew,
        frozenset(entry.code for entry in findings.not_run if entry.lists),
    )  # fmt: skip
    return draft, lines


def slots(pack: Pack) -> dict[str, int]:
    """Programme → how many units its quota has."""
    return {program.id: quota.most for program in pack.programs if (quota := program.widest())}


def _judged(verdicts: Verdicts) -> pl.DataFrame:
    """``_row``, 项目, 补贴项目, 数量 and 年度 of each verdict that pays."""
    names = dict(enumerate(program.id for program in verdicts.pack.programs))
    paid = verdicts.rows.filter(pl.col("结果") == RESULTS.index(PAID))
    named = pl.col("项目").replace_strict(names, return_dtype=pl.String).alias("补贴项目")
    return paid.select(ROW, "项目", named, pl.col(UNITS, OF_YEAR).cast(pl.Int64))


def _refused(lines: pl.DataFrame, known: pl.DataFrame, pack: Pack) -> pl.DataFrame:
    """``_line`` and what ``schema.refusal`` says of each of ``lines``."""
    told = lines.with_columns(_phone(known[lines[ROW]]), fund_of(pack))
    return told.select(
        LINE, *(pl.col(name).fill_null("") for name in schema.SAID), "行号", pl.col("申领金额").alias("fen"), "原因", "cells"
    )


def _phone(rows: pl.DataFrame) -> pl.Series:
    """电话, null where the roster says none."""
    silent = pl.Series([None], dtype=pl.String).new_from_index(0, rows.height)
    return (rows[_PHONE] if _PHONE in rows.columns else silent).alias("电话")


def _payments(ready: pl.DataFrame, judged: pl.DataFrame, known: pl.DataFrame, pack: Pack) -> pl.DataFrame:
    own = known[ready[ROW]]
    whole = ready.join(judged.select(LINE, UNITS, OF_YEAR), on=LINE, how="left", maintain_order="left")
    more = own.select(name for name in _COMPARED if name in own.columns)
    facts = whole.select(_FACTS).with_columns(yuan(pl.col("本次可发")).alias("本次可发")).hstack(more)
    return whole.with_columns(_phone(own), fund_of(pack)).select(
        LINE, *(pl.col(name).fill_null("") for name in schema.SAID), "行号", OF_YEAR, UNITS,
        pl.col("本次可发").alias("fen"), pl.Series("facts", texts_of(facts)), "cells",
    )  # fmt: skip


def fund_of(pack: Pack) -> pl.Expr:
    """资金: out of which fund the row's 补贴项目 is paid."""
    funds = {program.id: program.fund for program in pack.programs}
    return pl.col("补贴项目").replace_strict(funds, default="", return_dtype=pl.String).alias("资金")


def texts_of(facts: pl.DataFrame) -> list[str]:
    """Each row as JSON of what it says."""
    return [as_json({name: value for name, value in row.items() if value}) for row in facts.iter_rows(named=True)]


def digests(rows: pl.DataFrame) -> Iterator[str]:
    """SHA-256 of each row as it was read."""
    said = rows.select(pl.exclude("^_.*$")).select(pl.struct(pl.all()).struct.json_encode()).to_series()
    return (hashlib.sha256(text.encode()).hexdigest() for text in said)


def _claims(judged: pl.DataFrame, known: pl.DataFrame, pack: Pack) -> pl.DataFrame:
    found = [pl.DataFrame(schema=COLUMNS)]
    for (index,), rows in judged.group_by("项目", maintain_order=True):
        told = rows["原因"].str.extract(HEAD, 1).fill_null(rows["原因"].str.extract(HEAD, 2)).fill_null("")
        own = known[rows[ROW]].with_columns(rows[LINE], rows[UNITS], rows[OF_YEAR], told.alias(TOLD))
        found.append(claims_of(own, pack.programs[int(str(index))], pack))
    return pl.concat(found).sort(LINE, maintain_order=True)
