"""Findings that somebody has answered for: they stay in the list, as hints that say who waived them until when.

A person is known by a keyed hash of the ID, so that the file of waivers can be sent without saying whom it is about. A waiver
excuses what is known to be wrong; what could not be checked (JY9xx) is not known and can't be waived.
"""

import hmac
from collections.abc import Iterable, Iterator
from datetime import date

import msgspec
import polars as pl
from msgspec.structs import replace

from jybf.audit.catalogue import codes
from jybf.model import CONTEXT, DOUBT, FINDING_COLUMNS, HINT, LINE, ROW, SHEET, Findings, Roster
from jybf.roster import fold_name
from jybf.vocabulary.roles import FIRM

EXPIRED, UNUSED = "JY801", "JY802"
HASH_DIGITS = 32
_AT, _INDEX, _STATE, _KEY = "_序", "_条", "_效", "_键"


class Waiver(msgspec.Struct, frozen=True):
    """One entry: findings of ``code`` on ``person`` (a :func:`person_hash`) or ``employer`` (name or credit code).

    It holds from ``issued`` to ``expires``, both days counted; ``program``: on rows of that programme only, "" for any.
    """

    code: str
    person: str
    employer: str
    reason: str
    approved_by: str
    issued: date
    expires: date
    program: str = ""

    def state(self, on: date) -> int:
        """0 if it holds on that day, 1 if it has expired, 2 if it is yet to begin."""
        return 2 if on < self.issued else int(on > self.expires)


class Waivers(msgspec.Struct, frozen=True):
    """The entries of one file: its name and SHA-256, and the key of the hashes (needed only where persons are named)."""

    entries: tuple[Waiver, ...]
    name: str
    sha256: str
    key: bytes = b""

    def told(self, on: date) -> str:
        """What the provenance says of them: the only thing in a run that depends on the day, hence with it."""
        return f"{self.name} {self.sha256[:12]}，按 {on} 判断"


def person_hash(key: bytes, number: str) -> str:
    """HMAC-SHA-256 of an ID in 32 hexadecimal digits."""
    return hmac.new(key, number.strip().upper().encode(), "sha256").hexdigest()[:HASH_DIGITS]


def apply(
    findings: Findings, waivers: Waivers, on: date, *, roster: Roster | None = None, wanted: frozenset[str] | None = None
) -> Findings:
    """``findings`` with what is waived on that day at 提示, and what the waivers themselves give cause to say.

    JY801 beside each finding whose waiver has expired; JY802 for a waiver that was of no use though its check ran: each on
    somebody in the ``roster`` by itself (without a roster: each), all others in one. ``wanted``: the codes to report.
    """
    if not waivers.entries:
        return findings
    numbered = pl.concat([findings.rows, findings.context], how="horizontal").with_row_index(_AT)
    hits = _hits(numbered, waivers, roster).join(_entries(waivers, on), on=_INDEX)
    best = hits.sort(_AT, _STATE, _INDEX).unique(_AT, keep="first", maintain_order=True)
    held, expired = best.filter(pl.col(_STATE) == 0), best.filter(pl.col(_STATE) == 1)
    reported = {EXPIRED, UNUSED} & (wanted if wanted is not None else {EXPIRED, UNUSED})
    parts = [_waived(numbered, held)]
    if EXPIRED in reported:
        parts.append(_expired(numbered, expired))
    if UNUSED in reported:
        parts.append(_notes(numbered, _unused(findings, waivers, hits, roster, on), waivers))
    rows = pl.concat(parts).sort(SHEET, LINE, _AT, "编号", nulls_last=True, maintain_order=True)
    checked = tuple(sorted({*findings.checked, *reported}))
    return replace(findings, rows=rows.select(FINDING_COLUMNS), context=rows.select(CONTEXT), checked=checked)


def _entries(waivers: Waivers, on: date) -> pl.DataFrame:
    """What each entry says, and its state on that day."""
    rows = [(i, each.state(on), each.approved_by, each.reason, *_period(each)) for i, each in enumerate(waivers.entries)]
    schema = {_INDEX: pl.Int64, _STATE: pl.Int64, "_人": pl.String, "_由": pl.String, "_起": pl.String, "_止": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _period(waiver: Waiver) -> tuple[str, str]:
    return waiver.issued.isoformat(), waiver.expires.isoformat()


def _hits(found: pl.DataFrame, waivers: Waivers, roster: Roster | None) -> pl.DataFrame:
    """Each finding (``_序``) with each entry (``_条``) that is about it, in force or not."""
    entries = enumerate(waivers.entries)
    rows = [(i, w.code, w.person or None, w.employer or None, w.program) for i, w in entries]
    schema = {_INDEX: pl.Int64, "编号": pl.String, "_证": pl.String, "_单": pl.String, "_项": pl.String}
    wanted = pl.DataFrame(rows, schema=schema, orient="row").with_columns(fold_name(pl.col("_单")))
    due = found.join(wanted, on="编号", how="semi")
    people = due.select(_AT, "编号", "补贴项目", _hashes(due["身份证号"], waivers).alias("_证"))
    firms = _firms(due, roster)
    both = [people.join(wanted, on=["编号", "_证"]), firms.join(wanted, on=["编号", "_单"])]
    hits = pl.concat([each.select(_AT, _INDEX, "_项", "补贴项目") for each in both])
    own = (pl.col("_项") == "") | pl.col("补贴项目").str.split("、").list.contains(pl.col("_项"))
    return hits.filter(own).select(_AT, _INDEX).unique(maintain_order=True)


def _hashes(numbers: pl.Series, waivers: Waivers) -> pl.Series:
    """The hash of each ID, each different one hashed once; null for none, and for all if no entry names a person."""
    distinct = numbers.filter(numbers != "").drop_nulls().unique() if waivers.key else numbers.clear()
    known = {number: person_hash(waivers.key, number) for number in distinct}
    return numbers.replace_strict(known, default=None, return_dtype=pl.String)


def _firms(due: pl.DataFrame, roster: Roster | None) -> pl.DataFrame:
    """Each finding with every name and code of the employer that it is about, or whose worker it is about."""
    named = pl.when(pl.col("身份证号") == "").then("姓名")  # a finding about an employer has its name there
    ways = [due.select(_AT, "编号", "补贴项目", fold_name(column).alias("_单")) for column in (pl.col("单位"), named)]
    if roster is not None:
        rows = due.join(roster.rows.select(ROW, *_present(roster)), on=ROW, how="inner", suffix="_册")
        columns = [f"{name}_册" if f"{name}_册" in rows.columns else name for name in _present(roster)]
        ways += [rows.select(_AT, "编号", "补贴项目", fold_name(pl.col(name)).alias("_单")) for name in columns]
    return pl.concat(ways).filter(pl.col("_单").is_not_null(), pl.col("_单") != "").unique(maintain_order=True)


def _present(roster: Roster) -> list[str]:
    return [name for name in FIRM if name in roster.rows.columns]


def _waived(found: pl.DataFrame, held: pl.DataFrame) -> pl.DataFrame:
    """All findings, those that are ``held`` lowered to hints that say why and by whom."""
    rows = found.join(held.drop(_STATE), on=_AT, how="left", maintain_order="left")
    there = pl.col(_INDEX).is_not_null()
    was = pl.format("已豁免（原为{}）：{}", "级别", "问题")
    told = pl.format("豁免：{}；{}批准，{} 起至 {}", "_由", "_人", "_起", "_止")
    marks = {"级别": pl.lit(HINT), "问题": was, "建议": told, "豁免": pl.format("{}批准，至 {}", "_人", "_止")}
    return rows.with_columns(pl.when(there).then(mark).otherwise(name).alias(name) for name, mark in marks.items()).select(
        found.columns
    )


def _expired(found: pl.DataFrame, expired: pl.DataFrame) -> pl.DataFrame:
    """JY801 on the row of each finding that only an expired waiver is about."""
    rows = found.join(expired, on=_AT, how="inner", maintain_order="left")
    told = {
        "问题": pl.format("豁免已于 {} 到期，{}“{}”仍然算数", "_止", "编号", "问题"),
        "依据": pl.format("豁免：{}；{}批准，{} 起至 {}", "_由", "_人", "_起", "_止"),
        "建议": pl.lit("按原发现处理；理由仍在的，重新报批，写新的豁免。"),
    }
    fixed = {"编号": EXPIRED, "级别": DOUBT, "应为": "", "豁免": ""}
    marks = (*(text.alias(name) for name, text in told.items()), *(pl.lit(text).alias(name) for name, text in fixed.items()))
    return rows.with_columns(*marks).select(found.columns)


def _unused(
    findings: Findings, waivers: Waivers, hits: pl.DataFrame, roster: Roster | None, on: date
) -> Iterator[tuple[int, str]]:
    """Which entries were of no use, by their place in the file (from 1; 0: several), and why not."""
    reached: set[int] = set(hits[_INDEX].to_list())
    ran = {code for code in findings.checked if code in codes()}
    here = _in_roster(waivers, roster)
    absent: list[int] = []
    for i, each in enumerate(waivers.entries):
        who = each.employer or "按证号"
        if i in reached and each.state(on) == 2:
            yield i + 1, f"第 {i + 1} 条豁免（{each.code}，{who}）从 {each.issued} 起才有效，这次没有用"
        elif i not in reached and each.code in ran and i in here:
            yield i + 1, f"第 {i + 1} 条豁免（{each.code}，{who}）没有用上：查过了，没有这个发现"
        elif i not in here:
            absent.append(i + 1)
    if absent:
        places = "、".join(map(str, absent[:20])) + (f" 等 {len(absent)}" if len(absent) > 20 else "")
        yield 0, f"第 {places} 条豁免说的人或单位不在这次的花名册里"


def _in_roster(waivers: Waivers, roster: Roster | None) -> set[int]:
    """The entries about somebody in the ``roster``; all of them without one."""
    if roster is None:
        return set(range(len(waivers.entries)))
    rows = roster.rows
    people: set[str | None] = set(_hashes(rows["身份证号"], waivers).to_list()) if "身份证号" in rows.columns else set()
    firms: set[str | None] = set()
    for name in _present(roster):
        firms |= set(rows.select(fold_name(pl.col(name).unique())).to_series().to_list())
    folded = _folded(each.employer for each in waivers.entries)
    return {i for i, each in enumerate(waivers.entries) if (each.person in people if each.person else folded[i] in firms)}


def _folded(names: Iterable[str]) -> list[str]:
    return pl.DataFrame({_KEY: pl.Series(list(names), dtype=pl.String)}).select(fold_name(pl.col(_KEY))).to_series().to_list()


def _notes(found: pl.DataFrame, notes: Iterable[tuple[int, str]], waivers: Waivers) -> pl.DataFrame:
    """JY802 for each of ``notes``, on no row of the roster."""
    todo = "核对编号、人和单位；用不着的删去。"
    elsewhere = "不在这次花名册里的不用管；应该在的，核对证号、单位名称和密钥。"
    rows = [
        {
            "编号": UNUSED, "级别": HINT, "文件": waivers.name, "问题": text, "依据": "豁免应有所指",
            "建议": todo if place else elsewhere,
        }
        for place, text in notes
    ]  # fmt: skip
    texts = pl.col(pl.String).fill_null("")
    told = pl.DataFrame(rows, schema={name: found.schema[name] for name in ("编号", "级别", "文件", "问题", "依据", "建议")})
    return pl.concat([found.clear(), told], how="diagonal").with_columns(texts)
