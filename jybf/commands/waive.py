"""``jybf waive``: one waiver, written for somebody of a roster, ready to be added to ``jybf-waivers.toml``."""

import difflib
import sys
from datetime import date
from pathlib import Path

import msgspec
import polars as pl

from jybf.audit.waiver_file import NAME, entry_text, find_waivers, make_key, parse_waivers, read_key
from jybf.audit.waivers import Waiver, person_hash
from jybf.commands.opening import column_map
from jybf.commands.request import Request
from jybf.errors import Problem, UsageError
from jybf.model import LINE, SHEET, Roster
from jybf.report.output import check_target, replacing
from jybf.roster import fold_name, read
from jybf.visible import say, show
from jybf.vocabulary.roles import FIRM

_MOST_LINES = 7  # digits of a row's number; what is longer is somebody's own number
_HEAD = "# 豁免：谁批准、为什么、到哪一天。jybf audit 自动读取；用 jybf waive 花名册 --append 加一条。\n"


class Wish(msgspec.Struct, frozen=True):
    """What is to be waived, as it was typed: ``who`` (an ID, a name or a row's number) or ``employer``."""

    code: str
    reason: str
    approved_by: str
    issued: date
    expires: date | None
    who: str = ""
    employer: str = ""
    program: str = ""


def waive(request: Request, wish: Wish, *, waivers: str = "", append: bool = False, quiet: bool = False) -> None:
    """Print the entry for ``wish`` on stdout, or ``append`` it to ``waivers`` (default: the nearest file, else one here).

    The key of the hashes is made if there is none yet. Raises UsageError with all faults, OutputError.
    """
    path = Path(waivers) if waivers else find_waivers(Path.cwd()) or Path.cwd() / NAME
    _check(wish)
    roster = read(request.files, sheet=request.sheet, encoding=request.encoding, columns=column_map(request))
    number = _number(roster, wish.who.strip()) if wish.who else ""
    employer = "" if wish.who else _employer(roster, wish.employer)
    parse_waivers(
        _toml(wish, "0" * 32 if number else "", employer).encode(), "这条豁免", ""
    )  # faults before a key is made for nothing
    made = make_key(path) if number else None
    text = _toml(wish, person_hash(read_key(path), number) if number else "", employer)
    if append:
        _append(path, text)
    else:
        show(f"\n{text}".rstrip("\n"))  # the file that it is appended to may end within a line
    if made and not quiet:
        say(f"提示：新建了密钥 {made}：是秘密，只有它能认出豁免里的人；备份好，不要随豁免文件外传", sys.stderr)
    if not quiet:
        say(f"已加到 {path}" if append else f"加到 {path} 末尾才有用：同样的命令加上 --append", sys.stderr)


def _check(wish: Wish) -> None:
    faults = [] if bool(wish.who) != bool(wish.employer) else [Problem("--who 和 --employer 要给一个，只给一个")]
    faults += [] if wish.expires else [Problem("没有写到期日", "--expires", "如 --expires 2026-12-31；豁免不能没有期限")]
    if faults:
        raise UsageError(*faults)


def _toml(wish: Wish, person: str, employer: str) -> str:
    expires = wish.expires or wish.issued
    about = (wish.code.strip().upper(), person, employer, wish.reason, wish.approved_by)
    return entry_text(Waiver(*about, issued=wish.issued, expires=expires, program=wish.program))


def _append(path: Path, text: str) -> None:
    """Add ``text`` to the file, which must be right before and after."""
    target = check_target(str(path), ())
    old = target.read_bytes() if target.exists() else _HEAD.encode()
    whole = old.rstrip() + b"\n\n" + text.encode()
    parse_waivers(whole, str(path))
    with replacing(target) as out:
        out.write(whole)


def _number(roster: Roster, who: str) -> str:
    """The ID of the one person whom ``who`` names."""
    rows = roster.rows
    if "身份证号" not in rows.columns:
        hint = "换一份有证号的花名册，或用 --employer 按单位豁免"
        raise UsageError(Problem("花名册没有“身份证号”列，不能按人豁免", "--who", hint))
    found = rows.filter(_named(roster, who))
    if found.is_empty():
        near = _near(rows, ("姓名",), who)
        raise UsageError(Problem("花名册里没有这个人", "--who", near or "写证号、姓名，或 Excel 的行号"))
    numbers = found["身份证号"].drop_nulls().unique()
    if len(numbers) > 1:
        names = {sheet.index: sheet.name for sheet in roster.sheets}
        places = [f"{names[sheet]}第 {line} 行" for sheet, line in found.select(SHEET, LINE).head(10).iter_rows()]
        raise UsageError(Problem(f"不止一个人：{'、'.join(places)}", "--who", "写行号或证号；几张表时再加 --sheet"))
    if numbers.is_empty():
        raise UsageError(Problem("这一行的身份证号没有写，或认不出，不能按人豁免", "--who", "先更正证号"))
    return str(numbers[0])


def _named(roster: Roster, who: str) -> pl.Expr:
    if who.isascii() and who.isdigit() and len(who) <= _MOST_LINES:
        return pl.col(LINE) == int(who)
    if who[:1].isdigit():
        return pl.col("身份证号") == who.upper()
    name = pl.col("姓名") if "姓名" in roster.rows.columns else pl.lit("")
    return fold_name(name) == fold_name(pl.lit(who))


def _employer(roster: Roster, name: str) -> str:
    """The employer as the roster writes it: its name or its code, whichever was given."""
    columns = [column for column in FIRM if column in roster.rows.columns]
    for column in columns:
        found = roster.rows.filter(fold_name(pl.col(column)) == fold_name(pl.lit(name.strip())))
        if found.height:
            return str(found[column][0])
    raise UsageError(Problem(f"花名册里没有单位“{name}”", "--employer", _near(roster.rows, columns, name) or "核对单位名称"))


def _near(rows: pl.DataFrame, columns: tuple[str, ...] | list[str], name: str) -> str:
    known = {str(each) for column in columns if column in rows.columns for each in rows[column].drop_nulls().unique()}
    near = difflib.get_close_matches(name, sorted(known), n=3, cutoff=0.5)
    return f"相近的：{'、'.join(near)}" if near else ""
