"""What is written in a cell, as it is read: numbers to nine places, days by their style, texts that all sheets share."""

from collections.abc import Sequence
from decimal import Decimal

import polars as pl

from jybf.roster.grid import column_letters
from jybf.roster.workbook.choice import some
from jybf.roster.workbook.sheet import Sheet
from jybf.roster.workbook.strings import decoded

_EXACT = 2**53  # up to which a double holds every whole number
_DAY = 86_400_000  # milliseconds
_EPOCH = pl.datetime(1899, 12, 30, time_unit="ms")
_FROM_1900_TO_1904 = 1462  # days
_NO_LEAP_DAY = 60  # the day that 1900 did not have
_PLACES = 9  # of a number, after its point
_FINER = rf"\.[0-9]{{{_PLACES + 1}}}|[eE]-"  # a number that may have more
_NO_FRACTION = r"([0-9])\.0+$"  # as some programs write every whole number
_NOISE = Decimal("1e-10")  # sums of binary fractions are as far off; more is somebody's digit
_MOST_DAYS = 90_000_000  # before or after, that a calendar can tell


def shown(cells: pl.DataFrame, shared: pl.Series, dates: Sequence[int], *, since_1904: bool) -> pl.DataFrame:
    """``cells`` with their text as it is read in the column "shown", null if it can't be. Errors are left out."""

    def of_place(places: pl.Series) -> pl.Series:
        return shared.gather(places)

    is_number = pl.col("kind") == "n"
    is_date = is_number & pl.col("style").is_in(dates)
    text = pl.col("text")
    days = text.cast(pl.Float64, strict=False) + since_1904 * _FROM_1900_TO_1904
    read = (
        (is_number & ~is_date, text.map_batches(_number, return_dtype=pl.String())),
        (is_date, _day(days)),
        (pl.col("kind") == "s", text.cast(pl.UInt32).map_batches(of_place, return_dtype=pl.String())),
        (pl.col("kind") == "b", text.replace_strict({"0": "false", "1": "true"}, return_dtype=pl.String())),
        (pl.col("kind") == "inlineStr", text.map_batches(decoded, return_dtype=pl.String())),
        (pl.col("kind").is_in(["str", "d"]), text),
    )
    return pl.concat(cells.filter(which).with_columns(how.alias("shown")) for which, how in read)


def columns(cells: pl.DataFrame, height: int, width: int) -> pl.DataFrame:
    """What is shown, in columns "0", "1", …, of which row i is Excel row i + 1."""
    blank = pl.Series([None], dtype=pl.String).new_from_index(0, height)
    parts = cells.select("line", "column", "shown").partition_by("column", as_dict=True, include_key=False)
    filled = {place: blank.clone().scatter(part["line"] - 1, part["shown"]) for (place,), part in parts.items()}
    return pl.DataFrame({str(place): filled.get(place, blank) for place in range(width)})


def _day(days: pl.Expr) -> pl.Expr:
    known = pl.when(days.abs() < _MOST_DAYS).then(pl.when(days < _NO_LEAP_DAY).then(days + 1).otherwise(days))
    since = (known * _DAY).round(mode="half_away_from_zero").cast(pl.Int64).cast(pl.Duration("ms"))
    return (_EPOCH + since).dt.to_string("%Y-%m-%d %H:%M:%S%.f")


def _number(texts: pl.Series) -> pl.Series:
    """Numbers as a table shows them: 1.50 is 1.5, and 29.020000000000003 is 29.02."""
    texts = texts.str.replace(_NO_FRACTION, "$1")
    whole = texts.cast(pl.Int64, strict=False)
    plain = (whole.is_between(-_EXACT, _EXACT) & (whole != 0)).fill_null(value=False) | (texts == "0")
    rest = texts.filter(~plain)
    different = rest.drop_nulls().unique().to_list()
    numbers = [_rounded(text) if text else None for text in different]
    return whole.cast(pl.String).scatter((~plain).arg_true(), rest.replace_strict(different, numbers, return_dtype=pl.String()))


def _rounded(text: str) -> str:
    return f"{float(text):.{_PLACES}f}".rstrip("0").rstrip(".")


def about_rounded(where: str, sheet: Sheet, dates: Sequence[int]) -> tuple[str, ...]:
    """A notice of the numbers, days left aside, that lose more than noise where they are read to nine places."""
    fine = sheet.of("n").filter(pl.col("text").str.contains(_FINER), ~pl.col("style").is_in(dates))
    lost = {text for text in fine["text"].unique() if abs(Decimal(text) - Decimal(_rounded(text))) > _NOISE}
    told = fine.filter(pl.col("text").is_in(list(lost))).sort("line", "column").select("line", "column")
    cells = some([f"{column_letters(column)}{line}" for line, column in told.iter_rows()])
    return (f"{where}：{cells}的数多于 {_PLACES} 位小数，四舍五入到 {_PLACES} 位读",) * bool(cells)
