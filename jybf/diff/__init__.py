"""Two audits of one roster → what is new, what changed, what is gone, and what was not looked for again."""

from jybf.diff.compare import STATES, Difference, compare
from jybf.diff.read import Past, load

__all__ = ["STATES", "Difference", "Past", "compare", "load"]
