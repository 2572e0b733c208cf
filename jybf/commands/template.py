"""``jybf template``: the forms that townships fill in, and that come back readable."""

import sys
from collections.abc import Sequence

from jybf.assess.select import chosen
from jybf.audit.forms import columns_of, columns_of_list
from jybf.commands.request import Delivery
from jybf.errors import OutputError, Problem, UsageError, near
from jybf.policy import find_region, is_own, load_pack
from jybf.policy.folders import use_folder
from jybf.report.anew import write_book
from jybf.report.form_sheets import guide, list_form, program_form
from jybf.report.layout import MOST_LINES, Table
from jybf.report.output import check_target, replacing
from jybf.roster import kind_named, kinds
from jybf.visible import say
from jybf.vocabulary.values.addresses import Place, locate_county

_SUFFIX = ".xlsx"


def template(
    names: Sequence[str], of_list: str, delivery: Delivery, rules: str = "", *, rows: int, brief: bool = False
) -> None:
    """Write the forms of a region (the first of ``names``) and its programmes (the others; none: all), or that ``of_list``.

    ``rules``: a folder with packs of one's own; ``rows``: how many blank ones; ``brief``: without the columns that only the
    audit reads. Raises UsageError, PackError, OutputError.
    """
    if names and of_list:
        raise UsageError(
            Problem("名单不分地区", "--list", f"去掉“{' '.join(names)}”，如 jybf template --list {of_list} -o 空表.xlsx")
        )
    if not names and not of_list:
        raise UsageError(Problem("要写地区，或写 --list 名单", "", "如 jybf template shanxi 跨省务工交通补贴 -o 空表.xlsx"))
    if not delivery.output.lower().endswith(_SUFFIX):
        raise UsageError(Problem("空表只能写成 xlsx", delivery.output, f"加上 -o 空表{_SUFFIX}"))
    if not 0 < rows < MOST_LINES // 2:
        raise UsageError(Problem(f"{rows} 行不成", "--rows", "写 1 以上的整数，如 --rows 200"))
    target = check_target(delivery.output, ())
    if target.exists():
        raise OutputError(Problem("已经有这个文件，不覆盖", delivery.output, "换一个文件名；里面可能有填好的内容"))
    use_folder(rules)
    tables = _list(of_list, rows) if of_list else _programs(names[0], names[1:], rows, brief=brief)
    with replacing(target) as out:
        write_book(tables, out)
    if not delivery.quiet:
        say(f"已写入 {delivery.output}：{'、'.join(table.name for table in tables)}", sys.stderr)


def _programs(region: str, programs: Sequence[str], rows: int, *, brief: bool) -> list[Table]:
    """A sheet a programme, titled for the county that ``region`` names, else for the region of its pack."""
    pack = load_pack(region if is_own(region) else find_region(region))
    county = None if is_own(region) else locate_county(region)
    place = (county.county if isinstance(county, Place) else None) or pack.name
    picked = [pack.programs[index] for index in chosen(pack, programs, "项目")]
    parts = [(program, columns_of(pack, program, brief=brief)) for program in picked]
    forms = [program_form(program, columns, rows, place) for program, columns in parts]
    return [*forms, guide(parts, f"{place}就业帮扶补贴花名册")]


def _list(word: str, rows: int) -> list[Table]:
    """A list has a workbook of its own: all its sheets are held against the roster as one."""
    kind = kind_named(word)
    if not kind:
        raise UsageError(Problem(f"没有“{word}”这种名单", "--list", f"{near(word, kinds())}可用：{'、'.join(kinds())}"))
    columns = columns_of_list(kind)
    return [list_form(kind, columns, rows), guide([(kind, columns)], "审核用的名单")]
