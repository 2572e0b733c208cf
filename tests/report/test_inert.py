"""Hostile texts through every writer: nothing runs as a formula, nothing steers a terminal, machine formats keep the text."""

import csv
import io
import json
import shutil
import subprocess
import zipfile

import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from rich.console import Console

from jybf.model import Report
from jybf.report import writer
from jybf.report.formats.table_txt import print_report
from jybf.report.screen import console
from tests.report.samples import audit_report, calc_report

FORMULAS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1,1)",
    "\t=1+1",
    " =1+1",
    "\u200b=1+1",
    "\u3000=1+1",
    "\n=1+1",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(1)",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://x.invalid","点这里")',
    "-2+3+cmd|' /C calc'!A0",
    '=IMPORTXML("http://x.invalid")',
    "=1+1,2",
    '"=1+1',
    ";=1+1",
]
LITERAL = [
    "_x0041_",
    "_x001B_[31m",
    "_x005F_",
    "_X0041_",
    "#N/A",
    "TRUE",
    "1e5",
    "00123",
    "a&b<c>]]>",
    "<script>",
    "𠮷䶮\ue81e",
    "café 张·三",
]
STEERING = [
    "\x1b[31m红\x1b[0m",
    "\x9b31m",
    "\x1b]0;标题\x07",
    "\u202eabc\u202c",
    "甲\x00乙",
    "\x7f\x08\x08",
    "\u2066x\u2069",
    "\r覆盖",
]
HOSTILE = FORMULAS + LITERAL + STEERING


def with_texts(texts, make=calc_report, column="单位"):
    """A report with one row a text, the text in ``column`` and in the name of the sheet."""
    report = make()
    frame = pl.concat([report.frame.head(1)] * len(texts)).with_columns(pl.Series(column, texts), pl.Series("工作表", texts))
    return Report(report.kind, frame, report.summary, report.provenance, report.not_run)


def written(form, report):
    out = io.BytesIO()
    writer(form)(report, out, mask=False)
    return out.getvalue()


def begins_as_formula(text):
    bare = text.lstrip("".join(map(chr, [*range(33), 0x7F, 0x3000, 0x200B, 0xA0, 0xFEFF])))
    return bare[:1] in tuple("=+-@＝＋－＠")


def test_csv_holds_no_cell_that_begins_a_formula():
    content = written("csv", with_texts(HOSTILE)).decode()
    rows = list(csv.DictReader(io.StringIO(content, newline="")))
    assert len(rows) == len(HOSTILE)
    for row, text in zip(rows, HOSTILE, strict=True):
        assert not begins_as_formula(row["单位"])
        assert row["单位"] in (text, f"'{text}")


def strings(sheet):
    return [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(HOSTILE), min_size=1, max_size=8)
)
def test_xlsx_holds_no_formula_and_opens(texts):
    book = openpyxl.load_workbook(io.BytesIO(written("xlsx", with_texts(texts))))
    for sheet in book.worksheets:
        for cell in strings(sheet):
            assert cell.data_type in ("s", "n")
            if cell.data_type == "s" and cell.value.startswith(tuple("=+-@")):
                assert cell.quotePrefix


def test_xlsx_text_that_looks_like_an_escape_comes_back_as_it_was(tmp_path):
    path = tmp_path / "结果.xlsx"
    path.write_bytes(written("xlsx", with_texts(LITERAL)))
    header, *rows = CalamineWorkbook.from_path(path).get_sheet_by_name("明细").to_python()
    assert [row[header.index("单位")] for row in rows] == LITERAL


def test_json_and_jsonl_keep_every_text_as_it_was():
    report = with_texts(HOSTILE)
    lines = [json.loads(line)["单位"] for line in written("jsonl", report).decode().split("\n") if line]
    assert lines == HOSTILE
    assert [row["单位"] for row in json.loads(written("json", report))["rows"]] == HOSTILE


def steers(text):
    return any(
        (ord(c) < 32 and c != "\n") or 0x7F <= ord(c) < 0xA0 or c in "\u202a\u202b\u202d\u202e\u2066\u2067\u2068" for c in text
    )


@pytest.mark.parametrize("make", [calc_report, audit_report])
@pytest.mark.parametrize("column", ["姓名", "依据"])
def test_the_table_steers_no_terminal(make, column):
    text = written("table", with_texts(HOSTILE, make, column)).decode()
    assert not steers(text)
    assert "[31m红[0m" in text


def test_a_terminal_gets_its_own_colours_and_no_others(monkeypatch):
    out = io.StringIO()
    monkeypatch.setattr(out, "isatty", lambda: True)
    screen = console(out)
    screen.print("\x1b[5m闪\x07烁\u202e")
    assert out.getvalue() == "[5m闪烁\n"


def test_a_very_long_text_is_shortened_on_a_terminal_and_whole_elsewhere():
    long = "很长" * 5000
    report = with_texts([long], column="说明")
    out = io.StringIO()
    print_report(report, Console(file=out, width=80, force_terminal=True, color_system=None), mask=True)
    assert "…" in out.getvalue()
    assert len(out.getvalue()) < 5000
    for form in ("csv", "json", "jsonl", "table"):
        assert long in written(form, report).decode()


@pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice")
@pytest.mark.slow
def test_libreoffice_evaluates_nothing(tmp_path):
    report = with_texts([text for text in FORMULAS if "\n" not in text])
    for form, into in (("csv", "xlsx"), ("xlsx", "ods")):
        folder = tmp_path / form
        folder.mkdir()
        (folder / f"a.{form}").write_bytes(written(form, report))
        flags = [f"-env:UserInstallation=file://{tmp_path}/lo", "--headless", "--infilter=CSV:44,34,76"][
            : 3 if form == "csv" else 2
        ]
        command = ["soffice", *flags, "--convert-to", into, "--outdir", folder, folder / f"a.{form}"]
        subprocess.run(command, check=True, capture_output=True)
    cells = [cell for sheet in openpyxl.load_workbook(tmp_path / "csv" / "a.xlsx").worksheets for cell in strings(sheet)]
    assert len(cells) > len(FORMULAS)
    assert not [cell.value for cell in cells if cell.data_type == "f"]
    with zipfile.ZipFile(tmp_path / "xlsx" / "a.ods") as archive:
        content = archive.read("content.xml").decode()
    assert "=HYPERLINK" in content
    assert "table:formula" not in content
