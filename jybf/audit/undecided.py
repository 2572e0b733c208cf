"""JY901: money is claimed, and what decides it is not known."""

import polars as pl

from jybf.assess import missing
from jybf.assess.sentences import lacked
from jybf.assess.stages import UNCOUNTED
from jybf.audit.book import CLAIMS, FEN, Book
from jybf.audit.wording import either, found, said, stack
from jybf.model import INCOMPLETE, RESULTS, ROW, SHEET, last
from jybf.policy.clash import HELD
from jybf.policy.derivation import derived

SCHEMA = {"项目": pl.Int64, "缺": pl.Int64, "_文": pl.String, "_指": pl.String}


def undecided(book: Book, settled: pl.DataFrame) -> pl.DataFrame:
    """Each claim of no ``settled`` row that lacks what decides, with the first cell that lacks it."""
    lacking = book.verdicts.rows.filter(pl.col("结果") == RESULTS.index(INCOMPLETE))
    lacking = lacking.join(settled, on=ROW, how="anti", maintain_order="left")
    rows = book.beside(lacking, pl.col(CLAIMS), pl.col(FEN)).filter(CLAIMS)
    if rows.is_empty():
        return stack()
    rows = rows.join(_lacks(book), on=[ROW, "项目"], how="left", maintain_order="left")
    rows = rows.filter(pl.col("_缺").is_not_null() | ~_at_odds(book))
    rows = rows.join(_open(book, rows), on=["项目", "缺"], how="left", maintain_order="left")
    problem = said("不能核定", book.named(), "：", pl.coalesce("_缺", "_文"))
    field = pl.coalesce("字段", "_指")
    rows, ground = book.beside(rows, field, problem, book.cited()), book.cited()
    return found(rows, field, problem, want="补齐后重新核定", ground=ground, code="JY901", fen=pl.col(FEN))


def _at_odds(book: Book) -> pl.Expr:
    """Whether the row contradicts itself or is void: what it says, other checks name."""
    clauses = {i: [c.id in HELD for c in program.clauses] for i, program in enumerate(book.pack.programs)}
    held = {i: sum(1 << j for j, own in enumerate(ids) if own) for i, ids in clauses.items()}
    return (pl.col("缺") & pl.col("项目").replace_strict(held, return_dtype=pl.Int64)) > 0


def _lacks(book: Book) -> pl.DataFrame:
    """Row and 项目 → ``_缺``: what it lacks in words; 字段: the first of it."""
    facts = missing(book.verdicts)
    for causes in (_unread(book), _vague(book, facts["字段"].unique().to_list())):
        facts = facts.join(causes, on=[ROW, "字段"], how="left", maintain_order="left")
    held = pl.coalesce("_据", "字段")
    facts = facts.join(book.rows.select(ROW, SHEET), on=ROW, how="left", maintain_order="left")
    names = facts["字段"].unique().to_list()
    lacks = pl.coalesce(*(pl.when(pl.col("字段") == name).then(lacked(name, book.roster)) for name in names), pl.lit(""))
    blank = either(pl.col("_粗").is_not_null(), said("“", held, "”须写到日"), lacks)
    each = either(pl.col("_据").is_not_null(), said("认不出“", held, "”"), blank)
    told = each.unique(maintain_order=True).str.join("、").alias("_缺")
    return facts.group_by(ROW, "项目", maintain_order=True).agg(held.first().alias("字段"), told)


def _unread(book: Book) -> pl.DataFrame:
    """``_据``: the unreadable cell for which a fact is lacking, be it the fact's own or that of a column it comes from."""
    refused = book.roster.problems.select(ROW, pl.col("字段").alias("_据")).unique(maintain_order=True)
    names = [(name, name) for name in refused["_据"].unique()]
    names += [(name, source) for name, fact in derived().items() for source in fact.sources if source != name]
    pairs = pl.DataFrame(names, schema={"字段": pl.String, "_据": pl.String}, orient="row")
    return refused.join(pairs, on="_据", maintain_order="left")


def _vague(book: Book, names: list[str]) -> pl.DataFrame:
    """``_粗``: a date that is there, but not to the day."""
    dates = [name for name in names if last(name) in book.rows.columns]
    known = (book.rows.filter(pl.col(name).is_not_null()).select(ROW, pl.lit(name).alias("字段")) for name in dates)
    empty = pl.DataFrame(schema={ROW: pl.Int64, "字段": pl.String})
    return pl.concat([empty, *known]).with_columns(pl.lit("粗").alias("_粗"))


def _open(book: Book, rows: pl.DataFrame) -> pl.DataFrame:
    """What to say where every single fact is there: the clauses that still can't be decided, and what they read."""
    told = [(index, bits, *_clauses(book, index, bits)) for index, bits in rows.select("项目", "缺").unique().iter_rows()]
    return pl.DataFrame(told, schema=SCHEMA, orient="row")


def _clauses(book: Book, index: int, bits: int) -> tuple[str, str]:
    lacking = [clause for j, clause in enumerate(book.pack.programs[index].clauses) if bits >> j & 1]
    if not lacking:
        return UNCOUNTED, ""
    fields = [name for clause in lacking for name in clause.holds.fields]
    texts = "；".join(dict.fromkeys(clause.text for clause in lacking))
    return f"不能确定：{texts}", next((name for name in fields if book.has(name)), "")
