"""The engine's own SQL in the dialect of another engine: parsed once more, changed where engines differ, written anew.

What goes in is text that :mod:`jybf.assess` has put together from vetted trees, never an author's. What the dialects differ
in stands, with the test that shows it, in ``docs/engines.md``.
"""

from collections.abc import Callable, Mapping, Sequence

import sqlglot
from sqlglot import ErrorLevel, exp
from sqlglot.dialects.dialect import Dialect

from jybf.model import bad
from jybf.policy.unboolean import without_booleans
from jybf.vocabulary.facts import facts
from jybf.vocabulary.types import TYPES, Sql

Stages = Sequence[tuple[str, str]]

DIALECTS = ("duckdb", "postgres", "spark", "clickhouse", "mysql", "hive", "tsql", "oracle")
RUN = ("duckdb", "postgres", "clickhouse", "mysql")  # on a real engine, in the tests
_MATERIALIZED = ("duckdb", "postgres")  # they would work a table out anew for each of its readers
STEPPED: Mapping[str, tuple[str, str]] = {  # a query can be given table by table
    **dict.fromkeys(("duckdb", "postgres", "mysql", "hive"), ("CREATE TEMPORARY TABLE", "")),
    "clickhouse": ("CREATE TEMPORARY TABLE", " ENGINE = Memory"),
    "spark": ("CACHE TABLE", ""),
}
# What a session is told first: without it MariaDB compares texts loosely and each row with each, PostgreSQL plans for no rows.
BEFORE: Mapping[str, str] = {
    "postgres": "SET jit = off; SET enable_nestloop = off;",
    "mysql": "SET SESSION join_cache_level = 8, join_buffer_size = 67108864, collation_connection = utf8mb4_bin;",
}
_SETTINGS = {
    "clickhouse": "\nSETTINGS join_use_nulls = 1, prefer_column_name_to_alias = 1, query_plan_max_optimizations_to_apply = 0,"
    "\n  max_query_size = 10000000, max_ast_elements = 5000000, max_expanded_ast_elements = 5000000, max_ast_depth = 10000,"
    " max_parser_depth = 10000"
}
_FEW_TABLES = ("mysql",)  # MariaDB takes 64 common tables
_SURE = ("_late", "_row", "_open", "_r", "_t")  # what rows are put in order by and is never NULL
_EXACT = " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"
_LONGEST_KEY = 120  # characters
_JOINED = (
    "身份证号", "户", "单位", "学年", "_单位名", "户编号", "户主身份证号", "统一社会信用代码", "合同编号", "_项目",
)  # fmt: skip
_TYPES: Mapping[str, Mapping[Sql, str]] = {
    "clickhouse": {
        "BIGINT": "Nullable(Int64)", "DATE": "Nullable(Date32)", "BOOLEAN": "Nullable(Bool)", "VARCHAR": "Nullable(String)",
    },
    "mysql": {"VARCHAR": f"LONGTEXT{_EXACT}"},
    "spark": {"VARCHAR": "STRING"},
    "hive": {"VARCHAR": "STRING"},
    "tsql": {"BOOLEAN": "BIT", "VARCHAR": "NVARCHAR(500) COLLATE Latin1_General_100_BIN2"},
    "oracle": {"BIGINT": "NUMBER(19)", "BOOLEAN": "NUMBER(1)", "VARCHAR": "VARCHAR2(2000)"},
}  # fmt: skip


def translated(stages: Stages, select: str, dialect: str) -> tuple[Stages, str]:
    """A query of the engine's own, its ``stages`` and what is selected from them, in ``dialect``; names are not quoted."""
    trees = {name.strip('"'): _parsed(sql) for name, sql in stages}
    last = _parsed(select)
    if dialect in _FEW_TABLES:
        last = _folded(trees, last)
    return [(name, _written(tree, dialect)) for name, tree in trees.items()], _written(last, dialect)


def _parsed(sql: str) -> exp.Expr:
    return sqlglot.parse_one(sql, read="duckdb")


def _written(tree: exp.Expr, dialect: str) -> str:
    for change in _CHANGES.get(dialect, (_nulls_last,)):
        tree = change(tree, dialect)
    return tree.sql(dialect, identify=True, unsupported_level=ErrorLevel.RAISE, comments=False)


def _folded(trees: dict[str, exp.Expr], last: exp.Expr) -> exp.Expr:
    """Each of ``trees`` that has one reader, put there and taken away. Gives ``last``, which may be a reader too."""
    whole = {**trees, "": last}
    readers: dict[str, list[exp.Table]] = {name: [] for name in trees}
    for tree in whole.values():
        for table in tree.find_all(exp.Table):
            if table.name in readers:
                readers[table.name].append(table)
    for name, found in readers.items():
        if len(found) == 1:
            own = found[0].alias or name
            found[0].replace(exp.Subquery(this=trees.pop(name), alias=exp.TableAlias(this=exp.to_identifier(own, quoted=True))))
    return last


def named(name: str, dialect: str) -> str:
    """``name`` as an identifier."""
    return exp.to_identifier(name, quoted=True).sql(dialect)


def common(name: str, sql: str, dialect: str) -> str:
    """A common table expression: ``sql``, already in ``dialect``, under ``name``."""
    return f"{named(name, dialect)} AS {'MATERIALIZED ' * (dialect in _MATERIALIZED)}(\n{sql}\n)"


def step(name: str, sql: str, dialect: str) -> str:
    """The statement that makes a table of ``sql`` as long as the session lasts. Only for those of STEPPED."""
    before, after = STEPPED[dialect]
    return f"{before} {named(name, dialect)}{after} AS\n{sql}{settings(dialect)};"


def settings(dialect: str) -> str:
    """What stands at the end of a statement, so that it means what it means here."""
    return _SETTINGS.get(dialect, "")


def declared(name: str, columns: Mapping[str, Sql], dialect: str) -> str:
    """The statement that makes a table of ``columns`` (name → type)."""
    types = {column: _TYPES.get(dialect, {}).get(kind, kind) for column, kind in columns.items()}
    if dialect == "mysql":  # it joins by texts of a known length alone without comparing each with each
        types |= {column: f"VARCHAR({_LONGEST_KEY}){_EXACT}" for column in columns if column in _JOINED}
    lines = ",\n".join(f"  {named(column, dialect)} {kind}" for column, kind in types.items())
    engine = " ENGINE = MergeTree ORDER BY tuple()" if dialect == "clickhouse" else ""
    return f"CREATE TABLE {named(name, dialect)} (\n{lines}\n){engine};"


def _nulls_last(tree: exp.Expr, dialect: str) -> exp.Expr:
    """Rows in an order that does not hang on where an engine puts NULL: last, as here."""
    own = Dialect.get_or_raise(dialect).NULL_ORDERING
    for key in list(tree.find_all(exp.Ordered)):
        value, falling = key.this, bool(key.args.get("desc"))
        key.set("nulls_first", {"nulls_are_small": not falling, "nulls_are_large": falling}.get(own, False))  # as it is unsaid
        sure = isinstance(value, exp.Literal | exp.Case) or (isinstance(value, exp.Column) and value.name in _SURE)
        if not sure and key.parent:
            unknown = exp.If(this=exp.Is(this=value.copy(), expression=exp.Null()), true=_number(1))
            first = exp.Ordered(this=exp.Case(ifs=[unknown], default=_number(0)), nulls_first=own == "nulls_are_small")
            keys: list[exp.Expr] = key.parent.expressions
            place = next(n for n, one in enumerate(keys) if one is key)
            key.parent.set("expressions", [*keys[:place], first, *keys[place:]])
    return tree


def _number(value: int) -> exp.Expr:
    return exp.Literal.number(value)


def _wide_days(tree: exp.Expr, _: str) -> exp.Expr:
    """Days of ClickHouse before 1970 are a type of their own."""
    for kind in list(tree.find_all(exp.DataType)):
        if kind.this == exp.DataType.Type.DATE:
            kind.set("this", exp.DataType.Type.DATE32)
    return tree


def _numbers_for_booleans(tree: exp.Expr, _: str) -> exp.Expr:
    return without_booleans(tree, _is_boolean)


def _is_boolean(name: str) -> bool:
    """Whether a column of the query is a truth value."""
    field = facts().get(name)
    return name.endswith(bad("")) or bool(field and TYPES[field.type].sql == "BOOLEAN")


def _from_dual(tree: exp.Expr, _: str) -> exp.Expr:
    """Oracle selects from something always."""
    for select in tree.find_all(exp.Select):
        if not select.args.get("from_"):
            select.from_("DUAL", copy=False)
    return tree


_CHANGES: Mapping[str, Sequence[Callable[[exp.Expr, str], exp.Expr]]] = {
    "clickhouse": (_nulls_last, _wide_days),
    "tsql": (_nulls_last, _numbers_for_booleans),
    "oracle": (_nulls_last, _numbers_for_booleans, _from_dual),
}
