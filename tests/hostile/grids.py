"""Sheets whose size or shape is a lie: stray cells, lying dimensions, amplification, addresses that wrap."""

from tests.hostile import sheets as x
from tests.hostile.case import Case, Row, either, reads, refused
from tests.hostile.people import FIVE, HEADER, IDS, NAMES, PEOPLE, TABLE, crowd, person

LAST = 1_048_576
CROWD = crowd(5000)


def _case(group, name, make, expect):
    return Case(name, group, "花名册.xlsx", lambda _: make(), expect)


def _then(*more):
    """The base table and more rows as XML."""
    return x.zipped(x.parts({"花名册": x.sheet(x.data() + "".join(more))}))


def _amplified(times, size, column):
    """One long string that ``times`` cells refer to."""
    one = f'<c r="{column}%d" t="s"><v>0</v></c>'
    filled = "".join(
        f'<row r="{n + 7}">{"".join(x.cell(f"{x.letters(c)}{n + 7}", v) for c, v in enumerate(person(n)))}{one % (n + 7)}</row>'
        for n in range(times)
    )
    package = x.parts(
        {
            "花名册": x.sheet(
                x.data((*TABLE[:1],)).replace("</row>", x.cell("H1", "备注") + "</row>") + x.data(PEOPLE, 2) + filled
            )
        }
    )
    package[x.STRINGS] = x.shared(["长" * size]).encode()
    return x.zipped(package)


def _amplified_bare(times, size):
    cells = "".join(f'<row r="{n + 7}"><c r="B{n + 7}" t="s"><v>0</v></c></row>' for n in range(times))
    package = x.parts({"花名册": x.sheet(x.data() + cells)})
    package[x.STRINGS] = x.shared(["长" * size]).encode()
    return x.zipped(package)


def _lying_strings(counts):
    return x.zipped(x.with_shared(counts=counts))


def _dimension(ref):
    return x.zipped(x.parts({"花名册": x.sheet(before=f'<dimension ref="{ref}"/>')}))


def _wide_dimension():
    header = (*HEADER, *(f"附{n}" for n in range(5)))
    table = [(*one, *(None,) * 4, f"注{n}") for n, one in enumerate(PEOPLE)]
    return x.zipped(x.parts({"花名册": x.sheet(x.data((header, *table)), before='<dimension ref="A1:G3"/>')}))


def _strays(column, count):
    table = [x.row(n + 2, CROWD[0][n]).replace("</row>", f'<c r="{column}{n + 2}"><v>1</v></c></row>') for n in range(count)]
    return x.zipped(x.parts({"花名册": x.sheet(x.data(TABLE[:1]) + "".join(table))}))


def _spread(count):
    """Cells on a diagonal across the whole grid."""
    step_down, step_right = LAST // count, 16_384 // count
    return _then(
        *(
            f'<row r="{n * step_down}"><c r="{x.letters(n * step_right)}{n * step_down}"><v>1</v></c></row>'
            for n in range(1, count)
        )
    )


def _blank_rows(cells, last=LAST):
    lines = range(7, last)
    blank = "".join(f'<row r="{n}" s="1" customFormat="1" ht="20">{cells.format(n=n)}</row>' for n in lines)
    return x.zipped(x.parts({"花名册": x.sheet(x.data() + blank)}))


def _blank_cells(count):
    return _then(
        *(
            f'<row r="{n}">{"".join(f"<c r={chr(34)}{c}{n}{chr(34)} s={chr(34)}0{chr(34)}/>" for c in "ABCDEFG")}</row>'
            for n in range(7, 7 + count)
        )
    )


def _columns(count):
    header = "".join(x.cell(f"{x.letters(c)}1", HEADER[c] if c < 7 else f"列{c}") for c in range(count))
    return x.zipped(x.parts({"花名册": x.sheet(f'<row r="1">{header}</row>' + x.data(PEOPLE, 2))}))


def _renumbered(old, new):
    """A cell, or a row, at an address that does not exist."""
    return x.with_part(x.SHEET, lambda t: t.replace(old, new))


def _merges(ranges):
    found = "".join(f'<mergeCell ref="{r}"/>' for r in ranges)
    return x.zipped(x.parts({"花名册": x.sheet(after=f"<mergeCells>{found}</mergeCells>")}))


def _many_sheets(count, all_filled):
    content = {
        f"组{n}": x.sheet(x.data(TABLE if n == 1 else (HEADER, CROWD[0][n]) if all_filled else ())) for n in range(1, count + 1)
    }
    return x.zipped(x.parts(content))


def _remark(size):
    return x.workbook(((*HEADER, "备注"), (*person(0), "长" * size), *PEOPLE[1:]))


def _name(size):
    return x.workbook((HEADER, person(0, name="长" * size), *PEOPLE[1:]))


def _hidden_rows(count):
    return _then(*(f'<row r="{n}" hidden="1"/>' for n in range(7, 7 + count)))


MANY = (*FIVE, *(row._replace(line=2) for row in CROWD[1][2:2001]))
_LONG = (Row(2, "长" * 32_767, IDS[0], "701.00"), *FIVE[1:])
_AMPLIFIED = [
    _case(
        "amplification: 1 string x 60,000 refs = 5.9 GB",
        "a string of 33,000 characters in 60,000 rows of one column",
        lambda: _amplified_bare(60_000, 33_000),
        refused(),
    ),
    _case(
        "amplification: 1 string x 60,000 refs = 5.9 GB",
        "a remark of 33,000 characters beside each of 60,000 people",
        lambda: _amplified(60_000, 33_000, "H"),
        refused(),
    ),
    _case(
        "amplification: 1 string x 60,000 refs = 5.9 GB",
        "a string of two megabytes in three thousand rows",
        lambda: _amplified_bare(3000, 700_000),
        refused(),
    ),
    _case(
        "count lie",
        "shared strings said to be four billion",
        lambda: _lying_strings('count="4294967295" uniqueCount="4294967295"'),
        either(FIVE),
    ),
    _case(
        "count lie", "shared strings said to be minus one", lambda: _lying_strings('count="-1" uniqueCount="-1"'), either(FIVE)
    ),
    _case(
        "count lie",
        "shared strings said to be 2^63",
        lambda: _lying_strings('count="9223372036854775808" uniqueCount="9223372036854775808"'),
        either(FIVE),
    ),
    _case("dimension lie", "a dimension of the whole grid", lambda: _dimension("A1:XFD1048576"), reads(FIVE)),
    _case("dimension lie", "a dimension of one cell", lambda: _dimension("A1"), reads(FIVE)),
    _case("dimension lie", "a dimension beyond the grid", lambda: _dimension("A1:ZZZZZ99999999999"), either(FIVE)),
    _case("dimension lie", "a dimension turned round", lambda: _dimension("G6:A1"), either(FIVE)),
    _case("dimension lie", "a dimension that is no range", lambda: _dimension("名单"), either(FIVE)),
    _case("dimension lie", "a dimension narrower than twelve columns", _wide_dimension, reads(FIVE)),
]
_STRAY = [
    _case(
        "sparse->dense 17.2e9 cells",
        "a cell in the last corner of the grid",
        lambda: _then(f'<row r="{LAST}"><c r="XFD{LAST}"><v>1</v></c></row>'),
        refused(),
    ),
    _case("sparse->dense 17.2e9 cells", "a thousand cells across the whole grid", lambda: _spread(1000), refused()),
    _case(
        "sparse->dense 17.2e9 cells",
        "a cell at AAZ900000",
        lambda: _then('<row r="900000"><c r="AAZ900000"><v>1</v></c></row>'),
        refused(),
    ),
    _case(
        "sparse->dense 17.2e9 cells",
        "a cell at ZZ500000",
        lambda: _then('<row r="500000"><c r="ZZ500000"><v>1</v></c></row>'),
        refused(),
    ),
    _case(
        "sparse->dense 17.2e9 cells",
        "a cell at AZ1048576",
        lambda: _then(f'<row r="{LAST}"><c r="AZ{LAST}"><v>1</v></c></row>'),
        either(FIVE),
    ),
    _case(
        "stray last-row cell",
        "a mark in column A of the last row",
        lambda: _then(f'<row r="{LAST}">{x.cell(f"A{LAST}", "x")}</row>'),
        reads(FIVE, says=("1048576",)),
    ),
    _case(
        "stray last-row cell",
        "a mark beside the table in the last row",
        lambda: _then(f'<row r="{LAST}">{x.cell(f"J{LAST}", "x")}</row>'),
        reads(FIVE, says=("1048576",)),
    ),
    _case(
        "stray last-row cell",
        "an amount in the last row",
        lambda: _then(f'<row r="{LAST}">{x.number(f"G{LAST}", 5)}</row>'),
        reads(FIVE, says=("G1048576",)),
    ),
    _case(
        "stray last-row cell",
        "a blank string in the last row",
        lambda: _then(f'<row r="{LAST}">{x.cell(f"B{LAST}", " ")}</row>'),
        reads(FIVE),
    ),
    _case(
        "stray last-column cell x 5,000 rows",
        "a mark in the last column of 5,000 rows",
        lambda: _strays("XFD", 5000),
        reads(CROWD[1], says=("XFD",)),
    ),
    _case(
        "stray last-column cell x 5,000 rows",
        "a mark in column XFD of one row",
        lambda: _then('<row r="7"><c r="XFD7"><v>1</v></c></row>'),
        reads(FIVE, says=("XFD",)),
    ),
    _case("16,384 columns", "a header of 16,384 columns", lambda: _columns(16_384), refused("列")),
    _case("16,384 columns", "a header of 800 columns", lambda: _columns(800), either(FIVE)),
    _case(
        "1,048,570 blank formatted rows",
        "two hundred thousand formatted rows without cells",
        lambda: _blank_rows("", 200_000),
        reads(FIVE),
    ),
    _case(
        "1,048,570 blank formatted rows",
        "a million formatted rows of one blank cell",
        lambda: _blank_rows('<c r="A{n}" s="0"/>'),
        reads(FIVE),
    ),
    _case(
        "1,048,570 blank formatted rows",
        "thirty thousand rows of seven blank cells",
        lambda: _blank_cells(30_000),
        reads(FIVE),
    ),
    _case("1,048,570 blank formatted rows", "two hundred thousand hidden rows", lambda: _hidden_rows(200_000), reads(FIVE)),
]
_ADDRESSES = (
    "A1048577",
    "XFE6",
    "A4294967297",
    "A0",
    "6",
    "G",
    "AAAAAAAA6",
    "A18446744073709551617",
    "A-1",
    "a6",
    "$A$6",
    "Ａ6",
    "A 6",
    "",
)
_OUTSIDE = [
    *(
        _case(
            "outside grid", f"a last cell at “{ref}”", lambda ref=ref: _renumbered('<c r="A6"', f'<c r="{ref}"'), either(FIVE)
        )
        for ref in _ADDRESSES
    ),
    *(
        _case(
            "outside grid",
            f"a second header cell at “{ref}” that says another name",
            lambda ref=ref, line=line: _then(f'<row r="{line}">{x.cell(ref, "95")}</row>'),
            either(FIVE, never=("95.00",)),
        )
        for ref, line in (("G4294967298", "4294967298"), ("G18446744073709551618", "18446744073709551618"), ("XFJ2", "7"))
    ),
    *(
        _case(
            "outside grid",
            f"a row numbered “{line}”",
            lambda line=line: _renumbered('<row r="6"', f'<row r="{line}"'),
            either(FIVE),
        )
        for line in ("4294967297", "0", "-1", "x", "6.5", "3")
    ),
]
_LONG_CELLS = [
    _case("longest legal cell", "a remark of 32,767 characters", lambda: _remark(32_767), reads(FIVE)),
    _case("longest legal cell", "a name of 32,767 characters", lambda: _name(32_767), either(_LONG)),
    _case("over-long cell", "a remark of 40,000 characters", lambda: _remark(40_000), either(FIVE)),
    _case("over-long cell", "a remark of ten million characters", lambda: _remark(10_000_000), either(FIVE)),
    _case(
        "over-long cell",
        "an amount of a million digits",
        lambda: x.with_part(x.SHEET, lambda t: t.replace(">705<", f">{'7' * 1_000_000}<")),
        either((*FIVE[:4], FIVE[4]._replace(amount=""))),
    ),
    _case(
        "over-long cell",
        "an ID of a million digits",
        lambda: x.with_part(x.SHEET, lambda t: t.replace(f">{IDS[4]}<", f">{'1' * 1_000_000}<")),
        either((*FIVE[:4], Row(6, NAMES[4], None, ""))),
    ),
    _case("2,000 sheets", "two thousand sheets of which one has people", lambda: _many_sheets(2000, False), either(FIVE)),
    _case("2,000 sheets", "two thousand sheets of a person each", lambda: _many_sheets(2000, True), either(MANY)),
    _case(
        "many merges",
        "fifty thousand merged ranges that overlap",
        lambda: _merges(f"B{n % 5 + 2}:B{n % 7 + 7}" for n in range(50_000)),
        either(FIVE),
    ),
    _case("many merges", "a merged range as large as the grid", lambda: _merges(["A1:XFD1048576"]), either(FIVE)),
    _case(
        "many merges",
        "fifty thousand merged ranges a million rows high",
        lambda: _merges(["D2:D1048576"] * 50_000),
        either(FIVE),
    ),
    _case(
        "many merges",
        "merged ranges that are none",
        lambda: _merges(["", "A", "A1:", "ZZZZ1:A0", "A1:B99999999999999999999"]),
        either(FIVE),
    ),
]
CASES = [*_AMPLIFIED, *_STRAY, *_OUTSIDE, *_LONG_CELLS]
