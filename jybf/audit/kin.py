"""By what the checks hold rows against each other: the keys that two rows share, wherever they stand.

Whoever audits a part of a roster by itself (a county, on a cluster) has to give it the rows of other parts that share one of
these with it; then every finding on its rows is that of the whole.
"""

from collections.abc import Iterator, Sequence

import polars as pl

from jybf.model import ROW
from jybf.roster import fold_name
from jybf.vocabulary.keys import EMPLOYER, FAMILIES, HOUSEHOLD, PERSON, SHORT

KIND, KEY = "_类", "_键"
# A name: where one of the two has no number, a payment before or a list may be met by it.
NAMED = ("名，那边没有号", "名，这边没有号")
# A short number of a household, the name of its head: by these a payment before may be met that can be held against nobody.
UNHELD = "户编号、户主姓名，那边没有比上"
PHONE = (
    pl.col("联系电话")
    .str.normalize("NFKC")
    .str.replace_all(r"[\s\-—–‐()]|\.0+$", "")
    .str.replace(r"^(\+|00)?86(1\d{10})", "$2")
)
_MOBILE = r"^1\d{10}$"
SHORT_NUMBER = pl.when(pl.col("户编号").str.len_chars() < SHORT).then("户编号")
_NAMES = frozenset(FAMILIES[2])
SPECIFIC = r"\d+\s*(号|室|幢|栋|座|单元|楼)"
SHARED = "园区|产业园|工业园|科技园|创业园|孵化|市场|商场|商城|广场|大厦|写字楼"  # where many are lawfully at home
_NUMBERS = ("证书编号", "票据编号", "贷款合同编号", "残疾证号")


def kin(rows: pl.DataFrame, *, ours: bool = True, unheld: Sequence[int] = ()) -> pl.DataFrame:
    """``_row``, ``_类`` and ``_键`` of ``rows`` with their facts: each key once.

    ``ours``: they are of the roster; else of the history or a list, which the roster may meet by a name (NAMED) too, and
    its rows ``unheld``, payments that can be held against nobody, by what tells a household but for sure.
    """
    keys = [*_keys(rows.columns), *_names(rows.columns, NAMED if ours else (NAMED[1], NAMED[0]))]
    met = pl.lit(value=True) if ours else pl.col(ROW).is_in(unheld)
    homes = {"户编号": SHORT_NUMBER, "户主姓名": fold_name(pl.col("户主姓名"))}
    keys += ((UNHELD, pl.when(met).then(key)) for name, key in homes.items() if name in rows.columns)
    parts = [rows.select(ROW, pl.lit(kind).alias(KIND), key.alias(KEY)) for kind, key in keys]
    empty = pl.DataFrame(schema={ROW: pl.Int64, KIND: pl.String, KEY: pl.String})
    return pl.concat([empty, *parts]).drop_nulls().filter(pl.col(KEY) != "").unique()


def mobile() -> pl.Expr:
    """The first mobile in the cell of 联系电话; null where it holds none."""
    return pl.col("联系电话").map_batches(_mobiles, return_dtype=pl.String(), is_elementwise=True)


def _mobiles(cells: pl.Series) -> pl.Series:
    odd = (~cells.str.contains(_MOBILE)).fill_null(value=False).arg_true()  # nearly all are nothing else
    told = cells.gather(odd).to_frame("联系电话").select(PHONE.str.extract(r"(1\d{10})")).to_series()
    return cells.scatter(odd, told) if odd.len() else cells


def alike(name: str) -> pl.Expr:
    """The number of a document as it is compared: O is read as 0, I and l as 1."""
    plain = pl.col(name).str.replace_all(r"\s", "").str.to_uppercase()
    return plain.str.replace_all("O", "0", literal=True).str.replace_all("[IL]", "1")


def folded_address(address: pl.Expr) -> pl.Expr:
    """An address of one house, as it is compared; null: it names none, or where many are at home."""
    plain = fold_name(address)
    return pl.when(plain.str.contains(SPECIFIC) & ~plain.str.contains(SHARED)).then(plain)


def _keys(columns: list[str]) -> Iterator[tuple[str, pl.Expr]]:
    for names in FAMILIES:
        for name in names:
            if name in columns:
                own = fold_name(pl.col(name)) if name in _NAMES else pl.col(name)
                far = pl.when(own.str.len_chars() >= SHORT).then(own) if name == "户编号" else own
                yield names[0], far
    employer, person = FAMILIES[1][0], PERSON
    more = {EMPLOYER: (employer, FAMILIES[2][0]), HOUSEHOLD: (HOUSEHOLD, person)}
    for name, kinds in more.items():
        if name in columns:
            yield from ((kind, pl.col(name)) for kind in kinds)
    if "户编号" in columns:  # one of a village: a list may give the village, or the head
        villages = {"行政村": pl.col("行政村"), "户主姓名": fold_name(pl.col("户主姓名"))}
        yield from (
            (f"户编号、{name}", pl.concat_str([SHORT_NUMBER, own], separator="|"))
            for name, own in villages.items()
            if name in columns
        )
    if "联系电话" in columns:
        yield "联系电话", mobile()
    if "单位地址" in columns:
        yield "单位地址", folded_address(pl.col("单位地址"))
    yield from ((name, alike(name)) for name in _NUMBERS if name in columns)


def _names(columns: list[str], kinds: tuple[str, str]) -> Iterator[tuple[str, pl.Expr]]:
    """Every name as the first of ``kinds``, that of a row without a number as the second too."""
    nameless = pl.col(PERSON).is_null() if PERSON in columns else pl.lit(value=True)
    for name in ("姓名", "户主姓名"):
        if name in columns:
            yield kinds[0], fold_name(pl.col(name))
            yield kinds[1], pl.when(nameless).then(fold_name(pl.col(name)))
