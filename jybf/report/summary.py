"""The end of a run in numbers: where every row of the input went, per programme what is certain and what is held back."""

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from jybf.assess.partial import left_out
from jybf.model import (
    APART,
    INCOMPLETE,
    LEVELS,
    LINE,
    MERGED,
    PAID,
    REFUSED,
    RESULTS,
    ROW,
    SHEET,
    STOP,
    UNDETERMINED,
    Findings,
    Near,
    Program,
    ProgramSum,
    Release,
    Roster,
    Sheet,
    Summary,
    Verdicts,
)

UNNAMED, OTHERS = "未指明项目", "别的项目"
PLACES = (PAID, UNDETERMINED, INCOMPLETE, REFUSED, MERGED, UNNAMED, OTHERS, APART)  # a row counts at the first that it reaches
_MEASURED = ("不少于", "不超过", "不晚于", "不早于", "大于", "小于", "早于", "晚于")  # what one can miss by a little


def summarise(verdicts: Verdicts, roster: Roster, missing: pl.DataFrame, part: pl.Series | None = None) -> Summary:
    """What a run of ``calc`` ends with. ``missing``: ``_row``, ``项目``, ``字段`` of each fact that an open row lacks.

    ``part``: the ``_row`` of those that the ``verdicts`` are about, where they are about a part only.
    """
    lines = _places(verdicts, roster, part)
    releases = _releases(verdicts, missing)
    return Summary(sum(lines.values()), lines, _programs(verdicts), releases, tuple(_near(verdicts)), manual=_manual(verdicts))


def added(parts: Sequence[Summary], sheets: Sequence[Sheet]) -> Summary:
    """The summary of a whole that was summed up in ``parts``, each about its own rows; ``sheets``: all that were read."""
    lines = {place: count for place in PLACES if (count := sum(part.lines.get(place, 0) for part in parts))}
    lines |= _other_lines(sheets)
    programs: dict[str, ProgramSum] = {}
    releases: dict[str, Release] = {}
    near: dict[tuple[str, str], int] = {}
    for part in parts:
        for own in part.programs:
            so_far = programs.get(own.program, ProgramSum(own.program, dict.fromkeys(RESULTS, 0), 0, 0))
            counts = {result: so_far.counts[result] + own.counts[result] for result in RESULTS}
            programs[own.program] = ProgramSum(
                own.program, counts, so_far.paid_fen + own.paid_fen, so_far.held_fen + own.held_fen
            )
        for own in part.releases:
            so_far = releases.get(own.fact, Release(own.fact, 0, 0))
            releases[own.fact] = Release(own.fact, so_far.rows + own.rows, so_far.fen + own.fen)
        for own in part.near:
            near[own.program, own.text] = near.get((own.program, own.text), 0) + own.rows
    freed = tuple(sorted(releases.values(), key=lambda release: (-release.fen, -release.rows, release.fact)))
    manual = tuple(dict.fromkeys(sentence for part in parts for sentence in part.manual))
    missed = tuple(Near(program, text, rows) for (program, text), rows in near.items())
    return Summary(sum(lines.values()), lines, tuple(programs.values()), freed, missed, manual=manual)


def summarise_findings(findings: Findings, part: pl.Series | None = None) -> Summary:
    """What a run of ``audit`` ends with, or a ``part`` of it, as of :func:`summarise`.

    A row with several findings at 拦截 puts its largest sum at risk, once. A total
    that does not add up is on no row of data: an error of the sheet, and no money of anybody's.
    """
    from jybf.audit.balance import balances  # calc does without the audit
    from jybf.audit.release import clearance, gravest

    lines = _places(findings.verdicts, findings.roster, part)
    counts = dict(findings.rows.group_by("级别").len().iter_rows())
    stopping = (pl.col("级别") == STOP) & pl.col(ROW).is_not_null()
    on_rows = findings.rows.select("级别", LINE, "涉及金额").hstack(findings.context.select(ROW, SHEET)).filter(stopping)
    stopped = on_rows.group_by(SHEET, LINE).agg(pl.max("涉及金额"), pl.len())
    worst = None if findings.partial else gravest(findings)
    levels = {level: int(counts.get(level, 0)) for level in LEVELS}
    unstated = int(stopped.filter(pl.col("涉及金额").is_null())["len"].sum())
    return Summary(
        sum(lines.values()), lines, levels=levels, risk_fen=int(stopped["涉及金额"].sum()), risk_unstated=unstated,
        clearance=clearance(findings, worst), balances=balances(findings, worst),
        manual=() if findings.partial else _manual(findings.verdicts),
    )  # fmt: skip


def _places(verdicts: Verdicts, roster: Roster, part: pl.Series | None) -> Mapping[str, int]:
    """How many lines of all sheets ended where; each exactly once, so that the numbers add up to the files' lines.

    Of a ``part`` its rows only.
    """
    place = pl.repeat(PLACES.index(APART), roster.rows.height, dtype=pl.UInt8, eager=True)
    place.scatter(left_out(verdicts), PLACES.index(OTHERS))
    place.scatter(verdicts.unnamed[ROW], PLACES.index(UNNAMED))
    place.scatter(verdicts.merged[ROW], PLACES.index(MERGED))
    for result in (REFUSED, INCOMPLETE, UNDETERMINED, PAID):  # a better place overwrites a worse one
        rows = verdicts.rows.select(ROW, "结果").filter(pl.col("结果") == RESULTS.index(result))
        place.scatter(rows[ROW], PLACES.index(result))
    place = place if part is None else place.gather(part)
    counts = place.rename("place").value_counts().sort("place")
    told = {PLACES[int(rank)]: int(count) for rank, count in counts.iter_rows()}
    return told | _other_lines(roster.sheets) if part is None else told


def _other_lines(sheets: Sequence[Sheet]) -> dict[str, int]:
    others: dict[str, int] = {}
    for sheet in sheets:
        for kind, count in sheet.lines.items():
            if kind != "数据" and count:
                others[kind] = others.get(kind, 0) + count
    return others


def _programs(verdicts: Verdicts) -> tuple[ProgramSum, ...]:
    sums: dict[int, dict[str, tuple[int, int, int]]] = {}
    grouped = verdicts.rows.group_by("项目", "结果").agg(pl.len(), pl.sum("分"), pl.sum("可望"))
    for program, result, *figures in grouped.sort("项目", "结果").iter_rows():
        sums.setdefault(program, {})[RESULTS[result]] = tuple(figures)
    whole = {program: {**dict.fromkeys(RESULTS, (0, 0, 0)), **by} for program, by in sums.items()}
    return tuple(
        ProgramSum(verdicts.pack.programs[index].id, {r: by[r][0] for r in RESULTS}, by[PAID][1], by[INCOMPLETE][2])
        for index, by in whole.items()
    )


def _releases(verdicts: Verdicts, missing: pl.DataFrame) -> tuple[Release, ...]:
    """The sets of facts that open rows lack: filling one set decides its rows. Largest sum first, then most rows."""
    sums: dict[str, Release] = {}
    for (program,), lacks in missing.group_by("项目"):
        hopes = verdicts.rows.filter(pl.col("项目") == program).select(ROW, "可望")
        for facts, rows, fen in _sets(lacks, hopes):
            so_far = sums.get(facts, Release(facts, 0, 0))
            sums[facts] = Release(facts, so_far.rows + rows, so_far.fen + fen)
    return tuple(sorted(sums.values(), key=lambda release: (-release.fen, -release.rows, release.fact)))


def _sets(lacks: pl.DataFrame, hopes: pl.DataFrame) -> Iterator[tuple[str, int, int]]:
    """Each set of facts that rows of one programme lack, how many rows, and their 分. A set is a bit mask until the end."""
    names = lacks["字段"].unique().sort().to_list()
    bits = {name: 1 << bit for bit, name in enumerate(names)}
    bit = pl.col("字段").replace_strict(bits, return_dtype=pl.Int64)
    masks = lacks.group_by(ROW).agg(bit.sum().alias("mask")).join(hopes, on=ROW)
    for mask, rows, fen in masks.group_by("mask").agg(pl.len(), pl.sum("可望")).iter_rows():
        yield "、".join(name for name in names if mask & bits[name]), int(rows), int(fen)


def _manual(verdicts: Verdicts) -> tuple[str, ...]:
    """What no predicate decides about the programmes that pay, or would if their sum were set: printed, never taken as true."""
    payable = [RESULTS.index(PAID), RESULTS.index(UNDETERMINED)]
    here = verdicts.rows.filter(pl.col("结果").is_in(payable))["项目"].unique().sort()
    programs: list[Program] = [verdicts.pack.programs[int(index)] for index in here.to_list()]
    return tuple(f"{program.id}：{text}  {cite}" for program in programs for cite, text in program.manual)


def _near(verdicts: Verdicts) -> Iterator[Near]:
    """Rows that one measured condition alone keeps from being paid, counted by condition: worth a second look."""
    alone = verdicts.rows.select("项目", "结果", "不符", "缺", "缘由").filter(
        (pl.col("结果") == RESULTS.index(REFUSED)) & (pl.col("缺") == 0) & (pl.col("缘由") == "")
    )
    for index, bits, count in alone.group_by("项目", "不符").len().sort("项目", "不符").iter_rows():
        program = verdicts.pack.programs[int(index)]
        failed = int(bits)
        clause = program.clauses[failed.bit_length() - 1] if failed.bit_count() == 1 else None  # the only one
        if clause and clause.holds.want.startswith(_MEASURED):
            yield Near(program.id, clause.text, count)
