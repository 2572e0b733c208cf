"""What each row of a sheet is: 表题 表头 数据 合计 示例 落款 空行. Whole columns at a time; who may be a person is 数据."""

import re
from collections.abc import Mapping, Sequence

import polars as pl

from jybf.roster.grid import Grid
from jybf.roster.header import UNIT, Header
from jybf.roster.neighbours import names_columns, refuse_another_header, refuse_header_above
from jybf.vocabulary.fields import Fields

TITLE, HEADER, DATA, TOTAL, EXAMPLE, SIGNATURE, BLANK = "表题", "表头", "数据", "合计", "示例", "落款", "空行"
STRAY = "孤立"  # far below the table, with next to nothing in it: named, not read
KINDS = (TITLE, HEADER, DATA, TOTAL, EXAMPLE, SIGNATURE, BLANK)

_ANOTHER = "又一表头"  # until it is known to say what the first says: then 表头, or the sheet is refused
_KIND = pl.Enum([*KINDS, _ANOTHER])

_SHORTEST_ID = 15
_SUM = r"(?:合计|总计|小计|共计|累计|页计)(?:$|[：:（(,，.0-9]|金额|总?人数|户数|月数|大写|人民币|[人户元数])"
_TOTAL = rf"^[^：:]{{0,12}}{_SUM}"
_ONLY_TOTAL = rf"^(?:以上|[本全各][页表村组社乡镇县])?{_SUM}"
_SERIAL = r"^[（(]?[0-9]+(?:[-.、．][0-9]*)?[)）]?$"
_NO_NAME = rf"[：:]|^[0-9]|{_ONLY_TOTAL}"
_HEADING = r"(?:花名册|名单|公示表?|明细表|统计表|汇总表|登记表|发放表|申请表|申报表|审批表|台账)(?:[（(][^）)]*[）)])?$"
_FOOTER = (
    r"^(?:(?:填表|制表|填报|经办|审核|复核|审批|负责|单位负责|联系)人|制表|分管领导|主管领导|(?:联系|监督|举报)电话|(?:填表|填报|制表)(?:日期|时间)"
    r"|公示(?:时间|日期)|签字|签名|备注|附?注|说明)(?:签[字名]|[（(][^）)]*[）)])?$|^第[0-9一二三四五六七八九十]+页|^共[0-9]+页"
)
_EXAMPLE = r"^[（(]?(?:填写)?(?:示例|样例|范例|例如|例)[0-9]{0,2}[)）]?[：:]?$"
_INSTRUCTIONS = r"^填[写表]说明|^说明[：:]"
_LABEL = r"^[^：:]{1,12}[：:]"
_DATE_ONLY = r"^[0-9〇零一二三四五六七八九]{4}年[0-9一二三四五六七八九十]{1,3}月(?:[0-9一二三四五六七八九十]{1,3}日)?$"
_STAMP = r"盖章|公章|（章）|\(章\)"
_COLUMN_NUMBER = r"^[（(]?[0-9]{1,2}[)）]?$|^[甲乙丙丁戊]$"
_LONG = 15  # characters; no name is longer, sentences are

_NAMED = ("姓名", "单位名称", "户主姓名", "创业实体")
_WHO = ("姓名", "身份证号", "单位名称", "统一社会信用代码", "户主姓名", "户主身份证号", "创业实体")
_LABELLED = ("序号", "姓名", "乡镇", "行政村", "单位名称", "户主姓名")


def classify(grid: Grid, header: Header, columns: Mapping[str, int], fields: Fields) -> pl.Series:
    """One of KINDS for each Excel row up to the last that is not blank. InputError if a second table stands above or below."""
    refuse_header_above(grid, header, fields)
    above = [TITLE if any(row) else BLANK for row in grid.cells.head(header.first).rows()]
    heads = [HEADER] * (header.last - header.first + 1)
    body = grid.cells.slice(header.last + 1).with_row_index("i")
    numbered = pl.col("0").cast(pl.Int64, strict=False).is_not_null()  # most rows begin with a number: no more to ask
    unsure = body.filter(~(_has_id(columns) & numbered))
    doubtful = unsure.filter(~_has_id(columns) | is_example(grid, columns) | _first(grid).str.contains(_INSTRUCTIONS))
    kinds = pl.Series([DATA], dtype=_KIND).new_from_index(0, body.height)
    if doubtful.height:  # else its patterns are compiled for nothing
        kinds = kinds.scatter(doubtful["i"], doubtful.select(_kind(grid, header, columns, fields).cast(_KIND)).to_series())
    whole = pl.concat([pl.Series(above + heads, dtype=_KIND), kinds])
    another = (whole == _ANOTHER).arg_true()
    refuse_another_header(grid, header, fields, (another + 1).to_list())
    return whole.scatter(another, HEADER).head(_last_filled(whole) + 1)


def all_data(grid: Grid) -> pl.Series:
    """As ``classify``, of rows below a header that are known to be persons'."""
    return pl.Series([DATA], dtype=_KIND).new_from_index(0, grid.cells.height).scatter(0, HEADER)


def headings_between(grid: Grid, header: Header, kinds: pl.Series) -> Sequence[tuple[int, str]]:
    """Excel row and text of what stands alone between people and is no footer: perhaps the title of another list.

    What stands above the header too is only printed again; of equal texts the first is told.
    """
    people, alone = (kinds == DATA).arg_true(), kinds.is_in([TITLE, SIGNATURE]).arg_true()
    lines = alone.filter((alone > header.last) & (alone < (int(people[-1]) if people.len() else 0)))
    if lines.is_empty():
        return ()
    above = {"".join((cell or "").split()) for row in grid.cells.head(header.first).rows() for cell in row}
    rows = grid.cells[lines].select(text=_first(grid), filled=pl.sum_horizontal(pl.all().is_not_null()))
    footer = re.compile(f"(?!附[：:件表]|[以如]下|下列)(?:{_LABEL})|{_INSTRUCTIONS}|{_FOOTER}|{_DATE_ONLY}|{_STAMP}")
    texts = [text if filled <= 2 and text not in above and not footer.search(text) else "" for text, filled in rows.rows()]
    found = dict(zip(reversed(texts), reversed(lines + 1), strict=True))
    return sorted((line, text) for text, line in found.items() if text)


def _last_filled(kinds: pl.Series) -> int:
    filled = (kinds != BLANK).arg_true()
    return int(filled[-1]) if filled.len() else -1


def _has_id(columns: Mapping[str, int]) -> pl.Expr:
    """Rows with something like an ID are people: nothing else about them needs a look."""
    if "身份证号" not in columns:
        return pl.lit(False)
    cell = pl.col(str(columns["身份证号"]))
    is_ascii = cell.str.len_bytes() == cell.str.len_chars()
    return (is_ascii & (cell.str.len_bytes() >= _SHORTEST_ID)).fill_null(False)


def _kind(grid: Grid, header: Header, columns: Mapping[str, int], fields: Fields) -> pl.Expr:
    cells = [pl.col(name) for name in grid.cells.columns]
    filled = pl.sum_horizontal(cell.is_not_null() for cell in cells)
    first = _first(grid)
    counted = tuple(name for name in columns if fields.by_name[name].type in ("money", "int"))
    only_units = pl.all_horizontal(cell.str.contains(UNIT).fill_null(True) for cell in cells)  # below a header printed again
    return (
        pl.when((filled == 0) | ((filled == 1) & _only_numbered(columns)))
        .then(pl.lit(BLANK))
        .when(_numbers_columns(cells, columns))
        .then(pl.lit(HEADER))
        .when(_repeats(grid, header, filled) | only_units | names_columns(cells, fields))
        .then(pl.lit(_ANOTHER))
        .when(is_example(grid, columns))
        .then(pl.lit(EXAMPLE))
        .when(_is_named(first, columns, fields))
        .then(pl.lit(DATA))
        .when(_says(_TOTAL, first, columns))
        .then(pl.lit(TOTAL))
        .when(_is_title(grid, header, first, filled))
        .then(pl.lit(TITLE))
        .when(_is_signature(first, filled, columns))
        .then(pl.lit(SIGNATURE))
        .when(_filled_any((*_WHO, "退票原因", *counted), columns) | (filled > 2))
        .then(pl.lit(DATA))
        .otherwise(pl.lit(SIGNATURE))
    )


def _first(grid: Grid) -> pl.Expr:
    """The first filled cell of a row."""
    return _packed(pl.coalesce(pl.col(name) for name in grid.cells.columns))


def _packed(cell: pl.Expr) -> pl.Expr:
    return cell.str.replace_all(r"\s", "")


def _only_numbered(columns: Mapping[str, int]) -> pl.Expr:
    """A template's empty line: nothing but its serial number."""
    return pl.col(str(columns["序号"])).str.contains(r"^[0-9]+$").fill_null(False) if "序号" in columns else pl.lit(False)


def _filled(field: str, columns: Mapping[str, int]) -> pl.Expr:
    return pl.col(str(columns[field])).is_not_null() if field in columns else pl.lit(False)


def _filled_any(names: tuple[str, ...], columns: Mapping[str, int]) -> pl.Expr:
    return pl.any_horizontal(pl.lit(False), *(_filled(name, columns) for name in names))


def _repeats(grid: Grid, header: Header, filled: pl.Expr) -> pl.Expr:
    """A header printed again on the next page: most of its cells say what the header says."""
    rows = grid.cells.slice(header.first, header.last - header.first + 1).rows(named=True)
    written = ({name: "".join(text.split()) for name, text in row.items() if text} for row in rows)
    same = (
        (pl.sum_horizontal((_packed(pl.col(name)) == text).fill_null(False) for name, text in row.items()) * 2 > len(row))
        & (filled > 1 if len(row) > 1 else filled == 1)
        for row in written
        if row
    )
    return pl.any_horizontal(pl.lit(False), *same)


def _numbers_columns(cells: list[pl.Expr], columns: Mapping[str, int]) -> pl.Expr:
    """The row under a header that numbers the columns: 1 2 3 … also where names belong."""
    named = [pl.col(str(columns[name])) for name in _WHO if name in columns]
    small = [cell.str.contains(_COLUMN_NUMBER) for cell in cells]
    return pl.all_horizontal(s.fill_null(True) for s in small) & pl.any_horizontal(
        pl.lit(False), *(cell.is_not_null() for cell in named)
    )


def is_example(grid: Grid, columns: Mapping[str, int]) -> pl.Expr:
    """A template's filled-in example: nobody's row, even with an ID in it."""
    places = [_first(grid), *(_packed(pl.col(str(columns[name]))) for name in ("序号",) if name in columns)]
    return pl.any_horizontal(place.str.contains(_EXAMPLE).fill_null(False) for place in places)


def _says(pattern: str, first: pl.Expr, columns: Mapping[str, int]) -> pl.Expr:
    """Whether the first cell of a row, or one where its label may stand, matches ``pattern``."""
    places = [first, *(_packed(pl.col(str(columns[name]))) for name in _LABELLED if name in columns)]
    return pl.any_horizontal(place.str.contains(pattern).fill_null(False) for place in places)


def _is_named(first: pl.Expr, columns: Mapping[str, int], fields: Fields) -> pl.Expr:
    """Somebody with a name and a number in the list, or a name and money: a person, whatever the other cells look like."""
    cells = {name: _packed(pl.col(str(columns[name]))) for name in (*_NAMED, "序号") if name in columns}
    names = (
        cell.str.len_chars().is_between(1, 2 * _LONG) & ~cell.str.contains(_NO_NAME)
        for cell in map(cells.get, _NAMED)
        if cell is not None
    )
    named = pl.any_horizontal(pl.lit(False), *(name.fill_null(False) for name in names))
    serial = cells.get("序号", pl.lit(None, pl.String))
    sums = (pl.col(str(c)).str.contains("[0-9]") for name, c in columns.items() if fields.by_name[name].type == "money")
    paid = pl.any_horizontal(pl.lit(False), *(cell.fill_null(False) for cell in sums))
    numbered = serial.str.contains(_SERIAL).fill_null(False) & ~_says(_ONLY_TOTAL, first, columns)
    return named & (numbered | (serial.is_null() & paid & ~_says(_TOTAL, first, columns)))


def _is_title(grid: Grid, header: Header, first: pl.Expr, filled: pl.Expr) -> pl.Expr:
    """A title printed again on the next page, or that of the next list."""
    above = [text for row in grid.cells.head(header.first).rows() for cell in row if (text := "".join((cell or "").split()))]
    return (filled <= 2) & (first.is_in(above) | first.str.contains(_HEADING))


def _is_signature(first: pl.Expr, filled: pl.Expr, columns: Mapping[str, int]) -> pl.Expr:
    few = filled <= 2
    sentence = (filled == 1) & (first.str.len_chars() > _LONG)
    dated = few & first.str.contains(_DATE_ONLY)
    stamped = first.str.contains(_STAMP) & (few | ~_filled("身份证号", columns))
    return first.str.contains(f"{_LABEL}|{_INSTRUCTIONS}|{_FOOTER}") | dated | stamped | sentence
