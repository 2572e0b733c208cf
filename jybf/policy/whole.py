"""What is asked of a programme as a whole: that it is cited, can be recognised, and shows every outcome by examples."""

from jybf.model import INCOMPLETE, MERGED, PAID, REFUSED, RESULTS, Program
from jybf.policy.implicit import IDS
from jybf.policy.loader import Loader
from jybf.vocabulary.amounts import kind_of


def check_program(loader: Loader, program: Program) -> None:
    """Each clause is cited, the programme can be recognised, and its examples show every outcome."""
    for where, cite in [("", program.cite), *((c.id, c.cite) for c in program.clauses if c.id not in IDS)]:
        if not cite:
            loader.fault("缺 cite（文件里的条款号）", where, about=where or "cite")
    if not program.titles and not program.columns and program.amount.pays:
        loader.fault("titles 和 columns 至少写一项，否则认不出花名册")
    seen = {result for case in program.cases for result in case.expect}
    if {kind_of(v.amount).result for v in program.versions or [program]} & seen:  # as far as the document goes
        seen.add(PAID)
    for result in (PAID, REFUSED, INCOMPLETE):
        if result not in seen and seen <= {*RESULTS, MERGED}:  # one that is misspelt may be the one
            loader.fault(f"缺一个“{result}”的 case")
