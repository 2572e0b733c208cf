"""The README is part of the program: its commands, options, tables and screens are compared with what the code does."""

import re
from pathlib import Path

import pytest

from jybf import cli
from jybf.errors import InputError, JybfError
from jybf.model import FINDING_COLUMNS, LEVELS, RESULTS, VERDICT_COLUMNS
from jybf.policy import pack_names
from jybf.report import FORMATS
from tests.readme import DIGEST, written

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^jybf [^\n#]+", README, re.MULTILINE)


def _section(title):
    return README.split(f"\n## {title}", 1)[1].split("\n## ", 1)[0]


def _first_cells(text):
    rows = [re.split(r"(?<!\\)\|", line)[1].strip() for line in text.splitlines() if line.startswith("|")]
    return [cell for cell in rows if cell and not set(cell) <= {"-"}]


@pytest.fixture
def help_page(capfd):
    def page(*command):
        cli._run([*command, "--help"])
        return capfd.readouterr().out

    return page


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_in_the_readme_has_only_options_that_exist(command, help_page):
    words = command.split()[1:]
    subcommand = words[:2] if words[0] == "rules" else words[:1]
    known = help_page(*subcommand)
    assert known.startswith("用法：")
    assert [word for word in words if word.startswith("-") and word != "-" and not re.search(rf"{word}\b", known)] == []


def test_every_option_of_calc_and_audit_is_in_the_readme(help_page):
    options = set(re.findall(r"--[a-z-]+", help_page("calc") + help_page("audit"))) - {"--help"}
    assert options == set(re.findall(r"`(--[a-z-]+)`", _section("常用写法")))


def test_the_columns_are_those_of_the_contract():
    assert " ".join(f"`{name}`" for name in VERDICT_COLUMNS) in README
    assert " ".join(f"`{name}`" for name in FINDING_COLUMNS) in README


def test_the_results_and_levels_are_those_of_the_contract():
    assert set(_first_cells(_section("测算"))) >= set(RESULTS)
    assert set(_first_cells(_section("审核"))) >= set(LEVELS)


def test_the_exit_codes_are_those_of_the_code():
    codes = {cell for cell in _first_cells(_section("退出码")) if cell.isdigit()}
    assert codes == {"0", "1", str(JybfError.exit_code), str(InputError.exit_code), "130"}


def test_every_format_and_suffix_is_named():
    for form, suffix in FORMATS.items():
        assert f"`{form}`" in README
        assert f"`{suffix}`" in README


def test_what_the_program_wrote_into_the_readme_is_what_it_writes_today():
    """If not, and what it writes is right: ``make readme``."""
    assert DIGEST.sub("…", written(README)) == DIGEST.sub("…", README)


def test_every_sample_is_described_and_every_description_has_its_sample():
    listed = set(re.findall(r"^\| `([^`]+)`", (ROOT / "sample_data/README.md").read_text(encoding="utf-8"), re.MULTILINE))
    assert listed == {path.name for path in (ROOT / "sample_data").iterdir()} - {"README.md"}


def test_every_region_of_the_samples_exists():
    regions = re.findall(r"^\| `[^`]+` \| (\w+) \|", (ROOT / "sample_data/README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(regions) == {name for name, _ in pack_names()}


def test_every_link_in_the_readme_leads_somewhere():
    links = re.findall(r"\]\(([^)#]+)\)", README)
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_the_make_targets_of_the_readme_exist():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert all(f"\n{target}:" in makefile for target in re.findall(r"^make (\w+)", README, re.MULTILINE))
