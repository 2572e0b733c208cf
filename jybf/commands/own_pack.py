"""The policy of a run: a pack of the user's own must do what its own examples say, or nothing is computed by it."""

from collections.abc import Mapping
from datetime import date

from msgspec.structs import replace

from jybf.assess import check_cases
from jybf.errors import PackError, Problem
from jybf.model import Pack, Program
from jybf.policy import find_region, load_pack
from jybf.policy.regions import is_own


def load_checked(region: str, source: str, settings: Mapping[str, str], known_on: date | None) -> Pack:
    """The pack of ``region``; one of the user's own must do what its own examples say, or nothing is computed by it."""
    if not is_own(region):
        region = find_region(region, source)
    if not is_own(region):
        return load_pack(region, settings, known_on)
    bare = load_pack(region)  # its examples were written without the sums that are set from outside
    own = (p if bare.short in _said_by(p) else replace(p, cases=(), aside=()) for p in bare.programs)
    failures = check_cases(replace(bare, programs=tuple(own)))
    if failures:
        raise PackError(*(Problem(failure, region, "改正规则或例子，用 jybf rules check 核对") for failure in failures))
    return load_pack(region, settings, known_on)


def _said_by(program: Program) -> set[str]:
    """The documents that say anything of ``program``."""
    return {program.source, program.amount.source, *(c.source for c in program.clauses), *(c.source for c in program.cases)}
