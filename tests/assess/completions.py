"""Rows with blanks, and what they come to where the blanks are filled: thousands of completions in one run of the engine.

A row is a row of places in the *domain* of each cell that its programme reads (null: blank). The domain has what the
programme's own cases say (its borders are there by the law of the house), one more and one less of each number, the days
around each deadline, and days that are written to the month or the year only: filling in is also saying the day.
"""

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import msgspec
import polars as pl

from jybf.assess import assess, describe, missing
from jybf.assess.cases import roster_of
from jybf.assess.compile import reads
from jybf.model import LINE, RESULTS, ROW, SHEET, Clause, Pack, Program, Roster, Sheet, Verdicts, bad, last
from jybf.policy.clash import HELD
from jybf.policy.derivation import derived
from jybf.vocabulary.facts import asked, facts
from jybf.vocabulary.fields import load_fields
from jybf.vocabulary.types import is_dated

Place = Mapping[str, int | None]  # a row: by cell where in its domain, null: blank
PAID, REFUSED, LACKS, OPEN = range(len(RESULTS))
OWN = {"身份证号": "甲", "户": "户", "单位": "厂", "统一社会信用代码": "厂"}  # of each row its own: nobody else decides it
FIXED = {"作废", "申请年度", "表题年度", "表题县", "姓名"}  # what no clerk fills in a row
PLACES = {
    "户籍省": ["山西省", "重庆市"], "务工省": ["山西省", "重庆市", "广东省"], "户籍县": ["静乐县", "丰都县"], "务工县": ["静乐县", "丰都县", "小店区"],
    "户籍市": ["忻州市"], "务工市": ["忻州市", "太原市"], "合同类型": ["劳动合同", "劳务协议", "一年期", "按厂里规定"],
    "单位类型": ["个体户", "大型企业", "有限公司", "合作社"], "就业渠道": ["公岗", "企业"],
}  # fmt: skip
# A place lies in one other: what says otherwise is not let stand when it is read.
WITHIN = {"静乐县": "忻州市", "小店区": "太原市", "丰都县": "重庆市", "忻州市": "山西省", "太原市": "山西省"}
MONEY = ["0", "0.01", "1500", "2500", "3000"]
NUMBERS = [0, 1, 3, 5, 12]


class Space(msgspec.Struct, frozen=True):
    """A programme's cells. ``values``: by cell the typed columns of its domain; ``finer``: what each place (null: blank) may
    yet turn out to be; ``good``: rows of the programme's cases that are paid, as places."""  # noqa: D205, D209

    pack: Pack
    program: Program
    values: Mapping[str, pl.DataFrame]
    finer: Mapping[str, Mapping[int | None, Sequence[int]]]
    good: Sequence[Mapping[str, int]]


def space_of(pack: Pack, program: Program) -> Space:
    """All that ``program`` reads of a row."""
    given = [row for case in program.cases for row in case.given]
    domain = {name: _domain(program, name, given) for name in _cells(program)}
    values = {name: roster_of([{name: value} for value in each]).rows for name, each in domain.items()}
    values = {name: frame.select(c for c in (name, last(name)) if c in frame.columns) for name, frame in values.items()}
    paid = [
        row
        for case in program.cases
        for row, result in zip(case.given, case.expect, strict=True)
        if result in {RESULTS[PAID], RESULTS[OPEN]} and not case.history
    ]
    good = [{name: each.index(row[name]) for name, each in domain.items() if row.get(name, "") in each} for row in paid]
    return Space(pack, program, values, {name: _finer(frame) for name, frame in values.items()}, good)


def _cells(program: Program) -> dict[str, None]:
    """The cells that ``program`` reads, be it by the facts that follow from them; a household or employer is one cell here."""
    own, read = load_fields().by_name, dict.fromkeys(reads(program))
    persons = {"身份证号", *program.tally.counts.fields} if program.tally else set[str]()  # an employer's own row names nobody
    persons = {cell for fact in persons for cell in _sources(fact)}
    cells = {
        name: None for fact in read for name in _sources(fact) if (name in own or name in OWN) and name not in FIXED | persons
    }
    for key, code in (("单位", "统一社会信用代码"), ("户", "户编号")):
        if key in cells and code in cells:
            cells.pop(key)  # filled with its code
    return cells


def _sources(fact: str) -> Iterator[str]:
    """``fact`` itself and every cell that it may come from."""
    yield fact
    entry = derived().get(fact)
    if entry and entry.ways:
        yield from entry.sources


def _domain(program: Program, name: str, given: Sequence[Mapping[str, Any]]) -> list[Any]:
    field = facts()[name]
    said = [row[name] for row in given if row.get(name, "") not in ("", "？")]
    if name in OWN:
        return [OWN[name]]
    if is_dated(field):
        until = program.period.until if program.period else program.until
        whole = ["2021", "2021-03", f"{until:%Y-%m}"]
        days = [
            date(2020, 3, 15),
            date(2020, 12, 31),
            date(2021, 2, 15),
            date(2021, 3, 1),
            date(2021, 3, 31),
            date(2021, 8, 31),
            date(2022, 3, 1),
            date(2022, 3, 15),
            until,
            until + timedelta(1),
        ]
        return _few([*days, *whole, *said], 20)
    if field.type == "int":
        return sorted({*NUMBERS, *(n for value in said for n in (value - 1, value, value + 1) if 0 <= n <= 60 or n == value)})[
            :16
        ]
    more: list[Any] = {"money": MONEY, "bool": [True, False], "enum": list(field.values), "rate": ["2.35", "4.35"]}.get(
        field.type, PLACES.get(name, [])
    )
    return _few([*said, *more], 12) or ["某"]


def _few(values: Sequence[Any], most: int) -> list[Any]:
    once = [value for n, value in enumerate(values) if value not in values[:n]]
    return once[:most]


def _finer(values: pl.DataFrame) -> dict[int | None, Sequence[int]]:
    """Blank: anything; a day that is known to the month or year only: each narrower one within it."""
    fine: dict[int | None, Sequence[int]] = {None: range(values.height)}
    if values.width < 2:
        return fine
    ends = values.rows()
    for n, (first, end) in enumerate(ends):
        within = [m for m, (a, b) in enumerate(ends) if first <= a and b <= end and (a, b) != (first, end)]
        fine |= {n: within} if within else {}
    return fine


def random_rows(space: Space, count: int, seed: int) -> pl.DataFrame:
    """``count`` rows of places: near a row that is paid, with something else or nothing in some of its cells."""
    rng = random.Random(seed)  # noqa: S311  reproducible, not secret
    rows: list[dict[str, int | None]] = []
    for _ in range(count):
        good, strange, blank = (
            rng.choice(space.good) if space.good else {},
            rng.choice([0, 0.1, 0.4]),
            rng.choice([0.1, 0.3, 0.6]),
        )
        rows.append({name: _place(rng, values.height, good.get(name), strange, blank) for name, values in space.values.items()})
    places = pl.DataFrame(rows, schema=dict.fromkeys(space.values, pl.Int16))
    cities = [city for city in ("务工市", "户籍市") if city in places.columns]
    return places.with_columns(pl.when(~_nowhere(space, places)).then(city).alias(city) for city in cities)


def _place(rng: random.Random, height: int, good: int | None, strange: float, blank: float) -> int | None:
    if rng.random() < blank:
        return None
    if height == 1:
        return 0
    if good is None and rng.random() < 0.6:
        return None
    return rng.randrange(height) if good is None or rng.random() < strange else good


def roster(space: Space, places: pl.DataFrame) -> Roster:
    """The rows as a roster: each another person, household and employer."""
    count, program = places.height, space.program
    columns: list[pl.Series] = []
    for name, values in space.values.items():
        columns += [values[column].gather(places[name]).alias(column) for column in values.columns]
        columns.append(pl.repeat(value=False, n=count, eager=True).alias(bad(name)))
    number = pl.int_range(count, dtype=pl.Int64)
    frame = pl.DataFrame(columns).with_columns(number.alias(ROW), (number + 1).alias(LINE), pl.lit(0, pl.Int32).alias(SHEET))
    own = [pl.when(pl.col(name).is_not_null()).then(pl.format("{}{}", name, ROW)).alias(name) for name in OWN if name in frame]
    frame = frame.with_columns(own)
    needed = set(reads(program))
    alike = [
        pl.col(code).alias(key)
        for key, code in (("单位", "统一社会信用代码"), ("户", "户编号"))
        if code in frame and key in needed
    ]
    frame = frame.with_columns(*alike, pl.lit(None if program.tally else "某甲", pl.String).alias("姓名"))
    problems = pl.DataFrame(schema={ROW: pl.Int64, "字段": pl.String, "原文": pl.String, "原因": pl.String, "编号": pl.String})
    return Roster(frame, problems, (Sheet(0, "随机.csv", "", "", 1, {name: n for n, name in enumerate(space.values)}),))


def judge(space: Space, places: pl.DataFrame) -> pl.DataFrame:
    """Per row of ``places``: 结果, 分, 缺, 不符, ``asked`` (the facts it lacks, joined), ``apart`` (it contradicts itself)."""
    verdicts = _assess(space, roster(space, places))
    held = sum(1 << j for j, clause in enumerate(space.program.clauses) if clause.id in HELD)
    lists = missing(verdicts).group_by(ROW).agg(pl.col("字段").sort().str.join(" ").alias("asked"))
    torn = [bad(name) for name in derived() if bad(name) in verdicts.known.columns and name not in space.values]
    apart = verdicts.known.select(ROW, (pl.any_horizontal(torn) if torn else pl.lit(value=False)).alias("_torn"))
    rows = (
        verdicts.rows.select(ROW, "结果", "分", "不符", "缺", "推定", "年度")
        .join(lists, on=ROW, how="left")
        .join(apart, on=ROW)
    )
    told = rows.with_columns(pl.col("asked").fill_null(""), ((pl.col("缺") & held) > 0).alias("clash"))
    told = told.with_columns((pl.col("_torn") | pl.col("clash")).alias("apart")).drop("_torn")
    return (
        pl.DataFrame({ROW: pl.int_range(places.height, dtype=pl.Int64, eager=True)})
        .join(told, on=ROW, how="left", maintain_order="left")
        .drop(ROW)
    )


def _assess(space: Space, rows: Roster) -> Verdicts:
    return assess(rows, space.pack, programs=(space.program.id,), force=True)


def said(space: Space, places: pl.DataFrame) -> pl.DataFrame:
    """结果, 核定金额, 说明, 假定 of each row."""
    rows = roster(space, places)
    return describe(_assess(space, rows), rows).select("结果", "核定金额", "说明", "假定")


def fillings(space: Space, places: pl.DataFrame, seed: int, most: int) -> Iterator[tuple[str, pl.DataFrame]]:
    """By cell, ``of`` and the places of each row with that cell filled, or said more finely, in ``most`` ways at random."""
    base, rng = places.with_row_index("of"), random.Random(seed)  # noqa: S311
    for name in space.values:
        parts = [
            base.filter(pl.col(name).is_null() if at is None else pl.col(name) == at)
            .drop(name).join(pl.DataFrame({name: rng.sample(finer, min(most, len(finer)))}, schema={name: pl.Int16}), how="cross")
            for at, finer in space.finer[name].items()
        ]  # fmt: skip
        filled = pl.concat(part.select("of", *space.values) for part in parts)
        if filled.height:
            yield name, filled


def singles(space: Space, places: pl.DataFrame, judged: pl.DataFrame, seed: int, most: int) -> pl.DataFrame:
    """Every row with one cell filled (:func:`fillings`): ``of``, ``cell``, the row's verdict before (``_b``) and the verdict after."""
    parts = [filled.with_columns(pl.lit(name).alias("cell")) for name, filled in fillings(space, places, seed, most)]
    return _beside(space, pl.concat(parts), judged)


def _beside(space: Space, filled: pl.DataFrame, judged: pl.DataFrame) -> pl.DataFrame:
    filled = filled.filter(~_nowhere(space, filled))
    after, before = judge(space, filled.select(list(space.values))), judged[filled["of"]]
    return pl.concat([filled, after, before.rename({name: f"{name}_b" for name in before.columns})], how="horizontal")


def _nowhere(space: Space, places: pl.DataFrame) -> pl.Series:
    """Whether a county lies in another city, or a city in another province, than the row says."""
    wrong = pl.repeat(value=False, n=places.height, eager=True)
    for inner, outer in (("务工县", "务工市"), ("户籍县", "户籍市"), ("务工市", "务工省"), ("户籍市", "户籍省")):
        if {inner, outer} <= {*space.values}:
            home = space.values[inner][inner].gather(places[inner]).replace(WITHIN)
            wrong |= (home != space.values[outer][outer].gather(places[outer])).fill_null(value=False)
    return wrong


def several(space: Space, places: pl.DataFrame, judged: pl.DataFrame, seed: int) -> pl.DataFrame:
    """As :func:`singles`, each row once with some of its blanks filled, or said more finely, at random."""
    rng = random.Random(seed)  # noqa: S311
    rows: list[dict[str, Any]] = []
    for of, row in enumerate(places.iter_rows(named=True)):
        open_ = [name for name, at in row.items() if at in space.finer[name] and rng.random() < 0.5]
        filled = {name: rng.choice(space.finer[name][row[name]]) for name in open_}
        rows += [{"of": of, **row, **filled, "cell": " ".join(open_)}] if open_ else []
    filled = pl.DataFrame(rows, schema={"of": pl.UInt32, **dict.fromkeys(space.values, pl.Int16), "cell": pl.String})
    return _beside(space, filled, judged)


def about(cell: str) -> set[str]:
    """The names by which a reader is told of ``cell``: its own, and those of the facts that may follow from it."""
    names = {cell, *(name for name, fact in derived().items() if cell in fact.sources)}
    return names | {name for fact in names for name in asked(fact)}


def _alike(program: Program, cell: str) -> set[str]:
    """:func:`about`, and for a date that may govern the first of those that do."""
    first = {program.basis[0]} if about(cell) & {*program.basis} else set[str]()
    either = {"统一社会信用代码"} if program.payee == "单位" and cell == "身份证号" else set[str]()  # the one or the other
    return about(cell) | first | either


def turned(space: Space, places: pl.DataFrame, filled: pl.DataFrame) -> pl.DataFrame:
    """The rows of ``filled`` that were decided and came out otherwise: as in ``filled``, with ``kind``."""
    grew = (pl.col("分") > pl.col("分_b")) | (pl.col("分") < pl.col("分_b"))
    decided = filled.filter(pl.col("结果_b") != LACKS)
    other = decided.filter((pl.col("结果") != pl.col("结果_b")) | grew.fill_null(value=False))
    return _with_kind(space, places, other)


def _with_kind(space: Space, places: pl.DataFrame, other: pl.DataFrame) -> pl.DataFrame:
    """``kind``: why a row may come out otherwise, "" where nothing of it was told.

    矛盾: its cells contradict each other now; 假定: a printed presumption was about the cell.
    """
    rows = other["of"].unique(maintain_order=True)
    told = dict(zip(rows.to_list(), said(space, places[rows])["假定"].to_list(), strict=True))
    kinds: list[str] = []
    for of, cell, result, apart, bits in other.select("of", "cell", "结果", "apart", "推定_b").iter_rows():
        cells = cell.split()
        clauses = [clause for j, clause in enumerate(space.program.clauses) if bits >> j & 1]
        presumed = any(_read(clause) & {*cells} for clause in clauses)
        presumed |= any(name in told[of] for one in cells for name in _alike(space.program, one))
        kinds.append("矛盾" if result == LACKS and apart else "假定" if presumed else "")
    return other.with_columns(pl.Series("kind", kinds, pl.String))


def _read(clause: Clause) -> set[str]:
    """The cells that ``clause`` reads."""
    return {cell for fact in clause.holds.reads or clause.holds.fields for cell in _sources(fact)}


def needless(space: Space, places: pl.DataFrame, filled: pl.DataFrame) -> pl.DataFrame:
    """The rows of ``filled`` that lacked something, not the cell that was filled, and came out otherwise; with ``kind``."""
    names = {cell: sorted(_alike(space.program, cell)) for cell in space.values}
    open_ = filled.filter((pl.col("结果_b") == LACKS) & ~pl.col("apart_b").fill_null(value=False))
    changed = open_.filter((pl.col("结果") != LACKS) | (pl.col("asked") != pl.col("asked_b")))
    listed = [bool({*lacks.split()} & {*names[cell]}) for cell, lacks in changed.select("cell", "asked_b").iter_rows()]
    return _with_kind(space, places, changed.filter(~pl.Series(listed, dtype=pl.Boolean)))


def _cell(space: Space, row: Place, name: str) -> str | None:
    """The cell of ``row`` in which what it is asked for by ``name`` can be written."""
    cells = [name, *(cell for cell in space.values if name in about(cell))]
    return next((cell for cell in cells if cell in space.values and row[cell] in space.finer[cell]), None)


def undecided(space: Space, places: pl.DataFrame, judged: pl.DataFrame, seed: int, rounds: int = 10) -> pl.DataFrame:
    """The rows that are not decided when all that is asked for has been filled in, again and again, with ``asked``."""
    rng = random.Random(seed)  # noqa: S311
    left = pl.concat([places, judged], how="horizontal").filter((pl.col("结果") == LACKS) & (pl.col("asked") != ""))
    stuck = left.clear()
    for _ in range(rounds):
        rows, lost = [], []
        for row in left.select(*space.values, "asked").iter_rows(named=True):
            names = row.pop("asked").split()
            cells = [cell for name in names if (cell := _cell(space, row, name))]
            lost.append(not cells)
            rows.append(row | {cell: rng.choice(space.finer[cell][row[cell]]) for cell in cells})
        stuck = pl.concat([stuck, left.filter(pl.Series(lost, dtype=pl.Boolean))])
        rows = [row for row, none in zip(rows, lost, strict=True) if not none]
        filled = pl.DataFrame(rows, schema=dict.fromkeys(space.values, pl.Int16))
        if not rows:
            return stuck.filter(~pl.col("apart"))
        left = pl.concat([filled, judge(space, filled)], how="horizontal")
        left = left.filter((pl.col("结果") == LACKS) & (pl.col("asked") != ""))
    return pl.concat([stuck, left]).filter(~pl.col("apart"))


def in_vain(space: Space, places: pl.DataFrame, judged: pl.DataFrame, seed: int, rounds: int = 400) -> pl.DataFrame:
    """What a row is asked for where no completion of its other blanks was found in which it matters: ``of``, ``name``, ``kind``.

    ``kind``: 无望 where none was found that is paid either: its own cells leave nothing that is lawful. A round tries one
    completion of each, near the best one so far (of the fewest conditions that fail or lack something).
    """
    rng, hopeful = random.Random(seed), set[int]()  # noqa: S311
    lists = judged.with_row_index("of").filter((pl.col("结果") == LACKS) & ~pl.col("apart") & (pl.col("asked") != ""))
    open_ = [(of, name) for of, names in lists.select("of", "asked").iter_rows() for name in names.split()]
    best: dict[int, tuple[int, Place]] = {}
    for _ in range(rounds):
        starts = [_near(space, rng, places.row(of, named=True), best.get(of)) for of, _ in open_]
        tried = pl.DataFrame(
            [{"n": n} | row for n, (of, name) in enumerate(open_) for row in _ways(space, places.row(of, named=True), starts[n], name)],
            schema={"n": pl.UInt32, **dict.fromkeys(space.values, pl.Int16)},
        )  # fmt: skip
        if not tried.height:
            break
        told = pl.concat([tried.select("n"), judge(space, tried.select(list(space.values)))], how="horizontal")
        hopeful |= {open_[n][0] for n in told.filter(pl.col("结果").is_in([PAID, OPEN]))["n"].unique()}
        ways = told.group_by("n").agg(pl.struct("结果", "分").n_unique().alias("ways"))
        told = told.with_row_index("at").with_columns(_wrong())
        for n, at, wrong in told.sort("wrong").unique("n", keep="first").select("n", "at", "wrong").iter_rows():
            best[open_[n][0]] = min(best.get(open_[n][0], (99, {})), (wrong, tried.drop("n").row(at, named=True)), key=_first)
        proved = set(ways.filter(pl.col("ways") > 1)["n"].to_list())
        open_ = [pair for n, pair in enumerate(open_) if n not in proved]
    found = [(of, name, "" if of in hopeful else "无望") for of, name in open_]
    return pl.DataFrame(found, schema={"of": pl.UInt32, "name": pl.String, "kind": pl.String}, orient="row")


def _wrong() -> pl.Expr:
    """How many conditions fail or lack something; what is of no programme's business is far from being paid."""
    bits = pl.col("不符").bitwise_count_ones() + pl.col("缺").bitwise_count_ones()
    return bits.cast(pl.Int64).fill_null(90).alias("wrong")


def _first(pair: tuple[int, Place]) -> int:
    return pair[0]


def _ways(space: Space, row: Place, start: Place, name: str) -> Iterator[Place]:
    """``start`` with that which ``row`` is asked for by ``name`` filled in every way, or not at all."""
    cell = _cell(space, row, name)
    yield start if cell is None else {**start, cell: row[cell]}
    if cell:
        yield from ({**start, cell: way} for way in space.finer[cell][row[cell]])


def _near(space: Space, rng: random.Random, row: Place, best: tuple[int, Place] | None) -> Place:
    """A completion of ``row``: the ``best`` so far with one or two of the blanks filled otherwise, or one that is new."""
    blanks = [key for key, at in row.items() if at in space.finer[key]]
    if best and rng.random() < 0.6:
        some = rng.sample(blanks, min(len(blanks), rng.choice([0, 1, 2])))
        return {**best[1], **{key: rng.choice([row[key], *space.finer[key][row[key]]]) for key in some}}
    own = dict.fromkeys((name for name in OWN if rng.random() < 0.7), 0)  # one of them may do for another
    good, much = {**own, **rng.choice(space.good or [{}])}, rng.choice([0.3, 0.7, 1])
    some = [key for key in blanks if rng.random() < much]
    return {**row, **{key: _other(rng, space.finer[key][row[key]], good.get(key), row[key]) for key in some}}


def _other(rng: random.Random, ways: Sequence[int], good: int | None, at: int | None) -> int | None:
    """Something for another blank cell: mostly what a row that is paid has there, if anything."""
    if rng.random() < 0.85:
        return good if good in ways else at
    return rng.choice(ways) if ways else at


def broken(
    space: Space, places: pl.DataFrame, judged: pl.DataFrame, seed: int, counts: Counter[str], most: int = 100
) -> Iterator[tuple[str, str, str, pl.DataFrame]]:
    """Law, kind ("": it is broken), of what, and the row before and after; ``counts`` is told of how many each law was tried.

    ``most``: in how many ways each blank is filled by itself, where there are more.
    """
    one = singles(space, places, judged, seed, most)
    some = several(space, places, judged, seed)
    counts.update({"rows": places.height, "fillings": one.height + some.height})
    changes = {"decided": (turned, one), "decided, several": (turned, some), "needless": (needless, one)}
    for law, (ask, filled) in changes.items():
        for row in ask(space, places, filled).iter_rows(named=True):
            counts[f"{law} {row['kind']}"] += 1
            after = pl.DataFrame([{name: row[name] for name in space.values}], schema=places.schema)
            yield law, row["kind"], row["cell"], pl.concat([places[row["of"]], after])
    for row in undecided(space, places, judged, seed).iter_rows(named=True):
        counts["undecided "] += 1
        yield "undecided", "", row["asked"], pl.DataFrame([{name: row[name] for name in space.values}], schema=places.schema)


def unneeded(
    space: Space, places: pl.DataFrame, judged: pl.DataFrame, seed: int, counts: Counter[str]
) -> Iterator[tuple[str, str, str, pl.DataFrame]]:
    """As :func:`broken`, of what is asked for in vain: a search, which finds no proof where a row has many blanks."""
    for of, name, kind in in_vain(space, places, judged, seed).iter_rows():
        counts[f"in vain {kind}"] += 1
        yield "in vain", kind, name, places[of]
