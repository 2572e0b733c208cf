"""``python -m jybf``."""

from jybf.cli import main

main()
