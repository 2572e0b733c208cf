"""A small workbook damaged by chance in many ways: refused, or read as the very same data.

``python -m tests.hostile.mutants 2000`` prints the figures; each mutant is known by its number.
"""

import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from jybf.errors import InputError
from jybf.roster import read
from tests.hostile import sheets as x
from tests.hostile.damage import chance
from tests.hostile.people import PEOPLE, TABLE


def original():
    """A workbook with shared strings, a merge, a hidden row, a formula and an ID kept as a number."""
    formula = [*PEOPLE[2][:6], x.Raw('<c r="G4"><f>700+3</f><v>703</v></c>')]
    number = [*PEOPLE[3][:2], x.number("C5", PEOPLE[3][2][:15] + "000"), *PEOPLE[3][3:]]
    text = x.sheet(x.data((*TABLE[:3], formula, number, TABLE[5])), after='<mergeCells><mergeCell ref="D2:D3"/></mergeCells>')
    return x.zipped(x.with_shared(x.parts({"花名册": text.replace('<row r="3">', '<row r="3" hidden="1">')})))


def mutant(data, number):
    """One kind of damage, or several, by number."""
    die, changed = chance(number), bytearray(data)
    for _ in range(die.choice((1, 1, 1, 2, 5))):
        _KINDS[die.randrange(len(_KINDS))](changed, die)
    return bytes(changed)


def _span(data, die, most=200):
    start = die.randrange(len(data))
    return start, min(len(data), start + die.randrange(1, most))


def _flip(data, die):
    for _ in range(die.randrange(1, 9)):
        data[die.randrange(len(data))] ^= 1 << die.randrange(8)


def _cut(data, die):
    del data[die.randrange(len(data) // 2, len(data)) :]


def _drop(data, die):
    start, end = _span(data, die)
    del data[start:end]


def _zero(data, die):
    start, end = _span(data, die)
    data[start:end] = bytes(end - start)


def _double(data, die):
    start, end = _span(data, die)
    data[end:end] = data[start:end]


def _swap(data, die):
    (a, b), (c, d) = sorted((_span(data, die), _span(data, die)))
    if b <= c:
        data[a:d] = data[c:d] + data[b:c] + data[a:b]


def _overwrite(data, die):
    start, end = _span(data, die, 8)
    data[start:end] = die.randbytes(end - start)


_KINDS = (_flip, _flip, _cut, _drop, _zero, _double, _swap, _overwrite)


def _facts(path):
    """All that a reading says, as a value that can be compared."""
    roster = read([str(path)])
    sheets = [(s.name, s.title, s.header_line, dict(s.columns), s.unknown, dict(s.lines), s.totals) for s in roster.sheets]
    return roster.rows.to_dict(as_series=False), roster.problems.to_dict(as_series=False), sheets, roster.notices


def verdict(folder, control, data, number):
    """``refused``, ``same``, or what else a mutant came to."""
    path = Path(folder) / "花名册.xlsx"
    path.write_bytes(mutant(data, number))
    try:
        return "same" if _facts(path) == control else "DIFFERENT DATA"
    except InputError:
        return "refused"
    except BaseException as e:
        if isinstance(e, KeyboardInterrupt):
            raise
        return type(e).__name__


def control(folder):
    """The bytes that mutants are made of and what they say."""
    path, data = Path(folder) / "花名册.xlsx", original()
    path.write_bytes(data)
    return data, _facts(path)


def main(count="2000", first="0"):
    """Try mutants; print how many came to what, and the numbers of those that should not have."""
    begun, found, bad = time.perf_counter(), Counter(), {}
    with tempfile.TemporaryDirectory() as folder:
        data, facts = control(folder)
        for number in range(int(first), int(first) + int(count)):
            answer = verdict(folder, facts, data, number)
            found[answer] += 1
            if answer not in ("refused", "same"):
                bad.setdefault(answer, []).append(number)
    print(dict(found), f"{time.perf_counter() - begun:.0f} s")
    for answer, numbers in bad.items():
        print(answer, numbers[:20])
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
