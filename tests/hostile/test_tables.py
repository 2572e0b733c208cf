"""Values as clerks and attackers write them, read in this process: each exactly, or reported by its cell, none guessed."""

from datetime import date

import pytest

from jybf.roster import read
from tests.hostile import sheets as x
from tests.hostile.people import HEADER, crowd, person
from tests.roster.books import idno

REPORTED = "reported"
BLANK = None

AMOUNTS = {
    "800": 80000, "800.5": 80050, "800.05": 80005, "800元": 80000, "￥800.00": 80000, "¥800": 80000, "８００": 80000, "1,500": 150000, "1，500": 150000,
    "12,345,678.90": 1234567890, "0.08万元": 80000, "0.08 万元": 80000, "捌佰元整": 80000, "捌佰圆": 80000, "八百元": 80000, "人民币800元": 80000, " 800 ": 80000,
    "\u00a0800\u200b": 80000, "800元/人": 80000, "０.０８万元": 80000, "": BLANK, "—": (BLANK, REPORTED), "-": BLANK, "无": BLANK, "0": 0, "0.00": 0,
    "1,00": REPORTED, "1.500,00": REPORTED, "800.005": REPORTED, "-800": REPORTED, "−800": REPORTED, "(800)": REPORTED, "（800）": REPORTED, "NaN": REPORTED, "inf": REPORTED,
    "-inf": REPORTED, "Infinity": REPORTED, "1e3": REPORTED, "8E2": REPORTED, "0x320": REPORTED, "1_000": REPORTED, "٨٠٠": REPORTED, "८००": REPORTED, "8OO": REPORTED,
    "80O": REPORTED, "l00": REPORTED, "500*3": REPORTED, "=500*3": REPORTED, "800+": REPORTED, "8 00": REPORTED, "八00": REPORTED, "①": REPORTED, "8²": REPORTED, "八百多": REPORTED,
    "约800": REPORTED, "800-1000": REPORTED, "800/1000": REPORTED, "#N/A": REPORTED, "TRUE": REPORTED, "是": REPORTED, "9" * 400: REPORTED, "800 元 800 元": REPORTED, "800;": REPORTED,
    "$800": REPORTED, "800USD": REPORTED, "0.0001": REPORTED, "八": REPORTED, "\U0001d7d9\U0001d7d8": REPORTED, "➀": REPORTED, "½": REPORTED, "800．50": 80050,
}  # fmt: skip
DATES = {
    "2021-08-01": date(2021, 8, 1), "2021.8.1": date(2021, 8, 1), "2021/8/1": date(2021, 8, 1), "2021年8月1日": date(2021, 8, 1), "20210801": date(2021, 8, 1),
    "２０２１－０８－０１": date(2021, 8, 1), "2021年08月01日": date(2021, 8, 1), "2021-8-1 00:00:00": date(2021, 8, 1), " 2021-08-01\u200b": date(2021, 8, 1),
    "2020-02-29": date(2020, 2, 29), "2021.2.30": REPORTED, "9月31日": REPORTED, "2021-02-29": REPORTED, "2021-13-01": REPORTED, "20210631": REPORTED, "2021-00-10": REPORTED,
    "1/8/2021": REPORTED, "08-01-2021": REPORTED, "21.8.1": REPORTED, "去年3月": REPORTED, "明天": REPORTED, "０": REPORTED, "-1": REPORTED, "2958466": REPORTED, "99999999": REPORTED,
    "٢٠٢١-٠٨-٠١": REPORTED, "2021-08-32": REPORTED, "20218": REPORTED, "2O21-08-01": REPORTED, "2021-08-01至": REPORTED, "8月1日": REPORTED, "3021-08-01": REPORTED,
    "0021-08-01": REPORTED, "": BLANK,
}  # fmt: skip
ONE = idno("14092619850312001")
WITH_X = next(one for n in range(100) if (one := idno(f"140926198503{n // 10 + 10}{n % 10:03}")).endswith("X"))
ASIDE = dict(zip("0123456789X", "０１２３４５６７８９Ｘ", strict=True))
IDS = {
    ONE: ONE, f" {ONE} ": ONE, f"{ONE[:6]} {ONE[6:14]} {ONE[14:]}": ONE, "".join(ASIDE[c] for c in ONE): ONE, f"\u200b{ONE}\ufeff": ONE, f"'{ONE}": ONE, f"‘{ONE}": ONE,
    f'="{ONE}"': ONE, f"\t{ONE}": ONE, f"\u202d{ONE}\u202c": ONE, f"{ONE[:6]}\u00a0{ONE[6:]}": ONE, f"{ONE}11": ONE, f"{ONE}11B1": ONE,
    WITH_X: WITH_X, WITH_X.lower(): WITH_X, WITH_X[:-1] + "Ｘ": WITH_X, WITH_X[:-1] + "ｘ": WITH_X,
    WITH_X[:-1] + "×": REPORTED, WITH_X[:-1] + "*": REPORTED, WITH_X[:-1] + "叉": REPORTED, WITH_X[:-1] + "Х": REPORTED, WITH_X[:-1] + "Χ": REPORTED,
    ONE[:-1] + ("1" if ONE[-1] != "1" else "2"): REPORTED, ONE[:-1]: REPORTED, ONE + "0": REPORTED, ONE[:10] + "O" + ONE[11:]: REPORTED, ONE[:6] + "19851332" + ONE[14:]: REPORTED,
    "".join(chr(0x660 + int(c)) if c.isdigit() else c for c in ONE): REPORTED, "".join(chr(0x966 + int(c)) if c.isdigit() else c for c in ONE): REPORTED,
    "".join(chr(0x1D7CE + int(c)) if c.isdigit() else c for c in ONE): REPORTED, "".join("⓪①②③④⑤⑥⑦⑧⑨"[int(c)] if c.isdigit() else c for c in ONE): REPORTED,
    "1.40926198503E+17": REPORTED, "140926850312001": REPORTED, "-" + ONE: REPORTED, "000000000000000000": REPORTED, "111111111111111111": REPORTED, f"{ONE},{ONE}": REPORTED,
    f"{ONE[:6]}****{ONE[10:]}": REPORTED, "身份证待补": REPORTED, "": BLANK, "无": BLANK, ONE[:17] + "\U000e0031" + ONE[17:]: (ONE, REPORTED),
}  # fmt: skip
RAW = {
    "800": 80000, "800.5": 80050, "8E2": 80000, "8.0E+2": 80000, "800.00000000000011": 80000, "799.99999999999989": 80000, "0.1": 10, "1234567.89": 123456789,
    "-800": REPORTED, "NaN": REPORTED, "INF": REPORTED, "1E400": REPORTED, "800.005": REPORTED, "0x320": REPORTED, "1,500": (150000, REPORTED), "abc": REPORTED, "": BLANK,
}  # fmt: skip


def _csv(folder, table):
    path = folder / "花名册.csv"
    quoted = (",".join(f'"{(v or "").replace(chr(34), chr(34) * 2)}"' for v in row) for row in table)
    path.write_text("\r\n".join(quoted) + "\r\n", encoding="utf-8")
    return str(path)


def _xlsx(folder, table):
    path = folder / "花名册.xlsx"
    path.write_bytes(x.workbook(table))
    return str(path)


def _table(written, column):
    """A person for each way to write the cells of one column."""
    people = [list(row) for row in crowd(len(written))[0]]
    for row, text in zip(people, written, strict=True):
        row[column] = text
    return [HEADER, *people]


def _answers(path, field, count):
    """By person: the value read, or REPORTED."""
    roster = read([path])
    assert roster.rows["行号"].to_list() == list(range(2, count + 2))
    bad = set(roster.problems.filter(roster.problems["字段"] == field)["_row"])
    values = roster.rows[field].to_list() if field in roster.rows.columns else [None] * count
    assert not [n for n in bad if values[n] is not None], "a cell that was reported has a value too"
    return [REPORTED if n in bad else value for n, value in enumerate(values)]


def _wrong(table, got):
    """What was read as something else; a tuple is a choice of answers."""
    pairs = zip(table.items(), got, strict=True)
    return {
        written: value
        for (written, wanted), value in pairs
        if value not in (wanted if isinstance(wanted, tuple) else (wanted,))
    }


TABLES = {"金额": (AMOUNTS, 6, "申请金额"), "日期": (DATES, 5, "申请日期"), "身份证号": (IDS, 2, "身份证号")}


@pytest.mark.parametrize("write", [_csv, _xlsx])
@pytest.mark.parametrize("name", TABLES)
def test_each_way_to_write_a_value_is_read_exactly_or_reported(name, write, tmp_path):
    table, column, field = TABLES[name]
    got = _answers(write(tmp_path, _table(table, column)), field, len(table))
    assert _wrong(table, got) == {}


def test_each_raw_number_of_a_workbook_is_read_exactly_or_reported(tmp_path):
    cells = [x.Raw(f'<c r="G{n}"><v>{v}</v></c>') for n, v in enumerate(RAW, 2)]
    got = _answers(_xlsx(tmp_path, _table(cells, 6)), "申请金额", len(RAW))
    assert _wrong(RAW, got) == {}


FORMATS = (
    "yyyy-mm-dd", "yyyy/m/d", 'yyyy"年"m"月"d"日"', "m/d/yyyy", "d-mmm-yy", "mmm-yy", "yyyy.mm.dd", "[$-804]yyyy年m月d日", "[DBNum1]yyyy年m月d日", "yyyy-mm-dd hh:mm:ss",
    "yyyy\\-mm\\-dd;@", "[$-F800]dddd, mmmm dd, yyyy", "e-m-d", "yy/mm/dd",
)  # fmt: skip
BUILT_IN = (14, 15, 16, 17, 22)
CHINESE_BUILT_IN = (27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58)
MONEY = (
    '"￥"#,##0.00',
    "#,##0.00_ ",
    "0.00元",
    '#,##0"元"',
    "[Red]0.00",
    "¥#,##0.00;[Red]¥-#,##0.00",
    "General",
    "@",
    "[DBNum2]0元",
)


def _dated(tmp_path, serials, *, style=None, since_1904=False):
    """A workbook of serial numbers in the date column, each in the style of its place."""
    cells = [x.number(f"F{n}", serial, n - 1) for n, serial in enumerate(serials, 2)]
    book = x.parts({"花名册": x.sheet(x.data(_table(cells, 5)))}, style=style)
    if since_1904:
        book[x.BOOK] = book[x.BOOK].replace(b"<sheets>", b'<workbookPr date1904="1"/><sheets>')
    path = tmp_path / "花名册.xlsx"
    path.write_bytes(x.zipped(book))
    return _answers(str(path), "申请日期", len(serials))


@pytest.mark.parametrize("since_1904", [False, True])
def test_serial_dates_are_right_to_the_day_in_every_format(since_1904, tmp_path):
    first = 44409 - 1462 * since_1904  # 2021-08-01
    style = x.styles(FORMATS, BUILT_IN)
    got = _dated(tmp_path, [first + n for n in range(len(FORMATS) + len(BUILT_IN))], style=style, since_1904=since_1904)
    wrong = {(*FORMATS, *BUILT_IN)[n]: day for n, day in enumerate(got) if day != date(2021, 8, 1 + n)}
    assert not {k: v for k, v in wrong.items() if v is not REPORTED} | {k: v for k, v in wrong.items() if k in FORMATS[:3]}


def test_serial_dates_in_chinese_built_in_formats_are_days_or_reported(tmp_path):
    got = _dated(tmp_path, [44409 + n for n in range(len(CHINESE_BUILT_IN))], style=x.styles((), CHINESE_BUILT_IN))
    assert {CHINESE_BUILT_IN[n]: day for n, day in enumerate(got) if day not in (date(2021, 8, 1 + n), REPORTED)} == {}


@pytest.mark.parametrize("since_1904", [False, True])
def test_serial_numbers_that_are_no_day_are_reported(since_1904, tmp_path):
    serials = [-1, 2958466, 99999999, "1E300", "1E9", *([] if since_1904 else [0, 60])]
    got = _dated(tmp_path, serials, style=x.styles(["yyyy-mm-dd"] * len(serials)), since_1904=since_1904)
    assert {s: day for s, day in zip(serials, got, strict=True) if day != REPORTED} == {}


def test_money_formats_leave_numbers_what_they_are(tmp_path):
    cells = [x.number(f"G{n}", 700 + n, n - 1) for n in range(2, 2 + len(MONEY))]
    got = _answers(_xlsx_styled(tmp_path, cells), "申请金额", len(MONEY))
    assert got == [(700 + n) * 100 for n in range(2, 2 + len(MONEY))]


def _xlsx_styled(folder, cells):
    path = folder / "花名册.xlsx"
    path.write_bytes(x.workbook(_table(cells, 6), style=x.styles(MONEY)))
    return str(path)


def test_a_sum_in_a_date_format_is_not_paid_as_a_number_that_it_is_not(tmp_path):
    path = tmp_path / "花名册.xlsx"
    path.write_bytes(x.workbook([HEADER, [*person(0)[:6], x.number("G2", 800, 1)]], style=x.styles(["yyyy-mm-dd"])))
    assert _answers(str(path), "申请金额", 1)[0] in (80000, REPORTED)
