"""Names that would be formulas, markup or commands to a terminal: inert in every output, kept as they are in JSON."""

import csv
import io
import re
import zipfile
from functools import partial

import pytest

from tests.hostile import run
from tests.hostile import sheets as x
from tests.hostile.people import HEADER, crowd

NAMES = (
    "=1+1", "+1+1", "-1+1", "@SUM(1)", "=cmd|'/c calc'!A1", '=HYPERLINK("http://127.0.0.1/","点")', "=WEBSERVICE(\"http://127.0.0.1/\")", " =1+1", "\u3000=1+1", "\u200b=1+1", "＝1+1", "＋1+1",
    "－1+1", "＠SUM(1)", "\t=1+1", "'=1+1", '"=1+1"', "%0A=1+1", ";=1+1", ",=1+1", "|=1+1", "=1+1;甲", "@甲", "+8613900000000", "-甲", "=", "+", "@",
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "&lt;b&gt;", "&amp;", "</td><td>", "{{7*7}}", "${7*7}", "%s%n", "{0}", "[red]甲[/red]", "[link=http://127.0.0.1]甲[/link]", "[bold", "[/]",
    "\\u001b[31m", "甲\u202e乙", "甲\u2066乙\u2069", "甲\u200d乙", "甲\u00ad乙", "e\u0301" * 30, "甲" + "\u0301" * 200, "﷽" * 20, "👨‍👩‍👧‍👦", "🇨🇳", "𠮷䶮㛃", "\ue000\uf8ff", "買賣", "Ａｂｃ", "ｱｲｳ",
    "NULL", "null", "None", "NaN", "TRUE", "0", "1e5", "#N/A", "../../etc/passwd", "C:\\con", "'; DROP TABLE x;--", "' OR 1=1", "张 三", "买买提·艾力", "买买提.艾力", "长" * 200,
)  # fmt: skip
ESCAPES = (
    "甲\x1b[31m乙",
    "甲\x1b]0;题\x07",
    "甲\x9b31m",
    "甲\x08\x08乙",
    "甲\r乙",
    "甲\x00乙"[:1] + "\x7f乙",
    "\x1b[2J",
    "甲\x85乙",
)
_ACTIVE = re.compile(r"^[=+\-@\t\r]")


def _roster(folder, names, *, as_csv):
    table = [HEADER, *([row[0], name, *row[2:]] for row, name in zip(crowd(len(names))[0], names, strict=True))]
    path = folder / ("花名册.csv" if as_csv else "花名册.xlsx")
    if as_csv:
        lines = io.StringIO()
        csv.writer(lines).writerows(table)
        path.write_bytes(lines.getvalue().encode("utf-8", "surrogatepass"))
    else:
        path.write_bytes(x.workbook(table))
    return path


def _calc(folder, capture, names, *options, as_csv=False, command="calc"):
    path = _roster(folder, names, as_csv=as_csv)
    done = run.here([command, path.name, "-r", "shanxi", *options], folder, capture)
    assert done.code in (0, 1), done.err
    assert "Traceback" not in done.err
    assert not run._TERMINAL.search(done.err.replace("\r\n", "\n"))
    return done


@pytest.fixture
def calc(tmp_path, capfd):
    return partial(_calc, tmp_path, capfd.readouterr)


@pytest.mark.parametrize("as_csv", [False, True])
@pytest.mark.parametrize("command", ["calc", "audit"])
def test_no_cell_of_a_csv_begins_like_a_formula(as_csv, command, calc):
    done = calc(NAMES, "-f", "csv", as_csv=as_csv, command=command)
    rows = list(csv.reader(io.StringIO(done.out, newline="")))
    assert rows[0]
    assert not [cell for row in rows for cell in row if _ACTIVE.search(cell)]


@pytest.mark.parametrize("as_csv", [False, True])
@pytest.mark.parametrize("form", ["table", "jsonl", "json", "csv"])
def test_no_control_character_reaches_a_terminal(as_csv, form, calc):
    names = (*NAMES, *ESCAPES) if as_csv else NAMES
    done = calc(names, "-f", form, as_csv=as_csv)
    assert not set(run._TERMINAL.findall(done.out.replace("\r\n", "\n"))) & set("\x1b\x9b\x07\x08\x7f\x85\x00")


def test_json_keeps_every_name_as_it_was(calc):
    done = calc(NAMES, "-f", "json")
    invisible = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")  # these alone may be dropped
    lost = [name.replace("\u202e", "\ufffd") for name in NAMES]  # what turns text around is told, not dropped
    wanted = [invisible.sub("", name).strip() for name in lost]
    got = [invisible.sub("", row.name) for row in run.result(done.out)]
    assert [(a, b) for a, b in zip(wanted, got, strict=True) if a != b] == []


@pytest.mark.parametrize("command", ["calc", "audit"])
def test_a_workbook_written_has_no_formula_made_of_a_name(command, calc, tmp_path):
    calc(NAMES, "-o", "结果.xlsx", command=command)
    with zipfile.ZipFile(tmp_path / "结果.xlsx") as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist() if name.endswith(".xml")}
    written = "".join(parts.values())
    formulas = re.findall(r"<f[ >][^<]*</f>", written)
    assert not [f for f in formulas if "cmd|" in f or "WEBSERVICE" in f or "HYPERLINK" in f or ">1+1<" in f]
    assert "externalLink" not in written
    assert 't="str"><f' not in written


def test_a_name_with_escapes_in_a_workbook_never_becomes_an_escape(calc, tmp_path):
    calc(("甲_x001B_[31m", "乙_x000A_", "丙_x0041_"), "-o", "结果.xlsx")
    with zipfile.ZipFile(tmp_path / "结果.xlsx") as archive:
        assert b"\x1b" not in b"".join(archive.read(name) for name in archive.namelist())
