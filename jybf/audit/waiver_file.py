"""``jybf-waivers.toml`` and the key beside it: strict to read, ready to append to."""

import hashlib
import json
import os
import secrets
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import msgspec
from msgspec.structs import replace

from jybf.audit.catalogue import codes
from jybf.audit.waivers import HASH_DIGITS, Waiver, Waivers
from jybf.errors import OutputError, Problem, UsageError
from jybf.regex import pattern
from jybf.roster import credit_code_ok, id_ok
from jybf.visible import sentence
from jybf.vocabulary.toml import Door

NAME, KEY_NAME, KEY_VARIABLE = "jybf-waivers.toml", "jybf-waivers.key", "JYBF_WAIVER_KEY"
BARRED = ("JY8", "JY9")  # what is said of waivers, and what could not be checked: not known to be wrong, so not to be excused
_SHORTEST_KEY = 32  # characters: there are few enough IDs to try them all against the hash of a short one
_NUMBER = pattern(r"(?<!\d)[1-8]\d{5}(?:18|19|20)\d{9}[\dXx](?!\d)")
_HASH = pattern(rf"[0-9a-f]{{{HASH_DIGITS}}}")
_HINT = "用 jybf waive 花名册 写出一条"
_DOOR = Door("豁免文件", UsageError, _HINT)
_KEY_HEAD = """\
# 豁免文件里人的编码靠这个密钥，是秘密：不要随 jybf-waivers.toml 一起外传，也不要改；丢了，按人写的豁免都要重写。
"""


def find_waivers(folder: Path) -> Path | None:
    """The nearest ``jybf-waivers.toml`` from ``folder`` upwards."""
    return next((path for path in (each / NAME for each in (folder, *folder.parents)) if path.is_file()), None)


def waivers_of(path: str, folder: Path) -> Waivers | None:
    """The waivers in ``path``, by default in the nearest file from ``folder`` upwards; None if there is none or it is empty.

    Raises UsageError with all faults.
    """
    found = Path(path) if path else find_waivers(folder)
    waivers = load_waivers(found) if found else None
    return waivers if waivers and waivers.entries else None


def load_waivers(path: Path) -> Waivers:
    """The waivers in ``path``, and their key if one of them names a person. Raises UsageError with all faults at once."""
    data = _DOOR.read(path)
    entries = parse_waivers(data, str(path))
    key = read_key(path) if any(entry.person for entry in entries) else b""
    return Waivers(entries, sentence(path.name), hashlib.sha256(data).hexdigest(), key)


class _Entry(msgspec.Struct):
    code: str
    reason: str
    approved_by: str
    issued: date
    expires: date
    person: str | None = None
    employer: str | None = None
    program: str | None = None

    def texts(self) -> dict[str, str]:
        """What is said in words, key by key."""
        said = {key: value for key, value in msgspec.structs.asdict(self).items() if isinstance(value, str)}
        return {key: text.strip() for key, text in said.items()}


class _File(msgspec.Struct):
    waiver: list[_Entry] = []


def parse_waivers(data: bytes, where: str, hint: str = _HINT) -> tuple[Waiver, ...]:
    """The entries that a file's bytes say, in their order. Raises UsageError with all faults, each with ``hint``."""
    file, problems = replace(_DOOR, hint=hint).typed(data, _File, where)
    told = [(f"{where} 第 {i} 条", fault) for i, entry in enumerate(file.waiver, 1) for fault in _faults(entry)]
    problems += [Problem(fault, at, hint) for at, fault in told]
    if problems:
        raise UsageError(*problems)
    return tuple(_waiver(entry) for entry in file.waiver)


def _waiver(entry: _Entry) -> Waiver:
    texts = {"person": "", "employer": "", **entry.texts()}
    return Waiver(**texts | {"code": texts["code"].upper()}, issued=entry.issued, expires=entry.expires)


def _faults(entry: _Entry) -> Iterator[str]:
    """All that is wrong with what one entry says."""
    said = entry.texts()
    yield from (f"{key} 要写文字，不能空着" for key, text in said.items() if not text)
    if entry.expires < entry.issued:
        yield f"expires {entry.expires} 早于 issued {entry.issued}"
    if ("person" in said) == ("employer" in said):
        yield "person 和 employer 要写一个，只写一个"
    if said["code"]:
        yield from _code_faults(said["code"].upper())
    yield from _identity_faults(said)


def _code_faults(code: str) -> Iterator[str]:
    if code not in codes():
        yield f"没有编号“{code}”的审核规则，jybf explain 列出全部"
    elif code.startswith("JY9"):
        yield f"{code} 是没有查成，不是查出了问题，不能豁免；补齐资料再审"
    elif code.startswith(BARRED):
        yield f"{code} 说的就是豁免，不能豁免"


def _identity_faults(said: dict[str, str]) -> Iterator[str]:
    """Numbers of people never stand in the file, neither as the person nor in a text."""
    person = said.get("person", "")
    for key, text in said.items():
        if _person(text) if key == "employer" else _NUMBER.search(text):
            yield f"{key} 里写着身份证号；豁免文件里不能有证号，用 jybf waive 花名册 --who 行号 写出人的编码"
    if person and not _NUMBER.search(person) and not _HASH.fullmatch(person):
        yield f"person 要写 jybf waive 给出的 {HASH_DIGITS} 位编码"


def _person(text: str) -> bool:
    """Whether what stands for an employer is a citizen's number; a credit code may look like one."""
    number = text.strip().upper()
    return id_ok(number) and not credit_code_ok(number)


def read_key(waivers: Path) -> bytes:
    """The key of the hashes: JYBF_WAIVER_KEY, else the file beside ``waivers``. Raises UsageError if there is none."""
    path = waivers.with_name(KEY_NAME)
    told, where = os.environ.get(KEY_VARIABLE, ""), f"环境变量 {KEY_VARIABLE}"
    if not told:
        where = str(path)
        try:
            told = path.read_text(encoding="utf-8-sig")
        except FileNotFoundError as error:
            hint = f"从写豁免的人那里取来 {KEY_NAME} 放在旁边，或设环境变量 {KEY_VARIABLE}；第一次写豁免用 jybf waive，会新建"
            raise UsageError(Problem("豁免按人写，没有密钥就认不出是谁", where, hint)) from error
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(Problem("密钥读不出来", where, "检查权限；密钥文件是 UTF-8 文本")) from error
    lines = [line.strip() for line in told.splitlines() if line.strip() and not line.startswith("#")]
    if len(lines) != 1 or len(lines[0]) < _SHORTEST_KEY:
        raise UsageError(Problem(f"密钥应是一行，至少 {_SHORTEST_KEY} 个字符", where, "取来原来的密钥；短了能被试出来"))
    return lines[0].encode()


def make_key(waivers: Path) -> Path | None:
    """Write a random key beside ``waivers`` if there is none anywhere yet, for its owner only; where it was written.

    Raises OutputError where it can't be, UsageError where ``waivers`` names persons by a key that is gone.
    """
    path = waivers.with_name(KEY_NAME)
    if os.environ.get(KEY_VARIABLE) or path.exists():
        return None
    if waivers.is_file():
        load_waivers(waivers)  # a new key would make strangers of the persons in it
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
            out.write(f"{_KEY_HEAD}{secrets.token_hex(32)}\n")
    except OSError as error:
        raise OutputError(Problem("密钥写不进去", str(path), "检查文件夹的权限和磁盘空间")) from error
    return path


def entry_text(waiver: Waiver) -> str:
    """``waiver`` as TOML, to be appended to a file."""
    who = ("person", waiver.person) if waiver.person else ("employer", waiver.employer)
    texts = [("code", waiver.code), who, *([("program", waiver.program)] if waiver.program else [])]
    texts += [("reason", waiver.reason), ("approved_by", waiver.approved_by)]
    lines = [f"{key} = {json.dumps(sentence(text), ensure_ascii=False)}" for key, text in texts]
    return "\n".join(["[[waiver]]", *lines, f"issued = {waiver.issued}", f"expires = {waiver.expires}"]) + "\n"
