"""``jybf diff``: from two audits' JSON to what changed, wherever the user wants it."""

from __future__ import annotations

import codecs
import io
import os
import sys
from pathlib import PurePath
from typing import TYPE_CHECKING

from jybf.diff import compare, load
from jybf.errors import Problem, UsageError
from jybf.report.diff import FORMS, print_difference, write
from jybf.report.output import check_target, replacing
from jybf.report.screen import console
from jybf.visible import say, sentence

if TYPE_CHECKING:
    from pathlib import Path

    from jybf.commands.request import Delivery


def show_difference(old: str, new: str, delivery: Delivery, *, threshold: str, everything: bool = False) -> int:
    """Deliver what changed from the audit in ``old`` to that in ``new`` (paths; one may be "-"). Gives the exit code.

    1 if anything at ``threshold`` or above is new or was below it before, else 0. Raises UsageError for two that can't be
    compared, InputError for a file that is no audit's JSON, OutputError.
    """
    form, target = _plan(delivery, old, new)
    found = compare(load(old), load(new))
    mask = not delivery.show_pii if form == "table" else delivery.mask
    if form == "table" and not target and sys.stdout.isatty():
        print_difference(found, console(), mask=mask, everything=everything)
    else:
        text = io.BytesIO()
        write(found, text, form, mask=mask, everything=everything)
        _put(text.getvalue(), form, target)
    if not delivery.quiet:
        for notice in found.notices if form != "table" or target else ():
            say(f"提示：{sentence(notice)}", sys.stderr)
        if target:
            say(f"已写入 {delivery.output}", sys.stderr)
    worse = found.worse(threshold)
    if worse and not delivery.quiet:
        say(f"以 1 退出：新增或升到“{threshold}”以上的 {worse} 条", sys.stderr)
    return int(bool(worse))


def _plan(delivery: Delivery, old: str, new: str) -> tuple[str, Path | None]:
    """The format and the file; without either, a terminal gets the page and a pipe gets CSV."""
    if delivery.mask and delivery.show_pii:
        raise UsageError(Problem("--mask 与 --show-pii 只能用一个"))
    if old == new == "-":
        raise UsageError(Problem("标准输入只能用一次", "", "另一份给文件名"))
    suffix = PurePath(delivery.output).suffix.lower()
    by_suffix = next((form for form, known in FORMS.items() if known == suffix), "")
    form = delivery.form or (by_suffix if delivery.output else "table" if sys.stdout.isatty() else "csv")
    if form not in FORMS:
        wrong = f"没有输出格式“{form}”" if form else f"不知道怎样写“{suffix or '没有后缀的文件'}”"
        raise UsageError(Problem(wrong, delivery.output, f"diff 可用：{'、'.join(FORMS)}，后缀 {' '.join(FORMS.values())}"))
    if delivery.output and by_suffix not in ("", form):
        raise UsageError(Problem(f"后缀与 -f {form} 不一致", delivery.output, f"后缀改成 {FORMS[form]}，或去掉 -f"))
    return form, check_target(delivery.output, (old, new)) if delivery.output else None


def _put(data: bytes, form: str, target: Path | None) -> None:
    """``data`` into ``target``, else to stdout; a reader that has seen enough (``| head``) is no error."""
    if target:
        with replacing(target) as out:
            out.write((codecs.BOM_UTF8 if form == "csv" else b"") + data)
        return
    try:
        sys.stdout.buffer.write(data)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
