"""A file → a Roster: find sheets and headers, map columns, read values, keep the origin of each cell."""

from jybf.roster.cells import cell, cells
from jybf.roster.files import Options
from jybf.roster.homes import keyed, same_homes
from jybf.roster.listkinds import kind_named, kinds, parse_against
from jybf.roster.lists import DRAWN, reading_lists
from jybf.roster.mapping import NO_MAP, ColumnMap, load_map
from jybf.roster.reading import read
from jybf.vocabulary.values.ids import credit_code_ok, id_ok
from jybf.vocabulary.values.text import fold_name

__all__ = [
    "DRAWN", "NO_MAP", "ColumnMap", "Options", "cell", "cells", "credit_code_ok", "fold_name", "id_ok", "keyed",
    "kind_named", "kinds", "load_map", "parse_against", "read", "reading_lists", "same_homes",
]  # fmt: skip
