"""What the shell offers after an option: names that this program knows. Nothing heavy is loaded for it."""

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

SCRIPTS = ("--install-completion", "--show-completion")  # Typer's own
_INSTALLED = re.compile(r"(\w+) completion installed in (.*)")


def wanted(arguments: list[str]) -> bool:
    """Whether a shell asks for completions, or its user for the script that does."""
    return "_JYBF_COMPLETE" in os.environ or not arguments or arguments[0] in ("-h", "--help", *SCRIPTS)


def told(text: str) -> str:
    """What Typer says of a script that it has installed, in Chinese."""
    found = _INSTALLED.search(text)
    return f"{found[1]} 的补全装在 {found[2]}，重新打开终端后按 Tab 键" if found else text.strip()


def _starting(names: Iterable[str], incomplete: str) -> list[str]:
    return [name for name in names if name.startswith(incomplete)]


def regions(incomplete: str) -> list[str]:
    """Ids and names of the shipped packs."""
    from jybf.policy import pack_names

    return _starting([word for pair in pack_names() for word in pair], incomplete)


def programs(ctx: Any, incomplete: str) -> list[str]:
    """The programmes of the region that was typed before, else of all."""
    from jybf.errors import JybfError
    from jybf.policy import load_pack, pack_names

    said = ctx.params.get("region")
    try:
        packs = [load_pack(name) for name in ([said] if said else [name for name, _ in pack_names()])]
    except JybfError:
        return []
    return _starting(dict.fromkeys(program.id for pack in packs for program in pack.payable()), incomplete)


def formats(incomplete: str) -> list[str]:
    """What a result can be written as: the files in the folder of formats."""
    folder = Path(__file__).parent.parent / "report" / "formats"
    return _starting(sorted(path.stem.split("_")[0] for path in folder.glob("[a-z]*.py")), incomplete)


def codes(incomplete: str) -> list[str]:
    """The checks, and the beginnings that stand for many."""
    from jybf.audit import codes

    known = sorted(codes())
    return _starting([*dict.fromkeys(code[:3] for code in known), *known], incomplete.upper())


def kinds(incomplete: str) -> list[str]:
    """The kinds of list."""
    import tomllib

    from jybf.vocabulary.fields import rules_dir

    known = tomllib.loads((rules_dir() / "lists.toml").read_text(encoding="utf-8"))
    return _starting([kind["name"] for kind in next(iter(known.values()))], incomplete)


def lists(incomplete: str) -> list[str]:
    """The kinds of list, as far as the sign before the file."""
    return _starting([f"{name}=" for name in kinds("")], incomplete)


def schemas(incomplete: str) -> list[str]:
    """The kinds of rule files that have a schema."""
    return _starting(("pack", "fields", "facts", "lists", "bank"), incomplete)


def levels(incomplete: str) -> list[str]:
    """The levels of findings."""
    from jybf.model import LEVELS

    return _starting(LEVELS, incomplete)


def carried(incomplete: str) -> list[str]:
    """Whose columns a result has."""
    return _starting(("own", "all"), incomplete)


def parts(incomplete: str) -> list[str]:
    """By what a result is split."""
    return _starting(("乡镇", "单位", "村"), incomplete)


def layouts(incomplete: str) -> list[str]:
    """The layouts of bank files, by the names of their files."""
    from jybf.vocabulary.fields import rules_dir

    return _starting(sorted(path.stem for path in (rules_dir() / "bank").glob("*.toml")), incomplete)
