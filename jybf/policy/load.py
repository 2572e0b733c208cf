"""A pack's TOML → a vetted :class:`~jybf.model.Pack`; every fault at once, with line, column and clause."""

import sys
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from jybf.errors import PackError, Problem, near
from jybf.model import Pack, Program
from jybf.policy.chosen import settle
from jybf.policy.inherit import TWICE, read_merged
from jybf.policy.loader import Loader
from jybf.policy.program import read_program
from jybf.policy.regions import is_shipped
from jybf.policy.schema import PackSpec
from jybf.policy.structure import convert
from jybf.policy.whole import check_program
from jybf.regex import pattern
from jybf.vocabulary.types import TYPES

_SPOT = pattern(r"第 (\d+) 行第 (\d+) 列")


def load_file(path: Path, chosen: Mapping[str, str] | None = None, known_on: date | None = None) -> Pack:
    """Read and vet ``path`` and what it extends; raises :class:`PackError` with all faults.

    ``chosen``: how named settings are taken; ``known_on``: the law as it was known on that day.
    """
    raw, digest, loader = read_merged(path, known_on)
    for above in loader.above:
        if not is_shipped(above):
            load_file(above, None, known_on)  # its faults are told of its own file
    short, defaults_of = raw.pop("extends_short", ""), raw.pop("defaults_of", {})
    loader = loader.at(raw)
    spec, _ = convert(loader, raw, PackSpec)
    settled = settle(loader, spec, raw, chosen or {})
    items, controls = raw.get("program", []), raw.get("control", [])  # not those of ``spec``: these stand somewhere
    programs = [read_program(loader, spec, item, settled.get(str(item.get("id")), ()), control=False) for item in items]
    programs += [read_program(loader, spec, item, (), control=True) for item in controls]
    _cross_check(loader, spec, programs)
    if loader.faults:
        raise PackError(*sorted(loader.faults, key=_line))
    return Pack(
        spec.id, spec.name, tuple(spec.aliases), tuple(spec.places), spec.document, spec.short, spec.issued, spec.since,
        spec.until, spec.defaults, tuple(programs), digest, short, known_on, defaults_of,
    )  # fmt: skip


def _line(problem: Problem) -> tuple[int, int]:
    """Where in the file a fault stands; what stands nowhere in it comes last."""
    found = _SPOT.search(problem.where)
    return (int(found[1]), int(found[2])) if found else (sys.maxsize, 0)


def _cross_check(loader: Loader, pack: PackSpec, programs: Sequence[Program]) -> None:
    """What only the whole pack can tell: names, citations, cases."""
    names = [program.id for program in programs]
    items = {str(item.get("id")): item for item in (*loader.table.get("program", []), *loader.table.get("control", []))}
    for name in sorted({name for name in names if names.count(name) > 1}):
        loader.at(items[name], name).fault(TWICE, path=("id",))
    at_defaults = loader.at(loader.table.get("defaults", {}), "defaults")
    for name in at_defaults.names(list(pack.defaults)):
        if (field := loader.fields.get(name)) and TYPES[field.type].sql != "VARCHAR":
            at_defaults.fault(f"“{name}”是{TYPES[field.type].label}，defaults 里只能写文字的列", about=name)
    for program in programs:
        here = loader.at(items.get(program.id, {}), program.id)
        for other in program.excluded_by:
            if other.program not in names:
                told = f"excluded_by 的“{other.program}”不在本规则包里，{near(other.program, names)}可写：{'、'.join(names)}"
                here.fault(told, about=other.program)
        check_program(here, program)
