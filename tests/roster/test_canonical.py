"""The canonical table is the roster: what is read of it is what was read of the files."""

from pathlib import Path

import polars as pl
import pytest
from msgspec.structs import replace

from jybf.errors import InputError
from jybf.model import COLUMNS, ROW, SHEET, bad
from jybf.roster.canonical import HEAD, UNREAD, canonical, columns, problems_of, read_canonical
from jybf.roster.files import Options, read_file
from jybf.roster.reading import gather
from jybf.vocabulary.fields import load_fields
from jybf.vocabulary.types import stored

SAMPLES = Path(__file__).parents[2] / "sample_data"
MESSY = sorted(str(path) for path in SAMPLES.glob("山西_*"))


def made(paths):
    """The tables of some files and their notices, and all of them as one canonical table made file by file."""
    tables, notices, parts, rows = [], [], [], 0
    for path in paths:
        file = read_file(path, Options(), load_fields(), len(tables))
        own = [page.table for page in file.pages if page.table]
        parts.append(canonical(own, rows, file.notices))
        rows += parts[-1].height
        tables += own
        notices += file.notices
    return tables, notices, pl.concat(parts, how="diagonal")


@pytest.fixture(scope="module")
def messy():
    return made(MESSY)


def _sorted(frame):
    return frame.select(sorted(frame.columns)).sort(frame.columns if ROW not in frame.columns else ROW)


def test_what_is_read_of_it_is_what_was_read_of_the_files(messy):
    tables, notices, frame = messy
    read, said = read_canonical(frame, "规范表.parquet", "0" * 64)
    before, after = gather(tables, notices), gather(read, said)
    assert before.problems.height == 4, "the samples hold cells that can't be read"
    assert _sorted(after.rows).equals(_sorted(before.rows))
    assert after.problems.sort(pl.all()).equals(before.problems.sort(pl.all()))
    assert set(after.notices) == set(before.notices)
    assert [replace(sheet, sha256="", read="") for sheet in after.sheets] == [replace(s, sha256="") for s in before.sheets]


def test_every_column_is_declared_with_its_type(messy):
    known = columns()
    assert {name: stored(known[name]) for name in messy[2].columns} == dict(messy[2].schema)
    assert all(len(name.encode()) <= 63 for name in known), "PostgreSQL would cut it"


def test_a_cell_that_cannot_be_read_has_no_value_a_mark_and_its_words(messy):
    row = messy[2].filter(pl.col(UNREAD).str.contains("校验位不符")).row(0, named=True)
    assert (row["身份证号"], row[bad("身份证号")]) == (None, True)
    assert row[UNREAD].startswith('[["身份证号","140926')


def test_the_order_of_its_rows_and_what_is_known_of_its_sheets_beside_may_be_lost(messy):
    whole = messy[2]
    lost = whole.sample(whole.height, shuffle=True, seed=1).drop(HEAD, UNREAD)
    before, after = (gather(read_canonical(frame, "表.parquet", "")[0], ()) for frame in (whole, lost))
    assert _sorted(after.rows).equals(_sorted(before.rows))
    assert [(s.file, s.name, s.title, s.columns) for s in after.sheets] == [
        (s.file, s.name, s.title, s.columns) for s in before.sheets
    ]
    assert after.problems.select(ROW, "字段").sort(pl.all()).equals(before.problems.select(ROW, "字段").sort(pl.all()))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (pl.col("行号").cast(pl.String), "“行号”列的类型是 String，应是 BIGINT"),
        (pl.lit(3, pl.Int64).alias(ROW), "有两行的 _row 相同"),
        (pl.lit(None, pl.Int64).alias(SHEET), "没有写明来处"),
        (pl.lit("{").alias(HEAD), "“_表”列改过"),
        (pl.lit("[1]").alias(UNREAD), "“_认不出”列改过"),
    ],
)
def test_what_cannot_be_taken_as_it_stands_is_refused(messy, change, said):
    with pytest.raises(InputError, match=said):
        read_canonical(messy[2].with_columns(change), "表.parquet", "")


def test_columns_of_a_sheet_are_found_by_their_whole_names(messy):
    assert messy[2][COLUMNS].str.contains("|姓名:", literal=True).all()


def test_a_mark_without_its_words_is_told_and_one_with_them_is_told_once():
    words = '[["申请金额","八百","不是金额","JY902"]]'
    marks = {"申请金额": [True, None, True], "年龄": [True, True, False], "民族": [None, False, None]}
    rows = pl.DataFrame({UNREAD: [words, None, None], **{bad(name): of for name, of in marks.items()}})
    told = problems_of(rows, "规范表")
    assert told.select(ROW, "字段", "原文").rows() == [
        (0, "申请金额", "八百"),
        (0, "年龄", ""),
        (1, "年龄", ""),
        (2, "申请金额", ""),
    ]
    assert told["原因"].to_list() == ["不是金额", *["规范表里没有写明原因"] * 3]
    assert problems_of(rows.clear(), "规范表").is_empty()
    assert problems_of(rows.select(UNREAD), "规范表").height == 1
