"""Text with separators (CSV, TSV) → its one Grid, read strictly."""

from jybf.roster.delimited.reading import read_delimited

__all__ = ["read_delimited"]
