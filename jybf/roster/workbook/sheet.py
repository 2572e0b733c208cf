"""The cells of one sheet of an xlsx as they are written, before anything is made of them, and what stands around them."""

from collections.abc import Iterator, Sequence

import msgspec
import polars as pl

from jybf.roster.grid import Broken, Merged

NO_NAME = "#NAME?"  # also what Excel makes of a picture that WPS put into a cell
_PICTURE = "（WPS 嵌在格里的图片，Excel 存过也是这样）"
PICTURE = "DISPIMG("  # of a formula by which WPS shows a picture, whatever value was kept beside it
NOT_COMPUTED = "公式没有算过，没有值；用 Excel 打开并保存后再试"

KINDS = pl.Enum(("n", "s", "str", "inlineStr", "b", "d", "e"))
CELLS = pl.Schema({"line": pl.UInt32(), "column": pl.UInt32(), "kind": KINDS, "style": pl.UInt32(), "text": pl.String()})
FORMULAS = pl.Schema({**CELLS, "attributes": pl.String(), "written": pl.String()})


def picture(line: int, column: int) -> Broken:
    """A cell that holds nothing but a picture."""
    return Broken(line, column, NO_NAME, f"格里是图片，没有文字{_PICTURE}")


class Layout(msgspec.Struct, frozen=True):
    """What is hidden (Excel rows; columns by letter or range of letters) and merged."""

    hidden_lines: tuple[int, ...]
    hidden_columns: tuple[str, ...]
    merged: tuple[Merged, ...]


class Sheet(msgspec.Struct, frozen=True):
    """``cells``: those that are not blank, as ``CELLS`` has them: Excel row from 1, column from 0, what is written in them.

    ``formulas``: the cells among them that have one; their text is "" where nothing was computed.
    Set aside were ``broken`` cells without a readable value, and ``strays``, of which ``stray_lines`` are whole rows.
    """

    cells: pl.DataFrame
    formulas: pl.DataFrame
    layout: Layout
    broken: tuple[Broken, ...] = ()
    strays: tuple[str, ...] = ()
    stray_lines: tuple[int, ...] = ()

    def of(self, kind: str) -> pl.DataFrame:
        """The cells of one kind."""
        return self.cells.filter(pl.col("kind") == kind)

    def filled(self) -> dict[int, int]:
        """How many cells of each line hold anything."""
        return dict(self.cells.group_by("line").len().iter_rows())

    def pictures(self) -> Iterator[Broken]:
        """Cells in which WPS shows a picture."""
        shown = self.formulas.filter(pl.col("written").str.contains(PICTURE, literal=True))
        for line, column in shown.select("line", "column").iter_rows():
            yield picture(line, column)

    def errors(self) -> Iterator[Broken]:
        """Error cells, pictures left aside."""
        for line, column, text in self._plain(self.of("e")).select("line", "column", "text").iter_rows():
            yield Broken(line, column, text, f"单元格是错误值 {text}{_PICTURE if text == NO_NAME else ''}")

    def uncomputed(self) -> Iterator[Broken]:
        """Formulas that no program has computed, pictures left aside."""
        silent = self._plain(self.formulas).filter(pl.col("kind") == "n", pl.col("text") == "")
        for line, column in silent.select("line", "column").iter_rows():
            yield Broken(line, column, "", NOT_COMPUTED)

    def _plain(self, cells: pl.DataFrame) -> pl.DataFrame:
        pictures = self.formulas.filter(pl.col("written").str.contains(PICTURE, literal=True))
        return cells.join(pictures, on=["line", "column"], how="anti", maintain_order="left")

    def numbers(self, column: int, height: int) -> pl.Series:
        """Boolean, one a row: which cells of ``column`` hold a number and no text."""
        lines = self.of("n").filter(pl.col("column") == column, pl.col("line") <= height)["line"] - 1
        return pl.Series([False]).new_from_index(0, height).scatter(lines, True)

    def of_style(self, styles: Sequence[int], column: int, height: int) -> pl.Series:
        """Boolean, one a row: which cells of ``column`` have one of ``styles``."""
        mine = pl.col("style").is_in(styles) & (pl.col("column") == column) & (pl.col("line") <= height)
        lines = self.cells.filter(mine)["line"] - 1
        return pl.Series([False]).new_from_index(0, height).scatter(lines, True)
