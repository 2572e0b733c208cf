"""A year of a county, whose ledger then says what a plain model says.

Every township sends its posts and its trainees each month; some change their employer, are claimed twice, come back from the
bank or are reversed.

    python -m tests.ledger.county [payments] [URL of an empty ledger]

tells how much CPU time each month's batches took, and where the time of the last one went. All persons are invented.
"""

import cProfile
import csv
import io
import pstats
import random
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import redirect_stdout
from pathlib import Path
from typing import NamedTuple

import polars as pl
from sqlalchemy import func, select

from jybf import cli
from jybf.ledger import schema
from jybf.ledger.looking import find_payments, totals
from jybf.ledger.store import create_ledger, open_ledger, reading
from jybf.ledger.verifying import faults

POST, TRAINING = "公益性岗位补贴", "以工代训补贴"
YUAN = {POST: 800, TRAINING: 500}
MOST = 6  # months of training a person
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
COLUMNS = {
    POST: "乡镇,行政村,姓名,身份证号,人员类别,岗位名称,用人单位,上岗时间,合同开始日期,合同结束日期,是否购买意外险,补贴月数,所属期,申请金额,银行账号,开户名",
    TRAINING: "乡镇,行政村,姓名,身份证号,人员类别,单位名称,训练开始日期,训练结束日期,补贴月数,申请日期,申请金额,对公账号,开户银行",
}


class Row(NamedTuple):
    """One month of one person that a township asks for."""

    program: str
    person: int
    month: int
    employer: int = 0


class Batch(NamedTuple):
    """What a township sends in a month, in the order of its rows."""

    town: int
    month: int
    rows: tuple[Row, ...]


class Model:
    """Who had which month, as a clerk with a good memory would know it."""

    def __init__(self):
        self.living: dict[tuple[str, int, int], int] = {}
        self.months = Counter[tuple[str, int]]()
        self.fen = Counter[tuple[str, int]]()

    def approve(self, batch: Batch) -> list[Row]:
        return [row for row in batch.rows if self._take(row, batch.town)]

    def _take(self, row: Row, town: int) -> bool:
        full = row.program == TRAINING and self.months[TRAINING, row.person] >= MOST
        busy = any((program, *row[1:3]) in self.living for program in COLUMNS)  # a post and a works at once: verified first
        if full or busy:
            return False
        self.living[row[:3]] = town
        self.months[row[:2]] += 1
        self.fen[row.program, town] += YUAN[row.program] * 100
        return True

    def undo(self, row: Row) -> None:
        self.fen[row.program, self.living.pop(row[:3])] -= YUAN[row.program] * 100
        self.months[row[:2]] -= 1


def year(people: int, towns: int, months: int, chance: random.Random, again: dict[int, list[Row]]) -> Iterator[Batch]:
    """The batches in the order in which they come; ``again``: by town, what was taken back and is asked for once more."""
    works = {person: person % 5 for person in range(towns * people * 2)}
    for month in range(1, months + 1):
        for town in range(towns):
            first = town * people * 2
            posts = [Row(POST, person, month) for person in range(first, first + people)]
            trained = [Row(TRAINING, n, month, works[n]) for n in range(first + people, first + people * 2)]
            for row in chance.sample(trained, len(trained) // 10):  # changes employer, and the new one is in the next town
                works[row.person] = (row.employer + 1) % 5
            others = [Row(POST, chance.randrange(first), month)] if town else []  # somebody whom the town before has as well
            yield Batch(town, month, (*again.pop(town, ()), *posts, *others, *trained))


def number(person: int) -> str:
    head = f"653222{1960 + person // 100_000:04}{person // 28 % 12 + 1:02}{person % 28 + 1:02}{person // 336 % 1000:03}"
    return head + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(head, WEIGHTS, strict=True)) % 11]


def write(batch: Batch, folder: Path) -> list[Path]:
    """The rosters of a batch, one a programme."""
    paths = []
    for program, header in COLUMNS.items():
        lines = [_line(row, batch) for row in batch.rows if row.program == program]
        if lines:
            paths.append(folder / f"乡{batch.town}_{batch.month:02}月_{program}.csv")
            paths[-1].write_text("\n".join((header, *lines)) + "\n", encoding="utf-8")
    return paths


def _line(row: Row, batch: Batch) -> str:
    last = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][row.month - 1]
    who = f"示例{batch.town}乡,一村,{name(row.person)},{number(row.person)},脱贫户"
    if row.program == POST:
        return f"{who},保洁员,示例{batch.town}乡人民政府,2021-01-01,2021-01-01,2021-12-31,是,1,2021-{row.month:02},800,{card(row.person)},{name(row.person)}"
    works = f"示例{batch.town}乡{row.employer}厂"
    applied = f"2021-{row.month:02}-{last}"
    return f"{who},{works},2021-{row.month:02}-01,2021-{row.month:02}-{last},1,{applied},500,3000{batch.town:08}{row.employer:07},示例行"


def card(person: int) -> str:
    """A card of the person's own, with its check digit (ISO/IEC 7812-1)."""
    head = f"621{person:015}"
    twice = [int(digit) * (2 - n % 2) for n, digit in enumerate(reversed(head))]
    return head + str(-sum(n // 10 + n % 10 for n in twice) % 10)


def name(person: int) -> str:
    """A name of one's own, in letters of the alphabet of names."""
    signs = "甲乙丙丁戊己庚辛壬癸"
    return "示" + "".join(signs[int(digit)] for digit in str(person))


def jybf(*words: object) -> int:
    """The program's own exit code, in this process."""
    with redirect_stdout(io.StringIO()):
        return cli._run([str(word) for word in words])


def approving(rosters: Iterable[str | Path], where: str, out: Path, *more: str) -> int:
    """The exit code of an approval, whose list goes to ``out``."""
    words = (*rosters, "-r", "xinjiang", "--ledger", where, "--by", "甲", "-q", "-o", out, *more)
    return jybf("ledger", "approve", *words)


def approve(batch: Batch, where: str, folder: Path) -> dict[tuple[str, str, str], int]:
    """Book the batch: (programme, number, month's file row) of each payment that it made → its number."""
    rates = [word for program, yuan in YUAN.items() for word in ("--set", f"{program}.yuan={yuan}")]
    before = last_payment(where)
    code = approving(write(batch, folder), where, folder / "未记.csv", "--anew", *rates)
    assert code < 2, code
    with reading(open_ledger(where)) as connection:
        made = find_payments(connection, schema.payment.c.payment > before)
    lines = {row: [r for r in batch.rows if r.program == row] for row in COLUMNS}
    return {lines[program][at - 2]: payment for program, at, payment in made.select("补贴项目", "行号", "笔号").iter_rows()}


def last_payment(where: str) -> int:
    with reading(open_ledger(where)) as connection:
        return connection.execute(select(func.max(schema.payment.c.payment))).scalar() or 0


def lived(where: str, folder: Path, people: int, towns: int, months: int, seed: int = 0) -> Iterator[tuple[Batch, float, int]]:
    """Live through the year, checking every batch against the model; each with the seconds of CPU time that its approval took."""
    chance = random.Random(seed)  # noqa: S311  nothing secret
    model, again, sent = Model(), defaultdict[int, list[Row]](list), 0
    for count, batch in enumerate(year(people, towns, months, chance, again), 1):
        start = time.process_time()
        made = approve(batch, where, folder)
        took = time.process_time() - start
        expected = model.approve(batch)
        assert sorted(made) == sorted(expected), (batch.town, batch.month, set(made) ^ set(expected))
        sent += bank_file(where, folder, count)
        back = chance.sample(expected, min(2, len(expected)))
        returned(where, folder, count, {made[row]: row for row in back[:1]})
        for row in back[1:]:
            assert jybf("ledger", "reverse", made[row], "--reason", "重复", "--ledger", where, "--by", "乙") == 0
        for row in back:
            model.undo(row)
            again[batch.town].append(row)
        yield batch, took, len(made)
    checked(where, model, sent)


def bank_file(where: str, folder: Path, batch: int) -> int:
    """What the file for the bank tells it to pay for ``batch``, in 分."""
    path = folder / f"代发{batch}.csv"
    assert jybf("export", "bank", batch, "-o", path, "--ledger", where, "-q") == 0
    _, *lines, _ = csv.reader(path.read_text(encoding="gb18030").splitlines())
    return sum(int(yuan.replace(".", "")) for *_, yuan, _ in lines)


def returned(where: str, folder: Path, batch: int, those: dict[int, Row]) -> None:
    path = folder / "退票.csv"
    lines = (f"{payment},{name(row.person)},账户已销\n" for payment, row in those.items())
    path.write_text("笔号,姓名,退票原因\n" + "".join(lines), encoding="utf-8")
    assert (
        jybf("ledger", "pay", batch, "--returned", path, "--ledger", where, "--by", "乙", "-q", "-o", folder / "退回.csv") == 0
    )


def checked(where: str, model: Model, sent: int) -> None:
    """The ledger's totals, what the banks were told to pay (``sent``), and the model say the same, 分 for 分; nothing is broken."""
    with reading(open_ledger(where)) as connection:
        assert list(faults(connection)) == []
        sums, whole = totals(connection, ("项目", "乡镇")), totals(connection, ()).row(0, named=True)
        rows = find_payments(connection)
    paid = {(program, int(town[2:-1])): fen for program, town, fen in sums.select("补贴项目", "乡镇", "发放金额").iter_rows()}
    assert paid == {key: fen for key, fen in model.fen.items() if fen}
    assert whole["核准金额"] == sent == whole["发放金额"] + whole["退票金额"] + whole["冲销金额"]
    listed = Counter[tuple[str, int]]()
    for line in csv.DictReader(io.StringIO(rows.filter(pl.col("状态") == "发放").write_csv())):
        listed[line["补贴项目"], int(line["乡镇"][2:-1])] += int(line["金额"])
    assert listed == paid
    had = Counter(rows.filter(pl.col("状态") == "发放", pl.col("补贴项目") == TRAINING)["身份证号"].to_list())
    assert max(had.values()) <= MOST


def main() -> None:
    payments = int([*sys.argv[1:], "3000"][0])
    towns, months = 14, 12
    people = max(1, payments // (towns * (months + MOST)))
    with tempfile.TemporaryDirectory() as place:
        where = [*sys.argv[2:], str(Path(place, "账本.db"))][0]
        create_ledger(where)
        took, count, total, profile = list[float](), 0, 0, cProfile.Profile()
        for batch, seconds, made in lived(where, Path(place), people, towns, months):
            took.append(seconds)
            count, total = count + 1, total + made
            if batch.town == towns - 1:
                print(
                    f"{batch.month} 月：账上 {total} 笔，每批 {sum(took) / len(took):.2f} 秒，最慢 {max(took):.2f} 秒",
                    flush=True,
                )
                took = []
            if count == towns * months - 1:
                profile.enable()
        profile.disable()
        pstats.Stats(profile).sort_stats("tottime").print_stats(25)
    print(f"{total} 笔，{count} 批：账本与模型一分不差")


if __name__ == "__main__":
    main()
