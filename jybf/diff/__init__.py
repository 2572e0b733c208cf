"""Two audits of one roster → what is new, what changed, what is gone, and what was not looked for again."""

from jybf.diff.compare import STATES, Difference, diff
from jybf.diff.read import Past, load

__all__ = ["STATES", "Difference", "Past", "diff", "load"]
