"""The user's own map of columns: what it may say, when it applies, and that it changes nothing by itself."""

import pytest

from jybf.errors import InputError, UsageError
from jybf.report.column_map import map_text
from jybf.roster import Options, load_map, read
from jybf.roster.inspect import inspect
from jybf.vocabulary.fields import load_fields
from tests.roster.books import book, idno, people, text

FIELDS = load_fields()
WANG = idno("11010119900307123")


def mapped(folder, toml):
    path = folder / "列名.toml"
    path.write_text(toml, encoding="utf-8")
    return load_map(str(path), FIELDS)


def columns(*entries):
    lines = [f'{{ at = "{at}", header = "{header}", field = "{field}" }}' for at, header, field in entries]
    return f"column = [{', '.join(lines)}]"


NAMES = columns(("A", "姓名", "姓名"), ("B", "身份证号", "身份证号"), ("C", "钱", "申请金额"))


def test_a_map_says_what_the_dictionary_does_not_know(tmp_path):
    path = book(tmp_path, ("姓名", "身份证号", "钱"), ("张三", WANG, 800))
    own = mapped(tmp_path, f"[[sheet]]\nheader = [1]\n{NAMES}")
    assert "申请金额" not in read([path]).rows.columns
    roster = read([path], columns=own)
    assert roster.rows["申请金额"].to_list() == [80000]
    assert roster.sheets[0].columns["申请金额"] == 2


def test_a_map_says_where_the_header_stands(tmp_path):
    path = book(tmp_path, ("一", "二", "三"), ("甲", "乙", "丙"), ("张三", WANG, 800))
    names = columns(("A", "甲", "姓名"), ("B", "乙", "身份证号"), ("C", "丙", "申请金额"))
    sheet = read([path], columns=mapped(tmp_path, f"[[sheet]]\nheader = [2]\n{names}")).sheets[0]
    assert (sheet.header_line, sheet.lines["数据"]) == (2, 1)


def test_a_column_mapped_to_nothing_is_not_read(tmp_path):
    path = book(tmp_path, ("姓名", "身份证号", "金额"), ("张三", WANG, 800))
    names = columns(("A", "姓名", "姓名"), ("B", "身份证号", "身份证号"), ("C", "金额", ""))
    assert "申请金额" not in read([path], columns=mapped(tmp_path, f"[[sheet]]\nheader = [1]\n{names}")).rows.columns


def test_a_file_of_another_layout_is_refused_with_every_difference(tmp_path):
    path = book(tmp_path, ("姓名", "证号", "钱", "备注"), ("张三", WANG, 800, "无"))
    with pytest.raises(InputError) as refused:
        read([path], columns=mapped(tmp_path, f"[[sheet]]\nheader = [1]\n{NAMES}"))
    said = str(refused.value)
    assert "B1 的表头是“证号”，列名文件里写的是“身份证号”" in said
    assert "D1 的表头“备注”没有写进列名文件" in said
    assert "另一种版式" in said


def test_a_header_beyond_the_end_of_the_sheet_is_refused(tmp_path):
    path = book(tmp_path, ("姓名", "身份证号", "钱"), ("张三", WANG, 800))
    with pytest.raises(InputError, match="没有第 9 行"):
        read([path], columns=mapped(tmp_path, f"[[sheet]]\nheader = [9]\n{NAMES}"))


def test_headers_are_compared_as_the_dictionary_folds_them(tmp_path):
    path = book(tmp_path, ("＊姓 名", "身份証号", "钱（元）"), ("张三", WANG, 800))
    assert read([path], columns=mapped(tmp_path, f"[[sheet]]\nheader = [1]\n{NAMES}")).rows["申请金额"].to_list() == [80000]


@pytest.mark.parametrize(
    ("file", "name", "applies"),
    [
        ("花名册.xlsx", "Sheet1", True),
        ("*.xlsx", "*", True),
        ("花*册.xlsx", "Sheet*", True),
        ("*", "Sheet2", False),
        ("册.xlsx", "Sheet1", False),
        ("花名册?xlsx", "Sheet1", False),
        ("[花]名册.xlsx", "Sheet1", False),
    ],
)
def test_a_map_applies_to_the_files_and_sheets_that_it_names(tmp_path, file, name, applies):
    path = book(tmp_path, ("姓名", "身份证号", "钱"), ("张三", WANG, 800))
    own = mapped(tmp_path, f'[[sheet]]\nfile = "{file}"\nname = "{name}"\nheader = [1]\n{NAMES}')
    roster = read([path], columns=own)
    assert ("申请金额" in roster.rows.columns) == applies
    assert bool(own.unused(roster.sheets)) != applies


def test_what_answers_to_no_sheet_is_said_aloud(tmp_path):
    path = book(tmp_path, ("姓名", "身份证号", "钱"), ("张三", WANG, 800))
    own = mapped(tmp_path, f'[[sheet]]\nfile = "别的.xlsx"\nheader = [1]\n{NAMES}')
    assert "别的.xlsx〔*〕没有对上任何工作表" in own.unused(read([path], columns=own).sheets)[0]


def test_what_holds_for_any_file_is_not_meant_for_the_history(tmp_path):
    own = mapped(tmp_path, f'[[sheet]]\nheader = [1]\n{NAMES}\n[[sheet]]\nfile = "台账.csv"\nheader = [1]\n{NAMES}')
    assert [sheet.file for sheet in own.of_named_files().sheets] == ["台账.csv"]


def test_all_faults_of_a_map_are_told_at_once(tmp_path):
    names = columns(
        ("A", "姓名", "姓名"),
        ("B", "人员", "姓名"),
        ("b", "证", "身份证号码呀"),
        ("A", "类", "?"),
        ("E", "注", "备注"),
        ("F", "注", "备注"),
    )
    with pytest.raises(UsageError) as refused:
        mapped(tmp_path, f"[[sheet]]\nheader = [1, 3]\n{names}\n[[sheet]]\nheader = [1]\n{NAMES}\n")
    said = [problem.message for problem in refused.value.problems]
    assert said[:2] == [
        "*〔*〕的 header = [1, 3] 不对：写表头所在的行，如 [3] 或相连的 [3, 4]",
        "*〔*〕的 at = “b”不是 Excel 的列号：写 A、B … AA",
    ]
    assert said[2].startswith("*〔*〕 b 列：没有字段“身份证号码呀”，相近的：身份证号")
    assert "还没有定" in said[3]
    assert said[4:] == [
        "*〔*〕的 A 列写了不止一次",
        '*〔*〕的 A、B 列都是“姓名”：只留一列，别的 field 写 ""',
        "*〔*〕写了不止一次",
    ]


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("[[sheet]]\nheader = [1]\nclumn = []", "第 3 行 第 1 个 sheet：没有“clumn”这个键，是不是“column”"),
        ("[[sheet]]\nheader = [1]", "第 1 行 第 1 个 sheet：缺“column”"),
        ('[[sheet]]\nheader = "1"\ncolumn = []', '第 2 行 第 1 个 sheet：“header”应是列表，如 ["…"]，写成了文字'),
        (
            '[[sheet]]\nheader = [1]\ncolumn = [{ at = "A", header = 1, field = "" }]',
            "第 3 行 第 1 个 sheet 第 1 个 column：“header”应是文字，写成了整数",
        ),
        ("[[sheet]", "第 1 行：不是正确的 TOML"),
        ("", "里面没有一张表"),
    ],
)
def test_a_map_that_is_written_wrong_says_where_and_how(tmp_path, toml, said):
    with pytest.raises(UsageError) as refused:
        mapped(tmp_path, toml)
    assert said in str(refused.value)
    assert "Expected" not in str(refused.value)
    assert "Object" not in str(refused.value)


def test_a_map_that_is_not_there_or_no_text_is_refused(tmp_path):
    (tmp_path / "gbk.toml").write_bytes("列名".encode("gb18030"))
    for name, said in (("无.toml", "读不到"), ("gbk.toml", "不是 UTF-8"), (".", "读不到")):
        with pytest.raises(UsageError, match=said):
            load_map(str(tmp_path / name), FIELDS)


def test_a_map_that_was_written_is_read_back(tmp_path):
    path = book(
        tmp_path,
        ["某镇2021年申请表"],
        ("序号", "姓名", '证\n件\\"号', "务工情况", None, "金额", None),
        (None, None, None, "省份", "单位", None, None),
        (1, "张三", WANG, "广东省", "甲厂", 800, "多出来的"),
        merge=("D2:E2", "A2:A3", "B2:B3", "C2:C3", "F2:F3"),
    )
    own = mapped(tmp_path, map_text(inspect([path], Options(), lambda _: None)))
    plain, again = read([path]), read([path], columns=own)
    assert again.rows.equals(plain.rows)
    assert again.sheets[0].columns == plain.sheets[0].columns
    assert own.unused(again.sheets) == []


def test_what_nothing_decides_is_written_as_a_question_that_must_be_answered(tmp_path):
    path = book(tmp_path, ("姓名", "社会保障号码", "金额"), ("张三", WANG, 800), ("李四", "A12345678", 800))
    written = map_text(inspect([path], Options(), lambda _: None))
    assert 'field = "?" },  # 定不了：写 身份证号 或 社会保障卡号' in written
    with pytest.raises(UsageError, match="B 列“社会保障号码”还没有定"):
        mapped(tmp_path, written)
    answered = mapped(tmp_path, written.replace('"?"', '"身份证号"'))
    assert read([path], columns=answered).rows["身份证号"].to_list() == [WANG, None]


def test_two_columns_of_one_field_are_written_for_the_user_to_drop_one(tmp_path):
    path = book(tmp_path, ("姓名", "人员姓名", "身份证号"), ("张三", "李四", WANG))
    written = map_text(inspect([path], Options(), lambda _: None))
    assert written.count("不止一列是“姓名”") == 2
    with pytest.raises(UsageError, match="A、B 列都是“姓名”"):
        mapped(tmp_path, written)


def test_a_text_file_is_mapped_like_a_workbook(tmp_path):
    path = text(tmp_path, f"姓名,身份证号,钱\n张三,{WANG},800\n")
    own = mapped(tmp_path, f'[[sheet]]\nfile = "花名册.csv"\nname = ""\nheader = [1]\n{NAMES}')
    assert read([path], columns=own).rows["申请金额"].to_list() == [80000]


def test_a_sheet_without_a_header_is_named_in_the_written_map(tmp_path):
    sheets = {"甲村": [("姓名", "身份证号", "申请金额"), ("张三", WANG, 800)], "说明": [("请如实填写",)]}
    path = book(tmp_path, sheets=sheets)
    written = map_text(inspect([path], Options(), lambda _: None))
    assert "# 花名册.xlsx〔说明〕没有认得的表头，没有读；没有列入" in written
    assert len(mapped(tmp_path, written).sheets) == 1


def test_two_files_of_one_name_are_mapped_by_their_paths(tmp_path):
    for folder in ("甲", "乙"):
        (tmp_path / folder).mkdir()
    paths = [book(tmp_path / folder, ("序号", "姓名", "身份证号", "申请金额"), *people(1)) for folder in ("甲", "乙")]
    own = mapped(tmp_path, map_text(inspect(paths, Options(), lambda _: None)))
    assert own.unused(read(paths, columns=own).sheets) == []


def test_a_sheet_whose_header_nobody_knows_can_be_mapped_by_taking_out_the_marks(tmp_path):
    path = book(tmp_path, ["a roster"], ("name", "id no", "sum"), ("Zhang", WANG, 800))
    with pytest.raises(InputError, match="没有找到表头"):
        read([path])
    written = map_text(inspect([path], Options(), lambda _: None))
    with pytest.raises(UsageError, match="没有一张表"):
        mapped(tmp_path, written)
    assert "# header = [2]" in written
    assert "内容像身份证号" in written
    bare = "\n".join(
        line.removeprefix("# ")
        for line in written.splitlines()
        if line.startswith(("# [[", "# file =", "# name =", "# header =", "# column", "#   {", "# ]"))
    )
    for name, field in (("name", "姓名"), ("idno", "身份证号"), ("sum", "申请金额")):
        bare = bare.replace(f'header = "{name}", field = ""', f'header = "{name}", field = "{field}"')
    rows = read([path], columns=mapped(tmp_path, bare)).rows
    assert rows.select("姓名", "身份证号", "申请金额").row(0) == ("Zhang", WANG, 80000)


@pytest.mark.parametrize(
    ("row", "fields", "shown"),
    [
        (("张三", WANG, 800), ("姓名", "身份证号", ""), "B"),
        (("张三", "脱贫户", 800), ("姓名", "人员类别", "申请金额"), "B、C"),
    ],
)
def test_a_person_is_no_header(tmp_path, row, fields, shown):
    names = columns(*zip("ABC", row, fields, strict=True))
    with pytest.raises(InputError, match=f"第 1 行像是人，不是表头（{shown} 列是值，不是列名）") as refused:
        read([book(tmp_path, row, ("李四", WANG, 800))], columns=mapped(tmp_path, f"[[sheet]]\nheader = [1]\n{names}"))
    assert WANG not in str(refused.value)


def test_a_header_that_is_also_a_value_of_its_field_is_a_header(tmp_path):
    row = ("姓名", "低保", "易地搬迁户", "第3")
    names = columns(("A", "姓名", "姓名"), ("B", "低保", "低保特困"), ("C", "易地搬迁户", "易地搬迁"), ("D", "第3", "申请金额"))
    own = mapped(tmp_path, f"[[sheet]]\nheader = [1]\n{names}")
    assert read([book(tmp_path, row, ("张三", "是", "否", 800))], columns=own).rows["申请金额"].to_list() == [80000]
