"""No amount at all: a control on contracts, loans and projects, which pays nothing and is only audited."""

from jybf.model import Amount
from jybf.vocabulary.amounts import open as undetermined
from jybf.vocabulary.amounts.kind import Kind

KIND = Kind(
    name="control",
    label="控制",
    page=lambda _: "不发钱，只审核",
    words=undetermined.KIND.words,
    proof=undetermined.proof,
)
AMOUNT = Amount(KIND.name, pays=False)
