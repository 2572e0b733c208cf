"""One key for each household and each employer, where one row says more of it than another: as stages of the query.

The same as :func:`jybf.roster.homes.tied` of the rows of all ``tables``, one after the other.
"""

import re
from collections.abc import Iterator, Sequence

from jybf.assess.stages import Stages
from jybf.model import ROW, bad
from jybf.roster.canonical import NAMED
from jybf.vocabulary.keys import EMPLOYER, HEAD, HOUSEHOLD, PERSON
from jybf.vocabulary.sql import quote, text

TIED = '"tied"'  # 户 and 单位 of each row of each table, by ``_t`` (which table, from 0) and ``_r`` (``_row``)
_NUMBER, _HEADS, _TIE, _CODE = "户编号", "户主身份证号", "与户主关系", "统一社会信用代码"
KEYS = (HOUSEHOLD, bad(HOUSEHOLD), EMPLOYER, NAMED, PERSON, _NUMBER, _HEADS, _TIE, _CODE)


def ties(tables: Sequence[str]) -> Stages:
    """The stages from the canonical ``tables`` (their names, quoted) to TIED: each by itself, then all of them together."""
    own = [_keys(table, n) for n, table in enumerate(tables)]
    if len(own) == 1:
        return [*_tied("", own[0])]
    alone = [stage for n, keys in enumerate(own) for stage in _tied(f"own{n}_", keys)]
    return [*alone, *_tied("", " UNION ALL ".join(f'SELECT * FROM "own{n}_tied"' for n in range(len(own))))]


def _keys(table: str, number: int) -> str:
    return f'SELECT {number} AS "_t", {quote(ROW)} AS "_r", {", ".join(map(quote, KEYS))} FROM {table}'


def _tied(prefix: str, keys: str) -> Stages:
    """From ``keys`` (SQL) to the same columns with 户 and 单位 as whoever says most has them; the stages have ``prefix``."""
    stages = [('"keys"', keys), *_employers(), *_heads(), *_members()]
    own = {name: f'"{prefix}{name[1:]}' for name, _ in stages} if prefix else {}
    return [
        (own.get(name, name), re.sub('(?<=(?:FROM|JOIN) )"[a-z]+"', lambda m: own.get(m[0], m[0]), sql)) for name, sql in stages
    ]


def _employers() -> Iterator[tuple[str, str]]:
    """An employer that is only named is the one of that very name, where all rows that have a code for it have the same."""
    key, code = quote(NAMED), quote(_CODE)
    both = f'SELECT {key} AS "_k", MIN({code}) AS "_c" FROM "keys" WHERE {key} IS NOT NULL AND {code} IS NOT NULL'
    yield '"codes"', f"{both} GROUP BY {key} HAVING MIN({code}) = MAX({code})"


def _heads() -> Iterator[tuple[str, str]]:
    """A household is the number that any row gives that of its head, else the head; rows with a number keep it.

    A name of a household that only rows of one head bear goes with them.
    """
    person, head, home, number = map(quote, (PERSON, _HEADS, HOUSEHOLD, _NUMBER))
    named = f'SELECT {head} AS "_h" FROM "keys" WHERE {head} IS NOT NULL'
    said = f'SELECT {person} FROM "keys" WHERE {person} IS NOT NULL AND {quote(_TIE)} IN ({", ".join(map(text, HEAD))})'
    yield '"heads"', f"{named} UNION {said}"
    own = f'COALESCE({head}, "_h") AS "_id", CASE WHEN {number} IS NULL THEN 0 ELSE 1 END AS "_numbered"'
    yield '"headed"', f'SELECT k.*, {own} FROM "keys" AS k LEFT JOIN "heads" AS h ON k.{person} = h."_h"'
    first = 'ROW_NUMBER() OVER (PARTITION BY "_id" ORDER BY "_t", "_r") AS "_n"'
    given = f'SELECT "_id", {home} AS "_home", {first} FROM "headed" WHERE "_id" IS NOT NULL AND "_numbered" = 1'
    yield '"numbers"', f'SELECT "_id" AS "_i", "_home" FROM ({given}) AS g WHERE "_n" = 1'
    key = 'COALESCE("_home", "_id") AS "_key"'
    yield '"homes"', f'SELECT d.*, {key} FROM "headed" AS d LEFT JOIN "numbers" AS n ON d."_id" = n."_i"'
    bearing = f'SELECT {home} AS "_name", MIN("_key") AS "_of" FROM "homes"'
    unnumbered = f'"_id" IS NOT NULL AND "_numbered" = 0 AND {home} IS NOT NULL'
    yield '"names"', f'{bearing} WHERE {unnumbered} GROUP BY {home} HAVING MIN("_key") = MAX("_key")'
    told = f'CASE WHEN {quote(bad(HOUSEHOLD))} OR "_numbered" = 1 THEN {home} ELSE COALESCE("_key", "_of", {home}) END'
    yield '"told"', f'SELECT m.*, {told} AS "_told" FROM "homes" AS m LEFT JOIN "names" AS n ON m.{home} = n."_name"'


def _members() -> Iterator[tuple[str, str]]:
    """A row that says nothing of a household is of the one that other rows give its person, if they all give the same."""
    person, home = quote(PERSON), quote(HOUSEHOLD)
    given = f'SELECT {person} AS "_p", MIN("_told") AS "_one" FROM "told" WHERE {person} IS NOT NULL AND "_told" IS NOT NULL'
    yield '"members"', f'{given} GROUP BY {person} HAVING MIN("_told") = MAX("_told")'
    own = f'CASE WHEN {quote(bad(HOUSEHOLD))} THEN "_told" ELSE COALESCE("_told", "_one") END AS {home}'
    employer, named = quote(EMPLOYER), quote(NAMED)
    code = f'CASE WHEN {employer} = {named} THEN COALESCE("_c", {employer}) ELSE {employer} END AS {employer}'
    joins = f'LEFT JOIN "members" AS m ON t.{person} = m."_p" LEFT JOIN "codes" AS c ON t.{named} = c."_k"'
    rest = ", ".join(f"t.{quote(name)} AS {quote(name)}" for name in KEYS if name not in (HOUSEHOLD, EMPLOYER))
    yield TIED, f'SELECT "_t", "_r", {own}, {code}, {rest} FROM "told" AS t {joins}'
