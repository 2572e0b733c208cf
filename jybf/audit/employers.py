"""Employers: whether their code can be right, and whether their kind may claim what enterprises get."""

from __future__ import annotations

import polars as pl

from jybf.audit.book import CLAIMS, FEN, Book
from jybf.audit.duplicates import to_employer
from jybf.audit.registry import check
from jybf.audit.words import either, found
from jybf.model import SHEET
from jybf.roster import credit_code_ok

CODE = "统一社会信用代码"
# The first character of an 18-character code says who registered its holder: 1 public bodies, A the army, 5 civil
# affairs. In older numbers (9-digit organisation codes, 15-digit registrations) it says nothing of the kind.
PUBLIC, CIVIL = ("1", "A"), "5"
LENGTH = 18


@check("JY701", needs=(CODE,))
def code_mistyped(book: Book) -> pl.DataFrame:
    """One mistyped code in one sheet is one finding, on the first row that has it, with the sums of all."""
    sums = pl.when(CLAIMS).then(FEN).sum().over(SHEET, CODE)
    rows = book.rows.filter(pl.col(CODE).is_not_null()).with_columns(pl.when(sums > 0).then(sums).alias(FEN))
    rows = rows.unique([SHEET, CODE], keep="first", maintain_order=True)
    right = rows[CODE].map_elements(credit_code_ok, return_dtype=pl.Boolean)
    return found(rows.filter(~right), CODE, "统一社会信用代码不是 18 位，或校验位不对", fen=pl.col(FEN))


@check("JY704", needs=(CODE,), about=to_employer)
def public_body_claims(book: Book) -> pl.DataFrame:
    code = pl.col(CODE)
    first = code.str.slice(0, 1)
    rows = book.of(to_employer).filter(CLAIMS, code.str.len_chars() == LENGTH, first.is_in([*PUBLIC, CIVIL]))
    problem = either(first == CIVIL, "民政登记的社会组织申领用人单位补贴", "机关事业单位申领用人单位补贴")
    return found(rows, CODE, problem, fen=pl.col(FEN))
