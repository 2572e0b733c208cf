"""Each format as a golden file: what two small reports come to. To see a change: delete the file, run the test, read the diff."""

from __future__ import annotations

import io
import re
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from jybf.report import FORMATS, writer
from tests.report.samples import audit_report, calc_report

GOLDEN = Path(__file__).parent / "golden"
MAKERS = {"calc": calc_report, "audit": audit_report}


def readable(form: str, data: bytes) -> str:
    """What was written as text; of a workbook the cells, of a page what it says."""
    if form == "xlsx":
        book = openpyxl.load_workbook(io.BytesIO(data))
        return "".join(
            f"{sheet.title}!{c.coordinate}\t{c.value!r}\n"
            for sheet in book
            for row in sheet
            for c in row
            if c.value is not None
        )
    if form == "parquet":
        return pl.read_parquet(io.BytesIO(data)).write_csv()
    text = data.decode()
    return re.sub(r"(?s)<(style|script)[^>]*>.*?</\1>", "", text) if form == "html" else text


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("kind", MAKERS)
def test_a_report_is_written_as_its_golden_file_says(form: str, kind: str) -> None:
    out = io.BytesIO()
    writer(form)(MAKERS[kind](), out, mask=False)
    golden = GOLDEN / f"{kind}.{form}.golden"
    if not golden.exists():
        golden.write_text(readable(form, out.getvalue()), encoding="utf-8", newline="")
        pytest.fail(f"{golden.name} was missing and has been written: read it")
    assert readable(form, out.getvalue()) == golden.read_bytes().decode()
