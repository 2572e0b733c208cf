"""What a run is given: roster, policy, history and lists, read and checked against each other, and the assessment of it."""

import os
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path

import msgspec
import polars as pl

from jybf import __version__
from jybf.assess import assess
from jybf.assess.needed import without_idle
from jybf.commands.config import Config, load_config
from jybf.commands.notices import ASKED, about_files, about_verdicts
from jybf.commands.own_pack import load_checked
from jybf.commands.pace import ASSESS, DESCRIBE, counted, of_rows, reading, sized
from jybf.commands.past import files_of, read_history
from jybf.commands.request import Request
from jybf.errors import Problem, UsageError
from jybf.model import Listing, Pack, Roster, Verdicts
from jybf.policy import detect_region
from jybf.policy.folders import use_folder
from jybf.policy.regions import named_elsewhere
from jybf.report.progress import Doing
from jybf.roster import NO_MAP, ColumnMap, Options, keyed, load_map, parse_against, read, reading_lists, same_homes
from jybf.visible import sentence
from jybf.vocabulary.fields import load_fields

Say = Callable[[str], None]

_OPTION = "--region"


class Opened(msgspec.Struct, frozen=True):
    """All that a report is made of. ``provenance``: what determines the figures, in words."""

    roster: Roster
    pack: Pack
    history: Roster | None
    lists: tuple[Listing, ...]
    verdicts: Verdicts
    provenance: dict[str, str]


def open_run(request: Request, say: Say, progress: Doing, then: float = DESCRIBE, *, whole: bool = True) -> Opened:
    """Read all that ``request`` names, choose the policy and assess. ``say`` gets the notices, ``progress`` what is being done.

    ``then``: the seconds that follow for a million rows; ``whole``: what follows asks more of the rows than verdicts in words.

    Raises UsageError, PackError and InputError, each with all there is to say.
    """
    whole = whole or request.carried
    against = [parse_against(text) for text in request.against]
    config, path = load_config(Path.cwd())
    settings = dict(config.settings) | dict(request.settings)
    region, source = stated_region(request, config, path)
    # a wrong name is told before a large file is read
    pack = load_checked(region, source, settings, request.law_as_of) if region else None
    columns = column_map(request, config)
    check_map(request, columns, [(shown_name(path), None) for path in (*request.files, *request.history)])
    with reading_lists(against, Options(None, request.encoding, columns.of_named_files())) as held_against:
        progress("读取花名册", *reading(request.files, then))
        roster = _roster(request, columns, progress, keyed=whole)
        check_sheet(request, (sheet.file for sheet in roster.sheets if not sheet.name))
        history, paid = read_history(request, config, columns, progress)
        if history:
            roster, history = same_homes([roster if whole else keyed(roster), history])
        sheets = (*roster.sheets, *(history.sheets if history else ()))
        check_map(request, columns, [(sheet.file, sheet.name) for sheet in sheets])
        lists = held_against(roster)
    read_ = (*sheets, *(sheet for each in lists for sheet in each.roster.sheets))
    idle = columns.unused(read_) if request.columns else ()  # the map of jybf.toml is for many forms
    for notice in (*idle, *about_files(roster, history, lists)):
        say(notice)
    pack = _settled(pack, source, roster, settings, request, say)
    rows = roster.rows.height
    progress(f"逐行测算 {counted(rows)}", of_rows(ASSESS, rows), of_rows(then, rows))
    if not whole:
        roster = without_idle(roster, pack, request.programs, force=request.force, past=history is not None)
    beside = None if whole else ASKED
    verdicts = assess(
        roster, pack, programs=request.programs, force=request.force, as_of=request.as_of, history=history, beside=beside
    )
    for notice in about_verdicts(verdicts, roster, request):
        say(notice)
    judged = verdicts.rows["项目"].unique()
    provenance = _provenance(request, roster, history, paid, pack, settings, columns, judged) | _lists(lists)
    return Opened(roster, pack, history, lists, verdicts, provenance)


def _settled(pack: Pack | None, source: str, roster: Roster, settings: Mapping[str, str], request: Request, say: Say) -> Pack:
    """``pack``, which ``source`` says, else that of the region that the roster tells; what speaks against it is said."""
    if pack is None:
        region, why = detect_region(roster)
        pack = load_checked(region, "", settings, request.law_as_of)
        say(f"按{pack.name}的政策处理：{why}；不对时用 --region 指定")
    elif elsewhere := named_elsewhere(roster, pack):
        say(f"按{pack.name}的政策处理（{source}），但{elsewhere}：核对地区")
    elif source != _OPTION:
        say(f"按{pack.name}的政策处理：{source}；不对时用 --region 指定")
    return pack


def stated_pack(request: Request, say: Say) -> tuple[Pack, dict[str, str]]:
    """The pack that is asked for, where no roster is at hand to tell, and what determines the figures besides the files."""
    config, path = load_config(Path.cwd())
    settings = dict(config.settings) | dict(request.settings)
    region, source = stated_region(request, config, path)
    if not region:
        raise UsageError(Problem("没有写地区", "", "加上 --region，如 --region shanxi"))
    pack = load_checked(region, source, settings, request.law_as_of)
    if source != _OPTION:
        say(f"按{pack.name}的政策处理：{source}；不对时用 --region 指定")
    columns = column_map(request, config)
    nothing = Roster(pl.DataFrame(), pl.DataFrame(), ())
    return pack, _provenance(request, nothing, None, {}, pack, settings, columns, ())


def _roster(request: Request, columns: ColumnMap, progress: Doing, *, keyed: bool) -> Roster:
    def told(path: str) -> None:
        progress(f"读取 {shown_name(path)}{sized(path)}")

    sheet, encoding, carried = request.sheet, request.encoding, request.carried
    return read(request.files, sheet=sheet, encoding=encoding, columns=columns, progress=told, carried=carried, keyed=keyed)


def _lists(lists: Sequence[Listing]) -> dict[str, str]:
    """The lists among the provenance: kind, file, digest, day, how many rows."""
    told = [
        f"{each.kind.name}（{files_of(each.roster.sheets)}，{each.drawn or '时点不明'}，{each.total} 行）" for each in lists
    ]
    return {"名单": "、".join(told)} if told else {}


def column_map(request: Request, config: Config | None = None) -> ColumnMap:
    """The map of columns of --map, else that of jybf.toml, else an empty one. Raises UsageError with all its faults."""
    path = request.columns or (config or load_config(Path.cwd())[0]).columns
    return load_map(path, load_fields()) if path else NO_MAP


def stated_region(request: Request, config: Config, path: Path | None) -> tuple[str, str]:
    """The region of --region, else JYBF_REGION, else jybf.toml, and where it was said; else nothing: the roster may tell."""
    use_folder(request.rules)  # a region's pack may stand there
    said = ((request.region, _OPTION), (os.environ.get("JYBF_REGION", ""), "环境变量 JYBF_REGION"), (config.region, str(path)))
    return next(((region, source) for region, source in said if region), ("", ""))


def left_open(pack: Pack, judged: Iterable[int], said: Collection[str]) -> str:
    """How that is taken which the documents leave open of the programmes that have a verdict, but for what is ``said``."""
    taken = (one for index in sorted(judged) for one in pack.programs[index].settings if one.name not in said)
    return "、".join(dict.fromkeys(f"{one.name}={one.value}" for one in taken))


def check_sheet(request: Request, flat: Iterable[str]) -> None:
    """Raises UsageError where --sheet is asked of ``flat`` files, which have no sheets."""
    if request.sheet and (files := dict.fromkeys(flat)):
        raise UsageError(
            *(Problem("这个文件没有工作表，不能用 --sheet", file, "去掉 --sheet，或另存为 xlsx") for file in files)
        )


def check_map(request: Request, columns: ColumnMap, places: Sequence[tuple[str, str | None]]) -> None:
    """Raises UsageError where no part of --map is meant for any of ``places``: files, and sheets as far as they are known.

    The map of jybf.toml is for many forms and need not be meant for this one.
    """
    if not request.columns or any(columns.speaks_of(*place) for place in places):
        return
    there = "、".join(file + (f"〔{name}〕" if name else "") for file, name in dict.fromkeys(places))
    fault = f"列名文件里没有一张表对得上：里面写的是 {columns.labels}，读的是 {there}"
    raise UsageError(Problem(fault, columns.path, "改 file 和 name（可以用 * 代表任意字），或不用 --map"))


def shown_name(path: str) -> str:
    """``path`` as the sheets read from it are named."""
    return "标准输入" if path == "-" else sentence(path)


def _provenance(
    request: Request,
    roster: Roster,
    history: Roster | None,
    paid: Mapping[str, str],
    pack: Pack,
    settings: dict[str, str],
    columns: ColumnMap,
    judged: Iterable[int],
) -> dict[str, str]:
    """All that determines the figures, and nothing else: the same inputs give the same bytes on any machine and day."""
    sheets = (*roster.sheets, *(history.sheets if history else ()))
    mapped = any(columns.speaks_of(sheet.file, sheet.name) for sheet in sheets)
    facts = {
        "程序": f"jybf {__version__}",
        "规则包": f"{pack.name} {pack.digest[:12]}",
        "输入": files_of(roster.sheets),
        **paid,
        "项目": "" if request.force else "、".join(request.programs),
        "都按": "、".join(request.programs) if request.force else "",
        "工作表": request.sheet or "",
        "列名": f"{Path(columns.path).name} {columns.sha256[:12]}" if mapped else "",
        "规则": "、".join([*request.select, *(f"除 {code}" for code in request.ignore)]),
        "基准日": request.as_of.isoformat() if request.as_of else "",
        "规定截至": request.law_as_of.isoformat() if request.law_as_of else "",
        "设定": "、".join(f"{key}={value}" for key, value in sorted(settings.items())),
        "设置": left_open(pack, judged, settings),
    }
    return {key: value for key, value in facts.items() if value}
