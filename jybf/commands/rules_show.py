"""``jybf rules show``: a pack as a page, to read on a screen, to edit, or to print and hang on the wall."""

import sys
from collections.abc import Iterator

from jybf.commands.request import day_of
from jybf.errors import Problem, UsageError
from jybf.policy import load_pack, pack_path
from jybf.policy.folders import use_folder
from jybf.report.output import check_target, replacing
from jybf.report.pack_page import PackPage, page_of
from jybf.report.pack_text import as_markdown, as_text, heads, paid_to, sections
from jybf.report.pages import rendered
from jybf.visible import show

FORMS = {"table": ".txt", "md": ".md", "html": ".html"}


def rules_show(region: str, form: str = "", output: str = "", rules: str = "", law_as_of: str = "") -> None:
    """Write the page of ``region`` in ``form`` (default: by the name of ``output``, else table) to ``output`` or stdout.

    Raises UsageError for a form that there is not, OutputError where it can't be written.
    """
    use_folder(rules)
    known = {end: name for name, end in FORMS.items()}
    form = form or next((name for end, name in known.items() if output.lower().endswith(end)), "table")
    if form not in FORMS:
        raise UsageError(Problem(f"没有格式“{form}”", "--format", f"可选：{'、'.join(FORMS)}"))
    page = page_of(load_pack(region, known_on=day_of(law_as_of, "--law-as-of")))
    if not output:
        told = b"".join(_written(page, form)).decode()
        show(told.rstrip("\n")) if form == "table" else sys.stdout.write(told)
        return
    with replacing(check_target(output, [str(pack_path(region))])) as out:
        out.writelines(_written(page, form))


def _written(page: PackPage, form: str) -> Iterator[bytes]:
    if form == "html":
        parts = {"head": list(heads(page)), "pays": list(map(paid_to, page.programs))}
        yield from rendered("pack", {"page": page, "sections": list(map(sections, page.programs)), **parts})
        return
    lines = as_text(page) if form == "table" else as_markdown(page)
    yield from (f"{line}\n".encode() for line in lines)
