"""CSV: encodings, ends of lines, quotes, separators, ragged rows, tricks to keep digits."""

import codecs

from tests.hostile.case import Case, Row, either, reads, refused
from tests.hostile.damage import noise
from tests.hostile.people import FIVE, HEADER, IDS, PEOPLE, TABLE, but, crowd, person, rows

NEVER = ("95.00",)
RARE = ("𠮷田甲", "王䶮", "㛃示例", "买买提·艾力", "欧阳示例", "丙示例", "丁示例", "戊示例", "己示例")


def _lines(table=TABLE, separator=",", end="\r\n"):
    return "".join(separator.join(v or "" for v in row) + end for row in table)


def _case(group, name, content, expect, *, file="花名册.csv", **more):
    """``content``: bytes, or text to be written in UTF-8."""
    data = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
    return Case(name, group, file, lambda _: data, expect, **more)


def _rare():
    return (
        HEADER,
        *(
            person(n, name=name, id_=one)
            for n, (name, one) in enumerate(zip(RARE, [row[2] for row in crowd(9)[0]], strict=True))
        ),
    )


NINE = tuple(Row(n + 2, name, row.id, row.amount) for n, (name, row) in enumerate(zip(RARE, crowd(9)[1], strict=True)))
# In Big5 these are 姓名 and the like; read as GBK they are other characters, all of them legal.
TRADITIONAL = _lines(
    [
        ("序號", "姓名", "身份證號", "人員類別", "務工省", "申請日期", "申請金額"),
        *((*p[:3], "脫貧戶", "廣東省", *p[5:]) for p in PEOPLE),
    ]
)
_LONG = tuple(person(n, id_=row[2]) for n, row in enumerate(crowd(4000)[0]))
_APPENDED = _lines(TABLE[:5]).encode() + _lines(TABLE[5:]).encode("gbk")
_APPENDED_LATE = _lines((HEADER, *_LONG)).encode() + _lines([person(0, name="己示例")]).encode("gbk")
_GBK_THEN_UTF8 = _lines(TABLE[:5]).encode("gbk") + _lines([person(4, name="戊示例戊")]).encode()

_ENCODINGS = [
    _case("GBK", "GBK", _lines().encode("gbk"), reads(FIVE, says=("gb18030",))),
    _case(
        "GB18030 with 4-byte characters",
        "GB18030 with characters of four bytes",
        _lines(_rare()).encode("gb18030"),
        reads(NINE, says=("gb18030",)),
    ),
    _case("UTF-8 no BOM", "UTF-8 without a mark", _lines(_rare()), reads(NINE)),
    _case("UTF-8 BOM", "UTF-8 with a mark", _lines(_rare()).encode("utf-8-sig"), reads(NINE)),
    _case(
        "UTF-16 BOM",
        "UTF-16 with a mark, little end first",
        codecs.BOM_UTF16_LE + _lines(_rare()).encode("utf-16-le"),
        reads(NINE),
    ),
    _case(
        "UTF-16 BOM",
        "UTF-16 with a mark, big end first",
        codecs.BOM_UTF16_BE + _lines(_rare()).encode("utf-16-be"),
        reads(NINE),
    ),
    _case("UTF-16LE no BOM", "UTF-16 without a mark, little end first", _lines(_rare()).encode("utf-16-le"), either(NINE)),
    _case("UTF-16LE no BOM", "UTF-16 without a mark, big end first", _lines(_rare()).encode("utf-16-be"), either(NINE)),
    _case("UTF-16 BOM", "UTF-16 cut in a character", (codecs.BOM_UTF16_LE + _lines().encode("utf-16-le"))[:-5], either(FIVE)),
    _case("UTF-32", "UTF-32 with a mark", _lines(_rare()).encode("utf-32"), either(NINE)),
    _case("UTF-32", "UTF-32 without a mark", _lines(_rare()).encode("utf-32-le"), either(NINE)),
    _case("Big5", "Big5", TRADITIONAL.encode("big5"), either(FIVE)),
    _case(
        "Big5",
        "Big5 that is asked for",
        TRADITIONAL.encode("big5"),
        reads(tuple(r._replace(id=None, amount=None) for r in FIVE)),
        options=("--encoding", "big5"),
    ),
    _case(
        "Big5",
        "names in Big5 under a header of ASCII",
        (
            "SFZH,NO,NAME\r\n"
            + "".join(
                f"{one},{n},{name}\r\n"
                for n, (one, name) in enumerate(zip(IDS, ("陳小明", "林志玲", "黃曉華", "張學友", "劉德華"), strict=True))
            )
        ).encode("big5"),
        either(None, never=("趙", "ч", "朝")),
    ),
    _case("Big5", "Shift JIS", _lines([("番号", "姓名", "身分証明書"), ("1", "田中", IDS[0])]).encode("shift_jis"), refused()),
    _case("two BOMs", "two marks of UTF-8", codecs.BOM_UTF8 * 2 + _lines().encode(), reads(FIVE)),
    _case(
        "two BOMs",
        "a mark in the middle",
        _lines(TABLE[:3]).encode() + codecs.BOM_UTF8 + _lines(TABLE[3:]).encode(),
        either(FIVE),
    ),
    _case("UTF-8 file with GBK lines appended", "a line of GBK after lines of UTF-8", _APPENDED, refused("第 6 行")),
    _case(
        "UTF-8 file with GBK lines appended",
        "a line of GBK after four thousand lines of UTF-8",
        _APPENDED_LATE,
        refused("第 4002 行"),
    ),
    _case(
        "UTF-8 file with GBK lines appended", "a line of UTF-8 after lines of GBK", _GBK_THEN_UTF8, refused("第 6 行", "编码")
    ),
    _case(
        "GBK cut in a character",
        "GBK cut in the middle of the last character",
        _lines(TABLE[:5]).encode("gbk") + "5,戊示例".encode("gbk")[:-1],
        either(rows(count=4), "编码", "第 6 行"),
    ),
    _case(
        "GBK cut in a character",
        "UTF-8 cut in the middle of the last character",
        _lines(TABLE[:5]).encode() + "5,戊示例".encode()[:-1],
        either(rows(count=4), "编码", "第 6 行"),
    ),
    _case(
        "GBK bytes that are also valid UTF-8",
        "GBK that is asked for although it is UTF-8",
        _lines().encode(),
        refused(),
        options=("--encoding", "gbk"),
    ),
    _case(
        "GBK bytes that are also valid UTF-8",
        "an encoding that does not exist",
        _lines().encode(),
        refused("编码"),
        options=("--encoding", "klingon"),
    ),
    _case(
        "GBK bytes that are also valid UTF-8",
        "an encoding that is none of text",
        _lines().encode(),
        refused("编码"),
        options=("--encoding", "zip_codec"),
    ),
    _case(
        "GBK bytes that are also valid UTF-8",
        "latin letters with accents in Windows-1252",
        "Name,Id\r\nJos\xe9,1\r\n".encode("cp1252"),
        refused(),
    ),
]
_QUOTED = _lines([HEADER, (*person(0)[:1], '"甲示例\n"', *person(0)[2:]), PEOPLE[1]], end="\n")
_LONE = _lines(TABLE).replace("3,丙示例", '3,"丙示例')
_ENDS = [
    _case(
        "CR, LF, CRLF mixed",
        "three kinds of line ends",
        "".join(
            line + end
            for line, end in zip(_lines(end="\n").splitlines(), ("\r\n", "\n", "\r", "\r", "\n", "\r\n"), strict=True)
        ),
        either(FIVE),
    ),
    _case(
        "CR, LF, CRLF mixed",
        "carriage returns after a header that ends with a line feed",
        _lines(TABLE[:1], end="\n") + _lines(TABLE[1:], end="\r"),
        either(FIVE),
    ),
    _case("CR only", "carriage returns only", _lines(end="\r"), either(FIVE)),
    _case("CR only", "two carriage returns and a line feed", _lines(end="\r\r\n"), either(None, never=NEVER)),
    _case("CR only", "no end of the last line", _lines()[:-2], reads(FIVE)),
    _case("CR only", "line separators of Unicode", _lines(end="\u2028"), either(FIVE)),
    _case(
        "CR only",
        "vertical tabs and form feeds",
        _lines().replace("甲示例", "甲\x0b示\x0c例"),
        either((FIVE[0]._replace(name=None), *FIVE[1:])),
    ),
    _case("lone quote swallows the rest", "a lone quote before a name", _LONE, either(FIVE, "第 4 行")),
    _case(
        "lone quote swallows the rest",
        "a lone quote before the last name",
        _lines().replace("5,戊示例", '5,"戊示例'),
        either(FIVE, "第 6 行"),
    ),
    _case(
        "lone quote swallows the rest",
        "a lone quote in four thousand lines",
        _lines((HEADER, *_LONG)).replace("2001,甲示例", '2001,"甲示例'),
        either(crowd(4000)[1], "第 2002 行"),
    ),
    _case(
        "lone quote swallows the rest",
        "two lone quotes that hide a line between them",
        _lines().replace("2,乙示例", '2,"乙示例').replace("4,丁示例", '4,丁示例"'),
        either(FIVE, "第 3 行"),
    ),
    _case(
        "bare quote inside a field",
        "a quote inside a name",
        _lines().replace("丙示例", '丙"示例'),
        either((*FIVE[:2], FIVE[2]._replace(name='丙"示例'), *FIVE[3:]), "第 4 行"),
    ),
    _case(
        "bare quote inside a field",
        "a quote after a quoted name",
        _lines().replace("丙示例", '"丙"示例'),
        either((*FIVE[:2], FIVE[2]._replace(name=None), *FIVE[3:]), "第 4 行"),
    ),
    _case(
        "bare quote inside a field",
        "two bare quotes inside a name",
        _lines().replace("丙示例", '丙"示"例'),
        either((*FIVE[:2], FIVE[2]._replace(name='丙"示"例'), *FIVE[3:]), "第 4 行"),
    ),
    _case(
        "bare quote inside a field",
        "quotes doubled within quotes",
        _lines().replace("丙示例", '"丙""示""例"'),
        reads((*FIVE[:2], FIVE[2]._replace(name='丙"示"例'), *FIVE[3:])),
    ),
    _case("newline in quoted field", "a line end within a quoted name", _QUOTED, reads((FIVE[0], FIVE[1]))),
    _case(
        "newline in quoted field",
        "line ends within quoted remarks",
        _lines([(*HEADER, "备注"), *((*p, '"一\r\n二,三\n四"') for p in PEOPLE)]),
        reads(FIVE),
    ),
    _case(
        "NUL byte",
        "a NUL in a name",
        _lines().replace("丙示例", "丙\0示例"),
        either(but({4: None}, (*FIVE[:2], FIVE[2]._replace(name=None), *FIVE[3:])), "第 4 行", "空字节"),
    ),
    _case("NUL byte", "a megabyte of NULs at the end", _lines().encode() + bytes(1 << 20), either(FIVE)),
    _case(
        "NUL byte",
        "a NUL after four thousand lines",
        _lines((HEADER, *_LONG)).replace("2001,甲示例", "2001,甲\0示例"),
        either(None, "第 2002 行", "空字节"),
    ),
]
_SHIFTED = "1,甲示例,{},脱贫户,广东省,2021-08-01,1,500\r\n"
_RAGGED = [
    _case("ragged rows", "a row with a field too many", _lines().replace("3,丙示例", "3,丙,示例"), refused("第 4 行")),
    _case(
        "ragged rows",
        "a row with a field too few",
        _lines().replace(",脱贫户,广东省,2021-08-01,703", ",广东省,2021-08-01,703"),
        either((*FIVE[:2], FIVE[2]._replace(amount=""), *FIVE[3:]), "第 4 行"),
    ),
    _case(
        "ragged rows",
        "a row cut after the ID",
        _lines().replace("140014,脱贫户,广东省,2021-08-01,703", "140014"),
        either((*FIVE[:2], FIVE[2]._replace(amount=""), *FIVE[3:]), "第 4 行"),
    ),
    _case("ragged rows", "blank fields too many in every row", _lines([(*row, "", "") for row in TABLE]), reads(FIVE)),
    _case("ragged rows", "blank fields too many in one row", _lines().replace(",703\r", ",703,,\r"), either(FIVE, "第 4 行")),
    _case(
        "ragged rows",
        "a title and a signature with fewer fields",
        "双路镇2021年花名册\r\n" + _lines() + "填表人：赵六\r\n",
        reads(rows(3)),
    ),
    _case(
        "ragged rows",
        "a field too many after four thousand lines",
        _lines((HEADER, *_LONG, ("4001", "甲", *PEOPLE[0][1:]))),
        refused("第 4002 行"),
    ),
    _case(
        "unquoted thousands comma shifts bank card",
        "a comma in an amount at the end",
        _lines(TABLE[:1]) + _SHIFTED.format(IDS[0]),
        refused("第 2 行"),
    ),
    _case(
        "unquoted thousands comma shifts bank card",
        "a comma in an amount before a bank card",
        _lines([(*HEADER, "银行账号"), ("1", "甲示例", IDS[0], "脱贫户", "广东省", "2021-08-01", "1,500", "6217001234567890")]),
        refused("第 2 行"),
    ),
    _case(
        "unquoted thousands comma shifts bank card",
        "a comma in an amount where the last column is blank",
        _lines(
            [
                (*HEADER, "银行账号", "备注"),
                *((*p, "6217001234567890", "") for p in PEOPLE[:4]),
                (*PEOPLE[4][:6], "1,500", "6217001234567890"),
            ]
        ),
        reads((*FIVE[:4], FIVE[4]._replace(amount=None)), cells=("H6",)),
    ),
]
_LATE = (*[row for row in _LONG if row[2][-1] != "X"][:310], *[row for row in _LONG if row[2][-1] == "X"][:3])
LATE = tuple(Row(n, row[1], row[2], f"{row[6]}.00") for n, row in enumerate(_LATE, 2))
_SEPARATED = [
    _case("semicolon", "semicolons", _lines(separator=";"), either(FIVE)),
    _case("tab", "tabs", _lines(separator="\t"), either(FIVE)),
    _case(
        "tab",
        "tabs and commas within names",
        _lines(separator="\t").replace("丙示例", "丙,示例"),
        either((*FIVE[:2], FIVE[2]._replace(name="丙,示例"), *FIVE[3:])),
    ),
    _case("semicolon", "vertical bars", _lines(separator="|"), either(FIVE)),
    _case(
        "sep= line",
        "a line sep=; first",
        "sep=;\r\n" + _lines(separator=";"),
        reads(FIVE),
    ),
    _case("sep= line", "a line sep=, first", "sep=,\r\n" + _lines(), reads(FIVE)),
    _case(
        "sep= line",
        "a line sep=| first",
        "sep=|\r\n" + _lines(separator="|"),
        either(FIVE),
    ),
    _case("sep= line", "a line sep= with a letter", "sep=1\r\n" + _lines(), either(tuple(r._replace(line=None) for r in FIVE))),
    _case("full-width commas", "full-width commas", _lines(separator="，"), refused("，")),
    _case(
        "full-width commas",
        "full-width commas in one row only",
        _lines().replace(",703", "，703"),
        either((*FIVE[:2], FIVE[2]._replace(amount=""), *FIVE[3:]), "第 4 行"),
    ),
    _case(
        '="id", TAB+id, \'id tricks',
        "IDs with formulas, tabs and apostrophes around them",
        _lines(
            [
                HEADER,
                person(0, id_=f'"=""{IDS[0]}"""'),
                person(1, id_=f'"\t{IDS[1]}"'),
                person(2, id_=f"'{IDS[2]}"),
                person(3, id_=f"‘{IDS[3]}"),
                person(4, id_=f" {IDS[4]} "),
            ]
        ),
        reads(FIVE),
    ),
    _case(
        '="id", TAB+id, \'id tricks',
        "IDs with formulas that are not quoted",
        _lines([HEADER, *(person(n, id_=f'="{IDS[n]}"') for n in range(5))]),
        either(FIVE, "第 2 行"),
    ),
    _case(
        "ID saved by Excel as 9.99999E+17",
        "IDs that Excel has saved as numbers",
        _lines(
            [
                HEADER,
                person(0, id_="1.40926E+17"),
                person(1, id_="1.40926198503E+17"),
                person(2, id_="140926198503140000"),
                person(3, id_="1.40926e+017"),
                PEOPLE[4],
            ]
        ),
        reads((*(r._replace(id=None, amount="") for r in FIVE[:4]), FIVE[4]), cells=("C2", "C3", "C5")),
    ),
    _case("X only after 300 rows", "an X in an ID only after 300 rows of digits", _lines((HEADER, *_LATE)), reads(LATE)),
]
_EMPTY = [
    _case("BOM only", "a mark and nothing else", codecs.BOM_UTF8, refused("空")),
    _case("BOM only", "a mark of UTF-16 and nothing else", codecs.BOM_UTF16_LE, refused("空")),
    _case("empty", "an empty CSV", b"", refused("空")),
    _case("blank lines only", "blank lines", b"\r\n \r\n\t\r\n", refused("空")),
    _case("blank lines only", "lines of commas", b",,,,\r\n" * 50, refused()),
    _case("blank lines only", "blanks of Unicode", "\u3000\u00a0\r\n\u200b\r\n", refused()),
    _case("headers only", "a CSV of a header", _lines(TABLE[:1]), refused("没有一行数据", "0 人")),
]
_SIZES = [
    _case(
        "9 MB line",
        "a name of nine megabytes",
        _lines().replace("丙示例", "丙" * 3_000_000),
        either((*FIVE[:2], FIVE[2]._replace(name=None), *FIVE[3:])),
    ),
    _case(
        "9 MB line",
        "a remark of nine megabytes",
        _lines([(*HEADER, "备注"), (*PEOPLE[0], "长" * 3_000_000), *((*p, "") for p in PEOPLE[1:])]),
        either(FIVE),
    ),
    _case("9 MB line", "ten megabytes without a line end", b"x" * 10_000_000, refused()),
    _case("9 MB line", "a quoted field of ten megabytes", b'"' + b"x\n" * 5_000_000 + b'"', refused()),
    _case(
        "100,000 columns",
        "a hundred thousand columns",
        _lines([[f"列{n}" for n in range(100_000)], *([["1"] * 100_000] * 3)]),
        refused("列"),
    ),
    _case(
        "100,000 columns",
        "a million commas in one row",
        _lines(TABLE[:3]) + "," * 1_000_000 + "\r\n" + _lines(TABLE[3:]),
        either(None, "列", "第 4 行"),
    ),
    _case(
        "100,000 columns",
        "nine hundred columns",
        _lines([(*row, *[f"x{n}"] * 893) for n, row in enumerate(TABLE)]),
        either(FIVE),
    ),
    _case(
        "1,000,000 blank lines",
        "a million blank lines between people",
        _lines(TABLE[:3]) + "\r\n" * 1_000_000 + _lines(TABLE[3:]),
        either((*FIVE[:2], *(r._replace(line=r.line + 1_000_000) for r in FIVE[2:]))),
    ),
    _case("1,000,000 blank lines", "half a million lines of one quote", b'"\r\n' * 500_000, refused()),
    _case("random bytes", "random bytes after a header", _lines(TABLE[:1]).encode() + noise(9, 50_000), refused()),
]
CASES = [*_ENCODINGS, *_ENDS, *_RAGGED, *_SEPARATED, *_EMPTY, *_SIZES]
