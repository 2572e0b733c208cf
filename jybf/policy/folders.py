"""Where packs are: those that come with the program, and a folder of the user's own, which ``JYBF_RULES`` names."""

import os
from collections.abc import Iterator
from pathlib import Path

from jybf.errors import Problem, UsageError
from jybf.vocabulary.fields import rules_dir

VARIABLE = "JYBF_RULES"
_NO_PACKS = {"fields", "facts", "lists"}  # of the rules that come with the program


def own_folder() -> Path | None:
    """The folder of the user's own packs; None if there is none. Raises :class:`UsageError` for one that is not there."""
    named = os.environ.get(VARIABLE, "")
    if not named:
        return None
    folder = Path(named)
    if not folder.is_dir():
        raise UsageError(Problem(f"没有“{named}”这个文件夹", f"--rules 或环境变量 {VARIABLE}", "核对路径；新建：mkdir"))
    return folder


def use_folder(folder: str) -> None:
    """Look for the user's own packs in ``folder``, if one is given, for as long as the program runs."""
    if folder:
        os.environ[VARIABLE] = folder


def own_packs() -> Iterator[Path]:
    """The files of the user's own folder that may be packs."""
    folder = own_folder()
    yield from sorted(path for path in folder.glob("*.toml") if path.stem not in _NO_PACKS) if folder else ()


def pack_file(name: str, beside: Path) -> Path | None:
    """The file of the pack ``name``: ``beside`` the one that names it, in the user's own folder, or shipped."""
    folders = (beside, *filter(None, (own_folder(),)), rules_dir())
    return next((path for folder in folders if (path := folder / f"{name}.toml").is_file()), None)


def pack_ids(beside: Path) -> list[str]:
    """What :func:`pack_file` finds."""
    folders = (beside, *filter(None, (own_folder(),)), rules_dir())
    return sorted({path.stem for folder in folders for path in folder.glob("*.toml")} - _NO_PACKS)
