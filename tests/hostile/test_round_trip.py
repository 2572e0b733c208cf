"""Whatever is written in a cell is read as it was, but for the documented tidying, or is reported by its cell."""

import csv
import io
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from jybf.roster import read
from tests.hostile import sheets as x
from tests.hostile.people import HEADER, crowd, person

# What XML can't hold, and the halves of characters that no encoding can.
_NOT_IN_XML = "".join(map(chr, (*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF)))
_ODD = st.sampled_from(
    "\u200b\u200d\u202e\u2066\ufeff\u00ad\u00a0\u3000 \t\n·・•.．=+-@'\"，,;；|𠮷䶮\ue000\u0301＝Ａ１①²٣x_X\x7f\x85\u2028"
)
_TEXT = st.text(st.one_of(_ODD, st.characters(exclude_categories=("Cs",), exclude_characters=_NOT_IN_XML)), max_size=12)
_IDS = st.sampled_from([row[2] for row in crowd(50)[0]])
_FEN = st.integers(0, 10**9)
_ROW = st.tuples(_TEXT, _IDS, _FEN, st.sampled_from(("", " ", "\u200b", "元", "\u3000")))
# Dropped from every cell: control characters, zero-width marks, direction marks, and others that show nothing.
_UNSEEN = re.compile(
    "[\\x00-\\x1f\\x7f-\\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff\U0001d173-\U0001d17a]"
)


def _shown(text):
    """``text`` as an eye can tell it from another: the tidying that is documented, and all blanks alike."""
    return " ".join(_UNSEEN.sub(" ", text or "").split())


def _without_blanks(text):
    return _shown(text).replace(" ", "")


def _named(text):
    """A name as it is to be read: a stroke in its place only fills the cell."""
    return re.sub(r"^([/／\\＼_—–―－-])\1{0,2}$", "", _without_blanks(text))


def _table(rows):
    return [
        HEADER,
        *(
            [*person(n)[:1], name, one, *person(n)[3:6], f"{fen // 100}.{fen % 100:02}{tail}"]
            for n, (name, one, fen, tail) in enumerate(rows)
        ),
    ]


def _check(path, rows):
    roster = read([str(path)])
    assert roster.rows["行号"].to_list() == list(range(2, len(rows) + 2))
    reported = set(zip(roster.problems["_row"], roster.problems["字段"], strict=True))
    columns = (roster.rows[name].to_list() for name in ("姓名", "身份证号", "申请金额"))
    for n, (name, one, fen) in enumerate(zip(*columns, strict=True)):
        wanted = rows[n]
        assert _without_blanks(name) in {_without_blanks(wanted[0]), _named(wanted[0])} or (n, "姓名") in reported
        assert one == wanted[1]
        assert fen == wanted[2] or (n, "申请金额") in reported


def _names_a_person(row):
    """A row whose name makes it a total, a label or a template's example is no person's, and that is right."""
    return not re.search("[合总小共]计|例|说明|[:：]", row[0])


_PERSON = _ROW.filter(_names_a_person)
# A file costs far more than a row: a few files of a few rows, and a few of many.
_ROWS = st.lists(_PERSON, min_size=1, max_size=4) | st.lists(_PERSON, min_size=12, max_size=24)


@settings(max_examples=24, deadline=None)
@given(_ROWS)
def test_a_workbook_is_read_as_it_was_written(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("r") / "花名册.xlsx"
    path.write_bytes(x.workbook(_table([(re.sub("_x", "x", name), *rest) for name, *rest in rows])))
    _check(path, [(re.sub("_x", "x", name), *rest) for name, *rest in rows])


@settings(max_examples=56, deadline=None)
@given(_ROWS, st.sampled_from(("utf-8", "utf-8-sig", "gb18030", "utf-16")))
def test_a_csv_is_read_as_it_was_written(tmp_path_factory, rows, encoding):
    rows = [(name.replace("\n", "").replace("\r", ""), *rest) for name, *rest in rows]
    text = io.StringIO()
    csv.writer(text).writerows(_table(rows))
    path = tmp_path_factory.mktemp("r") / "花名册.csv"
    path.write_bytes(text.getvalue().encode(encoding))
    _check(path, rows)
