"""What a run tells beside its result: of the files that were read, of the lists, and of the rows that were left out."""

from collections.abc import Iterator, Sequence

import polars as pl

from jybf.assess import known_from, places
from jybf.assess.partial import left_out
from jybf.commands.request import Request
from jybf.model import Listing, Roster, Verdicts
from jybf.roster import kinds

ASKED = ("合同开始日期",)  # facts that these notices ask for
_MOST = 5  # rows that a notice names


def about_files(roster: Roster, history: Roster | None, lists: Sequence[Listing]) -> Iterator[str]:
    """What their readers told of them, and which files are copies of each other."""
    yield from roster.notices
    yield from _copies(roster)
    yield from history.notices if history else ()
    yield from (notice for each in lists for notice in _about_list(each))


def about_verdicts(verdicts: Verdicts, roster: Roster, request: Request) -> Iterator[str]:
    """Rows that were left out, rows whose days rest on another cell, and rows of the history that nobody was held against."""
    if count := left_out(verdicts).len():
        yield _left_out(verdicts, count, request)
    if terms := known_from(verdicts.known, *ASKED, "上岗日期"):
        yield f"有 {terms} 行合同只写了期限，没有写开始日期：从上岗日期起算"
    if verdicts.unmatched:
        yield _unmatched(verdicts, roster)


def _left_out(verdicts: Verdicts, count: int, request: Request) -> str:
    """That rows of other programmes than those asked for were left out, and what to do if they are none."""
    asked = "、".join(request.programs)
    said = f"有 {count} 行属于别的项目，没有算进来"
    if verdicts.rows.height or verdicts.merged.height:
        return said
    return f"没有一行是“{asked}”：{said}；不看表上写的、每一行都按它算的，用 --as-program {request.programs[0]}"


def _unmatched(verdicts: Verdicts, roster: Roster) -> str:
    """Which rows of the history were held against nobody, and why."""
    rows = verdicts.unmatched
    shown = places(pl.Series([-1 - row for row, _ in rows[:_MOST]], dtype=pl.Int64), verdicts, roster)
    told = "；".join(f"{place.removeprefix('历史记录')}{why}" for place, (_, why) in zip(shown, rows, strict=False))
    more = f"；等 {len(rows)} 行" if len(rows) > _MOST else ""
    return f"历史发放有 {len(rows)} 行认不出项目或人，没有比对：{told}{more}。补齐再比；已隐去的，用没有隐去的原件"


def _about_list(listing: Listing) -> Iterator[str]:
    """What a user must know of a list: its day, and whom it can't say anything about."""
    name = listing.kind.name
    yield from listing.roster.notices
    unknown = dict.fromkeys(column for sheet in listing.roster.sheets for column in sheet.unknown)
    if unknown and not listing.whole:  # of a list that is read whole its own notices say so
        yield f"{name}：不认识的列没有用到：{'、'.join(unknown)}；有用的，用 --map 指定"
    if other := _another_kind(listing):
        yield f"{name}：这份名单的表题、文件名像是“{other}”，按“{name}”比对：核对是不是给错了"
    if listing.drawn is None:
        yield f"{name}：不知道名单是哪一天的数据，发现里写“数据时点不明”；写成 {name}=文件@2021-12-31"
    if listing.dark:
        yield f"{name}：有 {listing.dark} 行的“{listing.kind.keys[0]}”认不出，比对不到这些人"
    if lacking := [want for want in listing.kind.wants if want not in listing.roster.rows.columns]:
        yield f"{name}：没有“{'”“'.join(lacking)}”列，命中的只能算疑点"


def _another_kind(listing: Listing) -> str:
    """The kind of list that its title or file speaks of, if it is not this one: the wrong file may have been given."""
    told = " ".join(f"{sheet.title} {sheet.name} {sheet.file}" for sheet in listing.roster.sheets)
    spoken = [kind.name for kind in kinds().values() if any(word in told for word in (kind.name, *kind.aliases))]
    return "" if listing.kind.name in spoken or not spoken else spoken[0]


def _copies(roster: Roster) -> Iterator[str]:
    """Files that are the same byte for byte: their people stand there twice."""
    files: dict[str, dict[str, None]] = {}
    for sheet in roster.sheets:
        files.setdefault(sheet.sha256, {})[sheet.read or sheet.file] = None
    yield from (f"{'、'.join(names)}：内容一模一样，每一行都算了两遍；只留一个" for names in files.values() if len(names) > 1)
