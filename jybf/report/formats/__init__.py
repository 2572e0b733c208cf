"""What a report can be written as, one file a format; a file that is put here is found.

Each has ``write(report, out, *, mask)``, and FLOWS if that writes the lines of a report part by part. Its name is that of the
format, which is also the suffix of its files, unless it names another: ``table_txt`` is the format ``table`` with the suffix
``.txt``. Nothing is imported before it is wanted.
"""

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules
from typing import BinaryIO, Protocol, cast

from jybf.model import Report
from jybf.report.plain import covered_report

_MODULES = {module.name.split("_")[0]: module.name for module in iter_modules(__path__)}
FORMATS: Mapping[str, str] = {form: f".{module.rsplit('_', 1)[-1]}" for form, module in _MODULES.items()}  # → suffix


class Writer(Protocol):
    """Writes the whole of ``report`` to ``out``; ``mask`` hides most of each ID, card and phone number.

    That is for the table: in the sentences around it ``writer`` has hidden them already.
    Gives what the user should know of what was written, as sentences; None: nothing.
    """

    def __call__(self, report: Report, out: BinaryIO, *, mask: bool) -> list[str] | None: ...


def flows(form: str) -> bool:
    """Whether the writer of ``form`` takes ``Report.lines``, which never stand all at once."""
    return getattr(import_module(f"{__name__}.{_MODULES[form]}"), "FLOWS", False)


def writer(form: str) -> Writer:
    """The writer of format ``form``, a key of FORMATS."""
    write = cast("Writer", import_module(f"{__name__}.{_MODULES[form]}").write)

    def through_the_door(report: Report, out: BinaryIO, *, mask: bool) -> list[str] | None:
        return write(covered_report(report) if mask else report, out, mask=mask)

    return through_the_door
