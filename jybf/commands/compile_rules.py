"""``python -m jybf.commands.compile_rules``: the shipped rules into ``jybf/compiled``, which ``make`` runs when they change."""

from jybf.audit.catalogue import texts
from jybf.policy import load_pack, shipped_names
from jybf.policy.derivation import derived
from jybf.vocabulary.compiled import writing


def compile_rules() -> None:
    """Read and vet all that is shipped. PackError with all faults of the first file that has some."""
    with writing():
        derived()
        texts()
        for name in shipped_names():
            load_pack(name)


if __name__ == "__main__":
    compile_rules()
