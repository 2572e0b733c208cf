"""The pages are part of the program: their commands, options, tables, links and screens are compared with what the code does."""

import re
import shlex
import tomllib
from difflib import unified_diff
from itertools import count
from pathlib import Path
from unicodedata import east_asian_width

import pytest
import typer
from typer.core import TyperGroup

from jybf.audit.release import PAY_COLUMNS
from jybf.cli.app import app
from jybf.cli.complete import SCRIPTS
from jybf.commands.config import load_config
from jybf.errors import InputError, JybfError
from jybf.model import BALANCED, FINDING_COLUMNS, LEVELS, RESULTS, VERDICT_COLUMNS
from jybf.policy import pack_names
from jybf.report import FORMATS
from tests.readme import DIGEST, PAGES, README, today
from tests.screens import ROOT

GROUP = typer.main.get_command(app)
TEXTS = {page: page.read_text(encoding="utf-8") for page in PAGES}
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def named(page):
    return str(page.relative_to(ROOT))


pages = pytest.mark.parametrize("page", PAGES, ids=named)


def _section(page, title):
    return TEXTS[page].split(f"\n## {title}", 1)[1].split("\n## ", 1)[0]


def _first_cells(text):
    rows = [re.split(r"(?<!\\)\|", line)[1].strip() for line in text.splitlines() if line.startswith("|")]
    return [cell for cell in rows if cell and not set(cell) <= {"-"}]


def _leaf(words):
    """The command that ``words`` begin with, and the words after its name."""
    command, context = GROUP, typer.Context(GROUP, info_name="jybf")
    while words and (inner := getattr(command, "get_command", lambda *_: None)(context, words[0])):
        command, context, words = inner, typer.Context(inner, parent=context, info_name=words[0]), words[1:]
    return command, context, words


def _commands(text):
    """Every command of a page: typed in a block, or in a sentence, where ``…`` stands for what one gives."""
    typed = [line for kind, block in BLOCK.findall(text) if kind in {"sh", "console"} for line in block.splitlines()]
    found = [re.match(r"(?:\$ )?(jybf [^#|>]+)", line) for line in typed]
    return [*(each[1] for each in found if each), *re.findall(r"`(jybf [^`\n]+)`", BLOCK.sub("", text))]


@pages
def test_every_command_is_one_that_the_program_takes(page):
    for line in _commands(TEXTS[page]):
        command, context, words = _leaf(shlex.split(line)[1:])
        if {"--help", "--version", *SCRIPTS} & {*words}:
            continue
        assert not (words and isinstance(command, TyperGroup)), line  # a group takes a command, and there is none of that name
        if words:
            command.make_context(context.info_name, words, parent=context.parent)  # raises for an option nobody knows


def test_every_option_of_every_command_is_in_the_table_of_options():
    leaves = [leaf for each in GROUP.commands.values() for leaf in getattr(each, "commands", {"": each}).values()]
    known = {option for leaf in leaves for param in leaf.params for option in param.opts if option.startswith("--")}
    told = re.findall(r"`(--[a-z-]+)`", " ".join(_first_cells(_section(ROOT / "docs/settings.md", "全部选项"))))
    assert set(told) == known - {"--help", "--version"}
    assert len(told) == len(set(told))


def test_the_columns_are_those_of_the_contract():
    assert " ".join(f"`{name}`" for name in VERDICT_COLUMNS) in TEXTS[ROOT / "docs/measuring.md"]
    assert " ".join(f"`{name}`" for name in FINDING_COLUMNS) in TEXTS[ROOT / "docs/auditing.md"]
    assert " ".join(f"`{name}`" for name in PAY_COLUMNS) in TEXTS[ROOT / "docs/paying.md"]


def test_the_terms_of_the_account_are_told_in_their_order():
    told = "、".join(_first_cells(_section(ROOT / "docs/paying.md", "对账"))).split("、")
    assert told[1:] == [term for side in BALANCED for term in side]


def test_the_results_and_levels_are_those_of_the_contract():
    assert [*_first_cells(_section(README, "测算"))][1:] == [*RESULTS]
    assert [*_first_cells(_section(ROOT / "docs/auditing.md", "三个级别"))][1:] == [*LEVELS]


def test_the_exit_codes_are_those_of_the_code():
    codes = {cell for cell in _first_cells(_section(README, "退出码")) if cell.isdigit()}
    assert codes == {"0", "1", str(JybfError.exit_code), str(InputError.exit_code), "130"}


def test_every_format_and_suffix_is_named():
    told = _first_cells(_section(ROOT / "docs/outputs.md", "格式"))
    assert told[1:] == [f"`{form}` `{suffix}`" for form, suffix in FORMATS.items()]


def test_what_the_program_wrote_into_the_pages_is_what_it_writes_today():
    """If not, and what it writes is right: ``make readme``. One test, so that no screen is shown twice."""
    for page, text in today().items():
        then, now = (DIGEST.sub("…", each).splitlines() for each in (TEXTS[page], text))
        assert [*unified_diff(then, now, named(page), "today", lineterm="")] == []


def test_the_readme_is_read_in_five_minutes():
    assert len(TEXTS[README].splitlines()) <= 200


def test_every_block_of_the_readme_fits_in_a_window_of_100_columns():
    lines = [line for _, block in BLOCK.findall(TEXTS[README]) for line in block.splitlines()]
    assert [line for line in lines if sum(2 if east_asian_width(letter) in "WF" else 1 for letter in line) > 100] == []


def _anchors(text):
    """The anchors that the repository's page makes of the headings."""
    seen = {}
    for heading in re.findall(r"^#+ (.+)$", BLOCK.sub("", text), re.MULTILINE):
        slug = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        number = next(seen.setdefault(slug, count()))
        yield f"{slug}-{number}" if number else slug


def _links(page):
    return re.findall(r"\]\((?!https?://)([^)\s]*)\)", BLOCK.sub("", TEXTS[page]))


@pages
def test_every_link_leads_to_a_file_and_a_heading(page):
    for link in _links(page):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert not anchor or anchor in [*_anchors(target.read_text(encoding="utf-8"))], link


def test_every_page_is_linked_from_the_readme():
    linked = {(README.parent / link.partition("#")[0]).resolve() for link in _links(README)}
    assert {page for page in PAGES if page.parent.name != "checks"} - {README} <= linked


def test_what_the_readme_links_to_is_in_the_source_distribution():
    shipped = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]["targets"]["sdist"]
    always = {"README.md", "LICENSE"}
    given = always | {name.removeprefix("/") for name in shipped["include"]}
    assert {Path(link.partition("#")[0]).parts[0] for link in _links(README) if link[0] != "#"} <= given


def test_every_sample_is_described_and_every_description_has_its_sample():
    listed = set(re.findall(r"^\| `([^`]+)`", TEXTS[ROOT / "sample_data/README.md"], re.MULTILINE))
    assert listed == {path.name for path in (ROOT / "sample_data").iterdir()} - {"README.md"}


def test_every_region_of_the_samples_exists():
    regions = re.findall(r"^\| `[^`]+` \| (\w+) \|", TEXTS[ROOT / "sample_data/README.md"], re.MULTILINE)
    assert set(regions) == {name for name, _ in pack_names()}


def test_every_file_of_the_rules_is_in_their_guide():
    told = re.findall(r"^\| `([^`]+)`", _section(ROOT / "rules/README.md", "这个文件夹里有什么"), re.MULTILINE)
    assert set(told) == {path.name + "/" * path.is_dir() for path in (ROOT / "rules").iterdir()} - {"README.md"}


def test_every_package_and_every_bench_is_in_the_developers_page():
    text = TEXTS[ROOT / "docs/developers.md"]
    rooms = {path.parent.name for path in (ROOT / "jybf").glob("*/__init__.py")}
    assert rooms <= set(re.findall(r"\b(\w+)/", _section(ROOT / "docs/developers.md", "房子")))
    assert {path.name for path in (ROOT / "tests/bench").glob("*.py")} <= set(_first_cells(text.replace("`", "")))


@pages
def test_the_make_targets_exist(page):
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert [name for name in re.findall(r"(?:^|`)make (\w+)", TEXTS[page], re.MULTILINE) if f"\n{name}:" not in makefile] == []


def _example(page, head):
    """The block of TOML whose first line has ``head``."""
    return next(block for kind, block in BLOCK.findall(TEXTS[page]) if kind == "toml" and head in block.splitlines()[0])


def test_the_example_of_a_configuration_is_one(tmp_path):
    (tmp_path / "jybf.toml").write_text(_example(ROOT / "docs/settings.md", "jybf.toml"), encoding="utf-8")
    config, _ = load_config(tmp_path)
    assert (config.region, Path(config.columns).name, [*config.settings]) == ("shanxi", "列名.toml", ["公益性岗位补贴.yuan"])
