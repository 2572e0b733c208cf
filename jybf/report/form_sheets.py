"""A form that a township fills in, as sheets: what stands in its cells already, and what may be written there."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from jybf.audit import explain
from jybf.audit.forms import NAME, NUMBER, Column
from jybf.model import PAID, UNDETERMINED, Clause, Field, ListKind, Program, Type
from jybf.report.layout import Fill, Row, Table, display_width, table
from jybf.roster.grid import column_letters
from jybf.roster.own import GUIDE, GUIDED
from jybf.vocabulary.amounts import kind_of
from jybf.vocabulary.fields import fold_header, load_fields
from jybf.vocabulary.values.places import areas

EXAMPLE = "示例"  # in the column of numbers: the reader takes such a row for nobody's
FOOT = "填表人：　　　　　　审核人：　　　　　　负责人：　　　　　　联系电话："
UNDER = "填报单位（盖章）：　　　　　　　　　　填报日期：　　　年　　月　　日　　单位：元"
DRAWN = "提供单位（盖章）：　　　　　　　　　　数据时点：　　　年　　月　　日"
_TOP = 4  # the first row below title, what stands under it, and header
_DAY_ZERO = date(1899, 12, 30)  # of Excel
_UNITS: Mapping[Type, str] = {"money": "（元）"}
_SHOWN: Mapping[Type, str] = {"date": "yyyy-mm-dd", "int": "0", "money": "0.00"}  # all else is text
_HOW: Mapping[Type, str] = {
    "id": "18 位，照身份证抄", "credit_code": "18 位，照营业执照抄", "account": "整串照抄",
    "date": "写到日，如 2021-12-31；只知道哪一月的，前面打一撇：'2021-12",
    "period": "哪一年、哪一季或哪一月，如 2021年、2021年3月", "school_year": "如 2021-2022学年", "int": "整数",
    "money": "数字，到分为止", "rate": "如 4.35%", "name": "照身份证写",
    **dict.fromkeys(("place", "enum", "bool"), "从下拉里选"),
}  # fmt: skip
_INVENTED: Mapping[Type, str] = {  # the numbers are those that the standards themselves give as examples
    "id": "11010519491231002X", "credit_code": "91350100M000100Y43", "account": "6200000000000000000", "name": "张示例",
}  # fmt: skip
_FIRM: Mapping[str, str] = {"单位名称": "示例有限公司", "开户名": "示例有限公司", "对公账号": "0500000000000000000"}
_WORDS = "大写金额"  # a sum that is written in characters
_HOW_OF = {_WORDS: "写大写，如 捌佰元整", "开户名": "照账户上的写"}
_SOMETHING: Mapping[Type, object] = {"date": date(2021, 9, 30), "period": "2021年9月", "int": 1, "money": 100, "bool": True}
_FREE = "没有 ＊ 的，知道就填；用不着的可以整列删掉，也可以加列；列名不要改。"
_ROWS = "“示例”一行只是样子，不算人，留着、删掉都行。行不够，在中间插入行"
_OF_PEOPLE = (
    f"＊ 是必填的：空着，别的列又没有写明，这一行就是“待补资料”，发不了。{_FREE}",
    f"{_ROWS}；合计可以不写，写了就核对。",
)
_OF_LIST = (f"＊ 是必填的：空着，这一行对不上人，或者对上了也只算疑点。{_FREE}", f"{_ROWS}。")
_LAST = ("不要合并单元格，不要写公式。填好用 jybf inspect 看一看：哪些格要改，说得出第几行、哪一列。",)
_GUIDE = dict(zip(GUIDED, (22, 12, 30, 8, 40, 60), strict=True))  # column → width
_MOST_WORDS = 12  # that a message repeats
_DAYS = "=AND(ISNUMBER({0}),{0}>=DATE(1930,1,1),{0}<DATE(2100,1,1))"
_RULES: Mapping[Type, tuple[Mapping[str, Any], str, bool]] = {  # the rule, what is said of its breach, and whether that is sure
    "int": ({"type": "whole_number", "criteria": ">=", "value": 0}, "要写整数", True),
    "money": ({"type": "decimal", "criteria": ">=", "value": 0}, "要写数字，不带“元”", True),
    "date": ({"type": "custom"}, f"不是日期？{_HOW['date']}", False),
    "id": ({"type": "text_length", "criteria": "==", "value": 18}, "应是 18 位，确定吗？", False),
    "credit_code": ({"type": "text_length", "criteria": "==", "value": 18}, "应是 18 位，确定吗？", False),
    "account": ({"type": "text_length", "criteria": "between", "min": 8, "max": 32}, "位数不像银行账号，确定吗？", False),
}  # fmt: skip
_NO_ROW: Mapping[str, object] = {}
_LONGEST, _NAMED = 250, 32  # characters of a hint, of its title; Excel has a few more
_MOST_CODES = 4  # checks that a line names


def program_form(program: Program, columns: Sequence[Column], rows: int, place: str) -> Table:
    """The sheet of ``program`` for the people of ``place``, with an example and so many blank rows."""
    pairs = (pair for case in program.cases for pair in zip(case.given, case.expect, strict=True))
    paid: Mapping[str, object] = next((given for given, result in pairs if result in (PAID, UNDETERMINED)), _NO_ROW)
    return _form(program.id, f"{place}{program.id}花名册", UNDER, columns, paid, rows)


def list_form(kind: ListKind, columns: Sequence[Column], rows: int) -> Table:
    """The sheet of a list of that kind."""
    return _form(kind.name, _titled(kind), DRAWN, columns, None, rows)


def _titled(kind: ListKind) -> str:
    return f"{kind.name}名单".replace("名单名单", "名单")


def _form(
    name: str, title: str, under: str, columns: Sequence[Column], examples: Mapping[str, object] | None, rows: int
) -> Table:
    heads = {column.field.name: header(column) for column in columns}
    number = heads[NUMBER]
    firm = _FIRM if "对公账号" in heads else _NO_ROW  # whose account it is that is paid into
    said = {c.field.name: firm.get(c.field.name) or _example(c.field, examples) for c in columns}
    example = {heads[name]: _cell(value) for name, value in said.items()} | {number: EXAMPLE}
    total: list[Row] = [{number: "合计"}] if examples is not None else []  # a list has nothing to be added up
    lines: list[Row] = [example, *({number: n} for n in range(1, rows + 1)), *total, {number: FOOT}]
    fills = {heads[c.field.name]: _fill(c, f"{column_letters(place)}{_TOP}") for place, c in enumerate(columns)}
    widths = [_width(c.field, heads[c.field.name]) for c in columns]
    beside = next((place for place, c in enumerate(columns, 1) if c.field.name == NAME), 1)
    return Table(sheet_name(name), [*heads.values()], lines, widths=widths, above=(title, under), fills=fills, beside=beside)


def sheet_name(text: str) -> str:
    """``text`` as a sheet may be called."""
    return "".join(letter for letter in text if letter not in "[]:*?/\\")[:31]


def header(column: Column) -> str:
    """What stands above the column: a word that names its field and no other, marked where it must be filled."""
    known, field = load_fields().headers, column.field
    own = next((word for word in (field.name, *field.aliases) if known[fold_header(word)] is field), field.name)
    return "＊" * column.must + own + _UNITS.get(_type(field), "")


def _type(field: Field) -> Type:
    """How its cells are filled in, which for a sum in characters is text."""
    return "text" if field.name == _WORDS else field.type


def _example(field: Field, given: Mapping[str, object] | None) -> object:
    """What an example of the pack says there, and of whom it speaks somebody invented; of a list (None) something."""
    if field.type in _INVENTED:
        return _INVENTED[field.type]
    if given is None:
        return next(iter(field.values), None) if field.type == "enum" else _SOMETHING.get(field.type)
    said = given.get(field.name)
    return Decimal(said) if field.type == "money" and isinstance(said, str) and said else said


def _cell(value: object) -> str | int | Decimal | None:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return (value - _DAY_ZERO).days
    return value if isinstance(value, str | int | Decimal) else None


def _width(field: Field, head: str) -> float:
    least = {"id": 20, "credit_code": 20, "account": 22, "date": 11, "name": 9, "place": 11}.get(field.type, 6)
    return max(float(least), display_width(head) + 1)


def _fill(column: Column, first: str) -> Fill:
    """``first``: the uppermost cell that is filled in, which a formula is about."""
    field = column.field
    if field.name == NUMBER:
        return Fill("0", {})
    must = "必填" if column.must else "知道就填"
    told = "；".join(filter(None, (how(field), *column.uses[:2])))
    shown = {"input_title": field.name[:_NAMED], "input_message": f"{must}。{told}"[:_LONGEST]}
    return Fill(_SHOWN.get(_type(field), "@"), {**_rule(field, first), **shown})


def _rule(field: Field, first: str) -> Mapping[str, Any]:
    """What may be written: one of the words of a choice; of what may well be right all the same the clerk is asked."""
    if choices := _choices(field):
        words = "、".join(choices) if len(choices) <= _MOST_WORDS else "省份全称"
        return {"type": "list", "values": choices, "error_message": f"请从下拉里选：{words}"[:_LONGEST]}
    rule, fault, sure = _RULES.get(_type(field), ({"type": "any"}, "", True))
    told = {"error_message": fault, "error_style": "stop" if sure else "warning"} if fault else {}
    return {**rule, **told} | ({"formula": _DAYS.format(first)} if rule["type"] == "custom" else {})


def _choices(field: Field) -> list[str]:
    if field.type == "bool":
        return ["是", "否"]
    if field.type == "place":
        return list(dict.fromkeys(area.name for area in areas().values() if area.level == "省级"))
    return [*field.values] if field.type == "enum" else []


def how(field: Field) -> str:
    """How a cell of ``field`` is filled in."""
    words = [*field.values] if field.type == "enum" else ["是", "否"] if field.type == "bool" else []
    return "：".join(filter(None, (_HOW_OF.get(field.name) or _HOW.get(field.type, ""), "、".join(words)))) + (
        f"（{field.meaning}）" if field.meaning else ""
    )


def guide(parts: Sequence[tuple[Program | ListKind, Sequence[Column]]], title: str) -> Table:
    """填表说明: of each form its conditions with their clauses, what must be checked by hand, and its columns.

    No cell of it may be taken for the header of a column.
    """
    lines = [line for part, columns in parts for line in _part(part, columns)]
    frame = pl.DataFrame(lines, dict.fromkeys(_GUIDE, pl.String), orient="row")
    notes = _OF_LIST if any(isinstance(part, ListKind) for part, _ in parts) else _OF_PEOPLE
    sheet = table(GUIDE, frame, above=(f"{title}　{GUIDE}", *notes, *_LAST))
    return Table(GUIDE, frame.columns, frame, widths=[float(width) for width in _GUIDE.values()], above=sheet.above)


def _part(part: Program | ListKind, columns: Sequence[Column]) -> Iterator[tuple[str, ...]]:
    if isinstance(part, Program):
        name = f"〔{part.id}〕"
        yield from ((name, "给多少", text, "", "", ground) for text, ground in _sums(part))
        conditions = ((_when(clause), (clause.source or part.source) + clause.cite) for clause in part.clauses if clause.text)
        yield from ((name, "条件", text, "", "", ground) for text, ground in dict.fromkeys(conditions))
        own = "" if part.overrides else part.source  # where a local pack speaks too, each says of which document it is
        yield from ((name, "须人工核实", text, "", "", f"{own}{cite}") for cite, text in part.manual)
    else:
        name = f"〔{part.name}〕"
        yield name, "名单", part.meaning, "", "", f"审核时给 --against {part.name}=文件.xlsx"
    for column in columns:
        yield name, "列", f"“{header(column)}”", "必填" if column.must else "知道就填", how(column.field), _uses(column)


def _uses(column: Column) -> str:
    named = "、".join(f"{code} {explain(code).title}" for code in column.codes[:_MOST_CODES])
    more = f"等 {len(column.codes)} 项" if len(column.codes) > _MOST_CODES else ""
    return "；".join((*column.uses, *(f"审核 {named}{more}" for _ in column.codes[:1])))


def _when(clause: Clause) -> str:
    return f"{clause.text}（{clause.span}）" if clause.span else clause.text


def _sums(program: Program) -> Iterator[tuple[str, str]]:
    """What the programme pays, in each of its versions, and by which clause."""
    if not program.versions:
        yield f"{kind_of(program.amount).page(program.amount)}，发给{program.payee}", program.ground
    for index, version in enumerate(program.versions):
        then = program.at(index)
        told = "停止执行" if version.ended else f"{kind_of(then.amount).page(then.amount)}，发给{program.payee}"
        yield f"{told}（{version.span}）", program.source + version.ended if version.ended else then.ground
