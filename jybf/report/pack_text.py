"""A pack's page as plain text, and in Markdown."""

from collections.abc import Iterator, Sequence

from jybf.report.pack_page import Line, PackPage, ProgramPage


def as_text(page: PackPage) -> Iterator[str]:
    """Line by line."""
    yield f"{page.name}  {page.document}"
    yield from heads(page)
    for program in page.programs:
        whose = "，来自上级" if program.inherited and page.extends else ""
        yield f"\n{program.id}  {program.cite}{whose}"
        yield "  " + paid_to(program)
        for title, lines in sections(program):
            yield f"  {title}" if title else ""
            for line in lines:
                yield f"    · {line.text}{_when(line)}  {line.cite}"
                yield from (f"      {more}" for more in _more(line))
        yield f"  例子 {program.cases} 个" + (f"，搁置上级的 {len(program.aside)} 个" if program.aside else "")


def as_markdown(page: PackPage) -> Iterator[str]:
    """Line by line."""
    yield f"# {page.name}\n\n{page.document}\n"
    yield "\n".join(f"- {line}" for line in heads(page))
    for program in page.programs:
        whose = "（来自上级）" if program.inherited and page.extends else ""
        yield f"\n## {program.id}{whose}\n\n{program.cite}。{paid_to(program)}。"
        for title, lines in sections(program):
            yield f"\n**{title}**\n"
            for line in lines:
                more = "".join(f"<br>{more}" for more in _more(line))
                yield f"- {line.text}{_when(line)}　*{line.cite}*{more}"


def heads(page: PackPage) -> Iterator[str]:
    since = f"，{page.since} 起施行" if page.since else ""
    yield f"发文 {page.issued or '日期没有写'}{since}，有效至 {page.until}，规则包 {page.digest}"
    if page.extends:
        yield f"在{page.extends}的基础上：没有写明改动的，照上级的文件和条款"
    if page.known_on:
        yield f"按 {page.known_on} 所知的规定"
    if page.defaults:
        yield "花名册没有填的：" + "，".join(f"{name}按{value}" for name, value in page.defaults)


def paid_to(program: ProgramPage) -> str:
    fund = f"，资金：{program.fund}" if program.fund else ""
    return f"{'发给' + program.payee if program.pays else '不发钱，只审核'}，以{program.basis}为准{fund}"


def sections(program: ProgramPage) -> list[tuple[str, Sequence[Line]]]:
    told = [
        ("标准", program.sums), ("条件", program.conditions), ("限制", program.limits), ("当地可定", program.settings),
        ("须人工核实", program.manual), ("本地改写", program.overrides),
    ]  # fmt: skip
    return [(title, lines) for title, lines in told if lines]


def _when(line: Line) -> str:
    return f"（{line.when}）" if line.when else ""


def _more(line: Line) -> Iterator[str]:
    if line.reads:
        yield f"程序看：{line.reads}"
    if line.note:
        yield line.note
