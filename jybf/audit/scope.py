"""Which programmes a check is about, told by what a pack says of them: never by their names."""

from jybf.model import Program
from jybf.policy.clash import HELD
from jybf.regex import pattern

_MONTHS = pattern(r"(稳定就业月数|连续缴费月数|正常经营月数) >= (\d+)")

_LENT = pattern(r"贷款类型 <> '个人' OR 贷款金额 <= (\d+)")
_SHARED = pattern(r"贷款金额 <= 合伙人数 \* (\d+) AND 贷款金额 <= (\d+)")


def pays(program: Program) -> bool:
    return program.amount.pays


def works(program: Program) -> bool:
    """Programmes about work; pupils of a vocational school may well be fifteen."""
    return pays(program) and not {"学校", "教育阶段", "学年"} & set(program.columns)


def post(program: Program) -> bool:
    """Public welfare posts: the programmes whose contracts may not run beyond a year."""
    return any(clause.code == "JY506" for clause in program.clauses)


def to_employer(program: Program) -> bool:
    return program.payee == "单位" and pays(program)


def by_month(program: Program) -> bool:
    """Programmes paid for stated months of work at one employer."""
    return program.period is not None


def on_the_job(program: Program) -> bool:
    """Training on the job, paid by the month, whichever of the months or the acceptance governs."""
    return pays(program) and "训练开始日期" in program.columns


def for_hiring(program: Program) -> bool:
    """Paid to an employer for a person it took on: one person, one employer."""
    return to_employer(program) and not program.amount.units and not by_month(program)


def tier(program: Program) -> bool:
    """The tiers of the transport subsidy, once a year each."""
    return program.codes.get("once") == "JY302"


def read_by(program: Program) -> set[str]:
    """The facts that the clauses of ``program`` read."""
    return {name for clause in program.clauses if clause.id not in HELD for name in clause.holds.fields}


def brokers(program: Program) -> bool:
    """Paid for finding people work elsewhere."""
    return to_employer(program) and bool({"免费介绍", "有组织输出"} & read_by(program))


def employs(program: Program) -> bool:
    """Paid to an employer for people of its own."""
    return to_employer(program) and not brokers(program) and "入驻实体数" not in program.columns


def insured(program: Program) -> bool:
    """Paid for people whose social insurance the policy asks for."""
    return employs(program) and bool({"连续缴费月数", "仍在缴费", "单位缴费"} & {*read_by(program), *program.columns})


def contracts(program: Program) -> bool:
    """Paid for people whose labour contract the policy asks for."""
    return to_employer(program) and any(clause.code == "JY509" for clause in program.clauses)


def takes_on(program: Program) -> bool:
    """Paid once for a person newly taken on."""
    return employs(program) and "身份证号" in program.once


def trains(program: Program) -> bool:
    return pays(program) and bool({"培训开始日期", "培训结束日期"} & set(program.basis))


def certifies(program: Program) -> bool:
    """Training that ends in a certificate, which the roster of it names."""
    return trains(program) and "证书编号" in program.columns


def schools(program: Program) -> bool:
    return pays(program) and bool({"学校", "教育阶段"} & set(program.columns))


def starts_business(program: Program) -> bool:
    return pays(program) and bool({"创业实体", "带动就业人数"} & set(program.columns))


def lends(program: Program) -> bool:
    return pays(program) and "贴息金额" in program.columns


def lent_at_most(program: Program) -> int | None:
    """元 that one person may have borrowed, where ``program`` says so."""
    found = (_LENT.search(clause.holds.source) for clause in program.clauses)
    return next((int(each[1]) for each in found if each), None)


def lent_to_partners(program: Program) -> tuple[int, int] | None:
    """元 that each partner and that all of them may have borrowed, where ``program`` says so."""
    found = (_SHARED.search(clause.holds.source) for clause in program.clauses)
    return next(((int(each[1]), int(each[2])) for each in found if each), None)


def counts(program: Program) -> bool:
    """Paid to an employer by the number of its people."""
    return program.tally is not None and pays(program)


def months_asked(program: Program) -> dict[str, int]:
    """Field of months → how many of them ``program`` asks for."""
    sources = [clause.holds.source for clause in program.clauses]
    sources += [program.tally.counts.source] if program.tally else []
    return {name: int(least) for source in sources for name, least in _MONTHS.findall(source)}


def waits(program: Program) -> bool:
    """Not due before some months are over."""
    return pays(program) and bool(months_asked(program))
