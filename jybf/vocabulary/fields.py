"""The roster dictionary ``rules/fields.toml``: which header means which field. Strict: every fault of the file at once."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path

import msgspec

import jybf
from jybf.errors import PackError, Problem
from jybf.model import Field
from jybf.regex import pattern
from jybf.vocabulary.compiled import compiled
from jybf.vocabulary.toml import Door
from jybf.vocabulary.values.choices import fold_word

_DOOR = Door("字段词典", hint="改正字段词典")

# 証 and 帐 are slips of the pen everywhere; the others are the traditional characters of headers.
_TYPOS = str.maketrans(
    "証帐賬編號證單額電話聯係戶縣鄉鎮區補貼類別歲齡種實際發職業務勞動員個時間開結續銀滿訓練現貧脫監測對遷點標準項費關與機構創"
    "辦稱檢會險報參養療傷備註簽層級數總計萬億處場廠學畢請審領給撥資護從農經營購買車條轉產組織離滅親屬長碼繫戸",
    "证账账编号证单额电话联系户县乡镇区补贴类别岁龄种实际发职业务劳动员个时间开结续银满训练现贫脱监测对迁点标准项费关与机构创"
    "办称检会险报参养疗伤备注签层级数总计万亿处场厂学毕请审领给拨资护从农经营购买车条转产组织离灭亲属长码系户",
)
_MARKS = pattern(r"[\s*＊★☆\u200b-\u200f\u2060\ufeff]+")
_UNITS = pattern(r"\((?:万?元(?:/[^()]*)?|个?月|天|日|年|岁|周岁|人|名|个|%|\d+位|[必选]填|是/否)\)")
_ANSWERS, _BETWEEN = pattern(r"([^()]+)\(([^()]+[/、,|][^()]+)\)"), pattern("[/、,|]")
_AROUND = pattern(r"^(?:目前)?是否|^目前|(?:情况|信息)$")
# What may stand around a known header without changing what it means.
_FILLER_BEFORE = pattern(r"^(?:\d{4}年度?|\d{1,2}[.、]|本人|填写)+")
# A remark in brackets is dropped only if it tells how to fill in: 身份证号（户主） is not 身份证号.
_FILLER_AFTER = pattern(r"(?:\([^()]*(?:填|如|例|注|格式|须|请|精确|保留|文本)[^()]*\)|填写)+$")


class Option(msgspec.Struct, frozen=True):
    """One field that an ambiguous header may mean, and the evidence for it, all of which must hold."""

    field: str
    title: tuple[str, ...] = ()  # the sheet's title or name has one of these words
    columns: tuple[str, ...] = ()  # the sheet has all of these fields
    without: tuple[str, ...] = ()  # … and none of these
    header: str = ""  # the header as written matches this pattern
    values: str = ""  # most values match this pattern
    like: str = ""  # most values are values of this field


class Choice(msgspec.Struct, frozen=True):
    """A header that several fields share: the one whose evidence holds, else ``otherwise``, else the user is asked.

    ``must``: money or identity would go astray, so a sheet that leaves it open is not read at all.
    """

    options: tuple[Option, ...]
    otherwise: str = ""
    must: bool = False

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that it may mean, each once."""
        return tuple(dict.fromkeys(option.field for option in self.options))

    @property
    def name(self) -> str:
        """All of them in one word, for messages."""
        return "/".join(self.fields)


class Fields(msgspec.Struct, frozen=True):
    """The dictionary: canonical fields, and the fields and choices that each folded header stands for."""

    by_name: Mapping[str, Field]
    headers: Mapping[str, Field | Choice]

    def find(self, header: str) -> Field | Choice | None:
        """The field (or the choice between two) that ``header`` names; None when unknown.

        The whole header first, then without fillers around it ("2021年度…", "本人…", "…（备注）"); never by substring.
        """
        return next((self.headers[s] for s in _spellings(header) if s in self.headers), None) or self._with_answers(header)

    def _with_answers(self, header: str) -> Field | Choice | None:
        """The field whose header lists its answers in brackets: 务工区域（县内/省外）; 身份证号（本人/户主） is none."""
        asked = _ANSWERS.fullmatch(_MARKS.sub("", unicodedata.normalize("NFKC", header)))
        field = self.headers.get(fold_header(asked[1])) if asked else None
        if not asked or not isinstance(field, Field):
            return None
        known = {*map(fold_word, (*field.values, *chain(*field.values.values()), *field.vague))}
        return field if all(fold_word(answer) in known for answer in _BETWEEN.split(asked[2])) else None

    def join(self, parent: str, child: str) -> Field | Choice | None:
        """What column ``child`` below the merged header ``parent`` is; a child of a known field is not read alone."""
        if not fold_header(child) or fold_header(parent) == fold_header(child):
            return self.find(parent)
        both = self.find(f"{parent}/{child}") or self.find(fold_header(parent) + fold_header(child))
        return both or (None if self.find(parent) else self.find(child))

    def near(self, header: str) -> tuple[str, ...]:
        """Up to three fields with a spelling close to ``header``, the closest first: a suggestion, never a match."""
        folded = fold_header(header.rsplit("/", 1)[-1])
        long = len(folded) > 2  # 时间 is near to everything
        close = get_close_matches(folded, self.headers, n=12, cutoff=0.5 if long else 0.7)
        inside = [known for known in self.headers if long and len(known) > 1 and (known in folded or folded in known)]
        found = [self.headers[spelling] for spelling in (*close, *sorted(inside, key=len, reverse=True))]
        names = (name for target in found for name in ([target.name] if isinstance(target, Field) else target.fields))
        return tuple(dict.fromkeys(names))[:3]


class _Ambiguous(msgspec.Struct):
    aliases: tuple[str, ...]
    options: tuple[Option, ...]
    otherwise: str = ""
    must: bool = False


class _Index(msgspec.Struct):
    """The dictionary in compiled form; ``headers``: folded header → its place among the fields, then the choices."""

    fields: list[Field]
    choices: list[Choice]
    headers: dict[str, int]


class FieldsFile(msgspec.Struct):
    """``rules/fields.toml`` as it stands."""

    field: list[Field]
    ambiguous: list[_Ambiguous] = []


def rules_dir() -> Path:
    """The folder of rule packs: ``jybf/rules`` in an installed wheel, ``rules`` beside the package in a checkout."""
    package = Path(jybf.__file__).parent
    inside = package / "rules"
    return inside if inside.is_dir() else package.parent / "rules"


def rule_files() -> tuple[Path, ...]:
    """All that a shipped pack may follow from: packs, dictionary, facts and dated series."""
    return tuple(sorted(path for path in rules_dir().iterdir() if path.suffix in {".toml", ".csv"}))


@lru_cache(16_384)  # each header is looked up in many combinations
def fold_header(text: str) -> str:
    """``text`` as headers are compared: NFKC, no blanks, marks or units, no "是否…" before and "…情况" after it."""
    plain = _MARKS.sub("", unicodedata.normalize("NFKC", text)).translate(_TYPOS).upper()
    return "/".join(_AROUND.sub("", part) for part in _UNITS.sub("", plain).split("/"))


@lru_cache(16_384)
def _spellings(header: str) -> tuple[str, ...]:
    folded = fold_header(header)
    after = _FILLER_AFTER.sub("", folded)
    return folded, after, _FILLER_BEFORE.sub("", folded), _FILLER_BEFORE.sub("", after)


def load_fields(path: Path | None = None) -> Fields:
    """The dictionary at ``path`` (default: the shipped one). PackError lists all faults of the file at once."""
    return _read(path) if path else _shipped()


@cache
def _shipped() -> Fields:
    path = rules_dir() / "fields.toml"
    index = compiled("fields", [path], lambda: _as_index(_read(path)), _Index)
    targets = (*index.fields, *index.choices)
    return Fields({f.name: f for f in index.fields}, {header: targets[place] for header, place in index.headers.items()})


def _as_index(known: Fields) -> _Index:
    fields = list(known.by_name.values())
    choices = list({id(choice): choice for choice in known.headers.values() if isinstance(choice, Choice)}.values())
    places = {id(target): place for place, target in enumerate((*fields, *choices))}
    return _Index(fields, choices, {header: places[id(target)] for header, target in known.headers.items()})


def _read(path: Path) -> Fields:
    file, problems = _DOOR.typed(_DOOR.read(path), FieldsFile, path.name)
    by_name = {field.name: field for field in file.field}
    faults = _dangling(file, by_name)
    headers = _index(file, by_name, faults)
    problems += [Problem(fault, path.name, _DOOR.hint) for fault in faults]
    if problems:
        raise PackError(*problems)
    return Fields(by_name, headers)


def _dangling(file: FieldsFile, by_name: Mapping[str, Field]) -> list[str]:
    """References to fields that the file does not declare, and names declared twice."""
    named = [(e.name, target) for e in file.field for target in e.into]
    named += [("/".join(c.aliases), name) for c in file.ambiguous for name in _mentioned(c)]
    names = [e.name for e in file.field]
    twice = [f"字段“{n}”声明了不止一次" for n in dict.fromkeys(names) if names.count(n) > 1]
    return [f"“{source}”提到的字段“{target}”没有声明" for source, target in named if target not in by_name] + twice


def _mentioned(choice: _Ambiguous) -> Iterator[str]:
    yield from filter(None, (choice.otherwise,))
    for option in choice.options:
        yield from (option.field, *option.columns, *option.without, *filter(None, (option.like,)))


def _index(file: FieldsFile, by_name: Mapping[str, Field], faults: list[str]) -> dict[str, Field | Choice]:
    """Folded header → what it means; an alias of two fields is a fault."""
    index: dict[str, Field | Choice] = {}

    def claim(aliases: Iterable[str], target: Field | Choice) -> None:
        for alias in aliases:
            folded = fold_header(alias)
            taken = index.setdefault(folded, target)
            if isinstance(target, Choice) and folded in map(fold_header, target.fields) and taken.name == folded:
                index[folded] = target  # a field's own name may mean another one too
            elif taken is not target:
                faults.append(f"表头“{alias}”既指“{taken.name}”又指“{target.name}”")

    for entry in file.field:
        claim((entry.name, *entry.aliases), by_name[entry.name])
    for c in file.ambiguous:
        claim(c.aliases, Choice(c.options, c.otherwise, c.must))
    return index
