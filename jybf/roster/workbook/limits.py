"""What reading a workbook may take, by its size: a large one is allowed more, a small one that wants more lies."""

import msgspec

from jybf.errors import InputError, Problem

REPAIR = "用 Excel 打开后另存为 xlsx"
SAVE_AS = "用 Excel 或 WPS 打开，另存为 xlsx 后再试"
_MIB = 1024 * 1024
_MEMORY = 500 * _MIB  # at least; a workbook may have _MEMORY_A_BYTE more for each of its bytes
_MEMORY_A_BYTE = 20
_SECONDS = 4.0  # from the moment that the libraries are loaded; _SECONDS_A_MIB more for each MiB
_SECONDS_A_MIB = 2.0
_OUTPUT = 64 * _MIB
_OUTPUT_A_BYTE = 16


class Limits(msgspec.Struct, frozen=True):
    """Bytes of memory, seconds of reading, and bytes of cells."""

    memory: int
    seconds: float
    output: int


def limits_of(size: int) -> Limits:
    """What reading a workbook of ``size`` bytes may take."""
    memory, seconds = _MEMORY + _MEMORY_A_BYTE * size, _SECONDS + _SECONDS_A_MIB * size / _MIB
    return Limits(memory, seconds, _OUTPUT + _OUTPUT_A_BYTE * size)


def too_much(file: str) -> InputError:
    """The refusal of a workbook that would take more memory than one of its size may."""
    return InputError(Problem("读取时要占用过多内存，不像花名册", where=file, hint=SAVE_AS))
