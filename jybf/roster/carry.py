"""A roster's own columns behind the verdicts on its rows (``--columns all``): what is carried of a sheet."""

from collections.abc import Iterator, Sequence

import msgspec
import polars as pl

from jybf.model import LINE, ROW, VERDICT_COLUMNS, Note, last
from jybf.roster.grid import column_letters, joined
from jybf.roster.merges import filled_down
from jybf.roster.readers import unit_of
from jybf.roster.typed import Body
from jybf.vocabulary.fields import Fields

TITLE, PLACES, TOLD = "原表题", "原表列", "原表提示"
LINES = "⏎"  # between the lines above a header
OWN, IDLE = "（原表）", "（未用）"  # after a name that the verdicts have too, or that the dictionary would take for a field
HEADLESS = "（{} 列没有表头）"
UNIT = r"（(?:万元|千元|百元|元|年|天|日)）$"
_LONGEST, _LONGEST_TOLD = 32_000, 500  # characters of a cell, and of what is told of one
ABSENT = "-"  # a column that a sheet does not have


class Carried(msgspec.Struct, frozen=True):
    """One sheet's rows of data as they are written, under the names of their fields.

    ``places``: the column of each of ``texts`` in the sheet, from 0; ``title``: what stands above the header; ``told``: of each
    row what its cells don't say.
    """

    texts: pl.DataFrame
    places: Sequence[int]
    title: str
    told: pl.Series


class Told(msgspec.Struct, omit_defaults=True, rename={"problems": "误", "notes": "注"}):
    """What is known of a row beside its texts.

    ``problems``: field, text, reason and code of each cell that can't be read, and whether it has no value; ``notes``: column,
    kind and text of each.
    """

    problems: list[tuple[str, str | None, str, str, bool]] = []
    notes: list[tuple[int, str, str]] = []


def carry(body: Body, rows: pl.DataFrame, problems: pl.DataFrame, notes: Sequence[Note]) -> Carried:
    """What the sheet of ``body`` holds for a later run, beside what was made of it: ``rows``, ``problems``, ``notes``."""
    whole = filled_down(body.grid.cells, body.merged, body.columns, body.fields).head(body.is_data.len()).filter(body.is_data)
    names = dict(_names(body))
    above = [joined(row) for row in body.grid.above(body.header.first)]
    return Carried(
        whole.select(_short(pl.col(str(column))).alias(name) for name, column in names.items()),
        list(names.values()),
        LINES.join(line for line in above if line),
        _told(rows, problems, notes),
    )


def _short(text: pl.Expr) -> pl.Expr:
    """A text as a cell of a workbook can hold it."""
    return pl.when(text.str.len_chars() > _LONGEST).then(text.str.head(_LONGEST) + "…").otherwise(text)


def _names(body: Body) -> Iterator[tuple[str, int]]:
    """Each column that has a header or a value: its name, which no other has, and its place."""
    fields = {column: body.fields.by_name[name] for name, column in body.columns.items() if column not in body.header.months}
    used = set[str]()
    for column, header in enumerate(body.header.names):
        if column in body.header.months:
            name = str(body.header.months[column])
        elif field := fields.get(column):
            unit = unit_of(header, field, "") or ("元" if field.type == "money" and "元" in header and body.title.unit else "")
            name = f"{field.name}（{unit}）" if unit else field.name
            name += OWN if name in VERDICT_COLUMNS else ""
        elif header or body.grid.cells[str(column)].slice(body.header.last + 1).count():
            name = header or HEADLESS.format(column_letters(column))
            name += IDLE if name in VERDICT_COLUMNS or meant(name, body.fields) else ""
        else:
            continue
        name = next(n for n in (name, *(f"{name}（{k}）" for k in range(2, 20_000))) if n not in used)
        used.add(name)
        yield name, column


def meant(name: str, fields: Fields) -> str:
    """The field whose cells are carried under ``name``; "" if they are no field's."""
    bare = pl.select(pl.lit(name.removesuffix(OWN)).str.replace(UNIT, "")).item()
    return bare if bare in fields.by_name else ""


def _told(rows: pl.DataFrame, problems: pl.DataFrame, notes: Sequence[Note]) -> pl.Series:
    """TOLD of each row; "" where its cells say all."""
    told: dict[int, Told] = {}
    short = pl.col("原文").str.len_chars().fill_null(0) <= _LONGEST_TOLD  # nobody reads a longer one in any case
    for row, field, *why in problems.filter(short).select(ROW, "字段", "原文", "原因", "编号").iter_rows():
        known = [name for name in (field, last(field)) if name in rows.columns]
        blank = all(rows[name][row] is None for name in known)
        told.setdefault(row, Told()).problems.append((field, *why, blank))
    of_line = {line: row for row, line in enumerate(rows[LINE].to_list())} if notes else {}
    for note in notes:
        told.setdefault(of_line[note.line], Told()).notes.append((note.column, note.kind, note.text[:_LONGEST_TOLD]))
    texts = [msgspec.json.encode(told[row]).decode() if row in told else "" for row in range(rows.height)] if told else [""]
    return pl.Series(TOLD, texts, dtype=pl.String) if told else pl.Series(TOLD, [""]).new_from_index(0, rows.height)


def together(sheets: Sequence[Carried]) -> pl.DataFrame:
    """What all ``sheets`` carry, row below row: every column that one of them has, then TITLE, PLACES and TOLD."""
    names = list(dict.fromkeys(name for sheet in sheets for name in sheet.texts.columns))
    parts = [
        sheet.texts.with_columns(
            pl.lit(sheet.title).alias(TITLE), pl.lit(_placed(sheet, names)).alias(PLACES), sheet.told.alias(TOLD)
        )
        for sheet in sheets
    ]
    return pl.concat(parts, how="diagonal").select(*names, TITLE, PLACES, TOLD)


def _placed(sheet: Carried, names: Sequence[str]) -> str:
    """The column of the sheet under each of ``names``: A:C,-2,D: runs of columns, and of names that it does not have."""
    places = dict(zip(sheet.texts.columns, sheet.places, strict=True))
    runs: list[list[int]] = []
    for place in (places.get(name, -1) for name in names):
        if runs and (place == runs[-1][-1] + 1 if place >= 0 and runs[-1][-1] >= 0 else place == runs[-1][-1]):
            runs[-1].append(place)
        else:
            runs.append([place])
    return ",".join(
        f"{ABSENT}{len(run)}" if run[0] < 0 else ":".join(map(column_letters, dict.fromkeys((run[0], run[-1])))) for run in runs
    )
