"""Programmes that pay an employer for its people: the stage that turns workers' rows into one counted row an employer."""

from collections.abc import Iterator

from jybf.assess.stages import MERGED_RESULT, OUTPUT, as_number, columns, stage
from jybf.model import ROW, Tally
from jybf.policy.clash import of_valid_rows
from jybf.vocabulary.sql import NULL, quote


def group_by_employer(tally: Tally, index: int, source: str, order: str = "") -> Iterator[tuple[str, str]]:
    """One row an employer, with the persons who surely and possibly count, each person once.

    It is the first by ``order`` (SQL that ends in a comma), else as the rows stand. One that names no person is an employer's
    own: it stands alone and states its number itself.
    """
    rows, heads, per = stage(index, "group"), stage(index, "counts"), quote(tally.per)
    person = quote("身份证号")
    nobody = f"({person} IS NULL AND {quote('姓名')} IS NULL)"
    row = f"CAST({quote(ROW)} AS VARCHAR)"
    group = f"CASE WHEN {per} IS NULL OR {nobody} THEN CONCAT('#', {row}) ELSE {per} END"
    who = f"COALESCE({person}, CONCAT('#', {row}))"
    counts = who_counts(tally)
    total = " + ".join(map(quote, (tally.read, *tally.beside)))
    most = quote(tally.read)
    for other in map(quote, tally.beside):
        most = f"(CASE WHEN {most} IS NULL OR {other} > {most} THEN COALESCE({other}, {most}) ELSE {most} END)"
    told = f'SELECT *, {group} AS "_group", {who} AS "_person", {counts} AS "_counts" FROM ({source}) AS s'
    first = f'FIRST_VALUE({quote(ROW)}) OVER (PARTITION BY "_group" ORDER BY {order}{quote(ROW)})'
    yield rows, f'SELECT *, {first} AS "_rep" FROM ({told}) AS g'
    each = (
        f'SELECT "_group", MAX(CASE WHEN "_counts" = 1 AND {person} IS NOT NULL THEN 1 ELSE 0 END) AS "_yes",'
        f' MAX(CASE WHEN "_counts" = 0 THEN 0 ELSE 1 END) AS "_maybe",'
        f' MAX(CASE WHEN {nobody} THEN 1 ELSE 0 END) AS "_nobody",'
        f' MAX({most}) AS "_read", MAX({total}) AS "_all" FROM {rows} GROUP BY "_group", "_person"'
    )
    counted = (
        f'SELECT "_group" AS "_g", CAST(SUM("_yes") AS BIGINT) AS "_low",'
        f' CAST(SUM("_maybe") AS BIGINT) AS "_high", MAX("_nobody") AS "_blank",'
        f' MAX("_read") AS "_stated", MAX("_all") AS "_total"'
        f' FROM ({each}) AS e GROUP BY "_group"'
    )
    yield heads, counted
    joined = f'{rows} AS r JOIN {heads} AS h ON r."_group" = h."_g"'
    yield stage(index, "heads"), f'SELECT * FROM {joined} WHERE r.{quote(ROW)} = r."_rep"'
    lines = columns(dict.fromkeys(OUTPUT, NULL) | _merged(index))
    yield stage(index, "merged"), f'SELECT {lines} FROM {rows} AS r WHERE r.{quote(ROW)} <> r."_rep"'


def who_counts(tally: Tally) -> str:
    """Whether a person counts, as an integer: 1, 0 or NULL."""
    return as_number(of_valid_rows(tally.counts.sql))


def _merged(index: int) -> dict[str, str]:
    """A worker's row that only counts: no verdict of its own, and in 先 the row of the employer's."""
    nothing = dict.fromkeys(("不符", "缺", "推定", "缘由"), "0")
    return nothing | {ROW: f"r.{quote(ROW)}", "项目": str(index), "结果": str(MERGED_RESULT), "先": 'r."_rep"'}
