"""What a run says about itself in sentences: the same on the screen, on stderr and on a workbook's first sheet."""

from collections import Counter
from collections.abc import Iterator, Sequence

from jybf.model import BALANCED, PAID, UNDETERMINED, Balance, Clearance, NotRun, Report, Summary
from jybf.vocabulary.yuan import yuan

_MOST = 8  # releases and near misses worth a clerk's attention at once


def notes(report: Report) -> list[str]:
    """The summary's sentences, in the order of their weight to a clerk."""
    say = report.summary
    shown = say.releases[:_MOST]
    lines = [f"补齐  “{r.fact}” 可决定 {r.rows} 行，{f'最多 {yuan(r.fen)} 元' if r.fen else '金额补齐后才知道'}" for r in shown]
    if len(say.releases) > _MOST:
        lines.append(f"另有 {len(say.releases) - _MOST} 种缺项，见结果文件的“待补资料”")
    open_rates = [(p.program, p.counts[UNDETERMINED]) for p in say.programs if p.counts[UNDETERMINED]]
    lines += [f"待定标准  {name} {count} 行：文件没有定数，用 --set {name}.yuan=金额 给出" for name, count in open_rates]
    lines += [f"差一点  {near.said}" for near in say.near[:_MOST]]
    lines += [f"须人工核实  {point}" for point in say.manual]
    if report.kind == "calc" and any(p.counts[PAID] for p in say.programs):
        lines.append("发钱  按 jybf audit 的“放行”，不按“可发放”：重不重、在不在名单上、账号是谁的，在那里查")
    if report.kind != "calc":
        lines.append("发现  " + "  ".join(levels_found(say)))
        lines += [cleared(say.clearance)] if say.clearance else []
        lines += [balanced(balance) for balance in say.balances[-1:]]
    where = " + ".join(f"{place} {count}" for place, count in say.lines.items())
    lines.append(f"行数  共 {say.total} 行 = {where}" if where else f"行数  共 {say.total} 行")
    return lines


def levels_found(say: Summary) -> list[str]:
    """How many findings of each level, and the money that those at 拦截 concern."""
    return [*(f"{level} {count} 条" for level, count in say.levels.items()), _risk(say)]


def cleared(left: Clearance) -> str:
    """What may be paid, what must be verified first, what not: of the rows that calc pays."""
    from jybf.audit.release import WORDS  # calc does without the audit

    figures = dict(zip(WORDS.values(), (left.clear, left.cut, left.doubted, left.stopped), strict=True))
    rows, fen = (sum(column) for column in zip(*figures.values(), strict=True))
    parts = [f"{word} {n} 行 {yuan(sum_)} 元" for word, (n, sum_) in figures.items() if n]
    split = f" = {' + '.join(parts)}" if parts[1:] else "".join(f"，都{word}" for word, (n, _) in figures.items() if n)
    loose = f"；另有 {left.elsewhere} 条发现不在某一行上，先处理" if left.elsewhere else ""
    return f"放行  {f'测算可发放 {rows} 行 {yuan(fen)} 元{split}' if rows else '测算没有可发放的'}{loose}"


def shown(balances: Sequence[Balance]) -> Sequence[Balance]:
    """The balances that are worth showing: of one programme alone, and not once more of the whole."""
    return balances[:1] if len(balances) == 2 else balances


def balanced(balance: Balance) -> str:
    """Both sides of a balance in rows and 元, without the terms that are nothing."""
    sides = [
        " + ".join(_term(term, *balance.parts[term][1:]) for term in terms if any(balance.parts[term])) for terms in BALANCED
    ]
    unstated = f"；{balance.unstated} 行申领没有写明金额，不在内" if balance.unstated else ""
    return f"对账  {' = '.join(sides)}{unstated}"


def _term(term: str, rows: int, fen: int) -> str:
    return f"{term} {f'{rows} 行 ' if rows else ''}{yuan(fen)} 元"


def _risk(say: Summary) -> str:
    """The money that findings at 拦截 concern; where a row states none, that is said instead of a zero."""
    if say.risk_unstated and not say.risk_fen:
        return f"其中拦截 {say.risk_unstated} 条没有写明金额"
    unstated = f"，另有 {say.risk_unstated} 条没有写明金额" if say.risk_unstated else ""
    return f"拦截涉及 {yuan(say.risk_fen)} 元{unstated}"


def source(report: Report) -> str:
    """From what the figures were made, in one line."""
    return "出处  " + " · ".join(f"{key} {value}" for key, value in report.provenance.items())


def unchecked(report: Report) -> str:
    """How many checks lacked their data."""
    return f"未检查  {len(report.not_run)} 项：没有查过，不等于没有问题"


def alone(report: Report) -> list[NotRun]:
    """The checks with a reason of their own; the others are told together, reason by reason."""
    whys = Counter(skip.why for skip in report.not_run)
    return [skip for skip in report.not_run if whys[skip.why] == 1 and not (skip.lists or skip.columns)]


def lacking(report: Report) -> Iterator[str]:
    """The checks that lack the same, or only lists or columns, in a sentence each: there are dozens, and the remedy is one."""
    own = alone(report)
    same: dict[str, list[str]] = {}
    for skip in (skip for skip in report.not_run if skip not in own and not (skip.lists or skip.columns)):
        same.setdefault(skip.why, []).append(skip.code)
    yield from (f"{why}：{'、'.join(codes)}" for why, codes in same.items())
    by_list: dict[str, list[str]] = {}
    for skip in report.not_run:
        for name in skip.lists:
            by_list.setdefault(name, []).append(skip.code)
    if by_list:
        told = "；".join(f"{name} {'、'.join(codes)}" for name, codes in by_list.items())
        yield f"没有给名单（--against 名单=文件）：{told}"
    bare = str.maketrans("", "", "“”")
    needs = [(skip.code, "、".join(skip.columns).replace("列", "").translate(bare)) for skip in report.not_run if skip.columns]
    columns = [f"{code} {names}" for code, names in needs]
    if columns:
        yield f"花名册没有要看的列：{'；'.join(columns)}"
