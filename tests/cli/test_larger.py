"""``calc --engine duckdb`` writes what calc writes, byte for byte, and refuses what it can't read in pieces."""

import random
from datetime import date
from itertools import cycle
from pathlib import Path

import pytest

import jybf.roster.pieces
from jybf.assess import spilled
from jybf.commands import batches, larger
from jybf.commands.calc import calc
from jybf.commands.request import Delivery, Request
from jybf.errors import InputError, UsageError
from jybf.policy import load_pack, pack_names
from jybf.vocabulary.fields import load_fields
from tests.engines.rows import random_rows
from tests.roster.books import idno, text

SAMPLES = Path(__file__).parents[2] / "sample_data"
HEAD = "静乐县示例镇2021年跨省务工一次性交通补贴花名册,,,,,,,\n姓名,身份证号,户主姓名,与户主关系,人员类别,务工省份,申请日期,申请金额\n"


@pytest.fixture
def small(monkeypatch):
    """Pieces of a few rows, so that a test has many."""
    monkeypatch.setattr(jybf.roster.pieces, "_WHOLE", 100)
    monkeypatch.setattr(jybf.roster.pieces, "_BLOCK", 4000)
    monkeypatch.setattr(jybf.roster.pieces, "_ROWS", 90)
    for module in (spilled, larger, batches):
        monkeypatch.setattr(module, "ROWS", 96)


def people(count):
    rng = random.Random(5)  # noqa: S311  reproducible, not secret
    return [
        f"张{n},{idno(f'14092619700{n % 9 + 1}01{n % 90:03}')},赵{n % 9},{rng.choice(['户主', '之子', ''])},"
        f"{rng.choice(['脱贫户', '边缘易致贫户', '三类户', ''])},{rng.choice(['广东省', '山西省', '', '浙江'])},"
        f"{rng.choice(['2021-08-01', '2021.2.30', '2021-08', ''])},{rng.choice(['800', '八百', '300'])}"
        for n in range(count)
    ]


def run(folder, files, engine, form="csv", *, region="shanxi", **more):
    target = folder / f"{engine or 'polars'}.{form}"
    request = Request(tuple(files), region, engine=engine, memory="500MB", **more)
    calc(request, Delivery(output=str(target), quiet=True))
    return target.read_bytes()


@pytest.mark.usefixtures("small")
def test_pieces_of_a_long_text_come_out_as_the_whole(tmp_path):
    file = text(tmp_path, HEAD + "\n".join(people(300)) + "\n")
    assert len(list(jybf.roster.pieces.pieces(file, jybf.roster.pieces.Options(), load_fields(), 0))) > 3
    whole = run(tmp_path, [file], "")
    assert run(tmp_path, [file], "duckdb") == whole
    assert "已在《花名册.csv》第".encode() in whole, "some row is barred by one of another part"


@pytest.mark.usefixtures("small")
def test_a_cell_of_several_lines_is_not_torn_apart(tmp_path):
    rows = [
        line.replace(",赵", ',"赵\n', 1).replace(",户主", '\n",户主', 1).replace(",之子", '\n",之子', 1) for line in people(300)
    ]
    whole_lines = [line if line.count('"') == 2 else "张,,,,,,," for line in rows]
    file = text(tmp_path, HEAD + "\n".join(whole_lines) + "\n")
    assert len(list(jybf.roster.pieces.pieces(file, jybf.roster.pieces.Options(), load_fields(), 0))) > 3
    assert run(tmp_path, [file], "duckdb") == run(tmp_path, [file], "")


@pytest.mark.usefixtures("small")
def test_messy_workbooks_and_a_history_come_out_the_same(tmp_path):
    files = sorted(str(path) for path in SAMPLES.glob("山西_跨省*.xlsx"))
    more = {"history": (str(SAMPLES / "历史_山西2021年已发放.csv"),), "programs": ("跨省",)}
    assert run(tmp_path, files, "duckdb", **more) == run(tmp_path, files, "", **more)


@pytest.mark.usefixtures("small")
def test_what_a_history_took_back_in_full_was_not_paid_here_either(tmp_path):
    one, other = (idno(f"1409261970010100{n}") for n in (1, 2))
    rows = [f"张{n},{number},赵,户主,脱贫户,广东省,2021-08-01,800" for n, number in enumerate((one, other))]
    file = text(tmp_path, HEAD + "\n".join(rows) + "\n")
    paid = [f"{number},跨省务工交通补贴,2021-05-01,{fen}" for number, fen in ((one, 800), (other, 800), (one, -800))]
    past = tmp_path / "历史.csv"
    past.write_text("身份证号,补贴项目,申请日期,发放金额\n" + "\n".join(paid) + "\n", "utf-8")
    whole = run(tmp_path, [file], "", history=(str(past),))
    assert (whole.count("可发放".encode()), whole.count("不符合".encode())) == (1, 1)
    assert run(tmp_path, [file], "duckdb", history=(str(past),)) == whole


@pytest.mark.usefixtures("small")
def test_a_canonical_table_and_a_table_of_texts_come_out_the_same(tmp_path):
    import polars as pl

    file = text(tmp_path, HEAD.split("\n", 1)[1] + "\n".join(people(200)) + "\n")
    pl.read_csv(file, infer_schema=False).write_parquet(tmp_path / "表.parquet")
    whole = run(tmp_path, [str(tmp_path / "表.parquet")], "", programs=("跨省",))
    assert run(tmp_path, [str(tmp_path / "表.parquet")], "duckdb", programs=("跨省",)) == whole


@pytest.mark.parametrize(("region", "past"), [*zip([name for name, _ in pack_names()], cycle([True, False]), strict=False)])
@pytest.mark.usefixtures("small")
def test_random_rows_about_all_programmes_come_out_the_same(tmp_path, region, past):
    pack, file, before = load_pack(region), str(tmp_path / "表.parquet"), str(tmp_path / "历史.parquet")
    random_rows(pack, 150, 3).frame.write_parquet(file)
    random_rows(pack, 60, 4, paid=True).frame.write_parquet(before)
    more = {"region": region, "history": (before,) if past else ()}
    whole = run(tmp_path, [file], "", **more)
    assert run(tmp_path, [file], "duckdb", **more) == whole
    assert len(whole.splitlines()) > 150


@pytest.mark.parametrize("more", [{"force": True}, {"as_of": date(2021, 12, 1)}], ids=["force", "as_of"])
@pytest.mark.usefixtures("small")
def test_what_is_asked_of_some_programmes_comes_out_the_same(tmp_path, more):
    pack, file = load_pack("shanxi"), str(tmp_path / "表.parquet")
    random_rows(pack, 150, 5).frame.write_parquet(file)
    more = {"programs": (pack.programs[0].id,), **more}
    assert run(tmp_path, [file], "duckdb", **more) == run(tmp_path, [file], "", **more)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("合计,,,,,,,240000", "合计行"),
        ("姓名,身份证号,户主姓名,与户主关系,人员类别,务工省份,申请日期,申请金额", "表头行"),
        ("张三,1,2,3,4,5,6,7,8", "下面的行号加"),
        ('张三,"1,2,3,4,5,6,7' + "\n张四,1,2,3,4,5,6,7" * 300, "引号不成对"),
    ],
)
@pytest.mark.usefixtures("small")
def test_what_a_piece_cannot_tell_as_the_whole_would_is_refused(tmp_path, line, said):
    file = text(tmp_path, HEAD + "\n".join([*people(200), line, *people(3)]) + "\n")
    with pytest.raises(InputError, match=said):
        run(tmp_path, [file], "duckdb")
    assert not list(tmp_path.glob("duckdb.*")), "nothing is written"


@pytest.mark.parametrize(
    ("more", "delivery", "said"),
    [
        ({"memory": "四"}, {}, "不是内存的大小"),
        ({"memory": "1GB", "carried": True}, {}, "--columns all"),
        ({"memory": "1GB", "ledger": "账本.db"}, {}, "不能读账本"),
        ({"memory": "1GB"}, {"form": "json"}, "写不了 json"),
    ],
)
def test_what_cannot_be_done_on_disk_is_said_before_anything_is_read(more, delivery, said):
    with pytest.raises(UsageError, match=said):
        calc(Request(("没有.csv",), "shanxi", engine="duckdb", **more), Delivery(**{"form": "csv", **delivery}))


def test_without_duckdb_a_sentence_says_how_to_get_it(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "duckdb", None)
    with pytest.raises(UsageError, match=r"jybf\[duckdb\]"):
        run(tmp_path, [text(tmp_path, HEAD + people(1)[0] + "\n")], "duckdb")
