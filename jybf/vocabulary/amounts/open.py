"""A sum that no document states: a county or ``--set`` says it."""

from collections.abc import Iterator

from msgspec.structs import replace

from jybf.model import UNDETERMINED, Amount
from jybf.vocabulary.amounts import fixed, rates
from jybf.vocabulary.amounts.kind import Kind, Line, Row, Spec, Vetting


class OpenSpec(Spec, frozen=True):
    """By what a sum would be counted once there is one."""

    unit: str = ""
    units: str = ""

    def amount(self, kind: str, vet: Vetting) -> Amount:
        rates.counted(self.unit, self.units, vet)
        return Amount(kind, unit=self.unit, units=self.units)


def proof(_: Amount, row: Row) -> Iterator[Line]:
    """Who may say the sum, and what it would be counted by."""
    yield "标准", "文件没有定，用 --set 或本地规则包给出"
    yield from row.counted


def _set_fixed(amount: Amount, value: str, vet: Vetting) -> Amount:
    return replace(amount, kind=fixed.KIND.name, fen=rates.fen(value, vet), local=True)


SETTINGS = {"yuan": rates.local_sum(_set_fixed)}
KIND = Kind(
    name="open",
    label="未定",
    spec=OpenSpec,
    settings=SETTINGS,
    supposes=SETTINGS,
    result=UNDETERMINED,
    page=lambda _: "文件没有写标准，由当地定",
    words=lambda _: "文件未定标准：用 --set 或本地规则包给出",
    proof=proof,
)
