"""Somebody who fills in forms: what is written is right, how it is written varies from row to row."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

Cell = str | int | float | date | None

EPOCH = date(1899, 12, 30)  # day 0 of Excel
# Where people come from: the counties themselves and their neighbours, under the numbers of today and of their youth.
AREAS = {
    "静乐县": ("140926", "142228", "140926", "140981", "140902", "142201", "410323"),
    "丰都县": ("500230", "512324", "500230", "511623", "422802"),
}
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
STEMS, BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
FAR, FATHERS, DOTS = ("阿依甲", "买买乙", "吐尔丙", "古丽丁"), ("戊买提", "己江", "庚尼亚孜"), "·•・．"
VILLAGES = {"双桥镇": ("东坡村", "西沟村", "南梁村"), "河口乡": ("石坝村", "杨家湾村"), "双路镇": ("安宁村", "莲花洞村")}
PROVINCES = ("广东省", "广东", "江苏省苏州市昆山市", "北京市", "北京", "浙江", "浙江省宁波市", "内蒙古自治区", "陕西省西安市")
LIFTED = ("脱贫户", "脱贫人口", "建档立卡贫困户", "建档立卡户", "脱贫不稳定户")
FIRMS = ("电子厂", "服装厂", "建筑公司", "物流公司", "餐饮店", "家政公司")
POSTS = ("保洁员", "护林员", "护路员", "河道管护员", "水管员")
FULL = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")


@dataclass(frozen=True)
class Person:
    """``relation``: to the head of the household, who comes first."""

    name: str
    male: bool
    number: str
    relation: str

    @property
    def born(self) -> int:
        return int(self.number[6:10])


@dataclass
class Clerk:
    """Somebody who fills in forms: what is written is right, how it is written varies from row to row."""

    random: Random
    county: str
    typed: bool = False  # into a workbook, where a day may be a day or the number that stands for it
    distinct: bool = False  # no two people of one name, be they of two families
    numbers: set[str] = field(default_factory=set[str])
    names: set[str] = field(default_factory=set[str])

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def one(self, among: Sequence[str]) -> str:
        return among[int(self.random.random() * len(among))]

    def between(self, low: int, high: int) -> int:
        return low + int(self.random.random() * (high - low + 1))

    def household(self) -> list[Person]:
        """One to four people of an age to work; a spouse is of the other sex, a child a generation younger."""
        male, born = self.chance(0.6), self.between(1962, 1982)
        people = [self._person("户主" if self.chance(0.3) else "本人", born, male=male)]
        if self.chance(0.6):
            people.append(self._relative(people, "配偶", born + self.between(-4, 4), male=not male))
        for _ in range(self.between(0, 2) if born < 1980 else 0):
            son = self.chance(0.5)
            child = ("儿子", "长子", "之子") if son else ("女儿", "长女", "之女")
            people.append(self._relative(people, self.one(child), self.between(born + 20, 2004), male=son))
        return people

    def person(self, since: int = 1962, until: int = 2003) -> Person:
        return self._person("本人", self.between(since, until), male=self.chance(0.5))

    def _relative(self, family: Sequence[Person], relation: str, year: int, *, male: bool) -> Person:
        """No family gives two of its own one name."""
        person = self._person(relation, year, male=male)
        namesake = person.name in {other.name for other in family}
        return self._relative(family, relation, year, male=male) if namesake else person

    def _person(self, relation: str, year: int, *, male: bool) -> Person:
        given = self.one(STEMS) + (self.one(BRANCHES) if self.chance(0.8) else "")
        name = self.one(SURNAMES) + given if self.chance(0.95) else f"{self.one(FAR)}·{self.one(FATHERS)}"
        if self.distinct and name in self.names:
            return self._person(relation, year, male=male)
        self.names.add(name)
        return Person(name, male, self._number(year, male=male), relation)

    def _number(self, year: int, *, male: bool) -> str:
        born = date(year, 1, 1) + timedelta(days=self.between(0, 364))
        serial = self.between(1, 499) * 2 + male
        head = f"{self.one(AREAS[self.county])}{born:%Y%m%d}{serial:03d}"
        number = head + "10X98765432"[sum(int(d) * pow(2, 17 - i, 11) for i, d in enumerate(head)) % 11]
        if number in self.numbers:
            return self._number(year, male=male)
        self.numbers.add(number)
        return number

    def written(self, name: str) -> str:
        """A name: two characters set apart to the width of three, any of the dots, blanks behind it."""
        if "·" in name:
            return name.replace("·", self.one(DOTS))
        gap = self.one(("", "", "", "　", " ", "  "))
        return (gap.join(name) if len(name) == 2 else name) + (" " if self.chance(0.03) else "")

    def id(self, number: str) -> str:
        if self.chance(0.3):
            number = number.replace("X", "x")
        if self.chance(0.03):
            return number.translate(FULL)
        return self.one(("", "", "", "", "", " ", "\t", "'")) + number + (" " if self.chance(0.05) else "")

    def day(self, day: date) -> Cell:
        loose = f"{day.year}.{day.month}.{day.day}"
        forms: list[Cell] = [
            day.isoformat(),
            loose,
            loose.replace(".", "/"),
            f"{day.year}年{day.month}月{day.day}日",
            f"{day:%Y%m%d}",
            f"{day} 00:00:00",
        ]
        forms += [day, (day - EPOCH).days] if self.typed else []
        return forms[self.between(0, len(forms) - 1)]

    def span(self, first: date, last: date) -> str:
        forms = (
            f"{first.year}.{first.month}.{first.day}-{last.year}.{last.month}.{last.day}",
            f"{first:%Y-%m-%d}至{last:%Y-%m-%d}",
            f"{first.year}年{first.month}月{first.day}日至{last.year}年{last.month}月{last.day}日",
            f"{first.year}/{first.month}/{first.day}—{last.year}/{last.month}/{last.day}",
        )
        return self.one(forms)

    def sum(self, fen: int) -> Cell:
        text = f"{fen / 100:.2f}"
        plain = text.removesuffix(".00")
        forms: list[Cell] = [text, plain, f"{plain}元", f"¥{text}", plain.translate(FULL)]
        return fen / 100 if self.typed and self.chance(0.7) else forms[self.between(0, 4 if self.chance(0.1) else 1)]

    def account(self) -> str:
        """A bank card (its last digit is Luhn's) or the passbook of a rural bank, which has no such digit."""
        if self.chance(0.2):
            return f"{self.between(10, 59)}{self.between(0, 10**13 - 1):013d}"
        head = f"6217{self.between(0, 10**14 - 1):014d}"
        doubled = sum(sum(divmod(int(d) * (2 - i % 2), 10)) for i, d in enumerate(reversed(head)))
        card = head + str(-doubled % 10)
        return " ".join(card[i : i + 4] for i in range(0, 19, 4)) if self.chance(0.05) else card

    def phone(self) -> str:
        number = f"19{self.between(0, 10**9 - 1):09d}"
        return f"{number[:3]}-{number[3:7]}-{number[7:]}" if self.chance(0.05) else number

    def sex(self, person: Person) -> str | None:
        return None if self.chance(0.02) else "男" if person.male else "女"
