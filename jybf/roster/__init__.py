"""A file → a Roster: find sheets and headers, map columns, read values, keep the origin of each cell."""

from jybf.roster.cells import cell, cells
from jybf.roster.reading import read
from jybf.roster.values.ids import credit_code_ok, id_ok
from jybf.roster.values.text import fold_name

__all__ = ["cell", "cells", "credit_code_ok", "fold_name", "id_ok", "read"]
