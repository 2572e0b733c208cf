"""Rows of several regions in one run: which pack each row is for, and what is said of a row that none is for."""

from collections.abc import Iterable, Iterator
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

import polars as pl

from jybf.model import CALLED, FILE, FINDING_COLUMNS, LINE, PAGE, VERDICT_COLUMNS
from jybf.policy import region_of
from jybf.spark.failures import Task, guarded
from jybf.spark.local import frames

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

PLACED = "_地区"  # the id of the pack that a row is for, "" for none
UNKNOWN = "不明"
_HOMES = ("户籍省", "户籍市", "户籍县")
_ORIGIN = {"文件": FILE, "工作表": PAGE, "行号": LINE, "单位": "单位名称"}
_WHY = "看不出用哪个地区的政策"
_TODO = "写明户籍县再算；没有自带规则包的地方，用 --region 另算"
_MOST = 100_000  # texts whose region is remembered


def placed(rows: "DataFrame", task: Task) -> "DataFrame":
    """Canonical ``rows`` with ``_地区``: by the title of the sheet, else by the 户籍 of the row, as on one machine."""
    from pyspark.sql.types import StringType, StructField, StructType

    there = [name for name in _HOMES if name in rows.columns]
    schema = StructType([*rows.schema.fields, StructField(PLACED, StringType())])
    return rows.mapInArrow(guarded(task, partial(_placed, there=there)), schema)


def _placed(batches: Iterable[Any], *, there: list[str]) -> Iterator[Any]:
    for frame in frames(batches):
        told = [_region(row[0] or "", row[1:]) for row in frame.select(CALLED, *there).iter_rows()]
        yield from frame.with_columns(pl.Series(PLACED, told, pl.String)).to_arrow().to_batches()


@lru_cache(_MOST)
def _region(title: str, places: tuple[str | None, ...]) -> str:
    return region_of(title, [place for place in places if place])


def unplaced_verdicts(rest: "DataFrame", year: str) -> "DataFrame":
    """What is said of rows that are no pack's: VERDICT_COLUMNS, 地区 and ``year``."""
    from pyspark.sql import functions as F  # noqa: N812

    said = {"结果": F.lit("待补资料"), "说明": _why(rest), "核定金额": F.lit(None).cast("decimal(20,2)")}
    unknown = [F.lit(UNKNOWN).alias(name) for name in ("地区", year)]
    return rest.select(*(said.get(name, _own(rest, name)).alias(name) for name in VERDICT_COLUMNS), *unknown)


def unplaced_findings(rest: "DataFrame", county: str) -> "DataFrame":
    """A finding on each row that is no pack's: FINDING_COLUMNS, 地区 and 县; ``county``: the column that says the county."""
    from pyspark.sql import functions as F  # noqa: N812

    said = {"编号": F.lit("JY901"), "级别": F.lit("疑点"), "问题": _why(rest), "建议": F.lit(_TODO)}
    said |= {"列名": F.lit("户籍县"), "涉及金额": F.lit(None).cast("decimal(20,2)")}
    own = (said.get(name, _own(rest, name)).alias(name) for name in FINDING_COLUMNS)
    where = F.coalesce(_own(rest, county), F.lit("")) if county in rest.columns else F.lit("")
    return rest.select(*own, F.lit(UNKNOWN).alias("地区"), where.alias("县"))


def _own(rest: "DataFrame", name: str) -> Any:
    from pyspark.sql import functions as F  # noqa: N812

    there = _ORIGIN.get(name, name)
    return F.col(there) if there in rest.columns else F.lit(None).cast("string")


def _why(rest: "DataFrame") -> Any:
    from pyspark.sql import functions as F  # noqa: N812

    homes = F.concat_ws("、", *(F.col(name) for name in _HOMES if name in rest.columns))
    return F.when(homes == "", f"{_WHY}：没有写户籍").otherwise(F.concat(F.lit(f"{_WHY}：户籍写的是“"), homes, F.lit("”")))
