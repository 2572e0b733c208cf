"""Text with separators (CSV, TSV) → its one Grid, read strictly; and what is looked for in the cells of any flat file."""

from jybf.roster.delimited.faults import misread, overlong, with_zero_bytes
from jybf.roster.delimited.reading import look_at

__all__ = ["look_at", "misread", "overlong", "with_zero_bytes"]
