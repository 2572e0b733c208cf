"""The parts of the README that the program writes: its screens and the table of the catalogue.

python -m tests.readme        writes them anew into README.md
"""

import re
from pathlib import Path

from jybf.audit.standing import coverage, table
from tests.screens import screen

README = Path(__file__).parent.parent / "README.md"
SCREEN = re.compile(r"^\$ jybf ([^\n]+)\n(?:.*?\n)??(?=```)", re.MULTILINE | re.DOTALL)
TABLE = re.compile(r"(?<=<!-- 审核目录 -->\n)(?:.*?\n)??(?=<!-- 审核目录完 -->)", re.DOTALL)
DIGEST = re.compile(r"\b[0-9a-f]{12}\b")  # changes with each file that it is of


def catalogue() -> str:
    """The catalogue as the README has it: how much of it data decides, then its table."""
    return "\n".join([f"{coverage()}。", "", *table(), ""])


def written(text: str) -> str:
    """``text`` of the README with what the program prints today."""
    text = TABLE.sub(lambda _: catalogue(), text)
    return SCREEN.sub(lambda found: f"$ jybf {found[1]}\n{screen(found[1])}\n", text)


if __name__ == "__main__":
    README.write_text(written(README.read_text(encoding="utf-8")), encoding="utf-8")
