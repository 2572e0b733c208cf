"""Two small reports, one of each kind, made by hand: what every writer's test starts from. All persons are invented."""

import polars as pl

from jybf.model import FINDING_COLUMNS, VERDICT_COLUMNS, Near, NotRun, ProgramSum, Release, Report, Summary

TRANSPORT = "跨省务工交通补贴"
_VERDICTS = [
    ("花名册.xlsx", "一组", 5, "甲示例", "140224199001010019", "", TRANSPORT, "可发放", 80000, "上限", "山西（四）", "〔2021年〕不超过 800 元", ""),
    ("花名册.xlsx", "一组", 6, "乙示例", "140224199202020021", "", TRANSPORT, "不符合", None, "上限", "山西（四）", "人员类别 一般农户，要求为 脱贫人口", ""),
    ("花名册.xlsx", "一组", 7, "=丙示例", "140224199303030033", "", TRANSPORT, "待补资料", None, "上限", "山西（四）", "缺“务工省”", ""),
]  # fmt: skip
_FINDINGS = [
    ("JY506", "拦截", "台账.xlsx", "台账", 4, "合同结束日期", "H4", "丁示例", "140224199404040045", "2022-08-31", "2022-03-01 及以前", "公益性岗位协议超过 1 年", "山西（十二）", 120050, "重签协议"),
    ("JY106", "疑点", "台账.xlsx", "台账", 5, "性别", "D5", "戊示例", "140224199505050057", "女", "男", "性别与身份证不符", "GB 11643", None, "核对证件"),
]  # fmt: skip


def calc_report() -> Report:
    program = ProgramSum(TRANSPORT, {"可发放": 1, "不符合": 1, "待补资料": 1, "待定标准": 0}, 80000, 80000)
    lines = {"可发放": 1, "待补资料": 1, "不符合": 1, "表题": 2, "表头": 2, "合计": 1}
    summary = Summary(8, lines, (program,), (Release("务工省", 1, 80000),), (Near(TRANSPORT, "对象是脱贫人口", 1),))
    return Report("calc", _frame(_VERDICTS, VERDICT_COLUMNS, "核定金额"), summary, _PROVENANCE)


def audit_report() -> Report:
    summary = Summary(6, {"可发放": 2, "表头": 4}, levels={"拦截": 1, "疑点": 1, "提示": 0}, risk_fen=120050)
    skipped = (NotRun("JY601", "多人共用一个账户", "花名册没有“银行账号”列"),)
    return Report("audit", _frame(_FINDINGS, FINDING_COLUMNS, "涉及金额"), summary, _PROVENANCE, skipped)


_PROVENANCE = {"程序": "jybf 0.1.0", "规则包": "山西省 0123456789ab", "输入": "花名册.xlsx 123456abcdef"}


def _frame(rows: list[tuple[object, ...]], columns: tuple[str, ...], money: str) -> pl.DataFrame:
    schema = {name: pl.Int64 if name in {"行号", money} else pl.String for name in columns}
    return pl.DataFrame(rows, schema=schema, orient="row")
