"""What the total rows of a sheet state, against what the rows add up to."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import polars as pl

from jybf.model import LINE, Total
from jybf.roster.grid import column_letters
from jybf.roster.readers import reader_of, unit_of
from jybf.roster.rows import SIGNATURE, TITLE, TOTAL
from jybf.roster.typed import Body
from jybf.vocabulary.roles import CLAIMS
from jybf.vocabulary.values.money import parse_money
from jybf.vocabulary.values.numbers import NUMERALS
from jybf.vocabulary.values.text import plain

HEADS = "人数"  # the field of a Total that counts rows

_HEADS = r"(?<![0-9.])([0-9]{1,7})[人名]"
_YUAN = r"(?<![0-9.])(?<![0-9],)[0-9][0-9,]*(?:\.[0-9]{1,2})?元"
_IN_WORDS = rf"(?<![0-9.{NUMERALS}])[{NUMERALS}]+[元圆](?:[{NUMERALS}]角)?零?(?:[{NUMERALS}]分)?[整正]?"  # 壹仟伍佰元整
# 本表共 3 人，合计金额 2400 元: what a title or a footer says of the whole table, and not of more than the table.
_PROSE_HEADS = r"(?:共计?|合计|总计|人数)[:为]?([0-9]{1,7})[人名]"
_PROSE_YUAN = r"(?:金额|资金|共计?|合计|总计)[^0-9,.;。；，、/每标准]{0,6}([0-9][0-9,]*(?:\.[0-9]{1,2})?元)(?![/每])"
_BEYOND = r"全[县省市区]|累计|历年|计划|下达|标准"
_LABEL = r"([组社屯村区乡镇页]?)(?:委会)?(小计|合计|共计|总计|累计|页计)"

Row = tuple[str | None, ...]


class _Scope(NamedTuple):
    """The Excel rows that a total sums up: after ``since``, up to ``until``."""

    since: int
    until: int


class _Label(NamedTuple):
    """What a total says it is: of a 村, 组, 页 …, and whether 小计, 合计, 总计 or 累计."""

    of: str
    word: str


class _Sums:
    """The rows of data added up from the first: every scope costs two look-ups."""

    def __init__(self, rows: pl.DataFrame, names: Sequence[str]) -> None:
        self.lines = rows[LINE].to_list()
        none, one = pl.Series([0]), pl.repeat(1, rows.height, dtype=pl.Int64, eager=True)
        counted = {**{name: rows[name].fill_null(0) for name in names}, HEADS: one}
        self._added = {name: pl.concat([none, each.cum_sum().alias("")]) for name, each in counted.items()}

    def of(self, name: str, scope: _Scope) -> int:
        """What ``name`` adds up to within ``scope``."""
        first, end = (bisect_right(self.lines, line) for line in scope)
        return self._added[name][end] - self._added[name][first]


def stated_totals(body: Body, kinds: pl.Series, rows: pl.DataFrame) -> tuple[Total, ...]:
    """Totals of money (分), counts and heads. ``kinds``: of the Excel rows; ``rows``: the typed data rows."""
    lines = ((kinds == TOTAL).arg_true() + 1).to_list()
    around = (kinds.is_in([TITLE, SIGNATURE]).arg_true() + 1).to_list()
    if not (lines or around):  # to add up a million rows takes a while
        return ()
    sums = _Sums(rows, [name for name in (*body.columns, *CLAIMS) if name in rows.columns and rows[name].dtype == pl.Int64])
    return (*_of_rows(body, lines, sums, rows), *_in_prose(body, around, sums, rows))


def _in_prose(body: Body, lines: Sequence[int], sums: _Sums, rows: pl.DataFrame) -> Iterator[Total]:
    """What a sentence above or below the table says of all of it: it must count heads, as a rate or a budget does not."""
    whole = _whole(sums.lines)
    meant = [name for name in CLAIMS if name in rows.columns]
    for line in lines:
        for at, text in enumerate(body.grid.cells.row(line - 1)):
            said = plain(text or "")
            heads = set(re.findall(_PROSE_HEADS, said))
            if len(heads) != 1 or re.search(_BEYOND, said):
                continue
            yield Total(line, HEADS, int(heads.pop()), sums.of(HEADS, whole), True, _at(at, line), prose=True)
            amounts = {stated for amount in re.findall(_PROSE_YUAN, said) if isinstance(stated := parse_money(amount), int)}
            if len(meant) == len(amounts) == 1:
                stated = amounts.pop()
                yield Total(line, meant[0], stated, sums.of(meant[0], whole), True, _at(at, line), prose=True)


def _of_rows(body: Body, lines: Sequence[int], sums: _Sums, rows: pl.DataFrame) -> tuple[Total, ...]:
    found: list[Total] = []
    above: dict[_Label, int] = {}  # the last total of each kind so far
    for line in lines:
        texts = body.grid.cells.row(line - 1)
        stated = dict(_amounts(body, texts, rows))
        in_words = {} if stated else dict(_amount_in_words(texts, rows))
        heads = dict(sorted(_heads(texts)))
        label = _label(texts)
        scopes = list(_scopes(line, label, above, sums.lines))
        said = {**stated, **{name: value for name, (value, _) in in_words.items()}}
        told = [*said.items(), *((HEADS, n) for n in heads)]
        scope = max(scopes, key=lambda s: sum(sums.of(name, s) == value for name, value in told))
        grand = scope == _whole(sums.lines) and label.word not in ("小计", "页计", "累计")
        places = {name: _at(at, line) for name, (_, at) in in_words.items()}
        for name, value in said.items():
            found.append(Total(line, name, value, sums.of(name, scope), grand, places.get(name, ""), scope.since))
        found += (Total(line, HEADS, n, sums.of(HEADS, scope), grand, _at(at, line), scope.since) for n, at in heads.items())
        above[label] = line
    return tuple(found)


def _at(column: int, line: int) -> str:
    return f"{column_letters(column)}{line}"


def _whole(lines: Sequence[int]) -> _Scope:
    return _Scope(0, lines[-1] if lines else 0)


def _label(texts: Row) -> _Label:
    folded = plain("".join(filter(None, texts)))
    found = re.search(_LABEL, folded)
    of, word = found.group(1, 2) if found else ("", "合计")
    return _Label("页" if "本页" in folded or word == "页计" else of, "累计" if "累计" in folded else word)


def _scopes(line: int, label: _Label, above: Mapping[_Label, int], lines: Sequence[int]) -> Iterator[_Scope]:
    """What a total may sum up, the likeliest first.

    A subtotal: the rows since the total above, or since the last one of its own kind (those of pages and of villages may
    cross). 累计: all so far. 合计: everything, unless it stands among the rows or closes the last of several such blocks.
    """
    whole, so_far = _whole(lines), _Scope(0, line)
    own = _Scope(above.get(label, 0), line)
    partial = [s for s in (_Scope(max(above.values(), default=0), line), own) if _holds_rows(s, lines)] or [own]
    followed = bool(lines) and lines[0] < line < lines[-1]
    if label.word == "累计":
        yield from (so_far, *(partial if label.of == "页" else ()))
    elif label.word in ("小计", "页计") or label.of == "页":
        yield from partial
    elif followed:
        yield from (*partial, so_far, whole)
    else:
        yield from (whole, *(partial if any(other.word == label.word for other in above) else ()))


def _holds_rows(scope: _Scope, lines: Sequence[int]) -> bool:
    return bisect_right(lines, scope.since) < bisect_right(lines, scope.until)


def _amounts(body: Body, texts: Row, rows: pl.DataFrame) -> Iterator[tuple[str, int]]:
    """What stands in the columns of money and counts."""
    for name, column in body.columns.items():
        field, text = body.fields.by_name[name], texts[column]
        if field.type in ("money", "int") and text and name in rows.columns:
            parse = reader_of(field, body.fields, unit_of(body.header.names[column], field, body.title.unit)).parse
            stated = parse(text)[0] if parse else None
            if isinstance(stated, int):
                yield name, stated


def _amount_in_words(texts: Row, rows: pl.DataFrame) -> Iterator[tuple[str, tuple[int, int]]]:
    """合计：38 人，30400 元, or 叁万零肆佰元整, where only one column can be meant; and the column where it stands."""
    folded = ((at, plain(text)) for at, text in enumerate(texts) if text)
    amounts = (
        (at, parse_money(amount)) for at, text in folded for amount in (*re.findall(_YUAN, text), *re.findall(_IN_WORDS, text))
    )
    written = {stated: at for at, stated in amounts if isinstance(stated, int)}
    meant = [name for name in CLAIMS if name in rows.columns]
    if len(written) == len(meant) == 1:
        yield meant[0], written.popitem()


def _heads(texts: Row) -> Iterator[tuple[int, int]]:
    """Each number of heads, and the column that states it."""
    written = ((at, text) for at, text in enumerate(texts) if text)
    return ((int(count), at) for at, text in written for count in re.findall(_HEADS, plain(text)))
