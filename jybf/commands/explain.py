"""``jybf explain``: the catalogue's page on a finding code."""

from collections.abc import Iterator, Mapping, Sequence

import jybf.audit
from jybf.audit import Text
from jybf.audit.catalogue import bases, codes, texts
from jybf.policy import load_pack, shipped_names


def explain(code: str = "") -> str:
    """The page on a finding code, or on the only one that begins with ``code`` or is about it as a word; the list of several.

    Without one, all of them and how many data can decide. Raises UsageError with near codes when there is none.
    """
    if not code:
        from jybf.audit.standing import coverage  # it asks the checks, which take a while to load

        return f"{_lines(codes())}\n\n{coverage()}"
    heads = _named(code.strip())
    if len(heads) > 1:
        return _lines(heads)
    text = jybf.audit.explain(heads[0] if heads else code)
    parts = {
        "为什么": [text.why],
        "怎么查": [text.compares, *_data(text)],
        "依据": [text.grounds, *_clauses(text.code)],
        "怎么办": [text.todo],
        "例子": [text.example, *_worked(text)],
    }
    told = ("\n".join([f"\n{word}", *(f"  {line}" for line in lines if line)]) for word, lines in parts.items())
    return "\n".join([f"{text.code}  {text.title}（{text.level}）", *told])


def _named(word: str) -> list[str]:
    """The codes that begin with ``word``, else those whose title has it, else those that are about it."""
    starts = [code for code in codes() if code.startswith(word.upper())]
    titled = [code for code in codes() if word in texts()[code].title]
    told = [code for code, text in texts().items() if word in f"{text.compares}{text.why}{text.example}"]
    return starts or titled or told


def _lines(wanted: Sequence[str]) -> str:
    """A line a code: code, level, title."""
    return "\n".join(f"{code}  {texts()[code].level}  {texts()[code].title}" for code in wanted)


def _data(text: Text) -> Iterator[str]:
    """What it takes to check: columns, lists; or why no data can."""
    from jybf.audit.standing import columns_of, lists_of

    if text.beyond:
        yield f"数据查不了：{text.beyond}"
    if columns := columns_of(text.code):
        yield f"要的列：{'、'.join(columns)}"
    if lists := lists_of(text.code):
        yield f"比对名单（--against）：{'、'.join(lists)}"


def _clauses(code: str) -> Iterator[str]:
    """The clauses of the shipped policies that carry ``code``, each once."""
    packs = [load_pack(name) for name in shipped_names()]
    found = ((p, clause) for pack in packs for p in pack.programs for clause in p.clauses if clause.code == code)
    told = (f"{clause.source}{clause.cite}  {program.id}：{clause.text}" for program, clause in found if clause.text)
    yield from dict.fromkeys(told)


def _worked(text: Text) -> Iterator[str]:
    """The first example that finds something, carried out: what stands where, and the finding that comes of it."""
    case = next((case for case in text.case if case.kind == "发现"), None)
    if not case:
        return
    base = bases()[case.of]
    yield f"\n  演算：{case.name}"
    yield f"  表题  {case.title or base.title}（{load_pack(case.region or base.region).name}）"
    yield from (f"  第 {line} 行  {_facts(base.row | row)}" for line, row in enumerate(() if case.table else case.rows, 1))
    yield from (f"  第 {line} 行  {'，'.join(row)}" for line, row in enumerate(case.table, 1))
    yield from (f"  {name}名单  {_facts(row)}".replace("名单名单", "名单") for name, rows in case.lists.items() for row in rows)
    yield from (f"  历史发放  {_facts(base.row | row)}" for row in case.history)
    from jybf.audit.cases import run_case

    rows = run_case(case, text.code).rows
    for row in rows.filter(rows["编号"] == text.code).iter_rows(named=True):
        now = "" if row["当前值"].startswith("身份证号") else f"现为 {row['当前值'] or '空白'}"  # a stand-in for a number
        aside = "；".join(part for part in (now, f"应为 {row['应为']}" if row["应为"] else "") if part)
        yield f"  → 第 {row['行号']} 行  {row['级别']}：{row['问题']}" + (f"（{aside}）" if aside else "")


def _facts(row: Mapping[str, object]) -> str:
    said = {True: "是", False: "否", "": "空白", "？": "（认不出）"}
    words = {name: said.get(value, value) if isinstance(value, bool | str) else value for name, value in row.items()}
    return "，".join(f"{name} {value}" for name, value in words.items())
