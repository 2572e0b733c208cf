"""``jybf whatif``: what other sums, or another pack, would change for the rosters at hand. Never a result."""

import sys
from collections.abc import Mapping
from pathlib import Path

from msgspec.structs import replace

from jybf.assess import assess
from jybf.assess.trial import Trial, compared
from jybf.commands.config import load_config
from jybf.commands.deliver import deliver, find_way, listening
from jybf.commands.opening import Opened, open_run
from jybf.commands.own_pack import load_checked
from jybf.commands.request import Delivery, Request, check_inputs
from jybf.errors import Problem, UsageError
from jybf.model import Pack
from jybf.policy.named import settings_by_id
from jybf.policy.settings import with_settings
from jybf.policy.supposed import supposed
from jybf.report.trial_page import FORMS, NO_RESULT, Shown, print_trial, write_trial
from jybf.visible import say
from jybf.vocabulary.amounts import kind_of
from jybf.vocabulary.yuan import yuan


def whatif(request: Request, delivery: Delivery, other: str = "", *, who: bool = False) -> None:
    """Assess twice, as the law is and as it would be, and deliver what is different.

    ``request.settings``: the sums to suppose, on ``other``, a pack of the user's own, if it is given. Raises JybfError of
    every kind.
    """
    if not request.settings and not other:
        raise UsageError(Problem("没有写改什么", "", "用 --set 项目.yuan=金额，或 --pack 另一份规则包.toml"))
    check_inputs(request)
    way = find_way(delivery, (*request.inputs, *filter(None, (other,))), FORMS, command="whatif")
    with listening(quiet=delivery.quiet) as voice:
        pack = _other(other) if other else None
        run = open_run(replace(request, settings={}), voice.say, voice.doing)
        after = supposed(pack or run.pack, request.settings)
        voice.doing("按设想的再算一遍")
        shown = Shown(_trial(run, after, request), _told(run.pack, after, other, request.settings), _from(run, after, other))
    deliver(
        way,
        lambda screen: print_trial(shown, screen, mask=way.mask),
        lambda out: write_trial(shown, out, way.form, mask=way.mask, who=who),
        lambda: say(_summary(shown.trial), sys.stderr),
    )


def _other(path: str) -> Pack:
    """The other pack, with the sums that jybf.toml says of what it has too: what is local stays."""
    pack, said = load_checked(path, "--pack", {}, None), load_config(Path.cwd())[0].settings
    sums = {key: value for key, value in said.items() if "." in key}
    theirs = (key for key in sums if any(key.rpartition(".")[0] in program.id for program in pack.programs))
    return with_settings(pack, {key: sums[key] for key in theirs})


def _trial(run: Opened, after: Pack, request: Request) -> Trial:
    again = assess(
        run.roster, after, programs=request.programs, force=request.force, as_of=request.as_of, history=run.history
    )  # fmt: skip
    return compared(run.verdicts, again, run.roster)


def _told(before: Pack, after: Pack, other: str, settings: Mapping[str, str]) -> str:
    """What is supposed, beside what holds."""
    told = [f"按 {Path(other).name}（{after.name}）算，不按{before.name}"] * bool(other)
    old, new = ({p.id: kind_of(p.amount).page(p.amount).partition("，")[0] for p in pack.programs} for pack in (before, after))
    names = dict.fromkeys(key.rpartition(".")[0] for key in settings_by_id(after, settings, ""))
    told += [f"{name} {new[name]}（现在{old.get(name, '没有这个项目')}）" for name in names]
    return "；".join(told)


def _from(run: Opened, after: Pack, other: str) -> dict[str, str]:
    return run.provenance | ({"另一份": f"{after.name} {after.digest[:12]}"} if other else {})


def _summary(trial: Trial) -> str:
    whole = trial.groups.row(0, named=True)
    sides = (f"{whole[f'{mark}人数']} 人 {yuan(whole[f'{mark}金额'])} 元" for mark in "原新")
    return f"{NO_RESULT}\n可发放 {' → '.join(sides)}，增减 {yuan(whole['增减'])} 元；变了 {trial.rows.height} 行"
