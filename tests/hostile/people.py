"""Five invented people, as every base file has them, and what they are paid: sums below the cap, so that a wrong one shows."""

from tests.hostile.case import Row
from tests.roster.books import idno

HEADER = ("序号", "姓名", "身份证号", "人员类别", "务工省", "申请日期", "申请金额")
NAMES = ("甲示例", "乙示例", "丙示例", "丁示例", "戊示例")
IDS = tuple(idno(f"1409261985031{n}001") for n in range(2, 7))
SUMS = ("701", "702", "703", "704", "705")


def person(n, *, name=None, id_=None, amount=None, day="2021-08-01"):
    """The cells of person ``n`` (from 0, again from the start after five), with what differs."""
    return (
        str(n + 1),
        NAMES[n % 5] if name is None else name,
        IDS[n % 5] if id_ is None else id_,
        "脱贫户",
        "广东省",
        day,
        SUMS[n % 5] if amount is None else amount,
    )


PEOPLE = tuple(person(n) for n in range(5))
TABLE = (HEADER, *PEOPLE)


def rows(first=2, count=5, lines=None):
    """The result of PEOPLE whose first stands in row ``first``, or who stand in ``lines``."""
    lines = lines or range(first, first + count)
    return tuple(Row(line, NAMES[i], IDS[i], f"{SUMS[i]}.00") for i, line in enumerate(lines))


FIVE = rows()


def but(changes, base=FIVE):
    """``base`` with the sums of some lines changed: line → sum ("" not paid)."""
    return tuple(row._replace(amount=changes.get(row.line, row.amount)) for row in base)


def crowd(count):
    """``count`` different people under HEADER, and their result."""
    ids = [idno(f"1409261985{n // 999 % 12 + 1:02}{n // 11988 % 28 + 1:02}{n % 999 + 1:03}") for n in range(count)]
    table = [person(n, id_=one) for n, one in enumerate(ids)]
    return table, tuple(Row(n + 2, NAMES[n % 5], one, f"{SUMS[n % 5]}.00") for n, one in enumerate(ids))
