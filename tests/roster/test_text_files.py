"""Text tables, strictly: every row with its own cells under its own number, or a refusal that names the lines."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jybf.errors import InputError
from jybf.roster import read
from jybf.roster.delimited.encoding import as_utf8
from tests.roster.books import idno, text

ZHAO, QIAN, SUN = (idno(f"1402241990010{n}001") for n in (1, 2, 3))
HEADER = "序号,姓名,身份证号,金额,备注\n"
ROWS = (f"1,赵一,{ZHAO},800,无\n", f"2,钱二,{QIAN},500,无\n", f"3,孙三,{SUN},300,无\n")
WHOLE = HEADER + "".join(ROWS)
FILLER = [
    f"{n},李{n},{idno(f'1402241991{n // 28 % 12 + 1:02d}{n % 28 + 1:02d}{n % 1000:03d}')},800,无\n" for n in range(4, 304)
]


def refusal(path, **options):
    with pytest.raises(InputError) as refused:
        read([path], **options)
    return str(refused.value)


def people(path, **options):
    return read([path], **options).rows.select("行号", "姓名", "身份证号", "申请金额").rows()


EXPECTED = [(2, "赵一", ZHAO, 80000), (3, "钱二", QIAN, 50000), (4, "孙三", SUN, 30000)]


@pytest.mark.parametrize(
    "content",
    [
        WHOLE.encode(),
        WHOLE.encode("utf-8-sig"),
        b"\xef\xbb\xbf" + WHOLE.encode("utf-8-sig"),
        WHOLE.encode("gb18030"),
        WHOLE.encode("utf-16"),
        WHOLE.encode("utf-16-le"),
        WHOLE.encode("utf-16-be"),
        WHOLE.encode("utf-32"),
        WHOLE.replace(",", "\t").encode(),
        WHOLE.replace(",", ";").encode(),
        WHOLE.replace(",", "|").encode(),
        WHOLE.replace("\n", "\r\n").encode(),
        WHOLE.replace("\n", "\r").encode(),
        WHOLE.replace("\n", "\r\n", 1).replace("无\n", "无\r", 1).encode(),
        WHOLE.removesuffix("\n").encode(),
        WHOLE.replace("无", '"无"').encode(),
        WHOLE.replace("无", '"一,二"').encode(),
        WHOLE.replace("无", '"他说""好"""').encode(),
        WHOLE.replace(ZHAO, f'="{ZHAO}"').encode(),
        WHOLE.replace(ZHAO, f"\t{ZHAO}").encode(),
        WHOLE.replace(ZHAO, f"'{ZHAO}").encode(),
        WHOLE.replace(ZHAO, f'"=""{ZHAO}"""').encode(),
        WHOLE.replace("无", '甲"乙"').encode(),
    ],
)
def test_the_same_three_people_however_the_text_is_kept(tmp_path, content):
    assert people(text(tmp_path, content)) == EXPECTED


def test_a_stated_separator_is_taken_and_its_line_is_no_row_as_in_excel(tmp_path):
    assert people(text(tmp_path, "sep=:\n" + WHOLE.replace(",", ":"))) == EXPECTED
    assert "首行 sep= 是写给 Excel 的" in str(read([text(tmp_path, "sep=:\n" + WHOLE.replace(",", ":"))]).notices)
    lines = ["sep=,\n", HEADER, *ROWS, *FILLER]
    lines[200] = lines[200].replace(",800,", ",1,800,")
    assert "第 200 行有 6 列" in refusal(text(tmp_path, "".join(lines)))
    assert "文件是空的" in refusal(text(tmp_path, "sep=;\n"))


@pytest.mark.parametrize("separator", "\t;")
def test_a_title_with_commas_does_not_make_the_comma_the_separator(tmp_path, separator):
    assert len(people(text(tmp_path, "某镇,2021年,花名册\n" + WHOLE.replace(",", separator)))) == 3


def test_lines_that_are_too_long_are_all_named(tmp_path):
    lines = [HEADER, *ROWS, *FILLER]
    for n in (150, 200, 250):
        lines[n] = lines[n].replace(",800,", ",1,800,")
    said = refusal(text(tmp_path, "".join(lines)))
    assert "第 151、201、251 行有 6 列，其他行只有 5 列" in said
    assert "1,500" in said


@pytest.mark.parametrize("quote", ["", '"'])
@pytest.mark.parametrize("at", [2, 250])
def test_rows_that_end_early_are_named_wherever_they_are(tmp_path, at, quote):
    lines = [HEADER, *ROWS, *FILLER, "填表人：某某\n"]
    lines[1] = lines[1].replace("无", f"{quote}无{quote}")
    lines[at] = lines[at].removesuffix(",无\n") + "\n"
    roster = read([text(tmp_path, "".join(lines))])
    assert roster.rows.height == 303
    assert [n for n in roster.notices if "列比其他行少" in n] == [
        f"{tmp_path}/花名册.csv：第 {at + 1} 行的列比其他行少，缺的按空白处理"
    ]


def test_a_title_a_blank_line_and_a_signature_are_no_short_rows(tmp_path):
    roster = read([text(tmp_path, f"某镇2021年花名册\n\n{WHOLE}\n填表人：某某,电话：1\n")])
    assert not any("列比" in notice for notice in roster.notices)
    assert roster.rows["行号"].to_list() == [4, 5, 6]


@pytest.mark.parametrize("other", ["，", ";", "\t", "|"])
def test_a_row_with_other_separators_is_not_taken_for_a_signature(tmp_path, other):
    lines = [HEADER, *ROWS, *FILLER]
    lines[2], lines[150] = lines[2].replace(",", other), lines[150].replace(",", other)
    assert "第 3、151 行的分隔符与其他行不同" in refusal(text(tmp_path, "".join(lines)))


def test_a_footnote_with_commas_is_no_row(tmp_path):
    note = "注：一，本表一式三份，一份存档，一份公示，一份报县，不得涂改\n"
    assert people(text(tmp_path, WHOLE + note)) == EXPECTED


def test_a_lone_quote_never_swallows_people(tmp_path):
    assert "第 3 行的引号不成对" in refusal(text(tmp_path, WHOLE.replace("钱二", '"钱二')))
    assert "第 2 行的引号不成对" in refusal(text(tmp_path, WHOLE.replace("赵一", '赵"一')))
    said = refusal(text(tmp_path, WHOLE.replace("赵一", '"赵一').replace("孙三", '孙三"')))
    assert "第 2 行的引号里夹着好几行" in said
    assert "第 4 行" in refusal(text(tmp_path, WHOLE.removesuffix("无\n") + '"无\n'))


def test_two_lone_quotes_within_fields_merge_no_rows(tmp_path):
    said = refusal(text(tmp_path, f'姓名,身份证号,金额\n赵一,{ZHAO},8"\n钱二,{QIAN},5"\n'))
    assert "第 2、3 行的引号不成对" in said


def test_text_after_a_closing_quote_is_named(tmp_path):
    assert "第 2 行" in refusal(text(tmp_path, WHOLE.replace("赵一", '"赵"一')))


def test_a_newline_in_quotes_keeps_one_row_and_the_difference_of_numbers_is_said(tmp_path):
    roster = read([text(tmp_path, WHOLE.replace("无", '"住址：\n某村"', 1))])
    assert roster.rows["行号"].to_list() == [2, 3, 4]
    assert any("与文本编辑器的行号不同" in notice for notice in roster.notices)


def test_a_zero_byte_is_named_by_its_line(tmp_path):
    assert "第 3 行有空字节" in refusal(text(tmp_path, WHOLE.replace("钱二", "钱\0二").encode()))


def test_lines_of_another_encoding_are_all_named(tmp_path):
    utf8, gbk = WHOLE.encode(), "".join(FILLER[:3]).encode("gb18030")
    assert "第 5、6、7 行的文字不是 UTF-8" in refusal(text(tmp_path, utf8 + gbk))
    gbk, utf8 = WHOLE.encode("gb18030"), f"4,示例人,{ZHAO},800,无\n5,示例,{ZHAO},800,某某\n".encode()
    said = refusal(text(tmp_path, gbk + utf8))
    assert "第 5" in said
    assert "UTF-8" in said or "gb18030" in said


def test_a_character_cut_in_two_is_named_by_its_line(tmp_path):
    assert "第 4 行不能按 gb18030 读出文字，文件在半个字处断了" in refusal(text(tmp_path, WHOLE.encode("gb18030")[:-2]))
    assert "第 4 行" in refusal(text(tmp_path, WHOLE.encode()[:-2]))


def test_big5_is_asked_for_and_never_taken_for_gbk(tmp_path):
    content = f"序號,姓名,身份證號,金額\n1,張三豐,{ZHAO},800\n2,李四光,{QIAN},500\n".encode("big5")
    assert "像是 Big5" in refusal(text(tmp_path, content))
    assert "认不出文字编码" in refusal(text(tmp_path, "張三豐,李四光,王五郎,趙六\n陳七,林八,黃九,吳十\n".encode("big5")))


def test_big5_is_read_when_it_is_asked_for(tmp_path):
    content = "姓名,出生日期,民族\n張三豐,1990.1.1,漢\n".encode("big5")
    assert read([text(tmp_path, content)], encoding="big5").rows["姓名"].to_list() == ["張三豐"]


SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红娥玲淼喆堃昇琎赟彧翀祎旻頔翾曌燚"


HEADERS = ["姓名,身份证号,金额", "户主姓名,身份证号码,补贴金额", "示例姓名,示例证号,示例"]


@given(
    st.lists(st.tuples(st.sampled_from(SURNAMES), st.text(GIVEN, min_size=1, max_size=2)), min_size=1), st.sampled_from(HEADERS)
)
def test_no_table_in_gbk_is_doubted_for_its_names(names, header):
    lines = [f"{surname}{given},{ZHAO},1" for surname, given in names]
    content = "\n".join([header, *lines])
    assert as_utf8(content.encode("gb18030"), "", None) == (content.encode(), "gb18030")


def test_rare_characters_of_gb18030_are_kept(tmp_path):
    content = f"姓名,身份证号,金额\n𠮷某,{ZHAO},800\n䶮某,{QIAN},1\n㛃某,{SUN},1\n"
    assert read([text(tmp_path, content, "gb18030")]).rows["姓名"].to_list() == ["𠮷某", "䶮某", "㛃某"]


def test_gbk_that_happens_to_be_utf8_is_told_by_its_header_or_by_the_user(tmp_path):
    content = "姓名,身份证号,金额\n".encode("gb18030")
    assert "gb18030" in str(read([text(tmp_path, content + f"脥赂,{ZHAO},800\n".encode("gb18030"))]).notices)
    assert "gb18030" in str(read([text(tmp_path, WHOLE.encode("gb18030"))], encoding="gbk").notices)


@pytest.mark.parametrize("asked", ["无此码", "rot13", "hex", "idna", "unicode_escape", "\0", "utf-7", ""])
def test_only_encodings_of_text_can_be_asked_for(tmp_path, asked):
    path = text(tmp_path, WHOLE)
    if asked:
        assert f"没有叫“{asked}”的编码" in refusal(path, encoding=asked)
    else:
        assert people(path, encoding=asked) == EXPECTED


def test_a_long_cell_and_a_long_line_are_refused_fast(tmp_path):
    start = time.process_time()
    assert "第 3 行有一格超过" in refusal(text(tmp_path, WHOLE.replace("钱二", "钱" * 3_000_000)))
    assert "不像花名册" in refusal(text(tmp_path, "甲" * 3_000_000 + "\n" + WHOLE))
    assert "100000 列" in refusal(text(tmp_path, ",".join(["列"] * 100_000) + "\n" + WHOLE))
    assert "列" in refusal(text(tmp_path, WHOLE + "".join(FILLER) + "," * 100_000 + "\n"))
    assert time.process_time() - start < 8


def test_many_lone_quotes_do_not_take_for_ever(tmp_path):
    start = time.process_time()
    assert "引号不成对" in refusal(text(tmp_path, HEADER + f'1,"赵一,{ZHAO},800,无\n' * 30_001))
    assert time.process_time() - start < 8


def test_a_column_is_text_to_its_last_row(tmp_path):
    x = next(i for n in range(100) if (i := idno(f"140224199001011{n:02d}")).endswith("X"))
    lines = [HEADER, *FILLER * 2, f"9,周九,{x},800,无\n"]
    assert read([text(tmp_path, "".join(lines))]).rows["身份证号"].to_list()[-1] == x


def test_an_id_in_e_notation_says_what_was_lost(tmp_path):
    roster = read([text(tmp_path, WHOLE.replace(ZHAO, "9.99999E+17"))])
    assert roster.rows["身份证号"].to_list()[0] is None
    assert "后三位已丢失" in roster.problems["原因"][0]


def test_a_line_too_long_among_the_first_is_the_odd_one_and_not_the_others(tmp_path):
    lines = [HEADER, *ROWS]
    lines[2] = lines[2].replace(",500,", ",1,500,")
    lines[3] = lines[3].removesuffix(",无\n") + "\n"
    said = refusal(text(tmp_path, "".join(lines)))
    assert "第 3 行有 6 列，其他行只有 5 列" in said
    assert "第 4 行的列比其他行少" in said


def test_lines_too_long_too_short_and_with_a_lone_quote_are_told_together(tmp_path):
    lines = [HEADER, *ROWS, *FILLER[:9]]
    lines[2] = lines[2].replace(",500,", ",1,500,")
    lines[3] = lines[3].removesuffix(",无\n") + "\n"
    lines[5] = lines[5].replace(",800,", ',"800,')
    said = refusal(text(tmp_path, "".join(lines)))
    assert "第 3 行有 6 列，其他行只有 5 列" in said
    assert "第 4 行只有 4 列，其他行有 5 列" in said
    assert "第 6 行的引号不成对" in said


def test_commas_at_the_end_of_some_lines_are_no_columns(tmp_path):
    assert people(text(tmp_path, WHOLE.replace("无\n", "无,\n", 1))) == EXPECTED


def test_a_header_is_not_too_long_where_most_lines_drop_their_last_blanks(tmp_path):
    lines = [HEADER, *ROWS, *(line.removesuffix(",无\n") + "\n" for line in FILLER)]
    assert read([text(tmp_path, "".join(lines))]).rows.height == len(lines) - 1
