"""Two hundred numbers of people stand wherever a number can stand: no output that promises to hide them shows one whole."""

import io
import itertools
import re
import zipfile
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from msgspec.structs import replace
from openpyxl.comments import Comment

from jybf.audit.release import paid
from jybf.audit.sample import sampled
from jybf.audit.statistics import tallied
from jybf.cli import _run
from jybf.commands.audit import audited
from jybf.commands.calc import calculated
from jybf.commands.request import Request
from jybf.report import FORMATS, writer
from jybf.report.formats.table_txt import print_report
from jybf.report.progress import unheard
from jybf.report.screen import console
from tests.roster.books import book, idno

HEADER = ("姓名", "身份证号", "人员类别", "务工省", "申请日期", "申请金额", "单位名称", "乡镇", "银行账号", "联系电话", "备注")


class Canaries:
    """New numbers by what they look like, and all of them."""

    def __init__(self):
        self._count = itertools.count(1)
        self.all = []

    def _kept(self, number):
        self.all.append(number)
        return number

    def id(self):
        return self._kept(idno(f"140926199001{10 + next(self._count) % 18}{next(self._count):03d}"))

    def card(self):
        return self._kept(f"6228{next(self._count):015d}")

    def phone(self):
        return self._kept(f"139{10_000_000 + next(self._count) * 7919}")

    def shown(self, text):
        """Those that stand whole in ``text``, also where a line was broken in them."""
        bare = re.sub(r"\s+", "", text)
        return {number for number in self.all if number in bare}


def _row(new, n):
    who = ("一般农户", "脱贫户", "")[n % 3]
    unit, town = f"某厂{new.id()}", f"示例镇{new.phone()}"
    return (
        f"甲{new.phone()}" if n % 4 == 0 else f"甲{'一二三四五六七八九十'[n % 10]}", new.id(), who, ("广东省", f"外{new.phone()}")[n % 2],
        "2021-08-01", ("800", f"约{new.card()}元")[n % 5 == 0], unit, town, new.card(), new.phone(), f"托{new.id()}代领，卡{new.card()}",
    )  # fmt: skip


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """The folder, the numbers, and the arguments that every run shares."""
    folder, new = tmp_path_factory.mktemp("canaries"), Canaries()
    header = (*HEADER, f"另注{new.id()}", f"备用{new.card()}")
    rows = [(*_row(new, n), "", "") for n in range(22)]
    rows.append((*rows[0][:6], *rows[3][6:]))
    title = (f"静乐县跨省务工交通补贴花名册（经办{new.phone()}）",)
    sheets = {f"一组{new.id()}": [title, header, *rows], f"底稿{new.phone()}": [("不要看",)]}
    roster = Path(book(folder, name=f"名册{new.card()}.xlsx", sheets=sheets, hidden=(f"底稿{new.all[-1]}",)))
    own = openpyxl.load_workbook(roster)
    own.worksheets[0]["C4"].comment = Comment(f"本人电话{new.phone()}", "会计")
    own.save(roster)
    dead = folder / f"死亡{new.phone()}.csv"
    dead.write_text(f"姓名,身份证号,死亡日期,说明{new.id()}\n甲一,{rows[1][1]},2021-01-01,{new.id()}\n", encoding="utf-8")
    past = folder / f"去年{new.id()}.csv"
    past.write_text(f"姓名,身份证号,申请年度,补贴项目,单位名称\n甲二,{rows[2][1]},2021,跨省务工交通补贴,某厂{new.card()}\n,,2021,,丁{new.id()}\n", encoding="utf-8")  # fmt: skip
    assert len(new.all) >= 200
    return folder, new, (str(roster), str(past), f"死亡={dead}@2021-12-31")


@pytest.fixture(scope="module")
def reports(world):
    """By kind, the reports that the program makes of the world."""
    _, _, (roster, past, dead) = world
    said = []
    request = Request((roster,), region="shanxi", history=(past,), against=(dead,))
    calc, audit = (replace(make(request, said.append, unheard), notices=tuple(said)) for make in (calculated, audited))
    return {each.kind: each for each in (calc, audit, paid(audit), tallied(audit), sampled(audit, 9, 1, said.append))}


def written(report, form, *, mask):
    """All that a file of ``form`` holds, as text."""
    out = io.BytesIO()
    writer(form)(report, out, mask=mask)
    if form == "parquet":
        return pl.read_parquet(io.BytesIO(out.getvalue())).write_csv()
    if form != "xlsx":
        return out.getvalue().decode()
    with zipfile.ZipFile(out) as archive:
        return "\n".join(text for name in archive.namelist() for text in (name, archive.read(name).decode()))


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("kind", ["calc", "audit", "pay_list", "statistics", "sample"])
def test_no_file_that_is_masked_holds_a_whole_number(world, reports, form, kind):
    new = world[1]
    assert new.shown(written(reports[kind], form, mask=True)) == set()
    assert len(new.shown(written(reports[kind], form, mask=False))) > 10


@pytest.mark.parametrize("form", ["csv", "json", "jsonl", "parquet", "xlsx"])
def test_nor_does_one_with_the_columns_of_the_roster(world, form):
    _, new, (roster, _, _) = world
    report = calculated(Request((roster,), region="shanxi", carried=True), unheard, unheard)
    assert new.shown(written(report, form, mask=True)) == set()
    assert len(new.shown(written(report, form, mask=False))) > 100


def test_no_file_of_a_part_is_named_by_a_whole_number(world, capfd, tmp_path):
    _, new, (roster, _, _) = world
    told = run(capfd, "audit", roster, "-r", "shanxi", "-o", str(tmp_path / "分"), "--split", "单位", "--mask", "-f", "csv")
    names = [path.name for path in (tmp_path / "分").iterdir()]
    assert len(names) > 10
    assert new.shown("\n".join([told, *names])) == set()


def test_no_number_goes_on_below_where_a_line_is_full(world, reports):
    out = io.StringIO()
    screen = console(out)
    screen.width = 33
    print_report(reports["statistics"], screen, mask=True)
    assert world[1].shown(out.getvalue()) == set()


def test_no_command_tells_a_whole_number_unless_it_is_asked_to(world, reports, capfd, monkeypatch):
    folder, new, (roster, _, dead) = world
    monkeypatch.chdir(folder)
    both = [f"{name}{new.id()}.json" for name in ("旧", "新")]
    for name in both:
        Path(name).write_text(written(reports["audit"], "json", mask=False), encoding="utf-8")
    absent = ("why", roster, f"甲{new.all[0][:9]}", "--region", "shanxi")
    commands = [
        ("calc", roster, "-f", "table", "--sheet", f"没有{new.id()}"),
        ("calc", roster, "--select", new.id()),
        ("calc", roster, "--region", "shanxi", "-o", str(folder / f"结果{new.card()}.csv")),
        ("inspect", roster, dead.partition("=")[2].partition("@")[0]),
        ("inspect", roster, "-f", "json", "--mask"),
        ("why", roster, "4", "--region", "shanxi"),
        ("diff", *both, "--all", "-f", "table"),
        ("diff", *both, "--all", "-f", "json", "--mask"),
        absent,
    ]
    told = [run(capfd, *command) for command in commands]
    assert [new.shown(text) for text in told] == [set()] * len(commands)
    assert "相近的有" in told[-1]
    assert len(new.shown(run(capfd, *absent, "--show-pii"))) > 5


def run(capfd, *arguments):
    """What the program tells, on both streams."""
    _run(list(arguments))
    return "\n".join(capfd.readouterr())
